"""The ink of a cell, blob by blob: how many letters it can be, and where dots and dashes stand."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.extract.scan.networks import Gray

TALL = 0.42
"""Shares of the type size: a digit or letter is at least as high, a dash as wide, a dot as large."""
DASH = 0.2
DOT = 0.07
FLAT = 1.25
STUB = 0.15
"""A dash that noise made as high as it is wide is at least so wide."""
DARK = 0.5
"""How dark a dash or dot must be beside the letters; PRINT is how dark those are where there are none."""
PRINT = 110.0
CLOSE = 0.4
WIDE = 1.0
"""Shares of the type size: a point is so close to a letter; a full-width one so close to the letters on both sides."""

SLASH = 0.2
"""What leans more is no 1, and a slash if it is straight."""
STRAIGHT = 0.04

NO_POINT = "no point"
NO_SUCH_POINT = "a comma for a point"
OTHER_LINES = "other lines"
SLANTED = "a slash"
LOST_POINT = "a point that was not read"
LOST_DASH = "a dash that was not read"
NO_ROOM = "a point without room"
TWO_NUMBERS = "digits far apart"
DECISIVE = (SLANTED, LOST_POINT, LOST_DASH, NO_SUCH_POINT, NO_ROOM, TWO_NUMBERS)
"""Contradictions that no number of readings outvotes."""
TAIL = (0.21, 0.04)
ROUND = (0.19, 0.02)
"""A comma is at least as high and reaches so far below the digits, a point at most; what lies between is either."""
ROOM = 0.13
"""So much farther apart than others are two digits with a point between them, half of what a narrow point takes."""
LINE_HEIGHTS = (0.5, 1.1)
"""A line of digits is so high; one that is not may be two or a half."""
WIDTH_OF_DIGIT = 0.6
APART = 0.7
"""Digits of one number without a point between them are no farther apart, in type sizes; those of two columns are."""


@dataclass(frozen=True, slots=True)
class Blob:
    left: int
    top: int
    right: int
    bottom: int
    slant: float = 0.0
    """How far it leans to the right from foot to head, by its height."""
    bend: float = 1.0
    """How far its rows lie beside a straight line, on average, by its height."""

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Blobs:
    """Sorted from left to right: letters, dashes and dots of the text, other marks near its letters, and what is dirt;
    `size` is the type size in pixels."""

    tall: tuple[Blob, ...]
    dashes: tuple[Blob, ...]
    dots: tuple[Blob, ...]
    near: tuple[Blob, ...]
    dirt: tuple[Blob, ...]
    size: float

    @property
    def marks(self) -> tuple[Blob, ...]:
        """What cannot be dirt."""
        return self.tall + self.dashes


def blobs_of(ink: Gray, picture: Gray, size: float) -> Blobs:
    """The blobs of a piece of a picture and its ink (255 is ink)."""
    count, marked, boxes, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    tall, dashes, dots, dirt = [], [], [], []
    dark: dict[Blob, float] = {}
    for i in range(1, count):
        left, top, width, height, area = (int(v) for v in boxes[i])
        blob = Blob(left, top, left + width, top + height)
        here = marked[top : top + height, left : left + width] == i
        dark[blob] = 255.0 - float(picture[top : top + height, left : left + width][here].mean())
        if height >= TALL * size and area >= 0.06 * size * size * TALL:
            slant, bend = _line_through(here)
            tall.append(replace(blob, slant=slant, bend=bend))
            dark[tall[-1]] = dark[blob]
        elif width >= DASH * size and width > FLAT * height:
            dashes.append(blob)
        elif max(width, height) >= DOT * size and area >= 3:
            dots.append(blob)
        else:
            dirt.append(blob)
    least = DARK * (float(np.median([dark[blob] for blob in tall])) if tall else PRINT)
    signs = [b for b in dashes if dark[b] >= least and (not tall or _beside(b, tall, size))]
    points = [b for b in dots if dark[b] >= least and _at_a_foot(b, tall, size)]
    others = [b for b in (*dashes, *dots) if b not in signs and b not in points]
    near = [b for b in others if dark[b] >= least and _is_near(b, tall, size)]
    dirt += [b for b in others if b not in near]
    return Blobs(_from_left(tall), _from_left(signs), _from_left(points), _from_left(near), _from_left(dirt), size)


def _from_left(blobs: list[Blob]) -> tuple[Blob, ...]:
    return tuple(sorted(blobs, key=lambda blob: blob.left))


def _line_through(ink: NDArray[np.bool_]) -> tuple[float, float]:
    """Slant and bend."""
    rows, columns = np.nonzero(ink)
    spread = float(rows.var())
    if not spread:
        return 0.0, 1.0
    slant = -float(((rows - rows.mean()) * (columns - columns.mean())).mean()) / spread
    heights = np.arange(ink.shape[0])
    middles = np.bincount(rows, columns, minlength=len(heights)) / np.maximum(
        np.bincount(rows, minlength=len(heights)), 1
    )
    line = columns.mean() - slant * (heights - rows.mean())
    return slant, float(np.abs(middles - line).mean()) / ink.shape[0]


def is_slash(blobs: Blobs) -> bool:
    """Whether all there is is one straight slanted stroke."""
    if len(blobs.tall) != 1 or blobs.dashes:
        return False
    (blob,) = blobs.tall
    return blob.slant > SLASH and blob.bend < STRAIGHT and blob.width < blob.height


def begins_with_dash(blobs: Blobs) -> bool:
    """Whether a dash stands before the first letter, and no dot does."""
    if not blobs.tall or not blobs.dashes:
        return False
    first = blobs.tall[0].left
    return blobs.dashes[0].left < first and all(dot.left >= first for dot in blobs.dots)


def is_dash(blobs: Blobs, height: int, width: int) -> bool:
    """Whether all there is is one dash, well inside a piece of that size."""
    if blobs.tall or blobs.dots or len(blobs.dashes) != 1:
        return False
    (dash,) = blobs.dashes
    return height / 4 < (dash.top + dash.bottom) / 2 < height * 3 / 4 and dash.left >= 2 and dash.right <= width - 2


def _beside(dash: Blob, tall: list[Blob], size: float) -> bool:
    """Whether a dash stands at a letter's middle, close on either side of it."""
    middle = (dash.top + dash.bottom) / 2
    return any(
        max(dash.left - b.right, b.left - dash.right) < 0.5 * size
        and b.top + 0.15 * b.height < middle < b.bottom - 0.1 * b.height
        for b in tall
    )


