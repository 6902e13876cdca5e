"""What pages that are pictures, or hold one, have in common whatever file they lie in: which of them are to be read by
recognition, and how what is found joins the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.extract.hidden_text import compared
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


class PictureTooLargeError(Exception):
    """A picture that is not to be opened."""


def needs_recognition(page: PrintedPage) -> bool:
    """Whether the page's own text is none, or not to be believed."""
    return page.is_picture or page.hidden_text or page.unmapped_share > LOST_TEXT


def recognised(
    pages: Mapping[int, PrintedPage],
    layouts: list[PageLayout],
    issues: list[Issue],
    whole_page: Callable[[int], ScannedPage | None],
    add_tables: Callable[[int, PageLayout], bool],
) -> dict[int, ShownPage]:
    """Reads the pages that are pictures, or hold one with a table, and puts what it finds into `layouts`.

    `whole_page` reads a page by its number from its picture, or gives None where it has none; `add_tables` adds the
    tables of a page's pictures to its layout and says whether there were any. Both may raise `PictureTooLargeError`
    and `TooManyRulesError`. Gives the pages as blocks are to see them. Issues: `ocr_missing` where the packages are
    not installed, `ocr_used` for each page read, `hidden_text_differs`, `picture_too_large`, `too_many_scans`,
    `page_too_complex`.
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
        try:
            if number not in whole:
                if add_tables(number, layouts[places[number]]):
                    _settle(issues, "A table on the page is a picture: it was recognised.", where)
            elif (scanned := whole_page(number)) is not None:
                layouts[places[number]], shown[number] = scanned.layout, scanned
                _settle(issues, "The page is a picture: its text was recognised.", where)
                if pages[number].hidden_text:
                    issues.extend(compared(scanned, pages[number], where))
        except PictureTooLargeError:
            issues.append(Issue("picture_too_large", "A picture on the page is too large to be opened.", where))
        except TooManyRulesError:
            issues.append(Issue("page_too_complex", "The page's picture is a drawing; look at it by hand.", where))
    return shown


def _settle(issues: list[Issue], message: str, where: str) -> None:
    """What was said of a page as it could not be read is replaced by how it was."""
    issues[:] = [issue for issue in issues if issue.where != where or issue.code not in SETTLED]
    issues.append(Issue("ocr_used", message, where))


def part_with_picture(box: Box, width: float, height: float) -> Box | None:
    """The part of a page of text that a picture covers, where it is large enough to hold a table."""
    left, top, right, bottom = max(box[0], 0.0), max(box[1], 0.0), min(box[2], width), min(box[3], height)
    if right - left < 40 or bottom - top < 20 or (right - left) * (bottom - top) < PICTURE / 2 * width * height:
        return None
    return left, top, right, bottom


def add_tables_of(scanned: ScannedPage, layout: PageLayout, left: float, top: float) -> bool:
    """Adds what was read from a picture with that corner to the page's layout, if it holds a table of numbers and lies
    on the page as it was read."""
    if scanned.turned or not any(_is_of_numbers(table) for table in scanned.layout.tables):
        return False
    first = len(layout.tables)
    layout.tables.extend(_moved_table(table, left, top) for table in scanned.layout.tables)
    layout.lines.extend(_moved_line(line, left, top) for line in scanned.layout.lines)
    for index, lines in scanned.layout.framed.items():
        layout.framed[first + index] = [_moved_line(line, left, top) for line in lines]
    return True


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
