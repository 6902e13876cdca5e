"""Tables printed on their side: what the form has as rows stands in columns."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from pipelines.model import Grid
from pipelines.read.labels import LabelIndex, Labels
from pipelines.read.numbers import read_number

_FEWEST = {"application": (5, 4), "review": (2, 3)}
"""So many of a table's rows stand in one row of the grid, and so many of its columns in one column: on a table that
stands upright neither is possible."""


def turned(grid: Grid, labels: Labels) -> Grid | None:
    """The grid set upright, its rows and columns exchanged; None where it stands upright or is another table, and where
    a row reaches out behind all headers: a label too wide has shifted its numbers."""
    if _reaches_out(grid, labels):
        return None
    for table, (rows, columns) in _FEWEST.items():
        if _most(grid, labels.rows[table], "row") >= rows and _most(grid, labels.columns[table], "column") >= columns:
            return _exchanged(grid)
    return None


def _reaches_out(grid: Grid, labels: Labels) -> bool:
    """Whether a number stands behind the last cell that names a line of table three or four, under no header at all."""
    indexes = [labels.rows[table] for table in _FEWEST]
    named = [cell for cell in grid.cells if any(index.exact(cell.text) for index in indexes)]
    rows = Counter(cell.row for cell in named)
    last = max(rows, key=lambda row: rows[row], default=0)
    end = max((cell.column + cell.column_span for cell in named if cell.row <= last), default=grid.column_count)
    headed = {
        column
        for cell in grid.cells
        if cell.row <= last and cell.text.strip()
        for column in range(max(end, cell.column), cell.column + cell.column_span)
    }
    behind = [cell for cell in grid.cells if cell.column >= end and cell.row > last and cell.column not in headed]
    return any(read_number(cell.text).status == "reported" for cell in behind)


def _most(grid: Grid, index: LabelIndex, axis: str) -> int:
    """How many different labels stand in that row or column of the grid that has most of them."""
    found: dict[int, set[str]] = {}
    for cell in grid.cells:
        if matches := index.exact(cell.text):
            found.setdefault(getattr(cell, axis), set()).add(matches[0].code)
    return max(map(len, found.values()), default=0)


def _exchanged(grid: Grid) -> Grid:
    cells = [
        replace(cell, row=cell.column, column=cell.row, row_span=cell.column_span, column_span=cell.row_span)
        for cell in grid.cells
    ]
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return replace(grid, row_count=grid.column_count, column_count=grid.row_count, cells=tuple(cells))
