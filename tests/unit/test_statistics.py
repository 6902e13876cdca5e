"""The statistics sheet of the reports up to 2018."""

from drawn import LABELS, grid, lines, read

from pipelines.model import Section
from pipelines.read.tables import read_tables

SHEET = LABELS.forms["2014"].table("statistics").rows
NUMBERS = {row.code: str(300 + 13 * i) for i, row in enumerate(SHEET)}


def sheet(extra=(), columns=1):
    heads = ["统计指标", "单位", "统计数"] if columns == 1 else ["统计指标", "单位", "政府", "部门", "合计"]
    rows = [heads, ["一、主动公开情况", *["——"] * (len(heads) - 1)]]
    for row in SHEET:
        numbers = ["71", "72", NUMBERS[row.code]] if columns == 3 else [NUMBERS[row.code]]
        rows.append([row.label, row.unit, *numbers])
    return [*rows, *extra]


def values(tables):
    return {c.row: str(c.value) for c in tables.cells if c.table == "statistics" and c.column == "value"}


def test_every_indicator_with_its_unit():
    tables = read([grid(sheet())], "statistics", 2016)
    assert values(tables) == NUMBERS
    assert tables.form == "2014"
    assert {c.row: c.unit for c in tables.cells} == {row.code: row.unit for row in SHEET}
    assert not any(label.altered for label in tables.labels)
    assert {c.table for c in tables.cells} == {"statistics"}


def test_labels_that_stand_twice_are_told_apart_by_their_place_over_a_page_break():
    rows = sheet()
    at = next(i for i, row in enumerate(rows) if row[0].startswith("五、"))
    assert values(read([grid(rows[:at], 0), grid(rows[at:], 1)], "statistics", 2016)) == NUMBERS


def test_the_column_of_the_whole_is_taken_where_there_are_several():
    assert values(read([grid(sheet(columns=3))], "statistics", 2016)) == NUMBERS


def test_several_columns_without_a_whole_are_ambiguous():
    rows = [["统计指标", "单位", "政府", "部门"], ["（一）收到申请数", "件", "41", "52"]]
    (cell,) = [c for c in read([grid(rows)], "statistics", 2016).cells if c.row == "received_total"]
    assert (cell.status, cell.raw) == ("ambiguous", "41 | 52")


def test_a_local_indicator_is_kept_under_its_printed_label():
    tables = read([grid(sheet([["十、向档案馆移交信息数", "条", "67"]]))], "statistics", 2016)
    assert [(c.column, str(c.value)) for c in tables.cells if c.row == "local"] == [("十、向档案馆移交信息数", "67")]
    assert values(tables) == NUMBERS


def test_the_sheet_as_lines():
    text = ["统计指标\t单位\t统计数", "一、主动公开情况\t——\t——"]
    text += [f"{row.label}\t{row.unit}\t{NUMBERS[row.code]}" for row in SHEET]
    tables = read_tables((Section("statistics", "", tuple(lines(text))),), LABELS, 2016)
    assert values(tables) == NUMBERS


def test_a_blank_indicator_is_no_zero():
    rows = sheet()
    rows[9][2] = ""
    tables = read([grid(rows)], "statistics", 2016)
    assert [c.row for c in tables.cells if c.status == "blank"] == [SHEET[7].code]
