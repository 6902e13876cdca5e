"""Numbers in lines outside of tables, read twice: digits that the readings do not share become question marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipelines.extract.scan.recognise import Reading

UNSURE = "?"

_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*")


def shows_number(reading: Reading) -> bool:
    return _NUMBER.search(reading.text) is not None


def agreed(first: Reading, others: Sequence[Reading]) -> Reading:
    """The first reading, letter for letter; numbers that some other reading does not have in their place become
    question marks."""
    own = list(_NUMBER.finditer(first.text))
    doubtful: set[int] = set()
    for other in others:
        theirs = _NUMBER.findall(other.text)
        if len(theirs) != len(own):
            doubtful.update(range(len(own)))
        else:
            doubtful.update(i for i, number in enumerate(own) if number.group() != theirs[i])
    letters = list(first.text)
    for i in doubtful:
        for place in range(*own[i].span()):
            letters[place] = UNSURE
    return replace(first, text="".join(letters))
