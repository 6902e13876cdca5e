"""Words of a line, and which of them are values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipelines.model import Paragraph, Place
from pipelines.read.numbers import read_number

MADE_UP = re.compile(r"项目|数据\d{0,2}|列\d{1,2}|Unnamed:? ?\d*", re.I)
"""What a converter calls a column whose header it does not know."""
_FEWEST_NUMBERED = 4
_BULLET = re.compile(r"\s*[-*+>•·●]\s+")
_MOSTLY = 8
"""A mark that all but one of so many lines begin with is a list's."""

SPELLED_BLANK = "&nbsp;"
"""What a page's markup leaves of an empty cell."""

Word = tuple[bool, str, Place]
"""Whether it is a value, the word, and where it stands."""


def place_of(line: Paragraph, column: int) -> Place:
    """The place of a line's word or field."""
    return Place("text", line.index, 0, column, line.page, line.box)


def is_made_up(line: Paragraph) -> bool:
    """Whether a line is a header that a converter made up: such words, or the columns' numbers from 0 on."""
    shown = [field.strip() for field in line.fields if field.strip()]
    if len(shown) >= _FEWEST_NUMBERED and shown == [str(column) for column in range(len(line.fields))]:
        return True
    return len(shown) > 1 and all(map(MADE_UP.fullmatch, shown))


def without_bullets(lines: Sequence[Paragraph]) -> list[Paragraph]:
    """The lines without the mark of a list or a quotation that almost all of them begin with: it is no value."""
    marked = [_BULLET.match(line.text) is not None for line in lines]
    if _MOSTLY * sum(marked) < (_MOSTLY - 1) * len(lines):
        return list(lines)
    return [
        replace(line, text=_BULLET.sub("", line.text, count=1), fields=_without_bullet(line.fields)) if has else line
        for line, has in zip(lines, marked, strict=True)
    ]


def _without_bullet(fields: tuple[str, ...]) -> tuple[str, ...]:
    first = fields[0] + " "
    return (_BULLET.sub("", first, count=1).strip(), *fields[1:]) if fields else ()


def is_value(word: str) -> bool:
    """Whether a field, or a word behind a whole label, is a value: there 八 and 无 are no pieces of a label."""
    return not is_text(word) or read_number(word).status in ("reported", "not_applicable")


def is_text(word: str) -> bool:
    """Whether a word is no value: letters, also the Chinese numerals and 无 that labels fall apart into."""
    if not re.search(r"[\d０-９]|[-—–－―─/／]", word):
        return word.strip() not in ("", SPELLED_BLANK)
    return read_number(word).status == "unreadable"
