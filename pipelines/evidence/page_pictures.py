"""Pages as pictures with marks on them: PDF by PDFium, OFD from its own text and paths, scans as they are."""

from __future__ import annotations

import math
from collections.abc import Iterator

from PIL import Image, ImageDraw

from pipelines.evidence.fonts import NO_FONT, chinese_font, font_of_size
from pipelines.evidence.marking import COLOURS, Mark
from pipelines.extract.limits import Unreadable

DOTS_PER_INCH = 150.0
MOST_PIXELS = 6_000_000
"""Of a page as it is drawn."""
CHOSEN = "#e0007a"
"""The frame around the number that was asked for; nothing else that is drawn has this colour."""
_LETTERS = 200
_MARGIN = 2.0
"""Points between a number's box and its mark."""
_TIGHT = 12.0
"""A smaller box lies close around the number: its frame is drawn outside of it, not inside."""

PageOf = tuple[Image.Image, float]
"""A page in colours, and its pixels a point."""


def page_pictures(
    data: bytes, kind: str, numbers: list[int], marks: list[Mark], caption: str
) -> Iterator[tuple[int, Image.Image, tuple[str, ...]]]:
    """Number, picture and notes of each page. `kind` is the Document's format. Raises Unreadable."""
    drawn = {"pdf": _pdf_pages, "ofd": _ofd_pages, "image": _image_pages}[kind](data, numbers)
    notes = () if chinese_font() or kind == "image" else (NO_FONT,)
    for number, (picture, scale) in zip(numbers, drawn, strict=True):
        yield number, _marked(picture, scale, [mark for mark in marks if mark.page == number], caption, number), notes


def scale_for(width: float, height: float) -> float:
    """Pixels a point at which a page of that size in points is drawn."""
    return min(DOTS_PER_INCH / 72, math.sqrt(MOST_PIXELS / max(width * height, 1.0)))


def _pdf_pages(data: bytes, numbers: list[int]) -> Iterator[PageOf]:
    import pypdfium2 as pdfium2

    try:
        document = pdfium2.PdfDocument(data)
    except pdfium2.PdfiumError as error:
        raise Unreadable("damaged", "The file is no sound PDF; fetch it again.") from error
    try:
        for number in numbers:
            page = document[number - 1]
            scale = scale_for(*page.get_size())
            yield page.render(scale=scale).to_pil().convert("RGB"), scale
            page.close()
    finally:
        document.close()


def _ofd_pages(data: bytes, numbers: list[int]) -> Iterator[PageOf]:
    from pipelines.evidence.ofd_drawing import drawn_page
    from pipelines.extract.ofd import printed_pages

    for page, pictures_at in printed_pages(data, numbers):
        scale = scale_for(*page.size)
        yield drawn_page(page, pictures_at(scale), scale), scale


def _image_pages(data: bytes, numbers: list[int]) -> Iterator[PageOf]:
    from pipelines.extract.image import page_picture

    for number in numbers:
        gray, points = page_picture(data, number)
        shrink = min(1.0, math.sqrt(MOST_PIXELS / (gray.width * gray.height)))
        size = max(round(gray.width * shrink), 1), max(round(gray.height * shrink), 1)
        yield gray.convert("RGB").resize(size), shrink / points


def _marked(picture: Image.Image, scale: float, marks: list[Mark], caption: str, number: int) -> Image.Image:
    """The page under a strip that says what is marked, its numbers framed in the colours of their status."""
    for mark in sorted(marks, key=lambda mark: mark.chosen):
        if mark.box is not None:
            _frame(picture, mark, scale)
    strip = max(round(16 * scale), 18)
    sheet = Image.new("RGB", (picture.width, picture.height + 2 * strip), "white")
    sheet.paste(picture, (0, 2 * strip))
    pen = ImageDraw.Draw(sheet)
    font = font_of_size(max(round(9 * scale), 11))
    words = "".join(letter if letter.isprintable() else "\u00b7" for letter in f"page {number}   {caption}"[:_LETTERS])
    pen.text((strip // 2, strip // 5), words, fill="black", font=font)
    at = strip / 2
    for status in COLOURS:
        if any(mark.status == status for mark in marks):
            pen.rectangle((at, 1.25 * strip, at + strip / 2, 1.75 * strip), outline=COLOURS[status], width=3)
            pen.text((at + 0.7 * strip, 1.15 * strip), status, fill="black", font=font)
            at += 1.4 * strip + pen.textlength(status, font=font)
    return sheet


def _frame(picture: Image.Image, mark: Mark, scale: float) -> None:
    left, top, right, bottom = mark.box or (0.0, 0.0, 0.0, 0.0)
    away = _MARGIN if min(right - left, bottom - top) < _TIGHT else -_MARGIN / 4
    edges = (
        max(int((left - away) * scale), 0),
        max(int((top - away) * scale), 0),
        min(int((right + away) * scale), picture.width - 1),
        min(int((bottom + away) * scale), picture.height - 1),
    )
    if edges[2] <= edges[0] or edges[3] <= edges[1]:
        return
    colour = COLOURS[mark.status]
    tint = Image.new("RGB", (edges[2] - edges[0], edges[3] - edges[1]), colour)
    area = picture.crop(edges)
    picture.paste(Image.blend(area, tint, 0.12), edges[:2])
    pen = ImageDraw.Draw(picture)
    pen.rectangle(edges, outline=colour, width=2)
    if mark.chosen:
        out = round(_MARGIN * scale)
        outer = (edges[0] - out, edges[1] - out, edges[2] + out, edges[3] + out)
        pen.rectangle(outer, outline=CHOSEN, width=max(round(1.5 * scale), 3))
