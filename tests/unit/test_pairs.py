"""Tables written as lists of labels and values."""

import pytest
from drawn import LABELS, Key, application_cells, application_rows, cell, lines, number, read, reported

ROWS = application_rows()
COLUMNS = LABELS.forms["2021"].table("application").columns


def paths(shape: str) -> list[str]:
    """Table three as a list, a value a line or a row a line."""
    out: list[str] = []
    for r, row in enumerate(ROWS):
        names = [(column.label, number(r, c)) for c, column in enumerate(COLUMNS)]
        if shape == "items":
            out.append(f"{row.label}：" + "，".join(f"{name} {value}件" for name, value in names) + "。")
        if shape == "nested":
            out.append(f"- **{row.label}**")
        for name, value in names:
            path = "—".join((*row.groups, row.label, name))
            line = {
                "paths": f"{path}：{value}",
                "fields": f"{row.label}\t{name}\t{value}",
                "turned": f"{name} / {row.label} = {value}",
                "above": f"{row.label}：\n{name}：{value}",
                "nested": f"  - {name}: {value}",
            }.get(shape, "")
            out += line.split("\n")
    return out


@pytest.mark.parametrize("shape", ["paths", "fields", "turned", "above", "nested", "items"])
def test_each_value_stands_behind_its_two_labels(shape: str) -> None:
    assert reported(read(lines(paths(shape)))) == application_cells()


def test_tables_two_and_four_as_lists() -> None:
    rows = [
        "规章-本年新制作数量：11",
        "规章-本年新公开数量：12",
        "规章-对外公开总数量：",
        "规范性文件-本年新制作数量：14",
    ]
    rows += ["行政许可-上一年项目数量：15", "行政许可-本年增/减：-16", "行政许可-处理决定数量：减少17"]
    rows += ["政府集中采购-采购总金额：18.25万元", "行政事业性收费-本年增/减：— 19"]
    tables = read(lines(rows), "disclosure", 2020)
    want: dict[Key, str] = {
        ("disclosure", "rules", "made"): "11",
        ("disclosure", "rules", "disclosed"): "12",
        ("disclosure", "normative_documents", "made"): "14",
        ("disclosure", "licensing", "prior_items"): "15",
        ("disclosure", "licensing", "change"): "-16",
        ("disclosure", "licensing", "decisions"): "-17",
        ("disclosure", "procurement", "amount"): "18.25",
    }
    assert reported(tables, "disclosure") == want
    assert cell(tables, "disclosure", "rules", "public_total").status == "blank"
    assert cell(tables, "disclosure", "fees", "change").status == "unreadable"
    rows = [
        f"{name}：{at}.25" for at, name in enumerate(("行政许可-本年处理决定数量", "行政处罚-本年处理决定数量"), 31)
    ]
    rows += [
        "行政强制-本年处理决定数量：33",
        "行政事业性收费-本年收费金额（单位：万元）：437.25",
        "规章-采购总金额：34",
    ]
    tables = read(lines([*rows, "行政复议\t结果维持\t结果纠正", "2024-01-20 10:22"]), "disclosure")
    assert set(reported(tables, "disclosure").values()) == {"31.25", "32.25", "33", "437.25"}
    assert sum(issue.code == "label_unknown" for issue in tables.issues) == 1
    assert all(c.status == "missing" for c in tables.cells if c.table == "review")
    rows = ["行政复议：结果维持 21，结果纠正 22，其他结果 23", "行政诉讼-复议后起诉：总计 24"]
    assert reported(read(lines(rows), "review"), "review") == {
        ("review", "reconsideration", "upheld"): "21",
        ("review", "reconsideration", "corrected"): "22",
        ("review", "reconsideration", "other"): "23",
        ("review", "litigation_after_reconsideration", "total"): "24",
    }


