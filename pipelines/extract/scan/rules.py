"""Ruled lines of an upright picture, as strokes in points."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.extract.marks import Bools, Floats
from pipelines.extract.scan.networks import Gray
from pipelines.extract.scan.paper import Paper

LONG_ACROSS = 20.0
LONG_DOWN = 10.5
"""Points that a rule is at least long; strokes of letters are shorter or touch no other rule."""
LONG_FAINT = 8.5
"""The same down the page for faint rules, which end a little before those that they cross."""
SURELY_LONG = (110.0, 60.0)
"""Points of a stroke that is no letter's, nor, across the page, that of letters side by side."""
NARROWEST = 60.0
"""Points; the least width of a table."""
MEETING = 1.4
"""Points: rules end at other rules, letters keep away from them."""
BEYOND = 4.0
"""Points that a rule may run on behind the one at which it ends."""
THICKEST = 5.0
APART = (2.5, 0.7)
"""Points that the pieces of one rule are at most apart, along it (noise, or a rule that it crosses, parted them) and
across it."""
DOT = 1.5
"""Points over which the dots of a rule are a line."""
BESIDE = 1.6
"""Points from the middle of a rule to the paper on both sides."""
DARKEST = 12.0
"""No pixel says more for a rule, so that letters, dark but with gaps, say less than a faint line without."""
RUN = ((20.0, 6.0), (10.0, 6.5))
END = (4.0, 4.0)
"""Over so many points a faint rule is, on average, so much darker than the paper on both sides, across (lines of
letters run so too) and down; and less at its ends."""
BREAK = (1.0, 0.4)
LETTER = (12.0, 0.0)
"""Where it is over so many points less than that share as dark as around, it ends: letters stand between paper. Across
the page, where noise would break long rules, only if it is so dark around."""
DARK = 100.0


def ink_of(paper: Paper, darker: float = 22.0) -> Gray:
    """255 where a pixel is darker than its surroundings, else 0."""
    block = max(11, round(16 / paper.scale)) | 1
    return np.asarray(
        cv2.adaptiveThreshold(paper.picture, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, block, darker),
        dtype=np.uint8,
    )


def ruled_strokes(paper: Paper) -> tuple[Floats, Floats]:
    """Strokes across and strokes down, as rows of (left, top, right, bottom) in points."""
    ink = ink_of(paper, 14.0)
    across, down = (
        _with_joined(_strokes(_lines(paper, ink, along, dark, faint), paper.scale, along), along)
        for along, dark, faint in ((0, LONG_ACROSS, LONG_ACROSS), (1, LONG_DOWN, LONG_FAINT))
    )
    while True:
        keep_down = _anchored(down, across, 1)
        keep_across = _anchored(across, down[keep_down], 0)
        if keep_down.all() and keep_across.all():
            across, down = _whole(across, 0), _whole(down, 1)
            large = _in_large_figures(np.concatenate([across, down]))
            return across[large[: len(across)]], down[large[len(across) :]]
        across, down = across[keep_across], down[keep_down]


def _lines(paper: Paper, ink: Gray, along: int, dark: float, faint: float) -> Gray:
    """255 where a rule runs across (0) or down (1) the page, so many points long if it is dark, or faint."""
    return np.maximum(_long(ink, paper.scale, along, dark), _long(_faint(paper, along), paper.scale, along, faint))


def _faint(paper: Paper, along: int) -> Gray:
    """255 where a thin line runs across (0) or down (1) the page, be it dotted or hardly darker than noise."""
    picture = paper.picture if along == 0 else np.ascontiguousarray(paper.picture.T)

    def pixels(points: float) -> int:
        return max(3, round(points / paper.scale)) | 1

    even = cv2.blur(picture.astype(np.float32), (pixels(DOT), 3))
    beside = max(2, round(BESIDE / paper.scale))
    lightest = np.minimum(np.roll(even, beside, 0), np.roll(even, -beside, 0))
    raw = np.clip(lightest - even, -DARKEST, DARK)
    darker = np.minimum(raw, DARKEST)
    run, end = (cv2.blur(darker, (pixels(over), 1)) > least for over, least in (RUN[along], END))
    around = np.maximum(cv2.blur(raw, (pixels(RUN[along][0]), 1)), END[1])
    unbroken = (around < LETTER[along]) | (cv2.blur(raw, (pixels(BREAK[0]), 1)) > BREAK[1] * around)
    near = cv2.dilate(run.astype(np.uint8), np.ones((1, pixels(RUN[along][0])), np.uint8)) > 0
    found = np.where((run | (near & end)) & unbroken, 255, 0).astype(np.uint8)
    return found if along == 0 else np.ascontiguousarray(found.T)


