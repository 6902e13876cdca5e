"""Pages that are pictures: skew, rules, ink, doubts; drawn with Pillow's own font, so that the system needs none."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import pytest

from pipelines.extract import extract
from pipelines.extract.limits import RECOGNITION, Unreadable
from pipelines.extract.scan import PACKAGES, can_recognise
from pipelines.model import Document, Grid, Paragraph

if not can_recognise():
    pytest.skip(f"the optional packages {', '.join(PACKAGES)} are not installed", allow_module_level=True)

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from pipelines.extract import image
from pipelines.extract.scan.paper import Paper, skew_of, upright
from pipelines.extract.scan.prose import agreed
from pipelines.extract.scan.recognise import Reading
from pipelines.extract.scan.rules import ruled_strokes

DPI = 200
XS = (120, 480, 760, 1000, 1240, 1530)
ROWS = (
    ("Alpha", "482", "17", "0", "2963"),
    ("Beta", "1,205", "", "-34", "71.56"),
    ("Gamma", "9", "308", "/", "640"),
    ("Delta", "55", "8", "12", "7719"),
    ("Epsilon", "361", "90", "4", "28"),
)
TOP, STEP = 300, 64


def sheet(rows: Sequence[Sequence[str]] = ROWS, size: int = 30) -> Image.Image:
    """A page at 200 dpi with a ruled table and a line above it."""
    page = Image.new("L", (1654, 1170), 255)
    pen = ImageDraw.Draw(page)
    font = ImageFont.load_default(size)
    pen.text((XS[0], TOP - 120), "Report 2023 with 514 items", 20, font=font)
    bottom = TOP + STEP * len(rows)
    for x in XS:
        pen.line((x, TOP, x, bottom), 40, 2)
    for r in range(len(rows) + 1):
        pen.line((XS[0], TOP + STEP * r, XS[-1], TOP + STEP * r), 40, 2)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            place = ((XS[c] + XS[c + 1]) / 2, TOP + STEP * (r + 0.5))
            pen.text(place, text, 20, font=font, anchor="mm")
    return page


def worn(page: Image.Image, angle: float, seed: int = 3) -> Image.Image:
    """Askew, blurred, noisy, with dust."""
    turned = page.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255).filter(ImageFilter.GaussianBlur(0.8))
    random_numbers = np.random.default_rng(seed)
    gray = np.asarray(turned, dtype=np.float32) * 0.8 + 40 + random_numbers.normal(0, 9, turned.size[::-1])
    for x, y in random_numbers.integers(40, 1100, (60, 2)):
        gray[y : y + 2, x : x + 2] = 60
    return Image.fromarray(np.clip(gray, 0, 255).astype(np.uint8))


def saved(pages: Sequence[Image.Image], kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    several = {"save_all": True, "append_images": list(pages[1:])} if len(pages) > 1 else {}
    size = {"resolution": DPI} if kind == "PDF" else {"dpi": (DPI, DPI)}
    pages[0].save(buffer, kind, **several, **size)
    return buffer.getvalue()


def table(document: Document) -> list[list[str]]:
    (grid,) = (block for block in document.blocks if isinstance(block, Grid))
    rows = [["" for _ in range(grid.column_count)] for _ in range(grid.row_count)]
    for cell in grid.cells:
        assert cell.reading == "ocr"
        rows[cell.row][cell.column] = cell.text
    return rows


@pytest.mark.parametrize("angle", [-2.0, 0.0, 1.3])
def test_a_worn_page_is_read_cell_by_cell(angle: float) -> None:
    rows = table(extract(saved([worn(sheet(), angle)])))
    assert [row[1:] for row in rows] == [row[1:] for row in map(list, ROWS)]


def test_lines_outside_of_tables_are_paragraphs() -> None:
    document = extract(saved([sheet(ROWS[:2])]))
    lines = [block for block in document.blocks if isinstance(block, Paragraph)]
    assert [line.text.replace(" ", "") for line in lines] == ["Report2023with514items"]
    assert {line.reading for line in lines} == {"ocr"}


def test_boxes_lie_on_the_picture_that_came_in() -> None:
    angle = 1.5
    document = extract(saved([worn(sheet(), angle)]))
    (grid,) = (block for block in document.blocks if isinstance(block, Grid))
    cell = next(cell for cell in grid.cells if cell.text == "7719")
    x, y = (XS[4] + XS[5]) / 2 - 1654 / 2, TOP + STEP * 3.5 - 1170 / 2
    turn = np.radians(angle)
    shown = (x * np.cos(turn) + y * np.sin(turn) + 827, -x * np.sin(turn) + y * np.cos(turn) + 585)
    assert cell.box is not None
    left, top, right, bottom = (side * DPI / 72 for side in cell.box)
    assert abs((left + right) / 2 - shown[0]) < 6 and abs((top + bottom) / 2 - shown[1]) < 6


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP"])
def test_formats_of_pictures(kind: str) -> None:
    document = extract(saved([sheet(ROWS[:2])], kind), "no ending")
    assert document.format == "image"
    assert [row[1:] for row in table(document)] == [list(row[1:]) for row in ROWS[:2]]


def test_pages_of_a_tiff_are_one_document_for_which_time_is_asked() -> None:
    told: list[int] = []
    before = RECOGNITION.set(told.append)
    try:
        document = extract(saved([sheet(ROWS[:2]), sheet(ROWS[2:4])], "TIFF"))
    finally:
        RECOGNITION.reset(before)
    assert told == [2]
    assert document.format == "image" and document.page_count == 2
    grids = [block for block in document.blocks if isinstance(block, Grid)]
    assert [{cell.page for cell in grid.cells} for grid in grids] == [{1}, {2}]
    assert {cell.text for grid in grids for cell in grid.cells} >= {"2963", "71.56", "308", "7719"}


def test_pages_of_a_pdf_that_are_pictures() -> None:
    document = extract(saved([worn(sheet(ROWS[:3]), 0.6), worn(sheet(ROWS[3:]), -1.1)], "PDF"))
    assert document.format == "pdf"
    assert [issue.code for issue in document.issues] == ["ocr_used", "ocr_used"]
    grids = [block for block in document.blocks if isinstance(block, Grid)]
    assert {cell.text for grid in grids for cell in grid.cells} >= {"1,205", "-34", "71.56", "2963", "308", "7719"}
    assert {cell.reading for grid in grids for cell in grid.cells} == {"ocr"}


def test_a_transparent_picture_lies_on_paper() -> None:
    page = sheet(ROWS[:2])
    clear = Image.new("RGBA", page.size, (0, 0, 0, 0))
    clear.putalpha(Image.eval(page, lambda value: 255 - value))
    assert [row[1:] for row in table(extract(saved([clear])))] == [list(row[1:]) for row in ROWS[:2]]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "damaged"),
        (saved([Image.new("1", (11_000, 10_000))]), "too_large"),
        (saved([Image.new("L", (30, 500), 255)]), "too_small"),
        (saved([sheet()])[:900], "damaged"),
    ],
    ids=["no picture", "110 megapixels", "a strip", "cut"],
)
def test_pictures_that_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        extract(data)
    assert refused.value.issue.code == code


def test_a_tiff_without_dimensions_is_damaged() -> None:
    """Found by fuzzing: Pillow lets a TypeError out."""
    whole = saved([sheet()], "TIFF")
    width = b"\x00\x01" + whole[whole.rindex(b"\x00\x01\x04\x00\x01\x00\x00\x00") :][2:8]
    assert whole.count(width) == 1
    with pytest.raises(Unreadable) as refused:
        extract(whole.replace(width, b"\xf0\xf0" + width[2:]))
    assert refused.value.issue.code == "damaged"


def test_without_the_packages_a_picture_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image, "can_recognise", lambda: False)
    with pytest.raises(Unreadable) as refused:
        extract(saved([sheet()]))
    assert refused.value.issue.code == "ocr_missing"
    assert "gongkai[ocr]" in refused.value.issue.message


def test_an_empty_page_holds_nothing() -> None:
    assert extract(saved([Image.new("L", (1654, 2339), 250)])).blocks == ()


@pytest.mark.parametrize("angle", [-3.0, -1.24, 0.4, 2.7])
def test_skew_is_measured(angle: float) -> None:
    turned = np.asarray(sheet().rotate(angle, Image.Resampling.BICUBIC, fillcolor=255))
    assert abs(skew_of(turned) + angle) < 0.06


def test_rules_are_found_and_letters_are_not() -> None:
    paper = upright(np.asarray(worn(sheet(), 0.9)), 72 / DPI)
    across, down = ruled_strokes(paper)
    assert (len(across), len(down)) == (len(ROWS) + 1, len(XS))


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        ("2023 and 514", "2023 and 514", "2023 and 514"),
        ("2023 and 514", "2028 and 514", "???? and 514"),
        ("2023 and 514", "2023 and", "???? and ???"),
        ("no number", "one number", "no number"),
    ],
)
def test_numbers_in_lines_that_two_readings_do_not_share(first: str, second: str, text: str) -> None:
    readings = [Reading(one, tuple(0.0 for _ in one), 0.9) for one in (first, second)]
    assert agreed(readings[0], readings[1:]).text == text


def test_values_that_no_rule_parts_are_held_against_their_ink() -> None:
    """A slash that the page's reading takes for a one is none; a lone dash is one."""
    page = Image.new("L", (1654, 900), 255)
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(30)
    rows = [[text.replace("90", "/") for text in row] for row in ROWS]
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            pen.text(((XS[c] + XS[c + 1]) / 2, TOP + STEP * r), text, 20, font=font, anchor="mm")
    document = extract(saved([worn(page, 0.8)]))
    shown = [c.text for b in document.blocks if isinstance(b, Grid) for c in b.cells]
    shown += [field for b in document.blocks if isinstance(b, Paragraph) for field in b.fields]
    numbers = {text for row in rows for text in row[1:]}
    given = {text for text in shown if text and text[-1].isdigit()}
    assert given <= numbers, given - numbers
    assert len(given) >= 15
    assert shown.count("/") == 2


