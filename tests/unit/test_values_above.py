"""Values above their labels, or without one: nothing is given to the label that merely stands before them."""

from __future__ import annotations

import pytest
from drawn import application_rows, lines, number, read, reported

ROWS = application_rows()
HEADER = ["申请人情况", "自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计"]


def values(row: int) -> str:
    return " ".join(number(row, column) for column in range(7))


@pytest.mark.parametrize("one_line", [True, False])
@pytest.mark.parametrize("count", [2, 5, len(ROWS)])
def test_values_above_every_label(count: int, one_line: bool) -> None:
    texts = [*HEADER, *(text for r, line in enumerate(ROWS[:count]) for text in (values(r), line.label))]
    assert not reported(read(lines([" ".join(texts)] if one_line else texts)))


@pytest.mark.parametrize(
    "pieces",
    [["2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"], ["2.申请人逾期未按收费通知"]],
)
def test_the_values_of_a_row_that_lost_its_label_are_not_those_of_its_group(pieces: list[str]) -> None:
    rest = ["要求缴纳费用、行政机关不再处理其政府信息公开申请"] if len(pieces[0]) < 20 else []
    texts = ["（六）其他处理", values(1), f"{pieces[0]} {values(2)}", *rest, f"3.其他 {values(3)}"]
    found = reported(read(lines(texts)))
    assert {row for _, row, _ in found} == {"other_unpaid", "other_remaining"}


def test_values_above_the_labels_of_table_two() -> None:
    texts = ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数", "第二十条第（一）项", "183 14 780", "规章"]
    texts += ["436 480 589", "行政规范性文件", "信息内容", "本年处理决定数量", "行政许可", "57"]
    found = reported(read(lines(texts), "disclosure"), "disclosure")
    assert not {row for _, row, _ in found} & {"rules", "normative_documents"}


@pytest.mark.parametrize("zeros", [True, False])
def test_two_rows_of_table_three_are_not_table_four(zeros: bool) -> None:
    """Where a report has no table four, its other lines are searched for one: 7 values, a word and 7 more are 15."""
    shown = ["0 0 0 0 0 0 0"] * 2 if zeros else [values(19), values(20)]
    texts = [f"1.信访举报投诉类申请 {shown[0]}", f"2.重复申请 {shown[1]}"]
    tables = read(lines(texts))
    assert not reported(tables, "review")
    assert len(reported(tables)) == 14


def test_a_misprinted_label_at_the_end_may_own_the_values_above_it() -> None:
    """A label to the letter is missed where its values lack; at the very end one that is like a label is enough."""
    texts = [*HEADER, values(0), ROWS[0].label, values(1), "二、上年结转政府信息公开申请的数目"]
    assert not reported(read(lines(texts)))


def test_values_behind_a_group_leave_the_next_row_in_doubt() -> None:
    texts = ["（三）不予公开", values(0), "1.属于国家秘密", values(1), "2.其他法律行政法规禁止公开", values(2)]
    assert {row for _, row, _ in reported(read(lines(texts)))} == {"denied_by_law"}


def test_the_rest_of_a_wrapped_label_names_no_second_row() -> None:
    texts = [f"（一） {values(0)}", "予以公开", values(1)]
    tables = read(lines(texts))
    assert {row for _, row, _ in reported(tables)} == {"granted"}
    assert "label_unknown" in {issue.code for issue in tables.issues}


RESULTS = "结果维持 结果纠正 其他结果 尚未审结 总计"
PROCEDURES = "行政复议 行政诉讼 未经复议直接起诉 复议后起诉"


def test_the_last_word_of_the_header_is_no_value_of_table_four() -> None:
    """Fourteen numbers of fifteen, in a line behind their header: which one lacks cannot be told."""
    shown = " ".join(str(31 + n) for n in range(14))
    assert not reported(read(lines([f"{PROCEDURES} {RESULTS} {RESULTS} {RESULTS} {shown}"]), "review"), "review")


@pytest.mark.parametrize("header", [f"{PROCEDURES} {RESULTS}", f"{RESULTS} {PROCEDURES}"])
def test_five_values_behind_the_header_of_all_procedures_are_no_row_of_the_last(header: str) -> None:
    texts = [*header.split(), "31", "32", "33", "34", "35"]
    assert not reported(read(lines(texts), "review"), "review")


def test_five_values_behind_a_procedure_are_its_row() -> None:
    texts = [
        "四、政府信息公开行政复议、行政诉讼情况",
        RESULTS,
        "行政复议 31 32 33 34 130",
        "复议后起诉 35 36 37 38 146",
    ]
    found = reported(read(lines(texts), "review"), "review")
    assert {row for _, row, _ in found} == {"reconsideration", "litigation_after_reconsideration"} and len(found) == 10
