"""Tables three and four that agencies drew otherwise than the form: cut, turned, with columns more or fewer."""

from __future__ import annotations

import pytest
from drawn import (
    REVIEW_CODES,
    application_cells,
    application_grid,
    application_rows,
    cell,
    grid,
    number,
    read,
    reported,
)

HEAD = 3
Row = list[str | tuple[str, int, int]]


def columns_kept(first: int, last: int, form: str = "2021") -> list[Row]:
    """Table three with only those of its seven columns, under headers of one row."""
    names = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    rows: list[Row] = [[("项目", 1, 3), *names[first:last]]]
    for row in application_grid(form)[HEAD:]:
        rows.append([*row[:-7], *row[-7:][first:last]])
    return rows


def without(*codes: str) -> dict[tuple[str, str, str], str]:
    return {key: value for key, value in application_cells().items() if key[2] not in codes}


def test_a_table_without_totals_gives_what_it_has() -> None:
    tables = read([grid(columns_kept(0, 6))])
    assert reported(tables) == without("total")
    assert {c.status for c in tables.cells if c.column == "total"} == {"missing"}
    assert [issue.code for issue in tables.issues] == ["column_missing"]


def test_a_lost_cell_in_a_table_without_totals_leaves_its_row_in_doubt() -> None:
    rows = columns_kept(0, 6)
    rows[3].remove(number(2, 4))
    tables = read([grid(rows)])
    assert {c.status for c in tables.cells if c.row == "granted"} == {"ambiguous"}
    assert reported(tables) == {key: v for key, v in without("total").items() if key[1] != "granted"}


def test_a_label_in_the_first_row_of_the_next_page_is_no_header() -> None:
    rows = application_grid()
    at = next(i for i, row in enumerate(rows) if ("3.其他", 1, 1) in row)
    rest: list[Row] = [["", "其他", "", *[""] * 7], ["", "总计", "", *[""] * 7]]
    rest += [["", "", *row] if len(row) == 8 else row for row in rows[at:]]
    rest[-1][-7] = ""
    tables = read([grid(rows[:at], 0), grid(rest, 1)])
    blank = ("application", "carried_out", "natural_person")
    assert reported(tables) == {key: value for key, value in application_cells().items() if key != blank}
    assert cell(tables, *blank).status == "blank"


def test_a_table_cut_into_a_left_and_a_right_half_is_one() -> None:
    tables = read([grid(columns_kept(0, 4), 0), grid(columns_kept(4, 7), 1)])
    assert reported(tables) == application_cells()


def test_a_number_under_a_header_that_is_no_label_leaves_the_row_in_doubt() -> None:
    rows = columns_kept(1, 7)
    rows[0][-1] = "全部"
    tables = read([grid(rows)])
    assert not reported(tables)
    assert {c.status for c in tables.cells if c.row == "granted"} == {"ambiguous"}


@pytest.mark.parametrize("header", ["上年总计", "上年数", "比上年增减"])
def test_a_column_of_the_year_before_is_left_out_with_an_issue(header: str) -> None:
    rows = application_grid()
    rows[0].append((header, 3, 1))
    for r, row in enumerate(rows[HEAD:]):
        row.append(str(60 + r))
    tables = read([grid(rows)])
    assert reported(tables) == application_cells()
    assert [(i.code, header in i.message) for i in tables.issues] == [("column_unknown", True)]


