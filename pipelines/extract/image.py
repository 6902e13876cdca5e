"""Pictures of pages or tables (PNG, JPEG, TIFF of several pages, BMP): bytes to a Document, by recognition."""

from __future__ import annotations

import io
import math
import struct
import warnings
from typing import TYPE_CHECKING

import numpy as np

from pipelines.extract.limits import Unreadable, announce_recognition
from pipelines.extract.page_blocks import blocks_of
from pipelines.extract.ruling import TooManyRulesError
from pipelines.extract.scan import OCR_MISSING, can_recognise
from pipelines.model import Document, Issue

if TYPE_CHECKING:
    from PIL import Image

    from pipelines.extract.scan.networks import Gray
    from pipelines.extract.scan.page import ScannedPage

MOST_PIXELS = 100_000_000
"""Of a picture as its file states it."""
OPENED_PIXELS = 40_000_000
"""Of a picture as it is unpacked; JPEG unpacks at a smaller size."""
KEPT_PIXELS = 10_000_000
MOST_PAGES = 30
FORMATS = ("PNG", "JPEG", "TIFF", "BMP")
SMALLEST = 60
"""Pixels of a side."""
PAGE = (595.0, 842.0)
RESOLUTIONS = (72.0, 700.0)

_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    struct.error,
)
"""What Pillow lets out of a broken file."""


def read_image(data: bytes) -> Document:
    """A Document of format `image`: lines and tables with boxes in points of the picture.

    Raises `Unreadable`: `ocr_missing`, `damaged`, `too_large`, `too_small`, `too_complex`. Issues: `ocr_used` and those
    of single pages.
    """
    if not can_recognise():
        raise Unreadable("ocr_missing", OCR_MISSING)
    pages: list[ScannedPage] = []
    issues: list[Issue] = []
    picture = _opened(data)
    count = _page_count(picture)
    if count > MOST_PAGES:
        message = f"The file holds more than {MOST_PAGES} pages; those from here on were not read: split it."
        issues.append(Issue("too_many_scans", message, f"page {count}"))
        count = MOST_PAGES
    announce_recognition(count)
    for number in range(1, count + 1):
        try:
            pages.append(_read_page(picture, number))
            issues.append(Issue("ocr_used", "The page is a picture: its text was recognised.", f"page {number}"))
        except Unreadable as error:
            issues.append(Issue(error.issue.code, error.issue.message, f"page {number}"))
    if not pages:
        raise Unreadable(issues[-1].code, issues[-1].message, issues[-1].where)
    blocks = tuple(blocks_of([[page.layout for page in pages]], {page.layout.number: page for page in pages}))
    return Document("image", blocks, {}, tuple(issues), count)


def page_picture(data: bytes, number: int) -> tuple[Image.Image, float]:
    """A page (from 1) in grey as it is shown, of bounded size, and the points that a pixel of it measures.

    Raises `Unreadable`: `damaged`, `too_large`, `too_small`.
    """
    return _upright(_opened(data), number)


def _opened(data: bytes) -> Image.Image:
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Image.open(io.BytesIO(data), formats=FORMATS)
    except (*_BROKEN, Image.DecompressionBombError) as error:
        raise _refusal(error) from error


def _page_count(picture: Image.Image) -> int:
    """At most one more than `MOST_PAGES`."""
    from PIL import Image

    try:
        return min(int(getattr(picture, "n_frames", 1)), MOST_PAGES + 1)
    except (*_BROKEN, Image.DecompressionBombError) as error:
        raise _refusal(error) from error


def _upright(picture: Image.Image, number: int) -> tuple[Image.Image, float]:
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if number > 1:
                picture.seek(number - 1)
            _bound(picture)
            points = _points_a_pixel(picture)
            before = picture.width
            picture.draft("L", _kept_size(picture.size))
            _bound(picture, OPENED_PIXELS)
            points *= before / picture.width
            gray = _gray(picture)
            upright = ImageOps.exif_transpose(gray) if number == 1 else gray
    except (*_BROKEN, Image.DecompressionBombError) as error:
        raise _refusal(error) from error
    width, height = _kept_size(upright.size)
    if width < upright.width:
        points *= upright.width / width
        upright = upright.resize((width, height), Image.Resampling.BOX)
    return upright, points


def _read_page(picture: Image.Image, number: int) -> ScannedPage:
    from pipelines.extract.scan.page import scan_page

    upright, points = _upright(picture, number)
    try:
        array: Gray = np.array(upright, dtype=np.uint8)
        return scan_page(array, points, number)
    except TooManyRulesError as error:
        raise Unreadable("too_complex", "The picture is a drawing; look at it by hand.") from error


def _bound(picture: Image.Image, most: int = MOST_PIXELS) -> None:
    if picture.width * picture.height > most:
        message = f"The picture has {picture.width} x {picture.height} pixels, a scanned page far less; scale it down."
        raise Unreadable("too_large", message)
    if min(picture.size) < SMALLEST:
        raise Unreadable("too_small", f"The picture has {picture.width} x {picture.height} pixels; nothing is legible.")


def _gray(picture: Image.Image) -> Image.Image:
    """As gray on white: what shines through a transparent picture is paper."""
    from PIL import Image

    if picture.mode in ("L", "1", "RGB", "YCbCr", "CMYK"):
        return picture.convert("L")
    if picture.mode.startswith("I") or picture.mode == "F":
        deep = np.asarray(picture, dtype=np.float64)
        return Image.fromarray((deep / max(float(deep.max()), 1.0) * 255).astype(np.uint8))
    layered = picture.convert("RGBA")
    paper = Image.new("RGBA", layered.size, (255, 255, 255, 255))
    return Image.alpha_composite(paper, layered).convert("L")


def _kept_size(size: tuple[int, int]) -> tuple[int, int]:
    shrink = min(1.0, math.sqrt(KEPT_PIXELS / (size[0] * size[1])))
    return max(int(size[0] * shrink), 1), max(int(size[1] * shrink), 1)


def _points_a_pixel(picture: Image.Image) -> float:
    """By the resolution that the file states where it gives a page of sensible size, else as if the picture were as
    wide as a page."""
    stated = picture.info.get("dpi")
    width, height = picture.size
    if isinstance(stated, tuple) and len(stated) == 2:
        dots = float(stated[0] or 0)
        if RESOLUTIONS[0] < dots < RESOLUTIONS[1] and 250 <= width * 72 / dots <= 1300:
            return 72 / dots
    return (PAGE[0] if height >= 0.5 * width else PAGE[1]) / width


def _refusal(error: BaseException) -> Unreadable:
    if type(error).__name__ == "DecompressionBombError":
        return Unreadable("too_large", "The picture has more pixels than any scanned page; scale it down.")
    return Unreadable("damaged", f"The picture cannot be opened ({error!s:.80}); fetch it again.")
