"""Where lines of text stand on an upright picture: the network's finding, cut where rules part it."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np

from pipelines.extract.marks import Bools, Floats
from pipelines.extract.scan.networks import Gray, find_text, resized
from pipelines.extract.scan.paper import Paper

LOOKED_AT = 1408
"""Pixels of a page's longer side as the network sees it; a letter of 8 points is then 13 pixels high."""
TEXT = 0.3
LINE = 0.45
SWELL = 1.5
"""The network finds the kernels of lines: each is this much of its area by its circumference smaller all around."""


def find_lines(paper: Paper, across: Floats, down: Floats) -> Floats:
    """Boxes of pieces of lines, (left, top, right, bottom) in pixels, none of which a rule parts; on one line equally
    high; from top to bottom."""
    boxes = _found(paper.picture)
    parted = _cut(boxes, down / paper.scale, 1)
    parted = _cut(parted, across / paper.scale, 0)
    return _levelled(parted)


def _found(picture: Gray) -> Floats:
    height, width = picture.shape
    scale = min(1.0, LOOKED_AT / max(height, width))
    seen = resized(picture, _whole(width * scale), _whole(height * scale))
    likely = find_text(seen)
    count, marked, boxes, _ = cv2.connectedComponentsWithStats((likely > TEXT).astype(np.uint8), connectivity=8)
    sums = np.bincount(marked.ravel(), weights=likely.ravel().astype(np.float64), minlength=count)
    found = []
    for i in range(1, count):
        left, top, wide, high, area = (float(v) for v in boxes[i])
        if min(wide, high) < 3 or sums[i] / area < LINE:
            continue
        swell = wide * high * SWELL / (2 * (wide + high))
        found.append((left - swell, top - swell, left + wide + swell, top + high + swell))
    stretch = np.array([width / seen.shape[1], height / seen.shape[0]] * 2)
    inside = np.array([width, height] * 2)
    return np.asarray(np.clip(np.array(found, dtype=np.float64).reshape(-1, 4) * stretch, 0, inside))


def _whole(side: float) -> int:
    return max(32, round(side / 32) * 32)


def _cut(boxes: Floats, rules: Floats, along: int) -> Floats:
    """Boxes cut where rules that run `along` (0 across, 1 down) pass through them."""
    across = 1 - along
    found = []
    for box in boxes.tolist():
        middle = (box[along] + box[along + 2]) / 2
        through = (rules[:, along] < middle) & (middle < rules[:, along + 2])
        through &= (box[across] < rules[:, across]) & (rules[:, across] < box[across + 2])
        edges = [box[across], *sorted(rules[through, across].tolist()), box[across + 2]]
        pieces = list(pairwise(edges))
        thick = box[along + 2] - box[along]
        for low, high in pieces:
            if len(pieces) > 1 and high - low < 0.3 * min(thick, box[across + 2] - box[across]):
                continue
            piece = list(box)
            piece[across], piece[across + 2] = low, high
            found.append(tuple(piece))
    return np.array(found, dtype=np.float64).reshape(-1, 4)


def _levelled(boxes: Floats) -> Floats:
    """Pieces of one line get its top and bottom."""
    boxes = boxes[np.lexsort((boxes[:, 0], (boxes[:, 1] + boxes[:, 3]) / 2))]
    left = np.ones(len(boxes), dtype=bool)
    for i in range(len(boxes)):
        if not left[i]:
            continue
        high = boxes[i, 3] - boxes[i, 1]
        middles = (boxes[:, 1] + boxes[:, 3]) / 2
        heights = boxes[:, 3] - boxes[:, 1]
        same: Bools = left & (np.abs(middles - middles[i]) < 0.3 * high)
        same &= (heights > 0.6 * high) & (heights < 1.6 * high)
        same[i] = True
        weights = boxes[same, 2] - boxes[same, 0]
        boxes[same, 1] = np.average(boxes[same, 1], weights=weights)
        boxes[same, 3] = np.average(boxes[same, 3], weights=weights)
        left &= ~same
    return boxes
