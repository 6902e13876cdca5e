"""What a PDF page draws: strokes, areas, pictures and texts, of the page and of the forms in it."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import repeat

import numpy as np
import pypdfium2.raw as pdfium

from pipelines.extract.marks import Floats
from pipelines.extract.pdfium_calls import by_address, rows_written
from pipelines.extract.printed_page import MOST_OBJECTS, THIN, Drawn, PageTooComplexError

FORM_DEPTH = 12
RECTANGLE = 5
"""A path of no more segments is one outline."""

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

_count_objects = by_address(pdfium.FPDFPage_CountObjects)
_object_at = by_address(pdfium.FPDFPage_GetObject)
_count_inner = by_address(pdfium.FPDFFormObj_CountObjects)
_inner_at = by_address(pdfium.FPDFFormObj_GetObject)
_kind_of = by_address(pdfium.FPDFPageObj_GetType)
_bounds_of = by_address(pdfium.FPDFPageObj_GetBounds)
_matrix_of = by_address(pdfium.FPDFPageObj_GetMatrix)
_draw_mode_of = by_address(pdfium.FPDFPath_GetDrawMode)
_count_segments = by_address(pdfium.FPDFPath_CountSegments)
_segment_at = by_address(pdfium.FPDFPath_GetPathSegment)
_point_of = by_address(pdfium.FPDFPathSegment_GetPoint)
_segment_kind = by_address(pdfium.FPDFPathSegment_GetType)
_closes = by_address(pdfium.FPDFPathSegment_GetClose)


@dataclass(frozen=True, slots=True)
class Thing:
    """An object of the page: its address, when it is drawn among the others, and where, in the page's own space.
    `moved` is the matrix of the form that it stands in."""

    address: int
    order: float
    box: tuple[float, float, float, float]
    moved: Matrix


@dataclass(slots=True)
class PageObjects:
    """What a page draws, in its own space. Texts come without boxes, by `texts` (addresses) and `text_orders`; `areas`
    are filled or thickly stroked, `rectangles` those among them that are filled and no more than a rectangle."""

    drawn: Drawn = field(default_factory=Drawn)
    texts: list[int] = field(default_factory=list)
    text_orders: list[float] = field(default_factory=list)
    text_matrices: list[Matrix] = field(default_factory=list)
    areas: list[Thing] = field(default_factory=list)
    rectangles: list[Thing] = field(default_factory=list)
    pictures: list[Thing] = field(default_factory=list)

    def text_boxes(self) -> Floats:
        """Boxes of the texts, one a row."""
        boxes = _bounds(self.texts, _IDENTITY)
        for at, matrix in enumerate(self.text_matrices):
            if matrix is not _IDENTITY:
                boxes[at] = _moved(boxes[at : at + 1], matrix)[0]
        return boxes


def drawn_on(page: int) -> PageObjects:
    """What the page at that address draws. Raises `PageTooComplexError`."""
    count = _count_objects(page)
    if count > MOST_OBJECTS:
        raise PageTooComplexError
    things = list(map(_object_at, repeat(page, max(count, 0)), range(count)))
    found = PageObjects()
    _collect(things, _IDENTITY, 0, (0.0, 1.0), found)
    return found


def _collect(
    things: Sequence[int], matrix: Matrix, depth: int, orders: tuple[float, float], found: PageObjects
) -> None:
    """Adds what `things` draw; `orders` are the first one's order and the step to the next."""
    found.drawn.count(objects=len(things))
    first, step = orders
    of_kind: dict[int, list[int]] = {}
    for at, kind in enumerate(map(_kind_of, things)):
        of_kind.setdefault(kind, []).append(at)

    def placed(kind: int) -> tuple[list[int], list[float]]:
        places = of_kind.get(kind, [])
        return [things[at] for at in places], [first + step * at for at in places]

    _collect_paths(*placed(pdfium.FPDF_PAGEOBJ_PATH), matrix, found)
    pictures, when = placed(pdfium.FPDF_PAGEOBJ_IMAGE)
    boxes = _boxes(_bounds(pictures, matrix))
    found.drawn.pictures.extend(boxes)
    found.pictures.extend(map(Thing, pictures, when, boxes, repeat(matrix)))
    shadings, when = placed(pdfium.FPDF_PAGEOBJ_SHADING)
    found.areas.extend(map(Thing, shadings, when, _boxes(_bounds(shadings, matrix)), repeat(matrix)))
    texts, when = placed(pdfium.FPDF_PAGEOBJ_TEXT)
    found.texts += texts
    found.text_orders += when
    found.text_matrices += repeat(matrix, len(texts))
    if depth < FORM_DEPTH:
        for form, order in zip(*placed(pdfium.FPDF_PAGEOBJ_FORM), strict=True):
            count = _count_inner(form)
            inner = list(map(_inner_at, repeat(form, max(count, 0)), range(count)))
            within = order, step / (len(inner) + 1)
            _collect(inner, _product(_matrix(form), matrix), depth + 1, within, found)


