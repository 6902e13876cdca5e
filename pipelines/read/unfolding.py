"""A document's blocks as a reader would go through them: layout tables as text, texts cut at the headings inside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipelines.model import Block, Grid, GridCell, Paragraph
from pipelines.read.headings import cut_at_headings, cut_behind_title, heading, title
from pipelines.read.prose import is_sentence, is_table_line

_PAGE_MARKS = " \u3000-—–|·"
"""What stands around a page's number behind the title in its head: it is no text of its own."""


def unfolded(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks with layout tables turned into paragraphs and paragraphs cut at the headings inside them."""
    for block in blocks:
        for inner in _grid_parts(block) if isinstance(block, Grid) else (block,):
            if isinstance(inner, Grid):
                yield inner
            elif inner.text.strip():
                yield from _cut(inner)


def _cut(paragraph: Paragraph) -> Iterator[Paragraph]:
    parts = [part for piece in cut_behind_title(paragraph.text) for part in cut_at_headings(piece)]
    if len(parts) == 1:
        yield paragraph
        return
    pieces = [piece for n, piece in enumerate(parts) if n == 0 or not piece.strip(_PAGE_MARKS).isdecimal()]
    for number, piece in enumerate(pieces):
        yield replace(
            paragraph,
            text=piece,
            fields=_fields(piece) if len(paragraph.fields) > 1 else (piece,),
            page_break=paragraph.page_break and number == 0,
        )


def _fields(text: str) -> tuple[str, ...]:
    if "\t" in text:
        return tuple(field.strip() for field in text.split("\t"))
    return tuple(field.strip() for field in (text.split("|") if "|" in text else re.split(r"\s{2,}", text)))


def _grid_parts(grid: Grid) -> Iterator[Block]:
    if _is_layout(grid):
        for cell in grid.cells:
            yield from _lines(grid, cell)
        return
    rows: dict[int, list[GridCell]] = {}
    for cell in grid.cells:
        if cell.text.strip():
            rows.setdefault(cell.row, []).append(cell)
    texts = {row: cells[0] for row, cells in rows.items() if len(cells) == 1 and _is_text(cells[0], grid)}
    if not texts:
        yield grid
        return
    kept: list[GridCell] = []
    for row in sorted({cell.row for cell in grid.cells}):
        if row in texts:
            if any(cell.text.strip() for cell in kept):
                yield replace(grid, cells=tuple(kept))
            kept = []
            yield from _lines(grid, texts[row])
        else:
            kept += [cell for cell in grid.cells if cell.row == row]
    if any(cell.text.strip() for cell in kept):
        yield replace(grid, cells=tuple(kept))


def _is_layout(grid: Grid) -> bool:
    if sum(is_table_line(cell.text) for cell in grid.cells[:400] if len(cell.text) < 60) >= 4:
        return False
    if grid.column_count == 1:
        return any(len(cell.text) > 60 or heading(cell.text) or title([cell.text]) for cell in grid.cells)
    return any(len(cell.text) >= 150 and cell.text.count("。") >= 2 for cell in grid.cells)


def _is_text(cell: GridCell, grid: Grid) -> bool:
    """Whether the only cell of its row is a section's heading, the title or running text, and no part of a table."""
    if is_table_line(cell.text):
        return False
    found = heading(cell.text)
    if found is not None:
        return found.tier < 3
    return title([cell.text]) is not None or (len(cell.text) >= 30 and is_sentence(cell.text))


def _lines(grid: Grid, cell: GridCell) -> Iterator[Paragraph]:
    for line in cell.text.split("\n"):
        if line.strip():
            yield Paragraph(grid.index, line, (line,), page=cell.page or grid.page, box=cell.box)
