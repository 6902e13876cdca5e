"""Numbers with spaces inside, in fields of flattened tables: one number with a space for its thousands, or two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipelines.read.numbers import UNREADABLE
from pipelines.read.runs import Run
from pipelines.read.words import SPELLED_BLANK

_SPACED = re.compile(rf"(?:[+-]?\d[\d.]*|{SPELLED_BLANK})(?:\s+(?:\d[\d.]*|{SPELLED_BLANK}))+")
_UNPARTED = re.compile(r"[+-]?\d{4,}(?:\.\d+)?")


def part_spaced(stretches: Sequence[Run]) -> None:
    """Makes numbers with a space inside unreadable where the table does not write all its thousands so: where another
    field holds what can only be two numbers, or a number of four digits and more has no space."""
    values = [value for run in stretches for value in run.values]
    spaced = [value for value in values if _SPACED.fullmatch(value.raw.strip())]
    two = any(value.number.status == "unreadable" for value in spaced) or any(
        _SPACED.fullmatch(run.last_text.strip()) for run in stretches
    )
    if not spaced or not (two or any(_UNPARTED.fullmatch(value.raw.strip()) for value in values)):
        return
    for run in stretches:
        run.values = [
            replace(value, number=UNREADABLE) if _SPACED.fullmatch(value.raw.strip()) else value for value in run.values
        ]
