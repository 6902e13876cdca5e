"""What nobody sees on a PDF page is left out and told; what lies across the text parts no cell."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pdf_made import HEIGHT, made, ruled, text
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pipelines.extract.pdf import read_pdf
from pipelines.model import Document, Grid, Issue, Paragraph, Source
from pipelines.read.report import read as read_reports

XS = (60.0, 160.0, 260.0, 360.0)
TOPS = (100.0, 120.0, 140.0)
WORDS = (("one", "17", "3041"), ("two", "28", "59"))
CELLS = [(r, c, 1, 1, words) for r, row in enumerate(WORDS) for c, words in enumerate(row)]

Draw = Callable[[Canvas], None]


def read(*draw: Draw) -> tuple[list[str], list[str], Document]:
    """The cells of the table after these draw around it, and the issues' codes."""

    def page(canvas: Canvas) -> None:
        for step in draw:
            canvas.saveState()
            step(canvas)
            canvas.restoreState()

    document = read_pdf(made(page))
    (grid,) = (block for block in document.blocks if isinstance(block, Grid))
    return [cell.text for cell in grid.cells], [issue.code for issue in document.issues], document


def table(canvas: Canvas) -> None:
    ruled(canvas, XS, TOPS, CELLS)


def colour(*rgb: float) -> Draw:
    return lambda canvas: canvas.setFillColorRGB(*rgb)


def words(at: tuple[float, float], letters: str, rgb: tuple[float, float, float], mode: int = 0) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColorRGB(*rgb)
        drawn = canvas.beginText(at[0], HEIGHT - at[1])
        drawn.setTextRenderMode(mode)
        drawn.textOut(letters)
        canvas.drawText(drawn)

    return draw


def area(box: tuple[float, float, float, float], rgb: tuple[float, float, float], clip: float | None = None) -> Draw:
    def draw(canvas: Canvas) -> None:
        left, top, right, low = box
        if clip is not None:
            path = canvas.beginPath()
            path.rect(left, HEIGHT - low, clip - left, low - top)
            canvas.clipPath(path, stroke=0, fill=0)
        canvas.setFillColorRGB(*rgb)
        canvas.rect(left, HEIGHT - low, right - left, low - top, stroke=0, fill=1)

    return draw


def picture(box: tuple[float, float, float, float], alpha: int) -> Draw:
    def draw(canvas: Canvas) -> None:
        left, top, right, low = box
        pixels = ImageReader(Image.new("RGBA", (40, 40), (200, 30, 30, alpha)))
        canvas.drawImage(pixels, left, HEIGHT - low, right - left, low - top, mask="auto")

    return draw


BEHIND_17 = (221.0, 113.0)
PLAIN = [word for row in WORDS for word in row]
AROUND_17 = (162.0, 102.0, 258.0, 118.0)


@pytest.mark.parametrize("rgb", [(1.0, 1.0, 1.0), (0.99, 0.98, 1.0)])
def test_white_text_is_no_digit_of_a_number(rgb: tuple[float, float, float]) -> None:
    cells, issues, document = read(table, words(BEHIND_17, "6", rgb))
    assert cells == PLAIN
    assert issues == ["unseen_text"]
    assert document.issues[0].message.endswith(": 6")


def test_invisible_text_is_no_digit_of_a_number() -> None:
    assert read(table, words(BEHIND_17, "6", (0.0, 0.0, 0.0), mode=3))[:2] == (PLAIN, ["unseen_text"])


def test_white_text_on_a_dark_area_is_read() -> None:
    cells, issues, _ = read(area(AROUND_17, (0.1, 0.2, 0.5)), table, words(BEHIND_17, "6", (1.0, 1.0, 1.0)))
    assert cells == ["one", "17 6", *PLAIN[2:]]
    assert not issues


@pytest.mark.parametrize("cover", [area(AROUND_17, (1.0, 1.0, 1.0)), picture(AROUND_17, 255)])
def test_what_is_covered_gives_way_to_what_is_printed_over_it(cover: Draw) -> None:
    cells, issues, _ = read(table, cover, words((200.0, 113.0), "94", (0.0, 0.0, 0.0)))
    assert cells == ["one", "94", *PLAIN[2:]]
    assert issues == ["unseen_text"]


@pytest.mark.parametrize("over", [picture(AROUND_17, 90), area(AROUND_17, (1.0, 1.0, 1.0), clip=180.0)])
def test_a_seal_or_a_clipped_area_hides_nothing_where_it_lets_through(over: Draw) -> None:
    assert read(table, over)[:2] == (PLAIN, [])


def test_a_level_watermark_stays_out_of_cells() -> None:
    cells, issues, document = read(table, words((205.0, 116.0), "820231", (0.85, 0.85, 0.85)))
    assert cells == PLAIN
    assert issues == ["slanted_text"]
    assert document.blocks[-1].text == "820231"  # type: ignore[union-attr]


def test_pale_text_that_lies_across_nothing_is_read() -> None:
    pale = (0.8, 0.8, 0.8)
    cells, issues, _ = read(table, words((310.0, 153.0), "pale 5", pale), words((240.0, 133.0), "6", pale))
    assert cells[4] == "28 6"
    assert not issues


def test_a_line_of_large_letters_across_the_table_is_no_cell() -> None:
    def large(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 40)
        text(canvas, 90, 130, "DRAFT 77")

    assert read(table, large)[:2] == (PLAIN, ["slanted_text"])


def test_large_letters_that_touch_smaller_ones_beside_them_are_a_title() -> None:
    def title(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 24)
        canvas.drawString(60, HEIGHT - 60, "Report of")
        canvas.setFont("Helvetica", 13)
        canvas.drawString(60 + canvas.stringWidth("Report of", "Helvetica", 24) - 1.5, HEIGHT - 60, "2017")

    cells, codes, document = read(table, title)
    assert cells == [word for row in WORDS for word in row]
    assert codes == []
    assert document.blocks[0].text == "Report of2017"  # type: ignore[union-attr]


HEADINGS = (
    "一、总体情况",
    "本年度新收政府信息公开申请6件。",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
)


def test_a_report_tells_of_text_that_nobody_sees() -> None:
    issue = Issue("unseen_text", "Text that cannot be seen on the page was left out: 6", "page 1")
    title = Paragraph(0, "卢氏县商务局2023年政府信息公开工作年度报告", ("卢氏县商务局2023年政府信息公开工作年度报告",))
    body = [Paragraph(n, words, (words,)) for n, words in enumerate(HEADINGS, 1)]
    (report,) = read_reports(Document("pdf", (title, *body), {}, (issue,), 1), Source("a.pdf"))
    assert issue in report.issues
