"""One PDF page's marks through PDFium's raw calls: bulk text, character boxes, paths of the page and of its forms."""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pypdfium2.raw as pdfium

from pipelines.extract.marks import Characters, Floats, Ints, Marks, turn_boxes

MOST_CHARACTERS = 60_000
MOST_OBJECTS = 60_000
MOST_SEGMENTS = 200_000
FORM_DEPTH = 12
THIN = 4.5
"""A path no thicker is a stroke, whether it was drawn as a line or as a filled area."""

_HYPHENS = {"\x02": "-", "\ufffe": "-", "\xad": "-"}
_WORDLESS = set("\ufeff\u200b\u200c\u200d\u2060\x00")

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class PageTooComplexError(Exception):
    """A page with more characters or objects than a report has."""


@dataclass(frozen=True, slots=True)
class PdfPage:
    """`marks` are laid out so that most text stands upright; turning them clockwise by `turn` quarters gives the page
    as it is shown. `slanted` are characters at an odd angle, such as a watermark's."""

    marks: Marks
    slanted: Characters
    turn: int
    rotated: bool
    """The page has a rotation of its own, applied to `marks` or by `turn`."""
    picture_share: float
    """The share of the page that its largest picture without text on it covers."""
    hidden_text: bool
    """All text is invisible: a scan with the text that someone's OCR put behind it."""
    unmapped_share: float
    """The share of characters whose font does not say what they mean."""

    def shown(self, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        """A box of `marks` on the page as it is shown, rounded to hundredths of a point."""
        if self.turn == 0:
            left, top, right, bottom = box
            return round(left, 2), round(top, 2), round(right, 2), round(bottom, 2)
        turned = turn_boxes(np.array([box]), self.turn, self.marks.width, self.marks.height)[0]
        left, top, right, bottom = (round(float(v), 2) for v in turned)
        return left, top, right, bottom


@dataclass(slots=True)
class _Drawn:
    strokes: list[tuple[float, float, float, float]] = field(default_factory=list)
    fills: list[tuple[float, float, float, float]] = field(default_factory=list)
    pictures: list[tuple[float, float, float, float]] = field(default_factory=list)
    objects: int = 0
    segments: int = 0


def read_page(document: pdfium.FPDF_DOCUMENT, index: int) -> PdfPage:
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


def _assembled(page: pdfium.FPDF_PAGE, text: pdfium.FPDF_TEXTPAGE) -> PdfPage:
    if pdfium.FPDFPage_CountObjects(page) > MOST_OBJECTS:
        raise PageTooComplexError
    left, bottom, right, top = _bounds_of_page(page)
    rotation = pdfium.FPDFPage_GetRotation(page) % 4
    letters, boxes, baselines, angles, unmapped = _characters(text)
    drawn = _Drawn()
    things = [pdfium.FPDFPage_GetObject(page, i) for i in range(pdfium.FPDFPage_CountObjects(page))]
    kind_of, words = pdfium.FPDFPageObj_GetType, pdfium.FPDF_PAGEOBJ_TEXT
    texts = []
    for thing in things:
        if kind_of(thing) == words:
            texts.append(thing)
        else:
            _collect(thing, _IDENTITY, 0, drawn)
    hidden = bool(drawn.pictures and texts) and all(map(_is_invisible, texts))
    quarters = -np.rint(angles / (math.pi / 2)).astype(np.int64) % 4  # PDFium measures clockwise
    straight = np.abs(angles - np.rint(angles / (math.pi / 2)) * (math.pi / 2)) < 0.03
    layout = _upright_rotation(quarters[straight], rotation)
    width, height = right - left, top - bottom

    def laid(user: Floats) -> Floats:
        flipped = np.column_stack((user[:, 0] - left, top - user[:, 3], user[:, 2] - left, top - user[:, 1]))
        return turn_boxes(flipped, layout, width, height)

    boxes = laid(boxes)
    origins = laid(np.column_stack((baselines, baselines)))
    size = (width, height) if layout % 2 == 0 else (height, width)
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    visible = (centres > -2).all(axis=1) & (centres < np.array(size) + 2).all(axis=1)
    characters = Characters(letters, boxes, origins[:, 1], (quarters - layout) % 4)
    strokes, fills, pictures = (laid(_array(found)) for found in (drawn.strokes, drawn.fills, drawn.pictures))
    upright = characters.take(visible & straight)
    return PdfPage(
        Marks(size[0], size[1], upright, strokes, fills),
        characters.take(visible & ~straight),
        (rotation - layout) % 4,
        rotation != 0,
        _bare_picture_share(pictures, upright, size),
        hidden,
        unmapped,
    )


def _bounds_of_page(page: pdfium.FPDF_PAGE) -> tuple[float, float, float, float]:
    rect = pdfium.FS_RECTF()
    if not pdfium.FPDF_GetPageBoundingBox(page, rect):
        raise ValueError("the page has no size")
    left, right = sorted((rect.left, rect.right))
    bottom, top = sorted((rect.bottom, rect.top))
    if not (0 < right - left < 1e5 and 0 < top - bottom < 1e5):
        raise ValueError("the page has no sensible size")
    return left, bottom, right, top


def _array(boxes: list[tuple[float, float, float, float]]) -> Floats:
    found = np.array(boxes, dtype=np.float64).reshape(-1, 4)
    return found[np.isfinite(found).all(axis=1)]


def _characters(text: pdfium.FPDF_TEXTPAGE) -> tuple[np.ndarray, Floats, Floats, Floats, float]:
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
    return names[sound], boxes[sound], origins[sound], angles[sound], share


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


def _is_invisible(text: pdfium.FPDF_PAGEOBJECT) -> bool:
    return bool(pdfium.FPDFTextObj_GetTextRenderMode(text) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE)


def _collect(thing: pdfium.FPDF_PAGEOBJECT, matrix: Matrix, depth: int, drawn: _Drawn) -> None:
    drawn.objects += 1
    if drawn.objects > MOST_OBJECTS or drawn.segments > MOST_SEGMENTS:
        raise PageTooComplexError
    kind = pdfium.FPDFPageObj_GetType(thing)
    if kind == pdfium.FPDF_PAGEOBJ_PATH:
        _collect_path(thing, matrix, drawn)
    elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
        drawn.pictures.append(_moved(_bounds(thing), matrix))
    elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < FORM_DEPTH:
        inner = _product(_matrix(thing), matrix)
        for i in range(pdfium.FPDFFormObj_CountObjects(thing)):
            _collect(pdfium.FPDFFormObj_GetObject(thing, i), inner, depth + 1, drawn)


def _bounds(thing: pdfium.FPDF_PAGEOBJECT) -> tuple[float, float, float, float]:
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


def _moved(box: tuple[float, float, float, float], matrix: Matrix) -> tuple[float, float, float, float]:
    if matrix is _IDENTITY:
        return box
    a, b, c, d, e, f = matrix
    left, bottom, right, top = box
    xs = [a * x + c * y + e for x in (left, right) for y in (bottom, top)]
    ys = [b * x + d * y + f for x in (left, right) for y in (bottom, top)]
    return min(xs), min(ys), max(xs), max(ys)


def _collect_path(thing: pdfium.FPDF_PAGEOBJECT, matrix: Matrix, drawn: _Drawn) -> None:
    box = _moved(_bounds(thing), matrix)
    if min(box[2] - box[0], box[3] - box[1]) <= THIN:
        drawn.strokes.append(box)
        return
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(thing, filled, stroked)
    for points, straight in _subpaths(thing, _product(_matrix(thing), matrix), drawn):
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        extent = min(xs), min(ys), max(xs), max(ys)
        if min(extent[2] - extent[0], extent[3] - extent[1]) <= THIN:
            drawn.strokes.append(extent)
        elif stroked.value and straight:
            drawn.strokes.extend(_straight_edges(points))
        elif filled.value and straight:
            drawn.fills.append(extent)


def _straight_edges(points: list[tuple[float, float]]) -> list[tuple[float, float, float, float]]:
    edges = []
    for (x0, y0), (x1, y1) in pairwise(points):
        if min(abs(x1 - x0), abs(y1 - y0)) <= 1.0:
            edges.append((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
    return edges


def _subpaths(
    path: pdfium.FPDF_PAGEOBJECT, matrix: Matrix, drawn: _Drawn
) -> list[tuple[list[tuple[float, float]], bool]]:
    """Each subpath's points on the page, closed where it is, and whether it has straight pieces only."""
    a, b, c, d, e, f = matrix
    count = pdfium.FPDFPath_CountSegments(path)
    drawn.segments += max(count, 0)
    if drawn.segments > MOST_SEGMENTS:
        raise PageTooComplexError
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