def ruled_lightly(dark: float, dots: bool) -> Image.Image:
    """The sheet's table, its rules so much darker than the paper or dotted, under words as high as its rows allow."""
    page = Image.new("L", (1654, 1170), 240)
    pen = ImageDraw.Draw(page)
    bottom = TOP + STEP * len(ROWS)
    every = 7 if dots else 1
    for step in range(0, XS[-1] - XS[0], every):
        for r in range(len(ROWS) + 1):
            pen.line((XS[0] + step, TOP + STEP * r, XS[0] + step + every // 3, TOP + STEP * r), int(240 - dark), 2)
    for step in range(0, bottom - TOP, every):
        for x in XS:
            pen.line((x, TOP + step, x, TOP + step + every // 3), int(240 - dark), 2)
    for r in range(len(ROWS)):
        for x in range(XS[0] + 30, XS[1] - 30, 24):
            pen.line((x, TOP + STEP * r + 18, x, TOP + STEP * (r + 1) - 18), 40, 2)
    return page


@pytest.mark.parametrize(("dark", "dots"), [(34.0, False), (180.0, True)], ids=["faint", "dotted"])
def test_rules_that_are_faint_or_dotted_are_found_and_letters_between_them_are_not(dark: float, dots: bool) -> None:
    paper = upright(np.asarray(worn(ruled_lightly(dark, dots), 0.7)), 72 / DPI)
    across, down = ruled_strokes(paper)
    places = [{round(float(place) / 72 * DPI / 12) for place in found} for found in (across[:, 1], down[:, 0])]
    assert [len(found) for found in places] == [len(ROWS) + 1, len(XS)]
    assert (across[:, 2] - across[:, 0]).sum() > 0.85 * (len(ROWS) + 1) * (XS[-1] - XS[0]) / DPI * 72


def test_a_faint_rule_that_noise_broke_is_one() -> None:
    page = np.asarray(ruled_lightly(34.0, False)).copy()
    for x in XS:
        for y in (TOP + STEP * 2 // 3, TOP + STEP * 2, TOP + STEP * 3 + STEP // 2):
            page[y : y + 6, x - 6 : x + 7] = 240
    _, down = ruled_strokes(Paper(page, 72 / DPI, 0.0))
    places = sorted(round(float(place) / 72 * DPI) for place in down[:, 0])
    assert len(places) == len(XS) and all(abs(a - b) <= 3 for a, b in zip(places, XS, strict=True))
    assert np.allclose(down[:, 3] - down[:, 1], STEP * len(ROWS) / DPI * 72, atol=6.0)


def test_strokes_of_letters_side_by_side_are_no_rule() -> None:
    page = Image.new("L", (1654, 1170), 255)
    pen = ImageDraw.Draw(page)
    for letter in range(9):
        left = 400 + 22 * letter
        pen.line((left, 600, left + 20, 600), 40, 2)
        pen.line((left + 10, 590, left + 10, 612), 40, 2)
    paper = upright(np.asarray(worn(page, 0.0)), 72 / DPI)
    assert [len(found) for found in ruled_strokes(paper)] == [0, 0]


def test_skew_is_measured_where_there_is_little_text() -> None:
    """Heads of columns in steps, as over numbers of two groups, are level only line by line."""
    page = Image.new("L", (2339, 1654), 255)
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(26)
    for column in range(15):
        step = 14 * (column > 4) + 12 * (column % 5 == 4)
        pen.text((190 + 137 * column, 320 + step), "Heading", 40, font=font, anchor="mm")
        pen.text((190 + 137 * column, 400), str(3 + column), 40, font=font, anchor="mm")
    for line in range(3):
        pen.text((240, 480 + 50 * line), "A line of text that goes on for a while", 40, font=font)
    turned = np.asarray(worn(page, -0.4))
    assert abs(skew_of(upright(turned, 72 / DPI).picture)) < 0.06