def test_a_header_between_tabs_is_no_value() -> None:
    rows = [f"复议后起诉-{name}：{at}" for at, name in enumerate(("结果维持", "结果纠正", "其他结果", "尚未审结"), 11)]
    tables = read(lines(["行政复议\t结果维持\t结果纠正", *rows]), "review")
    assert cell(tables, "review", "reconsideration", "upheld").status == "missing"
    assert len(reported(tables, "review")) == 4


def test_a_value_whose_labels_name_no_place_is_told_and_names_none_below_it() -> None:
    rows = paths("above")
    at = rows.index("1.属于国家秘密：")
    rows[at] = "1.属于别的什么："
    tables = read(lines(rows))
    lost = ("application", "denied_state_secret", "natural_person")
    assert reported(tables) == {k: v for k, v in application_cells().items() if k != lost}
    assert [issue.message.partition(";")[0] for issue in tables.issues if issue.code == "label_unknown"] == [
        "no form has a place '自然人'"
    ]
    rows[at - 1] += "\n"
    tables = read(lines([*rows[: at + 1], "自然人：7", *rows[at + 2 :]]))
    assert cell(tables, *lost).status == "missing"


def test_a_value_of_no_place_parts_the_label_above_it_from_those_below() -> None:
    rows = paths("nested")
    at = rows.index("- **2.重复申请**") + 6
    got = reported(read(lines([*rows[:at], "1.别的申请：18", *rows[at:]])))
    lost = {("application", "rejected_repeat", code) for code in ("other_organisation", "total")}
    assert got == {k: v for k, v in application_cells().items() if k not in lost}


def test_one_place_with_two_values_is_in_doubt() -> None:
    rows = [*paths("paths"), f"{ROWS[0].label}-总计：77"]
    assert cell(read(lines(rows)), "application", "received", "total").status == "ambiguous"


def test_short_labels_need_their_item_marker() -> None:
    rows = [line.replace("3.其他—", "其他—") for line in paths("paths") if "其他处理" not in line or "3.其他" in line]
    rows = [line.replace("（六）其他处理—", "") for line in rows]
    assert not [key for key in reported(read(lines(rows))) if key[1] == "other_remaining"]


def test_a_label_without_a_value_that_may_be_a_row_heads_what_is_below_it() -> None:
    rows = [
        "2.重复申请",
        "自然人：11",
        "其他：12",
        "商业企业：13",
        "1.属于国家秘密：",
        "科研机构：14",
        "其他：",
        "总计：15",
    ]
    assert reported(read(lines(rows))) == {
        ("application", "rejected_repeat", "natural_person"): "11",
        ("application", "rejected_repeat", "other_organisation"): "12",
        ("application", "rejected_repeat", "company"): "13",
        ("application", "denied_state_secret", "research"): "14",
    }


def test_the_lists_of_other_tables_are_no_values_without_a_place() -> None:
    few = ["规章-本年制发件数：11", "规章-本年废止件数：12", "规章-现行有效件数：13", "行政许可-本年处理决定数量：14"]
    tables = read(lines([*paths("above"), *few, "行政复议-总计：16"]), "disclosure")
    assert len(reported(tables, "disclosure")) == 4
    assert len(reported(tables)) == len(application_cells())
    assert not tables.issues


def test_a_list_with_many_values_of_no_place_is_none() -> None:
    few = ["规章-本年制发件数：11", "规章-本年废止件数：12", "规章-现行有效件数：13", "行政许可-本年处理决定数量：14"]
    assert len(reported(read(lines(few), "disclosure"), "disclosure")) == 4
    assert not reported(read(lines(few[:3]), "disclosure"), "disclosure")
    assert not reported(read(lines([*few, "电话 5512", "传真 5513"]), "disclosure"), "disclosure")


def test_two_numbers_in_one_value_are_not_taken_for_one() -> None:
    rows = [f"2.重复申请-{column.label}：{11 + at} {211 + at}" for at, column in enumerate(COLUMNS)]
    assert len(reported(read(lines(rows)))) == 7
    rows[3] = rows[3].replace("14 214", "14 21")
    assert not reported(read(lines(rows)))
