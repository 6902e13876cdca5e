"""Pages of a PDF that are pictures, or whose fonts do not say what they mean: drawn, and read from the picture."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pypdfium2 as pdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from pipelines.extract.page_flow import PageLayout
from pipelines.extract.printed_page import PrintedPage, ShownPage
from pipelines.extract.recognition import (
    DOTS_PER_INCH,
    MOST_PICTURE_PIXELS,
    MOST_PIXELS,
    PictureTooLargeError,
    add_tables_of,
    part_with_picture,
    recognised,
)
from pipelines.model import Box, Issue

if TYPE_CHECKING:
    from pipelines.extract.scan.page import ScannedPage


def recognise_pages(
    document: pdfium2.PdfDocument,
    layouts: list[PageLayout],
    pages: dict[int, PrintedPage],
    issues: list[Issue],
) -> dict[int, ShownPage]:
    """Reads the pages that are pictures, or hold one with a table, as `recognised` does."""

    def whole_page(number: int) -> ScannedPage:
        page = _opened(document, number)
        try:
            return _scanned(page, None, number)
        finally:
            page.close()

    def add_tables(number: int, layout: PageLayout) -> bool:
        page = _opened(document, number)
        try:
            return _with_pictures(page, layout)
        finally:
            page.close()

    return recognised(pages, layouts, issues, whole_page, add_tables)


def _opened(document: pdfium2.PdfDocument, number: int) -> pdfium2.PdfPage:
    page = document[number - 1]
    if _largest_picture(page) > MOST_PICTURE_PIXELS:
        page.close()
        raise PictureTooLargeError
    return page


def _scanned(page: pdfium2.PdfPage, part: Box | None, number: int) -> ScannedPage:
    """The page as shown, or a part of it, read from its picture."""
    from pipelines.extract.scan.page import scan_page

    width, height = page.get_size()
    left, top, right, bottom = part or (0.0, 0.0, width, height)
    area = max((right - left) * (bottom - top), 1.0)
    scale = min(_resolution(page) / 72, math.sqrt(MOST_PIXELS / area))
    crop = (left, height - bottom, width - right, top)
    bitmap = page.render(scale=scale, grayscale=True, crop=crop)
    try:
        drawn: NDArray[np.uint8] = np.array(bitmap.to_numpy(), dtype=np.uint8)
    finally:
        bitmap.close()
    gray = drawn[..., 0] if drawn.ndim == 3 else drawn
    return scan_page(np.ascontiguousarray(gray), 1 / scale, number)


def _pictures(page: pdfium2.PdfPage) -> Iterator[tuple[int, int, Box]]:
    """Width and height in pixels, and box from the top left of the unturned page, of each picture."""
    height = page.get_size()[1]
    for thing in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        wide, high = ctypes.c_uint(), ctypes.c_uint()
        if not pdfium.FPDFImageObj_GetImagePixelSize(thing.raw, wide, high):
            continue
        left, bottom, right, top = thing.get_bounds()
        yield wide.value, high.value, (left, height - top, right, height - bottom)


def _largest_picture(page: pdfium2.PdfPage) -> int:
    return max((wide * high for wide, high, _ in _pictures(page)), default=0)


def _resolution(page: pdfium2.PdfPage) -> float:
    """Dots per inch of the page's largest picture, within bounds; 200 where there is none."""
    lowest, highest = DOTS_PER_INCH
    found = [
        (wide * high, 72 * max(wide / (box[2] - box[0]), high / (box[3] - box[1])))
        for wide, high, box in _pictures(page)
        if box[2] - box[0] > 1 and box[3] - box[1] > 1
    ]
    return min(max(max(found)[1], lowest), highest) if found else 200.0


def _with_pictures(page: pdfium2.PdfPage, layout: PageLayout) -> bool:
    """Adds the tables of pictures on a page of text to its layout; whether there were any."""
    parts = [part_with_picture(box, *page.get_size()) for _, _, box in list(_pictures(page))]
    added = [
        add_tables_of(_scanned(page, part, layout.number), layout, part[0], part[1])
        for part in parts
        if part is not None
    ]
    return any(added)
