"""Table three printed in two halves side by side, the upper rows left and the lower ones right."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations

from pipelines.model import Grid
from pipelines.read.labels import Labels, line_of
from pipelines.read.run_together import Origins

_TABLE = "application"
_FEWEST = 3
"""The header names at least so many applicants in each half."""


def stacked(grid: Grid, labels: Labels) -> tuple[Grid, Origins] | None:
    """The right half set below the left one, and where its cells were printed; None unless the header names each
    applicant once in each half, and the halves have no row in common."""
    width = _width(grid, labels)
    if width == 0 or any(cell.column < width < cell.column + cell.column_span for cell in grid.cells):
        return None
    left = [cell for cell in grid.cells if cell.column < width]
    right = [cell for cell in grid.cells if cell.column >= width]
    rows = [{m.code for cell in half if (m := line_of(cell.text, _TABLE, labels))} for half in (left, right)]
    if not all(rows) or rows[0] & rows[1] - {"processed", "other"}:
        return None
    moved = [replace(cell, row=cell.row + grid.row_count, column=cell.column - width) for cell in right]
    origins = {(new.row, new.column): (old.row, old.column) for new, old in zip(moved, right, strict=True)}
    return replace(grid, row_count=2 * grid.row_count, column_count=width, cells=(*left, *moved)), origins


def _width(grid: Grid, labels: Labels) -> int:
    """The distance at which the header names the applicants twice, where it is half of the grid; 0 for none."""
    places: dict[str, set[int]] = {}
    for cell in grid.cells:
        for match in labels.columns[_TABLE].exact(cell.text)[:1]:
            places.setdefault(match.code, set()).add(cell.column)
    between = Counter(b - a for columns in places.values() for a, b in combinations(sorted(columns), 2))
    width = grid.column_count // 2
    return width if grid.column_count == 2 * width and between[width] >= _FEWEST else 0