def _is_near(mark: Blob, tall: list[Blob], size: float) -> bool:
    """Whether a mark stands so close to a letter that it may belong to the text, whatever it is."""
    return any(
        max(mark.left - b.right, b.left - mark.right) < 0.35 * size and mark.top < b.bottom and mark.bottom > b.top
        for b in tall
    )


def _at_a_foot(dot: Blob, tall: list[Blob], size: float) -> bool:
    """Whether a dot stands at a letter's foot, as a decimal point or a comma does: close on either side of it, or
    between two, each no farther than a full-width point leaves them."""
    level = [b for b in tall if abs(dot.bottom - b.bottom) < 0.22 * size and dot.top < b.bottom]
    before = min((dot.left - b.right for b in level if b.left < dot.left), default=math.inf)
    behind = min((b.left - dot.right for b in level if b.left >= dot.left), default=math.inf)
    return min(before, behind) < CLOSE * size or max(before, behind) < WIDE * size


def bands(blobs: Blobs, tallest: int) -> list[tuple[int, int]]:
    """Top and bottom of each line of marks, in a piece `tallest` pixels high."""
    rows = np.zeros(tallest + 1, dtype=bool)
    for blob in blobs.marks:
        rows[blob.top : blob.bottom] = True
    edges = np.flatnonzero(np.diff(np.concatenate(([False], rows, [False]))))
    found: list[tuple[int, int]] = []
    for top, bottom in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        thin = bottom - top < TALL * blobs.size or (found and found[-1][1] - found[-1][0] < TALL * blobs.size)
        if found and thin and bottom - found[-1][0] < 1.15 * blobs.size:
            found[-1] = found[-1][0], bottom
        else:
            found.append((top, bottom))
    return found


def doubts(text: str, blobs: Blobs, lines: list[tuple[int, int]]) -> str | None:
    """How the ink, which stands in these `bands`, contradicts a text of digits, signs, points; None where it does not
    or where its lines cannot be told apart."""
    shown = text.split("\n")
    if len(lines) == 1:
        return _doubts_of_line(text, blobs) if len(shown) == 1 else None
    low, high = (share * blobs.size for share in LINE_HEIGHTS)
    if not all(low <= bottom - top <= high for top, bottom in lines):
        return None
    if len(shown) != len(lines):
        return OTHER_LINES
    found = (_doubts_of_line(line, _within(blobs, *band)) for line, band in zip(shown, lines, strict=True))
    return next((doubt for doubt in found if doubt), None)


