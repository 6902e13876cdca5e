"""Lines and grids in which one question less would give a number to the wrong place."""

from __future__ import annotations

import pytest
from drawn import LABELS, cell, grid, lines, read, reported

from pipelines.read.runs import runs
from pipelines.read.tables import Tables

RECEIVED = "一、本年新收政府信息公开申请数量"


def test_numbers_in_brackets_of_a_label_are_no_values() -> None:
    texts = ["（二）部分公开（区分处理的，只计这 1 情形，不计其他情形） 31 12 13 14 15 16 101"]
    assert str(cell(read(lines(texts)), "application", "granted_in_part", "total").value) == "101"


def test_two_reports_side_by_side_in_table_two_are_never_mixed() -> None:
    header = ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]
    rows = [[*header, *[""] * 4], ["规章", "1", "2", "3", "规章", "4", "5", "6"]]
    rows.append(["行政规范性文件", "17", "28", "39", "行政规范性文件", "41", "52", "63"])
    assert not reported(read([grid(rows)], "disclosure"), "disclosure")


def test_a_row_of_nothing_but_words_is_no_row_of_values() -> None:
    rows = [["项目", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]]
    rows += [[RECEIVED, *"甲乙丙丁戊己庚"], [RECEIVED, "31", "12", "13", "14", "15", "16", "101"]]
    tables = read([grid(rows)])
    assert str(cell(tables, "application", "received", "total").value) == "101"


def test_a_row_of_fewer_values_without_a_header_is_not_read() -> None:
    rows = [[RECEIVED, "31", "12", "43"], ["（一）予以公开", "21", "9", "30"]]
    tables = read([grid(rows)])
    assert not reported(tables, "application")
    assert {issue.code for issue in tables.issues} == {"table_unknown", "row_unread"}


def test_numbers_without_end_behind_a_label_are_not_kept() -> None:
    """Each number asks of all before it whether it is a page's: a hundred thousand would take hours."""
    (run,) = runs(lines([RECEIVED, *["17"] * 1000]), LABELS, "application")
    assert len(run.values) == 400


def states(tables: Tables, table: str, row: str) -> list[str]:
    return [
        str(c.value) if c.status == "reported" else c.status for c in tables.cells if (c.table, c.row) == (table, row)
    ]


def test_a_number_in_the_field_behind_the_last_column_is_not_left_out() -> None:
    """Whole rows have an empty field behind their values; in this row it holds the last of seven numbers."""
    whole = "（一）予以公开\t21\t3\t4\t5\t6\t7\t46\t"
    tables = read(lines([whole, f"{RECEIVED}\t31\t12\t\t14\t15\t16\t101\t8"]))
    assert states(tables, "application", "granted")[-1] == "46"
    assert set(states(tables, "application", "received")) == {"ambiguous"}
    assert set(states(read(lines([whole, f"{RECEIVED}\t31\t12\t\t14\t15\t16\t\t101"])), "application", "received")) == {
        "ambiguous"
    }


def test_as_many_numbers_as_columns_with_a_blank_among_them_are_a_doubt() -> None:
    tables = read(lines([f"{RECEIVED}\t31\t12\t\t14\t15\t16\t17\t105"]))
    assert set(states(tables, "application", "received")) == {"ambiguous"}


@pytest.mark.parametrize("apart", [" ", "\n"])
def test_a_word_between_the_values_of_a_row_is_a_value_that_cannot_be_read(apart: str) -> None:
    tables = read(lines([RECEIVED, *apart.join(["31", "12", "待核实", "14", "15", "16", "88"]).splitlines()]))
    assert states(tables, "application", "received") == ["31", "12", "unreadable", "14", "15", "16", "88"]


def test_a_procedure_with_too_few_values_is_in_doubt_alone() -> None:
    texts = ["行政复议 结果维持 结果纠正 其他结果 尚未审结 总计", "3 1 2 6", "行政诉讼 未经复议直接起诉", "1 0 2 4 7"]
    tables = read(lines(texts), "review")
    assert states(tables, "review", "reconsideration") == ["ambiguous"] * 5
    assert states(tables, "review", "litigation_direct") == ["1", "0", "2", "4", "7"]


def test_a_blank_between_tabs_of_table_four_keeps_its_place_and_one_at_the_end_does_not() -> None:
    header = "行政复议\t结果维持\t结果纠正\t其他结果\t尚未审结\t总计"
    inside = read(lines([header, "行政复议\t3\t\t2\t1\t6"]), "review")
    assert states(inside, "review", "reconsideration") == ["3", "blank", "2", "1", "6"]
    behind = read(lines([header, "行政复议\t3\t2\t1\t6\t"]), "review")
    assert states(behind, "review", "reconsideration") == ["ambiguous"] * 5


def test_equal_numbers_below_a_whole_header_are_no_merged_cell() -> None:
    texts = ["| 信息内容 | 本年处理决定数量 | 本年处理决定数量 | 本年处理决定数量 |", "| 行政许可 | 57 | 57 | 57 |"]
    texts += ["| 信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |", "| 行政规范性文件 | 8 | 8 | 8 |"]
    tables = read(lines(texts), "disclosure")
    assert states(tables, "disclosure", "licensing") == ["57"]
    assert states(tables, "disclosure", "normative_documents") == ["8", "8", "8"]
