"""Reports as PDF, drawn letter by letter with a CID font: ruled or borderless, cut by pages, turned, locked."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from tests.factory.drawing import Layout, draw_report
from tests.factory.report import Report
from tests.factory.written import Written

FONT = "STSong-Light"


@dataclass(frozen=True, slots=True)
class Style(Layout):
    """`gray` of rules, from 0 (black) to 1; whether they are `dotted`."""

    rotate: int = 0
    locked: bool = False
    gray: float = 0.0
    dotted: bool = False


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


@dataclass(frozen=True, slots=True)
class _Pages:
    canvas: Canvas
    style: Style

    def begin(self) -> None:
        width, height = self.style.page
        self.canvas.setPageSize((width, height))
        if self.style.rotate:
            self.canvas.setPageRotation(self.style.rotate)
            self.canvas.translate(height, 0)
            self.canvas.rotate(90)
        if self.style.gray:
            self.canvas.setStrokeGray(self.style.gray)
        if self.style.dotted:
            self.canvas.setDash(1.0, 1.4)
        if self.canvas.getPageNumber() == 1:
            self.canvas.setLineWidth(0.5)

    def end(self) -> None:
        self.canvas.showPage()

    def text(self, x: float, baseline: float, text: str, size: float) -> None:
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(x, self.style.page[1] - baseline, text)

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        height = self.style.page[1]
        self.canvas.line(x0, height - y0, x1, height - y1)


def register_font() -> None:
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def write_pdf(report: Report, draw: random.Random, style: Style) -> Written:
    """The report as a PDF in that style; the same bytes every time."""
    register_font()
    buffer = io.BytesIO()
    lock = StandardEncryption("", "owner", canPrint=1, canModify=0, canCopy=0) if style.locked else None
    canvas = Canvas(buffer, pagesize=style.page, invariant=1, pageCompression=1, encrypt=lock)
    draw_report(report, _Pages(canvas, style), style)
    canvas.save()
    return Written(buffer.getvalue())
