"""Values among those of flattened rows that are none of the forms' or may be no part of their row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipelines.model import Paragraph
from pipelines.read.numbers import BLANK
from pipelines.read.runs import Run

_SHARE = re.compile(r"[+-]?\d{1,4}(?:\.\d{1,4})? ?[%％]")
_FEWEST_SHARES = 3
_GLUED = re.compile(r"\d{1,20}[-—–/]+")
_FEW = 4
"""A line of a number without a pipe is a stray where so many times as many lines of numbers have one."""


def without_shares(stretches: Sequence[Run]) -> None:
    """Makes the fields of a column of percentages empty ones: no form has one. One percentage alone stays what it is, a
    value that cannot be read."""
    shares = [v for run in stretches if run.parted for v in run.values if _SHARE.fullmatch(v.raw.strip())]
    if len(shares) < _FEWEST_SHARES:
        return
    for run in stretches:
        if run.parted:
            run.values = [
                replace(value, number=BLANK, raw="") if _SHARE.fullmatch(value.raw.strip()) else value
                for value in run.values
            ]


def doubt_strays(stretches: Sequence[Run], lines: Sequence[Paragraph]) -> None:
    """Marks as broken the rows with a number on a line without a pipe where almost all such lines have one, and those
    of words with a number that runs into a mark for nothing: it may be two values."""
    bare = {line.index for line in lines if "|" not in line.text}
    numbers = [v for run in stretches if len({v.place.block for v in run.values}) > 1 for v in run.values]
    strays = {v.place.block for v in numbers if v.place.block in bare}
    told = len(strays) * _FEW <= len({v.place.block for v in numbers})
    for run in stretches:
        among_pipes = told and any(value.place.block in strays for value in run.values)
        glued = not run.parted and any(_GLUED.fullmatch(value.raw) for value in run.values)
        run.broken = run.broken or among_pipes or glued
