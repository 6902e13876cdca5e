"""Texts that hold more than a table's rows, or rows that only look whole: read right, or doubted."""

from __future__ import annotations

import random
import re

import pytest
from drawn import LABELS, REVIEW_CODES, application_cells, application_rows, cell, lines, number, read, reported

from pipelines.extract import extract
from pipelines.model import Paragraph
from pipelines.read.captions import lines_of_year
from pipelines.read.tables import Tables

RECEIVED, CARRIED = "一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量"
ISSUED = ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]


def states(tables: Tables, row: str) -> list[str]:
    return [str(c.value) if c.status == "reported" else c.status for c in tables.cells if c.row == row]


def extracted(text: str) -> list[Paragraph]:
    return [block for block in extract(text.encode()).blocks if isinstance(block, Paragraph)]


def table_three(values: int = 7) -> list[str]:
    return [
        f"{line.label} " + " ".join(number(r, c) for c in range(values)) for r, line in enumerate(application_rows())
    ]


# -------------------------------------------------------------------- lines
def test_a_table_with_rules_between_its_rows_is_read_cell_by_cell() -> None:
    rows = [("label", "begun", "31"), ("another", "", "42"), ("third", "", "53"), ("last", "", "64")]
    rule = "+-----+----+"
    text = [rule]
    for first, rest, value in rows:
        text += [f"| {first} | {value} |", *([f"| {rest} |  |"] if rest else []), rule]
    assert [p.fields for p in extracted("\n".join(text))] == [(a + b, c) for a, b, c in rows]


@pytest.mark.parametrize("second", ["32", "+5"])
def test_lines_between_two_rules_with_a_number_each_are_rows(second: str) -> None:
    rule = "+---+---+"
    rows = [rule, "| a | 1 |", rule, "| b | 31 |", f"| c | {second} |", rule, "| d | 4 |", rule, "| e | 5 |", rule]
    assert ("c", second) in [p.fields for p in extracted("\n".join(rows))]


def test_a_table_with_a_rule_under_its_head_alone_keeps_its_lines() -> None:
    rows = ["+---+---+", "| a | b |", "+===+===+", "| c |  |", "| d | 4 |", "+---+---+"]
    assert [p.fields for p in extracted("\n".join(rows))] == [("a", "b"), ("c", ""), ("d", "4")]


@pytest.mark.parametrize("style", ["{:6d}\t{}", "{}: {}", "{:4d}  {}"])
def test_numbers_that_a_tool_put_before_every_line_are_left_out(style: str) -> None:
    rows = [f"row {n} {n * 7 + 3}" for n in range(25)]
    found = extracted("\n".join(style.format(n, row) for n, row in enumerate(rows, 1)))
    assert [p.text for p in found] == rows


@pytest.mark.parametrize("spoil", [(9, "a line without a number"), (9, "77\tx"), (slice(0, 10), "1\tfew")])
def test_numbers_that_do_not_count_every_line_stay(spoil: tuple[int | slice, str]) -> None:
    rows = [f"{n}\trow {n * 7 + 3}" for n in range(1, 26)]
    at, text = spoil
    rows = rows[at] if isinstance(at, slice) else [*rows[:at], text, *rows[at:]]
    assert extracted("\n".join(rows))[0].text == "1\trow 10"


def test_tabs_around_pipes_part_nothing() -> None:
    assert extracted("label\t|\t-\t|\t18\t|\t")[0].fields == ("label", "-", "18")


@pytest.mark.parametrize("line", ["  -------  ---------  --", "=====", "+=====+===+"])
def test_dashes_alone_only_draw(line: str) -> None:
    assert [p.text for p in extracted(f"a 1\n{line}\nb 2")] == ["a 1", "b 2"]


# -------------------------------------------------------------------- marks between lines
@pytest.mark.parametrize("mark", ["- ", "> ", "* "])
def test_a_mark_before_every_line_is_no_value(mark: str) -> None:
    shape = table_three()
    shape[0] = shape[0].rpartition(" ")[0]
    tables = read(lines([mark + line for line in shape]))
    assert set(states(tables, "received")) == {"ambiguous"}
    assert states(tables, "carried_in") == [number(1, c) for c in range(7)]


@pytest.mark.parametrize("mark", ["续表", "（续上表）", "Page 3 of 12", "第3页/共12页", "P3"])
def test_what_says_that_a_table_goes_on_is_no_value(mark: str) -> None:
    numbers = [str(60 + 7 * i) for i in range(15)]
    header = ["行政复议", "行政诉讼", "未经复议直接起诉", "复议后起诉", *["结果维持", "结果纠正", "总计"] * 3]
    whole = read(lines([*header, *numbers[:8], mark, *numbers[8:]]), "review")
    assert list(reported(whole, "review").values()) == numbers
    assert not reported(read(lines([*header, *numbers[:8], mark, *numbers[9:]]), "review"), "review")


