"""PDF files that tests draw: text and rules by hand, so that what is on the page is known."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
WIDTH, HEIGHT = 595.0, 842.0
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

Draw = Callable[[Canvas], None]


def made(*pages: Draw, size: tuple[float, float] = (WIDTH, HEIGHT), encrypt: object = None) -> bytes:
    """A PDF with a page for each function that draws one."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size, encrypt=encrypt, invariant=1)
    for draw in pages:
        canvas.setFont(FONT, 9)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def text(canvas: Canvas, x: float, top: float, words: str, align: str = "left", height: float = HEIGHT) -> None:
    """Words whose baseline lies `top` points under the page's top."""
    {"left": canvas.drawString, "centre": canvas.drawCentredString, "right": canvas.drawRightString}[align](
        x, height - top, words
    )


def thin_line(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    canvas.setLineWidth(0.5)
    canvas.line(x0, y0, x1, y1)


def filled_quad(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    canvas.rect(x0, y0, x1 - x0 or 0.75, y1 - y0 or 0.75, stroke=0, fill=1)


def dashed_line(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    canvas.setDash(2, 2)
    thin_line(canvas, x0, y0, x1, y1)
    canvas.setDash()


def separate_dashes(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    length = max(x1 - x0, y1 - y0)
    along_x, along_y = (x1 - x0) / length, (y1 - y0) / length
    at = 0.0
    while at < length:
        end = min(at + 3.0, length)
        filled_quad(canvas, x0 + at * along_x, y0 + at * along_y, x0 + end * along_x, y0 + end * along_y)
        at += 5.5


def double_line(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    dx, dy = (1.5, 0.0) if x0 == x1 else (0.0, 1.5)
    thin_line(canvas, x0, y0, x1, y1)
    thin_line(canvas, x0 + dx, y0 + dy, x1 + dx, y1 + dy)


def ruled(
    canvas: Canvas,
    xs: Sequence[float],
    tops: Sequence[float],
    cells: Sequence[tuple[int, int, int, int, str]],
    rule: Callable[[Canvas, float, float, float, float], None] = thin_line,
    height: float = HEIGHT,
) -> None:
    """A ruled table; `cells` are row, column, row span, column span, text (lines parted by `\\n`)."""
    for row, column, rows, columns, words in cells:
        left, right, top, low = xs[column], xs[column + columns], tops[row], tops[row + rows]
        for x in (left, right):
            rule(canvas, x, height - low, x, height - top)
        for y in (top, low):
            rule(canvas, left, height - y, right, height - y)
        lines = words.split("\n")
        first = (top + low) / 2 + 3.0 - 5.5 * (len(lines) - 1)
        for number, line in enumerate(lines):
            text(canvas, (left + right) / 2, first + 11.0 * number, line, "centre", height)


def picture(canvas: Canvas, x: float, y: float, width: float, height: float) -> None:
    from PIL import Image

    canvas.drawImage(ImageReader(Image.new("RGB", (40, 60), (200, 210, 190))), x, y, width, height)
