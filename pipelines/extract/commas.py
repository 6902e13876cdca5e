"""Rows of a table as lines of values with commas between them, in the middle of other text and without quotes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

_OPEN, _CLOSE = "（([【〔", "）)]】〕"
_NUMBER = re.compile(r"\s*(?:[+-]?\d+(?:\.\d+)?|[/—-]*)\s*")
_THOUSANDS_END = re.compile(r"(?<!\d)[1-9]\d{0,2}\s*\Z")
_THOUSANDS_GO_ON = re.compile(r"\s*\d{3}(?!\d)")
_LONGEST_FIELD = 60
_FEWEST_LINES = 3


def comma_fields(lines: Sequence[str]) -> dict[int, tuple[str, ...]]:
    """The fields of those lines that commas part, by the line's place.

    A line counts only among others: three or more in a row, half of them with a number or an empty field. A comma in
    brackets parts nothing. A comma that may be one of thousands (1,234) parts its line where no line has fewer fields,
    most have as many, and some end in an empty one; else such a line is left as it is, since nothing says how many
    numbers it holds. Where lines have lost their last empty fields, the other empty ones do not keep their places and
    are left out.
    """
    found: dict[int, tuple[str, ...]] = {}
    for stretch in _stretches(lines):
        if len(stretch) < _FEWEST_LINES:
            continue
        if 2 * sum(any(map(_NUMBER.fullmatch, fields)) for fields in stretch.values()) < len(stretch):
            continue
        counts = Counter(map(len, stretch.values()))
        usual, times = counts.most_common(1)[0]
        keeps_ends = any(not fields[-1] for fields in stretch.values())
        even = keeps_ends and usual == min(counts) and 2 * times > len(stretch)
        for at, fields in stretch.items():
            if even and len(fields) == usual:
                found[at] = fields
            elif not _may_be_thousands(fields):
                found[at] = tuple(field for field in fields if field)
    return found


def _stretches(lines: Sequence[str]) -> Iterator[dict[int, tuple[str, ...]]]:
    """Lines with commas that follow each other, with nothing but empty lines between them."""
    stretch: dict[int, tuple[str, ...]] = {}
    for at, line in enumerate(lines):
        fields = _fields(line) if "," in line and "\t" not in line and "|" not in line else ()
        if len(fields) > 1 and max(map(len, fields)) <= _LONGEST_FIELD:
            stretch[at] = fields
        elif line.strip():
            yield stretch
            stretch = {}
    yield stretch


def _fields(line: str) -> tuple[str, ...]:
    """A line cut at the commas outside of brackets and double quotes; at all commas where those do not close."""
    fields, depth, quoted = [""], 0, False
    for letter in line:
        if letter == "," and depth == 0 and not quoted:
            fields.append("")
            continue
        if letter == '"':
            quoted = not quoted
            continue
        depth += (letter in _OPEN) - (letter in _CLOSE)
        fields[-1] += letter
    closed = depth == 0 and not quoted
    return tuple(field.strip() for field in (fields if closed else line.split(",")))


def _may_be_thousands(fields: Sequence[str]) -> bool:
    return any(_THOUSANDS_END.search(left) and _THOUSANDS_GO_ON.match(right) for left, right in pairwise(fields))
