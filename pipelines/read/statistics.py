"""The statistics sheet of the reports up to 2018 as it is drawn: an indicator, its unit and its number in each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.model import Grid, GridCell, Place
from pipelines.read.findings import Findings, Printed
from pipelines.read.labels import Labels, fold
from pipelines.read.numbers import read_number
from pipelines.read.statistics_rows import (
    ASIDE,
    COUNTS,
    HEADS,
    TABLE,
    UNIT_HEADS,
    Columns,
    Row,
    columns_of,
    is_count,
    is_unit,
    take_rows,
)

_ENOUGH = 5
_HEADER_ROWS = 6


@dataclass(frozen=True, slots=True)
class _Header:
    """Where the sheet's columns stand; `starts` are the count columns, `columns` which of them counts."""

    last_row: int
    width: int
    starts: tuple[int, ...]
    columns: Columns


def is_statistics(grid: Grid, labels: Labels) -> bool:
    """Whether a grid is the sheet, or a part of it: headed 统计指标, or with several of its indicators."""
    if any(fold(cell.text) in ("统计指标", "指标名称") for cell in grid.cells[:12]):
        return True
    index = labels.rows[TABLE]
    return sum(len(c.text) > 4 and len(fold(c.text)) > 4 and bool(index.exact(c.text)) for c in grid.cells) >= _ENOUGH


def read_statistics(grids: Sequence[Grid], labels: Labels, findings: Findings, year: int | None = None) -> None:
    """Reads the parts of the sheet; a header holds for the parts behind it that have as many columns. `year` is the
    report's: of columns of several years its own counts."""
    header: _Header | None = None
    found: list[Row] = []
    for grid in grids:
        rows: dict[int, list[GridCell]] = {}
        for cell in grid.cells:
            rows.setdefault(cell.row, []).append(cell)
        own = _header(rows, year)
        header = own or (header if header and header.width == _width(rows) else None)
        found += [
            _row(grid, rows[number], header, labels) for number in sorted(rows) if own is None or number > own.last_row
        ]
    take_rows(found, labels, findings)


def _header(rows: dict[int, list[GridCell]], year: int | None) -> _Header | None:
    """The header, of one row or of two where one head stands over several columns."""
    for number in sorted(rows)[:_HEADER_ROWS]:
        named = [c for c in rows[number] if fold(c.text) in HEADS]
        if not named:
            continue
        below = [n for n in range(number + 1, number + max(c.row_span for c in named)) if n in rows]
        if not below and any(c.column_span > 1 and fold(c.text) in COUNTS for c in rows[number]):
            below = [number + 1] if number + 1 in rows and not _shows_number(rows[number + 1]) else []
        leaves = _leaves([c for n in (number, *below) for c in rows[n] if c.column > named[0].column])
        counted = [c for c in leaves if fold(c.text) not in UNIT_HEADS | ASIDE]
        columns = columns_of([c.text for c in counted], year)
        return _Header(max((number, *below)), _width(rows), tuple(c.column for c in counted), columns)
    return None


def _leaves(cells: Sequence[GridCell]) -> list[GridCell]:
    """The heads that have no other head below them, from left to right."""
    return sorted(
        (c for c in cells if not any(o.row > c.row and c.column <= o.column < c.column + c.column_span for o in cells)),
        key=lambda c: c.column,
    )


def _width(rows: dict[int, list[GridCell]]) -> int:
    return max((c.column + c.column_span for cells in rows.values() for c in cells), default=0)


def _shows_number(cells: Sequence[GridCell]) -> bool:
    return any(read_number(c.text).status == "reported" for c in cells)


def _row(grid: Grid, cells: Sequence[GridCell], header: _Header | None, labels: Labels) -> Row:
    texts = [c for c in cells if fold(c.text) and not is_count(c.text) and not is_unit(c.text)]
    if header and header.starts:
        texts = [c for c in texts if c.column < header.starts[0]]
    known = [c for c in texts if labels.rows[TABLE].exact(c.text)]
    last = known[-1] if known else texts[-1] if texts else None
    unit = next((c.text.strip() for c in cells if is_unit(c.text)), None)
    row = Row([c.text for c in texts if last and c.column <= last.column], unit, whole=True)
    counts = [c for c in cells if (last is None or c.column > last.column) and not is_unit(c.text)]
    if header is None:
        shown = [c for c in counts if c.text.strip()]
        counts = shown if len(shown) == 1 else counts
    else:
        row.columns = header.columns
        under = [next((c for c in counts if c.column <= at < c.column + c.column_span), None) for at in header.starts]
        placed = [c for c in under if c is not None]
        if len(placed) == len(under) == len({id(c) for c in placed}):
            counts = placed
        elif not placed:
            counts = []
        elif len(under) > 1:
            row.columns = Columns(len(under), None)
    row.values = [_printed(grid, c) for c in counts]
    return row


def _printed(grid: Grid, cell: GridCell) -> Printed:
    place = Place("grid", grid.index, cell.row, cell.column, cell.page or grid.page, cell.box)
    return Printed(read_number(cell.text), cell.text, place, cell.reading, cell.candidates)
