"""Pages of a PDF that are pictures, or whose fonts do not say what they mean: drawn, and read from the picture."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pypdfium2 as pdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from pipelines.extract.limits import announce_recognition
from pipelines.extract.lines import Line
from pipelines.extract.marks import PageTable
from pipelines.extract.page_flow import PageLayout
from pipelines.extract.printed_page import LOST_TEXT, PICTURE, PrintedPage, ShownPage
from pipelines.extract.ruling import TooManyRulesError
from pipelines.extract.scan import OCR_MISSING, can_recognise
from pipelines.model import Box, Issue

if TYPE_CHECKING:
    from pipelines.extract.scan.page import ScannedPage

MOST_PAGES = 30
"""Recognised in one document."""
DOTS_PER_INCH = (150.0, 300.0)
MOST_PIXELS = 10_000_000
"""Of a page as it is drawn."""
MOST_PICTURE_PIXELS = 100_000_000
"""Of a picture inside the page."""
SETTLED = ("page_is_image", "picture_in_page", "text_without_unicode", "hidden_text")
NUMBERS = 6
"""A picture on a page of text is taken where its table shows so many numbers."""


def needs_recognition(page: PrintedPage) -> bool:
    """Whether the page's own text is none, or not to be believed."""
    return page.is_picture or page.hidden_text or page.unmapped_share > LOST_TEXT


def recognise_pages(
    document: pdfium2.PdfDocument,
    layouts: list[PageLayout],
    pages: dict[int, PrintedPage],
    issues: list[Issue],
) -> dict[int, ShownPage]:
    """Reads the pages that are pictures, or hold one with a table, and puts what it finds into `layouts`.

    Gives the pages as blocks are to see them. Issues: `ocr_missing` where the packages are not installed, `ocr_used`
    for each page read, `picture_too_large`, `too_many_scans`, `page_too_complex`.
    """
    shown: dict[int, ShownPage] = dict(pages)
    whole = [number for number, page in pages.items() if needs_recognition(page)]
    partly = [
        number
        for number, page in pages.items()
        if number not in whole and page.picture_share >= PICTURE and not page.rotated and not page.turn
    ]
    due = sorted(whole + partly)
    if not due:
        return shown
    if not can_recognise():
        issues.extend(Issue("ocr_missing", OCR_MISSING, f"page {number}") for number in due)
        return shown
    if len(due) > MOST_PAGES:
        message = f"More than {MOST_PAGES} pages are pictures; those from here on were not read: split the file."
        issues.append(Issue("too_many_scans", message, f"page {due[MOST_PAGES]}"))
    announce_recognition(len(due[:MOST_PAGES]))
    places = {layout.number: place for place, layout in enumerate(layouts)}
    for number in due[:MOST_PAGES]:
        where = f"page {number}"
        page = document[number - 1]
        try:
            if _largest_picture(page) > MOST_PICTURE_PIXELS:
                issues.append(Issue("picture_too_large", "A picture on the page is too large to be opened.", where))
            elif number in whole:
                scanned = _scanned(page, None, number)
                layouts[places[number]], shown[number] = scanned.layout, scanned
                _settle(issues, "The page is a picture: its text was recognised.", where)
            elif _with_pictures(page, layouts[places[number]]):
                _settle(issues, "A table on the page is a picture: it was recognised.", where)
        except TooManyRulesError:
            issues.append(Issue("page_too_complex", "The page's picture is a drawing; look at it by hand.", where))
        finally:
            page.close()
    return shown


def _settle(issues: list[Issue], message: str, where: str) -> None:
    """What was said of a page as it could not be read is replaced by how it was."""
    issues[:] = [issue for issue in issues if issue.where != where or issue.code not in SETTLED]
    issues.append(Issue("ocr_used", message, where))


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
    width, height = page.get_size()
    added = False
    for _, _, box in list(_pictures(page)):
        left, top, right, bottom = max(box[0], 0.0), max(box[1], 0.0), min(box[2], width), min(box[3], height)
        if right - left < 40 or bottom - top < 20 or (right - left) * (bottom - top) < PICTURE / 4 * width * height:
            continue
        scanned = _scanned(page, (left, top, right, bottom), layout.number)
        if not any(_is_of_numbers(table) for table in scanned.layout.tables):
            continue
        added = True
        first = len(layout.tables)
        layout.tables.extend(_moved_table(table, left, top) for table in scanned.layout.tables)
        layout.lines.extend(_moved_line(line, left, top) for line in scanned.layout.lines)
        for index, lines in scanned.layout.framed.items():
            layout.framed[first + index] = [_moved_line(line, left, top) for line in lines]
    return added


def _is_of_numbers(table: PageTable) -> bool:
    return sum(cell.text[:1].isdigit() and len(cell.text) < 24 for cell in table.cells) >= NUMBERS


def _moved_table(table: PageTable, left: float, top: float) -> PageTable:
    cells = tuple(replace(cell, box=_moved(cell.box, left, top)) for cell in table.cells)
    return PageTable(tuple(x + left for x in table.xs), tuple(y + top for y in table.ys), cells)


def _moved_line(line: Line, left: float, top: float) -> Line:
    words = tuple(replace(word, left=word.left + left, right=word.right + left) for word in line.words)
    return replace(line, words=words, box=_moved(line.box, left, top), baseline=line.baseline + top)


def _moved(box: Box, left: float, top: float) -> Box:
    return box[0] + left, box[1] + top, box[2] + left, box[3] + top
