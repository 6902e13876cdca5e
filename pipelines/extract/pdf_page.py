"""One PDF page's marks through PDFium's raw calls: bulk text, character boxes, paths of the page and of its forms."""

from __future__ import annotations

import ctypes
import math

import numpy as np
import pypdfium2.raw as pdfium

from pipelines.extract.marks import Floats
from pipelines.extract.printed_page import (
    MOST_CHARACTERS,
    MOST_OBJECTS,
    THIN,
    Drawn,
    Letters,
    PageTooComplexError,
    PrintedPage,
    printed_page,
)
from pipelines.model import Box

FORM_DEPTH = 12

_HYPHENS = {"\x02": "-", "\ufffe": "-", "\xad": "-"}
_WORDLESS = set("\ufeff\u200b\u200c\u200d\u2060\x00")

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def read_page(document: pdfium.FPDF_DOCUMENT, index: int) -> PrintedPage:
    """Marks of the page at `index` (from 0). Raises `PageTooComplexError`, or `ValueError` where PDFium fails."""
    page = pdfium.FPDF_LoadPage(document, index)
    if not page:
        raise ValueError(f"page {index + 1} cannot be loaded")
    try:
        text = pdfium.FPDFText_LoadPage(page)
        if not text:
            raise ValueError(f"the text of page {index + 1} cannot be loaded")
        try:
            return _assembled(page, text)
        finally:
            pdfium.FPDFText_ClosePage(text)
    finally:
        pdfium.FPDF_ClosePage(page)


def _assembled(page: pdfium.FPDF_PAGE, text: pdfium.FPDF_TEXTPAGE) -> PrintedPage:
    if pdfium.FPDFPage_CountObjects(page) > MOST_OBJECTS:
        raise PageTooComplexError
    left, bottom, right, top = _bounds_of_page(page)
    found = _characters(text)
    user = Drawn()
    things = [pdfium.FPDFPage_GetObject(page, i) for i in range(pdfium.FPDFPage_CountObjects(page))]
    kind_of, words = pdfium.FPDFPageObj_GetType, pdfium.FPDF_PAGEOBJ_TEXT
    texts = []
    for thing in things:
        if kind_of(thing) == words:
            texts.append(thing)
        else:
            _collect(thing, _IDENTITY, 0, user)
    hidden = bool(user.pictures and texts) and all(map(_is_invisible, texts))

    def from_top(box: Box) -> Box:
        return box[0] - left, top - box[3], box[2] - left, top - box[1]

    boxes, origins = found.boxes, found.origins
    letters = Letters(
        found.letters,
        np.column_stack((boxes[:, 0] - left, top - boxes[:, 3], boxes[:, 2] - left, top - boxes[:, 1])),
        np.column_stack((origins[:, 0] - left, top - origins[:, 1])),
        found.angles,
        found.unmapped_share,
    )
    strokes, fills, pictures = (list(map(from_top, found)) for found in (user.strokes, user.fills, user.pictures))
    drawn = Drawn(strokes, fills, pictures)
    return printed_page(right - left, top - bottom, letters, drawn, hidden, pdfium.FPDFPage_GetRotation(page) % 4)


def _bounds_of_page(page: pdfium.FPDF_PAGE) -> Box:
    rect = pdfium.FS_RECTF()
    if not pdfium.FPDF_GetPageBoundingBox(page, rect):
        raise ValueError("the page has no size")
    left, right = sorted((rect.left, rect.right))
    bottom, top = sorted((rect.bottom, rect.top))
    if not (0 < right - left < 1e5 and 0 < top - bottom < 1e5):
        raise ValueError("the page has no sensible size")
    return left, bottom, right, top


