"""Tables printed on their side: what the form has as rows stands in columns."""

from __future__ import annotations

from dataclasses import replace

from pipelines.model import Grid
from pipelines.read.labels import LabelIndex, Labels

_FEWEST = {"application": (5, 4), "review": (2, 3)}
"""So many of a table's rows stand in one row of the grid, and so many of its columns in one column: on a table that
stands upright neither is possible."""


def turned(grid: Grid, labels: Labels) -> Grid | None:
    """The grid set upright, its rows and columns exchanged; None where it stands upright or is another table."""
    for table, (rows, columns) in _FEWEST.items():
        if _most(grid, labels.rows[table], "row") >= rows and _most(grid, labels.columns[table], "column") >= columns:
            return _exchanged(grid)
    return None


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
