"""One cell a line, with pipes between the cells or behind them: which lines are empty cells."""

from __future__ import annotations

import pytest
from drawn import lines

from pipelines.read.pipes import piped

LABELS = ("受理", "办结", "转出", "结转", "收费")


def words(texts: list[str]) -> list[str]:
    """The words that the lines give; an empty cell is `_`, a value `=` and its text."""
    return [("=" + text if text else "_") if value else text for value, text, _ in piped(lines(texts))]


def rows(cells: list[list[str]], pipe: str, opener: bool = False) -> list[str]:
    """A row's cells as lines: `behind` each a pipe, or `between` them, at the end of a row too, or `open` there."""
    out: list[str] = []
    for label, row in zip(LABELS, cells, strict=False):
        out += ["|"] if opener else []
        if pipe == "behind":
            out += [f"{cell} |" for cell in (label, *row)]
            continue
        pieces = [piece for cell in (label, *row) for piece in (cell, "|")]
        out += [piece for piece in (pieces[:-1] if pipe == "open" else pieces) if piece]
    return out


FULL = ["7", "8", "9"]


@pytest.mark.parametrize("pipe", ["behind", "between", "open"])
@pytest.mark.parametrize("empty", [0, 1])
def test_an_empty_cell_among_values_keeps_its_place(pipe: str, empty: int) -> None:
    gap = [*FULL[:empty], "", *FULL[empty + 1 :]]
    want = [word for label, row in zip(LABELS, [FULL, gap, FULL], strict=False) for word in (label, *row)]
    assert words(rows([FULL, gap, FULL], pipe)) == [
        "_" if not word else "=" + word if word.isdecimal() else word for word in want
    ]


@pytest.mark.parametrize("count", [2, 3, 4])
def test_a_pipe_that_opens_each_row_is_no_empty_cell(count: int) -> None:
    assert "_" not in words(rows([FULL] * count, "behind", opener=True))


def test_a_pipe_before_some_labels_alone_is_an_empty_cell_of_the_row_above() -> None:
    """Where most rows do not begin with one, it ends the row that it follows."""
    found = words(rows([["7", "8", ""], FULL, FULL, FULL], "behind"))
    assert found[:5] == ["受理", "=7", "=8", "_", "办结"] and found.count("_") == 1


def test_an_opener_before_a_value_is_an_empty_cell() -> None:
    texts = rows([FULL, FULL, FULL], "behind", opener=True)
    texts[2:2] = ["|"]
    assert words(texts)[:3] == ["受理", "_", "=7"]


def test_a_line_of_several_pipes_is_spanned() -> None:
    assert "_" not in words(["受理 |", "7 |", "| |", "8 |", "办结 |", "9 |", "6 |"])


def test_a_pipe_between_two_labels_is_no_empty_cell() -> None:
    assert "_" not in words(["结果", "|", *rows([FULL] * 5, "open")])


def test_the_last_row_may_end_in_an_empty_cell() -> None:
    assert words(rows([FULL, FULL, ["7", "8", ""]], "open"))[-4:] == ["转出", "=7", "=8", "_"]
    assert words(rows([FULL, FULL, FULL], "between"))[-1] == "=9"


def test_a_row_in_the_midst_may_end_in_an_empty_cell() -> None:
    assert words(rows([FULL, ["7", "8", ""], FULL, FULL, FULL], "open"))[4:9] == ["办结", "=7", "=8", "_", "转出"]
    assert "_" not in words(rows([FULL, FULL, FULL, FULL], "between"))


def test_nothing_stated_is_a_value_and_a_word_is_none() -> None:
    assert words(["受理 |", "无 |", "/ |", "办结 |", "8 |", "9 |"]) == ["受理", "=无", "=/", "办结", "=8", "=9"]


def test_nothing_stated_behind_a_value_does_not_end_its_row() -> None:
    """Between cells alone, where most rows are not closed: 无 is no label of a row that would begin there."""
    texts = rows([FULL, ["7", "无", "9"], FULL, FULL, FULL], "open")
    assert words(texts)[4:8] == ["办结", "=7", "=无", "=9"]
