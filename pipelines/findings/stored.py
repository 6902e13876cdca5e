"""Reports with what is broken in them, as the published warehouse has them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from pipelines.model import Cell, Flag, Place


@dataclass(frozen=True, slots=True)
class Stored:
    """The current report of an agency and year, with its broken errors and warnings."""

    report_id: str
    agency: str
    year: int
    title: str | None
    form: str | None
    published: date | None
    url: str | None
    source: str
    flags: tuple[Flag, ...]
    cells: tuple[Cell, ...]


def flagged_reports(warehouse: Path, division: str, year: int) -> tuple[list[Stored], int]:
    """The flagged ones, by agency's name; and how many reports there are in all."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        given = [division, year]
        everything = connection.execute(_REPORTS, given).fetchall()
        flags: dict[str, list[Flag]] = defaultdict(list)
        for report_id, rule, severity, outcome, cells, expected, observed, message, cause, zh in connection.execute(
            _FLAGS, given
        ).fetchall():
            places = tuple((table, row, column) for table, row, column in cells)
            flags[report_id].append(
                Flag(report_id, rule, severity, outcome, places, expected, observed, message, cause, zh)
            )
        found = []
        for report_id, agency, reported, title, form, published, url, source in everything:
            if report_id in flags:
                cells = tuple(_cell(row) for row in connection.execute(_CELLS, [report_id]).fetchall())
                found.append(
                    Stored(
                        report_id, agency, reported, title, form, published, url, source, tuple(flags[report_id]), cells
                    )
                )
    return found, len(everything)


def _cell(row: tuple[str, str, str, str, Decimal | None, str | None, int | None]) -> Cell:
    table, line, column, status, value, raw, page = row
    number = value.normalize() if value is not None else None
    return Cell(
        table,
        line,
        column,
        status=status,  # type: ignore[arg-type]
        value=number,
        raw=raw or "",
        place=Place("grid", 0, 0, 0, page=page),
    )


_CURRENT = "FROM dims.report AS r JOIN dims.agency AS a USING (agency_id) WHERE a.division = $1 AND r.year = $2"
_REPORTS = (
    "SELECT r.report_id, a.name, r.year, r.title, r.form, r.published, r.url, r.source "
    f"{_CURRENT} AND r.is_current ORDER BY a.name"
)
_FLAGS = (
    "SELECT f.report_id, f.rule, f.severity, f.outcome, f.cells, f.expected, f.observed, f.message, f.cause, "
    "f.message_zh FROM quality.flag AS f WHERE f.outcome = 'broken' AND f.severity <> 'info' AND f.report_id IN "
    f"(SELECT r.report_id {_CURRENT} AND r.is_current)"
)
_CELLS = (
    'SELECT "table", "row", "column", status, value, raw, page FROM facts.cell WHERE report_id = $1 '
    "ORDER BY place_block, place_row, place_column"
)
