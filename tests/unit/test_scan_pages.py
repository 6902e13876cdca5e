"""Pictures in documents: a table on a page of text, a scan with hidden text behind it, pictures that lie askew."""

from __future__ import annotations

import io
import zipfile

import pytest
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pipelines.extract import extract, recognition
from pipelines.extract.scan import PACKAGES, can_recognise
from pipelines.model import Document, Grid, GridCell, Paragraph

if not can_recognise():
    pytest.skip(f"the optional packages {', '.join(PACKAGES)} are not installed", allow_module_level=True)

from PIL import Image

from tests.unit.test_scan import DPI, ROWS, STEP, TOP, XS, saved, sheet, table, worn

WIDTH, HEIGHT = 595.0, 842.0
POINTS = 72 / DPI
NUMBERS = {text for row in ROWS for text in row[1:] if text and text != "/"}


def the_table(angle: float = 0.0) -> Image.Image:
    """The table alone, cut out of its page."""
    return worn(sheet(), angle).crop((XS[0] - 30, TOP - 25, XS[-1] + 30, TOP + STEP * len(ROWS) + 25))


def pdf(draw: object) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=1)
    draw(canvas)  # type: ignore[operator]
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def picture(canvas: Canvas, image: Image.Image, left: float, top: float, points: float = POINTS) -> None:
    width, height = image.width * points, image.height * points
    canvas.drawImage(ImageReader(image), left, HEIGHT - top - height, width, height)


def cells(document: Document) -> list[GridCell]:
    return [cell for block in document.blocks if isinstance(block, Grid) for cell in block.cells]


def codes(document: Document) -> list[str]:
    return [issue.code for issue in document.issues]


def test_a_table_that_is_a_picture_on_a_page_of_text() -> None:
    def draw(canvas: Canvas) -> None:
        for line in range(4):
            canvas.drawString(60, HEIGHT - 80 - 14 * line, f"Line {line} of the text counts 61{line} items of 2023")
        picture(canvas, the_table(0.4), 30, 200)
        canvas.drawString(60, 120, "Words below the picture")

    document = extract(pdf(draw))
    assert codes(document) == ["ocr_used"]
    kinds = ["grid" if isinstance(block, Grid) else block.reading for block in document.blocks]
    assert kinds == ["text"] * 4 + ["grid", "text"]
    assert {cell.text for cell in cells(document)} >= NUMBERS
    assert {cell.reading for cell in cells(document)} == {"ocr"}
    (found,) = (cell.box for cell in cells(document) if cell.text == "7719")
    assert found is not None
    x = 30 + ((XS[4] + XS[5]) / 2 - XS[0] + 30) * POINTS
    y = 200 + (STEP * 3.5 + 25) * POINTS
    assert found[0] < x < found[2] and found[1] < y < found[3]


def scanned_with(hidden: dict[str, str], stamp: str = "", form: bool = False) -> bytes:
    """A scan with a text behind it as a scanner's recognition puts it there: that of the page, but for `hidden`."""

    def text(canvas: Canvas) -> None:
        for r, row in enumerate(ROWS):
            for c, words in enumerate(row):
                line = canvas.beginText(
                    (XS[c] + XS[c + 1]) / 2 * POINTS - 8, HEIGHT - (TOP + STEP * (r + 0.6)) * POINTS
                )
                line.setTextRenderMode(3)
                line.setFont("Helvetica", 10)
                line.textOut(hidden.get(words, words))
                canvas.drawText(line)

    def draw(canvas: Canvas) -> None:
        picture(canvas, worn(sheet(), 0.5), 0, 0)
        if form:
            canvas.beginForm("layer")
            text(canvas)
            canvas.endForm()
            canvas.doForm("layer")
        else:
            text(canvas)
        if stamp:
            canvas.drawString(60, 40, stamp)

    return pdf(draw)


@pytest.mark.parametrize(
    ("stamp", "form"), [("", False), ("Scanned by a program", False), ("", True)], ids=["alone", "a stamp", "a form"]
)
def test_hidden_text_is_not_taken_for_what_the_picture_shows(stamp: str, form: bool) -> None:
    document = extract(scanned_with({"482": "432", "1,205": "7,205"}, stamp, form))
    shown = {cell.text: cell for cell in cells(document)}
    assert {"482", "1,205"} <= set(shown) and not {"432", "7,205"} & set(shown)
    assert {cell.reading for cell in shown.values()} == {"ocr"}
    assert codes(document) == ["ocr_used", "hidden_text_differs"]
    message = document.issues[1].message
    assert "482 (behind it 432)" in message and "1,205 (behind it 7,205)" in message and message.startswith("2 ")
    assert "432" in shown["482"].candidates and "7,205" in shown["1,205"].candidates


def test_hidden_text_that_agrees_is_no_issue() -> None:
    document = extract(scanned_with({}))
    assert codes(document) == ["ocr_used"]
    assert {cell.text for cell in cells(document)} >= NUMBERS


def test_hidden_text_alone_is_marked_as_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "can_recognise", lambda: False)
    document = extract(scanned_with({"482": "432"}))
    assert codes(document) == ["hidden_text", "ocr_missing"]
    assert "432" in str(document.blocks)
    readings = {b.reading for b in document.blocks if isinstance(b, Paragraph)} | {c.reading for c in cells(document)}
    assert readings == {"ocr"}


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_picture_that_lies_askew_by_quarters(quarters: int) -> None:
    turned = worn(sheet(ROWS[1:4]), 0.6).rotate(90 * quarters, expand=True)
    document = extract(saved([turned]))
    assert [row[1:] for row in table(document)] == [list(row[1:]) for row in ROWS[1:4]]
    (found,) = (cell.box for cell in cells(document) if cell.text == "7719")
    x, y = (XS[4] + XS[5]) / 2, TOP + STEP * 2.5
    x, y = {1: (y, 1654 - x), 2: (1654 - x, 1170 - y), 3: (1170 - y, x)}[quarters]
    assert found is not None
    assert found[0] < x * POINTS < found[2] and found[1] < y * POINTS < found[3]


def test_a_turned_picture_on_a_page_of_text_stays_a_doubt() -> None:
    def draw(canvas: Canvas) -> None:
        for line in range(4):
            canvas.drawString(60, HEIGHT - 80 - 14 * line, f"Line {line} of the text counts 61{line} items of 2023")
        picture(canvas, the_table().rotate(90, expand=True), 150, 200)

    document = extract(pdf(draw))
    assert codes(document) == ["picture_in_page"]
    assert not cells(document)


def test_a_page_and_a_picture_of_its_table_are_one_document() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("1.html", "<html><body><p>Report of 2023</p><p>Part two</p></body></html>")
        archive.writestr("2.png", saved([the_table(-0.7)]))
    document = extract(buffer.getvalue())
    assert document.format == "zip"
    assert [b.text for b in document.blocks if isinstance(b, Paragraph) and b.reading == "text"] == [
        "Report of 2023",
        "Part two",
    ]
    assert [row[1:] for row in table(document)] == [row[1:] for row in map(list, ROWS)]
    assert "ocr_used" in codes(document)
