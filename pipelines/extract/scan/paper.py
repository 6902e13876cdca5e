"""A page's picture made even and upright: paper white, lines of text level."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from pipelines.extract.marks import Floats
from pipelines.extract.scan.networks import Gray, resized

MOST_SKEW = 3.5
"""Degrees."""
_PROBE = 900
"""Pixels of the longer side at which the skew is measured."""


@dataclass(frozen=True, slots=True)
class Paper:
    """An upright picture; `scale` is points a pixel, `skew` the degrees by which it was turned to stand upright."""

    picture: Gray
    scale: float
    skew: float

    def shown(self, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        """A box in points of the upright page as it lies on the picture that came in."""
        height, width = self.picture.shape
        centre = np.array([width, height]) * self.scale / 2
        left, top, right, bottom = box
        corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)]) - centre
        angle = np.radians(self.skew)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        turned = corners @ turn.T + centre
        low, high = turned.min(axis=0), turned.max(axis=0)
        return round(float(low[0]), 2), round(float(low[1]), 2), round(float(high[0]), 2), round(float(high[1]), 2)


def upright(picture: Gray, scale: float) -> Paper:
    """The picture with its paper whitened and its skew, up to MOST_SKEW degrees, taken out."""
    even = _evened(picture, scale)
    skew = skew_of(even)
    if abs(skew) < 0.02:
        return Paper(even, scale, 0.0)
    height, width = even.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), skew, 1.0)
    turned = cv2.warpAffine(even, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)
    return Paper(np.asarray(turned, dtype=np.uint8), scale, skew)


def _evened(picture: Gray, scale: float) -> Gray:
    """Shadows and shading out: each pixel as a share of the paper around it."""
    height, width = picture.shape
    small = resized(picture, max(width // 4, 1), max(height // 4, 1))
    reach = max(3, round(14 / scale / 4)) | 1
    light = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    light = cv2.GaussianBlur(light, (0, 0), reach / 2)
    paper = cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(picture, np.maximum(paper, 40), scale=250), dtype=np.uint8)


def skew_of(picture: Gray) -> float:
    """Degrees, counter-clockwise positive, by which the picture must be turned for its lines to be level: where ink
    and paper change most sharply from row to row."""
    height, width = picture.shape
    shrink = min(1.0, _PROBE / max(height, width))
    coarse = resized(picture, round(width * shrink), round(height * shrink))
    angle = _sharpest(coarse, np.arange(-MOST_SKEW, MOST_SKEW + 0.01, 0.1), 1.0)
    fine = min(1.0, 2 * _PROBE / max(height, width))
    larger = resized(picture, round(width * fine), round(height * fine))
    return _sharpest(larger, angle + np.arange(-0.12, 0.121, 0.02), 1.0)


def _sharpest(picture: Gray, angles: Floats, bin_height: float) -> float:
    ink = cv2.adaptiveThreshold(picture, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 25)
    rows, columns = np.nonzero(ink)
    if len(rows) < 50:
        return 0.0
    if len(rows) > 120_000:
        rows, columns = rows[:: len(rows) // 60_000], columns[:: len(rows) // 60_000]
    ys, xs = rows.astype(np.float32), columns.astype(np.float32)
    margin = int(picture.shape[1] * np.tan(np.radians(MOST_SKEW + 1))) + 2
    best, sharpest = 0.0, -1.0
    for angle in angles.tolist():
        # Turning counter-clockwise by `angle` moves what is on the right upwards.
        level = ((ys - xs * np.float32(np.tan(np.radians(angle)))) / bin_height + margin).astype(np.int64)
        counts = np.bincount(np.maximum(level, 0)).astype(np.float64)
        sharpness = float((np.diff(counts) ** 2).sum())
        if sharpness > sharpest * (1 + 1e-9):
            best, sharpest = angle, sharpness
    return best
