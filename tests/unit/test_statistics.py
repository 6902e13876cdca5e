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


def test_a_label_with_lost_letters_is_no_local_indicator() -> None:
    for lost in ("\ufffd\ufffd驳回原告诉讼请求数", "维持\ue0ce者驳回诉讼请求数"):
        tables = read([grid(sheet([[lost, "件", "67"]]))], "statistics", 2016)
        assert values(tables) == NUMBERS
        assert not [c for c in tables.cells if c.row == "local"]
        assert "label_unknown" in {issue.code for issue in tables.issues}


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


def shown(tables):
    return {row: value for row, value in values(tables).items() if value != "None"}


def one_row(heads, numbers, year=2016):
    rows = [heads, ["（一）收到申请数", "件", *numbers]]
    (cell,) = [c for c in read([grid(rows)], "statistics", year).cells if c.row == "received_total"]
    return cell.status, str(cell.value) if cell.value is not None else None


def test_of_columns_of_two_years_the_reports_own_is_taken():
    assert one_row(["统计指标", "单位", "2015年", "2016年"], ["41", "52"]) == ("reported", "52")
    assert one_row(["统计指标", "单位", "本年数", "上年数"], ["41", "52"]) == ("reported", "41")
    assert one_row(["统计指标", "单位", "2014年", "2015年"], ["41", "52"]) == ("ambiguous", None)


def test_remarks_and_serial_numbers_are_no_counts():
    assert one_row(["统计指标", "单位", "统计数", "备注"], ["41", "见附件3"]) == ("reported", "41")
    rows = [["序号", "统计指标", "单位", "统计数"], ["7", "（一）收到申请数", "件", "41"]]
    assert shown(read([grid(rows)], "statistics", 2016)) == {"received_total": "41"}


def test_one_column_filled_of_several_is_still_ambiguous():
    assert one_row(["统计指标", "单位", "政府", "部门"], ["41", ""]) == ("ambiguous", None)


def test_a_label_that_goes_on_below_its_number():
    rows = [
        ["统计指标", "单位", "统计数"],
        ["（二）设置政府信息公", "个", "17"],
        ["开查阅点数", "", ""],
        ["2.兼职人员数", "人", "5"],
    ]
    assert shown(read([grid(rows)], "statistics", 2016)) == {"access_points": "17", "staff_part_time": "5"}


def test_labels_below_and_above_their_numbers_are_not_mixed():
    text = ["统计指标 单位 统计数", "（一）收到申请数 件 3", "件 12", "危及国家安全、公共安全、经济安全和社会稳定"]
    text += ["件 1", "不是《条例》所指政府信息", "法律法规规定的其他情形 件 4", "5.不属于本行政机关公开数 件 8"]
    text += ["6.申请信息不存在数 件 9"]
    found = values(read_tables((Section("statistics", "", tuple(lines(text))),), LABELS, 2016))
    assert (found["denied_safety"], found["denied_not_information"], found["denied_other"]) == ("12", "1", "4")


def test_lines_that_lost_their_repetitions_are_refused():
    text = ["统计指标", "单位", "统计数"]
    for row in SHEET:
        text += [row.label, row.unit, NUMBERS[row.code]]
    once = list(dict.fromkeys(text))
    tables = read_tables((Section("statistics", "", tuple(lines(once))),), LABELS, 2016)
    assert "lines_deduplicated" in {issue.code for issue in tables.issues}
    assert not [c for c in tables.cells if c.status == "reported"]


def of_lines(text):
    return read_tables((Section("statistics", "", tuple(lines(text))),), LABELS, 2016)


def halves():
    """The sheet with its second half beside the first."""
    middle = (len(SHEET) + 1) // 2
    rows = [["统计指标", "单位", "统计数"] * 2]
    for one, other in zip(SHEET[:middle], SHEET[middle:], strict=True):
        rows.append([x for row in (one, other) for x in (row.label, row.unit, NUMBERS[row.code])])
    return rows


def test_halves_that_stand_side_by_side():
    assert len(SHEET) % 2 == 0
    assert values(read([grid(halves())], "statistics", 2016)) == NUMBERS
    rows = halves()
    assert values(read([grid(rows[:9], 0), grid(rows[9:], 1)], "statistics", 2016)) == NUMBERS
    assert values(of_lines(["\t".join(row) for row in rows])) == NUMBERS


def test_a_column_of_codes_behind_the_indicators_is_no_count():
    rows = [["统计指标", "代码", "单位", "统计数"]]
    rows += [[row.label, f"{i:02d}", row.unit, NUMBERS[row.code]] for i, row in enumerate(SHEET, 1)]
    assert values(read([grid(rows)], "statistics", 2016)) == NUMBERS
    assert values(of_lines([" ".join(row) for row in rows])) == NUMBERS


def test_units_stand_behind_labels_or_numbers():
    noted = [["指标", "统计数"], *([f"{row.label}（单位：{row.unit}）", NUMBERS[row.code]] for row in SHEET)]
    assert values(read([grid(noted)], "statistics", 2016)) == NUMBERS
    behind = [["指标", "统计数"], *([row.label, NUMBERS[row.code] + row.unit] for row in SHEET)]
    for text in ([cell for row in behind for cell in row], [" ".join(row) for row in behind]):
        tables = of_lines(text)
        assert values(tables) == NUMBERS
        assert {c.row: c.unit for c in tables.cells} == {row.code: row.unit for row in SHEET}


def test_one_cell_a_line_without_units_has_lost_nothing_where_each_indicator_has_its_number():
    text = ["指标", "统计数", *(part for row in SHEET for part in (row.label, NUMBERS[row.code]))]
    assert values(of_lines(text)) == NUMBERS
    told = ["待核实" if part == NUMBERS["complaints"] else part for part in text]
    assert values(of_lines(told)) == NUMBERS | {"complaints": "None"}
    robbed = [part for part in text if part != NUMBERS["complaints"]]
    tables = of_lines(robbed)
    assert "lines_deduplicated" in {issue.code for issue in tables.issues}
    assert not [c for c in tables.cells if c.status == "reported"]


def test_serial_numbers_above_their_labels():
    text = ["序号", "统计指标", "单位", "统计数"]
    for i, row in enumerate(SHEET, 1):
        text += [str(i), row.label, row.unit, NUMBERS[row.code]]
    assert values(of_lines([*text, "填报日期", "2017"])) == NUMBERS
    at = text.index(SHEET[20].label)
    assert "reported" not in {c.status for c in of_lines(text[: at - 1] + text[at:]).cells}


def test_fields_below_two_lines_of_heads():
    rows = [["统计指标", "单位", "统计数", "", "备注"], ["", "", "部门", "合计", ""]]
    rows += [[row.label, row.unit, "71", NUMBERS[row.code], "见附件3"] for row in SHEET]
    assert values(of_lines(["\t".join(row) for row in rows])) == NUMBERS
    rows[9].remove("71")
    assert values(of_lines(["\t".join(row) for row in rows]))[SHEET[7].code] == "None"


def test_parts_of_the_sheet_between_its_headings():
    parts = (SHEET[:3], SHEET[3:9], SHEET[9:])
    rows = [[[row.label, row.unit, NUMBERS[row.code]] for row in part] for part in parts]
    rows[0].insert(0, ["统计指标", "单位", "统计数"])
    assert values(read([grid(part, i) for i, part in enumerate(rows)], "statistics", 2016)) == NUMBERS
