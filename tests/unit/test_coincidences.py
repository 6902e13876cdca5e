"""Rows that are as long as the form's by coincidence, beside rows that contradict themselves in sound text."""

import pytest
from drawn import application_rows, lines, read, reported

ROWS = application_rows()
CODES = [line.code for line in ROWS]
FIRST_OUTCOME, PROCESSED = 2, len(ROWS) - 2


def table() -> list[list[int]]:
    """Table three with seven numbers a row, all its sums holding."""
    outcomes = [[10 + 7 * r + 29 * c for c in range(6)] for r in range(FIRST_OUTCOME, PROCESSED)]
    processed = [sum(column) for column in zip(*outcomes, strict=True)]
    carried_in = [3 + 2 * c for c in range(6)]
    carried_out = [17 + 5 * c for c in range(6)]
    received = [p + o - i for p, o, i in zip(processed, carried_out, carried_in, strict=True)]
    return [[*row, sum(row)] for row in (received, carried_in, *outcomes, processed, carried_out)]


def text(rows: list[list[int]]) -> list[str]:
    return [f"{line.label} {' '.join(map(str, row))}" for line, row in zip(ROWS, rows, strict=True)]


def doubted(texts: list[str]) -> set[str]:
    return {cell.row for cell in read(lines(texts)).cells if cell.status == "ambiguous"}


def test_a_contradiction_in_sound_text_is_read_as_printed() -> None:
    rows = table()
    rows[5][6] += 9
    rows[8][2] -= 4
    tables = read(lines(text(rows)))
    got = {(c.row, c.column): c.value for c in tables.cells if c.table == "application"}
    assert got["denied_by_law", "total"] == rows[5][6]
    assert got[CODES[8], "research"] == rows[8][2]
    assert not doubted(text(rows))


def test_a_number_too_many_that_its_column_does_not_know_is_read_as_printed() -> None:
    rows = table()
    rows[0][2] += 4 - rows[8][2]
    rows[PROCESSED][2] += 4 - rows[8][2]
    rows[8][2] = 4
    for at in (0, 8, PROCESSED):
        rows[at][6] = sum(rows[at][:6])
    rows[8][6] -= 4
    rows[0][2] -= 4
    rows[PROCESSED][2] -= 4
    rows[0][6], rows[PROCESSED][6] = sum(rows[0][:6]), sum(rows[PROCESSED][:6])
    assert not doubted(text(rows))


def test_rows_that_do_not_add_up_are_read_as_printed_where_only_few_rows_are_uneven() -> None:
    rows = table()
    for row in rows:
        row[6] += 5
    rows[4].append(9)
    assert doubted(text(rows)) == {CODES[4]}


def test_a_contradiction_is_read_as_printed_where_the_table_keeps_its_blanks() -> None:
    rows = table()
    rows[5][6] -= rows[5][2]
    texts = [f"{line.label}\t" + "\t".join(map(str, row)) for line, row in zip(ROWS, rows, strict=True)]
    texts[7] = texts[7].replace(f"\t{rows[7][2]}\t{rows[7][3]}\t", "\t\t\t")
    texts[9] = texts[9].replace(f"{rows[9][2]}\t", "")
    assert doubted(texts) == {CODES[9]}


def test_a_row_of_a_table_that_lost_a_blank_is_in_doubt_where_leaving_out_a_number_mends_it() -> None:
    rows = table()
    del rows[9][3]
    rows[5][3] = 0
    rows[5][6] = sum(rows[5][:6])
    del rows[5][3]
    assert doubted(text(rows)) == {CODES[5], CODES[9]}
    rows[5].insert(2, 4)
    assert doubted(text(rows)) == {CODES[5], CODES[9]}
    rows[5][2], rows[5][6] = 0, rows[5][6] + 1
    assert doubted(text(rows)) == {CODES[9]}


def test_a_row_is_in_doubt_where_its_columns_say_that_its_numbers_moved() -> None:
    rows = table()
    place = CODES.index("granted_in_part")
    rows[PROCESSED][1] -= rows[place][1]
    rows[0][1] -= rows[place][1]
    rows[PROCESSED][6], rows[0][6] = sum(rows[PROCESSED][:6]), sum(rows[0][:6])
    rows[place][1] = 0
    rows[place][6] = sum(rows[place][:6])
    assert not doubted(text(rows))
    rows[place] = [rows[place][0], *rows[place][2:5], 4, *rows[place][5:]]
    assert doubted(text(rows)) == {"granted_in_part"}


@pytest.mark.parametrize("rest", ["8", "7"])
def test_a_row_is_in_doubt_where_digits_below_it_belong_to_one_of_its_numbers(rest: str) -> None:
    rows = table()
    texts = text(rows)
    texts[0] = texts[0].removesuffix("8") + " 57%"
    texts.insert(1, rest)
    assert rows[0][6] % 10 == 8
    assert doubted(texts) == ({"received"} if rest == "8" else set())


def test_rows_of_the_right_length_are_in_doubt_where_few_are_and_most_do_not_add_up() -> None:
    rows = table()
    uneven = [row[:6] if at else [*row, 4] for at, row in enumerate(rows)]

    def mixed() -> list[str]:
        return text([row if at % 3 == 1 else other for at, (row, other) in enumerate(zip(rows, uneven, strict=True))])

    others = {code for at, code in enumerate(CODES) if at % 3 != 1}
    assert doubted(mixed()) == others
    for row in rows[1::3]:
        row[6] += 5
    assert doubted(mixed()) == set(CODES)
    assert not doubted(text(rows))


