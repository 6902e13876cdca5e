"""Tables without rules: columns by word positions, rows by values, wherever labels wrap; and pages that stay text."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_made import FONT, HEIGHT, made, ruled, text, thin_line
from reportlab.pdfgen.canvas import Canvas

from pipelines.extract.aligned import with_aligned_tables
from pipelines.extract.aligned_labels import label_columns
from pipelines.extract.aligned_pieces import Piece
from pipelines.extract.aligned_spans import spans_by_middle
from pipelines.extract.lines import Line, Word
from pipelines.extract.pdf import read_pdf
from pipelines.model import Grid, Paragraph

COLUMNS = (260.0, 330.0, 400.0, 470.0)
HEADS = ("甲类", "乙类", "丙类", "合计")
ROWS = (
    (("1.第一个事项",), ("12", "0", "7", "19")),
    (("2.名称很长因而要分成", "两行的事项"), ("3", "", "41", "44")),
    (("3.第三个事项",), ("", "", "205", "205")),
    (("4.名称更长因而要分成好几行来", "印的事项，一直印到第三", "行才结束"), ("8", "1,034", "/", "1042")),
    (("5.末尾的事项",), ("6", "2", "0", "8")),
)


def table(canvas: Canvas, number_on: str, align: str, ruled: bool = False) -> None:
    text(
        canvas,
        60,
        80,
        "这里是表格之前的一段文字，说明下面的表格里有哪些内容，它比较长而且顶到页面的右边才会换到下一行。",
    )
    for x, head in zip(COLUMNS, HEADS, strict=True):
        text(canvas, x, 110, head, align)
    top = 130.0
    for label, values in ROWS:
        if ruled:
            thin_line(canvas, 60, 842 - top + 10, 500, 842 - top + 10)
        for i, line in enumerate(label):
            text(canvas, 60, top + 11 * i, line)
        at = {"first": 0.0, "middle": 5.5 * (len(label) - 1), "last": 11.0 * (len(label) - 1)}[number_on]
        for x, value in zip(COLUMNS, values, strict=True):
            text(canvas, x, top + at, value, align)
        top += 11 * len(label) + 8
    text(canvas, 60, top + 20, "表后的文字。")


@pytest.mark.parametrize("number_on", ["first", "middle", "last"])
@pytest.mark.parametrize("align", ["left", "centre", "right"])
@pytest.mark.parametrize("ruled", [False, True], ids=["bare", "ruled across"])
def test_values_stay_in_row_and_column(number_on: str, align: str, ruled: bool) -> None:
    document = read_pdf(made(lambda c: table(c, number_on, align, ruled)))
    (grid,) = [block for block in document.blocks if isinstance(block, Grid)]
    at = {(c.row, c.column): c for c in grid.cells}
    columns = {c.text: c.column for c in grid.cells if c.text in HEADS}
    assert set(columns) == set(HEADS)
    for label, values in ROWS:
        (row,) = [c.row for c in grid.cells if c.text == "\n".join(label)]
        found = [at[row, columns[h]].text if (row, columns[h]) in at else "" for h in HEADS]
        assert found == list(values)
    assert [b.text for b in document.blocks if isinstance(b, Paragraph)][-1] == "表后的文字。"


def test_a_table_goes_on_overleaf_without_its_header() -> None:
    def page(canvas: Canvas, rows: list[tuple[str, ...]], top: float, head: bool) -> None:
        if head:
            for x, name in zip(COLUMNS, HEADS, strict=True):
                text(canvas, x, top - 20, name, "centre")
        for i, (label, *values) in enumerate(rows):
            text(canvas, 60, top + 18 * i, label)
            for x, value in zip(COLUMNS, values, strict=True):
                text(canvas, x, top + 18 * i, value, "centre")

    document = read_pdf(
        made(
            lambda c: page(c, [("其一", "4", "5", "6", "15"), ("其二", "7", "", "9", "16")], 730, True),
            lambda c: page(c, [("其三", "31", "", "2", "33"), ("其四", "", "8", "1", "9")], 60, False),
        )
    )
    (grid,) = [block for block in document.blocks if isinstance(block, Grid)]
    assert [(c.page, c.text) for c in grid.cells if c.column == grid.column_count - 1] == [
        (1, "合计"), (1, "15"), (1, "16"), (2, "33"), (2, "9"),
    ]  # fmt: skip


def grids_of(*draw: Callable[[Canvas], object]) -> list[list[tuple[int, int, str]]]:
    blocks = read_pdf(made(*draw)).blocks
    return [[(c.row, c.column, c.text) for c in block.cells] for block in blocks if isinstance(block, Grid)]


def row_of(canvas: Canvas, top: float, label: str, values: Sequence[str], xs: Sequence[float] = COLUMNS) -> None:
    text(canvas, 60, top, label)
    for x, value in zip(xs, values, strict=True):
        text(canvas, x, top, value, "centre")


def test_a_running_head_parts_no_table() -> None:
    def page(first: int) -> Callable[[Canvas], object]:
        def draw(canvas: Canvas) -> None:
            text(canvas, 60, 50, "某某局2031第12期")
            if first == 1:
                text(canvas, 60, 80, "表前的话")
                row_of(canvas, 690, "", HEADS)
            for step in range(3):
                row_of(
                    canvas, (710 if first == 1 else 70) + 18 * step, f"其{first + step}", ("14", "5", f"{first}7", "65")
                )

        return draw

    blocks = read_pdf(made(page(1), page(4))).blocks
    (grid,) = (block for block in blocks if isinstance(block, Grid))
    assert [c.text for c in grid.cells if c.column == 0] == [f"其{n}" for n in range(1, 7)]
    lines = [(block.text, block.page) for block in blocks if isinstance(block, Paragraph)]
    assert lines == [("某某局2031第12期", 1), ("表前的话", 1), ("某某局2031第12期", 2)]


def test_headers_of_narrow_columns_stay_apart() -> None:
    xs = tuple(260.0 + 31 * n for n in range(6))

    def draw(canvas: Canvas) -> None:
        row_of(canvas, 100, "", ("结果维", "结果纠", "其他结", "尚未审", "合计数", "附加项"), xs)
        row_of(canvas, 111, "", ("持", "正", "果", "结", "目", "目"), xs)
        row_of(canvas, 131, "其一", ("8123", "8245", "8311", "8467", "8502", "8614"), xs)
        row_of(canvas, 149, "其二", ("13", "24", "31", "46", "50", "61"), xs)

    (grid,) = grids_of(draw)
    heads = [text for _, column, text in grid if column and not text.isdecimal()]
    assert heads == ["结果维\n持", "结果纠\n正", "其他结\n果", "尚未审\n结", "合计数\n目", "附加项\n目"]
    assert [text for row, column, text in grid if text.startswith("8")] == [
        "8123",
        "8245",
        "8311",
        "8467",
        "8502",
        "8614",
    ]


def test_headers_of_different_pitch_are_joined_by_their_own_baselines() -> None:
    def draw(canvas: Canvas) -> None:
        for step, words in enumerate(("机构", "社会", "组织")):
            text(canvas, COLUMNS[0], 90 + 10 * step, words, "centre")
        text(canvas, COLUMNS[1], 98.6, "自然", "centre")
        text(canvas, COLUMNS[1], 108.0, "人数", "centre")
        row_of(canvas, 130, "其一", ("4", "5", "6", "15"))
        row_of(canvas, 145, "其二", ("7", "18", "9", "34"))

    (grid,) = grids_of(draw)
    assert [text for _, column, text in grid if column and not text.isdecimal()] == ["机构\n社会\n组织", "自然\n人数"]


def test_numbers_without_labels_under_their_own_headers_are_another_table() -> None:
    xs = (80.0, 150.0, 220.0, 290.0, 360.0)

    def draw(canvas: Canvas) -> None:
        row_of(canvas, 100, "", HEADS)
        row_of(canvas, 118, "其一", ("4", "5", "6", "15"))
        row_of(canvas, 136, "其二", ("7", "", "9", "16"))
        text(canvas, 60, 154, "四、另一张表")
        for x, head, value in zip(
            xs, ("维持", "纠正", "其他", "未结", "总数"), ("31", "2", "47", "8", "88"), strict=True
        ):
            text(canvas, x, 172, head, "centre")
            text(canvas, x, 190, value, "centre")

    first, second = grids_of(draw)
    assert [text for _, column, text in first if column == 4] == ["合计", "15", "16"]
    assert second == [
        *((0, n, head) for n, head in enumerate(("维持", "纠正", "其他", "未结", "总数"))),
        *((1, n, value) for n, value in enumerate(("31", "2", "47", "8", "88"))),
    ]


def test_a_wrapped_label_does_not_join_the_row_close_above_it() -> None:
    def draw(canvas: Canvas) -> None:
        row_of(canvas, 100, "", HEADS)
        row_of(canvas, 120, "其一", ("4", "5", "6", "15"))
        row_of(canvas, 131.5, "其二的名称分成", ("", "", "", ""))
        row_of(canvas, 136.3, "", ("7", "18", "9", "34"))
        row_of(canvas, 141.1, "两行的事项", ("", "", "", ""))

    (grid,) = grids_of(draw)
    assert [text for _, column, text in grid if column == 0] == ["其一", "其二的名称分成\n两行的事项"]


def test_a_numeral_in_brackets_begins_a_label_however_close_it_stands() -> None:
    def draw(canvas: Canvas) -> None:
        row_of(canvas, 100, "", HEADS)
        row_of(canvas, 115, "（四）其一", ("4", "5", "6", "15"))
        row_of(canvas, 126.5, "（五）其二的名称", ("", "", "", ""))
        row_of(canvas, 132.5, "", ("7", "18", "9", "34"))
        row_of(canvas, 138.5, "分成两行的事项", ("", "", "", ""))
        row_of(canvas, 150.5, "（六）其三", ("1", "2", "8", "11"))

    (grid,) = grids_of(draw)
    labels = [text for _, column, text in grid if column == 0]
    assert labels == ["（四）其一", "（五）其二的名称\n分成两行的事项", "（六）其三"]


def test_a_slanted_watermark_parts_no_table() -> None:
    def draw(canvas: Canvas, watermark: bool) -> None:
        row_of(canvas, 100, "", HEADS)
        for n, label in enumerate(("其一", "其二", "其三", "其四")):
            row_of(canvas, 120 + 24 * n, label, [str(10 * n + column) for column in range(1, 5)])
        if watermark:
            canvas.translate(150, HEIGHT - 230)
            canvas.rotate(45)
            canvas.setFont(FONT, 40)
            canvas.drawString(0, 0, "样张2024")

    plain, marked = (grids_of(lambda c, w=w: draw(c, w)) for w in (False, True))  # type: ignore[misc]
    assert marked == plain
    assert len(plain) == 1


def wrapped(canvas: Canvas, labels: bool) -> None:
    row_of(canvas, 100, "", HEADS)
    for n, (label, upper, lower) in enumerate(
        (
            ("其一", ("12345", "7", "23456", "34567"), ("8", "", "9", "1")),
            ("其二", ("45678", "56789", "2", "67891"), ("3", "4", "", "5")),
            ("其三", ("6", "17", "28", "39"), ("", "", "", "")),
        )[: 3 if labels else 1]
    ):
        top = 120.0 + 34 * n
        full = [bool(low) for low in lower]
        row_of(canvas, top, "", [value if two else "" for value, two in zip(upper, full, strict=True)])
        row_of(canvas, top + 11, "", lower)
        row_of(
            canvas, top + 5.5, label if labels else "", ["" if two else v for v, two in zip(upper, full, strict=True)]
        )


@pytest.mark.parametrize("labels", [True, False])
def test_numbers_wrapped_in_narrow_columns_are_one_row(labels: bool) -> None:
    (grid,) = grids_of(lambda c: wrapped(c, labels))
    values = [text for row, column, text in grid if column >= labels and row > 0]
    first = ["12345\n8", "7", "23456\n9", "34567\n1"]
    others = ["45678\n3", "56789\n4", "2", "67891\n5", "6", "17", "28", "39"]
    assert values == first + (others if labels else [])


def test_a_number_wrapped_under_its_labelled_line_is_one() -> None:
    def draw(canvas: Canvas) -> None:
        row_of(canvas, 100, "", HEADS)
        row_of(canvas, 120, "其一", ("12345", "7", "23456", "34567"))
        row_of(canvas, 131, "", ("8", "", "", "1"))
        row_of(canvas, 152, "其二", ("45", "5678", "2", "67"))

    (grid,) = grids_of(draw)
    assert [text for row, column, text in grid if row and column] == [
        "12345\n8", "7", "23456", "34567\n1", "45", "5678", "2", "67",
    ]  # fmt: skip


def test_rows_under_tall_labels_are_one_table() -> None:
    tall = [f"标签第{n}行" for n in "一二三四五六七八九十"]

    def draw(canvas: Canvas) -> None:
        row_of(canvas, 100, "", HEADS)
        for number, values in enumerate((("13", "24", "35", "72"), ("", "46", "", "46"), ("57", "", "68", "125"))):
            for line, words in enumerate(tall if number < 2 else ["末行"]):
                top = 120 + 130 * number + 11 * line
                row_of(canvas, top, words, ("", "", "", "") if line else values)

    (grid,) = grids_of(draw)
    assert [(row, column, text) for row, column, text in grid if column and row] == [
        (1, 1, "13"), (1, 2, "24"), (1, 3, "35"), (1, 4, "72"), (2, 2, "46"), (2, 4, "46"),
        (3, 1, "57"), (3, 3, "68"), (3, 4, "125"),
    ]  # fmt: skip
    assert [text for _, column, text in grid if column == 0] == ["\n".join(tall)] * 2 + ["末行"]


def test_the_rest_of_a_label_over_two_columns_makes_no_column() -> None:
    pieces = [
        Piece(1, y, 9.0, left, right, "标签", (left, y - 8, right, y + 1))
        for y, left, right in (
            (100.0, 60.0, 180.0), (111.0, 114.0, 126.0), (140.0, 60.0, 100.0), (140.0, 130.0, 180.0),
            (160.0, 130.0, 180.0),
        )
    ]  # fmt: skip
    assert label_columns(pieces, [], [100.0, 140.0, 160.0]) == [(60.0, 100.0), (130.0, 180.0)]


def test_rows_of_numbers_in_one_ruled_cell_are_read_as_rows() -> None:
    def draw(canvas: Canvas) -> None:
        row_of(canvas, 100, "", HEADS)
        for n, label in enumerate(("其一", "其二", "其三")):
            row_of(canvas, 120 + 18 * n, label, [str(10 * n + column) for column in range(1, 5)])

    def framed(canvas: Canvas) -> None:
        draw(canvas)
        ruled(canvas, (50.0, 510.0), (85.0, 108.0, 170.0), [(0, 0, 1, 1, ""), (1, 0, 1, 1, "")])

    assert grids_of(framed) == grids_of(draw)


def test_prose_with_numbers_is_no_table() -> None:
    sentences = [
        f"全年共收到申请 {n} 件，办结 {n + 3} 件，其中 {n + 7} 件予以公开，结转下年 {n + 9} 件。" for n in (12, 40, 77)
    ]
    document = read_pdf(made(lambda c: [text(c, 60, 100 + 14 * i, s) for i, s in enumerate(sentences)]))  # type: ignore[arg-type,return-value,func-returns-value]
    assert not any(isinstance(block, Grid) for block in document.blocks)


def test_spans_by_middle() -> None:
    rows = [(0.0, 10.0), (10.0, 20.0), (20.0, 30.0), (30.0, 40.0), (40.0, 50.0)]
    assert spans_by_middle(rows, [20.0, 40.0], [False, True, True, True, True]) == [(1, 2), (3, 4)]
    assert spans_by_middle(rows, [90.0], [True] * 5) is None


@settings(max_examples=150, deadline=None)
@given(st.integers(min_value=0, max_value=10**9))
def test_no_character_is_lost_or_printed_twice(seed: int) -> None:
    chance = random.Random(seed)
    words = ["12", "0", "/", "标签文字", "1.某某", "3", "12345", "（三）合计", "a"]
    lines: list[tuple[int, Line]] = []
    y, page = 50.0, 1
    for _ in range(chance.randrange(1, 40)):
        y += chance.choice([9, 10, 12, 16, 20, 30])
        if y > 800:
            y, page = 50.0, page + 1
        x = chance.choice([40.0, 60.0, 100.0, 300.0])
        row: list[Word] = []
        for _ in range(chance.randrange(1, 9)):
            word = chance.choice(words)
            row.append(Word(word, x, x + 7 * len(word), y))
            x = row[-1].right + chance.choice([4, 8, 15, 40])
        lines.append((page, Line(tuple(row), (row[0].left, y - 8, x, y + 2), y, 10.0)))
    before = "".join(line.text for _, line in lines)
    after = ""
    for _, item in with_aligned_tables(lines):
        after += item.text if isinstance(item, Line) else "".join(cell.text for _, cell in item.placed()[1])
    assert sorted(after.replace("\n", "").replace(" ", "")) == sorted(before.replace(" ", ""))
