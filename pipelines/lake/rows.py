"""Readings as rows of the lake's tables: columns of plain Python values, and the SQL type of each column."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from pipelines.model import Cell, FiledReport, Issue, Reading, Refusal, Report, Snapshot

Columns = dict[str, list[Any]]
"""A table held by column: every list has the table's length."""

DECIMALS = 6
DIGITS = 24

TABLES: dict[str, dict[str, str]] = {
    "document": {
        "sha256": "VARCHAR",
        "path": "VARCHAR",
        "url": "VARCHAR",
        "province": "VARCHAR",
        "partition_year": "SMALLINT",
        "size": "BIGINT",
        "format": "VARCHAR",
        "outcome": "VARCHAR",
        "code": "VARCHAR",
        "reports": "SMALLINT",
        "seconds": "DOUBLE",
    },
    "report": {
        "report_id": "VARCHAR",
        "sha256": "VARCHAR",
        "ordinal": "SMALLINT",
        "path": "VARCHAR",
        "url": "VARCHAR",
        "size": "BIGINT",
        "format": "VARCHAR",
        "form": "VARCHAR",
        "title": "VARCHAR",
        "printed_agency": "VARCHAR",
        "agency_id": "VARCHAR",
        "agency": "VARCHAR",
        "division": "VARCHAR",
        "level": "VARCHAR",
        "kind": "VARCHAR",
        "functions": "VARCHAR[]",
        "registered": "BOOLEAN",
        "year": "SMALLINT",
        "year_source": "VARCHAR",
        "published": "DATE",
        "numbers": "SMALLINT",
        "numbers_digest": "VARCHAR",
        "seconds": "DOUBLE",
    },
    "cell": {
        "report_id": "VARCHAR",
        "table": "VARCHAR",
        "row": "VARCHAR",
        "column": "VARCHAR",
        "status": "VARCHAR",
        "value": f"DECIMAL({DIGITS},{DECIMALS})",
        "raw": "VARCHAR",
        "unit": "VARCHAR",
        "form": "VARCHAR",
        "reading": "VARCHAR",
        "place_kind": "VARCHAR",
        "place_block": "INTEGER",
        "place_row": "INTEGER",
        "place_column": "INTEGER",
        "page": "INTEGER",
        "box": "FLOAT[]",
    },
    "label": {
        "report_id": "VARCHAR",
        "table": "VARCHAR",
        "axis": "VARCHAR",
        "code": "VARCHAR",
        "printed": "VARCHAR",
        "official": "VARCHAR",
        "altered": "BOOLEAN",
    },
    "table_reading": {"report_id": "VARCHAR", "table": "VARCHAR", "state": "VARCHAR", "form": "VARCHAR"},
    "year_mention": {"report_id": "VARCHAR", "role": "VARCHAR", "year": "SMALLINT", "quote": "VARCHAR"},
    "claim": {
        "report_id": "VARCHAR",
        "ordinal": "SMALLINT",
        "kind": "VARCHAR",
        "scope": "VARCHAR",
        "value": f"DECIMAL({DIGITS},{DECIMALS})",
        "approximate": "BOOLEAN",
        "section": "VARCHAR",
        "quote": "VARCHAR",
    },
    "section": {
        "report_id": "VARCHAR",
        "ordinal": "SMALLINT",
        "code": "VARCHAR",
        "heading": "VARCHAR",
        "text": "VARCHAR",
    },
    "issue": {
        "sha256": "VARCHAR",
        "report_id": "VARCHAR",
        "stage": "VARCHAR",
        "code": "VARCHAR",
        "message": "VARCHAR",
        "place": "VARCHAR",
    },
}
"""Table -> column -> SQL type. `stage` of an issue is `document` (refused), `read` or `registry`."""

DOCUMENT_TABLES = ("document", "issue")
"""Tables whose rows belong to a document (`sha256`) rather than to a report (`report_id`)."""

SEEN = {"sha256": "VARCHAR", "reading_key": "VARCHAR", "first_seen": "TIMESTAMP", "last_seen": "TIMESTAMP"}
"""What the parts' records say of each document, as the table `seen`."""

_LARGEST = Decimal(10) ** (DIGITS - DECIMALS)
_SMALLEST = Decimal(1).scaleb(-DECIMALS)


def rows_of(readings: Iterable[Reading], seen: set[str] | None = None) -> dict[str, Columns]:
    """The lake's tables for these readings. Bytes that occur twice, or are in `seen` (which grows), give their reports
    once; the second document keeps its row with outcome `duplicate`. A number that the lake cannot hold exactly is
    unreadable, with an issue."""
    tables: dict[str, list[tuple[Any, ...]]] = {name: [] for name in TABLES}
    for document in _documents(readings, set() if seen is None else seen):
        _add_document(tables, document)
    return {name: _transpose(name, rows) for name, rows in tables.items()}


def fits(value: Decimal) -> bool:
    """Whether the lake's DECIMAL holds the value exactly."""
    return value.is_finite() and abs(value) < _LARGEST and value % _SMALLEST == 0


def _transpose(name: str, rows: list[tuple[Any, ...]]) -> Columns:
    columns = zip(*rows, strict=True) if rows else ([] for _ in TABLES[name])
    return {column: list(values) for column, values in zip(TABLES[name], columns, strict=True)}


def document_id(snapshot: Snapshot) -> str:
    """The hash of its bytes; of its path where nobody could open it."""
    return snapshot.sha256 or "unopened-" + hashlib.sha256(snapshot.source.path.encode("utf-8", "replace")).hexdigest()


