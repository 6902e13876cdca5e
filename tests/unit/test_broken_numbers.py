"""Numbers that their narrow cells break over lines, and page breaks through them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drawn import application_cells, application_grid, cell, grid, read, reported
from pdf_made import made, ruled
from reportlab.pdfgen.canvas import Canvas

from pipelines.extract.pdf import read_pdf
from pipelines.model import Grid

XS = (40.0, 140.0, 158.0, 176.0)


def texts(rows: list[tuple[str, str, str]], xs: tuple[float, ...] = XS) -> list[list[str]]:
    """The cells of a ruled table with these rows, as they are read."""
    tops = [60.0 + 40 * i for i in range(len(rows) + 1)]
    cells = [(r, c, 1, 1, words) for r, row in enumerate(rows) for c, words in enumerate(row)]

    def draw(canvas: Canvas) -> None:
        ruled(canvas, xs, tops, cells)

    (found,) = (block for block in read_pdf(made(draw)).blocks if isinstance(block, Grid))
    return [[c.text for c in found.cells if c.row == r] for r in range(found.row_count)]


def test_a_column_one_digit_wide_breaks_a_number_after_each_digit() -> None:
    rows = [("one", "１\n９", "４"), ("two", "7\n0\n3", "8")]
    assert texts(rows) == [["one", "１９", "４"], ["two", "703", "8"]]


def test_a_row_that_is_named_on_one_line_is_one_row() -> None:
    rows = [("one", "21\n76", "-\n6"), ("two", "3", "8")]
    assert texts(rows, (40.0, 140.0, 164.0, 182.0)) == [["one", "2176", "-6"], ["two", "3", "8"]]


def test_two_numbers_in_a_wide_cell_stay_two() -> None:
    assert texts([("one", "１\n９", "４")], (40.0, 140.0, 190.0, 240.0))[0][1] == "１\n９"


def test_rows_without_a_rule_between_stay_two_numbers() -> None:
    assert texts([("one\ntwo", "1\n9", "3\n4")])[0][1:] == ["1\n9", "3\n4"]


@pytest.mark.parametrize(("rest", "joined"), [("5", True), ("5\n6", False)])
def test_the_rest_of_a_number_overleaf_is_joined_or_told(rest: str, joined: bool) -> None:
    rows = application_grid()
    rows[5][0] = ("三、本年度办理结果", 25, 1)
    rows.insert(6, ["", "", rest, *[""] * 6])
    drawn = grid(rows)
    tables = read([replace(drawn, cells=tuple(replace(c, page=1 if c.row < 6 else 2) for c in drawn.cells))])
    key = ("application", "granted", "natural_person")
    want = application_cells()
    if joined:
        assert reported(tables) == {**want, key: want[key] + rest}
    else:
        assert cell(tables, *key).status == "unreadable"
        assert reported(tables) == {k: v for k, v in want.items() if k != key}


def test_the_rest_of_a_row_without_a_place_is_told() -> None:
    rows = application_grid()
    rows.insert(5, [("", 1, 3), "5\n6", *[""] * 6])
    tables = read([grid(rows)])
    assert [issue.code for issue in tables.issues] == ["label_unknown"]
