"""OFD (GB/T 33190): bytes to a Document, through the same tables and lines as every printed page.

A file may hold several documents; their pages follow one another and are counted on. Annotations, stamps and
signatures are left out: they lie on the page and are no part of it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Collection

from pipelines.extract.limits import Unreadable
from pipelines.extract.ofd_package import OfdDocument, OfdPackage
from pipelines.extract.ofd_page import printed
from pipelines.extract.page_blocks import blocks_of, page_layout
from pipelines.extract.page_flow import PageLayout
from pipelines.extract.printed_page import PageTooComplexError, PrintedPage
from pipelines.model import Document, Issue

MOST_PAGES = 300
SECONDS = 6.0
"""Of processor time for one document."""


def read_ofd(data: bytes) -> Document:
    """A Document of format `ofd`: a Paragraph a printed line, a Grid a table, boxes in points on the page as shown.

    Raises `Unreadable`: `damaged`, `encrypted`, `too_large`, `too_deep`, `too_many_pages`, `too_complex`, `too_slow`,
    `needs_ocr` (every page is a picture). Issues, each with its page: `page_is_image`, `picture_in_page`,
    `text_without_unicode`, `hidden_text`, `slanted_text`, `page_damaged`, `page_too_complex`.
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
    layouts: list[list[PageLayout]] = []
    first = 1
    for document in documents:
        layouts.append(_layouts(document, first, pages, issues, started))
        first += len(document.page_paths)
    if not pages:
        code = {"page_too_complex": "too_complex"}.get(issues[-1].code, "damaged")
        raise Unreadable(code, "No page of the file can be read: " + issues[-1].message)
    if all(len(page.marks.characters) < 20 for page in pages.values()) and any(p.is_picture for p in pages.values()):
        raise Unreadable("needs_ocr", "Every page is a picture without text: read it by character recognition (OCR).")
    metadata = {"title": package.title} if re.search(r"\w", package.title) else {}
    return Document("ofd", tuple(blocks_of(layouts, pages)), metadata, tuple(issues), count)


def printed_pages(data: bytes, numbers: Collection[int]) -> dict[int, PrintedPage]:
    """Pages by their number (from 1), of those asked for. Raises `Unreadable`."""
    paths = [(document, path) for document in OfdPackage(data).documents() for path in document.page_paths]
    try:
        return {n: printed(paths[n - 1][0].page(paths[n - 1][1])) for n in numbers if 0 < n <= len(paths)}
    except PageTooComplexError as error:
        raise Unreadable("too_complex", "A page has more characters or strokes than a report's.") from error


def _layouts(
    document: OfdDocument, first: int, pages: dict[int, PrintedPage], issues: list[Issue], started: float
) -> list[PageLayout]:
    """The layouts of a document's pages, counted from `first`; adds to `pages` and `issues`."""
    layouts: list[PageLayout] = []
    for number, path in enumerate(document.page_paths, first):
        where = f"page {number}"
        if time.process_time() - started > SECONDS:
            raise Unreadable("too_slow", f"The file takes more than {SECONDS:.0f} seconds; look at it by hand.", where)
        try:
            page = printed(document.page(path))
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