def _documents(readings: Iterable[Reading], seen: set[str]) -> Iterator[tuple[Snapshot, list[Reading], bool]]:
    by_document: dict[tuple[str, str], list[Reading]] = {}
    for reading in readings:
        by_document.setdefault((document_id(reading.snapshot), reading.snapshot.source.path), []).append(reading)
    for (sha256, _), group in by_document.items():
        yield group[0].snapshot, group, sha256 in seen
        seen.add(sha256)


def _add_document(tables: dict[str, list[tuple[Any, ...]]], document: tuple[Snapshot, list[Reading], bool]) -> None:
    snapshot, readings, duplicate = document
    filed = [r for r in readings if isinstance(r, FiledReport)]
    refusals = [r for r in readings if isinstance(r, Refusal)]
    outcome = "duplicate" if duplicate else "ok" if filed else "refused"
    source, sha256 = snapshot.source, document_id(snapshot)
    tables["document"].append(
        (
            sha256,
            _text(source.path),
            _text(source.url),
            source.province,
            source.year,
            snapshot.size,
            filed[0].format if filed else refusals[0].format,
            outcome,
            None if filed else refusals[0].issue.code,
            len(filed),
            sum(r.seconds for r in readings),
        )
    )
    if duplicate:
        return
    for refusal in refusals:
        tables["issue"].append(_issue(sha256, None, "document", refusal.issue))
    for one in filed:
        _add_report(tables, one)


def _add_report(tables: dict[str, list[tuple[Any, ...]]], filed: FiledReport) -> None:
    report, snapshot, agency = filed.report, filed.snapshot, filed.agency
    key = filed.report_id
    tables["report"].append(
        (
            key,
            snapshot.sha256,
            filed.ordinal,
            _text(snapshot.source.path),
            _text(snapshot.source.url),
            snapshot.size,
            filed.format,
            report.form,
            _text(report.title),
            _text(report.agency),
            agency.agency_id if agency else None,
            _text(agency.name) if agency else None,
            agency.division if agency else None,
            agency.level if agency else None,
            agency.kind if agency else None,
            list(agency.functions) if agency else [],
            agency.registered if agency else None,
            report.year,
            report.year_source,
            report.published,
            sum(c.value is not None for c in report.cells),
            numbers_digest(report),
            filed.seconds,
        )
    )
    issues = tables["issue"]
    issues += [_issue(snapshot.sha256, key, "read", i) for i in report.issues]
    issues += [_issue(snapshot.sha256, key, "registry", i) for i in filed.issues]
    cells = tables["cell"]
    taken: set[tuple[str, str, str]] = set()
    for cell in report.cells:
        name = (cell.table, cell.row, cell.column)
        if name in taken:
            issues.append(_issue(snapshot.sha256, key, "read", _cell_twice(cell)))
            continue
        taken.add(name)
        value, status = cell.value, cell.status
        if value is not None and not fits(value):
            value, status = None, "unreadable"
            issues.append(_issue(snapshot.sha256, key, "read", _too_fine(cell)))
        cells.append(_cell(key, cell, value, status))
    tables["label"] += [(key, x.table, x.axis, x.code, _text(x.printed), x.official, x.altered) for x in report.labels]
    tables["table_reading"] += [(key, t.table, t.state, t.form) for t in report.tables]
    tables["year_mention"] += [(key, y.role, y.year, _text(y.quote)) for y in report.years]
    tables["section"] += [(key, n, s.code, _text(s.heading), _text(s.text)) for n, s in enumerate(report.sections)]
    for number, claim in enumerate(report.claims):
        if not fits(claim.value):
            message = f"the claim {claim.kind} states {claim.value}, more digits than the lake keeps; left out"
            issues.append(_issue(snapshot.sha256, key, "read", Issue("number_does_not_fit", message, claim.section)))
            continue
        tables["claim"].append(
            (key, number, claim.kind, claim.scope, claim.value, claim.approximate, claim.section, _text(claim.quote))
        )


def _cell(report_id: str, cell: Cell, value: Decimal | None, status: str) -> tuple[Any, ...]:
    place = cell.place
    where = (
        (place.kind, place.block, place.row, place.column, place.page, list(place.box) if place.box else None)
        if place
        else (None, None, None, None, None, None)
    )
    return (
        report_id,
        cell.table,
        cell.row,
        cell.column,
        status,
        value,
        _text(cell.raw),
        _text(cell.unit),
        cell.form,
        cell.reading,
        *where,
    )


def _issue(sha256: str, report_id: str | None, stage: str, issue: Issue) -> tuple[Any, ...]:
    return (sha256, report_id, stage, issue.code, _text(issue.message), _text(issue.where))


def _too_fine(cell: Cell) -> Issue:
    message = f"{cell.value} has more digits than the lake keeps exactly; kept as printed text, without a value"
    return Issue("number_does_not_fit", message, f"{cell.table}, {cell.row}, {cell.column}")


def _cell_twice(cell: Cell) -> Issue:
    message = f"a second cell for one place of the form shows {cell.raw!r}; the first one is kept"
    return Issue("cell_twice", message, f"{cell.table}, {cell.row}, {cell.column}")


def _text(text: str | None) -> str | None:
    """Text that UTF-8 can hold: a file name's undecodable bytes become question marks."""
    return text if text is None or text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def numbers_digest(report: Report) -> str:
    """A hash over every number of the report's tables, for telling copies and revisions."""
    numbers = sorted(
        f"{c.table} {c.row} {c.column} {c.value.normalize():f}" for c in report.cells if c.value is not None
    )
    return hashlib.sha256("\n".join(numbers).encode()).hexdigest()[:32]
