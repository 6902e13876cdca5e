"""Great Expectations' own pages (Data Docs) about a warehouse, made to open from disk: without scripts, and without
anything from another host."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb
from selectolax.lexbor import LexborHTMLParser

from pipelines.quality import ROWS, Expectation, load_expectations, read_columns, validated_by

INDEX = "index.html"
STYLE = "gongkai.css"
_POLICY = "default-src 'none'; style-src 'self' 'unsafe-inline'"
_INDEX = (
    '<!DOCTYPE html>\n<html lang="zh"><head><meta charset="utf-8"><title>Data Docs</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta http-equiv="Content-Security-Policy" content="{policy}"><link rel="stylesheet" href="{style}"></head>'
    "<body><main><h1>核对结果 Data Docs</h1><p>Great Expectations 对本版各表的核对。每一页是一组核对。 "
    '<span lang="en">What Great Expectations finds in the tables of this release: a page a suite and table.</span></p>'
    "<table><thead><tr><th>核对 suite and table</th><th>项 checks</th><th>成立 hold</th></tr></thead>"
    "<tbody>{rows}</tbody></table></main></body></html>\n"
)
_CSS = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 1rem auto; max-width: 76rem; padding: 0 1rem; color: #1f2328; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0; }
th, td { border: 1px solid #d0d7de; padding: .3rem .5rem; text-align: left; vertical-align: top; }
td { overflow-wrap: anywhere; }
.modal, .navbar, .ge-walkthrough, button, iframe { display: none; } a { color: #0550ae; } svg, img { max-width: 8rem; }
.row { display: block; } pre { overflow-x: auto; } footer, #validation-filter, .fixed-bottom { display: none; }
.fa-check-circle::after { content: "✓"; color: #1a7f37; } .fa-times::after { content: "✗"; color: #b32424; }
"""


def write_data_docs(warehouse: Path, folder: Path) -> str:
    """Judges the warehouse's tables by the suites once more, without writing to it, and writes the pages into the
    folder; gives the first page's name. Of a table larger than ROWS the pages show the first ROWS rows."""
    with tempfile.TemporaryDirectory(prefix="gongkai-data-docs-") as scratch:
        context = _context(Path(scratch))
        held: dict[str, tuple[int, int]] = {}
        source = context.data_sources.add_pandas("warehouse")
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            for (suite, table), expectations in _groups().items():
                frame = connection.execute(_query(table, expectations)).df()
                name = f"{suite}-{table.replace('.', '-')}"
                held[name] = _validate(context, source, name, frame, expectations)
        context.build_data_docs()
        pages = _publish(Path(scratch), folder)
    names = {page: Path(page).parts[1] for page in pages}
    rows = "".join(
        f'<tr><td><a href="{quote(page)}">{escape(name)}</a></td><td>{held[name][0]}</td><td>{held[name][1]}</td></tr>'
        for page, name in names.items()
    )
    index = _INDEX.format(policy=_POLICY, style=STYLE, rows=rows)
    (folder / INDEX).write_text(index, encoding="utf-8")
    return INDEX


def _context(folder: Path) -> Any:
    gx = validated_by()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    context.add_data_docs_site(
        "gongkai",
        {
            "class_name": "SiteBuilder",
            "show_how_to_buttons": False,
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)},
        },
    )
    return context


def _groups() -> dict[tuple[str, str], list[Expectation]]:
    groups: dict[tuple[str, str], list[Expectation]] = defaultdict(list)
    for expectation in load_expectations():
        groups[expectation.suite, expectation.table].append(expectation)
    return groups


def _query(table: str, expectations: list[Expectation]) -> str:
    named = dict.fromkeys(c for e in expectations for c in (*read_columns(e), *e.index))
    columns = ", ".join('"' + name + '"' for name in named)
    return f"SELECT {columns} FROM {table} LIMIT {ROWS}"


def _validate(context: Any, source: Any, name: str, frame: Any, expectations: list[Expectation]) -> tuple[int, int]:
    """How many were checked, and how many of them hold."""
    gx = validated_by()
    batch = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("published")
    suite = context.suites.add(
        gx.ExpectationSuite(
            name=name,
            expectations=[
                {
                    "type": e.type,
                    "kwargs": dict(e.kwargs),
                    "severity": e.severity,
                    "meta": {"name": e.name, "notes": {"format": "string", "content": [e.zh, e.en]}},
                }
                for e in expectations
            ],
        )
    )
    validation = context.validation_definitions.add(gx.ValidationDefinition(name=name, data=batch, suite=suite))
    result = validation.run(batch_parameters={"dataframe": frame}, result_format={"result_format": "SUMMARY"})
    return result.statistics["evaluated_expectations"], result.statistics["successful_expectations"]


def _publish(site: Path, folder: Path) -> list[str]:
    """Copies pages and pictures; a page loses its scripts and whatever it would fetch from elsewhere. Gives the pages
    of results. The site's own index is left out: it shows nothing without scripts."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / STYLE).write_text(_CSS, encoding="utf-8")
    results = []
    for file in sorted(path for path in site.rglob("*.html") if path.name != INDEX):
        name = file.relative_to(site)
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        style = "../" * (len(name.parts) - 1) + STYLE
        target.write_text(without_foreign_parts(file.read_text("utf-8"), style), encoding="utf-8")
        if name.parts[0] == "validations":
            results.append(name.as_posix())
    return results


def without_foreign_parts(page: str, style: str) -> str:
    """The page without scripts, without references to other hosts, with our style sheet."""
    tree = LexborHTMLParser(page)
    for node in tree.css("script, iframe, img, link"):
        node.decompose()
    for link in tree.css("a[href^='http'], a[href$='index.html']"):
        link.unwrap()
    for node in tree.css("*"):
        for name in [name for name in node.attributes if name.lower().startswith("on")]:
            del node.attrs[name]
    if tree.head is not None:
        head = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"><link rel="stylesheet" href="{style}">'
        for node in LexborHTMLParser(f"<html><head>{head}</head></html>").css("meta, link"):
            tree.head.insert_child(node)
    return tree.html or ""