def test_a_column_of_shares_between_tabs_is_none_of_the_table() -> None:
    rows = table()
    texts = [
        f"{line.label}\t" + "\t".join(map(str, row)) + f"\t{31 + at}%"
        for at, (line, row) in enumerate(zip(ROWS, rows, strict=True))
    ]
    got = {(c.row, c.column): c.value for c in read(lines(texts)).cells if c.table == "application"}
    assert [got[code, "total"] for code in CODES] == [row[6] for row in rows]
    lost = [texts[0], texts[1], texts[2].replace(f"{rows[2][3]}\t", ""), *texts[3:]]
    assert doubted(lost) == {CODES[2]}


def test_one_share_alone_is_a_value_that_cannot_be_read() -> None:
    rows = table()
    texts = [f"{line.label}\t" + "\t".join(map(str, row)) for line, row in zip(ROWS, rows, strict=True)]
    texts[4] = texts[4].replace(f"\t{rows[4][2]}\t", "\t57%\t", 1)
    (cell,) = [c for c in read(lines(texts)).cells if c.table == "application" and c.raw == "57%"]
    assert (cell.row, cell.status, cell.value) == (CODES[4], "unreadable", None)


def test_a_number_without_a_pipe_among_cells_with_one_is_in_doubt() -> None:
    rows = table()
    cells = [x for line, row in zip(ROWS, rows, strict=True) for x in (f"{line.label} |", *(f"{n} |" for n in row))]
    at = cells.index(f"{rows[4][2]} |")
    assert not doubted(cells)
    assert doubted([*cells[:at], "12", *cells[at + 1 :]]) == {CODES[4]}


def test_a_number_that_runs_into_a_mark_for_nothing_leaves_its_row_in_doubt() -> None:
    texts = text(table())
    texts[6] = f"{ROWS[6].label} 12 34 56— 78 90 11 225"
    assert doubted(texts) == {CODES[6]}


def test_a_damaged_label_between_two_short_rows_is_no_value() -> None:
    at = CODES.index("rejected_petition")
    texts = text(table())
    texts[at] = "1.信访举报投诉类申请 3 1 4"
    texts[at + 1] = "2.复申请 2 13 15"
    assert CODES[at] in doubted(texts)


def test_a_table_two_with_two_numbers_a_column_is_in_doubt_as_a_whole() -> None:
    header = "信息内容 上一年项目数量 本年增/减 处理决定数量"
    rows = ["行政许可 11 12 13 14 15 16", "其他对外管理服务事项 21 22 23 24 25 26"]
    more = ["行政处罚 31 32 33 34 35 36", "行政强制 41 42 43"]
    tables = read(lines([header, *rows, header, *more]), "disclosure", 2019)
    assert {c.status for c in tables.cells if c.row == "coercion"} == {"ambiguous"}
    tables = read(lines([header, *rows[:1], header, *more[1:]]), "disclosure", 2019)
    assert {c.status for c in tables.cells if c.row == "coercion"} == {"reported"}


HEADER = "行政复议\t\t\t\t\t未经复议直接起诉\t\t\t\t\t复议后起诉\t\t\t\t"
RESULTS = "\t".join(["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 3)
FIFTEEN = [11, 12, 13, 14, 50, 21, 22, 23, 24, 90, 31, 32, 33, 34, 130]


def review(values: list[int]) -> int:
    """How many cells of table four are read from these values on one line."""
    return len(reported(read(lines([HEADER, RESULTS, " ".join(map(str, values))]), "review"), "review"))


def test_table_four_is_in_doubt_where_one_move_mends_several_of_its_sums() -> None:
    assert review(FIFTEEN) == 15
    assert review([51, *FIFTEEN[1:4], 51, *FIFTEEN[5:14], 7]) == 15
    assert review([*FIFTEEN[:4], 39, *FIFTEEN[5:14], 7]) == 15
    blank = [*FIFTEEN[:11], *FIFTEEN[12:14], 98]
    assert review([5, *blank]) == 0
    assert review([*blank[:3], 5, *blank[3:]]) == 0


def test_fifteen_values_around_a_blank_are_in_doubt_unless_they_add_up() -> None:
    row = "\t".join(map(str, [1, *FIFTEEN[:7], "", *FIFTEEN[8:]]))
    assert not reported(read(lines([HEADER, RESULTS, row]), "review"), "review")
    row = "\t".join(map(str, [*FIFTEEN[:5], "", *FIFTEEN[5:]]))
    assert len(reported(read(lines([HEADER, RESULTS, row]), "review"), "review")) == 15


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        (FIFTEEN, FIFTEEN),
        ([*FIFTEEN[:11], "", *FIFTEEN[12:14], ""], [*FIFTEEN[:11], *FIFTEEN[12:14]]),
        ([*FIFTEEN[:14], ""], []),
    ],
)
def test_the_number_of_a_row_is_none_of_its_values(values: list[object], shown: list[int]) -> None:
    row = "\t".join(map(str, [1, *values]))
    tables = read(lines([f"序号\t{HEADER}", f"\t{RESULTS}", row]), "review")
    assert list(reported(tables, "review").values()) == [str(number) for number in shown]


def test_words_with_a_number_between_the_values_of_a_row_are_no_value() -> None:
    texts = text(table())
    texts[6] = f"{ROWS[6].label} 12 34"
    texts.insert(7, "浏览次数：588")
    texts.insert(8, "56 78 90 180")
    assert CODES[6] in doubted(texts)
