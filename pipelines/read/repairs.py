"""Documents as they were meant: text that was decoded wrongly set right, what checking programs put in left out, and of
tables, or columns of them, that compare years only the report's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from pipelines.model import Block, Document, Grid, GridCell, Issue, Paragraph
from pipelines.read.labels import body
from pipelines.read.numbers import read_number
from pipelines.read.prose import is_table_line

_WRONG = ("gb18030", "latin-1", "cp1252")
"""Encodings in which UTF-8 is read by mistake."""
_ENOUGH = 6
_NEARLY_ALL = 0.8
_LABEL = 60
"""A longer text is no label."""
_INJECTED = re.compile(r"\s*(?:总?重复率|相似度|查重率|相似率)\s*[:：]?\s*\d{1,3}(?:\.\d+)?\s*[%％]\s*")
_CAPTION_YEAR = re.compile(r"(20\d\d)年[^\d。；]{0,40}$")
_YEAR = re.compile(r"\s*(20\d\d)\s*年?度?(?:数|数量|统计数)?\s*")


def repaired(document: Document) -> Document:
    """The document without injected percentages, its text set right where that is certain."""
    blocks = tuple(b for b in document.blocks if not (isinstance(b, Paragraph) and _INJECTED.fullmatch(b.text)))
    clean = replace(document, blocks=blocks) if len(blocks) < len(document.blocks) else document
    texts = _texts(blocks)
    if sum(map(is_table_line, texts)) >= _ENOUGH:
        return clean
    for encoding in _WRONG:
        undo = partial(_undone, encoding=encoding)
        right = [undo(text) for text in texts]
        if None not in right and sum(is_table_line(text) for text in right if text) >= _ENOUGH:
            issue = Issue(
                "mojibake_undone", f"the text was UTF-8 read as {encoding}; it was set right, letter by letter"
            )
            changed = tuple(_changed(b, undo) for b in blocks)
            return replace(clean, blocks=changed, issues=(*clean.issues, issue))
    return clean


def _texts(blocks: Sequence[Block]) -> list[str]:
    return [t for b in blocks for t in ([b.text] if isinstance(b, Paragraph) else [c.text for c in b.cells])]


def _undone(text: str, encoding: str) -> str | None:
    """The text before it was read in that encoding; None where the way back is not exact."""
    if text.isascii():
        return text
    try:
        right = text.encode(encoding).decode("utf-8")
        return right if right.encode("utf-8").decode(encoding) == text else None
    except UnicodeError:
        return None


def _changed(block: Block, change: Callable[[str], str | None]) -> Block:
    if isinstance(block, Paragraph):
        fields = tuple(change(field) or field for field in block.fields)
        return replace(block, text=change(block.text) or block.text, fields=fields)
    return replace(block, cells=tuple(replace(cell, text=change(cell.text) or cell.text) for cell in block.cells))


def of_own_year(captioned: Sequence[tuple[Grid, str]], year: int | None) -> list[tuple[Grid, str]]:
    """Grids with the text before them, without those that another year heads where the others show the same lines of
    the forms (in a grid without any, the same words): last year's tables for comparison. A grid right behind another
    one goes on under its heading."""
    heads: list[int | None] = []
    for _, before in captioned:
        match = _CAPTION_YEAR.search(before)
        heads.append(int(match[1]) if match else heads[-1] if heads and not before.strip() else None)
    own = [grid for (grid, _), head in zip(captioned, heads, strict=True) if head in (None, year)]
    lines, words = set().union(*map(_labels, own)), set().union(*map(_words, own))
    return [
        (grid, before)
        for (grid, before), head in zip(captioned, heads, strict=True)
        if year is None
        or head in (None, year)
        or not (_mostly_in(lines, _labels(grid)) if _labels(grid) else _mostly_in(words, _words(grid)))
    ]


def _labels(grid: Grid) -> set[str]:
    return {body(cell.text) for cell in grid.cells if is_table_line(cell.text)}


def _words(grid: Grid) -> set[str]:
    """All that the grid's cells say that are no values."""
    short = (cell.text for cell in grid.cells if len(cell.text) <= _LABEL)
    return {word for text in short if read_number(text).status == "unreadable" and (word := body(text))}


def _mostly_in(known: set[str], some: set[str]) -> bool:
    return bool(some) and len(known & some) >= _NEARLY_ALL * len(some)


def of_year(grid: Grid, year: int | None) -> Grid:
    """Of a table whose columns stand for several years, in turn and as often each, those of this year; any other table
    as it is. Each row of years heads the rows down to the next one, of those that end where it does: a row that wrong
    spans have shifted is left whole."""
    heads: dict[int, list[tuple[GridCell, int]]] = {}
    for cell in grid.cells:
        if match := _YEAR.fullmatch(cell.text):
            heads.setdefault(cell.row, []).append((cell, int(match[1])))
    if year is None or not heads or not all(_in_turn([found for _, found in row], year) for row in heads.values()):
        return grid
    others = {
        row: {c for cell, found in cells if found != year for c in range(cell.column, cell.column + cell.column_span)}
        for row, cells in heads.items()
    }

    ends: dict[int, int] = {}
    for cell in grid.cells:
        ends[cell.row] = max(ends.get(cell.row, 0), cell.column + cell.column_span)

    def kept(cell: GridCell) -> bool:
        above = max((row for row in heads if row <= cell.row), default=None)
        if above is None or ends[above] != ends[cell.row]:
            return True
        if cell.row == above:
            return _YEAR.fullmatch(cell.text) is None
        return not set(range(cell.column, cell.column + cell.column_span)) <= others[above]

    return replace(grid, cells=tuple(filter(kept, grid.cells)))


def _in_turn(years: Sequence[int], year: int) -> bool:
    """Whether several years stand there, this one among them, as often each."""
    several = set(years)
    return len(several) > 1 and year in several and len({years.count(one) for one in several}) == 1
