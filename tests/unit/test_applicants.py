"""Headers of table three that say something else than the form's: which number is whose, or that nobody can say."""

from __future__ import annotations

import pytest
from drawn import application_cells, application_grid, application_rows, cell, grid, number, read, reported

HEAD = 3
Row = list[str | tuple[str, int, int]]


def adding_up(rows: list[Row]) -> list[Row]:
    """The rows of the form with totals that are sums."""
    return [[*row[:-1], str(sum(int(str(value)) for value in row[-7:-1]))] for row in rows]


def under_too_small_a_group(rows: list[Row]) -> list[Row]:
    """The header of organisations spans four columns: its fifth name stands behind 总计."""
    head = application_grid()[:HEAD]
    head[1][1] = ("法人或其他组织", 1, 4)
    return [*head, *rows]


def test_sums_say_which_column_is_the_total_where_the_group_spans_too_few() -> None:
    rows = adding_up(application_grid()[HEAD:])
    tables = read([grid(under_too_small_a_group(rows))])
    assert cell(tables, "application", "received", "total").value == sum(int(str(v)) for v in rows[0][-7:-1])
    assert cell(tables, "application", "received", "other_organisation").raw == rows[0][-2]


def test_without_sums_nothing_says_which_column_is_the_total() -> None:
    tables = read([grid(under_too_small_a_group(application_grid()[HEAD:]))])
    assert not reported(tables)
    assert {c.status for c in tables.cells if c.table == "application"} == {"ambiguous"}


def test_names_in_another_order_are_counted_in_that_order() -> None:
    order = [0, 3, 4, 5, 2, 1, 6]
    names = ["自然人", "社会公益组织", "法律服务机构", "其他", "科研机构", "商业企业", "总计"]
    rows: list[Row] = [[("项目", 1, 3), *names]]
    rows += [[*row[:-7], *(row[-7:][n] for n in order)] for row in application_grid()[HEAD:]]
    rows[1][0] = ("一、本年新收政府信息公开申请数量", 1, 4)
    assert reported(read([grid(rows)])) == application_cells()


@pytest.mark.parametrize("place", [0, 2, 7])
def test_shares_in_a_column_of_their_own_are_left_out(place: int) -> None:
    rows = application_grid()[HEAD:]
    names: Row = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    names.insert(place, "占比")
    for n, row in enumerate(rows):
        row.insert(len(row) - 7 + place, f"{n + 3}%")
    assert reported(read([grid([[("项目", 1, 3), *names], *rows])])) == application_cells()


def test_a_remark_is_no_number_of_a_column_that_is_not_there() -> None:
    rows = application_grid()[HEAD:]
    head: Row = [("项目", 1, 3), "自然人", "商业企业", "科研机构", "社会公益组织", "其他", "总计", "备注"]
    for n, row in enumerate(rows):
        row[-3:] = [*row[-2:], "无" if n % 2 else ""]
    expected = {key: value for key, value in application_cells().items() if key[2] != "legal_service"}
    assert reported(read([grid([head, *rows])])) == expected


def test_a_row_shifted_into_a_column_of_last_year_is_in_doubt() -> None:
    rows = application_grid()
    rows[0].append(("上年总计", 3, 1))
    for n, row in enumerate(rows[HEAD:]):
        row.append(str(60 + n))
    row = rows[HEAD]
    row[-8], row[0] = "", ("一、本年新收政府信息公开申请数量", 1, 2)
    first = application_rows()[0].code
    tables = read([grid(rows)])
    assert reported(tables) == {key: value for key, value in application_cells().items() if key[1] != first}
    assert {c.status for c in tables.cells if c.row == first} == {"ambiguous"}


@pytest.mark.parametrize(("name", "place"), [("其也", 5), ("科研院所", 2)])
def test_a_column_by_another_name_between_all_the_others_is_the_one_that_is_missing(name: str, place: int) -> None:
    names: Row = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    names[place] = name
    assert reported(read([grid([[("项目", 1, 3), *names], *application_grid()[HEAD:]])])) == application_cells()


def test_a_last_column_by_another_name_is_no_total() -> None:
    names: Row = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "去年同期"]
    tables = read([grid([[("项目", 1, 3), *names], *application_grid()[HEAD:]])])
    assert not [key for key in reported(tables) if key[2] == "total"]


