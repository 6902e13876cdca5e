"""Two reports printed side by side: their blocks cut into the left one's and the right one's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipelines.model import Block, Document, Grid, GridCell, Paragraph
from pipelines.read.headings import heading
from pipelines.read.labels import body
from pipelines.read.prose import is_table_line

_ROWS = 4
_OFTEN = 0.8


def halved(document: Document) -> tuple[Document, Document] | None:
    """The left report and the right one, where grids or parted lines show each of their labels twice, at one and the
    same distance; None for any other document. What stands once and is no heading belongs to neither."""
    sides: tuple[list[Block], list[Block]] = ([], [])
    cut = False
    for block in document.blocks:
        halves: tuple[Block, Block] | None = _grid(block) if isinstance(block, Grid) else _fields(block)
        if halves is None:
            if isinstance(block, Grid):
                return None
            if heading(block.text):
                halves = block, block
        else:
            cut = cut or isinstance(block, Grid) or bool(_repeated(block.fields))
        if halves is not None:
            sides[0].append(halves[0])
            sides[1].append(halves[1])
    if not cut:
        return None
    left, right = (replace(document, blocks=tuple(side)) for side in sides)
    return left, right


def _label(text: str) -> str:
    known = body(text) if is_table_line(text) or heading(text) else ""
    return known if len(known) >= 4 else ""


def _repeated(texts: Iterable[str]) -> list[tuple[int, int]]:
    """Where the same label stands twice: its places."""
    first: dict[str, int] = {}
    pairs: list[tuple[int, int]] = []
    for place, text in enumerate(texts):
        if not (label := _label(text)):
            continue
        if label in first:
            pairs.append((first.pop(label), place))
        else:
            first[label] = place
    return pairs


def _grid(grid: Grid) -> tuple[Grid, Grid] | None:
    """A grid's halves, where most rows with labels have each of them twice, the second half as wide as the first."""
    rows: dict[int, list[GridCell]] = {}
    for cell in grid.cells:
        rows.setdefault(cell.row, []).append(cell)
    distances: Counter[int] = Counter()
    labelled = 0
    for cells in rows.values():
        labelled += any(_label(c.text) for c in cells)
        distances.update({cells[b].column - cells[a].column for a, b in _repeated([c.text for c in cells])})
    if not distances:
        return None
    width, times = distances.most_common(1)[0]
    if times < min(_ROWS, labelled) or times < _OFTEN * labelled or grid.column_count != 2 * width:
        return None
    left = [c for c in grid.cells if c.column + c.column_span <= width]
    right = [replace(c, column=c.column - width) for c in grid.cells if c.column >= width]
    if any(c.text.strip() for c in grid.cells if c.column < width < c.column + c.column_span):
        return None
    return _half(grid, left, width), _half(grid, right, width)


def _half(grid: Grid, cells: Sequence[GridCell], width: int) -> Grid:
    return replace(grid, column_count=width, cells=tuple(cells))


def _fields(line: Paragraph) -> tuple[Paragraph, Paragraph] | None:
    """A parted line's halves: as many fields left and right, and the same label first where there is one."""
    fields = line.fields
    if len(fields) < 2 or len(fields) % 2 or not ("\t" in line.text or "|" in line.text):
        return None
    middle = len(fields) // 2
    left, right = fields[:middle], fields[middle:]
    if [_label(f) for f in left] != [_label(f) for f in right]:
        return None
    if not all(any(re.search("[㐀-鿿\\d]", f) for f in side) for side in (left, right)):
        return None
    return _joined(line, left), _joined(line, right)


def _joined(line: Paragraph, fields: tuple[str, ...]) -> Paragraph:
    between = "\t" if "\t" in line.text else " | "
    return replace(line, text=between.join(fields), fields=fields)
