"""Where cells with row and column spans stand: the table algorithm of the HTML standard, as browsers follow it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pipelines.extract.limits import GRID_COLUMNS, GRID_SLOTS, grid_too_large

MAX_COLUMN_SPAN = 1_000
MAX_ROW_SPAN = 65_534
_EMPTY_TAIL = 50

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Spanning(Generic[T]):
    """A cell as written: `row_span` 0 reaches to the end of its row group."""

    content: T
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    content: T
    row: int
    column: int
    row_span: int
    column_span: int


@dataclass(frozen=True, slots=True)
class Layout(Generic[T]):
    cells: tuple[Placed[T], ...]
    row_count: int
    column_count: int


def place(groups: Iterable[Sequence[Sequence[Spanning[T]]]]) -> Layout[T]:
    """The places of the cells of row groups, in the order in which the groups are shown.

    A cell never reaches beyond its group. Where two cells would overlap, the later one is cut short; the cells after it
    stand where the standard puts them. Columns at the right in which no cell begins are left out where there are more
    of them than a table can mean (a title that spans a thousand). Raises Unreadable `too_large` for absurd sizes.
    """
    cells: list[Placed[T]] = []
    first_row = column_count = slots = 0
    for group in groups:
        taken_until: dict[int, int] = {}
        for offset, row in enumerate(group):
            current = first_row + offset
            column = 0
            for cell in row:
                while taken_until.get(column, 0) > current:
                    column += 1
                width = min(max(cell.column_span, 1), MAX_COLUMN_SPAN)
                left = len(group) - offset
                height = left if cell.row_span == 0 else min(max(cell.row_span, 1), MAX_ROW_SPAN, left)
                free = next((n for n in range(1, width) if taken_until.get(column + n, 0) > current), width)
                slots += free * height
                if column + width > GRID_COLUMNS or slots > GRID_SLOTS:
                    raise grid_too_large()
                for covered in range(column, column + free):
                    taken_until[covered] = current + height
                cells.append(Placed(cell.content, current, column, height, free))
                column += width
                column_count = max(column_count, column)
        first_row += len(group)
    return _without_empty_tail(Layout(tuple(cells), first_row, column_count))


def _without_empty_tail(layout: Layout[T]) -> Layout[T]:
    used = max((cell.column for cell in layout.cells), default=-1) + 1
    if layout.column_count - used <= _EMPTY_TAIL:
        return layout
    cells = tuple(
        Placed(c.content, c.row, c.column, c.row_span, min(c.column_span, used - c.column)) for c in layout.cells
    )
    return Layout(cells, layout.row_count, used)
