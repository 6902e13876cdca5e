"""An immutable release of the published warehouse: its file, every table as Parquet, the marts as CSV and XLSX, their
description for people and machines, checksums, and what changed since the release before."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

import duckdb

from pipelines.forms import forms_digest, load_forms
from pipelines.issue_words import issue_in_chinese
from pipelines.paths import ROOT, DataHome
from pipelines.printed_tables import place_words
from pipelines.release.changes import Changes, changes_since
from pipelines.release.descriptors import File, croissant, data_package
from pipelines.release.pages import described_tables, printed_tables, write_pages
from pipelines.release.tables import (
    SPREADSHEETS,
    Written,
    columns_of,
    relations,
    write_csv,
    write_parquet,
    write_xlsx,
)
from pipelines.release.versions import (
    Channel,
    ReleaseError,
    next_version,
    point,
    pointed_at,
    remove,
    seal,
    sha256_of,
    sync,
)
from pipelines.warehouse import load_dictionary, sql_models
from pipelines.warehouse.build import models_digest

__all__ = ["Channel", "Release", "ReleaseError", "release"]

WAREHOUSE = "gongkai.duckdb"
READERS = (
    ("用电子表格的人：一个机关一年一行", "You use spreadsheets: a row an agency and year",
     ("xlsx/marts.agency_year.xlsx", "csv/marts.agency_year.csv")),
    ("比较县区、比率的人", "You compare counties and rates",
     ("xlsx/marts.county_year.xlsx", "csv/marts.application_rate.csv", "csv/marts.review_rate.csv")),
    ("写 SQL 的人", "You write SQL", (WAREHOUSE,)),
    ("用 Python、R、Spark 的人", "You use Python, R or Spark",
     ("parquet/facts.application.parquet", "parquet/dims.report.parquet", "parquet/dims.agency.parquet")),
    ("核对报告的人", "You check reports", ("parquet/quality.flag.parquet", "rules.html")),
)  # fmt: skip
SEVERITIES = {"error": "错误", "warning": "提醒", "info": "提示"}
FIRST_QUERY = (
    f"ATTACH '{WAREHOUSE}' AS g (READ_ONLY);\n"
    "SELECT division_name, year, basis, received, granted, processed FROM g.marts.county_year ORDER BY ALL;"
)


@dataclass(frozen=True, slots=True)
class Release:
    """`folder` is sealed; `changes` compares it with the release before, where there is one."""

    folder: Path
    files: int
    size: int
    changes: Changes | None


def release(
    home: DataHome,
    *,
    channel: Channel = "latest",
    now: datetime | None = None,
    watch: Callable[[str], None] = lambda step: None,
    data_docs: Callable[[Path, Path], str] | None = None,
) -> Release:
    """Makes a release of the published warehouse below `home.releases` and moves the pointers: `latest` and `nightly`
    for a release, `nightly` alone for a nightly one, which takes the place of the nightly one before it.

    `data_docs` writes Great Expectations' pages of a warehouse into a folder, and gives the first one's name. Raises
    ReleaseError where nothing is published. Interrupted, it leaves no release and no pointer moved.
    """
    if not home.warehouse.is_file():
        raise ReleaseError(f"There is no warehouse at {home.warehouse}: build one first (gongkai build).")
    moment = (now or datetime.now(UTC)).astimezone(UTC)
    root = home.releases
    root.mkdir(parents=True, exist_ok=True)
    for left in root.glob(".half-*"):
        remove(left)
    version = next_version(root, moment.date(), channel)
    earlier, nightly_before = pointed_at(root, channel), pointed_at(root, "nightly")
    folder = root / f".half-{version}"
    folder.mkdir()
    watch("Copying the warehouse")
    shutil.copyfile(home.warehouse, folder / WAREHOUSE)
    with duckdb.connect(str(folder / WAREHOUSE), read_only=True) as connection:
        written = list(_write_tables(connection, folder, watch))
        changes = None
        if earlier is not None and (earlier / WAREHOUSE).is_file():
            watch("Comparing with the release before")
            changes = changes_since(earlier / WAREHOUSE, folder / WAREHOUSE, folder)
        files = [_file(connection, folder, one) for one in written]
        docs = None
        if data_docs is not None:
            watch("Writing Great Expectations' Data Docs")
            docs = f"data-docs/{data_docs(folder / WAREHOUSE, folder / 'data-docs')}"
        watch("Writing the pages")
        values = _values(connection, str(version), moment, files, changes) | {"data_docs": docs}
    dictionary = load_dictionary()
    for name, made in (("datapackage.json", data_package), ("croissant.json", croissant)):
        described = made(str(version), moment, files, dictionary)
        (folder / name).write_text(json.dumps(described, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    write_pages(folder, values)
    watch("Sealing")
    seal(folder)
    target = root / str(version)
    folder.replace(target)
    sync(root)
    for pointer in ("latest", "nightly") if channel == "latest" else ("nightly",):
        point(root, pointer, version)
    if nightly_before is not None and nightly_before.name.endswith("-nightly") and nightly_before != target:
        remove(nightly_before)
    sizes = [file.stat().st_size for file in target.rglob("*") if file.is_file()]
    return Release(target, len(sizes), sum(sizes), changes)


def _write_tables(
    connection: duckdb.DuckDBPyConnection, folder: Path, watch: Callable[[str], None]
) -> Iterator[Written]:
    yield Written("", WAREHOUSE, 0)
    dictionary = load_dictionary()
    for table, is_view in list(relations(connection)):
        spreadsheet = table.split(".")[0] in SPREADSHEETS
        if is_view and not spreadsheet:
            continue
        watch(f"Writing {table}")
        yield write_parquet(connection, table, folder)
        if spreadsheet:
            yield write_csv(connection, table, folder)
            words = {name: meaning.zh for name, meaning in dictionary[table].columns.items()}
            yield write_xlsx(connection, table, folder, words)


def _file(connection: duckdb.DuckDBPyConnection, folder: Path, written: Written) -> File:
    path = folder / written.file
    columns = tuple(columns_of(connection, written.table)) if written.table else ()
    return File(written.file, path.stat().st_size, sha256_of(path), written.table or None, columns)


def _values(
    connection: duckdb.DuckDBPyConnection, version: str, moment: datetime, files: list[File], changes: Changes | None
) -> dict[str, Any]:
    """What the pages show."""
    forms, dictionary = load_forms(), load_dictionary()
    return {
        "version": version,
        "created": f"{moment:%Y-%m-%d %H:%M}",
        "figures": _row(connection, _FIGURES),
        "readers": READERS,
        "first_query": FIRST_QUERY,
        "files": files,
        "dictionary": dictionary,
        "tables": described_tables(dictionary, sql_models()),
        "forms": forms,
        "printed": list(printed_tables(forms)),
        "rules": _rows(connection, _RULES),
        "severities": SEVERITIES,
        "place": lambda cell: place_words(cell, forms),
        "issue_zh": issue_in_chinese,
        "changes": changes,
        "issues": _rows(connection, _ISSUES),
        "unsettled": _row(connection, _UNSETTLED),
        "code": {
            "version": installed_version("gongkai"),
            "commit": _commit(),
            "models": models_digest()[:12],
            "forms": forms_digest()[:12],
        },
    }


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Mapping[str, Any]]:
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _row(connection: duckdb.DuckDBPyConnection, sql: str) -> Mapping[str, Any]:
    return _rows(connection, sql)[0]


def _commit() -> str | None:
    """The code's commit, where it runs from a git checkout."""
    try:
        found = subprocess.run(
            ["git", "-C", str(ROOT), "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return found.stdout.strip() if found.returncode == 0 else None


_FIGURES = """
SELECT
    (SELECT count(*) FROM dims.report WHERE is_current) AS reports,
    (SELECT count(DISTINCT agency_id) FROM dims.report) AS agencies,
    (SELECT min(year) FROM dims.report) AS first_year,
    (SELECT max(year) FROM dims.report) AS last_year,
    (SELECT count(value) FROM facts.cell) AS numbers,
    (SELECT count(DISTINCT report_id) FROM quality.flag WHERE outcome = 'broken' AND severity = 'error') AS flagged
"""
_RULES = """
WITH judged AS (
    SELECT report_id, rule, bool_or(outcome = 'broken') AS broken, bool_or(outcome = 'unknown') AS unknown
    FROM quality.judgement
    GROUP BY ALL
)
SELECT
    r.rule, r.severity, r.zh, r.en,
    count(j.report_id) FILTER (NOT broken AND NOT unknown) AS holds,
    count(j.report_id) FILTER (broken) AS broken,
    count(j.report_id) FILTER (unknown AND NOT broken) AS unknown
FROM dims.rule AS r
LEFT JOIN judged AS j USING (rule)
GROUP BY r.rule, r.severity, r.zh, r.en
ORDER BY r.severity, r.rule
"""
_ISSUES = """
SELECT code, count(*) AS times, any_value(message) AS example
FROM quality.issue
GROUP BY code
ORDER BY times DESC, code
"""
_UNSETTLED = """
SELECT
    (SELECT count(*) FROM dims.report WHERE agency_id IS NULL OR year IS NULL) AS agencies,
    (SELECT count(*) FROM dims.report WHERE division IS NULL) AS divisions,
    (SELECT count(*) FROM quality.document WHERE reports = 0) AS documents,
    (SELECT count(*) FROM facts.cell WHERE reading = 'ocr' AND value IS NOT NULL) AS recognised
"""
