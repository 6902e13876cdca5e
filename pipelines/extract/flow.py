"""What the markup readers fill: lines and tables in reading order, numbered at the end into blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipelines.extract.fields import plain, split_fields, trimmed
from pipelines.extract.limits import DOCUMENT_CELLS, LINES, TEXT_CHARACTERS, Unreadable, grid_too_large, text_too_long
from pipelines.model import Block, Grid, GridCell, Paragraph


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text as shown; tabs within it part its fields."""

    text: str
    heading: bool = False
    page_break: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A grid that has no number yet."""

    row_count: int
    column_count: int
    cells: tuple[GridCell, ...]


Item = Line | Table

_NOTE_MARK = re.compile(r"[\[(（〔【]?\s*(?:\d{1,2}|[*†‡※①-⑳])\s*[\])）〕】]?")


@dataclass(slots=True)
class Flow:
    """Items in reading order, and the line that is being written."""

    items: list[Item] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    heading: bool = False
    page_break: bool = False

    def write(self, text: str) -> None:
        self.pending.append(text)

    def end_line(self) -> None:
        """Ends the line; a blank one leaves no trace."""
        if not self.pending:
            return
        text = plain("".join(self.pending))
        self.pending.clear()
        if trimmed(text):
            self.items.append(Line(text.strip(" \r\n\f\v\u3000"), self.heading, self.page_break))
            self.page_break = False

    def drop_note_mark(self, start: int) -> str | None:
        """Takes a raised or lowered note mark back that was written from piece `start` on after other text of the line:
        a small 1 after 5 is not 51. None where it is no mark, or all that the line has."""
        before, mark = "".join(self.pending[:start]), "".join(self.pending[start:])
        if not before.strip() or not _NOTE_MARK.fullmatch(mark.strip()):
            return None
        del self.pending[start:]
        return mark.strip()

    def text(self) -> str:
        """All that the items show, a line each; an inner table's rows are lines with tabs between the cells."""
        return "\n".join(line for item in self.items for line in _item_lines(item))


def _item_lines(item: Item) -> Iterator[str]:
    if isinstance(item, Line):
        yield trimmed(item.text).replace("\t", " ")
        return
    rows: dict[int, list[str]] = {}
    for cell in item.cells:
        rows.setdefault(cell.row, []).append(cell.text.replace("\n", " "))
    for row in sorted(rows):
        yield "\t".join(rows[row])


def numbered(items: Iterable[Item]) -> tuple[Block, ...]:
    """Blocks with the paragraphs and the grids each counted from 0.

    Raises Unreadable `too_large` beyond the bounds on text, lines and cells of a document.
    """
    blocks: list[Block] = []
    paragraphs = grids = characters = cells = 0
    for item in items:
        if isinstance(item, Table):
            cells += len(item.cells)
            characters += sum(len(cell.text) for cell in item.cells)
            if cells > DOCUMENT_CELLS:
                raise grid_too_large(f"table {grids + 1}")
            blocks.append(Grid(grids, item.row_count, item.column_count, item.cells))
            grids += 1
        else:
            characters += len(item.text)
            if paragraphs >= LINES:
                raise Unreadable("too_large", f"The document has more than {LINES} lines; split it.")
            blocks.append(
                Paragraph(
                    paragraphs,
                    trimmed(item.text),
                    split_fields(item.text),
                    heading=item.heading,
                    page_break=item.page_break,
                )
            )
            paragraphs += 1
        if characters > TEXT_CHARACTERS:
            raise text_too_long()
    return tuple(blocks)
