"""Reports as scans: the factory's PDF pages drawn, laid askew, blurred, made noisy and saved as pictures.

Drawing Chinese takes a font that the system has; where there is none, `has_font()` is False and there are no scans.
"""

from __future__ import annotations

import functools
import io
import random
from dataclasses import dataclass

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from tests.factory import pdf
from tests.factory.report import Report
from tests.factory.written import Written

Gray = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Style:
    """`of` is the PDF style; `skew` the most degrees; `blur` the most pixels at 200 dpi; `noise` the spread of gray;
    `specks` a page; `quality` that of JPEG; `ink` how dark print is; `kind` the file's ending."""

    of: tuple[str, ...] = ("pdf", "pdf_cut", "pdf_review3", "pdf_vertical")
    dpi: int = 200
    skew: float = 2.0
    blur: float = 0.7
    noise: float = 9.0
    specks: int = 40
    quality: int = 70
    ink: int = 60
    kind: str = "pdf"


STYLES: dict[str, Style] = {
    "scan": Style(),
    "scan_coarse": Style(dpi=150, blur=0.5, noise=7.0),
    "scan_fine": Style(dpi=300, noise=12.0, specks=90),
    "scan_rough": Style(blur=1.1, noise=16.0, specks=150, quality=50, ink=90),
    "scan_narrow": Style(of=("pdf_narrow",)),
    "scan_unruled": Style(of=("pdf_borderless",)),
    "scan_faint": Style(of=("faint", "dotted")),
    "scan_tiff": Style(kind="tif"),
}

_PRINTED = pdf.STYLES | {"faint": pdf.Style(gray=0.85), "dotted": pdf.Style(dotted=True)}


@functools.cache
def has_font() -> bool:
    """Whether pages with Chinese can be drawn here: two different letters look different."""
    return len({_drawn_letter(letter) for letter in "公开报告"}) == 4


def _drawn_letter(letter: str) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    pdf.register_font()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(40, 40))
    canvas.setFont(pdf.FONT, 24)
    canvas.drawString(8, 8, letter)
    canvas.save()
    return next(iter(_pages(buffer.getvalue(), 72))).tobytes()


def _pages(data: bytes, dpi: int) -> list[Gray]:
    document = pypdfium2.PdfDocument(data)
    try:
        drawn = (page.render(scale=dpi / 72, grayscale=True).to_numpy() for page in document)
        return [np.array(page[..., 0] if page.ndim == 3 else page, dtype=np.uint8) for page in drawn]
    finally:
        document.close()


def write_scan(report: Report, draw: random.Random, style: Style) -> Written:
    """The report as a scan in that style."""
    written = pdf.write_pdf(report, draw, _PRINTED[draw.choice(style.of)])
    first, *rest = (_scanned(page, draw, style) for page in _pages(written.data, style.dpi))
    buffer = io.BytesIO()
    if style.kind == "tif":
        dots = (style.dpi, style.dpi)
        first.save(buffer, "TIFF", save_all=True, append_images=rest, compression="tiff_adobe_deflate", dpi=dots)
    else:
        first.save(buffer, "PDF", save_all=True, append_images=rest, resolution=style.dpi, quality=style.quality)
    return Written(buffer.getvalue(), written.ambiguous, labels_whole=False)


def _scanned(page: Gray, draw: random.Random, style: Style) -> Image.Image:
    random_numbers = np.random.default_rng(draw.randrange(2**32))
    height, width = page.shape
    paper = draw.uniform(225, 250)
    across, down = np.linspace(0, 1, width)[None], np.linspace(0, 1, height)[:, None]
    shade = draw.uniform(0, 18) * across + draw.uniform(0, 12) * down
    light = paper - shade
    printed = style.ink + (light - style.ink) * (page.astype(np.float32) / 255)
    picture = Image.fromarray(np.clip(printed, 0, 255).astype(np.uint8))
    angle = draw.uniform(-style.skew, style.skew)
    picture = picture.rotate(angle, Image.Resampling.BICUBIC, fillcolor=int(paper))
    picture = picture.filter(ImageFilter.GaussianBlur(draw.uniform(0.2, style.blur) * style.dpi / 200))
    noisy = np.asarray(picture, dtype=np.float32) + random_numbers.normal(0, style.noise, (height, width))
    for _ in range(style.specks):
        x, y = draw.randrange(width - 4), draw.randrange(height - 4)
        side = draw.choice((1, 1, 2, 2, 3))
        noisy[y : y + side, x : x + side] = draw.uniform(30, 160)
    found = Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))
    buffer = io.BytesIO()
    found.save(buffer, "JPEG", quality=style.quality)
    return Image.open(io.BytesIO(buffer.getvalue()))
