"""Reports laid out on pages, for every format that is drawn: paragraphs, tables cut by pages, page numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from tests.factory.report import Report
from tests.factory.sheets import Box, Sheet

A4 = (595.0, 842.0)
_MARGIN = 56.0


@dataclass(frozen=True, slots=True)
class Layout:
    """`size` of table text in points; `number_width` of a column of table three as a part of the table's width, and
    `label_shares` of its three label columns as parts of what is left."""

    ruled: bool = True
    landscape: bool = False
    size: float = 8.0
    number_width: float = 0.075
    label_shares: tuple[float, float, float] = (0.1, 0.25, 0.65)
    split_review: bool = False
    page_number: str = "— {n} —"
    top_gap: float = 0.0

    @property
    def page(self) -> tuple[float, float]:
        """Width and height in points."""
        return A4[::-1] if self.landscape else A4


class Surface(Protocol):
    """Where pages are drawn, in points; y is measured from the top of the page as it is shown."""

    def begin(self) -> None: ...
    def end(self) -> None: ...
    def text(self, x: float, baseline: float, text: str, size: float) -> None: ...
    def line(self, x0: float, y0: float, x1: float, y1: float) -> None: ...


def text_width(text: str, size: float) -> float:
    return sum(size if ord(c) > 255 else size / 2 for c in text)


def _wrap(text: str, size: float, room: float) -> list[str]:
    """Lines that fit, broken anywhere, as Word breaks Chinese (and numbers that do not fit their cell)."""
    lines, line = [], ""
    for c in text:
        if line and text_width(line + c, size) > room:
            lines.append(line)
            line = ""
        line += c
    return [*lines, line] if line else lines


class _Pen:
    """Writes from the top of a page down, and on the next."""

    def __init__(self, surface: Surface, layout: Layout) -> None:
        self.surface, self.layout = surface, layout
        self.width, self.height = layout.page
        self.number = 1
        self.y = _MARGIN
        surface.begin()

    def end(self) -> None:
        text = self.layout.page_number.format(n=self.number)
        self.surface.text(self.width / 2 - text_width(text, 9) / 2, self.height - 30, text, 9)
        self.surface.end()
        self.number += 1

    def room(self) -> float:
        return self.height - _MARGIN - self.y

    def turn(self) -> None:
        self.end()
        self.surface.begin()
        self.y = _MARGIN

    def paragraph(self, text: str, size: float, centred: bool = False) -> None:
        wide = self.width - 2 * _MARGIN
        for line in _wrap(text if centred else "　　" + text, size, wide):
            if self.room() < size * 1.6:
                self.turn()
            x = _MARGIN + ((wide - text_width(line, size)) / 2 if centred else 0)
            self.y += size * 1.6
            self.surface.text(x, self.y - size * 0.4, line, size)


def _column_widths(sheet: Sheet, wide: float, layout: Layout) -> list[float]:
    if sheet.table == "application":
        numbers = [wide * layout.number_width] * 7
        rest = wide - sum(numbers)
        return [*(rest * share for share in layout.label_shares), *numbers]
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


def _draw_box(pen: _Pen, x: float, y: float, w: float, h: float, lines: list[str]) -> None:
    size = pen.layout.size
    if pen.layout.ruled:
        for x0, y0, x1, y1 in ((x, y, x + w, y), (x, y + h, x + w, y + h), (x, y, x, y + h), (x + w, y, x + w, y + h)):
            pen.surface.line(x0, y0, x1, y1)
    step = size * 1.35
    top = y + (h - len(lines) * step) / 2
    for i, line in enumerate(lines):
        pen.surface.text(x + (w - text_width(line, size)) / 2, top + (i + 1) * step - size * 0.35, line, size)


def _table(pen: _Pen, sheet: Sheet) -> None:
    wide, size = pen.width - 2 * _MARGIN, pen.layout.size
    widths = _column_widths(sheet, wide, pen.layout)
    heights = _row_heights(sheet, widths, size)
    left = [_MARGIN + sum(widths[:i]) for i in range(len(widths) + 1)]
    chunks = _chunks(heights, pen.room(), pen.height - 2 * _MARGIN)
    rest: dict[Box, list[str]] = {}
    for index, (start, end) in enumerate(chunks):
        if index:
            pen.turn()
        for box in sheet.boxes:
            first, last = max(box.row, start), min(box.row + box.row_span, end)
            if first >= last:
                continue
            x, w = left[box.column], left[box.column + box.column_span] - left[box.column]
            y, h = pen.y + sum(heights[start:first]), sum(heights[first:last])
            lines = rest.pop(box, None) if box in rest else _wrap(box.text, size, w - 4)
            fits = max(1, int((h - 4) / (size * 1.35)))
            if last < box.row + box.row_span and lines and len(lines) > fits:
                rest[box] = lines[fits:]
                lines = lines[:fits]
            elif last < box.row + box.row_span:
                rest[box] = []
            _draw_box(pen, x, y, w, h, lines or [])
        pen.y += sum(heights[start:end])
    pen.y += 8


def draw_report(report: Report, surface: Surface, layout: Layout) -> None:
    """Draws the whole report on as many pages as it takes."""
    pen = _Pen(surface, layout)
    pen.y += layout.top_gap
    for kind, content in report.parts(split_review=layout.split_review):
        if isinstance(content, Sheet):
            _table(pen, content)
        else:
            pen.paragraph(content, {"title": 16.0, "heading": 13.0}.get(kind, 11.0), kind == "title")
    pen.end()
