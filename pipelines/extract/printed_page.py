"""A page as its file draws it, laid out so that most of its text stands upright; and what is doubtful about it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from pipelines.extract.marks import Bools, Characters, Floats, Ints, Marks, turn_boxes
from pipelines.model import Box, Issue

MOST_CHARACTERS = 60_000
MOST_OBJECTS = 60_000
MOST_SEGMENTS = 200_000
THIN = 4.5
"""A path no thicker is a stroke, whether it was drawn as a line or as a filled area."""
LOST_TEXT = 0.15
"""The share of characters without a known meaning from which a page's text is not to be believed."""
PICTURE_PAGE = 0.4
PICTURE = 0.06
"""Shares of a page that a picture covers: the whole, or what may be a table of a few rows; a seal covers less."""


class PageTooComplexError(Exception):
    """A page with more characters or objects than a report has."""


class ShownPage(Protocol):
    """What blocks need to know of the page that they stand on."""

    @property
    def reading(self) -> Literal["text", "ocr"]:
        """Whether the page's text stood in the file or was recognised in a picture."""

    def shown(self, box: Box) -> Box:
        """A box of the page's layout on the page as it is shown, in points."""


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """`marks` are laid out so that most text stands upright; turning them clockwise by `turn` quarters gives the page
    as it is shown. `slanted` are characters at an odd angle or across others, such as a watermark's."""

    marks: Marks
    slanted: Characters
    turn: int
    rotated: bool
    """The page has a rotation of its own, applied to `marks` or by `turn`."""
    picture_share: float
    """The share of the page that its largest picture without text on it covers."""
    hidden_text: bool
    """Most text is invisible: a scan with the text that someone's OCR put behind it."""
    unmapped_share: float
    """The share of characters whose font does not say what they mean."""
    unseen: str = ""
    """Characters that nobody sees on the page; they are in none of the others."""

    def shown(self, box: Box) -> Box:
        """A box of `marks` on the page as it is shown, rounded to hundredths of a point."""
        if self.turn == 0:
            left, top, right, bottom = box
            return round(left, 2), round(top, 2), round(right, 2), round(bottom, 2)
        turned = turn_boxes(np.array([box]), self.turn, self.marks.width, self.marks.height)[0]
        left, top, right, bottom = (round(float(v), 2) for v in turned)
        return left, top, right, bottom

    @property
    def reading(self) -> Literal["text", "ocr"]:
        return "ocr" if self.hidden_text else "text"

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the page as it is shown."""
        width, height = self.marks.width, self.marks.height
        return (width, height) if self.turn % 2 == 0 else (height, width)

    @property
    def is_picture(self) -> bool:
        return self.picture_share >= PICTURE_PAGE and len(self.marks.characters) < 20

    def doubts(self, where: str) -> Iterator[Issue]:
        """Issues `page_is_image`, `picture_in_page`, `text_without_unicode`, `hidden_text`,
        `unseen_text`, `slanted_text`."""
        if self.is_picture:
            yield Issue("page_is_image", "The page is a picture without text: read it by character recognition.", where)
        elif self.picture_share >= PICTURE:
            yield Issue("picture_in_page", "Part of the page is a picture; what is printed there was not read.", where)
        if self.unmapped_share > LOST_TEXT:
            message = "The fonts do not say what their characters mean: read it by recognition."
            yield Issue("text_without_unicode", message, where)
        if self.hidden_text:
            yield Issue("hidden_text", "The text lies unseen behind a picture: someone's recognition; check it.", where)
        if self.unseen:
            message = f"Text that cannot be seen on the page was left out: {self.unseen[:60]}"
            yield Issue("unseen_text", message, where)
        if len(self.slanted):
            message = "Text at an angle or across other text (a watermark?) stands at the end of the document."
            yield Issue("slanted_text", message, where)


@dataclass(frozen=True, slots=True)
class Letters:
    """Characters as the file places them: `boxes` (n, 4) and `origins` (n, 2) on the unturned page, from its top left;
    `angles` in radians, clockwise, of the direction in which each runs. `unmapped_share` as in `PrintedPage`. `unseen`
    are those that nobody sees on the page, `across` those that lie across others as a watermark does, if any."""

    letters: NDArray[np.str_]
    boxes: Floats
    origins: Floats
    angles: Floats
    unmapped_share: float = 0.0
    unseen: Bools | None = None
    across: Bools | None = None


@dataclass(slots=True)
class Drawn:
    """What a page draws beside text, as boxes; counts that bound it."""

    strokes: list[Box] = field(default_factory=list)
    fills: list[Box] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    objects: int = 0
    segments: int = 0

    def count(self, objects: int = 0, segments: int = 0) -> None:
        """Raises `PageTooComplexError` beyond `MOST_OBJECTS` or `MOST_SEGMENTS`."""
        self.objects += objects
        self.segments += segments
        if self.objects > MOST_OBJECTS or self.segments > MOST_SEGMENTS:
            raise PageTooComplexError

    def add_outline(self, points: list[tuple[float, float]], straight: bool, filled: bool, stroked: bool) -> None:
        """A subpath, closed where it is: what is thin is a stroke, else its straight edges or its area count."""
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        extent = min(xs), min(ys), max(xs), max(ys)
        if min(extent[2] - extent[0], extent[3] - extent[1]) <= THIN:
            self.strokes.append(extent)
        elif stroked and straight:
            self.strokes.extend(_straight_edges(points))
        elif filled and straight:
            self.fills.append(extent)


def _straight_edges(points: list[tuple[float, float]]) -> Iterator[Box]:
    for (x0, y0), (x1, y1) in pairwise(points):
        if min(abs(x1 - x0), abs(y1 - y0)) <= 1.0:
            yield min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def printed_page(
    width: float, height: float, text: Letters, drawn: Drawn, hidden_text: bool = False, rotation: int = 0
) -> PrintedPage:
    """The page of that size (before it is turned clockwise by `rotation` quarters, as it is shown)."""
    quarters = -np.rint(text.angles / (math.pi / 2)).astype(np.int64) % 4
    straight = np.abs(text.angles - np.rint(text.angles / (math.pi / 2)) * (math.pi / 2)) < 0.03
    layout = _upright_rotation(quarters[straight], rotation)
    unseen = ""

    def laid(boxes: Floats) -> Floats:
        return turn_boxes(boxes, layout, width, height)

    boxes = laid(text.boxes)
    baselines = laid(np.column_stack((text.origins, text.origins)))[:, 1]
    size = (width, height) if layout % 2 == 0 else (height, width)
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    visible = (centres > -2).all(axis=1) & (centres < np.array(size) + 2).all(axis=1)
    if text.unseen is not None:
        unseen = "".join(text.letters[visible & text.unseen].tolist())
        visible &= ~text.unseen
    if text.across is not None:
        straight &= ~text.across
    characters = Characters(text.letters, boxes, baselines, (quarters - layout) % 4)
    strokes, fills, pictures = (laid(_array(found)) for found in (drawn.strokes, drawn.fills, drawn.pictures))
    upright = characters.take(visible & straight)
    return PrintedPage(
        Marks(size[0], size[1], upright, strokes, fills),
        characters.take(visible & ~straight),
        (rotation - layout) % 4,
        rotation != 0,
        _bare_picture_share(pictures, upright, size),
        hidden_text,
        text.unmapped_share,
        unseen,
    )


def _array(boxes: list[Box]) -> Floats:
    found = np.array(boxes, dtype=np.float64).reshape(-1, 4)
    return found[np.isfinite(found).all(axis=1)]


def _upright_rotation(quarters: Ints, rotation: int) -> int:
    """By how many quarters the page must be turned clockwise for most text to stand upright."""
    if len(quarters) < 8:
        return rotation
    counts = np.bincount(quarters, minlength=4)
    most = int(counts.argmax())
    return most if counts[most] >= 0.6 * len(quarters) else rotation


def _bare_picture_share(pictures: Floats, characters: Characters, size: tuple[float, float]) -> float:
    share = 0.0
    centres = characters.centres
    for left, top, right, bottom in pictures.tolist():
        within = (centres[:, 0] > left) & (centres[:, 0] < right) & (centres[:, 1] > top) & (centres[:, 1] < bottom)
        width = min(right, size[0]) - max(left, 0.0)
        height = min(bottom, size[1]) - max(top, 0.0)
        if width > 0 and height > 0 and int(within.sum()) < 10:
            share = max(share, width * height / (size[0] * size[1]))
    return min(share, 1.0)
