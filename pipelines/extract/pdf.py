"""PDF: bytes to a Document.

PDFium gives the characters and paths of a page, `ruling` builds tables from what is ruled, `aligned` from what is only
aligned; pdfplumber is the second reader, asked where both see no table in a page full of numbers. Pages that are
pictures, or whose fonts do not say what they mean, are read from their picture.
"""

from __future__ import annotations

import io
import re
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pypdfium2 as pdfium2
import pypdfium2.raw as pdfium

from pipelines.extract.limits import DOCUMENT_BYTES, Unreadable
from pipelines.extract.marks import Floats
from pipelines.extract.page_blocks import blocks_of, page_layout
from pipelines.extract.page_flow import PageLayout
from pipelines.extract.pdf_page import read_page
from pipelines.extract.pdf_scan import recognise_pages
from pipelines.extract.printed_page import PageTooComplexError, PrintedPage
from pipelines.extract.scan import OCR_MISSING, can_recognise
from pipelines.model import Block, Box, Document, Grid, Issue, Paragraph

MOST_PAGES = 300
SECONDS = 8.0
"""Of processor time for one document."""
STREAM_BYTES = 256 * 1024 * 1024
"""Of one unpacked stream that is no picture; pictures are never unpacked."""
NUMBERS_OF_A_ROW = 3
ROWS_OF_A_TABLE = 5
"""A page with so many rows of so many numbers and no table is read a second time."""
SECOND_READINGS = 8

_UNTITLED = re.compile(r"^(untitled|unspecified|\W*)$", re.IGNORECASE)


def read_pdf(data: bytes) -> Document:
    """A Document of format `pdf`: a Paragraph a printed line, a Grid a table, boxes in points on the page as shown.

    Raises `Unreadable`: `empty`, `truncated`, `damaged`, `encrypted`, `too_large`, `too_many_pages`, `too_complex`,
    `too_slow`, `ocr_missing` (every page is a picture). Issues, each with its page: `page_is_image`, `picture_in_page`,
    `text_without_unicode`, `hidden_text`, `unseen_text`, `slanted_text`, `page_damaged`, `page_too_complex`,
    `pdf_fallback`, `second_reading_failed`, those of `recognise_pages`, `truncated` (it opened all
    the same; pages may be missing).
    """
    if not data.strip():
        raise Unreadable("empty", "The file is empty; fetch it again.")
    if len(data) > DOCUMENT_BYTES:
        raise Unreadable("too_large", f"The file is larger than {DOCUMENT_BYTES >> 20} MiB; split it.")
    _refuse_bombs(data)
    truncated = b"%%EOF" not in data[-2048:]
    document = _opened(data, truncated)
    try:
        return _read(data, document, truncated)
    finally:
        document.close()


def _opened(data: bytes, truncated: bool) -> pdfium2.PdfDocument:
    try:
        document = pdfium2.PdfDocument(data)
    except pdfium2.PdfiumError as error:
        if pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise Unreadable("encrypted", "The file opens with a password only; ask for a copy without one.") from error
        if truncated:
            raise Unreadable("truncated", "The file ends before its end; fetch it again.") from error
        raise Unreadable("damaged", "The file is no sound PDF; fetch it again.") from error
    pages = len(document)
    if 0 < pages <= MOST_PAGES:
        return document
    document.close()
    if pages == 0:
        raise Unreadable("truncated" if truncated else "damaged", "The file holds no page; fetch it again.")
    raise Unreadable("too_many_pages", f"The file has {pages} pages, a report at most {MOST_PAGES}; split it.")


def _refuse_bombs(data: bytes) -> None:
    """Streams that unpack to more than any page's content would have PDFium take gigabytes: refuse them unopened."""
    at = data.find(b"stream")
    while at >= 0:
        start = at + len(b"stream")
        end = data.find(b"endstream", start)
        end = len(data) if end < 0 else end
        if end - start > 1000:
            head = data[max(0, at - 600) : at]
            head = head[head.rfind(b" obj") + 1 :]
            packings = 0 if b"/Image" in head else head.count(b"FlateDecode") + len(re.findall(rb"/Fl\b", head))
            if packings > 1:
                raise Unreadable("too_large", "A stream of the file is packed several times over; look at it by hand.")
            if (
                packings
                and (end - start) * 1040 > STREAM_BYTES
                and _unpacks_beyond(data[start:end].lstrip(), STREAM_BYTES)
            ):
                raise Unreadable(
                    "too_large", "A stream of the file unpacks to more than a page holds; look at it by hand."
                )
        at = data.find(b"stream", end + len(b"endstream"))


def _unpacks_beyond(packed: bytes, limit: int) -> bool:
    unpacker = zlib.decompressobj()
    size = 0
    rest = packed
    while rest and size <= limit:
        try:
            size += len(unpacker.decompress(rest, 1 << 20))
        except zlib.error:
            return False
        if unpacker.eof:
            return False
        rest = unpacker.unconsumed_tail
    return size > limit


