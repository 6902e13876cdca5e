"""Tables of one kind that a document prints twice with different numbers are never mixed."""

from __future__ import annotations

from drawn import application_cells, application_grid, cell, grid, read, reported, second

HEAD = 3


def test_what_only_one_of_two_contradicting_tables_shows_is_not_taken() -> None:
    first, other = application_grid(), application_grid()
    for row in first[HEAD:]:
        row[-1] = ""
    for row in other[HEAD:]:
        row[-7:-1] = [str(int(str(value)) + 5) for value in row[-7:-1]]
    tables = read([grid(first), second(grid(other), 1)])
    assert not reported(tables)
    assert {c.status for c in tables.cells if c.column == "total" and c.table == "application"} == {"ambiguous"}
    assert any("tables 1, 2" in issue.message for issue in tables.issues)


def test_one_misprint_in_a_repeated_table_costs_one_cell() -> None:
    first, other = application_grid(), application_grid()
    first[HEAD + 4][-3], other[HEAD + 6][-1] = "", "7"
    tables = read([grid(first), second(grid(other), 1)])
    assert len(reported(tables)) == len(application_cells()) - 1
    assert cell(tables, "application", "denied_safety", "total").status == "ambiguous"


def test_a_table_two_without_headers_is_held_against_another_with_them() -> None:
    def rows(first: int) -> list[list[str | tuple[str, int, int]]]:
        return [
            ["规章", *map(str, range(first, first + 3))],
            ["行政规范性文件", *map(str, range(first + 3, first + 6))],
        ]

    lines = [*rows(11), ["行政许可", "17"], ["行政处罚", "18"], ["行政强制", "19"], ["行政事业性收费", "20"]]
    headed = [["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"], *rows(41)]
    tables = read([grid(lines), second(grid(headed), 1)], "disclosure")
    assert cell(tables, "disclosure", "licensing", "decisions").raw == "17"
    assert {c.status for c in tables.cells if c.row in ("rules", "normative_documents")} == {"ambiguous"}


def test_what_an_unread_table_shows_too_is_not_taken_from_another_one() -> None:
    drawn = grid(application_grid())
    broken = grid([[cell.text for cell in drawn.cells if cell.column == n] for n in range(drawn.column_count)])
    tables = read([broken, second(drawn, 1)])
    assert not reported(tables)
    assert any("which could not be read" in issue.message for issue in tables.issues)


def test_an_unread_piece_of_a_table_costs_no_other_piece() -> None:
    rows = application_grid()
    first = [[number, "", "三、本年度办理结果"] for number in ("301", "302", "303")]
    assert len(reported(read([grid(first), second(grid(rows), 1)]))) == len(application_cells())


def test_blanks_of_one_table_are_not_filled_from_another_one_in_several_pieces() -> None:
    header: list[str | tuple[str, int, int]] = ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]
    one = [header, ["规章", "", "21", ""], ["行政规范性文件", "", "22", ""]]
    pieces = [[header, ["规章", "31", "", "32"]], [header, ["行政规范性文件", "33", "", "34"]]]
    tables = read([grid(one), *(second(grid(rows), n) for n, rows in enumerate(pieces, 1))], "disclosure")
    assert not reported(tables, "disclosure")


def test_blanks_of_a_table_that_is_printed_again_are_filled() -> None:
    header: list[str | tuple[str, int, int]] = ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]
    one = [header, ["规章", "", "21", ""], ["行政规范性文件", "", "22", ""]]
    again = [header, ["规章", "31", "21", "32"], ["行政规范性文件", "33", "22", "34"]]
    tables = read([grid(one), second(grid(again), 1)], "disclosure")
    assert set(reported(tables, "disclosure").values()) == {"21", "22", "31", "32", "33", "34"}


def test_an_unread_table_four_is_not_filled_from_another_one_though_one_of_its_rows_sounds_like_table_three() -> None:
    broken: list[list[str | tuple[str, int, int]]] = [
        ["", "行政复议", "未经复议直接起诉", "复议后起诉"],
        ["结果维持", "11", "12", "13", "结果纠正", "14", "15", "16"],
        ["其他结果", "17", "18", "19"],
        ["尚未审结", "20", "21", "22"],
        ["总计", "62", "66", "70"],
    ]
    other: list[list[str | tuple[str, int, int]]] = [
        [("行政复议", 1, 5)],
        ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"],
        ["31", "32", "33", "34", "130"],
    ]
    tables = read([grid(broken), second(grid(other), 1)], "review")
    assert not reported(tables, "review")
