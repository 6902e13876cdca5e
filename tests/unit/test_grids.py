"""Drawn tables, as Word, browsers and page breaks deform them."""

from dataclasses import replace

import pytest
from drawn import application_cells, application_grid, application_rows, cell, grid, number, read, reported

LABELS_2021 = application_rows()
HEADER_2021 = ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]


@pytest.mark.parametrize("span", [None, 20, 22, 24, 26])
def test_a_wrong_row_span_of_the_results_moves_nothing(span):
    tables = read([grid(application_grid(results_span=span))])
    assert reported(tables) == application_cells()
    assert tables.form == "2021"
    assert not any(label.altered for label in tables.labels)


def test_other_as_one_row_is_the_form_of_2019():
    tables = read([grid(application_grid("2019"))], year=2020)
    assert reported(tables) == application_cells("2019")
    assert {c.form for c in tables.cells if c.row == "other"} == {"2019"}


def test_a_page_break_without_a_header_goes_on_under_the_same_columns():
    rows = application_grid()
    tables = read([grid(rows[:14], 0), grid([r if len(r) > 8 else ["", *r] for r in rows[14:]], 1)])
    assert reported(tables) == application_cells()


def test_a_label_that_a_page_break_cuts_is_put_together():
    rows = application_grid()
    at = next(
        i
        for i, r in enumerate(rows)
        if "5.要求行政机关确认或重新出具已获取信息" in [x[0] for x in r if isinstance(x, tuple)]
    )
    whole = [x for x in rows[at] if not (isinstance(x, tuple) and x[0].startswith("5."))]
    rows[at] = ["5.要求行政机关确认或重", *whole]
    rows.insert(at + 1, ["", "新出具已获取信息", "", "", "", "", "", "", ""])
    tables = read([grid(rows)])
    key = ("application", "rejected_confirmation", "company")
    assert reported(tables)[key] == application_cells()[key]


def test_header_words_split_over_two_rows():
    rows = application_grid()
    rows[2:3] = [["商业", "科研", "社会公益", "法律服务", "其"], ["企业", "机构", "组织", "机构", "他"]]
    rows[0][0] = (rows[0][0][0], 4, 3)
    rows[1][0], rows[1][2] = ("自然人", 3, 1), ("总计", 3, 1)
    assert reported(read([grid(rows)])) == application_cells()


def test_an_empty_cell_behind_the_label_of_some_rows():
    rows = application_grid()
    for at in (3, 8, 20):
        label = next(i for i, x in enumerate(rows[at]) if x == number(at - 3, 0))
        rows[at].insert(label, "")
    assert reported(read([grid(rows)])) == application_cells()


def test_blanks_keep_their_places_and_are_no_zeros():
    rows = application_grid()
    rows[3] = [("一、本年新收政府信息公开申请数量", 1, 3), "", "/", "\u00a0", "-", "0", "", "12"]
    tables = read([grid(rows)])
    states = [cell(tables, "application", "received", c).status for c in ("natural_person", "company", "research")]
    assert states == ["blank", "not_applicable", "blank"]
    assert cell(tables, "application", "received", "legal_service").value == 0
    assert cell(tables, "application", "received", "total").value == 12


def test_a_row_with_a_lost_cell_is_ambiguous_and_costs_no_other_row():
    rows = application_grid()
    rows[5].remove(number(2, 3))
    tables = read([grid(rows)])
    assert {c.status for c in tables.cells if c.row == "granted"} == {"ambiguous"}
    want = {k: v for k, v in application_cells().items() if k[1] != "granted"}
    assert reported(tables) == want
    assert [i.code for i in tables.issues] == ["row_ambiguous"]


def test_a_number_that_covers_two_rows_belongs_to_neither():
    rows = application_grid()
    natural = rows[13].index(number(10, 0))
    rows[13][natural] = ("77", 2, 1)
    rows[14].remove(number(11, 0))
    tables = read([grid(rows)])
    assert cell(tables, "application", "denied_enforcement_file", "natural_person").status == "ambiguous"
    assert reported(tables)["application", "denied_enforcement_file", "total"] == number(10, 6)
    assert reported(tables)["application", "denied_inquiry", "total"] == number(11, 6)


def test_what_is_no_number_is_unreadable():
    rows = application_grid()
    rows[4][2] = "4O"
    tables = read([grid(rows)])
    assert cell(tables, "application", "carried_in", "company").status == "unreadable"
    assert "value_unreadable" in [i.code for i in tables.issues]