def test_totals_may_stand_first() -> None:
    rows: list[Row] = [
        [("项目", 1, 3), "总计", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
    ]
    rows += [[*row[:-7], row[-1], *row[-7:-1]] for row in application_grid()[HEAD:]]
    assert reported(read([grid(rows)])) == application_cells()


def test_every_row_with_the_same_empty_cell_ahead_shows_where_its_blanks_stand() -> None:
    rows = application_grid()
    for row in rows[HEAD:]:
        row.insert(len(row) - 7, "")
    rows[8][-5] = ""
    tables = read([grid(rows)])
    blank = ("application", "denied_by_law", "research")
    assert cell(tables, *blank).status == "blank"
    assert reported(tables) == {key: value for key, value in application_cells().items() if key != blank}


def test_rows_that_differ_in_their_empty_cells_leave_a_row_with_a_blank_in_doubt() -> None:
    rows = application_grid()
    for at, row in enumerate(rows[HEAD:]):
        row.insert(len(row) - 7 if at % 2 else len(row), "")
    rows[8][-1] = ""
    doubtful = {c.row for c in read([grid(rows)]).cells if c.status == "ambiguous"}
    assert doubtful == {"denied_by_law"}


def test_a_number_where_other_rows_have_an_empty_cell_leaves_its_row_in_doubt() -> None:
    rows = application_grid()
    for row in rows[HEAD:]:
        row.insert(len(row) - 7, "")
    rows[8][-8], rows[8][-3], rows[8][-4] = "7", "", ""
    doubtful = {c.row for c in read([grid(rows)]).cells if c.status == "ambiguous"}
    assert doubtful == {"denied_by_law"}


def test_group_and_item_may_share_one_cell() -> None:
    rows: list[Row] = [["项目", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]]
    for r, line in enumerate(application_rows()):
        rows.append(["".join((*line.groups[:2], line.label)), *(number(r, c) for c in range(7))])
    assert reported(read([grid(rows)])) == application_cells()


def test_an_unnumbered_other_behind_the_fifth_group_is_the_sixth_as_one_row() -> None:
    rows = application_grid("2019")
    at = next(i for i, row in enumerate(rows) if ("（六）其他处理", 1, 2) in row)
    rows[at][0] = ("其他", 1, 2)
    tables = read([grid(rows)], year=2020)
    assert reported(tables) == application_cells("2019")
    assert {c.form for c in tables.cells if c.row == "other"} == {"2019"}


def test_an_unnumbered_other_behind_unknown_rows_is_not_guessed() -> None:
    rows = application_grid()
    at = next(i for i, row in enumerate(rows) if ("3.其他", 1, 1) in row)
    rows[at - 2][1], rows[at - 1][0], rows[at][0] = ("未知甲", 1, 1), ("未知乙", 1, 1), ("其他", 1, 1)
    rows[at - 2][0] = ("", 3, 1)
    tables = read([grid(rows)])
    assert not [c for c in tables.cells if c.row in ("other", "other_remaining") and c.status == "reported"]


def turned(rows: list[Row]) -> list[Row]:
    """The same table with rows and columns exchanged."""
    drawn = grid(rows)
    sides: list[Row] = [[] for _ in range(drawn.column_count)]
    for one in sorted(drawn.cells, key=lambda c: c.row):
        sides[one.column].append((one.text, one.column_span, one.row_span))
    return sides


def test_table_three_on_its_side_is_set_upright_and_keeps_its_places() -> None:
    tables = read([grid(turned(application_grid()))])
    assert reported(tables) == application_cells()
    place = cell(tables, "application", "granted", "company").place
    assert place is not None
    assert (place.row, place.column) == (4, 5)


def test_table_four_with_results_as_rows() -> None:
    rows: list[Row] = [
        [("", 2, 1), ("行政复议", 2, 1), ("行政诉讼", 1, 2)],
        ["未经复议直接起诉", "复议后起诉"],
    ]
    results = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    rows += [[name, *(str(31 + 5 * p + r) for p in range(3))] for r, name in enumerate(results)]
    found = reported(read([grid(rows)], "review"), "review")
    assert found == {("review", *code): str(31 + n) for n, code in enumerate(REVIEW_CODES)}


def test_table_four_with_lawsuits_in_two_cells() -> None:
    rows: list[Row] = [
        [("类别", 1, 2), "结果维持", "结果纠正", "其他结果", "尚未审结", "总计"],
        [("行政复议", 1, 2), *map(str, range(31, 36))],
        [("行政诉讼", 2, 1), "未经复议直接起诉", *map(str, range(36, 41))],
        ["复议后起诉", *map(str, range(41, 46))],
    ]
    found = reported(read([grid(rows)], "review"), "review")
    assert found == {("review", *code): str(31 + n) for n, code in enumerate(REVIEW_CODES)}


def test_a_row_shifted_beyond_its_headers_is_not_read_under_them() -> None:
    rows = application_grid()
    for row in rows[HEAD:]:
        row.insert(len(row) - 7, "")
        row[-1] = "/"
    rows[6][-2] = ""
    tables = read([grid(rows)])
    given = reported(tables)
    assert {key: value for key, value in given.items() if application_cells()[key] != value} == {}
    assert {c.status for c in tables.cells if c.column == "total" and c.row == "granted"} == {"not_applicable"}


def test_a_row_of_two_words_under_table_four_is_no_procedure() -> None:
    rows: list[Row] = [
        [("类别", 1, 2), "结果维持", "结果纠正", "其他结果", "尚未审结", "总计"],
        [("行政复议", 1, 2), *map(str, range(51, 56))],
        ["其中", "上年结转", *map(str, range(61, 66))],
    ]
    tables = read([grid(rows)], "review")
    assert {key[1]: value for key, value in reported(tables, "review").items() if key[2] == "total"} == {
        "reconsideration": "55"
    }
    assert "label_unknown" in {issue.code for issue in tables.issues}


def test_a_table_on_its_side_with_a_shifted_row_is_not_read() -> None:
    rows: list[Row] = [["", "行政复议", "未经复议直接起诉", "复议后起诉"]]
    results = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    rows += [[name, *(str(31 + 5 * p + r) for p in range(3))] for r, name in enumerate(results)]
    rows[4][0] = ("尚未审结", 1, 2)
    tables = read([grid(rows)], "review")
    assert not reported(tables, "review")
    assert [issue.code for issue in tables.issues] == ["table_unknown", "row_unread"]


def test_table_three_on_its_side_with_its_totals_shifted_is_not_read() -> None:
    rows = turned(application_grid())
    at = next(n for n, row in enumerate(rows) if row[0] == ("总计", 1, 2) or row[0] == ("总计", 2, 1))
    rows[at][0] = ("总计", 1, 3)
    tables = read([grid(rows)])
    assert not reported(tables)
    assert "table_unknown" in {issue.code for issue in tables.issues}


def test_fifteen_numbers_under_shifted_names_go_by_their_order() -> None:
    results: Row = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    rows: list[Row] = [[("行政复议", 1, 5), ("未经复议直接起诉", 1, 5), ("复议后起诉", 1, 5)]]
    rows += [[*results[:4], ("总计", 1, 2), *results, *results], [str(31 + n) for n in range(15)]]
    found = reported(read([grid(rows)], "review"), "review")
    assert found == {("review", *code): str(31 + n) for n, code in enumerate(REVIEW_CODES)}


def test_a_header_of_table_four_that_is_shifted_over_its_rows_leaves_a_row_in_doubt() -> None:
    rows: list[Row] = [
        ["类别", "结果维持", "结果纠正", "其他结果", "尚未审结", "总计"],
        [("行政复议", 1, 2), *map(str, range(51, 56))],
        [("行政诉讼", 2, 1), "未经复议直接起诉", *map(str, range(61, 66))],
        ["复议后起诉", "71", "72", "73", "74", ""],
    ]
    found = reported(read([grid(rows)], "review"), "review")
    assert not [key for key in found if key[1] == "litigation_after_reconsideration"]


def test_a_wide_header_of_table_four_moves_no_numbers_from_one_procedure_to_the_next() -> None:
    rows: list[Row] = [
        [("行政诉讼", 1, 10)],
        [("未经复议直接起诉", 1, 5), ("复议后起诉", 1, 5)],
        ["结果维持", "结果纠正", "其他结果", "尚未审结", ("总计", 1, 2)],
        [*map(str, range(61, 66)), "/", *map(str, range(72, 76))],
    ]
    rows[2] += ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    found = reported(read([grid(rows)], "review"), "review")
    assert {found.get(("review", "litigation_after_reconsideration", "corrected"))} <= {None, "72"}


def test_a_row_of_table_four_that_was_broken_in_two_is_in_doubt() -> None:
    results: Row = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    head: list[Row] = [[("行政复议", 1, 5), ("未经复议直接起诉", 1, 5), ("复议后起诉", 1, 5)], results * 3]
    numbers: Row = [str(31 + n) for n in range(15)]
    empty: Row = [""] * 15
    assert len(reported(read([grid([*head, empty, numbers])], "review"), "review")) == 15
    assert not reported(read([grid([*head, numbers[:5], numbers[5:]])], "review"), "review")
