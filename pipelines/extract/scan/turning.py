"""Pictures that lie on their side or stand on their head: by how many quarters they are to be turned."""

from __future__ import annotations

import numpy as np

from pipelines.extract.marks import Floats
from pipelines.extract.scan.networks import Gray
from pipelines.extract.scan.recognise import Reading, read_pictures

LONG = 2.0
"""A line of text is so many times longer than it is high; single letters say nothing."""
FEWEST = 3
SAMPLE = 12
"""Lines that are read to tell which way is up."""
SURELY = 0.95
LEGIBLE = 0.8
"""How sure the letters of lines are on average where they surely stand upright, and at least; on their head half of
that, but for digits."""


def is_sideways(boxes: Floats) -> bool:
    """Whether most lines of text, which stand in these boxes, run up or down."""
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    across, down = int((width > LONG * height).sum()), int((height > LONG * width).sum())
    return down >= FEWEST and down > 2 * across


def is_legible(boxes: Floats, readings: list[Reading]) -> bool:
    """Whether the longest lines were read with all certainty, or there are too few to tell."""
    longest = _longest(boxes)
    return len(longest) < FEWEST or _certainty([readings[i] for i in longest]) >= SURELY


def quarters_to_turn(picture: Gray, boxes: Floats, ways: tuple[int, ...]) -> int:
    """Which of these quarters clockwise makes the longest lines most legible; 0 where none does."""
    parts = [_part(picture, boxes[i]) for i in _longest(boxes)]
    certain = {way: _certainty(read_pictures([_turned(part, way) for part in parts])) for way in ways}
    best = max(ways, key=lambda way: certain[way])
    return best if certain[best] >= LEGIBLE else 0


def _longest(boxes: Floats) -> list[int]:
    sides = boxes[:, 2:] - boxes[:, :2]
    long = np.flatnonzero(sides.max(axis=1) > LONG * sides.min(axis=1))
    order: list[int] = long[np.argsort(-sides[long].max(axis=1), kind="stable")].tolist()
    return order[:SAMPLE]


def _part(picture: Gray, box: Floats) -> Gray:
    left, top, right, bottom = (max(int(side), 0) for side in box)
    return picture[top:bottom, left:right]


def _turned(picture: Gray, quarters: int) -> Gray:
    return np.ascontiguousarray(np.rot90(picture, -quarters))


def _certainty(readings: list[Reading]) -> float:
    letters = sum(len(reading.text) for reading in readings)
    return sum(reading.fair * len(reading.text) for reading in readings) / letters if letters else 0.0