def test_a_header_of_the_columns_numbers_is_no_row_of_values() -> None:
    rows = ["| 0 | 1 | 2 | 3 | 4 | 5 |", "|  | 结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计 |"]
    rows += ["| 行政复议 | 1 | 12 | 23 | 34 | 70 |"]
    assert list(reported(read(lines(rows), "review"), "review").values()) == ["1", "12", "23", "34", "70"]


# -------------------------------------------------------------------- values
def test_a_label_that_runs_into_its_first_number() -> None:
    shape = [line.replace(" ", "", 1) for line in table_three()]
    assert reported(read(lines(shape))) == application_cells()


def test_a_glued_number_with_too_few_behind_it_is_not_parted() -> None:
    rows = [" ".join(ISSUED), "规章12 3", "行政规范性文件 41 52 63"]
    tables = read(lines(rows), "disclosure")
    assert states(tables, "rules") == ["missing"] * 3
    assert "label_unknown" in [issue.code for issue in tables.issues]


def test_glued_digits_are_one_number_where_other_rows_part_theirs_by_spaces() -> None:
    rows = ["信息内容采购项目数量采购总金额", "政府集中采购82"]
    assert states(read(lines(rows), "disclosure", 2019), "procurement") == ["8", "2"]
    rows = ["信息内容上一年项目数量本年增/减", "行政事业性收费15 6", *rows]
    tables = read(lines(rows), "disclosure", 2019)
    assert states(tables, "fees") == ["15", "6"]
    assert states(tables, "procurement") == ["missing"] * 2


def test_five_values_under_results_that_are_named_twice_are_of_no_one_procedure() -> None:
    results = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    once = read(lines(["行政复议", *results, "9 8 7 6 30"]), "review")
    assert len(reported(once, "review")) == 5
    assert not reported(read(lines(["行政复议", *results, *results, "9 8 7 6 30"]), "review"), "review")


@pytest.mark.parametrize(("digits", "placed"), [("1234560", False), ("0000000", True), ("1110003", True)])
def test_glued_numbers_of_table_three_must_add_up(digits: str, placed: bool) -> None:
    got = states(read(lines([f"{RECEIVED}{digits}"])), "received")
    assert got == (list(digits) if placed else ["missing"] * 7)


@pytest.mark.parametrize("other", ["5 17", "16 42", "1605"])
def test_a_space_parts_two_numbers_where_the_table_writes_its_thousands_without(other: str) -> None:
    rows = ["\t".join(ISSUED), "规章\t99 263\t12\t37", f"行政规范性文件\t{other}\t52\t63"]
    tables = read(lines(rows), "disclosure")
    assert states(tables, "rules") == ["unreadable", "12", "37"]


def test_a_blank_beside_a_number_in_one_field_is_one_of_two_values() -> None:
    rows = ["\t".join(ISSUED), "规章\t&nbsp; 284\t5 17\t37", "行政规范性文件\t41 2\t52 3\t63 4"]
    assert states(read(lines(rows), "disclosure"), "rules") == ["unreadable", "unreadable", "37"]


def test_a_space_of_thousands_is_one_where_all_are_written_so() -> None:
    rows = ["\t".join(ISSUED), "规章\t99 263\t12\t37", "行政规范性文件\t1 605\t52\t63"]
    assert states(read(lines(rows), "disclosure"), "rules") == ["99263", "12", "37"]


@pytest.mark.parametrize("text", ["{} 31 &nbsp; 12 13 14 15 16", "{}\n31\n&nbsp;\n12\n13\n14\n15\n16"])
def test_a_blank_spelled_out_is_a_value_of_its_row(text: str) -> None:
    rows = [*text.format(RECEIVED).split("\n"), "5", f"{CARRIED} 1 2 3 4 5 6 21"]
    tables = read(lines(rows))
    assert set(states(tables, "received")) == {"ambiguous"}
    assert states(tables, "carried_in") == ["1", "2", "3", "4", "5", "6", "21"]


def test_none_at_the_beginning_of_a_row_is_a_value_behind_half_a_label() -> None:
    shape = ["5.要求行政机关确认或重新出 无 无 14 9 33 51 986", "具已获取信息"]
    got = states(read(lines([*table_three()[:17], *shape])), "rejected_confirmation")
    assert got == ["not_applicable"] * 2 + ["14", "9", "33", "51", "986"]


def test_a_numeral_alone_behind_six_figures_is_no_value() -> None:
    """The first letter of 三、本年度办理结果, whose other letters stand further down."""
    rows = ["7.属于行政执法案卷 79 46 64 99 96 37", "三 8.属于行政查询事项 56 462 115 32 12 7 684"]
    assert set(states(read(lines(rows)), "denied_enforcement_file")) == {"ambiguous"}


def test_a_note_that_closes_on_another_line_leaves_its_row_in_doubt() -> None:
    rows = [" ".join(ISSUED), "行政规范性文件 827（其中：重复申请4件", "8424 424 ）"]
    assert not reported(read(lines(rows), "disclosure"), "disclosure")