def _within(blobs: Blobs, top: int, bottom: int) -> Blobs:
    """The blobs whose middle lies on a line, or right below it as a comma's does."""
    low = bottom + 0.2 * blobs.size

    def there(found: tuple[Blob, ...]) -> tuple[Blob, ...]:
        return tuple(blob for blob in found if top <= (blob.top + blob.bottom) / 2 < low)

    return Blobs(
        there(blobs.tall), there(blobs.dashes), there(blobs.dots), there(blobs.near), there(blobs.dirt), blobs.size
    )


def _doubts_of_line(text: str, blobs: Blobs) -> str | None:
    if _is_parted(blobs):
        return TWO_NUMBERS
    if _is_other_point(text, blobs):
        return NO_SUCH_POINT
    digits = sum(letter.isdigit() for letter in text)
    most = sum(max(1, round(blob.width / (WIDTH_OF_DIGIT * blobs.size) + 0.25)) for blob in blobs.tall)
    if len(blobs.tall) > digits:
        return "more blobs than digits"
    if most < digits:
        return "fewer blobs than digits"
    signs = sum(letter in "+-" for letter in text)
    dashes = (*blobs.dashes, *_stubs(blobs))
    if len(dashes) > signs:
        return LOST_DASH
    shown = [letter for letter in text if letter.isdigit()]
    if len(shown) == len(blobs.tall) and any(
        letter == "1" and blob.slant > SLASH for letter, blob in zip(shown, blobs.tall, strict=True)
    ):
        return SLANTED
    if "-" in text and not dashes:
        return "no dash"
    points = sum(letter in ".," for letter in text)
    if points > len(blobs.dots) and most <= digits:
        return NO_POINT
    if len(between(blobs)) > points:
        return LOST_POINT
    return NO_ROOM if points and len(blobs.tall) == digits and _is_squeezed(blobs) else None


def _stubs(blobs: Blobs) -> list[Blob]:
    """Marks that stand as a sign does, before the first letter and at its middle."""
    if not blobs.tall:
        return []
    first = blobs.tall[0]
    return [
        dot
        for dot in (*blobs.dots, *blobs.near)
        if dot.width >= STUB * blobs.size
        and dot.right <= first.left + 0.1 * blobs.size
        and first.top + 0.3 * first.height < (dot.top + dot.bottom) / 2 < first.bottom - 0.25 * first.height
    ]


def _is_parted(blobs: Blobs) -> bool:
    """Whether letters stand so far apart that they are two numbers: the rule between two cells was not seen."""
    return any(
        right.left - left.right > APART * blobs.size
        and not any(left.right <= dot.left and dot.right <= right.left for dot in blobs.dots)
        for left, right in pairwise(blobs.tall)
    )


def _is_squeezed(blobs: Blobs) -> bool:
    """Whether a dot stands between two digits that are no farther apart than those without one."""
    dots = [(dot.left + dot.right) / 2 for dot in between(blobs)]
    middles = [(b.left + b.right) / 2 for b in blobs.tall]
    parted: list[float] = []
    free: list[float] = []
    for left, right in pairwise(middles):
        (parted if any(left < dot < right for dot in dots) else free).append(right - left)
    return bool(free) and any(step < float(np.median(free)) + ROOM * blobs.size for step in parted)


def _is_other_point(text: str, blobs: Blobs) -> bool:
    """Whether a comma of the text is a point as its ink shows it, or a point a comma."""
    marks, shown = [letter for letter in text if letter in ".,"], between(blobs)
    if not marks or len(marks) != len(shown):
        return False
    return any(kind not in ("", mark) for mark, kind in zip(marks, _kinds(shown, blobs), strict=True))


def _kinds(points: list[Blob], blobs: Blobs) -> list[str]:
    """For each dot between digits, whether its shape is that of a comma or a point; empty where it may be either."""
    foot = float(np.median([b.bottom for b in blobs.tall]))
    kinds = []
    for dot in points:
        height, below = dot.height / blobs.size, (dot.bottom - foot) / blobs.size
        if height >= TAIL[0] and below >= TAIL[1]:
            kinds.append(",")
        else:
            kinds.append("." if height <= ROUND[0] and below <= ROUND[1] else "")
    return kinds


def between(blobs: Blobs) -> list[Blob]:
    """Dots that stand low between two digits, as a decimal point or a comma does."""
    found = []
    for dot in blobs.dots:
        before = [b for b in blobs.tall if b.right <= dot.left + 0.1 * blobs.size]
        behind = [b for b in blobs.tall if b.left >= dot.right - 0.1 * blobs.size]
        if not before or not behind:
            continue
        foot = float(np.median([b.bottom for b in blobs.tall]))
        if dot.bottom > foot - 0.15 * blobs.size and dot.top < foot:
            found.append(dot)
    return found
