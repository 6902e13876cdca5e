"""Tables as written by markup, as lines and grids: what only lays out a page is walked, what holds data is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.extract.flow import Flow, Item, Line, Table
from pipelines.extract.spans import Layout, Placed
from pipelines.model import GridCell

_LONG_LINE = 400
_LONG_LINES = 200


@dataclass(slots=True)
class _Row:
    """A row that is shown: the cells that begin in it."""

    cells: list[Placed[Flow]]
    walked: bool = False


def table_items(layout: Layout[Flow], presentation: bool = False) -> Iterator[Item]:
    """The items that a table gives, in reading order.

    `presentation` says that the document itself calls it a layout. A table of one cell, or of one cell a row, is its
    cells' content; so is a row whose cells hold tables or long prose. The other rows are grids. An inner table in a
    cell of a grid follows the grid, and its text stands in the cell too.
    """
    if presentation or _is_stack(layout):
        for cell in layout.cells:
            yield from cell.content.items
        return
    rows = _rows(layout)
    prose = any(row.walked for row in rows)
    pending: list[int] = []
    for number, row in enumerate(rows):
        if row.walked or (prose and _is_banner(row, layout)):
            yield from _grid(rows, pending)
            pending = []
            for cell in row.cells:
                yield from cell.content.items
        else:
            pending.append(number)
    yield from _grid(rows, pending)


def _is_stack(layout: Layout[Flow]) -> bool:
    per_row: dict[int, int] = {}
    for cell in layout.cells:
        per_row[cell.row] = per_row.get(cell.row, 0) + 1
    filled = sum(1 for cell in layout.cells if cell.content.items)
    return max(per_row.values(), default=0) <= 1 or filled <= 1


def _rows(layout: Layout[Flow]) -> list[_Row]:
    rows = [_Row([]) for _ in range(layout.row_count)]
    for cell in layout.cells:
        rows[cell.row].cells.append(cell)
    for row in rows:
        row.walked = _is_prose(row)
    return rows


def _is_prose(row: _Row) -> bool:
    sizes = [(_size(cell.content), _is_container(cell.content)) for cell in row.cells]
    contained = sum(size for size, container in sizes if container)
    if not contained:
        return False
    others = sum(1 for size, container in sizes if size and not container)
    return others <= 2 or contained * 5 >= 4 * sum(size for size, _ in sizes)


def _is_container(content: Flow) -> bool:
    size = _size(content)
    if any(isinstance(item, Table) for item in content.items):
        return True
    return size > _LONG_LINE or (size > _LONG_LINES and len(content.items) > 2)


def _size(content: Flow) -> int:
    return sum(
        len(item.text) if isinstance(item, Line) else sum(len(cell.text) for cell in item.cells) + 1
        for item in content.items
    )


def _is_banner(row: _Row, layout: Layout[Flow]) -> bool:
    """A row that one cell fills from side to side."""
    return len(row.cells) == 1 and row.cells[0].column_span >= layout.column_count and row.cells[0].row_span == 1


def _grid(rows: Sequence[_Row], numbers: Sequence[int]) -> Iterator[Item]:
    """The rows `numbers`, which follow each other, as a grid of their own, and then the tables inside its cells."""
    if not numbers:
        return
    first, last = numbers[0], numbers[-1]
    placed = [cell for number in numbers for cell in rows[number].cells]
    if not any(cell.content.items for cell in placed):
        return
    if len(placed) == 1:
        yield from placed[0].content.items
        return
    cells = tuple(
        GridCell(
            cell.row - first,
            cell.column,
            cell.content.text(),
            min(cell.row_span, last - cell.row + 1),
            cell.column_span,
        )
        for cell in sorted(placed, key=lambda cell: (cell.row, cell.column))
    )
    yield Table(last - first + 1, max(cell.column + cell.column_span for cell in cells), cells)
    for cell in placed:
        yield from (item for item in cell.content.items if isinstance(item, Table))
