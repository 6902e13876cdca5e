"""Tables without rules that were recognised in a picture: a row that lost a mark is not filled from the next line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import pytest

from pipelines.model import Paragraph
from pipelines.read.tables import Tables
from tests.unit.drawn import LABELS, cell, lines, read, reported

Reading = Literal["text", "ocr"]

PROCUREMENT = ("信息内容", "采购项目数量 采购总金额", "政府集中采购")
RECEIVED = "一、本年新收政府信息公开申请数量"
CARRIED = "二、上年结转政府信息公开申请数量"


def told(texts: Sequence[str], reading: Reading) -> list[Paragraph]:
    return [replace(line, reading=reading) for line in lines(texts)]


def statuses(tables: Tables, table: str, row: str) -> set[str]:
    return {c.status for c in tables.cells if (c.table, c.row) == (table, row)}


@pytest.mark.parametrize("values", [("3,548,85", "6.3"), ("/ 3,548,85", "6.3"), ("17", "6.3")])
def test_a_row_of_table_two_is_not_filled_from_the_next_line(values: tuple[str, ...]) -> None:
    tables = read(told((*PROCUREMENT[:2], f"{PROCUREMENT[2]} {values[0]}", *values[1:]), "ocr"), "disclosure", 2019)
    assert statuses(tables, "disclosure", "procurement") <= {"ambiguous", "missing"}


def test_a_row_on_one_line_is_read() -> None:
    tables = read(told((*PROCUREMENT[:2], f"{PROCUREMENT[2]} 17 6.3"), "ocr"), "disclosure", 2019)
    assert [str(cell(tables, "disclosure", "procurement", c).value) for c in ("projects", "amount")] == ["17", "6.3"]


@pytest.mark.parametrize("reading", ["text", "ocr"])
@pytest.mark.parametrize(
    ("values", "by_sum"),
    [(("3 4 5 6 7 8", "33"), True), (("0 0 0 0 0 0", "0"), False), (("3 4 5 6", "7 8 9"), False)],
    ids=["a sum", "zeros", "no sum"],
)
def test_a_row_of_table_three_over_two_lines_takes_a_sum(
    values: tuple[str, str], by_sum: bool, reading: Reading
) -> None:
    tables = read(told((f"{RECEIVED} {values[0]}", values[1], f"{CARRIED} 1 2 0 0 0 0 3"), reading))
    want = {"reported"} if by_sum or reading == "text" else {"ambiguous"}
    assert statuses(tables, "application", "received") == want
    assert statuses(tables, "application", "carried_in") == {"reported"}


@pytest.mark.parametrize(("last", "status"), [("11 4 7 2 24", "reported"), ("0 0 0 0 0", "ambiguous")])
def test_a_row_of_table_four_over_two_lines_takes_a_sum(last: str, status: str) -> None:
    first, second = last.rsplit(" ", 1)
    texts = (f"行政复议 结果维持 结果纠正 其他结果 尚未审结 总计 {first}", second)
    tables = read(told(texts, "ocr"), "review")
    assert statuses(tables, "review", "reconsideration") == {status}


def test_a_stroke_parts_no_cells_of_a_picture() -> None:
    """What is read as a pipe may be a one: the row has one number that nobody can tell."""
    texts = (f"{RECEIVED} 3 4 5 6 7 8 33", f"{CARRIED} 2| 0 0 0 0 0 2")
    assert cell(read(told(texts, "ocr")), "application", "carried_in", "natural_person").status != "reported"
    received = {key: value for key, value in reported(read(told(texts, "ocr"))).items() if key[1] == "received"}
    assert len(received) == len(LABELS.columns["application"].order)


def test_digits_that_run_together_are_not_parted() -> None:
    texts = ("信息内容 本年制发件数 本年废止件数 现行有效件数", "规章100")
    header = "disclosure"
    assert reported(read(told(texts, "text"), header), header).keys() >= {(header, "rules", "issued")}
    assert not reported(read(told(texts, "ocr"), header), header)


SHEET = (
    "统计指标 单位 统计数",
    "制发规范性文件总数 件 31",
    "（一）收到申请数 件 12",
    "1.当面申请数 件 7",
    "2.传真申请数 件 2",
    "3.网络申请数 件 3",
    "4.信函申请数 件 5",
)


@pytest.mark.parametrize(("reading", "status"), [("text", "reported"), ("ocr", "ambiguous")])
def test_a_number_below_a_row_of_the_sheet_may_be_the_rest_of_its_own(reading: Reading, status: str) -> None:
    tables = read(told((*SHEET[:3], "48", *SHEET[3:]), reading), "statistics", 2016)
    assert cell(tables, "statistics", "received_total", "value").status == status
    assert cell(tables, "statistics", "received_in_person", "value").value == 7


def test_a_stroke_behind_a_number_of_the_sheet_is_not_left_out() -> None:
    texts = [line.replace("件 12", "件 12|") for line in SHEET]
    kept = [c for c in read(told(texts, "ocr"), "statistics", 2016).cells if c.row == "received_total"]
    assert all(c.status != "reported" for c in kept)
    assert cell(read(told(SHEET, "ocr"), "statistics", 2016), "statistics", "received_total", "value").value == 12


def test_digits_that_did_not_hold_keep_their_place_in_the_row() -> None:
    tables = read(told((f"{RECEIVED} ?? 4 5 6 7 8 33", f"{CARRIED} 1 2 0 0 0 0 3"), "ocr"))
    assert cell(tables, "application", "received", "natural_person").status == "unreadable"
    assert cell(tables, "application", "received", "company").value == 4
    assert cell(tables, "application", "received", "total").value == 33
