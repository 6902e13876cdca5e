"""No number of a table that is read is dropped without a word, and no row that is printed goes missing without one."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from drawn import application_cells, application_grid, application_rows, grid, number, read, reported

from pipelines.read.tables import Tables

Row = list[str | tuple[str, int, int]]
HEAD = 3
DISCLOSURE: list[Row] = [
    ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
    ["规章", "11", "12", "13"],
    ["行政规范性文件", "14", "15", "16"],
    ["信息内容", ("本年处理决定数量", 1, 3)],
    ["行政许可", ("17", 1, 3)],
    ["行政处罚", ("18", 1, 3)],
    ["行政强制", ("19", 1, 3)],
]
DISCLOSED = {
    ("disclosure", row, column): value
    for row, cells in {
        "rules": {"issued": "11", "repealed": "12", "in_force": "13"},
        "normative_documents": {"issued": "14", "repealed": "15", "in_force": "16"},
        "licensing": {"decisions": "17"},
        "penalty": {"decisions": "18"},
        "coercion": {"decisions": "19"},
    }.items()
    for column, value in cells.items()
}


def joined(rows: Sequence[Row], *at: int) -> list[Row]:
    """The rows, those at these places without what parts them from the row above."""
    result: list[Row] = []
    for n, row in enumerate(rows):
        if n in at:
            result[-1] = [*result[-1], *row]
        else:
            result.append(list(row))
    return result


def told(tables: Tables) -> str:
    return "\n".join(issue.message for issue in tables.issues)


@pytest.mark.parametrize("at", [(4,), (6,), (9,), (10, 11), (3,), (14, 20, 27), (30,)])
def test_rows_run_together_are_read_line_by_line(at: tuple[int, ...]) -> None:
    tables = read([grid(joined(application_grid(), *at))])
    assert reported(tables) == application_cells()


@pytest.mark.parametrize("at", [(1,), (2,), (3,), (4,), (5, 6), (1, 2, 3, 4, 5, 6)])
def test_rows_of_table_two_run_together_are_read_line_by_line(at: tuple[int, ...]) -> None:
    tables = read([grid(joined(DISCLOSURE, *at))], "disclosure")
    assert reported(tables, "disclosure") == DISCLOSED


def test_rows_whose_labels_name_their_groups_too_are_parted() -> None:
    rows = application_grid()
    flat: list[Row] = [["项目", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]]
    for row, line in zip(rows[HEAD:], application_rows(), strict=True):
        flat.append(["".join(line.groups[-1:]) + line.label, *row[-7:]])
    assert reported(read([grid(joined(flat, 6, 14))])) == application_cells()


def test_numbers_keep_the_place_where_their_line_was_printed() -> None:
    tables = read([grid(joined(application_grid(), 4))])
    places = {(c.row, c.column): c.place for c in tables.cells if c.row in ("received", "carried_in", "granted")}
    assert [(p.row, p.column) for p in (places["received", "company"], places["carried_in", "company"]) if p] == [
        (3, 4),
        (3, 14),
    ]
    granted = places["granted", "company"]
    assert granted is not None
    assert granted.row == 4


def test_a_number_ahead_of_each_label_goes_with_its_own_line() -> None:
    rows = application_grid()
    rows[0].insert(0, ("序号", HEAD, 1))
    for n, row in enumerate(rows[HEAD:], 1):
        row.insert(0, str(n))
    whole = read([grid(rows)])
    assert reported(whole) == application_cells()
    assert "number_unclaimed" not in {issue.code for issue in whole.issues}
    assert reported(read([grid(joined(rows, 4, 9))])) == application_cells()


def test_two_halves_side_by_side_are_one_table() -> None:
    head: Row = [("项目", 1, 3), "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    body: list[Row] = [[(str(row[-8][0]), 1, 3), *row[-7:]] for row in application_grid()[HEAD:]]
    middle = (len(body) + 1) // 2
    right = [*body[middle:], [("", 1, 10)]]
    halves = [[*one, *other] for one, other in zip(body[:middle], right, strict=True)]
    tables = read([grid([[*head, *head], *halves])])
    assert reported(tables) == application_cells()
    place = next(c.place for c in tables.cells if (c.row, c.column) == ("carried_out", "total"))
    assert place is not None
    assert (place.row, place.column) == (middle - 1, 19)


def test_the_label_of_a_group_of_several_rows_is_no_row() -> None:
    rows = application_grid()
    at = next(n for n, row in enumerate(rows) if ("（六）其他处理", 3, 1) in row)
    for row in rows[at : at + 3]:
        row[:-8] = [*(row[:-9] if row is rows[at] else []), "（六）其他处理"]
    rows[at + 1][-8] = ""
    tables = read([grid(rows)])
    assert not [c for c in tables.cells if c.row == "other" and c.status == "reported"]
    assert "label_unknown" in {issue.code for issue in tables.issues}


def test_a_row_that_lacks_a_cell_before_a_strange_column_is_in_doubt() -> None:
    rows = application_grid()
    rows[0].append(("全市", HEAD, 1))
    for n, row in enumerate(rows[HEAD:]):
        row.append(str(70000 + n))
    rows[5].pop(-3)
    tables = read([grid(rows)])
    assert {c.status for c in tables.cells if c.row == "granted"} == {"ambiguous"}


def test_a_group_behind_the_values_of_a_row_is_none_of_them() -> None:
    rows = application_grid()
    rows[4] = [*rows[4][:-2], *rows[4][-1:], "三、本年度办理结果", *[""] * 7]
    tables = read([grid(rows)])
    assert {c.status for c in tables.cells if c.row == "carried_in"} == {"ambiguous"}


def test_one_label_twice_in_a_row_is_two_tables_and_not_two_lines() -> None:
    rows = application_grid()
    rows[4] = [*rows[4], *rows[4]]
    tables = read([grid(rows)])
    assert {c.status for c in tables.cells if c.row == "carried_in"} == {"ambiguous"}


def test_numbers_ahead_of_a_label_are_told() -> None:
    rows = application_grid()
    rows[5] = ["7001", "7002", *rows[5]]
    tables = read([grid(rows)])
    issue = next(issue for issue in tables.issues if issue.code == "number_unclaimed")
    assert "7001 | 7002" in issue.message
    assert issue.where == "table 1, row 6"


def test_a_printed_row_without_numbers_is_told() -> None:
    rows = application_grid()
    rows[4] = rows[4][:1]
    tables = read([grid(rows)])
    assert {c.status for c in tables.cells if c.row == "carried_in"} == {"missing"}
    assert [issue.code for issue in tables.issues] == ["row_unread"]
    assert "application.carried_in" in told(tables)


def test_a_number_that_covers_two_rows_is_told() -> None:
    rows = application_grid()
    rows[3][-1] = (number(0, 6), 2, 1)
    rows[4].pop()
    tables = read([grid(rows)])
    assert "application.received.total shows '4786'" in told(tables)


def damaged(draw: random.Random) -> list[Row]:
    """Table three after someone has moved, merged, copied and dropped cells of it."""
    rows = application_grid(draw.choice(["2019", "2021"]))
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(HEAD, len(rows) - 1)
        row = rows[at]
        match draw.randrange(6):
            case 0:
                rows = joined(rows, at)
            case 1:
                row.insert(draw.randrange(len(row) + 1), str(draw.randrange(20000, 30000)))
            case 2:
                row.pop(draw.randrange(len(row)))
            case 3:
                place = draw.randrange(len(row))
                text = row[place][0] if isinstance(row[place], tuple) else row[place]
                row[place] = (str(text), 1, draw.randint(2, 3))
            case 4:
                rows[at] = [str(draw.randrange(20000, 30000)), *row]
            case _:
                rows[at], rows[at + 1] = rows[at + 1], rows[at]
    return rows


@pytest.mark.parametrize("seed", range(60))
def test_every_number_of_a_damaged_table_is_a_cell_or_told(seed: int) -> None:
    drawn = grid(damaged(random.Random(f"dropped {seed}")))
    tables = read([drawn])
    given = {(c.place.row, c.place.column) for c in tables.cells if c.place and c.status == "reported"}
    said = told(tables)
    numbers = [cell for cell in drawn.cells if cell.text.isdecimal()]
    lost = [cell.text for cell in numbers if (cell.row, cell.column) not in given and cell.text not in said]
    assert lost == []
