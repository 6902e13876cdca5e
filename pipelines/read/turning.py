"""Tables printed on their side: what the form has as rows stands in columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import replace
from itertools import pairwise

from pipelines.model import Grid, GridCell
from pipelines.read.labels import LabelIndex, Labels, fold
from pipelines.read.numbers import read_number

_FEWEST = {"application": (5, 4), "review": (2, 3)}
"""So many of a table's rows stand in one row of the grid, and so many of its columns in one column: on a table that
stands upright neither is possible."""


def turned(grid: Grid, labels: Labels) -> Grid | None:
    """The grid set upright, its rows and columns exchanged; None where it stands upright or is another table, and where
    its numbers do not stand one by one under its labels, or its labels not under their groups and in their order: wrong
    spans have shifted some of them."""
    for table, (rows, columns) in _FEWEST.items():
        if _most(grid, labels.rows[table], "row") >= rows and _most(grid, labels.columns[table], "column") >= columns:
            heads = _heads(grid, labels.rows[table])
            last = max(cell.row for cell in heads)
            in_place = (
                _one_by_one(grid, heads, last, labels.groups[table])
                and _under_own_groups(grid, heads, table, labels)
                and _in_order(heads, labels.rows[table])
            )
            return _exchanged(grid) if in_place else None
    return None


def _heads(grid: Grid, index: LabelIndex) -> list[GridCell]:
    """The labels that stand over numbers: those of the row that has most of them, and of the rows above it with none of
    the others below."""
    named = [cell for cell in grid.cells if index.exact(cell.text)]
    rows = Counter(cell.row for cell in named)
    last = max(rows, key=lambda row: rows[row])
    upper = [cell for cell in named if cell.row <= last]
    return [cell for cell in upper if not any(_covers(cell, other) for other in upper if other.row > cell.row)]


def _covers(cell: GridCell, other: GridCell) -> bool:
    return cell.column < other.column + other.column_span and other.column < cell.column + cell.column_span


def _one_by_one(grid: Grid, heads: Sequence[GridCell], last: int, groups: Container[str]) -> bool:
    """Whether the rows below the labels all reach as far, and in each every number stands under a label, or under words
    that are no group's, and under each label stands one cell at most that shows something."""
    first = min(cell.column for cell in heads)
    upper = [cell for cell in grid.cells if cell.row <= last and cell.column >= first and cell.text.strip()]
    words = [cell for cell in upper if cell in heads or fold(cell.text) not in groups]
    shown: Counter[tuple[int, int]] = Counter()
    below = [cell for cell in grid.cells if cell.row > last]
    numbered = {cell.row for cell in below if read_number(cell.text).status == "reported"}
    if len({max(cell.column for cell in below if cell.row == row) for row in numbered}) > 1:
        return False
    for cell in below:
        if not cell.text.strip():
            continue
        over = [head for head in heads if _covers(head, cell)]
        headed = any(_covers(word, cell) for word in words)
        if len(over) > 1 or (read_number(cell.text).status == "reported" and not headed):
            return False
        shown.update((cell.row, head.column) for head in over)
    return max(shown.values(), default=0) <= 1


def _under_own_groups(grid: Grid, heads: Sequence[GridCell], table: str, labels: Labels) -> bool:
    """Whether no label stands below another group than its own, or behind another label where its own group stands in
    the same row."""
    groups = labels.groups[table]
    for head in heads:
        own = _groups_of(head.text, table, labels)
        for row in {cell.row for cell in grid.cells if cell.row < head.row and fold(cell.text) in groups}:
            line = [cell for cell in grid.cells if cell.row == row and cell.text.strip()]
            above = max((c for c in line if c.column <= head.column), key=lambda c: c.column, default=None)
            if above is None or fold(above.text) in own:
                continue
            if fold(above.text) in groups or any(fold(cell.text) in own for cell in line):
                return False
    return True


def _groups_of(text: str, table: str, labels: Labels) -> set[str]:
    """The groups in which some form prints the line of this label."""
    codes = {match.code for match in labels.rows[table].exact(text)}
    lines = [line for form in labels.forms.values() if form.prints(table) for line in form.table(table).rows]
    return {fold(group) for line in lines if line.code in codes for group in line.groups}


def _in_order(heads: Sequence[GridCell], index: LabelIndex) -> bool:
    """Whether labels that stand in several rows follow each other as on the form: a wrong span above moves some of them
    behind others."""
    if len({head.row for head in heads}) < 2:
        return True
    codes = [index.exact(head.text)[0].code for head in sorted(heads, key=lambda head: head.column)]
    return all(index.order[first] <= index.order[second] for first, second in pairwise(codes))


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
