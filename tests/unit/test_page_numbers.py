"""Page numbers, and values that look like them."""

from __future__ import annotations

import pytest
from drawn import application_cells, lines, read, reported
from pdf_made import made, text
from reportlab.pdfgen.canvas import Canvas
from test_flattened import spaced

from pipelines.extract.pdf import read_pdf
from pipelines.model import Paragraph
from pipelines.read.unfolding import unfolded

HEAD = "信息内容 本年制发件数 本年废止件数 现行有效件数"


@pytest.mark.parametrize("page", ["- 3 -", "3 / 12", "103/108"])
def test_page_numbers_between_whole_rows_are_dropped(page: str) -> None:
    shape = spaced()
    for at in (30, 22, 15):
        shape.insert(at, page)
    tables = read(lines(shape))
    assert reported(tables) == application_cells()
    assert not [issue for issue in tables.issues if issue.code == "row_ambiguous"]


@pytest.mark.parametrize("page", ["- 3 -", "3 / 12"])
def test_a_page_number_between_a_label_and_its_values_is_dropped(page: str) -> None:
    tables = read(lines([HEAD, "规章 14 5 60", "行政规范性文件", page, "103 8 108"]), "disclosure")
    assert list(reported(tables, "disclosure").values()) == ["14", "5", "60", "103", "8", "108"]
    assert not tables.issues


@pytest.mark.parametrize("values", ["103 / 108", "- 103 -"])
@pytest.mark.parametrize("behind", [[], ["第二十条第（五）项"]])
def test_values_with_marks_for_blanks_are_told_where_they_may_be_a_page_number(values: str, behind: list[str]) -> None:
    tables = read(lines([HEAD, "规章 14 5 60", "行政规范性文件", values, *behind]), "disclosure")
    assert list(reported(tables, "disclosure").values()) == ["14", "5", "60"]
    assert [issue.code for issue in tables.issues if issue.code != "row_unread"] == ["row_ambiguous"]
    assert repr(values) in tables.issues[0].message


def foot(words: str) -> list[str]:
    """The lines of three pages that end in these words, `#` being the number of the page and 40."""

    def page(number: int) -> object:
        def draw(canvas: Canvas) -> None:
            for at in range(8):
                text(canvas, 90, 100 + 30 * at, f"line {'abcdefgh'[at]} of page {'xyz'[number - 1]}")
            text(canvas, 250, 800, words.replace("#", str(number + 40)).replace("*", str(90 - 7 * number)))

        return draw

    blocks = read_pdf(made(*(page(n) for n in (1, 2, 3)))).blocks  # type: ignore[arg-type]
    return [b.text for b in blocks if isinstance(b, Paragraph) and not b.text.startswith("line")]


def test_a_foot_that_counts_on_with_the_pages_is_dropped() -> None:
    assert foot("# / 43") == []
    assert foot("page # of 43") == []


def test_values_in_the_foot_whose_second_number_changes_stay() -> None:
    assert foot("# / *") == ["41/83", "42/76", "43/69"]


HEADS = [
    "某县水利局2023年政府信息公开工作年度报告",
    "- 4 - 某县水利局2023年政府信息公开工作年度报告",
    "2023年政府信息公开工作年度报告 5",
]


@pytest.mark.parametrize("head", HEADS)
def test_a_pages_head_between_the_values_of_a_row_is_none_of_them(head: str) -> None:
    tables = read(
        lines(["行政复议", "结果维持 结果纠正 其他结果 尚未审结 总计", "11", "12", head, "13", "14", "50"]), "review"
    )
    assert list(reported(tables, "review").values()) == ["11", "12", "13", "14", "50"]


def test_a_number_behind_the_title_on_its_line_is_no_text_of_its_own() -> None:
    title = "某县水利局2023年政府信息公开工作年度报告"
    assert [block.text for block in unfolded(lines([f"{title}  5", "规章"])) if isinstance(block, Paragraph)] == [
        title,
        "规章",
    ]