def test_an_unknown_row_is_an_issue():
    rows = application_grid()
    rows.insert(12, ["9.属于本县自定事项", *(str(9000 + i) for i in range(7))])
    tables = read([grid(rows)])
    assert [i.code for i in tables.issues] == ["label_unknown"]
    assert "自定事项" in tables.issues[0].message


def test_known_and_near_misprints_are_read_and_said_to_be_altered():
    rows = application_grid()
    for row in rows:
        for i, x in enumerate(row):
            if isinstance(x, tuple) and x[0] == "2.其他法律行政法规禁止公开":
                row[i] = ("2.其他法律行政止公开", 1, 1)
            if isinstance(x, tuple) and x[0] == "4.保护第三方合法权益":
                row[i] = ("4.保护第三方的合法权益", 1, 1)
    tables = read([grid(rows)])
    assert reported(tables) == application_cells()
    assert {label.code for label in tables.labels if label.altered} == {"denied_by_law", "denied_third_party"}


def test_the_same_table_twice_is_one_and_a_different_one_is_ambiguous():
    once = application_grid()
    other = application_grid()
    other[3][4] = "31"
    same = read([grid(once, 0), grid(once, 1)])
    assert reported(same) == application_cells()
    differs = read([grid(once, 0), grid(other, 1)])
    assert cell(differs, "application", "received", "public_welfare").status == "ambiguous"
    assert [i.code for i in differs.issues] == ["printed_twice"]


def disclosure_2021():
    return [
        [("第二十条第（一）项", 1, 4)],
        HEADER_2021,
        ["规章", "1", "2", "3"],
        ["行政规范性文件", "14", "5", "76"],
        [("第二十条第（五）项", 1, 4)],
        ["信息内容", ("本年处理决定数量", 1, 3)],
        ["行政许可", ("118", 1, 3)],
        [("第二十条第（六）项", 1, 4)],
        ["信息内容", ("本年处理决定数量", 1, 3)],
        ["行政处罚", ("219", 1, 3)],
        ["行政强制", ("320", 1, 3)],
        [("第二十条第（八）项", 1, 4)],
        ["信息内容", ("本年收费金额（单位：万元，保留4位小数）", 1, 3)],
        ["行政事业性收费", ("7730.2801", 1, 3)],
    ]


DISCLOSURE_2021 = {
    ("rules", "issued"): "1", ("rules", "repealed"): "2", ("rules", "in_force"): "3",
    ("normative_documents", "issued"): "14", ("normative_documents", "repealed"): "5",
    ("normative_documents", "in_force"): "76", ("licensing", "decisions"): "118", ("penalty", "decisions"): "219",
    ("coercion", "decisions"): "320", ("fees", "amount"): "7730.2801",
}  # fmt: skip


def test_table_two_of_2021_and_no_digit_of_a_header():
    tables = read([grid(disclosure_2021())], "disclosure")
    assert {(r, c): v for (_, r, c), v in reported(tables, "disclosure").items()} == DISCLOSURE_2021


@pytest.mark.parametrize("misprint", ["本年度止件数", "本年止件数"])
def test_misprinted_headers_of_table_two(misprint):
    rows = disclosure_2021()
    rows[1] = ["信息内容", "本年制发件数", misprint, "现行有效件"]
    tables = read([grid(rows)], "disclosure")
    assert {(r, c): v for (_, r, c), v in reported(tables, "disclosure").items()} == DISCLOSURE_2021
    assert {x.code for x in tables.labels if x.altered} == {"repealed", "in_force"}


def disclosure_2019(header_one=("本年新制作数量", "本年新公开数量", "对外公开总数量"), change="本年增/减"):
    triple = ["信息内容", "上一年项目数量", change, "处理决定数量"]
    return [
        [("第二十条第（一）项", 1, 4)],
        ["信息内容", *header_one],
        ["规章", "1", "2", "3"],
        ["规范性文件", "14", "5", "76"],
        [("第二十条第（五）项", 1, 4)],
        triple,
        ["行政许可", "81", "+4", "118"],
        ["其他对外管理服务事项", "17", "减3", "9"],
        [("第二十条第（六）项", 1, 4)],
        triple,
        ["行政处罚", "52", "-35", "219"],
        ["行政强制", "13", "增加5", "320"],
        [("第二十条第（八）项", 1, 4)],
        ["信息内容", "上一年项目数量", (change, 1, 2)],
        ["行政事业性收费", "6", ("0", 1, 2)],
        [("第二十条第（九）项", 1, 4)],
        ["信息内容", "采购项目数量", ("采购总金额", 1, 2)],
        ["政府集中采购", "11", ("251000元", 1, 2)],
    ]


