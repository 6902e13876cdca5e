"""Reports as PDF, drawn letter by letter with a CID font: ruled or borderless, cut by pages, turned, locked."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, field

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from tests.factory.report import Report
from tests.factory.sheets import Box, Sheet
from tests.factory.written import Written

FONT = "STSong-Light"
A4 = (595.0, 842.0)
_MARGIN = 56.0


@dataclass(frozen=True, slots=True)
class Style:
    """`size` of table text in points; `number_width` of a column of table three as a part of the table's width, and
    `label_shares` of its three label columns as parts of what is left."""

    ruled: bool = True
    landscape: bool = False
    rotate: int = 0
    locked: bool = False
    size: float = 8.0
    number_width: float = 0.075
    label_shares: tuple[float, float, float] = (0.1, 0.25, 0.65)
    split_review: bool = False
    page_number: str = "— {n} —"
    top_gap: float = 0.0


STYLES: dict[str, Style] = {
    "pdf": Style(),
    "pdf_borderless": Style(ruled=False),
    "pdf_landscape": Style(landscape=True, number_width=0.07),
    "pdf_rotated": Style(rotate=90, landscape=True),
    "pdf_narrow": Style(number_width=0.027, page_number="{n}"),
    "pdf_cut": Style(top_gap=170.0, size=9.0, page_number="- {n} -"),
    "pdf_locked": Style(locked=True, page_number="第 {n} 页"),
    "pdf_vertical": Style(label_shares=(0.055, 0.055, 0.89), size=7.5),
    "pdf_review3": Style(split_review=True),
}


def _width(text: str, size: float) -> float:
    return sum(size if ord(c) > 255 else size / 2 for c in text)


def _wrap(text: str, size: float, room: float) -> list[str]:
    """Lines that fit, broken anywhere, as Word breaks Chinese (and numbers that do not fit their cell)."""
    lines, line = [], ""
    for c in text:
        if line and _width(line + c, size) > room:
            lines.append(line)
            line = ""
        line += c
    return [*lines, line] if line else lines


@dataclass
class _Page:
    """A canvas with a pen that moves down; y is measured from the top of the page as it is shown."""

    canvas: Canvas
    style: Style
    width: float
    height: float
    number: int = 1
    y: float = _MARGIN
    _open: bool = field(default=False)

    def begin(self) -> None:
        self.canvas.setPageSize((self.width, self.height))
        if self.style.rotate:
            self.canvas.setPageRotation(self.style.rotate)
            self.canvas.translate(self.height, 0)
            self.canvas.rotate(90)
        self.y = _MARGIN
        self._open = True

    def end(self) -> None:
        text = self.style.page_number.format(n=self.number)
        self.text(self.width / 2 - _width(text, 9) / 2, self.height - 30, text, 9)
        self.canvas.showPage()
        self.number += 1
        self._open = False

    def text(self, x: float, baseline: float, text: str, size: float) -> None:
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(x, self.height - baseline, text)

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.canvas.line(x0, self.height - y0, x1, self.height - y1)

    def room(self) -> float:
        return self.height - _MARGIN - self.y

    def turn(self) -> None:
        self.end()
        self.begin()

    def paragraph(self, text: str, size: float, centred: bool = False) -> None:
        wide = self.width - 2 * _MARGIN
        for line in _wrap(text if centred else "　　" + text, size, wide):
            if self.room() < size * 1.6:
                self.turn()
            x = _MARGIN + ((wide - _width(line, size)) / 2 if centred else 0)
            self.y += size * 1.6
            self.text(x, self.y - size * 0.4, line, size)


def _column_widths(sheet: Sheet, wide: float, style: Style) -> list[float]:
    if sheet.table == "application":
        numbers = [wide * style.number_width] * 7
        rest = wide - sum(numbers)
        return [*(rest * share for share in style.label_shares), *numbers]
    return [wide / sheet.column_count] * sheet.column_count


def _row_heights(sheet: Sheet, widths: list[float], size: float) -> list[float]:
    line = size * 1.35
    heights = [line + 4] * sheet.row_count
    for box in sorted(sheet.boxes, key=lambda b: b.row_span):
        room = sum(widths[box.column : box.column + box.column_span]) - 4
        need = len(_wrap(box.text, size, room)) * line + 4
        have = sum(heights[box.row : box.row + box.row_span])
        if need > have:
            heights[box.row + box.row_span - 1] += need - have
    return heights


def _chunks(heights: list[float], first: float, whole: float) -> list[tuple[int, int]]:
    """Runs of rows that fit on the rest of this page and on the following ones."""
    chunks, start, used, room = [], 0, 0.0, first
    for row, height in enumerate(heights):
        if used + height > room and (row > start or room < whole):
            chunks.append((start, row))
            start, used, room = row, 0.0, whole
        used += height
    return [*chunks, (start, len(heights))]


def _draw_box(page: _Page, box: Box, x: float, y: float, w: float, h: float, lines: list[str]) -> None:
    size = page.style.size
    if page.style.ruled:
        for x0, y0, x1, y1 in ((x, y, x + w, y), (x, y + h, x + w, y + h), (x, y, x, y + h), (x + w, y, x + w, y + h)):
            page.line(x0, y0, x1, y1)
    step = size * 1.35
    top = y + (h - len(lines) * step) / 2
    for i, line in enumerate(lines):
        page.text(x + (w - _width(line, size)) / 2, top + (i + 1) * step - size * 0.35, line, size)


def _table(page: _Page, sheet: Sheet) -> None:
    wide, size = page.width - 2 * _MARGIN, page.style.size
    widths = _column_widths(sheet, wide, page.style)
    heights = _row_heights(sheet, widths, size)
    left = [_MARGIN + sum(widths[:i]) for i in range(len(widths) + 1)]
    chunks = _chunks(heights, page.room(), page.height - 2 * _MARGIN)
    rest: dict[Box, list[str]] = {}
    for index, (start, end) in enumerate(chunks):
        if index:
            page.turn()
        for box in sheet.boxes:
            first, last = max(box.row, start), min(box.row + box.row_span, end)
            if first >= last:
                continue
            x, w = left[box.column], left[box.column + box.column_span] - left[box.column]
            y, h = page.y + sum(heights[start:first]), sum(heights[first:last])
            lines = rest.pop(box, None) if box in rest else _wrap(box.text, size, w - 4)
            fits = max(1, int((h - 4) / (size * 1.35)))
            if last < box.row + box.row_span and lines and len(lines) > fits:
                rest[box] = lines[fits:]
                lines = lines[:fits]
            elif last < box.row + box.row_span:
                rest[box] = []
            _draw_box(page, box, x, y, w, h, lines or [])
        page.y += sum(heights[start:end])
    page.y += 8


def write_pdf(report: Report, draw: random.Random, style: Style) -> Written:
    """The report as a PDF in that style; the same bytes every time."""
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    buffer = io.BytesIO()
    lock = StandardEncryption("", "owner", canPrint=1, canModify=0, canCopy=0) if style.locked else None
    width, height = A4[::-1] if style.landscape else A4
    canvas = Canvas(buffer, pagesize=(width, height), invariant=1, pageCompression=1, encrypt=lock)
    page = _Page(canvas, style, width, height)
    page.begin()
    canvas.setLineWidth(0.5)
    page.y += style.top_gap
    for kind, content in report.parts(split_review=style.split_review):
        if isinstance(content, Sheet):
            _table(page, content)
        else:
            page.paragraph(content, {"title": 16.0, "heading": 13.0}.get(kind, 11.0), kind == "title")
    page.end()
    canvas.save()
    return Written(buffer.getvalue())
