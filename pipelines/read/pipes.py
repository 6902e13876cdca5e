"""Tables of one cell a line, with pipes between the cells or behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipelines.model import Paragraph
from pipelines.read.words import Word, is_text, place_of


def piped(lines: Sequence[Paragraph]) -> Iterator[Word]:
    """The words of such lines, empty cells as empty values.

    Pipes between the cells stand on lines of their own: two in a row have an empty cell between them, and so has one
    at the end of a row where others have none there. Else they stand behind each cell: a line of one pipe is an empty
    cell, or opens a row; lines of several are spanned.
    """
    texts = [line.text.replace("|", " ").strip() for line in lines]
    between = any(text and not _names(text) and "|" not in line.text for text, line in zip(texts, lines, strict=True))
    opened, unclosed = _opens_rows(texts), _leaves_rows_open(texts)
    for at, (text, line) in enumerate(zip(texts, lines, strict=True)):
        if text:
            yield not _names(text), text, place_of(line, 0)
            continue
        follows = texts[at + 1] if at + 1 < len(texts) else ""
        opener = opened and bool(follows) and _names(follows)
        behind_value = at > 0 and bool(texts[at - 1]) and not _names(texts[at - 1])
        ends = unclosed and behind_value and (at + 1 == len(texts) or _names(follows))
        empty = (at > 0 and not texts[at - 1]) or ends if between else line.text.count("|") == 1 and not opener
        if empty:
            yield True, "", place_of(line, 0)


def _names(text: str) -> bool:
    """Whether a cell holds a piece of a label; 无 alone is a value."""
    return text != "无" and is_text(text)


def _leaves_rows_open(texts: Sequence[str]) -> bool:
    """Whether the next row's text follows right behind the last value of most rows, without a pipe."""
    closed = apart = 0
    for before, at, behind in zip(texts, texts[1:], texts[2:], strict=False):
        if before and not _names(before):
            apart += _names(at)
            closed += not at and _names(behind)
    return apart > 2 * closed


def _opens_rows(texts: Sequence[str]) -> bool:
    """Whether a pipe stands before the text of most rows that follow a value."""
    told = [
        not texts[at - 1]
        for at in range(2, len(texts))
        if _names(texts[at]) and any(t and not _names(t) for t in texts[at - 2 : at])
    ]
    return sum(told) * 2 > len(told)
