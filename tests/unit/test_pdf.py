"""PDF with rules: what is drawn as a table comes out as that table, however it is drawn, turned, cut or nested."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pdfplumber
import pytest
from pdf_made import (
    FONT,
    HEIGHT,
    dashed_line,
    double_line,
    filled_quad,
    made,
    picture,
    ruled,
    separate_dashes,
    text,
    thin_line,
)
from pdfplumber.utils.exceptions import PdfminerException
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from pipelines.extract import page_flow, pdf, pdf_page
from pipelines.extract.limits import Unreadable
from pipelines.extract.pdf import read_pdf
from pipelines.extract.scan import can_recognise
from pipelines.model import Document, Grid, Paragraph

SHARED = Path(__file__).resolve().parents[3] / "shared"

APPLICANTS = (
    "natural_person", "company", "research", "public_welfare", "legal_service", "other_organisation", "total",
)  # fmt: skip

XS = (60.0, 140.0, 260.0, 330.0, 400.0)
TOPS = (100.0, 120.0, 145.0, 165.0, 200.0)
CELLS = (
    (0, 0, 1, 2, "事项"), (0, 2, 1, 1, "甲"), (0, 3, 1, 1, "乙"),
    (1, 0, 2, 1, "第一组"), (1, 1, 1, 1, "较长的一行\n分成两行"), (1, 2, 1, 1, "17"), (1, 3, 1, 1, "4,205"),
    (2, 1, 1, 1, "其余"), (2, 2, 1, 1, ""), (2, 3, 1, 1, "/"),
    (3, 0, 1, 2, "合计"), (3, 2, 1, 2, "63.5"),
)  # fmt: skip


def grids(document: Document) -> list[Grid]:
    return [block for block in document.blocks if isinstance(block, Grid)]


def lines(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def cells(grid: Grid) -> tuple[tuple[int, int, int, int, str], ...]:
    return tuple((c.row, c.column, c.row_span, c.column_span, c.text) for c in grid.cells)


@pytest.mark.parametrize("rule", [thin_line, filled_quad, dashed_line, separate_dashes, double_line])
def test_a_table_is_read_however_its_rules_are_drawn(rule: object) -> None:
    document = read_pdf(made(lambda c: ruled(c, XS, TOPS, CELLS, rule)))  # type: ignore[arg-type]
    (grid,) = grids(document)
    assert cells(grid) == CELLS
    assert (grid.row_count, grid.column_count, grid.page, document.issues) == (4, 4, 1, ())
    assert lines(document) == []


def test_boxes_are_points_from_the_top_left() -> None:
    (grid,) = grids(read_pdf(made(lambda c: ruled(c, XS, TOPS, CELLS))))
    box = next(cell.box for cell in grid.cells if cell.text == "4,205")
    assert box == pytest.approx((330, 120, 400, 145), abs=1.0)


def test_pdfplumber_sees_the_same_cells() -> None:
    data = made(lambda c: ruled(c, XS, TOPS, CELLS))
    (grid,) = grids(read_pdf(data))
    with pdfplumber.open(io.BytesIO(data)) as oracle:
        (table,) = oracle.pages[0].extract_tables()
    seen = [(r, c, words) for r, row in enumerate(table) for c, words in enumerate(row) if words is not None]
    assert seen == [(c.row, c.column, c.text) for c in grid.cells]


def turned(quarters: int) -> bytes:
    """The table drawn turned counter-clockwise, on a page whose /Rotate turns it back."""

    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(90 * quarters)
        match quarters:
            case 1:
                canvas.translate(HEIGHT, 0)
            case 2:
                canvas.translate(595.0, HEIGHT)
            case 3:
                canvas.translate(0, 595.0)
        canvas.rotate(90 * quarters)
        ruled(canvas, XS, TOPS, CELLS)

    return made(draw)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_rotated_pages_read_as_they_are_shown(quarters: int) -> None:
    (grid,) = grids(read_pdf(turned(quarters)))
    assert cells(grid) == CELLS
    box = next(cell.box for cell in grid.cells if cell.text == "4,205")
    assert box == pytest.approx((330, 120, 400, 145), abs=1.0)


def test_sideways_table_on_an_upright_page() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(595.0, 0)
        canvas.rotate(90)
        ruled(canvas, XS, TOPS, CELLS, height=595.0)

    (grid,) = grids(read_pdf(made(draw)))
    assert cells(grid) == CELLS
    box = next(cell.box for cell in grid.cells if cell.text == "4,205")
    assert box == pytest.approx((120, HEIGHT - 400, 145, HEIGHT - 330), abs=1.0)


def test_landscape_page() -> None:
    (grid,) = grids(read_pdf(made(lambda c: ruled(c, XS, TOPS, CELLS, height=595.0), size=(842.0, 595.0))))
    assert cells(grid) == CELLS


def test_forms_within_forms() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("inner", 0, 0, 595, 842)
        canvas.setFont(FONT, 9)
        ruled(canvas, XS, TOPS, CELLS)
        canvas.endForm()
        canvas.beginForm("outer", 0, 0, 595, 842)
        canvas.saveState()
        canvas.translate(12, -40)
        canvas.scale(1.1, 1.1)
        canvas.doForm("inner")
        canvas.restoreState()
        canvas.endForm()
        canvas.translate(5, 3)
        canvas.doForm("outer")

    (grid,) = grids(read_pdf(made(draw)))
    assert cells(grid) == CELLS


BREAK = (60.0, 200.0, 300.0, 400.0)


def part(canvas: Canvas, top: float, rows: list[tuple[str, str, str]], number: str) -> None:
    tops = [top + 20.0 * i for i in range(len(rows) + 1)]
    ruled(canvas, BREAK, tops, [(r, c, 1, 1, w) for r, row in enumerate(rows) for c, w in enumerate(row)])
    text(canvas, 297, 810, number, "centre")


@pytest.mark.parametrize("number", ["- {} -", "— {} —", "{}", "·{}·"])
def test_a_table_over_page_breaks_is_one_grid(number: str) -> None:
    pages = [
        lambda c: part(c, 700, [("名称", "甲", "乙"), ("其一", "31", "7")], number.format(1)),
        lambda c: part(c, 60, [("名称", "甲", "乙"), ("其二", "12", "58")], number.format(2)),
        lambda c: (part(c, 60, [("其三", "", "904")], number.format(3)), text(c, 60, 200, "表后的话")),
    ]
    document = read_pdf(made(*pages))
    (grid,) = grids(document)
    assert [cell.text for cell in grid.cells if cell.column == 2] == ["乙", "7", "乙", "58", "904"]
    assert [cell.page for cell in grid.cells if cell.column == 0] == [1, 1, 2, 2, 3]
    assert lines(document) == ["表后的话"]


@pytest.mark.parametrize(("shift", "count"), [(0.0, 1), (9.0, 2)])
def test_a_table_goes_on_beside_a_cell_that_runs_through_the_page(shift: float, count: int) -> None:
    xs = (60.0, 90.0, 200.0, 250.0, 300.0, 350.0, 400.0)
    first = [(0, 0, 2, 1, "组"), *((r, c, 1, 1, f"{r}{c}") for r in (0, 1) for c in range(1, 6))]
    rest = [(r, c, 1, 1, f"{r + 2}{c + 1}") for r in (0, 1) for c in range(5)]

    def overleaf(canvas: Canvas) -> None:
        canvas.line(xs[0], HEIGHT - 60, xs[0], HEIGHT - 100)
        ruled(canvas, [x + shift * (x < 300) for x in xs[1:]], (60.0, 80.0, 100.0), rest)

    found = grids(read_pdf(made(lambda c: ruled(c, xs, (700.0, 720.0, 740.0), first), overleaf)))
    assert len(found) == count
    if count == 1:
        assert [c.text for c in found[0].cells if c.column == 5] == ["05", "15", "25", "35"]


def test_a_label_that_the_break_cuts_stays_as_two_pieces() -> None:
    pages = [
        lambda c: part(c, 700, [("（四）无", "31", "7")], ""),
        lambda c: part(c, 60, [("法提供", "12", "58")], ""),
    ]
    (grid,) = grids(read_pdf(made(*pages)))
    assert [(c.page, c.text) for c in grid.cells if c.column == 0] == [(1, "（四）无"), (2, "法提供")]


def test_text_between_parts_two_tables() -> None:
    pages = [
        lambda c: part(c, 700, [("其一", "31", "7"), ("其二", "2", "5")], "1"),
        lambda c: (text(c, 60, 50, "四、另一部分"), part(c, 60, [("其三", "12", "58"), ("其四", "6", "9")], "2")),
    ]
    document = read_pdf(made(*pages))
    assert len(grids(document)) == 2
    assert lines(document) == ["四、另一部分"]


def test_a_number_wider_than_its_cell_is_kept_whole() -> None:
    narrow = (60.0, 120.0, 132.0, 144.0, 204.0)
    row = [(0, 0, 1, 1, "费用"), (0, 1, 1, 1, ""), (0, 2, 1, 1, "152790"), (0, 3, 1, 1, "")]
    (grid,) = grids(read_pdf(made(lambda c: ruled(c, narrow, (100.0, 120.0, 140.0), [*row, (1, 0, 1, 4, "合计")]))))
    assert [cell.text for cell in grid.cells][:4] == ["费用", "", "152790", ""]


def test_numbers_that_nearly_meet_at_a_rule_are_two() -> None:
    narrow = (60.0, 120.0, 150.0, 180.0, 240.0)

    def draw(canvas: Canvas) -> None:
        ruled(canvas, narrow, (100.0, 120.0), [(0, n, 1, 1, "") for n in range(4)])
        text(canvas, 149.6, 113, "4172", "right")
        text(canvas, 150.4, 113, "638")

    (grid,) = grids(read_pdf(made(draw)))
    assert [cell.text for cell in grid.cells] == ["", "4172", "638", ""]


def test_space_between_cells_is_no_row_though_a_tall_label_stands_beside_it() -> None:
    tops = (100.0, 130.0, 133.5, 160.0)
    parted = [
        (0, 0, 3, 1, "甲\n乙\n丙\n丁\n戊"), (0, 1, 1, 1, "其一"), (0, 2, 1, 1, "17"),
        (2, 1, 1, 1, "其二"), (2, 2, 1, 1, "29"),
    ]  # fmt: skip
    (grid,) = grids(read_pdf(made(lambda c: ruled(c, (60.0, 90.0, 140.0, 200.0), tops, parted))))
    assert [(c.row, c.column, c.text) for c in grid.cells if c.column] == [
        (0, 1, "其一"), (0, 2, "17"), (1, 1, "其二"), (1, 2, "29"),
    ]  # fmt: skip


def test_a_label_that_ends_above_its_last_row_begins_no_row() -> None:
    tops = (100.0, 120.0, 140.0, 148.0, 165.0)
    short = [
        (0, 0, 3, 1, "组"), (3, 0, 1, 1, ""), (0, 1, 1, 1, "其一"), (0, 2, 1, 1, "17"),
        (1, 1, 1, 1, "其二"), (1, 2, 1, 1, "29"), (2, 1, 2, 1, "其三"), (2, 2, 2, 1, "46"),
    ]  # fmt: skip
    (grid,) = grids(read_pdf(made(lambda c: ruled(c, (60.0, 90.0, 140.0, 200.0), tops, short))))
    assert cells(grid) == (
        (0, 0, 3, 1, "组"), (0, 1, 1, 1, "其一"), (0, 2, 1, 1, "17"), (1, 1, 1, 1, "其二"), (1, 2, 1, 1, "29"),
        (2, 1, 1, 1, "其三"), (2, 2, 1, 1, "46"),
    )  # fmt: skip
    assert grid.row_count == 3


def test_superscripts_and_overprints() -> None:
    def draw(canvas: Canvas) -> None:
        ruled(canvas, XS, TOPS, CELLS)
        for shift in (0.0, 0.3):
            text(canvas, 280 + shift, 159, "11")
        canvas.setFont(FONT, 5)
        text(canvas, 290, 155, "2")

    (grid,) = grids(read_pdf(made(draw)))
    assert next(c.text for c in grid.cells if (c.row, c.column) == (2, 2)).split("\n") == ["2", "11"]


def test_dashes_at_the_end_of_a_line_stay() -> None:
    document = read_pdf(made(lambda c: (text(c, 60, 100, "2019-"), text(c, 60, 115, "2020"), text(c, 60, 130, "-"))))
    assert lines(document) == ["2019-", "2020", "-"]


def test_underlines_and_frames_are_no_tables() -> None:
    def draw(canvas: Canvas) -> None:
        text(canvas, 60, 100, "下划线")
        thin_line(canvas, 60, HEIGHT - 102, 120, HEIGHT - 102)
        canvas.rect(50, HEIGHT - 700, 500, 650)
        text(canvas, 60, 140, "框中的话")

    document = read_pdf(made(draw))
    assert grids(document) == []
    assert lines(document) == ["下划线", "框中的话"]


def test_pages_begin_with_a_page_break() -> None:
    document = read_pdf(made(lambda c: text(c, 60, 100, "第一页的话"), lambda c: text(c, 60, 100, "第二页的话")))
    breaks = [(b.page, b.page_break) for b in document.blocks if isinstance(b, Paragraph)]
    assert breaks == [(1, False), (2, True)]


def test_slanted_watermark_stays_out_of_cells() -> None:
    def draw(canvas: Canvas) -> None:
        ruled(canvas, XS, TOPS, CELLS)
        canvas.saveState()
        canvas.translate(100, HEIGHT - 200)
        canvas.rotate(30)
        canvas.setFont(FONT, 30)
        canvas.drawString(0, 0, "样张2")
        canvas.restoreState()

    document = read_pdf(made(draw))
    assert cells(grids(document)[0]) == CELLS
    assert [issue.code for issue in document.issues] == ["slanted_text"]


def test_pictures_where_nothing_recognises(monkeypatch: pytest.MonkeyPatch) -> None:
    def scan(canvas: Canvas) -> None:
        picture(canvas, 0, 0, 595, 842)

    monkeypatch.setattr("pipelines.extract.pdf.can_recognise", lambda: False)
    monkeypatch.setattr("pipelines.extract.recognition.can_recognise", lambda: False)
    with pytest.raises(Unreadable) as refused:
        read_pdf(made(scan, scan))
    assert refused.value.issue.code == "ocr_missing"
    document = read_pdf(made(scan, lambda c: text(c, 60, 100, "这一页有足够多的文字可以读出来，说明不是扫描件。")))
    assert {(issue.code, issue.where) for issue in document.issues} == {
        ("page_is_image", "page 1"),
        ("ocr_missing", "page 1"),
    }


def test_encrypted_files() -> None:
    def draw(canvas: Canvas) -> None:
        ruled(canvas, XS, TOPS, CELLS)

    owner = read_pdf(made(draw, encrypt=StandardEncryption("", "owner", canModify=0)))
    assert cells(grids(owner)[0]) == CELLS
    with pytest.raises(Unreadable) as refused:
        read_pdf(made(draw, encrypt=StandardEncryption("user", "owner")))
    assert refused.value.issue.code == "encrypted"


def bomb() -> bytes:
    import zlib

    packed = zlib.compress(b"0 0 m " * 60_000_000, 9)
    head = b"%PDF-1.4\n" + b"4 0 obj<</Length %d/Filter/FlateDecode>>stream\n" % len(packed)
    return head + packed + b"\nendstream\n" + b"%%EOF"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"no pdf at all %%EOF", "damaged"),
        (made(lambda c: text(c, 60, 100, "全文"))[:300], "truncated"),
        (made(*[lambda c: text(c, 60, 100, "页")] * 301), "too_many_pages"),
        (bomb(), "too_large"),
    ],
    ids=["empty", "blank", "noise", "truncated", "pages", "bomb"],
)
def test_bad_files_are_refused_with_a_code(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_pdf(data)
    assert refused.value.issue.code == code


def test_a_cut_file_that_still_opens_says_so() -> None:
    whole = made(lambda c: ruled(c, XS, TOPS, CELLS))
    document = read_pdf(whole[: whole.rindex(b"startxref")])
    assert "truncated" in [issue.code for issue in document.issues]


def test_fonts_without_meaning_are_reported() -> None:
    content = b"BT /F1 12 Tf 60 700 Td (ABCDEFGHIJKLMNOPABCDEFGHIJKLMNOP) Tj ET"
    differences = b" ".join(b"/zz%d" % i for i in range(26))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Odd/FirstChar 65/LastChar 90/Widths[" + b"500 " * 26 + b"]"
        b"/Encoding<</Type/Encoding/Differences[65 " + differences + b"]>>>>",
    ]
    body = b"".join(b"%d 0 obj%s endobj\n" % (i, one) for i, one in enumerate(objects, 1))
    document = read_pdf(b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R/Size 6>>\n%%EOF")
    wanted = "ocr_used" if can_recognise() else "text_without_unicode"
    assert wanted in [issue.code for issue in document.issues]


@pytest.mark.skipif(not SHARED.exists(), reason="the shared reports are not here")
@pytest.mark.parametrize("name", ["reports/hongze_2023.pdf", "made/d002.pdf", "made/d080.pdf", "made/d094.pdf"])
def test_real_reports_hold_the_rows_that_a_reader_took(name: str) -> None:
    path = SHARED / name
    gold = [json.loads(line) for line in (path.parent / "gold.jsonl").read_text("utf-8").splitlines()]
    expected: dict[str, dict[str, str]] = {}
    for cell in next(g for g in gold if g["file"] == path.name)["cells"]:
        if cell["table"] == "application":
            expected.setdefault(cell["row"], {})[cell["column"]] = str(cell["value"])
    rows = []
    for grid in grids(read_pdf(path.read_bytes())):
        for row in range(grid.row_count):
            numbers = [c.text for c in grid.cells if c.row == row and c.text.isdecimal()]
            if len(numbers) == len(APPLICANTS):
                rows.append(numbers)
    assert len(rows) > 20
    assert sorted(rows) == sorted([row[column] for column in APPLICANTS] for row in expected.values())


def test_the_second_reader_is_asked_where_numbers_stand_in_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(r, c, 1, 1, str(11 + 7 * r + c)) for r in range(6) for c in range(4)]
    data = made(lambda c: ruled(c, XS, [100.0 + 20 * i for i in range(7)], rows))

    def without_strokes(*args: object) -> pdf_page.PdfPage:
        page = pdf_page.read_page(*args)
        return replace(page, marks=replace(page.marks, strokes=np.zeros((0, 4))))

    monkeypatch.setattr(pdf, "read_page", without_strokes)
    monkeypatch.setattr(page_flow, "with_aligned_tables", list)
    document = read_pdf(data)
    (grid,) = grids(document)
    assert [cell.text for cell in grid.cells] == [words for *_, words in rows]
    assert [(issue.code, issue.where) for issue in document.issues] == [("pdf_fallback", "page 1")]


def test_a_page_that_the_second_reader_cannot_parse_keeps_its_first_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Found by fuzzing: pdfminer lets errors of its own out of damaged streams."""

    def draw(canvas: Canvas) -> None:
        for row in range(6):
            text(canvas, 60, 100.0 + 20 * row, f"{row + 11}    {row + 31}    {row + 51}    {row + 71}")

    def failing(*args: object) -> None:
        raise PdfminerException("Ascii85 overflow")

    monkeypatch.setattr("pdfplumber.page.Page.find_tables", failing)
    monkeypatch.setattr(page_flow, "with_aligned_tables", list)
    document = read_pdf(made(draw))
    assert [(issue.code, issue.where) for issue in document.issues] == [("second_reading_failed", "page 1")]
    assert len(document.blocks) == 6