def _bounds(things: Sequence[int], matrix: Matrix) -> Floats:
    boxes = rows_written(_bounds_of, things, count=len(things), width=4, kind=np.float32, pointers=4)
    return _moved(boxes.astype(np.float64), matrix)


def _boxes(boxes: Floats) -> list[tuple[float, float, float, float]]:
    return [(left, bottom, right, top) for left, bottom, right, top in boxes.tolist()]


def _moved(boxes: Floats, matrix: Matrix) -> Floats:
    if matrix is _IDENTITY:
        return boxes
    corners = boxes[:, [0, 1, 0, 3, 2, 1, 2, 3]].reshape(-1, 4, 2)
    moved = _points_moved(corners, matrix)
    return np.concatenate((moved.min(axis=1), moved.max(axis=1)), axis=1)


def _points_moved(points: Floats, matrix: Matrix) -> Floats:
    a, b, c, d, e, f = matrix
    moved: Floats = points @ np.array(((a, b), (c, d))) + np.array((e, f))
    return moved


def points_of(segments: Sequence[int], matrix: Matrix) -> Floats:
    """The end points of a path's segments, one a row, on the page."""
    written = rows_written(_point_of, segments, count=len(segments), width=2, kind=np.float32, pointers=2)
    return _points_moved(written.astype(np.float64), matrix)


def _matrix(thing: int) -> Matrix:
    m = pdfium.FS_MATRIX()
    _matrix_of(thing, ctypes.addressof(m))
    return m.a, m.b, m.c, m.d, m.e, m.f


def _product(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _collect_paths(paths: Sequence[int], orders: Sequence[float], matrix: Matrix, found: PageObjects) -> None:
    drawn = found.drawn
    boxes = _bounds(paths, matrix)
    thin = np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) <= THIN
    drawn.strokes.extend(_boxes(boxes[thin]))
    places = np.flatnonzero(~thin).tolist()
    wide = [Thing(paths[i], orders[i], box, matrix) for i, box in zip(places, _boxes(boxes[~thin]), strict=True)]
    addresses = [thing.address for thing in wide]
    modes = rows_written(_draw_mode_of, addresses, count=len(wide), width=2, kind=np.intc, pointers=2).tolist()
    for thing, (filled, stroked), segments in zip(wide, modes, map(_count_segments, addresses), strict=True):
        drawn.count(segments=max(segments, 0))
        if filled or stroked:
            found.areas.append(thing)
        if filled and segments <= RECTANGLE:
            found.rectangles.append(thing)
        if stroked or segments > RECTANGLE:  # else it is a shaded area, which rules nothing
            for points, straight in _subpaths(thing.address, segments, _product(_matrix(thing.address), matrix)):
                drawn.add_outline(points, straight, False, bool(stroked))


def _subpaths(path: int, count: int, matrix: Matrix) -> list[tuple[list[tuple[float, float]], bool]]:
    """Each subpath's points on the page, closed where it is, and whether it has straight pieces only."""
    segments = list(map(_segment_at, repeat(path, count), range(count)))
    placed = points_of(segments, matrix).tolist()
    found: list[tuple[list[tuple[float, float]], bool]] = []
    points: list[tuple[float, float]] = []
    straight = True
    for (x, y), kind, closes in zip(placed, map(_segment_kind, segments), map(_closes, segments), strict=True):
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                found.append((points, straight))
            points, straight = [], True
        elif kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            straight = False
        points.append((x, y))
        if closes and points[-1] != points[0]:
            points.append(points[0])
    if len(points) > 1:
        found.append((points, straight))
    return found
