"""The house's ignorances, held: who may import whom, and which words may stand where."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "pipelines"
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))

LIBRARY_OWNERS = {
    "dagster": ("defs/",),
    "great_expectations": ("quality.py", "data_docs.py"),
    "pdfplumber": ("extract/pdf.py",),
    "fsspec": ("archive/",),
    "zstandard": ("archive/",),
    "warcio": ("archive/warc.py",),
    "scrapy": ("crawl/",),
    "twisted": ("crawl/",),
    "OpenSSL": ("crawl/certificates.py",),
    "service_identity": ("crawl/certificates.py",),
    "playwright": ("crawl/rendering.py",),
    "dash": ("dashboard/",),
    "plotly": ("dashboard/",),
    "flask": ("dashboard/",),
    "werkzeug": ("dashboard/",),
}
"""A library, and the only places that know it."""

MAY_IMPORT = {
    "model.py": (),
    "paths.py": (),
    "registry/": ("model", "paths", "registry"),
    "archive/": ("archive",),
    "process_group.py": (),
    "crawl/": ("paths", "process_group", "registry", "archive", "extract", "crawl"),
    "extract/": ("model", "process_group", "extract"),
    "forms/": ("model", "paths", "forms"),
    "read/": ("model", "forms", "read"),
    "lake/": ("model", "paths", "lake"),
    "warehouse/": ("model", "paths", "forms", "registry", "lake", "warehouse"),
    "night/": ("archive", "crawl", "discovery", "lake", "night", "paths", "registry", "warehouse"),
    "quality.py": ("model", "paths", "warehouse"),
    "printed_tables.py": ("forms",),
    "finding_words.py": ("forms", "printed_tables"),
    "shown_report.py": ("model", "forms", "printed_tables", "finding_words"),
    "templating.py": (),
    "issue_words.py": ("forms", "printed_tables"),
    "release/": ("paths", "forms", "printed_tables", "issue_words", "templating", "warehouse", "release"),
}
"""Of our own modules, what each part may import; parts not named here (intake, cli, defs) put the others together."""

FRONT_DOORS = {("cli.py", "pipelines.defs.run")}
"""Nobody imports defs or cli; the command `build` alone opens defs, and only once it is called."""

FILE_LIBRARIES = {"selectolax", "docx", "lxml", "pypdfium2", "pdfplumber", "webencodings", "zipfile", "html"}
FILE_FORMATS = re.compile(r"(?<![a-z])(html?|pdf|docx?|xlsx?|ofd|wps|rtf|odt)(?![a-z])", re.IGNORECASE)
IDEOGRAPH = re.compile("[\u2e80-\u2fdf\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
IDEOGRAPHS_ESCAPED = re.compile(f"{IDEOGRAPH.pattern}{{2,}}")
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "common", "misc", "core", "base"}


def tree(module: str) -> ast.Module:
    return ast.parse((PACKAGE / module).read_text(encoding="utf-8"), filename=module)


def dotted(module: str) -> list[str]:
    return ["pipelines", *module.removesuffix(".py").removesuffix("/__init__").split("/")]


def imported(module: str, nodes: Iterator[ast.AST]) -> Iterator[str]:
    """Full names of what is imported; `from x import y` gives x.y, so that submodules count, and so does a name that is
    handed to `import_module`."""
    package = dotted(module) if module.endswith("__init__.py") else dotted(module)[:-1]
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            prefix = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{prefix}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and "import_module" in ast.unparse(node):
            texts = (part.value for part in ast.walk(node) if isinstance(part, ast.Constant))
            yield from (text for text in texts if isinstance(text, str) and re.fullmatch(r"[a-z_]\w*(\.\w+)*", text))


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """What runs when the module is imported: everything outside functions."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from at_import(child)


def documentation(node: ast.AST) -> set[int]:
    """The identities of strings that stand as statements: docstrings, of attributes too."""
    return {
        id(child.value)
        for child in ast.walk(node)
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
    }


def part_of(module: str) -> str | None:
    return next(
        (part for part in MAY_IMPORT if module == part or (part.endswith("/") and module.startswith(part))), None
    )


def ours(name: str) -> str:
    """The part of the house that a full name lies in: `pipelines.read.outline.Outline` is in `read`."""
    return ([*name.split("."), ""])[1]