def test_a_table_with_a_column_more_trusts_no_row_that_lacks_a_value() -> None:
    shape = [f"{line} 5{r}" for r, line in enumerate(table_three())]
    shape[4] = shape[4].rpartition(" ")[0]
    assert reported(read(lines(shape))) == {}


def test_a_table_with_a_column_less_trusts_no_row_with_a_number_too_many() -> None:
    shape = table_three(values=6)
    shape[4] += " 33"
    assert reported(read(lines(shape))) == {}


def test_rows_that_lost_their_blanks_do_not_narrow_the_table() -> None:
    shape = [line.rsplit(" ", 1 + r % 3)[0] if r % 4 else line for r, line in enumerate(table_three())]
    rows = [line.code for r, line in enumerate(application_rows()) if r % 4 == 0]
    assert reported(read(lines(shape))) == {k: v for k, v in application_cells().items() if k[1] in rows}


@pytest.mark.parametrize("at", [0, 1, 2])
def test_values_at_a_groups_label_near_its_own_rows_are_in_doubt(at: int) -> None:
    shape = table_three()
    first = next(r for r, line in enumerate(application_rows()) if line.code == "other_uncorrected")
    shape[first + at] = f"（六）其他处理 {shape[first + at].partition(' ')[2]}"
    got = reported(read(lines(shape)))
    row = application_rows()[first + at].code
    assert got == {k: v for k, v in application_cells().items() if k[1] != row}


@pytest.mark.parametrize("tail", ["43%", "（五）不予处理", "2.重复申请"])
def test_a_share_or_the_next_label_behind_six_numbers_is_no_seventh(tail: str) -> None:
    rows = [f"{RECEIVED}  31  12  13  14  15  16  {tail}", f"{CARRIED}  1  2  3  4  5  6  待核实"]
    tables = read(lines(rows))
    assert set(states(tables, "received")) == {"ambiguous"}
    assert states(tables, "carried_in") == ["1", "2", "3", "4", "5", "6", "unreadable"]


@pytest.mark.parametrize(("at", "placed"), [((1, 3, 5), False), ((0, 2, 9), True), ((0, 1, 2), False)])
def test_blanks_of_table_four_keep_their_places_between_the_first_and_the_last_field(
    at: tuple[int, ...], placed: bool
) -> None:
    header = "\t".join(["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 3)
    fields = [str(31 + 7 * i) if i in at else "" for i in range(15)]
    found = reported(read(lines([header, "\t".join(fields)]), "review"), "review")
    assert found == ({("review", *REVIEW_CODES[i]): fields[i] for i in at} if placed else {})


# -------------------------------------------------------------------- lines that are not this table's
def test_lines_in_no_order_are_trusted_only_where_label_and_values_share_one() -> None:
    shape = table_three()
    label, _, values = shape[7].partition(" ")
    torn = [line for n, line in enumerate(shape) if n != 7] + [label, values]
    random.Random(5).shuffle(torn)
    torn.remove(values)
    torn.insert(torn.index(label) + 1, values)
    got = reported(read(lines(torn)))
    row = application_rows()[7].code
    assert got == {k: v for k, v in application_cells().items() if k[1] != row}


@pytest.mark.parametrize("order", [("2022年情况", "2023年情况"), ("表2 2022年度统计表", "表3 2023年度统计表")])
def test_another_years_table_beside_this_years_is_left_out(order: tuple[str, str]) -> None:
    own = table_three()
    before = [line.replace("1", "7") for line in own]
    for text in ([order[0], *before, order[1], *own], [order[1], *own, order[0], *before]):
        assert reported(read(lines(text))) == application_cells()


def test_a_caption_with_another_year_over_the_only_table_is_a_misprint() -> None:
    assert reported(read(lines(["2022年情况", *table_three()]))) == application_cells()


def test_a_date_and_a_title_are_no_captions() -> None:
    text = lines(["2024年1月20日", "某局2022年政府信息公开年度报告", *table_three()])
    assert lines_of_year(text, 2023, "application", LABELS) == text


def test_labels_of_columns_behind_those_of_rows_head_none() -> None:
    rows = ["行政许可", "行政处罚", "3", "行政强制", "行政事业性收费", "本年处理决定数量", "11", "12"]
    tables = read(lines(rows), "disclosure")
    assert reported(tables, "disclosure") == {}
    assert "header_missing" in [issue.code for issue in tables.issues]
    assert str(cell(read(lines(rows[1:3]), "disclosure"), "disclosure", "penalty", "decisions").value) == "3"


def test_a_number_and_its_unit_are_one_value_with_a_space_between_them() -> None:
    shape = [re.sub(r"(?<= )(\d+)", r"\1 件", line) for line in table_three()]
    assert any(" 件" in line for line in shape)
    assert reported(read(lines(shape))) == application_cells()
