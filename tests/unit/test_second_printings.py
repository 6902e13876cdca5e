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