@pytest.mark.parametrize("module", MODULES)
def test_libraries_have_one_owner(module: str) -> None:
    for name in imported(module, ast.walk(tree(module))):
        owners = LIBRARY_OWNERS.get(name.split(".")[0])
        assert owners is None or module.startswith(owners), f"{module} imports {name}, which only {owners} may"


@pytest.mark.parametrize("module", [module for module in MODULES if part_of(module)])
def test_parts_import_only_what_they_may_know(module: str) -> None:
    allowed = MAY_IMPORT[part_of(module) or ""]
    known = {name for name in imported(module, ast.walk(tree(module))) if name.split(".")[0] == "pipelines"}
    strangers = {name for name in known if ours(name) not in allowed}
    assert not strangers, f"{module} may import {allowed or 'nothing of ours'}, not {sorted(strangers)}"


@pytest.mark.parametrize("module", [module for module in MODULES if not module.startswith("defs/")])
def test_nobody_imports_defs_or_cli(module: str) -> None:
    doors = {name for name in imported(module, ast.walk(tree(module))) if re.match(r"pipelines\.(defs|cli)\b", name)}
    strangers = {
        name for name in doors if not any(module == who and name.startswith(door) for who, door in FRONT_DOORS)
    }
    assert not strangers, f"{module} imports {sorted(strangers)}"
    early = doors & set(imported(module, at_import(tree(module))))
    assert not early, f"{module} imports {sorted(early)} when it is imported; only inside the function that needs it"


@pytest.mark.parametrize("module", [module for module in MODULES if module.startswith("extract/")])
def test_extract_knows_no_chinese(module: str) -> None:
    source = (PACKAGE / module).read_text(encoding="utf-8")
    lines = [number for number, line in enumerate(source.splitlines(), 1) if IDEOGRAPH.search(line)]
    assert not lines, f"{module} has Chinese in lines {lines}"
    escaped = [
        node.lineno
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and IDEOGRAPHS_ESCAPED.search(node.value)
    ]
    assert not escaped, f"{module} has escaped Chinese in lines {escaped}"


@pytest.mark.parametrize("module", [module for module in MODULES if module.startswith("read/")])
def test_read_knows_no_file_formats(module: str) -> None:
    parsed = tree(module)
    libraries = {name for name in imported(module, ast.walk(parsed)) if name.split(".")[0] in FILE_LIBRARIES}
    assert not libraries, f"{module} imports {sorted(libraries)}"
    prose = documentation(parsed)
    for node in ast.walk(parsed):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            assert not FILE_FORMATS.search(node.value), f"{module}:{node.lineno} names a file format"
        elif isinstance(node, ast.Name | ast.FunctionDef):
            name = node.id if isinstance(node, ast.Name) else node.name
            assert not FILE_FORMATS.search(name), f"{module}:{node.lineno} names a file format: {name}"


@pytest.mark.parametrize("module", MODULES)
def test_modules_are_small_and_named_by_what_they_are(module: str) -> None:
    assert Path(module).stem not in EMPTY_NAMES
    assert len((PACKAGE / module).read_text(encoding="utf-8").splitlines()) < 500


def test_the_rules_would_notice() -> None:
    """A rule that finds nothing anywhere must be able to find something."""
    assert list(imported("read/x.py", ast.walk(ast.parse("from ..extract import html")))) == ["pipelines.extract.html"]
    assert list(imported("read/__init__.py", ast.walk(ast.parse("from . import y")))) == ["pipelines.read.y"]
    lazy = ast.parse("import a\ndef f():\n    import b\nif a:\n    import c\nclass D:\n    import d")
    assert list(imported("x.py", at_import(lazy))) == ["a", "c", "d"]
    hidden = ast.parse('import_module("pipelines.cli"); Thread(target=importlib.import_module, args=("dagster",))')
    assert list(imported("x.py", ast.walk(hidden))) == ["pipelines.cli", "dagster"]
    assert FILE_FORMATS.search("is_pdf") and FILE_FORMATS.search("read a PDF") and not FILE_FORMATS.search("docs")
    assert IDEOGRAPH.search("主动") and not IDEOGRAPH.search("（％）")
