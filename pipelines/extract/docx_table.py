"""Where the cells of a Word table stand: grid columns skipped and spanned, and cells merged downwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from pipelines.extract.flow import Flow
from pipelines.extract.limits import GRID_COLUMNS, grid_too_large
from pipelines.extract.spans import MAX_COLUMN_SPAN, Layout, Placed

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True, slots=True)
class CellProperties:
    """`continues` says that the cell is merged into the one above, `joins` into the one before it."""

    column_span: int = 1
    continues: bool = False
    joins: bool = False
    deleted: bool = False

    @classmethod
    def of(cls, node: etree._Element | None) -> CellProperties:
        if node is None:
            return cls()
        down, across = node.find(_W + "vMerge"), node.find(_W + "hMerge")
        return cls(
            _whole(node.find(_W + "gridSpan"), 1),
            down is not None and down.get(_W + "val", "continue") == "continue",
            across is not None and across.get(_W + "val", "continue") == "continue",
            node.find(_W + "cellDel") is not None,
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A row as written; `skipped` grid columns are left free before its first cell."""

    skipped: int
    cells: tuple[tuple[CellProperties, Flow], ...]

    @classmethod
    def of(cls, node: etree._Element, cells: tuple[tuple[CellProperties, Flow], ...]) -> Row:
        return cls(_whole(node.find(f"{_W}trPr/{_W}gridBefore"), 0), cells)


def layout_of(rows: Sequence[Row]) -> tuple[Layout[Flow], tuple[str, ...]]:
    """The places of the cells, and the texts that merged cells hide.

    A cell that continues one above counts for it only where a cell begins right above in the same grid column; else it
    stands for itself.
    """
    placed: list[Placed[Flow]] = []
    hidden: list[str] = []
    above: dict[int, int] = {}
    columns = 0
    for number, row in enumerate(rows):
        current: dict[int, int] = {}
        column = row.skipped
        last: int | None = None
        for properties, content in row.cells:
            span = min(max(properties.column_span, 1), MAX_COLUMN_SPAN)
            if column + span > GRID_COLUMNS:
                raise grid_too_large()
            if properties.joins and last is not None:
                cell = placed[last]
                placed[last] = Placed(cell.content, cell.row, cell.column, cell.row_span, cell.column_span + span)
                hidden.extend([content.text()] if content.items else [])
            elif properties.continues and column in above:
                last = above[column]
                cell = placed[last]
                placed[last] = Placed(cell.content, cell.row, cell.column, number - cell.row + 1, cell.column_span)
                current[column] = last
                hidden.extend([content.text()] if content.items else [])
            else:
                last = len(placed)
                current[column] = last
                placed.append(Placed(content, number, column, 1, span))
            column += span
            columns = max(columns, column)
        above = current
    return Layout(_apart(placed), len(rows), columns), tuple(hidden)


def _apart(placed: Sequence[Placed[Flow]]) -> tuple[Placed[Flow], ...]:
    """The cells without overlaps: a merged cell wider than what it continues into is cut to its first row's width only
    where a neighbour stands in the way."""
    taken: dict[int, dict[int, int]] = {}
    for index, cell in enumerate(placed):
        taken.setdefault(cell.row, {})[cell.column] = index
    cells: list[Placed[Flow]] = []
    for cell in placed:
        width = cell.column_span
        for row in range(cell.row + 1, cell.row + cell.row_span):
            for column in taken.get(row, {}):
                if cell.column < column < cell.column + width:
                    width = column - cell.column
        cells.append(Placed(cell.content, cell.row, cell.column, cell.row_span, width))
    return tuple(cells)


def _whole(node: etree._Element | None, otherwise: int) -> int:
    text = (node.get(_W + "val") or "") if node is not None else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else otherwise