def test_seven_values_under_six_names_that_stand_unevenly_are_in_doubt() -> None:
    head = application_grid()[:HEAD]
    head[0][1] = ("申请人情况", 1, 5)
    head[0].append("总计")
    head[1].pop()
    head[2].insert(4, "")
    rows = application_grid()[HEAD:]
    for row in rows:
        row[-2] = ""
    tables = read([grid([*head, *rows])])
    assert not [key for key in reported(tables) if key[2] == "other_organisation"]


def test_last_years_total_is_no_total() -> None:
    rows = application_grid()
    rows[1][2] = ("上年总计", 2, 1)
    assert not [key for key in reported(read([grid(rows)])) if key[2] == "total"]


def test_an_item_marker_before_an_applicant_changes_nothing() -> None:
    rows = application_grid()
    rows[1][0], rows[1][2] = ("1.自然人", 2, 1), ("7.总计", 2, 1)
    assert reported(read([grid(rows)])) == application_cells()


def test_halves_of_names_that_contradict_the_order_of_the_form_leave_the_rows_in_doubt() -> None:
    names: Row = ["自然人", "商业", "科研", "社会公", "法律服", "其他", "总计"]
    rows = application_grid()[HEAD:]
    assert reported(read([grid([[("项目", 1, 3), *names], *rows])])) == application_cells()
    names[3], names[4] = names[4], names[3]
    assert reported(read([grid([[("项目", 1, 3), *names], *rows])])) == {}


def test_seven_values_under_six_names_in_another_order_are_not_counted_off() -> None:
    names: Row = ["自然人", "法律服务机构", "其他", "社会公益组织", "科研机构", "商业企业", ""]
    assert reported(read([grid([[("项目", 1, 3), *names], *application_grid()[HEAD:]])])) == {}


def test_a_total_moved_before_the_last_of_columns_in_another_order_is_put_back_behind_them() -> None:
    head: list[Row] = [
        [("项目", 3, 3), ("申请人情况", 1, 6)],
        [("自然人", 2, 1), ("法人或其他组织", 1, 4), ("总计", 2, 1)],
        ["其他", "法律服务机构", "商业企业", "科研机构", "社会公益组织"],
    ]
    codes = ["natural_person", "other_organisation", "legal_service", "company", "research", "public_welfare", "total"]
    rows = application_grid()[HEAD:]
    expected = {}
    for n, (row, line) in enumerate(zip(rows, application_rows(), strict=True)):
        numbers = [900 + 7 * n + k * k for k in range(6)]
        row[-7:] = [*map(str, numbers), str(sum(numbers))]
        expected.update({("application", line.code, code): str(row[k - 7]) for k, code in enumerate(codes)})
    assert reported(read([grid([*head, *rows])])) == expected


@pytest.mark.parametrize("below", [list("ABCDEFG"), list("1234567"), ["件"] * 7])
def test_a_row_of_letters_numbers_or_units_below_the_header_hides_no_order_of_columns(below: list[str]) -> None:
    rows = application_grid()[HEAD:]
    names: Row = ["自然人", "法律服务机构", "其他", "社会公益组织", "科研机构", "商业企业", "总计"]
    codes = ["natural_person", "legal_service", "other_organisation", "public_welfare", "research", "company", "total"]
    found = reported(read([grid([[("项目", 1, 3), *names], [("栏次", 1, 3), *below], *rows])]))
    assert found == {
        ("application", line.code, code): number(r, c)
        for r, line in enumerate(application_rows())
        for c, code in enumerate(codes)
    }


def test_a_second_total_by_another_name_is_a_column_of_its_own() -> None:
    rows = application_grid()
    rows[0].append(("合计", HEAD, 1))
    for n, row in enumerate(rows[HEAD:]):
        row.append(str(50000 + n))
    tables = read([grid(rows)])
    assert reported(tables) == application_cells()
    assert [issue.code for issue in tables.issues] == ["column_unknown"]


def test_a_total_below_the_last_row_is_a_row_of_its_own() -> None:
    rows = application_grid()
    rows.append([("合计", 1, 3), *(str(60000 + n) for n in range(7))])
    tables = read([grid(rows)])
    assert reported(tables) == application_cells()
    assert [issue.code for issue in tables.issues] == ["label_unknown"]