@pytest.mark.parametrize(
    ("header", "change"),
    [
        (("本年新制作数量", "本年新公开数量", "对外公开总数量"), "本年增/减"),
        (("本年新", "本年新", "对外公开总数量"), "本年数量"),
        (("本年新制作数量", "本年新制作数量", "对外公开总数量"), "本年增/"),
    ],
)
def test_table_two_of_2019_with_its_misprints(header, change):
    tables = read([grid(disclosure_2019(header, change))], "disclosure", 2020)
    got = {(r, c): v for (_, r, c), v in reported(tables, "disclosure").items()}
    assert tables.form == "2019"
    assert len(got) == 22
    assert got["rules", "disclosed"] == "2"
    assert got["penalty", "change"] == "-35"
    assert got["other_services", "change"] == "-3"
    assert got["coercion", "change"] == "5"
    assert got["procurement", "amount"] == "251000"
    assert cell(tables, "disclosure", "procurement", "amount").unit == "元"


def test_spans_that_differ_between_header_and_rows_are_mapped_by_order():
    rows = [
        ["信息内容", "本年制发件数", "本年废止件数", ("现行有效件数", 1, 2)],
        ["规章", ("4", 1, 2), "5", "6"],
        [("行政规范性文件", 1, 2), "7", "8", "9"],
    ]
    tables = read([grid(rows)], "disclosure")
    got = {(r, c): v for (_, r, c), v in reported(tables, "disclosure").items()}
    assert got == {
        ("rules", "issued"): "4", ("rules", "repealed"): "5", ("rules", "in_force"): "6",
        ("normative_documents", "issued"): "7", ("normative_documents", "repealed"): "8",
        ("normative_documents", "in_force"): "9",
    }  # fmt: skip


def review_grid(numbers):
    leaf = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    return [
        [("行政复议", 1, 5), ("行政诉讼", 1, 10)],
        [*((x, 2, 1) for x in leaf), ("未经复议直接起诉", 1, 5), ("复议后起诉", 1, 5)],
        [*leaf, *leaf],
        list(numbers),
    ]


REVIEW = {
    (row, column): str(100 + 7 * i)
    for i, (row, column) in enumerate(
        (r, c)
        for r in ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
        for c in ("upheld", "corrected", "other", "pending", "total")
    )
}


def test_table_four_is_one_row_of_fifteen():
    tables = read([grid(review_grid(REVIEW.values()))], "review")
    assert {(r, c): v for (_, r, c), v in reported(tables, "review").items()} == REVIEW


def test_what_a_picture_leaves_in_doubt_is_marked_as_recognised():
    rows = review_grid([*list(REVIEW.values())[:13], ("144", 1, 2)])
    drawn = grid(rows)
    tables = read([replace(drawn, cells=tuple(replace(c, reading="ocr") for c in drawn.cells))], "review")
    doubted = [c for c in tables.cells if c.status == "ambiguous"]
    assert doubted and {c.reading for c in doubted} == {"ocr"}


def test_table_four_as_three_small_tables():
    leaf = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    numbers = list(REVIEW.values())
    parts = [
        grid([[("行政复议", 1, 5)], leaf, numbers[:5]], 0),
        grid([[("行政诉讼", 1, 5)], [("未经复议直接起诉", 1, 5)], leaf, numbers[5:10]], 1),
        grid([[("行政诉讼", 1, 5)], [("复议后起诉", 1, 5)], leaf, numbers[10:]], 2),
    ]
    tables = read(parts, "review")
    assert {(r, c): v for (_, r, c), v in reported(tables, "review").items()} == REVIEW


