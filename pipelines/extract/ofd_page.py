"""One OFD page's objects to a printed page: text, paths and where pictures stand; annotations and stamps are no part
of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

import numpy as np
from lxml import etree

from pipelines.extract.ofd_package import (
    FARTHEST,
    OfdPage,
    Resources,
    child,
    child_text,
    children,
    local_name,
    number_in,
    numbers_in,
)
from pipelines.extract.ofd_pictures import PlacedPicture
from pipelines.extract.ofd_text import PLACEHOLDER, Matrix, PlacedLetter, placed_letters
from pipelines.extract.printed_page import (
    MOST_CHARACTERS,
    THIN,
    Drawn,
    Letters,
    PageTooComplexError,
    PrintedPage,
    printed_page,
)
from pipelines.model import Box

POINTS = 72 / 25.4
"""Of a millimetre."""
A4 = (210.0, 297.0)
DEPTH = 12
"""Of composite objects within one another."""
LINE_WIDTH = 0.353
"""Millimetres, where an object does not say."""

_PAGE: Matrix = (POINTS, 0.0, 0.0, POINTS, 0.0, 0.0)
_PIECE = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
_OPERANDS = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}

Point = tuple[float, float]


def printed(page: OfdPage) -> tuple[PrintedPage, tuple[PlacedPicture, ...]]:
    """The page, and the pictures on it. Raises `PageTooComplexError`."""
    reader = _Reader(page.resources)
    for root in (*page.below, page.content, *page.above):
        reader.read(child(root, "Content"), _PAGE, 0)
    letters, hidden = reader.shown, False
    if not letters and reader.hidden and reader.drawn.pictures:
        letters, hidden = reader.hidden, True
    text = _letters(letters)
    width, height = (POINTS * side for side in page.size or _extent(text))
    return printed_page(width, height, text, reader.drawn, hidden), tuple(reader.pictures)


def _extent(text: Letters) -> tuple[float, float]:
    """Of a page without a size: a sheet that holds its text."""
    if len(text.letters) == 0:
        return A4
    right, bottom = text.boxes[:, 2:].max(axis=0) / POINTS
    return max(A4[0], float(right)), max(A4[1], float(bottom))


def _letters(letters: list[PlacedLetter]) -> Letters:
    names = [found.letter for found in letters]
    lost = sum(map(_unknown, names))
    return Letters(
        np.array(names, dtype=np.str_),
        np.array([found.box for found in letters], dtype=np.float64).reshape(-1, 4),
        np.array([found.origin for found in letters], dtype=np.float64).reshape(-1, 2),
        np.array([found.angle for found in letters], dtype=np.float64),
        lost / len(names) if names else 0.0,
    )


def _unknown(letter: str) -> bool:
    return letter in (PLACEHOLDER, "\ufffd") or "\ue000" <= letter <= "\uf8ff" or letter >= "\U000f0000" or letter < " "


class _Reader:
    def __init__(self, resources: Resources) -> None:
        self.resources = resources
        self.drawn = Drawn()
        self.shown: list[PlacedLetter] = []
        self.hidden: list[PlacedLetter] = []
        self.pictures: list[PlacedPicture] = []

    def read(self, group: etree._Element | None, matrix: Matrix, depth: int) -> None:
        """Layers, blocks and objects of a group, in the order of the file."""
        waiting = [children(group)]
        while waiting:
            element = next(waiting[-1], None)
            if element is None:
                waiting.pop()
                continue
            self.drawn.count(objects=1)
            if _is_off(element, "Visible", True):
                continue
            match local_name(element):
                case "Layer" | "PageBlock":
                    waiting.append(children(element))
                case "TextObject":
                    self._text(element, _placed(element, matrix))
                case "PathObject":
                    self._path(element, _placed(element, matrix))
                case "ImageObject":
                    self._picture(element, matrix)
                case "CompositeObject" if depth < DEPTH:
                    unit = self.resources.unit(element.get("ResourceID") or "")
                    if unit is not None:
                        self.read(child(unit, "Content"), _placed(element, matrix), depth + 1)

    def _picture(self, element: etree._Element, matrix: Matrix) -> None:
        box = _extent_of(element, matrix)
        self.drawn.pictures.append(box)
        path = self.resources.media(element.get("ResourceID") or "")
        if path is not None:
            self.pictures.append(PlacedPicture(path, box, _placed(element, matrix)))

    def _text(self, element: etree._Element, matrix: Matrix) -> None:
        room = MOST_CHARACTERS - len(self.shown) - len(self.hidden)
        found = list(islice(placed_letters(element, matrix, room + 1), room + 1))
        if len(found) > room:
            raise PageTooComplexError
        painted = not _is_off(element, "Fill", True) or not _is_off(element, "Stroke", False)
        (self.shown if painted and not _is_clear(element) else self.hidden).extend(found)

    def _path(self, element: etree._Element, matrix: Matrix) -> None:
        stroked = not _is_off(element, "Stroke", True)
        filled = not _is_off(element, "Fill", False)
        if not (stroked or filled) or _is_clear(element):
            return
        a, b, c, d, _, _ = matrix
        width = number_in(element.get("LineWidth"), LINE_WIDTH) * abs(a * d - b * c) ** 0.5
        for points, straight in self._subpaths(child_text(element, "AbbreviatedData"), matrix):
            if stroked and not filled and width > THIN:
                half = width / 2
                xs, ys = [x for x, _ in points], [y for _, y in points]
                self.drawn.fills.append((min(xs) - half, min(ys) - half, max(xs) + half, max(ys) + half))
            else:
                self.drawn.add_outline(points, straight, filled, stroked)

    def _subpaths(self, data: str, matrix: Matrix) -> Iterator[tuple[list[Point], bool]]:
        """Each subpath's points on the page, closed where it is, and whether it has straight pieces only."""
        a, b, c, d, e, f = matrix
        points: list[Point] = []
        straight = True
        for operator, operands in self._operations(data):
            if operator in "MS":
                if len(points) > 1:
                    yield points, straight
                points, straight = [], True
            if operator == "C":
                if points and points[-1] != points[0]:
                    points.append(points[0])
                continue
            straight = straight and operator in "MSL"
            x, y = operands[-2:]
            points.append((a * x + c * y + e, b * x + d * y + f))
        if len(points) > 1:
            yield points, straight

    def _operations(self, data: str) -> Iterator[tuple[str, list[float]]]:
        """Operators with their operands, up to the first that makes no sense."""
        operator = ""
        operands: list[float] = []
        for found in _PIECE.finditer(data):
            piece = found[0]
            if piece.isalpha():
                operator, operands = piece.upper(), []
                if operator not in _OPERANDS:
                    return
            else:
                operands.append(float(piece))
            if not operator or (operands and abs(operands[-1]) > FARTHEST):
                return
            if len(operands) == _OPERANDS[operator]:
                self.drawn.count(segments=1)
                yield operator, operands
                operands = []


