"""Lines and fields of text, Markdown and flattened tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract import extract
from pipelines.extract.fields import closes_rows, is_rule, split_fields
from pipelines.model import Paragraph


def paragraphs(text: str) -> list[Paragraph]:
    return [block for block in extract(text.encode()).blocks if isinstance(block, Paragraph)]


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("label\t11\t12", ("label", "11", "12")),
        ("label\t\t11\t", ("label", "", "11", "")),
        ("\t\tlabel\t11", ("", "", "label", "11")),
        ("\tindented", ("indented",)),
        ("a b\t13 14", ("a b", "13 14")),
        ("a | 15 | 16", ("a", "15", "16")),
        ("| a | 17 | |", ("a", "17", "")),
        ("a |", ("a",)),
        ('"a"\t"15"\t"b"c"', ("a", "15", '"b"c"')),
        ("a | 15 | \u3000", ("a", "15", "")),
        ("| a", ("a",)),
        ("|", ("",)),
        ("|||", ("", "")),
        (" | |||", ("", "", "")),
        ("a || 18", ("a", "", "18")),
        (r"a \| b | 19", ("a | b", "19")),
        ("a｜20｜21", ("a", "20", "21")),
        ("a  22   23", ("a", "22", "23")),
        ("a\u3000\u300024", ("a", "24")),
        ("a\u3000b", ("a\u3000b",)),
        ("    a 25 26", ("a 25 26",)),
        ("a 27", ("a 27",)),
    ],
)
def test_fields(line: str, fields: tuple[str, ...]) -> None:
    assert split_fields(line) == fields


@pytest.mark.parametrize(
    "line", ["|---|---|", "| :--- | ---: |", "|:-:|:-:|", "+-----+----+", "--- | ---", "├───┼───┤", "┌──────┐"]
)
def test_lines_that_only_draw(line: str) -> None:
    assert is_rule(line)


@pytest.mark.parametrize("line", ["| - | - |", "|--|--|", "---", "- a | b", "a | --- |", "│ ─ │ ─ │", "─"])
def test_lines_that_say_something(line: str) -> None:
    assert not is_rule(line)


@given(st.lists(st.text("ab1 ", max_size=4).map(str.strip), min_size=2, max_size=8))
def test_pipes_and_tabs_give_back_what_was_joined(fields: list[str]) -> None:
    assert split_fields("| " + " | ".join(fields) + " |") == tuple(fields)
    if fields[0]:
        assert split_fields("\t".join(fields)) == tuple(fields)


def test_lines_keep_their_numbers_and_blank_ones_are_dropped() -> None:
    found = paragraphs("# title\n\n  one\r\n\r\n|---|---|\n| a | 31 |\n\f\ntwo")
    assert [(p.index, p.text) for p in found] == [(0, "# title"), (2, "one"), (5, "| a | 31 |"), (7, "two")]
    assert [p.heading for p in found] == [True, False, False, False]
    assert [p.page_break for p in found] == [False, False, False, True]


def test_remnants_of_markup_are_left_to_the_letter() -> None:
    found = paragraphs('7pt; ">a county\nwith <a format> named\nand a</span> rest &nbsp; of it\n32 letters')
    assert [p.text for p in found][:2] == ['7pt; ">a county', "with <a format> named"]


def test_zero_width_characters_and_no_break_spaces() -> None:
    (found,) = paragraphs("a\u200b\u00a0\u00a033\ufeff")
    assert found.fields == ("a", "33")


def test_upright_lines_of_a_drawn_box_part_fields() -> None:
    (line,) = paragraphs("│ a │ 31 │  │")
    assert line.fields == ("a", "31", "")
    assert line.text == "| a | 31 |  |"


@pytest.mark.parametrize(
    ("rows", "last"),
    [
        (["a | 1 | 2", "b | 3 | 4", "c | 5 | 6", "d | 7 | 8", "e | 9 |"], ("e", "9", "")),
        (["a | 1 | 2 |", "b | 3 | 4 |", "e | 9 |"], ("e", "9")),
        (["| a | 1 | 2", "| b | 3 | 4", "e | 9 |"], ("e", "9", "")),
        ([" | a | 1 | 2", " | b | 3 | 4", " |  | e | 9 | "], ("", "e", "9", "")),
        (["a | 1 |", "e | 9 |"], ("e", "9")),
    ],
)
def test_a_pipe_at_the_end_closes_a_row_unless_other_rows_have_none(rows: list[str], last: tuple[str, ...]) -> None:
    assert paragraphs("\n".join(rows))[-1].fields == last


def test_a_line_that_begins_with_a_pipe_is_closed_by_one() -> None:
    assert split_fields("| a | 1 |", closed=False) == ("a", "1")
    assert not closes_rows(["a | 1 | 2"]) and closes_rows(["no table here"])


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("**规章** | **12** | 3", "规章 | 12 | 3"),
        ("**规章;12;3**", "规章;12;3"),
        ("****县水利局", "****县水利局"),
        ("**县**局 2 ** 3", "县局 2 ** 3"),
        ("** 12 **", "** 12 **"),
    ],
)
def test_marks_of_bold_print_are_left_out_and_masks_stay(line: str, shown: str) -> None:
    assert paragraphs(f"{line}\n")[0].text == shown


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028", "\u2029", "\a", "\r\a"])
def test_lines_end_as_their_writer_ends_them(end: str) -> None:
    assert [p.text for p in paragraphs(end.join(["规章", "12", "34", "56"]) + end)] == ["规章", "12", "34", "56"]


@pytest.mark.parametrize("mark", ["\x0b", "\x85", "\u2028"])
def test_a_rarer_mark_breaks_a_line_within_its_cell(mark: str) -> None:
    found = paragraphs(f"行政{mark}许可\t12\n行政处罚\t34\n行政强制\t56\n")
    assert found[0].fields == ("行政 许可", "12")


@pytest.mark.parametrize("space", ["\u00a0", "\u2009", "\u202f"])
def test_unbroken_spaces_of_thousands_alone_are_left_out(space: str) -> None:
    assert paragraphs(f"规章 1{space}234 56{space}789{space}012")[0].text == "规章 1234 56789012"
    assert paragraphs(f"规章 1{space}234 56{space}78")[0].text == "规章 1 234 56 78"
    assert paragraphs(f"规章 0{space}234 56")[0].text == "规章 0 234 56"


@pytest.mark.parametrize("mark", "\u200b\u202a\u2066\ufe0f\u00ad\ufeff")
def test_characters_without_width_part_nothing(mark: str) -> None:
    assert paragraphs(f"规{mark}章\t1{mark}2\t3{mark}")[0].fields == ("规章", "12", "3")
