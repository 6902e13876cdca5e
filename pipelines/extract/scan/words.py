"""Lines of a page, parted into words that are placed by their ink.

Where no rule draws a table, half a letter decides which column and row a word stands in. The network that finds text
joins what stands close together, and its boxes are larger than print by what they like.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import cv2
import numpy as np

from pipelines.extract.marks import Floats
from pipelines.extract.scan.blobs import DASH, FLAT, TALL
from pipelines.extract.scan.networks import Gray
from pipelines.extract.scan.recognise import Reading

WIDE_INK = 0.98
NARROW_INK = 0.77
"""How high the ink of a line of full-width letters is, and that of digits, in type sizes, both as blurred by a scan."""
SPECK = 0.12
MERGED = 1.4
"""Shares of the type size: smaller ink is dirt or a point, higher ink no line's."""
OFF = 0.6
"""Type sizes between the middle of a line and that of a piece of its letters."""
LEVEL = 0.2
"""Type sizes by which the ink of pieces on one line differs in height."""
NEXT_SIZE = 1.05
NEAR_SIZE = 1.2
"""Sizes farther apart are two, as they are measured; a measured size is corrected by no more."""
SHOWING = 4
"""A line with so many full-width letters shows its type size."""
GAP = 0.45
"""Type sizes without ink that part two words; letters are nearer to one another,"""
ROOM = 0.45
"""but for signs, of which a full-width one may leave so much more empty on either side."""
SMALL = 0.3
ASIDE = 0.2
"""Dirt before or behind a word is no larger, and no nearer to its letters, in type sizes."""

_OPENING = "(（〔【[《“‘「"
_CLOSING = ")）〕】]》”’」，。、；：！？"
_DIRT = "·•.,'`\"*°-_"
"""What dirt beside a word of full-width letters is read as; behind a word also as some sign."""
_SIGNS = frozenset(_OPENING + _CLOSING + ",.;:!?·•'\"`…")

UNREAD = "?"
"""Stands for ink as high as letters, in which none was read."""


@dataclass(frozen=True, slots=True)
class _Word:
    """A part of a line's text with its ink."""

    text: str
    ink: Floats


def words(boxes: Floats, readings: Sequence[Reading], ink: Gray, share: float) -> tuple[Floats, list[Reading]]:
    """The lines in these boxes (pixels), parted where columns could leave a gap, without parts that are mere specks.

    Boxes are as wide as a word's ink, and `1 / share` type sizes high around its middle.
    """
    pieces = _pieces(ink)
    held = [_on_line(pieces, box, (box[3] - box[1]) * share) for box in boxes.tolist()]
    sizes = _type_sizes(boxes, readings, held, share)
    middles = _levelled(boxes, held, sizes)
    found: list[tuple[float, float, float, float]] = []
    parts: list[Reading] = []
    for box, reading, here, size, middle in zip(boxes.tolist(), readings, held, sizes, middles, strict=True):
        if not len(here):
            if any(map(str.isalnum, reading.text)):
                found.append((box[0], box[1], box[2], box[3]))
                parts.append(reading)
            continue
        half = size / share / 2
        for word in _words(reading, box, here, size):
            if _is_print(word, size):
                left, right = _sides(word, size)
                found.append((left, middle - half, right, middle + half))
                parts.append(_reading_of(word, reading))
    return np.array(found, dtype=np.float64).reshape(-1, 4), parts


def _pieces(ink: Gray) -> Floats:
    """The connected pieces of the ink (255 where there is some) as boxes."""
    _, _, found, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    boxes = found[1:, :4].astype(np.float64)
    boxes[:, 2:] += boxes[:, :2]
    return boxes


def _on_line(pieces: Floats, box: Sequence[float], size: float) -> Floats:
    """The pieces whose middle lies near that of the line's box, from the left, without specks."""
    left, top, right, bottom = box
    across, down = (pieces[:, 0] + pieces[:, 2]) / 2, (pieces[:, 1] + pieces[:, 3]) / 2
    breadth, height = pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1]
    here = (across > left) & (across < right) & (np.abs(down - (top + bottom) / 2) < OFF * size)
    here &= (np.maximum(breadth, height) >= SPECK * size) & (height < MERGED * size)
    found = pieces[here]
    return np.asarray(found[np.argsort(found[:, 0], kind="stable")])


def _extent(pieces: Floats, size: float) -> tuple[float, float]:
    """Top and bottom of the letters, or of what else there is."""
    letters = _without_small(pieces, size)
    found = letters if len(letters) else pieces
    return float(found[:, 1].min()), float(found[:, 3].max())


def _without_small(pieces: Floats, size: float) -> Floats:
    return np.asarray(pieces[(pieces[:, 2:] - pieces[:, :2]).max(axis=1) >= SMALL * size])


def _type_sizes(boxes: Floats, readings: Sequence[Reading], held: Sequence[Floats], share: float) -> list[float]:
    """Each line's type size in pixels, by the height of its ink, made one where lines of many letters are of one."""
    measured: list[float] = []
    shown: list[float] = []
    for box, reading, pieces in zip(boxes.tolist(), readings, held, strict=True):
        rough = (box[3] - box[1]) * share
        wide = sum(map(_is_wide, reading.text))
        if not len(_without_small(pieces, rough)) or not any(map(str.isalnum, reading.text)):
            measured.append(rough)
            continue
        top, bottom = _extent(pieces, rough)
        size = (bottom - top) / (WIDE_INK if wide else NARROW_INK)
        measured.append(size)
        if wide >= SHOWING:
            shown.append(size)
    usual = _levels(shown)
    return [_corrected(size, usual) for size in measured]