def test_table_four_turned_on_its_side():
    numbers = list(REVIEW.values())
    rows = [["", "结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]]
    rows += [
        [name, *numbers[i * 5 : i * 5 + 5]] for i, name in enumerate(("行政复议", "未经复议直接起诉", "复议后起诉"))
    ]
    tables = read([grid(rows)], "review")
    assert {(r, c): v for (_, r, c), v in reported(tables, "review").items()} == REVIEW


def test_an_empty_column_without_a_header_is_none_of_table_four():
    rows = review_grid(REVIEW.values())
    rows[0][1], rows[1][-2] = ("行政诉讼", 1, 11), ("未经复议直接起诉", 1, 6)
    for row in rows[2:]:
        row.insert(len(row) - 7, "")
    tables = read([grid(rows)], "review")
    assert {(r, c): v for (_, r, c), v in reported(tables, "review").items()} == REVIEW


def test_five_numbers_of_a_procedure_go_by_the_order_of_five_results():
    numbers = list(REVIEW.values())
    rows = [[("类别", 1, 3), "结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]]
    rows += [
        [name, *numbers[i * 5 : i * 5 + 5]] for i, name in enumerate(("行政复议", "未经复议直接起诉", "复议后起诉"))
    ]
    tables = read([grid(rows)], "review")
    assert {(r, c): v for (_, r, c), v in reported(tables, "review").items()} == REVIEW
    rows[1][2] = ""
    assert cell(read([grid(rows)], "review"), "review", "reconsideration", "total").status == "ambiguous"


def test_what_is_no_number_in_table_four_costs_no_other_cell():
    numbers = list(REVIEW.values())
    tables = read([grid([[("行政复议", 1, 5)], review_grid(())[2][:5], ["3\n14", *numbers[1:5]]])], "review")
    assert len(reported(tables, "review")) == 4
    assert cell(tables, "review", "reconsideration", "upheld").status == "unreadable"


def test_a_block_of_table_two_may_be_named_beside_its_header():
    rows = [[("第二十条第（一）项", 3, 1), *disclosure_2021()[1]], *disclosure_2021()[2:4]]
    found = reported(read([grid(rows)], "disclosure"), "disclosure")
    assert list(found.values()) == ["1", "2", "3", "14", "5", "76"]


def test_dirt_beside_the_headers_of_table_four_in_a_picture_names_nothing():
    drawn = grid(review_grid(REVIEW.values()))
    dirty = {"结果纠正": "结果纠1\n正", "其他结果": "其他结\n果\nm"}
    seen = [replace(c, text=dirty.get(c.text, c.text), reading="ocr") for c in drawn.cells]
    tables = read([replace(drawn, cells=tuple(seen))], "review")
    assert {(r, c): v for (_, r, c), v in reported(tables, "review").items()} == REVIEW


def test_fourteen_numbers_under_fifteen_columns_are_not_placed():
    numbers = list(REVIEW.values())[:6] + list(REVIEW.values())[7:]
    leaf = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    rows = [[("行政复议", 1, 5), ("行政诉讼", 1, 9)], [*leaf, *leaf, *leaf[1:]], numbers]
    tables = read([grid(rows)], "review")
    assert reported(tables, "review").keys() <= {
        ("review", "reconsideration", c) for c in ("upheld", "corrected", "other", "pending", "total")
    }


def test_nothing_but_none_is_neither_missing_nor_zero():
    from drawn import lines

    tables = read(lines(["无。"]), "review")
    assert {c.status for c in tables.cells if c.table == "review"} == {"not_applicable"}
    assert [r.state for r in tables.readings] == ["absent", "absent", "stated_none"]


def test_two_reports_side_by_side_in_one_grid_are_never_mixed():
    rows = [[line.label, *(number(r, c) for c in range(7))] for r, line in enumerate(LABELS_2021)]
    doubled = [[*row, row[0], *(x.replace("1", "2") for x in row[1:])] for row in rows]
    header = ["项目", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    tables = read([grid([header * 2, *doubled])])
    assert reported(tables) == {}


def test_a_column_of_remarks_is_left_aside():
    rows = application_grid()
    rows[0].append(("备注", 3, 1))
    for row in rows[3:]:
        row.append("见第二页" if row is rows[7] else "")
    assert reported(read([grid(rows)])) == application_cells()


def test_a_row_of_another_table_that_sounds_like_table_two_changes_nothing():
    other = [["事项", "数量"], ["行政许可", "77"], ["网上办件", "5"]]
    tables = read([grid(disclosure_2021(), 0), grid(other, 1)], "disclosure")
    assert {(r, c): v for (_, r, c), v in reported(tables, "disclosure").items()} == DISCLOSURE_2021
    alone = read([grid(other, 0)], "disclosure")
    assert reported(alone, "disclosure") == {}
    assert [i.code for i in alone.issues] == ["table_unknown", "row_unread"]
