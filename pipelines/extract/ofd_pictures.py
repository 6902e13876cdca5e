"""Pictures on OFD pages: where they stand, unpacked within bounds, and pages that are pictures read by recognition."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.extract.limits import Unreadable
from pipelines.extract.page_flow import PageLayout
from pipelines.extract.printed_page import PrintedPage, ShownPage
from pipelines.extract.recognition import DOTS_PER_INCH, MOST_PIXELS, add_tables_of, part_with_picture, recognised
from pipelines.model import Box, Issue

if TYPE_CHECKING:
    from PIL import Image

    from pipelines.extract.ofd_package import OfdPackage
    from pipelines.extract.scan.page import ScannedPage

MOST_PICTURES = 60
"""On a page; those drawn later are left out."""
Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class PlacedPicture:
    """A picture's file in the package, its box on the page in points, and how it stands in it: `matrix` leads from the
    picture's unit square to the page."""

    path: str
    box: Box
    matrix: Matrix


def recognise_pages(
    package: OfdPackage,
    pages: Mapping[int, PrintedPage],
    pictures: Mapping[int, tuple[PlacedPicture, ...]],
    layouts: list[PageLayout],
    issues: list[Issue],
) -> dict[int, ShownPage]:
    """Reads the pages that are pictures, or hold one with a table, as `recognised` does. Glyphs without a meaning are
    not drawn: their pages stay as they are. Further issues: `picture_unreadable` for those that cannot be opened,
    `text_over_picture`."""

    def whole_page(number: int) -> ScannedPage | None:
        page = pages[number]
        if not pictures[number] or not (page.is_picture or page.hidden_text):
            return None
        if len(page.marks.characters) and not page.hidden_text:
            message = "Text of the file's own lies over the picture and was not read; look at the page."
            issues.append(Issue("text_over_picture", message, f"page {number}"))
        width, height = page.size
        scale = _resolution(package, pictures[number]) / 72
        scale = min(scale, math.sqrt(MOST_PIXELS / max(width * height, 1.0)))
        return _read(drawn_pictures(package, pictures[number], (width, height), scale, issues, number), scale, number)

    def add_tables(number: int, layout: PageLayout) -> bool:
        width, height = pages[number].size
        added = False
        for picture in pictures[number]:
            part = part_with_picture(picture.box, width, height)
            if part is None:
                continue
            left, top, right, bottom = part
            scale = _resolution(package, (picture,)) / 72
            scale = min(scale, math.sqrt(MOST_PIXELS / ((right - left) * (bottom - top))))
            moved = _moved(picture, -left, -top)
            drawn = drawn_pictures(package, (moved,), (right - left, bottom - top), scale, issues, number)
            added |= add_tables_of(_read(drawn, scale, number), layout, left, top)
        return added

    return recognised(pages, layouts, issues, whole_page, add_tables)


def drawn_pictures(
    package: OfdPackage,
    pictures: tuple[PlacedPicture, ...],
    size: tuple[float, float],
    scale: float,
    issues: list[Issue],
    number: int,
) -> Image.Image:
    """A grey page of that size in points with its pictures, at so many pixels a point; adds an issue
    `picture_unreadable` for those that cannot be opened."""
    from PIL import Image

    sheet = Image.new("L", (max(round(size[0] * scale), 1), max(round(size[1] * scale), 1)), 255)
    for picture in pictures[:MOST_PICTURES]:
        try:
            gray = _opened(package, picture.path)
        except Unreadable as error:
            message = f"A picture on the page cannot be opened: {error.issue.message}"
            issues.append(Issue("picture_unreadable", message, f"page {number}"))
            continue
        _paste(sheet, gray, picture, scale)
    return sheet


def _paste(sheet: Image.Image, gray: Image.Image, picture: PlacedPicture, scale: float) -> None:
    from PIL import Image

    a, b, c, d, _, _ = picture.matrix
    if abs(b) + abs(c) > abs(a) + abs(d):
        gray = gray.transpose(Image.Transpose.TRANSPOSE)
        a, d = c, b
    if a < 0:
        gray = gray.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if d < 0:
        gray = gray.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    left, top, right, bottom = (round(min(max(side * scale, -1e4), 1e4)) for side in picture.box)
    width, height = right - left, bottom - top
    if width < 1 or height < 1 or width * height > 4 * MOST_PIXELS:
        return
    resample = Image.Resampling.BOX if width < gray.width else Image.Resampling.BICUBIC
    sheet.paste(gray.resize((width, height), resample), (left, top))


def _opened(package: OfdPackage, path: str) -> Image.Image:
    from pipelines.extract.image import page_picture

    data = package.read(path)
    if data is None:
        raise Unreadable("damaged", "The file does not hold it.", path)
    return page_picture(data, 1)[0]


def _resolution(package: OfdPackage, pictures: tuple[PlacedPicture, ...]) -> float:
    """Dots per inch of the largest picture, within bounds; 200 where none can be opened."""
    lowest, highest = DOTS_PER_INCH
    largest = max(pictures, key=lambda p: (p.box[2] - p.box[0]) * (p.box[3] - p.box[1]))
    width, height = largest.box[2] - largest.box[0], largest.box[3] - largest.box[1]
    try:
        gray = _opened(package, largest.path)
    except Unreadable:
        return 200.0
    if width < 1 or height < 1:
        return 200.0
    dots = 72 * math.sqrt(gray.width * gray.height / (width * height))
    return min(max(dots, lowest), highest)


def _read(drawn: Image.Image, scale: float, number: int) -> ScannedPage:
    import numpy as np

    from pipelines.extract.scan.page import scan_page

    return scan_page(np.array(drawn, dtype=np.uint8), 1 / scale, number)


def _moved(picture: PlacedPicture, across: float, down: float) -> PlacedPicture:
    left, top, right, bottom = picture.box
    return PlacedPicture(picture.path, (left + across, top + down, right + across, bottom + down), picture.matrix)