def _levelled(boxes: Floats, held: Sequence[Floats], sizes: Sequence[float]) -> list[float]:
    """The middle of each line's ink, made one for pieces that the network's boxes, of one height, put on one line."""
    middles = [
        sum(_extent(pieces, size)) / 2 if len(pieces) else (box[1] + box[3]) / 2
        for box, pieces, size in zip(boxes.tolist(), held, sizes, strict=True)
    ]
    lines: dict[tuple[float, float], list[float]] = {}
    for (_, top, _, bottom), middle in zip(boxes.tolist(), middles, strict=True):
        lines.setdefault((top, bottom), []).append(middle)
    common = {line: median(members) for line, members in lines.items()}
    return [
        shared if abs(shared - middle) < LEVEL * size else middle
        for shared, middle, size in zip(
            (common[top, bottom] for _, top, _, bottom in boxes.tolist()), middles, sizes, strict=True
        )
    ]


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF" and letter.isalnum()


def _levels(sizes: list[float]) -> list[float]:
    """The middle of each heap of sizes."""
    levels: list[list[float]] = []
    for size in sorted(sizes):
        if levels and size <= levels[-1][-1] * NEXT_SIZE:
            levels[-1].append(size)
        else:
            levels.append([size])
    return [median(level) for level in levels]


def _corrected(size: float, usual: list[float]) -> float:
    nearest = min(usual, key=lambda other: abs(other - size), default=size)
    return nearest if nearest / NEAR_SIZE < size < nearest * NEAR_SIZE else size


def _words(reading: Reading, box: Sequence[float], ink: Floats, size: float) -> list[_Word]:
    """The reading parted where there is no ink for longer than between letters."""
    text = reading.text
    centres = np.array([box[0] + centre * (box[2] - box[0]) for centre in reading.centres])
    spans = _spans(ink, GAP * size)
    found: list[_Word] = []
    first, begin = 0, spans[0][0]
    for (_, left), (right, _) in pairwise(spans):
        last = int((centres < (left + right) / 2).sum())
        beside = text[max(last - 1, 0) : last + 1]
        if not _SIGNS.isdisjoint(beside) and right - left <= (GAP + ROOM) * size:
            continue
        found.append(_Word(text[first:last], ink[(ink[:, 0] >= begin) & (ink[:, 0] < left)]))
        first, begin = last, right
    found.append(_Word(text[first:], ink[ink[:, 0] >= begin]))
    return [_without_dirt(word, _extent(ink, size), size) for word in found]


def _spans(pieces: Floats, gap: float) -> list[tuple[float, float]]:
    """Where there is ink along the line, gaps no wider than that left out."""
    spans: list[tuple[float, float]] = []
    for left, _, right, _ in pieces.tolist():
        if spans and left <= spans[-1][1] + gap:
            spans[-1] = spans[-1][0], max(spans[-1][1], right)
        else:
            spans.append((left, right))
    return spans


def _without_dirt(word: _Word, line: tuple[float, float], size: float) -> _Word:
    """A word of full-width letters without the specks beside it; signs at a line's foot stay."""
    text, ink = word.text, word.ink
    if not any(map(_is_wide, text)):
        return word
    small = (ink[:, 2:] - ink[:, :2]).max(axis=1) < SMALL * size
    if small[0] and len(ink) > 1 and ink[1:, 0].min() - ink[0, 2] > ASIDE * size:
        text, ink, small = text.lstrip(_DIRT), ink[1:], small[1:]
    at_foot = (ink[-1, 1] + ink[-1, 3]) / 2 > line[1] - (line[1] - line[0]) / 3
    if small[-1] and len(ink) > 1 and not at_foot and ink[-1, 0] - ink[:-1, 2].max() > ASIDE * size:
        text, ink = text.rstrip(_DIRT + _CLOSING), ink[:-1]
    return _Word(text, ink)


def _is_print(word: _Word, size: float) -> bool:
    """Whether there is a letter or a dash; a point alone says nothing."""
    if any(map(str.isalnum, word.text)):
        return True
    breadth, height = word.ink[:, 2] - word.ink[:, 0], word.ink[:, 3] - word.ink[:, 1]
    return bool(((height >= TALL * size) | ((breadth >= DASH * size) & (breadth > FLAT * height))).any())


def _sides(word: _Word, size: float) -> tuple[float, float]:
    """Where the word begins and ends, a full-width sign with the room that belongs to it."""
    left, right = float(word.ink[:, 0].min()), float(word.ink[:, 2].max())
    if any(map(_is_wide, word.text)):
        left -= ROOM * size * (word.text[0] in _OPENING)
        right += ROOM * size * (word.text[-1] in _CLOSING)
    return left, right


def _reading_of(word: _Word, whole: Reading) -> Reading:
    """The part of a line's reading, its letters laid over its box as wide as they are by kind."""
    variants = whole.variants if word.text == whole.text else ()
    text = word.text or UNREAD
    ends = np.cumsum([1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.5 for letter in text])
    middles = (ends + np.concatenate(([0.0], ends[:-1]))) / 2 / ends[-1]
    return replace(whole, text=text, centres=tuple(middles.tolist()), variants=variants)