def _placed(element: etree._Element, matrix: Matrix) -> Matrix:
    """From the object's space to the page: its own matrix, then the corner of its boundary, then what holds it."""
    corner = numbers_in(element.get("Boundary"), 4)
    x, y = corner[:2] if len(corner) >= 2 else (0.0, 0.0)
    own = numbers_in(element.get("CTM"), 6)
    a, b, c, d, e, f = own if len(own) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    p, q, r, s, t, u = matrix
    e, f = e + x, f + y
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _extent_of(element: etree._Element, matrix: Matrix) -> Box:
    boundary = numbers_in(element.get("Boundary"), 4)
    left, top, width, height = boundary if len(boundary) == 4 else (0.0, 0.0, 0.0, 0.0)
    a, b, c, d, e, f = matrix
    xs = [a * x + c * y + e for x in (left, left + width) for y in (top, top + height)]
    ys = [b * x + d * y + f for x in (left, left + width) for y in (top, top + height)]
    return min(xs), min(ys), max(xs), max(ys)


def _is_off(element: etree._Element, name: str, default: bool) -> bool:
    value = element.get(name)
    return not default if value is None else value.strip().lower() in ("false", "0")


def _is_clear(element: etree._Element) -> bool:
    """Whether the object is wholly transparent."""
    colour = child(element, "FillColor")
    values = (element.get("Alpha"), None if colour is None else colour.get("Alpha"))
    return any(number_in(value, 255.0) == 0 for value in values)
