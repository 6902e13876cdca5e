"""Characters to printed lines: by baseline, then from left to right; wide gaps part a line's fields."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from pipelines.extract.marks import Bools, Characters, Floats, Ints

BASELINE_TOLERANCE = 0.18
"""Share of a character's height by which baselines of one line may differ: a superscript is raised by more."""
SPACE = 0.22
"""A gap wider than this share of the height is printed as a space."""
TOKEN = 0.3
"""A gap wider than this share of the height parts two words; between digits a space does."""
FIELD = 1.1
"""A gap wider than this share of the height parts two fields."""


@dataclass(frozen=True, slots=True)
class Word:
    """A run of a line without a gap that columns could leave."""

    text: str
    left: float
    right: float
    baseline: float

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: its words from left to right, its box and baseline, the height of its highest letter; `owner` is
    the cell it was asked for."""

    words: tuple[Word, ...]
    box: tuple[float, float, float, float]
    baseline: float
    height: float
    owner: int = -1

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def fields(self) -> tuple[str, ...]:
        """The text, parted where gaps are wide; numbers apart from each other are always two fields."""
        parts = [self.words[0].text]
        for before, word in pairwise(self.words):
            numbers = before.text.isdecimal() and word.text.isdecimal()
            if numbers or word.left - before.right > FIELD * self.height:
                parts.append(word.text)
            else:
                parts[-1] += " " + word.text
        return tuple(parts)


def printed_lines(characters: Characters, owners: Ints | None = None) -> list[Line]:
    """Lines sorted by owner, then from top to bottom. `owners` gives a number for each character; characters of
    different owners never share a line. A letter printed twice in one place (a poor man's bold) counts once."""
    count = len(characters)
    if count == 0:
        return []
    owner = np.zeros(count, dtype=np.int64) if owners is None else owners
    heights = characters.heights
    order = np.lexsort((characters.baselines, owner))
    steps = np.diff(characters.baselines[order])
    tolerance = BASELINE_TOLERANCE * np.minimum(heights[order][:-1], heights[order][1:])
    breaks = (np.diff(owner[order]) != 0) | (steps > np.maximum(tolerance, 0.3))
    line_of = np.concatenate(([0], np.cumsum(breaks)))
    order = order[np.lexsort((characters.boxes[order, 0], line_of))]
    order, line_of = _without_overprints(characters, order, line_of)
    starts = np.concatenate(([0], np.flatnonzero(np.diff(line_of)) + 1, [len(order)]))
    boxes = characters.boxes[order]
    scale = np.concatenate(([1.0], np.minimum(heights[order][:-1], heights[order][1:])))
    gaps = np.concatenate(([0.0], boxes[1:, 0] - boxes[:-1, 2])) / np.maximum(scale, 1.0)
    letters = characters.letters[order].tolist()
    wide = gaps > TOKEN
    for i in np.flatnonzero((gaps > SPACE) & ~wide).tolist():
        wide[i] = letters[i - 1].isdecimal() and letters[i].isdecimal()
    wide[starts[:-1]] = True
    for i in np.flatnonzero((gaps > SPACE) & ~wide).tolist():
        letters[i] = " " + letters[i]
    firsts = np.flatnonzero(wide)
    bounds = [*firsts.tolist(), len(letters)]
    lefts, rights = boxes[firsts, 0].tolist(), np.maximum.reduceat(boxes[:, 2], firsts).tolist()
    lows = np.maximum.reduceat(characters.baselines[order], firsts).tolist()
    words = [
        Word("".join(letters[first:end]), left, right, low)
        for (first, end), left, right, low in zip(pairwise(bounds), lefts, rights, lows, strict=True)
    ]
    first_words = np.searchsorted(firsts, starts).tolist()
    tops = np.minimum.reduceat(boxes[:, 1], starts[:-1])
    bottoms = np.maximum.reduceat(boxes[:, 3], starts[:-1])
    baselines = np.maximum.reduceat(characters.baselines[order], starts[:-1]).tolist()
    sizes = np.maximum.reduceat(heights[order], starts[:-1]).tolist()
    widest = np.maximum.reduceat(boxes[:, 2], starts[:-1])
    sides = np.column_stack((boxes[starts[:-1], 0], tops, widest, bottoms)).tolist()
    return [
        Line(tuple(words[first:end]), (left, top, right, bottom), baseline, height, holder)
        for (first, end), (left, top, right, bottom), baseline, height, holder in zip(
            pairwise(first_words), sides, baselines, sizes, owner[order[starts[:-1]]].tolist(), strict=True
        )
    ]


def _without_overprints(characters: Characters, order: Ints, line_of: Ints) -> tuple[Ints, Ints]:
    boxes = characters.boxes[order]
    codes = characters.letters[order].view(np.uint32).reshape(len(order), -1)  # strings compare far more slowly
    near = np.diff(boxes[:, 0]) < 0.3 * (boxes[1:, 2] - boxes[1:, 0])
    same = (codes[1:] == codes[:-1]).all(axis=1)
    twice = np.concatenate(([False], same & (np.diff(line_of) == 0) & near))
    return order[~twice], line_of[~twice]


def cell_text(characters: Characters, owners: Ints, count: int) -> list[str]:
    """The text of each of `count` owners, lines joined by a line break; text turned sideways is read as it runs."""
    texts: list[list[str]] = [[] for _ in range(count)]
    turned = characters.turns % 4
    for quarter in np.unique(turned).tolist():
        which: Bools = turned == quarter
        part = upright(characters.take(which), quarter)
        for line in printed_lines(part, owners[which]):
            texts[line.owner].append(line.text)
    return ["\n".join(lines) for lines in texts]


def upright(characters: Characters, quarter: int) -> Characters:
    """Sideways characters laid out as if the page were turned until they stand upright."""
    if quarter == 0 or len(characters) == 0:
        return characters
    left, top, right, bottom = characters.boxes.T
    boxes: Floats
    match quarter:
        case 1:
            boxes = np.column_stack((-bottom, left, -top, right))
        case 3:
            boxes = np.column_stack((top, -right, bottom, -left))
        case _:
            boxes = np.column_stack((-right, -bottom, -left, -top))
    return Characters(characters.letters, boxes, boxes[:, 3].copy(), np.zeros_like(characters.turns))
