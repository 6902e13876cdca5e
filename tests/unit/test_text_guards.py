"""Lines and grids in which one question less would give a number to the wrong place."""

from __future__ import annotations

from drawn import LABELS, cell, grid, lines, read, reported

from pipelines.read.runs import runs

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
    assert [issue.code for issue in read([grid(rows)]).issues] == ["table_unknown"]


def test_numbers_without_end_behind_a_label_are_not_kept() -> None:
    """Each number asks of all before it whether it is a page's: a hundred thousand would take hours."""
    (run,) = runs(lines([RECEIVED, *["17"] * 1000]), LABELS, "application")
    assert len(run.values) == 400
