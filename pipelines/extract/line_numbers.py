"""Texts in which every line begins with its own number, as tools print files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

_NUMBERED = re.compile(r"[ \t]{0,12}(\d{1,6})(?:[:\t|│]|  |$)")
_FEWEST = 20


def without_line_numbers(lines: Sequence[str]) -> list[str]:
    """The lines without their numbers, if all that show something have one and each is one more than the one before it,
    blank lines counted or not; else the lines as they are."""
    found = [(at, _NUMBERED.match(line)) for at, line in enumerate(lines) if line.strip()]
    numbers = [(at, int(match[1])) for at, match in found if match]
    if len(numbers) < max(len(found), _FEWEST):
        return list(lines)
    if any(next_number - number not in (1, next_at - at) for (at, number), (next_at, next_number) in pairwise(numbers)):
        return list(lines)
    bare = list(lines)
    for at, match in found:
        if match:
            bare[at] = lines[at][match.end() :]
    return bare
