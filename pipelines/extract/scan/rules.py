"""Ruled lines of an upright picture, as strokes in points."""

from __future__ import annotations

import cv2
import numpy as np

from pipelines.extract.marks import Bools, Floats
from pipelines.extract.scan.networks import Gray
from pipelines.extract.scan.paper import Paper

LONG_ACROSS = 20.0
LONG_DOWN = 10.5
"""Points that a rule is at least long; strokes of letters are shorter or touch no other rule."""
SURELY_LONG = 60.0
"""Points of a stroke that is no letter's; the least width of a table."""
MEETING = 1.4
"""Points: rules end at other rules, letters keep away from them."""
BEYOND = 4.0
"""Points that a rule may run on behind the one at which it ends."""
THICKEST = 5.0


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
    across = _strokes(ink, paper.scale, 0)
    down = _strokes(ink, paper.scale, 1)
    while True:
        keep_down = _anchored(down, across, 1)
        keep_across = _anchored(across, down[keep_down], 0)
        if keep_down.all() and keep_across.all():
            large = _in_large_figures(np.concatenate([across, down]))
            return across[large[: len(across)]], down[large[len(across) :]]
        across, down = across[keep_across], down[keep_down]


def _strokes(ink: Gray, scale: float, along: int) -> Floats:
    """`along` 0: across the page, 1: down the page."""
    length = max(5, round((LONG_ACROSS, LONG_DOWN)[along] / scale))
    gap = max(3, round(1.0 / scale)) | 1

    def shape(run: int, breadth: int) -> tuple[int, int]:
        return (run, breadth) if along == 0 else (breadth, run)

    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones(shape(gap, 1)[::-1], np.uint8))
    thick = cv2.dilate(closed, np.ones(shape(1, 3)[::-1], np.uint8))
    lines = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones(shape(length, 1)[::-1], np.uint8))
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


def _anchored(strokes: Floats, others: Floats, along: int) -> Bools:
    """Whether each stroke is too long for a letter's, or ends at rules of the other way at both its ends."""
    across = 1 - along
    keep: Bools = (strokes[:, along + 2] - strokes[:, along]) >= SURELY_LONG
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
        if members[:, 2].max() - members[:, 0].min() >= SURELY_LONG:
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
