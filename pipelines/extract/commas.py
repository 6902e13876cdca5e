"""Rows of a table as lines of values with commas or semicolons between them, in the middle of other text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

_OPEN, _CLOSE = "（([【〔", "）)]】〕"
_NUMBER = re.compile(r"\s*(?:[+-]?\d+(?:\.\d+)?|[/—-]*)\s*")
_DIGITS = re.compile(r"\s*[+-]?\d+(?:\.\d+)?\s*")
_THOUSANDS_END = re.compile(r"(?<!\d)[1-9]\d{0,2}\s*\Z")
_THOUSANDS_GO_ON = re.compile(r"\s*\d{3}(?!\d)")
_LONGEST_FIELD = 60
_FEWEST_LINES = 3


def comma_fields(lines: Sequence[str]) -> dict[int, tuple[str, ...]]:
    """The fields of those lines that commas or semicolons part, by the line's place.

    A line counts only among others: three or more in a row, half of them with a number or an empty field; where there
    are such lines, fewer do, half of them with a number. A comma in
    brackets parts nothing. A comma that may be one of thousands (1,234) parts its line where no line has fewer fields,
    most have as many, and some end in an empty one; else such a line is left as it is, since nothing says how many
    numbers it holds. Where lines have lost their last empty fields, the other empty ones do not keep their places and
    are left out. Where semicolons part lines, commas are of their fields.
    """
    return {**_parted(lines, ","), **_parted(lines, ";")}


def _parted(lines: Sequence[str], mark: str) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    stretches = list(_stretches(lines, mark))
    tables = [s for s in stretches if len(s) >= _FEWEST_LINES and _shows_numbers(s, _NUMBER)]
    rests = [s for s in stretches if 0 < len(s) < _FEWEST_LINES and tables and _shows_numbers(s, _DIGITS)]
    for stretch in (*tables, *rests):
        counts = Counter(map(len, stretch.values()))
        usual, times = counts.most_common(1)[0]
        keeps_ends = any(not fields[-1] for fields in stretch.values())
        even = keeps_ends and usual == min(counts) and 2 * times > len(stretch)
        for at, fields in stretch.items():
            if even and len(fields) == usual:
                found[at] = fields
            elif mark != "," or not _may_be_thousands(fields):
                found[at] = tuple(field for field in fields if field)
    return found


def _shows_numbers(stretch: Mapping[int, Sequence[str]], number: re.Pattern[str]) -> bool:
    return 2 * sum(any(map(number.fullmatch, fields)) for fields in stretch.values()) >= len(stretch)


def _stretches(lines: Sequence[str], mark: str) -> Iterator[dict[int, tuple[str, ...]]]:
    """Lines with the mark that follow each other, with nothing but empty lines between them."""
    stretch: dict[int, tuple[str, ...]] = {}
    for at, line in enumerate(lines):
        fields = _fields(line, mark) if mark in line and "\t" not in line and "|" not in line else ()
        if len(fields) > 1 and max(map(len, fields)) <= _LONGEST_FIELD:
            stretch[at] = fields
        elif line.strip():
            yield stretch
            stretch = {}
    yield stretch


def _fields(line: str, mark: str) -> tuple[str, ...]:
    """A line cut at the marks outside of brackets and double quotes; at all marks where those do not close."""
    fields, depth, quoted = [""], 0, False
    for letter in line:
        if letter == mark and depth == 0 and not quoted:
            fields.append("")
            continue
        if letter == '"':
            quoted = not quoted
            continue
        depth += (letter in _OPEN) - (letter in _CLOSE)
        fields[-1] += letter
    closed = depth == 0 and not quoted
    return tuple(field.strip() for field in (fields if closed else line.split(mark)))


def _may_be_thousands(fields: Sequence[str]) -> bool:
    return any(_THOUSANDS_END.search(left) and _THOUSANDS_GO_ON.match(right) for left, right in pairwise(fields))
