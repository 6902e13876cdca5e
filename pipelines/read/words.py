"""Words of a line, and which of them are values."""

from __future__ import annotations

import re

from pipelines.model import Paragraph, Place
from pipelines.read.numbers import read_number

MADE_UP = re.compile(r"项目|数据\d{0,2}|列\d{1,2}|Unnamed:?\d*", re.I)
"""What a converter calls a column whose header it does not know."""

Word = tuple[bool, str, Place]
"""Whether it is a value, the word, and where it stands."""


def place_of(line: Paragraph, column: int) -> Place:
    """The place of a line's word or field."""
    return Place("text", line.index, 0, column, line.page, line.box)


def is_made_up(line: Paragraph) -> bool:
    """Whether a line is a header that a converter made up."""
    shown = [field.strip() for field in line.fields if field.strip()]
    return len(shown) > 1 and all(map(MADE_UP.fullmatch, shown))


def is_value(word: str) -> bool:
    """Whether a field, or a word behind a whole label, is a value: there 八 and 无 are no pieces of a label."""
    return not is_text(word) or read_number(word).status in ("reported", "not_applicable")


def is_text(word: str) -> bool:
    """Whether a word is no value: letters, also the Chinese numerals and 无 that labels fall apart into."""
    if not re.search(r"[\d０-９]|[-—–－―─/／]", word):
        return bool(word.strip())
    return read_number(word).status == "unreadable"
