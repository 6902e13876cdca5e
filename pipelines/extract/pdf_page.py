"""One PDF page's marks through PDFium's raw calls: bulk text, character boxes, and what the page draws."""

from __future__ import annotations

import ctypes
import math
from itertools import repeat

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from pipelines.extract.marks import Bools, Floats
from pipelines.extract.pdf_drawing import drawn_on
from pipelines.extract.pdf_visibility import visibility
from pipelines.extract.pdfium_calls import address_of, by_address, rows_written
from pipelines.extract.printed_page import (
    MOST_CHARACTERS,
    Drawn,
    Letters,
    PageTooComplexError,
    PrintedPage,
    printed_page,
)
from pipelines.model import Box

Codes = NDArray[np.uint32]

_HYPHENS = (0x02, 0xFFFE, 0xAD)
_WORDLESS = "\ufeff\u200b\u200c\u200d\u2060\x00"
_PRINTED = np.array([not (chr(code).isspace() or chr(code) in _WORDLESS) for code in range(0x10000)])
"""By code point, whether a character leaves a mark."""

_box_of = by_address(pdfium.FPDFText_GetLooseCharBox)
_origin_of = by_address(pdfium.FPDFText_GetCharOrigin)
_angle_of = by_address(pdfium.FPDFText_GetCharAngle)
_lacks_unicode = by_address(pdfium.FPDFText_HasUnicodeMapError)


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
            return _assembled(document, page, text)
        finally:
            pdfium.FPDFText_ClosePage(text)
    finally:
        pdfium.FPDF_ClosePage(page)


def _assembled(document: pdfium.FPDF_DOCUMENT, page: pdfium.FPDF_PAGE, text: pdfium.FPDF_TEXTPAGE) -> PrintedPage:
    left, bottom, right, top = _bounds_of_page(page)
    objects = drawn_on(address_of(page))
    found, places = _characters(text)
    seen = visibility(objects, (document, page), address_of(text), places, found.boxes)

    def from_top(box: Box) -> Box:
        return box[0] - left, top - box[3], box[2] - left, top - box[1]

    boxes, origins = found.boxes, found.origins
    letters = Letters(
        found.letters,
        np.column_stack((boxes[:, 0] - left, top - boxes[:, 3], boxes[:, 2] - left, top - boxes[:, 1])),
        np.column_stack((origins[:, 0] - left, top - origins[:, 1])),
        found.angles,
        found.unmapped_share,
        seen.unseen,
        seen.across,
    )
    drawn = Drawn(list(map(from_top, objects.drawn.strokes)), [], list(map(from_top, objects.drawn.pictures)))
    rotation = pdfium.FPDFPage_GetRotation(page) % 4
    return printed_page(right - left, top - bottom, letters, drawn, seen.behind_pictures, rotation)


def _bounds_of_page(page: pdfium.FPDF_PAGE) -> Box:
    rect = pdfium.FS_RECTF()
    if not pdfium.FPDF_GetPageBoundingBox(page, rect):
        raise ValueError("the page has no size")
    left, right = sorted((rect.left, rect.right))
    bottom, top = sorted((rect.bottom, rect.top))
    if not (0 < right - left < 1e5 and 0 < top - bottom < 1e5):
        raise ValueError("the page has no sensible size")
    return left, bottom, right, top


def _characters(text: pdfium.FPDF_TEXTPAGE) -> tuple[Letters, list[int]]:
    """Letters in the page's own space, which has its origin at the bottom; and their places among the characters."""
    count = pdfium.FPDFText_CountChars(text)
    if count > MOST_CHARACTERS:
        raise PageTooComplexError
    codes = _codes(text, max(count, 0))
    places = np.flatnonzero(_PRINTED[np.minimum(codes, len(_PRINTED) - 1)])
    codes, kept = codes[places], places.tolist()
    here = repeat(address_of(text), len(kept))
    rects = rows_written(_box_of, here, kept, count=len(kept), width=4, kind=np.float32).astype(np.float64)
    here = repeat(address_of(text), len(kept))
    origins = rows_written(_origin_of, here, kept, count=len(kept), width=2, kind=np.float64, pointers=2)
    boxes = rects[:, [0, 3, 2, 1]]  # FS_RECTF: left, top, right, bottom
    angles = _angles(address_of(text), kept, boxes, origins)
    _mend_upright_columns(text, kept, boxes, origins)
    sound = np.isfinite(boxes).all(axis=1) & np.isfinite(origins).all(axis=1) & (angles >= 0)
    every = max(1, -(-len(kept) // 100))
    lacking = list(map(_lacks_unicode, repeat(address_of(text)), kept[::every]))
    lost = (np.array(lacking) == 1) | _private(codes[::every])
    share = float(lost.mean()) if lacking else 0.0
    letters = Letters(codes.view("U1")[sound], boxes[sound], origins[sound], angles[sound], share)
    return letters, places[sound].tolist()


def _angles(text: int, kept: list[int], boxes: Floats, origins: Floats) -> Floats:
    """Where a box begins at its origin, and reaches above and below it, the character runs straight on; others are
    asked."""
    room = 0.004 * (boxes[:, 3] - boxes[:, 1]) + 0.001
    level: Bools = (boxes[:, 1] + room < origins[:, 1]) & (origins[:, 1] < boxes[:, 3] - room)
    asked = np.flatnonzero(~(level & (np.abs(boxes[:, 0] - origins[:, 0]) < room)))
    angles = np.zeros(len(kept))
    angles[asked] = [_angle_of(text, kept[i]) for i in asked.tolist()]
    return angles


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


def _codes(text: pdfium.FPDF_TEXTPAGE, count: int) -> Codes:
    """The characters' code points."""
    if count == 0:
        return np.zeros(0, dtype=np.uint32)
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(text, 0, count, buffer)
    codes: Codes = np.ctypeslib.as_array(buffer)[:count].astype(np.uint32)
    surrogates = (codes >= 0xD800) & (codes < 0xE000)
    if written != count + 1 or surrogates.any():
        codes = np.array([pdfium.FPDFText_GetUnicode(text, i) for i in range(count)], dtype=np.uint32)
        codes[(codes >= 0x110000) | ((codes >= 0xD800) & (codes < 0xE000))] = 0xFFFD
    codes[np.isin(codes, _HYPHENS)] = ord("-")
    return codes


def _private(codes: Codes) -> Bools:
    in_plane = (codes >= 0xE000) & (codes <= 0xF8FF)
    found: Bools = (codes == 0xFFFD) | in_plane | (codes >= 0xF0000) | (codes < 0x20)
    return found
