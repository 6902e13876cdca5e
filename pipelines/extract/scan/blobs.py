"""The ink of a cell, blob by blob: how many letters it can be, and where dots and dashes stand."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from pipelines.extract.scan.networks import Gray

TALL = 0.42
"""Shares of the type size: a digit or letter is at least as high, a dash as wide, a dot as large."""
DASH = 0.2
DOT = 0.07
WIDTH_OF_DIGIT = 0.6


@dataclass(frozen=True, slots=True)
class Blob:
    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Blobs:
    """Sorted from left to right; `size` is the type size in pixels."""

    tall: tuple[Blob, ...]
    dashes: tuple[Blob, ...]
    dots: tuple[Blob, ...]
    size: float

    @property
    def marks(self) -> tuple[Blob, ...]:
        """What cannot be dirt."""
        return self.tall + self.dashes


def blobs_of(ink: Gray, size: float) -> Blobs:
    """The blobs of a piece of an ink picture (255 is ink)."""
    count, _, boxes, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    tall, dashes, dots = [], [], []
    for i in range(1, count):
        left, top, width, height, area = (int(v) for v in boxes[i])
        blob = Blob(left, top, left + width, top + height)
        if height >= TALL * size and area >= 0.06 * size * size * TALL:
            tall.append(blob)
        elif width >= DASH * size and width > 1.4 * height:
            dashes.append(blob)
        elif max(width, height) >= DOT * size and area >= 3:
            dots.append(blob)
    return Blobs(_from_left(tall), _from_left(dashes), _from_left(dots), size)


def _from_left(blobs: list[Blob]) -> tuple[Blob, ...]:
    return tuple(sorted(blobs, key=lambda blob: blob.left))


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


def doubts(text: str, blobs: Blobs) -> str | None:
    """How the ink contradicts a text of one line of digits, signs, points; None where it does not."""
    digits = sum(letter.isdigit() for letter in text)
    most = sum(max(1, round(blob.width / (WIDTH_OF_DIGIT * blobs.size) + 0.25)) for blob in blobs.tall)
    if len(blobs.tall) > digits:
        return "more blobs than digits"
    if most < digits:
        return "fewer blobs than digits"
    signs = sum(letter in "+-" for letter in text)
    if len(blobs.dashes) > signs:
        return "a dash that was not read"
    if "-" in text and not blobs.dashes:
        return "no dash"
    points = sum(letter in ".," for letter in text)
    if points > len(blobs.dots) and most <= digits:
        return "no point"
    if len(between(blobs)) > points:
        return "a point that was not read"
    return None


def between(blobs: Blobs) -> list[Blob]:
    """Dots that stand low between two digits, as a decimal point or a comma does."""
    found = []
    for dot in blobs.dots:
        before = [b for b in blobs.tall if b.right <= dot.left + 0.1 * blobs.size]
        behind = [b for b in blobs.tall if b.left >= dot.right - 0.1 * blobs.size]
        if not before or not behind:
            continue
        foot = float(np.median([b.bottom for b in blobs.tall]))
        if dot.bottom > foot - 0.15 * blobs.size and dot.top < foot + 0.1 * blobs.size:
            found.append(dot)
    return found


def dirt(blobs: Blobs) -> list[Blob]:
    """Dots that stand where no point or comma of a number does."""
    return [dot for dot in blobs.dots if not any(_follows(dot, blob, blobs.size) for blob in blobs.tall)]


def _follows(dot: Blob, blob: Blob, size: float) -> bool:
    """Whether a dot stands at the foot of a letter, close on either side of it."""
    gap = max(dot.left - blob.right, blob.left - dot.right)
    return gap < 0.4 * size and abs(dot.bottom - blob.bottom) < 0.22 * size
