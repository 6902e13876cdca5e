"""Tables printed on their side: what the form has as rows stands in columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container, Mapping
from dataclasses import replace
from itertools import pairwise

from pipelines.model import Grid, GridCell
from pipelines.read.labels import Labels, fold, line_of
from pipelines.read.numbers import read_number

_FEWEST = {"application": (5, 4), "review": (2, 3)}
"""So many of a table's rows stand in one row of the grid, and so many of its columns in one column: on a table that
stands upright neither is possible."""


def turned(grid: Grid, labels: Labels) -> Grid | None:
    """The grid set upright, its rows and columns exchanged; None where it stands upright or is another table, and where
    its numbers do not stand one by one under its labels, or its labels not under their groups and in their order: wrong
    spans have shifted some of them."""
    for table, (rows, columns) in _FEWEST.items():
        lines = {cell: match.code for cell in grid.cells if (match := line_of(cell.text, table, labels))}
        names = {cell: found[0].code for cell in grid.cells if (found := labels.columns[table].exact(cell.text))}
        if _most(lines, "row") >= rows and _most(names, "column") >= columns:
            heads = _heads(lines)
            last = max(cell.row for cell in heads)
            in_place = (
                _one_by_one(grid, heads, last, labels.groups[table])
                and _under_own_groups(grid, heads, table, labels)
                and _in_order(heads, labels.rows[table].order)
            )
            return _exchanged(grid) if in_place else None
    return None


def _heads(lines: Mapping[GridCell, str]) -> dict[GridCell, str]:
    """The labels that stand over numbers, and which line each names: those of the row that has most of them, and of the
    rows above it with none of the others below."""
    rows = Counter(cell.row for cell in lines)
    last = max(rows, key=lambda row: rows[row])
    upper = {cell: code for cell, code in lines.items() if cell.row <= last}
    return {
        cell: code
        for cell, code in upper.items()
        if not any(_covers(cell, other) for other in upper if other.row > cell.row)
    }


def _covers(cell: GridCell, other: GridCell) -> bool:
    return cell.column < other.column + other.column_span and other.column < cell.column + cell.column_span


def _one_by_one(grid: Grid, heads: Collection[GridCell], last: int, groups: Container[str]) -> bool:
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


def _under_own_groups(grid: Grid, heads: Mapping[GridCell, str], table: str, labels: Labels) -> bool:
    """Whether no label stands below another group than its own, below words that head it alone, or behind another
    label where its own group stands in the same row."""
    groups = labels.groups[table]
    for head, code in heads.items():
        own = _groups_of(code, table, labels)
        if any(_is_over(cell, head, heads) and fold(cell.text) not in own for cell in grid.cells):
            return False
        for row in {cell.row for cell in grid.cells if cell.row < head.row and fold(cell.text) in groups}:
            line = [cell for cell in grid.cells if cell.row == row and cell.text.strip()]
            above = max((c for c in line if c.column <= head.column), key=lambda c: c.column, default=None)
            if above is None or fold(above.text) in own:
                continue
            if fold(above.text) in groups or any(fold(cell.text) in own for cell in line):
                return False
    return True


def _is_over(cell: GridCell, head: GridCell, heads: Collection[GridCell]) -> bool:
    """Whether a cell shows words over this label and no other."""
    words = bool(cell.text.strip()) and read_number(cell.text).status == "unreadable"
    return words and cell.row < head.row and [h for h in heads if _covers(cell, h)] == [head]


def _groups_of(code: str, table: str, labels: Labels) -> set[str]:
    """The groups in which some form prints the line."""
    lines = [line for form in labels.forms.values() if form.prints(table) for line in form.table(table).rows]
    return {fold(group) for line in lines if line.code == code for group in line.groups}


def _in_order(heads: Mapping[GridCell, str], order: Mapping[str, int]) -> bool:
    """Whether labels that stand in several rows follow each other as on the form: a wrong span above moves some of them
    behind others."""
    if len({head.row for head in heads}) < 2:
        return True
    codes = [heads[head] for head in sorted(heads, key=lambda head: head.column)]
    return all(order[first] <= order[second] for first, second in pairwise(codes))


def _most(named: Mapping[GridCell, str], axis: str) -> int:
    """How many different labels stand in that row or column of the grid that has most of them."""
    found: dict[int, set[str]] = {}
    for cell, code in named.items():
        found.setdefault(getattr(cell, axis), set()).add(code)
    return max(map(len, found.values()), default=0)


def _exchanged(grid: Grid) -> Grid:
    cells = [
        replace(cell, row=cell.column, column=cell.row, row_span=cell.column_span, column_span=cell.row_span)
        for cell in grid.cells
    ]
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return replace(grid, row_count=grid.column_count, column_count=grid.row_count, cells=tuple(cells))