def _characters(text: pdfium.FPDF_TEXTPAGE) -> Letters:
    """Letters in the page's own space, which has its origin at the bottom."""
    count = pdfium.FPDFText_CountChars(text)
    if count > MOST_CHARACTERS:
        raise PageTooComplexError
    count = max(count, 0)
    letters = _letters(text, count)
    kept = [i for i, letter in enumerate(letters) if not letter.isspace() and letter not in _WORDLESS]
    rects = (pdfium.FS_RECTF * len(kept))()
    xs, ys = (ctypes.c_double * len(kept))(), (ctypes.c_double * len(kept))()
    angles = np.zeros(len(kept))
    box_of, origin_of, angle_of = (
        pdfium.FPDFText_GetLooseCharBox, pdfium.FPDFText_GetCharOrigin, pdfium.FPDFText_GetCharAngle,
    )  # fmt: skip
    at = ctypes.c_double.from_buffer
    for place, i in enumerate(kept):
        box_of(text, i, rects[place])
        origin_of(text, i, at(xs, 8 * place), at(ys, 8 * place))
        angles[place] = angle_of(text, i)
    sides = np.frombuffer(rects, dtype=np.float32).reshape(-1, 4).astype(np.float64) if kept else np.zeros((0, 4))
    boxes = np.column_stack((sides[:, 0], sides[:, 3], sides[:, 2], sides[:, 1]))  # FS_RECTF: left, top, right, bottom
    origins = np.column_stack((np.array(xs[:]), np.array(ys[:]))).reshape(-1, 2)
    _mend_upright_columns(text, kept, boxes, origins)
    sound = np.isfinite(boxes).all(axis=1) & np.isfinite(origins).all(axis=1) & (angles >= 0)
    sampled = kept[:: max(1, len(kept) // 100)]
    lost = sum(pdfium.FPDFText_HasUnicodeMapError(text, i) == 1 or _private(letters[i]) for i in sampled)
    names = np.array([letters[i] for i in kept], dtype=np.str_)
    share = lost / len(sampled) if sampled else 0.0
    return Letters(names[sound], boxes[sound], origins[sound], angles[sound], share)


def _mend_upright_columns(text: pdfium.FPDF_TEXTPAGE, kept: list[int], boxes: Floats, origins: Floats) -> None:
    """PDFium leaves the text matrix out of the loose boxes of fonts that write from top to bottom: where a box is far
    from its size, take the square of the size that stands on the origin."""
    extents = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    if len(extents) == 0:
        return
    middle = float(np.median(extents))
    odd = (extents < 0.55 * middle) | (extents > 1.8 * middle) | (extents < 4) | (extents > 40)
    matrix = pdfium.FS_MATRIX()
    for place in np.flatnonzero(odd).tolist():
        pdfium.FPDFText_GetMatrix(text, kept[place], matrix)
        size = pdfium.FPDFText_GetFontSize(text, kept[place]) * math.sqrt(
            abs(matrix.a * matrix.d - matrix.b * matrix.c)
        )
        if size > 0 and not 0.6 < extents[place] / size < 2.2:
            x, y = origins[place]
            boxes[place] = (x, y, x + size, y + size)


def _letters(text: pdfium.FPDF_TEXTPAGE, count: int) -> list[str]:
    if count == 0:
        return []
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(text, 0, count, buffer)
    units = bytes(buffer)[: 2 * count]
    letters = list(units.decode("utf-16-le", errors="replace"))
    if written != count + 1 or len(letters) != count:
        codes = (pdfium.FPDFText_GetUnicode(text, i) for i in range(count))
        letters = [chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd" for code in codes]
    if any(mark in letters for mark in _HYPHENS):
        letters = [_HYPHENS.get(letter, letter) for letter in letters]
    return letters


def _private(letter: str) -> bool:
    return letter == "\ufffd" or "\ue000" <= letter <= "\uf8ff" or letter >= "\U000f0000" or letter < " "


def _is_invisible(text: pdfium.FPDF_PAGEOBJECT) -> bool:
    return bool(pdfium.FPDFTextObj_GetTextRenderMode(text) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE)


def _collect(thing: pdfium.FPDF_PAGEOBJECT, matrix: Matrix, depth: int, drawn: Drawn) -> None:
    drawn.count(objects=1)
    kind = pdfium.FPDFPageObj_GetType(thing)
    if kind == pdfium.FPDF_PAGEOBJ_PATH:
        _collect_path(thing, matrix, drawn)
    elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
        drawn.pictures.append(_moved(_bounds(thing), matrix))
    elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < FORM_DEPTH:
        inner = _product(_matrix(thing), matrix)
        for i in range(pdfium.FPDFFormObj_CountObjects(thing)):
            _collect(pdfium.FPDFFormObj_GetObject(thing, i), inner, depth + 1, drawn)


def _bounds(thing: pdfium.FPDF_PAGEOBJECT) -> Box:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(thing, left, bottom, right, top)
    return left.value, bottom.value, right.value, top.value


def _matrix(thing: pdfium.FPDF_PAGEOBJECT) -> Matrix:
    m = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(thing, m)
    return m.a, m.b, m.c, m.d, m.e, m.f


def _product(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _moved(box: Box, matrix: Matrix) -> Box:
    if matrix is _IDENTITY:
        return box
    a, b, c, d, e, f = matrix
    left, bottom, right, top = box
    xs = [a * x + c * y + e for x in (left, right) for y in (bottom, top)]
    ys = [b * x + d * y + f for x in (left, right) for y in (bottom, top)]
    return min(xs), min(ys), max(xs), max(ys)


def _collect_path(thing: pdfium.FPDF_PAGEOBJECT, matrix: Matrix, drawn: Drawn) -> None:
    box = _moved(_bounds(thing), matrix)
    if min(box[2] - box[0], box[3] - box[1]) <= THIN:
        drawn.strokes.append(box)
        return
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(thing, filled, stroked)
    for points, straight in _subpaths(thing, _product(_matrix(thing), matrix), drawn):
        drawn.add_outline(points, straight, bool(filled.value), bool(stroked.value))


def _subpaths(
    path: pdfium.FPDF_PAGEOBJECT, matrix: Matrix, drawn: Drawn
) -> list[tuple[list[tuple[float, float]], bool]]:
    """Each subpath's points on the page, closed where it is, and whether it has straight pieces only."""
    a, b, c, d, e, f = matrix
    count = pdfium.FPDFPath_CountSegments(path)
    drawn.count(segments=max(count, 0))
    found: list[tuple[list[tuple[float, float]], bool]] = []
    points: list[tuple[float, float]] = []
    straight = True
    x, y = ctypes.c_float(), ctypes.c_float()
    for i in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(path, i)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                found.append((points, straight))
            points, straight = [], True
        elif kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            straight = False
        points.append((a * x.value + c * y.value + e, b * x.value + d * y.value + f))
        if pdfium.FPDFPathSegment_GetClose(segment) and points[-1] != points[0]:
            points.append(points[0])
    if len(points) > 1:
        found.append((points, straight))
    return found
