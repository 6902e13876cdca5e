"""What tables by word positions are made of: pieces of text, blocks of them, bands that they share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]
Interval = tuple[float, float]

SAME_ROW = 0.4
"""Baselines nearer than this share of the height are one row's."""
SOLID = 1.42
"""Lines set solid are no farther apart, in heights."""


class UncertainError(Exception):
    """The words do not say which cell they belong to."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A word, or words of one cell, on one line."""

    page: int
    y: float
    height: float
    left: float
    right: float
    text: str
    box: Box


Row = tuple[float, list[Piece]]
"""The height at which a row of values stands, and its values."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Pieces under one another that are one cell."""

    pieces: tuple[Piece, ...]
    left: float
    right: float
    middle: float

    @property
    def text(self) -> str:
        return self.pieces[0].text if len(self.pieces) == 1 else "\n".join(p.text for p in self.pieces)

    @property
    def box(self) -> Box:
        if len(self.pieces) == 1:
            return self.pieces[0].box
        mine = [p.box for p in self.pieces if p.page == self.pieces[0].page]
        return min(b[0] for b in mine), min(b[1] for b in mine), max(b[2] for b in mine), max(b[3] for b in mine)


def block_of(pieces: Sequence[Piece]) -> Block:
    """The block of pieces that are given from top to bottom."""
    first, last = pieces[0], pieces[-1]
    if first is last:
        return Block((first,), first.left, first.right, first.y)
    left, right = min(p.left for p in pieces), max(p.right for p in pieces)
    return Block(tuple(pieces), left, right, (first.y + last.y) / 2)


def united(intervals: Iterable[Interval]) -> list[Interval]:
    """Intervals that overlap, united; a wide one over several does not unite them."""
    bands: list[Interval] = []
    for left, right in sorted(intervals, key=lambda i: i[1] - i[0]):
        touched = [band for band in bands if left < band[1] and right > band[0]]
        if not touched:
            bands.append((left, right))
        elif len(touched) == 1:
            bands.remove(touched[0])
            wider = min(left, touched[0][0]), max(right, touched[0][1])
            others_touched = any(wider[0] < band[1] and wider[1] > band[0] for band in bands)
            bands.append(touched[0] if others_touched else wider)
    return sorted(bands)


def over(bands: Sequence[Interval], left: float, right: float) -> tuple[int, int] | None:
    """First and last band under an interval."""
    touched = [i for i, band in enumerate(bands) if left < band[1] and right > band[0]]
    return (touched[0], touched[-1]) if touched else None


def same_middle(a: Piece, b: Piece) -> bool:
    tolerance = 0.3 * a.height
    middles = abs((a.left + a.right) - (b.left + b.right)) / 2 < tolerance
    return middles or abs(a.left - b.left) < tolerance or abs(a.right - b.right) < tolerance


def levels(middles: list[float], height: float) -> list[float]:
    levels: list[float] = []
    for middle in sorted(middles):
        if not levels or middle - levels[-1] > SAME_ROW * height:
            levels.append(middle)
    return levels
