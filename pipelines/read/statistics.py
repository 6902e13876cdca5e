"""The statistics sheet of the reports up to 2018 as it is drawn: an indicator, its unit and its number in each row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from pipelines.model import Grid, GridCell, Place
from pipelines.read.findings import Findings, Printed
from pipelines.read.labels import Labels, fold
from pipelines.read.numbers import read_number
from pipelines.read.statistics_rows import (
    ASIDE,
    COUNTS,
    HEADS,
    SERIAL_HEADS,
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
_SURE_HEADS = frozenset(("统计指标", "指标名称"))
_HEADER_ROWS = 6

Rows = dict[int, list[GridCell]]
"""The cells of each row, by the row's number."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns of a sheet stand, or of one of the halves that stand side by side in it: from column `first` to
    before `end`; `starts` are the count columns, `columns` which of them counts."""

    last_row: int
    first: int
    end: int
    starts: tuple[int, ...]
    columns: Columns


def statistics_grids(grids: Sequence[Grid], labels: Labels) -> list[Grid]:
    """Those that are the sheet or a part of it: headed 统计指标, or with several of its indicators; or, right behind
    such a part, as wide as it and with any of them."""
    found: list[Grid] = []
    for before, grid in zip((None, *grids), grids, strict=False):
        follows = bool(found) and found[-1] is before and before.column_count == grid.column_count
        headed = any(fold(cell.text) in _SURE_HEADS for cell in grid.cells[:12])
        if headed or _indicators(grid, labels) >= (1 if follows else _ENOUGH):
            found.append(grid)
    return found


def _indicators(grid: Grid, labels: Labels) -> int:
    index = labels.rows[TABLE]
    return sum(len(c.text) > 4 and len(fold(c.text)) > 4 and bool(index.exact(c.text)) for c in grid.cells)


def read_statistics(grids: Sequence[Grid], labels: Labels, findings: Findings, year: int | None = None) -> None:
    """Reads the parts of the sheet; a header holds for the parts behind it that have as many columns. `year` is the
    report's: of columns of several years its own counts."""
    headers: tuple[Header, ...] = ()
    width = 0
    found: list[Row] = []
    for grid in grids:
        rows: Rows = {}
        for cell in grid.cells:
            rows.setdefault(cell.row, []).append(cell)
        own = headers_of(rows, year)
        if own or _width(rows) != width:
            headers, width = own, _width(rows)
        last = own[0].last_row if own else -1
        below = {number: cells for number, cells in rows.items() if number > last}
        found += drawn_rows(below, headers, labels, partial(_printed, grid))
    take_rows(found, labels, findings)


def headers_of(rows: Rows, year: int | None) -> tuple[Header, ...]:
    """The header, of one row or of two where one head stands over several columns: one for each half where the
    indicators are headed anew beside the counts. Nothing where no row is one."""
    for number in sorted(rows)[:_HEADER_ROWS]:
        named = [c for c in rows[number] if fold(c.text) in HEADS]
        if not named:
            continue
        below = [n for n in range(number + 1, number + max(c.row_span for c in named)) if n in rows]
        if not below and any(c.column_span > 1 and fold(c.text) in COUNTS for c in rows[number]):
            below = [number + 1] if number + 1 in rows and not _shows_number(rows[number + 1]) else []
        last = max((number, *below))
        numbered = _number_columns([c for n, cells in rows.items() if n > last for c in cells])
        leaves = _leaves([c for n in (number, *below) for c in rows[n]])
        edges = [*_edges(leaves, numbered), _width(rows)]
        return tuple(
            _header(last, first, end, [c for c in leaves if first <= c.column < end], numbered, year)
            for first, end in pairwise(edges)
        )
    return ()


def _header(
    last: int, first: int, end: int, leaves: Sequence[GridCell], numbered: set[int], year: int | None
) -> Header:
    label = next((c.column for c in leaves if fold(c.text) in HEADS), first)
    counted = [c for c in leaves if c.column > label and _is_counted(c, numbered)]
    columns = columns_of([c.text for c in counted], year)
    return Header(last, first, end, tuple(c.column for c in counted), columns)


def _edges(leaves: Sequence[GridCell], numbered: set[int]) -> list[int]:
    """The column in which each half of the sheet begins: the serial numbers before its indicators are of it. The first
    half begins where the sheet does."""
    edges: list[int] = []
    counts = before = 0
    for cell in leaves:
        if fold(cell.text) in HEADS and (not edges or counts):
            edges.append(before if edges else 0)
            counts = 0
        elif fold(cell.text) not in SERIAL_HEADS:
            counts += bool(edges) and _is_counted(cell, numbered)
            before = cell.column + cell.column_span
    return edges


def _is_counted(head: GridCell, numbered: set[int]) -> bool:
    """Whether a head is a count column's; one without a text is where numbers stand below it."""
    text = fold(head.text)
    return text not in HEADS | UNIT_HEADS | SERIAL_HEADS | ASIDE if text else head.column in numbered


def _number_columns(cells: Iterable[GridCell]) -> set[int]:
    return {c.column for c in cells if read_number(c.text).status == "reported"}


def _leaves(cells: Sequence[GridCell]) -> list[GridCell]:
    """The heads that have no other head below them, from left to right."""
    return sorted(
        (c for c in cells if not any(o.row > c.row and c.column <= o.column < c.column + c.column_span for o in cells)),
        key=lambda c: c.column,
    )


def _width(rows: Rows) -> int:
    return max((c.column + c.column_span for cells in rows.values() for c in cells), default=0)


def _shows_number(cells: Sequence[GridCell]) -> bool:
    return any(read_number(c.text).status == "reported" for c in cells)


def drawn_rows(
    rows: Rows, headers: Sequence[Header], labels: Labels, printed: Callable[[GridCell], Printed]
) -> list[Row]:
    """The rows below the header, one half of the sheet after the other."""
    if not headers:
        return [_row(rows[number], None, labels, printed) for number in sorted(rows)]
    halves = [
        (header, [c for c in rows[number] if header.first <= c.column < header.end])
        for header in headers
        for number in sorted(rows)
    ]
    return [_row(cells, header, labels, printed) for header, cells in halves if any(c.text.strip() for c in cells)]


def _row(
    cells: Sequence[GridCell], header: Header | None, labels: Labels, printed: Callable[[GridCell], Printed]
) -> Row:
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
    row.values = [printed(c) for c in counts]
    return row


def _printed(grid: Grid, cell: GridCell) -> Printed:
    place = Place("grid", grid.index, cell.row, cell.column, cell.page or grid.page, cell.box)
    return Printed(read_number(cell.text), cell.text, place, cell.reading, cell.candidates)