def _read(data: bytes, document: pdfium2.PdfDocument, truncated: bool) -> Document:
    started = time.process_time()
    issues: list[Issue] = []
    if truncated:
        issues.append(Issue("truncated", "The file ends before its end; pages may be missing: fetch it again."))
    pages: dict[int, PrintedPage] = {}
    layouts: list[PageLayout] = []
    count = len(document)
    pictures = 0
    for number in range(1, count + 1):
        where = f"page {number}"
        if time.process_time() - started > SECONDS:
            raise Unreadable("too_slow", f"The file takes more than {SECONDS:.0f} seconds; look at it by hand.", where)
        try:
            page = read_page(document.raw, number - 1)
        except ValueError as error:
            issues.append(Issue("page_damaged", f"The page cannot be read ({error}); fetch the file again.", where))
            continue
        except PageTooComplexError:
            message = "The page has more characters or strokes than a report's; look at it by hand."
            issues.append(Issue("page_too_complex", message, where))
            continue
        pages[number] = page
        pictures += page.is_picture
        issues.extend(page.doubts(where))
        layouts.append(page_layout(page, number, issues))
    if not pages:
        code = issues[-1].code
        code = {"page_too_complex": "too_complex"}.get(code, "truncated" if truncated else "damaged")
        raise Unreadable(code, "No page of the file can be read: " + issues[-1].message)
    if pictures and not any(len(page.marks.characters) >= 20 for page in pages.values()) and not can_recognise():
        raise Unreadable("ocr_missing", OCR_MISSING)
    shown = recognise_pages(document, layouts, pages, issues)
    blocks = tuple(blocks_of([layouts], shown))
    doubtful = [number for number in _numbers_without_table(blocks) if shown[number] is pages[number]]
    if doubtful and _second_reading(data, doubtful, layouts, pages, issues, started):
        blocks = tuple(blocks_of([layouts], shown))
    title = document.get_metadata_value("Title").strip()
    metadata = {} if _UNTITLED.match(title) else {"title": title}
    return Document("pdf", blocks, metadata, tuple(issues), count)


def _numbers_without_table(blocks: tuple[Block, ...]) -> list[int]:
    """Pages with many rows of numbers and no table."""
    with_table = {cell.page for block in blocks if isinstance(block, Grid) for cell in block.cells}
    rows = Counter(
        block.page
        for block in blocks
        if isinstance(block, Paragraph) and sum(field.isdecimal() for field in block.fields) >= NUMBERS_OF_A_ROW
    )
    return [page for page, count in rows.items() if page and page not in with_table and count >= ROWS_OF_A_TABLE]


def _second_reading(
    data: bytes,
    doubtful: list[int],
    layouts: list[PageLayout],
    pages: dict[int, PrintedPage],
    issues: list[Issue],
    started: float,
) -> bool:
    """Lays the doubtful pages out anew with the cells that pdfplumber sees, if it sees any."""
    changed = False
    for number, cells in _seen_by_pdfplumber(data, doubtful, pages, issues, started):
        marks = replace(pages[number].marks, strokes=_edges(np.array(cells, dtype=np.float64)))
        layout = page_layout(replace(pages[number], marks=marks), number, issues)
        if not layout.tables:
            continue
        layouts[[at.number for at in layouts].index(number)] = layout
        issues.append(
            Issue("pdf_fallback", "The table was found by the second reader; check its cells.", f"page {number}")
        )
        changed = True
    return changed


def _seen_by_pdfplumber(
    data: bytes, doubtful: list[int], pages: dict[int, PrintedPage], issues: list[Issue], started: float
) -> Iterator[tuple[int, list[Box]]]:
    """Those of the doubtful pages in which pdfplumber sees cells, and these. It parses PDF on its own and lets errors
    of all kinds out of damaged ones: an issue `second_reading_failed`."""
    import pdfplumber

    for number in doubtful[:SECOND_READINGS]:
        page = pages[number]
        if page.turn or page.rotated or time.process_time() - started > SECONDS / 2:
            continue
        try:
            with pdfplumber.open(io.BytesIO(data), pages=[number]) as second:
                tables = second.pages[0].find_tables()
                cells = [cell for table in tables for cell in table.cells if None not in cell]
        except MemoryError:
            raise
        except Exception as error:
            message = f"Numbers stand in no table, and the second reader cannot read the page ({error!s:.60})."
            issues.append(Issue("second_reading_failed", message, f"page {number}"))
            continue
        if cells:
            yield number, cells


def _edges(boxes: Floats) -> Floats:
    left, top, right, bottom = boxes.T
    sides = (
        (left, top, right, top),
        (left, bottom, right, bottom),
        (left, top, left, bottom),
        (right, top, right, bottom),
    )
    return np.concatenate([np.column_stack(side) for side in sides])
