"""OFD (GB/T 33190): bytes to a Document, through the same tables and lines as every printed page.

A file may hold several documents; their pages follow one another and are counted on. Annotations, stamps and
signatures are left out: they lie on the page and are no part of it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import TYPE_CHECKING

from pipelines.extract.limits import Unreadable
from pipelines.extract.ofd_package import OfdDocument, OfdPackage
from pipelines.extract.ofd_page import printed
from pipelines.extract.ofd_pictures import PlacedPicture, drawn_pictures, recognise_pages
from pipelines.extract.page_blocks import blocks_of, page_layout
from pipelines.extract.page_flow import PageLayout
from pipelines.extract.printed_page import PageTooComplexError, PrintedPage, ShownPage
from pipelines.extract.scan import OCR_MISSING, can_recognise
from pipelines.model import Document, Issue

if TYPE_CHECKING:
    from PIL import Image

    DrawnAt = Callable[[float], Image.Image]

MOST_PAGES = 300
SECONDS = 6.0
"""Of processor time for one document."""


def read_ofd(data: bytes) -> Document:
    """A Document of format `ofd`: a Paragraph a printed line, a Grid a table, boxes in points on the page as shown.

    Raises `Unreadable`: `damaged`, `encrypted`, `too_large`, `too_deep`, `too_many_pages`, `too_complex`, `too_slow`;
    `ocr_missing`, `picture_unreadable` where every page is a picture. Issues, each with its page: `page_is_image`,
    `picture_in_page`, `text_without_unicode`, `hidden_text`, `slanted_text`, `page_damaged`, `page_too_complex`, those
    of `recognise_pages`.
    """
    started = time.process_time()
    package = OfdPackage(data)
    documents = list(package.documents())
    count = sum(len(document.page_paths) for document in documents)
    if count == 0:
        raise Unreadable("damaged", "The file holds no page; fetch it anew.")
    if count > MOST_PAGES:
        raise Unreadable("too_many_pages", f"The file has {count} pages, a report at most {MOST_PAGES}; split it.")
    issues: list[Issue] = []
    pages: dict[int, PrintedPage] = {}
    pictures: dict[int, tuple[PlacedPicture, ...]] = {}
    layouts: list[list[PageLayout]] = []
    first = 1
    for document in documents:
        layouts.append(_layouts(document, first, pages, pictures, issues, started))
        first += len(document.page_paths)
    if not pages:
        code = {"page_too_complex": "too_complex"}.get(issues[-1].code, "damaged")
        raise Unreadable(code, "No page of the file can be read: " + issues[-1].message)
    without_text = all(len(page.marks.characters) < 20 for page in pages.values())
    only_pictures = without_text and any(page.is_picture for page in pages.values())
    if only_pictures and not can_recognise():
        raise Unreadable("ocr_missing", OCR_MISSING)
    shown: dict[int, ShownPage] = dict(pages)
    for ours in layouts:
        own = {layout.number: pages[layout.number] for layout in ours}
        shown |= recognise_pages(package, own, pictures, ours, issues)
    if only_pictures and all(page.reading == "text" for page in shown.values()):
        raise Unreadable("picture_unreadable", "Every page is a picture, and none of them can be opened.")
    metadata = {"title": package.title} if re.search(r"\w", package.title) else {}
    return Document("ofd", tuple(blocks_of(layouts, shown)), metadata, tuple(issues), count)


def printed_pages(data: bytes, numbers: Collection[int]) -> Iterator[tuple[PrintedPage, DrawnAt]]:
    """Those pages (from 1), each with what draws its pictures: a grey page at so many pixels a point. Raises
    `Unreadable`."""
    package = OfdPackage(data)
    paths = [(document, path) for document in package.documents() for path in document.page_paths]
    for number in numbers:
        document, path = paths[number - 1]
        try:
            page, pictures = printed(document.page(path))
        except PageTooComplexError as error:
            raise Unreadable("too_complex", "A page has more characters or strokes than a report's.") from error
        yield page, partial(_pictures_at, package, pictures, page.size, number)


def _pictures_at(
    package: OfdPackage, pictures: tuple[PlacedPicture, ...], size: tuple[float, float], number: int, scale: float
) -> Image.Image:
    return drawn_pictures(package, pictures, size, scale, [], number)


def _layouts(
    document: OfdDocument,
    first: int,
    pages: dict[int, PrintedPage],
    pictures: dict[int, tuple[PlacedPicture, ...]],
    issues: list[Issue],
    started: float,
) -> list[PageLayout]:
    """The layouts of a document's pages, counted from `first`; adds to `pages`, `pictures` and `issues`."""
    layouts: list[PageLayout] = []
    for number, path in enumerate(document.page_paths, first):
        where = f"page {number}"
        if time.process_time() - started > SECONDS:
            raise Unreadable("too_slow", f"The file takes more than {SECONDS:.0f} seconds; look at it by hand.", where)
        try:
            page, pictures[number] = printed(document.page(path))
        except Unreadable as error:
            if error.issue.code == "encrypted":
                raise
            code = "page_damaged" if error.issue.code == "damaged" else "page_too_complex"
            issues.append(Issue(code, f"The page cannot be read: {error.issue.message}", where))
            continue
        except PageTooComplexError:
            message = "The page has more characters or strokes than a report's; look at it by hand."
            issues.append(Issue("page_too_complex", message, where))
            continue
        pages[number] = page
        issues.extend(page.doubts(where))
        layouts.append(page_layout(page, number, issues))
    return layouts