def _long(ink: Gray, scale: float, along: int, least: float) -> Gray:
    """The ink that runs on for so many points. `along` 0: across the page, 1: down the page."""
    length = max(5, round(least / scale))
    gap = max(3, round(1.0 / scale)) | 1

    def shape(run: int, breadth: int) -> NDArray[np.uint8]:
        return np.ones((breadth, run) if along == 0 else (run, breadth), np.uint8)

    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, shape(gap, 1))
    thick = cv2.dilate(closed, shape(1, 3))
    return np.asarray(cv2.morphologyEx(thick, cv2.MORPH_OPEN, shape(length, 1)), dtype=np.uint8)


def _strokes(lines: Gray, scale: float, along: int) -> Floats:
    """`along` 0: across the page, 1: down the page."""
    count, _, boxes, centres = cv2.connectedComponentsWithStats(lines, connectivity=8)
    found: list[tuple[float, float, float, float]] = []
    for i in range(1, count):
        left, top, width, height, area = (int(v) for v in boxes[i])
        run, breadth = (width, height) if along == 0 else (height, width)
        if area / run * scale > THICKEST or breadth * scale > 3 * THICKEST:
            continue
        middle = float(centres[i][1 - along]) + 0.5
        if along == 0:
            found.append((left, middle, left + width, middle))
        else:
            found.append((middle, top, middle, top + height))
    return np.array(found, dtype=np.float64).reshape(-1, 4) * scale


def _with_joined(strokes: Floats, along: int) -> Floats:
    """The strokes, and what those make together that may be pieces of one rule."""
    across = 1 - along
    chains: list[list[int]] = []
    for i in np.argsort(strokes[:, along]).tolist():
        for chain in chains:
            last = strokes[chain[-1]]
            gap, aside = strokes[i, along] - last[along + 2], abs(strokes[i, across] - last[across])
            if 0 <= gap <= APART[0] and aside <= APART[1]:
                chain.append(i)
                break
        else:
            chains.append([i])
    joined = [strokes]
    for pieces in (strokes[chain] for chain in chains if len(chain) > 1):
        whole = np.average(pieces, axis=0, weights=pieces[:, along + 2] - pieces[:, along])
        whole[along], whole[along + 2] = pieces[0, along], pieces[-1, along + 2]
        joined.append(whole[None])
    return np.concatenate(joined)


def _whole(strokes: Floats, along: int) -> Floats:
    """The strokes without the pieces of others among them."""
    across = 1 - along
    begin, end, place = strokes[:, along], strokes[:, along + 2], strokes[:, across]
    inside = (begin[:, None] >= begin) & (end[:, None] <= end) & (np.abs(place[:, None] - place) <= APART[1])
    first = np.tri(len(strokes), dtype=bool)
    piece: Bools = (inside & ~(inside.T & first.T)).any(axis=1)
    return strokes[~piece]


def _anchored(strokes: Floats, others: Floats, along: int) -> Bools:
    """Whether each stroke is too long for a letter's, or ends at rules of the other way at both its ends."""
    across = 1 - along
    keep: Bools = (strokes[:, along + 2] - strokes[:, along]) >= SURELY_LONG[along]
    if len(others) == 0 or len(strokes) == 0:
        return keep
    position = strokes[:, across][:, None]
    passes = (others[:, across][None] - MEETING <= position) & (position <= others[:, across + 2][None] + MEETING)
    inward = [(others[:, along][None] - strokes[:, end][:, None]) * way for end, way in ((along, 1), (along + 2, -1))]
    begins, ends = (((far >= -MEETING) & (far <= BEYOND) & passes).any(axis=1) for far in inward)
    return np.asarray(keep | (begins & ends))


def _in_large_figures(strokes: Floats) -> Bools:
    """Whether each stroke belongs to a figure of touching strokes that is larger than letters are."""
    large: Bools = np.zeros(len(strokes), dtype=bool)
    left: Bools = np.ones(len(strokes), dtype=bool)
    while left.any():
        figure: Bools = np.zeros(len(strokes), dtype=bool)
        figure[np.flatnonzero(left)[0]] = True
        reached = figure
        while reached.any():
            boxes = strokes[reached][:, None] + np.array([-MEETING, -MEETING, MEETING, MEETING])
            touching = (boxes[..., :2] <= strokes[None, :, 2:]).all(axis=2)
            touching &= (strokes[None, :, :2] <= boxes[..., 2:]).all(axis=2)
            reached = np.asarray(touching.any(axis=0) & ~figure)
            figure = np.asarray(figure | reached)
        members = strokes[figure]
        if members[:, 2].max() - members[:, 0].min() >= NARROWEST:
            large |= figure
        left &= ~figure
    return large


def without_rules(paper: Paper, strokes: Floats) -> Gray:
    """The picture with its rules painted over in white."""
    clean = paper.picture.copy()
    reach = max(1, round(0.9 / paper.scale))
    for left, top, right, bottom in (strokes / paper.scale).tolist():
        x0, y0 = int(left) - reach, int(top) - reach
        x1, y1 = int(np.ceil(right)) + reach, int(np.ceil(bottom)) + reach
        x0, y0 = max(x0, 0), max(y0, 0)
        clean[y0:y1, x0:x1] = 255
    return clean
