"""What a PDF page draws beside its text: strokes and pictures, of the page and of the forms in it."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
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
_render_mode_of = by_address(pdfium.FPDFTextObj_GetTextRenderMode)
_draw_mode_of = by_address(pdfium.FPDFPath_GetDrawMode)
_count_segments = by_address(pdfium.FPDFPath_CountSegments)
_segment_at = by_address(pdfium.FPDFPath_GetPathSegment)
_point_of = by_address(pdfium.FPDFPathSegment_GetPoint)
_segment_kind = by_address(pdfium.FPDFPathSegment_GetType)
_closes = by_address(pdfium.FPDFPathSegment_GetClose)


def drawn_on(page: int) -> tuple[Drawn, bool]:
    """What the page at that address draws, in its own space; and whether pictures stand there and most text is
    invisible. Raises `PageTooComplexError`."""
    count = _count_objects(page)
    if count > MOST_OBJECTS:
        raise PageTooComplexError
    things = list(map(_object_at, repeat(page, max(count, 0)), range(count)))
    drawn = Drawn()
    texts = _collect(things, _IDENTITY, 0, drawn)
    invisible = pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
    if not drawn.pictures or not texts:
        return drawn, False
    return drawn, sum(_render_mode_of(text) == invisible for text in texts) * 2 >= len(texts)


def _collect(things: Sequence[int], matrix: Matrix, depth: int, drawn: Drawn) -> list[int]:
    """Adds what `things` draw; gives those that are text."""
    drawn.count(objects=len(things))
    of_kind: dict[int, list[int]] = {}
    for thing, kind in zip(things, map(_kind_of, things), strict=True):
        of_kind.setdefault(kind, []).append(thing)
    _collect_paths(of_kind.get(pdfium.FPDF_PAGEOBJ_PATH, []), matrix, drawn)
    drawn.pictures.extend(_boxes(_bounds(of_kind.get(pdfium.FPDF_PAGEOBJ_IMAGE, []), matrix)))
    texts = of_kind.get(pdfium.FPDF_PAGEOBJ_TEXT, [])
    if depth < FORM_DEPTH:
        for form in of_kind.get(pdfium.FPDF_PAGEOBJ_FORM, []):
            count = _count_inner(form)
            inner = list(map(_inner_at, repeat(form, max(count, 0)), range(count)))
            texts = texts + _collect(inner, _product(_matrix(form), matrix), depth + 1, drawn)
    return texts


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


def _matrix(thing: int) -> Matrix:
    m = pdfium.FS_MATRIX()
    _matrix_of(thing, ctypes.addressof(m))
    return m.a, m.b, m.c, m.d, m.e, m.f


def _product(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _collect_paths(paths: Sequence[int], matrix: Matrix, drawn: Drawn) -> None:
    boxes = _bounds(paths, matrix)
    thin = np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) <= THIN
    drawn.strokes.extend(_boxes(boxes[thin]))
    wide = [paths[i] for i in np.flatnonzero(~thin).tolist()]
    modes = rows_written(_draw_mode_of, wide, count=len(wide), width=2, kind=np.intc, pointers=2).tolist()
    for path, (_, stroked), segments in zip(wide, modes, map(_count_segments, wide), strict=True):
        drawn.count(segments=max(segments, 0))
        if stroked or segments > RECTANGLE:  # else it is a shaded area, which rules nothing
            for points, straight in _subpaths(path, segments, _product(_matrix(path), matrix)):
                drawn.add_outline(points, straight, False, bool(stroked))


def _subpaths(path: int, count: int, matrix: Matrix) -> list[tuple[list[tuple[float, float]], bool]]:
    """Each subpath's points on the page, closed where it is, and whether it has straight pieces only."""
    segments = list(map(_segment_at, repeat(path, count), range(count)))
    written = rows_written(_point_of, segments, count=count, width=2, kind=np.float32, pointers=2)
    placed = _points_moved(written.astype(np.float64), matrix).tolist()
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
