"""Tables that lost their grid, in the shapes in which text brings them."""

import pytest
from drawn import (
    LABELS,
    REVIEW_CODES,
    application_cells,
    application_rows,
    cell,
    lines,
    number,
    read,
    reported,
)

from pipelines.model import Section
from pipelines.read.labels import body
from pipelines.read.tables import read_tables

COLUMNS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"


def numbers(row):
    return [number(row, c) for c in range(7)]


def tabbed(ragged=False):
    """Merged cells as empty fields; `ragged` rows lose the leading ones and gain a trailing one."""
    out = [
        f"{CORNER}\t\t\t申请人情况\t\t\t\t\t\t总计",
        "\t\t\t自然人\t法人或其他组织",
        "\t\t\t\t" + "\t".join(COLUMNS[1:6]),
    ]
    seen = set()
    for r, line in enumerate(application_rows()):
        groups = ["" if g in seen else g for g in line.groups]
        seen |= set(line.groups)
        fields = [*groups, line.label, *[""] * (2 - len(line.groups)), *numbers(r)]
        if ragged and r % 3 == 1:
            fields = [f for f in fields[: len(fields) - 7] if f] + numbers(r) + [""]
        out.append("\t".join(fields))
    return out


def stacked(gap=False):
    out = [CORNER, "申请人情况", "总计", "自然人", "法人或其他组织", *COLUMNS[1:6]]
    seen = set()
    for r, line in enumerate(application_rows()):
        out += [g for g in line.groups if g not in seen]
        seen |= set(line.groups)
        out += [line.label, *numbers(r)]
    return [x for line in out for x in ((line, "") if gap else (line,))]


def spaced(wrap=None):
    out = [CORNER[:20], CORNER[20:], "申请人情况", "自", "然", "人", "总计 商业 科研", "企业 机构", "其他"]
    seen = set()
    for r, line in enumerate(application_rows()):
        out += [piece for g in line.groups if g not in seen for piece in (g[:3], g[3:])]
        seen |= set(line.groups)
        values = " ".join(numbers(r))
        half = len(line.label) // 2
        if wrap and len(line.label) > 14:
            first, rest = line.label[:half], line.label[half:]
            out += {
                "before": [first, rest, values],
                "middle": [f"{first} {values}", rest],
                "last": [first, f"{rest} {values}"],
            }[wrap]
        else:
            out.append(f"{line.label} {values}")
    return out


def piped(style):
    out = []
    seen = set()
    for r, line in enumerate(application_rows()):
        groups = [g for g in line.groups if g not in seen]
        seen |= set(line.groups)
        fields = [*groups, line.label, *numbers(r)]
        if style == "row":
            out.append("| " + " | ".join(fields) + " |")
        elif style == "open":
            out += ["|", *(f"{f} |" for f in fields)]
        elif style == "between":
            out += [x for f in fields for x in (f, "|")]
        elif style == "exploded":
            out += [
                "| 项目 | 数据1 | 数据2 | 数据3 | 数据4 | 数据5 | 数据6 | 数据7 |",
                "| " + " | ".join(fields[-8:]) + " |",
            ]
        elif style == "orphan":
            out += [*groups, line.label, "| " + " | ".join(numbers(r)) + " |"]
    return out


SHAPES = {
    "tabs": tabbed(),
    "ragged tabs": tabbed(ragged=True),
    "stacked": stacked(),
    "stacked with gaps": stacked(gap=True),
    "spaced": spaced(),
    "label before its numbers": spaced("before"),
    "numbers on the first line of a label": spaced("middle"),
    "numbers on the last line of a label": spaced("last"),
    "one line": [" ".join(spaced())],
    **{f"pipes, {style}": piped(style) for style in ("row", "open", "between", "exploded", "orphan")},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_gives_the_same_cells(shape):
    tables = read(lines(SHAPES[shape]))
    assert reported(tables) == application_cells()
    assert tables.form == "2021"


@pytest.mark.parametrize("page", ["- 3 -", "—4—", "— 12 —", "第 3 页 共 9 页"])
def test_page_numbers_between_rows_are_no_values(page):
    shape = spaced()
    for at in (30, 22, 15):
        shape.insert(at, page)
    assert reported(read(lines(shape))) == application_cells()


@pytest.mark.parametrize("shape", ["stacked", "spaced", "tabs"])
def test_a_negative_count_is_no_page_number(shape):
    text = [line.replace(number(4, 1), "-7") for line in SHAPES[shape]]
    assert cell(read(lines(text)), "application", "denied_state_secret", "company").value == -7


def test_a_bare_number_between_rows_makes_its_row_ambiguous_and_no_other():
    shape = stacked()
    at = shape.index(number(9, 6))
    shape.insert(at + 1, "5")
    tables = read(lines(shape))
    row = application_rows()[9].code
    assert {c.status for c in tables.cells if c.row == row} == {"ambiguous"}
    assert reported(tables) == {k: v for k, v in application_cells().items() if k[1] != row}


def test_a_lost_number_makes_its_row_ambiguous():
    shape = [x for x in stacked() if x != number(6, 2)]
    tables = read(lines(shape))
    assert {c.status for c in tables.cells if c.row == "denied_safety"} == {"ambiguous"}


def test_blanks_between_tabs_keep_their_places_where_rows_are_whole():
    shape = [line.replace(number(0, 1), "").replace(number(0, 6), "") for line in tabbed()]
    tables = read(lines(shape))
    assert cell(tables, "application", "received", "company").status == "blank"
    assert cell(tables, "application", "received", "total").status == "blank"
    assert str(cell(tables, "application", "received", "research").value) == number(0, 2)


def test_blanks_that_may_have_collapsed_to_the_end_are_ambiguous():
    rows = ["第二十条第（五）项", "信息内容 | 上一年项目数量 | 本年增/减 | 处理决定数量 |", "行政许可 | 106 | 2939 | |"]
    tables = read(lines(rows), "disclosure", 2019)
    assert {c.status for c in tables.cells if c.row == "licensing"} == {"ambiguous"}


def test_an_empty_first_value_or_a_lost_field_cannot_be_told_apart():
    shape = tabbed()
    at = next(i for i, line in enumerate(shape) if "（一）予以公开" in line)
    shape[at] = shape[at].replace("\t" + number(2, 0), "")
    tables = read(lines(shape))
    assert {c.status for c in tables.cells if c.row == "granted"} == {"ambiguous"}


@pytest.mark.parametrize(
    ("text", "want"),
    [
        (["规章12", "3"], None),
        (["规章123"], ["1", "2", "3"]),
        (["规章1234"], None),
        (["规章100"], ["1", "0", "0"]),
        (["规章10020"], None),
    ],
)
def test_glued_numbers_are_parted_only_where_one_way_remains(text, want):
    tables = read(lines(["信息内容本年制发件数本年废止件数现行有效件数", *text]), "disclosure")
    got = [reported(tables, "disclosure").get(("disclosure", "rules", c)) for c in ("issued", "repealed", "in_force")]
    assert got == (want or [None] * 3)


def test_a_text_that_lost_its_repeated_lines_is_refused():
    small = {number(r, c): str((r * 7 + c) % 23) for r in range(25) for c in range(7)}
    shape = list(dict.fromkeys(small.get(x, x) for x in stacked()))
    tables = read(lines(shape))
    assert reported(tables) == {}
    assert "lines_deduplicated" in [i.code for i in tables.issues]


def test_digits_in_a_header_are_no_values():
    rows = ["信息内容 本年收费金额（单位：万元，保留 4 位小数）", "行政事业性收费 7.2831"]
    tables = read(lines(rows), "disclosure")
    assert reported(tables, "disclosure") == {("disclosure", "fees", "amount"): "7.2831"}


def test_table_two_of_2019_as_stacked_lines():
    rows = [
        "第二十条第（一）项",
        "信息内容",
        "本年新",
        "制作数量",
        "本年新",
        "公开数量",
        "对外公开",
        "总数量",
        "规章",
        "1",
        "2",
        "3",
    ]
    rows += [
        "第二十条第（六）项",
        "信息内容",
        "上一年项目数量",
        "本年增/减",
        "处理决定数量",
        "行政处罚",
        "52",
        "-35",
        "219",
    ]
    tables = read(lines(rows), "disclosure", 2019)
    assert reported(tables, "disclosure") == {
        ("disclosure", "rules", "made"): "1",
        ("disclosure", "rules", "disclosed"): "2",
        ("disclosure", "rules", "public_total"): "3",
        ("disclosure", "penalty", "prior_items"): "52",
        ("disclosure", "penalty", "change"): "-35",
        ("disclosure", "penalty", "decisions"): "219",
    }


LEAF = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
FIFTEEN = [str(60 + 7 * i) for i in range(15)]


@pytest.mark.parametrize(
    "rows",
    [
        ["行政复议 行政诉讼", *LEAF, "未经复议直接起诉 复议后起诉", " ".join(LEAF * 2), " ".join(FIFTEEN)],
        ["行政复议\t\t\t\t\t行政诉讼", "\t".join(LEAF), "\t".join(FIFTEEN)],
        ["行政复议", *LEAF, "行政诉讼", "未经复议直接起诉", *LEAF, "复议后起诉", *LEAF, *FIFTEEN],
        [
            "行政复议",
            *LEAF,
            *FIFTEEN[:5],
            "行政诉讼",
            "未经复议直接起诉",
            *LEAF,
            *FIFTEEN[5:10],
            "复议后起诉",
            *LEAF,
            *FIFTEEN[10:],
        ],
    ],
)
def test_table_four_in_lines(rows):
    want = {("review", r, c): v for (r, c), v in zip(REVIEW_CODES, FIFTEEN, strict=True)}
    assert reported(read(lines(rows), "review"), "review") == want


def test_table_four_with_a_number_lost_is_ambiguous():
    rows = ["行政复议 行政诉讼", " ".join(LEAF * 3), " ".join(FIFTEEN[:9] + FIFTEEN[10:])]
    tables = read(lines(rows), "review")
    assert {c.status for c in tables.cells if c.table == "review"} == {"ambiguous"}


def test_two_reports_side_by_side_are_never_mixed():
    rows = [f"{line.label}\t" + "\t".join(numbers(r)) for r, line in enumerate(application_rows())]
    other = [f"{x}\t{y.replace(chr(49), chr(50))}" for x, _, y in (row.partition("\t") for row in rows)]
    tables = read(lines([f"{one}\t{two}" for one, two in zip(rows, other, strict=True)]))
    assert all(k[1] != "received" or v in numbers(0) for k, v in reported(tables).items())
    assert {c.status for c in tables.cells if c.row == "granted"} <= {"ambiguous", "reported"}
    same = [k for k, v in application_cells().items() if "1" not in v]
    assert reported(tables) == {k: application_cells()[k] for k in same}


def _denied(spoil=None):
    numbers = [[10 * row + k for k in range(6)] for row in range(1, 9)]
    values = [n for row in numbers for n in (*row, sum(row))]
    values = spoil(values) if spoil else values
    text = ["（二）部分公开（区分处理的，只计这一情形，不计其他情形）", *"1234560", "（三）不予公开", *map(str, values)]
    text += ["（四）无法提供", "1.本机关不掌握相关政府信息", "3", "0", "1", "0", "0", "0", "4"]
    tables = read(lines(text), "application", 2022)
    return values, [c for c in tables.cells if c.row.startswith("denied_") and c.status == "reported"], tables


def test_a_block_without_labels_is_placed_where_its_sums_settle_it():
    values, cells, _ = _denied()
    assert [int(c.value) for c in cells] == values


@pytest.mark.parametrize("spoil", [lambda v: [v[0] + 1, *v[1:]], lambda v: v[:-1], lambda v: [*v, 7]])
def test_a_block_without_labels_that_no_sum_settles_is_refused(spoil):
    _, cells, tables = _denied(spoil)
    assert not cells
    assert "label_unknown" in {issue.code for issue in tables.issues}


def test_a_blank_at_the_end_of_a_row_may_have_moved_there():
    """No other row has a blank between its values: nothing says that blanks keep their places in this text."""
    shape = [line.replace(number(1, 6), "") for line in tabbed()]
    tables = read(lines(shape))
    assert {c.status for c in tables.cells if c.row == "carried_in"} == {"ambiguous"}
    assert reported(tables) == {k: v for k, v in application_cells().items() if k[1] != "carried_in"}


def test_the_first_half_of_a_wrapped_label_is_no_value_of_a_row_with_a_blank():
    texts = [
        "（三）不予公开1.属于国家秘密 61 12 13 14 15 16",
        "2.其他法律行 71 22 23 24 25 26",
        "政法规禁止公开",
        "3.危及“三 81 32 33 34 35 36",
        "安全一稳定”",
    ]
    tables = read(lines(texts))
    assert not reported(tables)
    assert {c.status for c in tables.cells if c.row == "denied_by_law"} == {"ambiguous"}


def test_chinese_numerals_and_none_are_values_behind_a_label():
    texts = [
        "一、本年新收政府信息公开申请数量\t十二\t三\t无\t—\t0\t二十\t三十五",
        "二、上年结转政府信息公开申请数量 八 无 无 无 二 无 十",
    ]
    tables = read(lines(texts))
    received = [c for c in tables.cells if c.row == "received"]
    assert [str(c.value) if c.value is not None else c.status for c in received] == [
        *("12", "3", "not_applicable", "not_applicable", "0", "20", "35")
    ]
    carried = [c for c in tables.cells if c.row == "carried_in"]
    assert [str(c.value) if c.value is not None else c.status for c in carried] == [
        *("8", "not_applicable", "not_applicable", "not_applicable", "2", "not_applicable", "10")
    ]


def test_none_in_lines_of_its_own_is_a_value_where_its_row_lacks_one():
    texts = ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数", "规章", "无", "无", "无"]
    texts += ["行政规范性文件", "7", "无", "19"]
    texts += ["信息内容", "本年处理决定数量", "行政许可", "无", "行政处罚", "61", "无其他情况。"]
    tables = read(lines(texts), "disclosure")
    states = {(c.row, c.column): c.status for c in tables.cells if c.table == "disclosure"}
    assert [states["rules", c] for c in ("issued", "repealed", "in_force")] == ["not_applicable"] * 3
    assert states["normative_documents", "repealed"] == "not_applicable"
    assert states["licensing", "decisions"] == "not_applicable"
    assert str(cell(tables, "disclosure", "normative_documents", "in_force").value) == "19"
    assert str(cell(tables, "disclosure", "penalty", "decisions").value) == "61"


def test_table_four_of_nothing_but_none():
    results = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    texts = ["行政复议", "行政诉讼", *results, "未经复议直接起诉", "复议后起诉", *results * 2, *["无"] * 15]
    tables = read(lines(texts), "review")
    assert {c.status for c in tables.cells if c.table == "review"} == {"not_applicable"}


PAGE_NUMBER_ROWS = [
    "一、本年新收政府信息公开申请数量 21 2 3 4 5 6 41",
    "二、上年结转政府信息公开申请数量 11 2 3 4 5 6 31",
]


def test_a_bare_number_behind_a_whole_line_that_adds_up_is_a_pages():
    tables = read(lines([PAGE_NUMBER_ROWS[0], "9", PAGE_NUMBER_ROWS[1]]))
    assert str(cell(tables, "application", "received", "total").value) == "41"
    assert str(cell(tables, "application", "carried_in", "natural_person").value) == "11"


def test_a_bare_number_behind_a_line_that_does_not_add_up_may_belong_to_it():
    tables = read(lines([PAGE_NUMBER_ROWS[0].replace("41", "4"), "1", PAGE_NUMBER_ROWS[1]]))
    assert {c.status for c in tables.cells if c.row == "received"} == {"ambiguous"}


def test_merged_cells_of_table_two_written_for_every_column():
    texts = [
        "| 信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |",
        "| 行政规范性文件 | 8 | 8 | 34 |",
        "| 信息内容 | 本年处理决定数量 | 本年处理决定数量 | 本年处理决定数量 |",
        "| 行政许可 | 57 | 57 | 57 |",
        "| 行政处罚 | 46 | 46 | 47 |",
    ]
    tables = read(lines(texts), "disclosure")
    found = {key[1:]: value for key, value in reported(tables, "disclosure").items()}
    assert found == {
        ("normative_documents", "issued"): "8",
        ("normative_documents", "repealed"): "8",
        ("normative_documents", "in_force"): "34",
        ("licensing", "decisions"): "57",
    }


def test_a_header_misprinted_twice_is_no_merged_cell():
    texts = [
        "信息内容\t本年新制作数量\t本年新制作数量\t对外公开总数量",
        "规范性文件\t6\t6\t58",
    ]
    found = reported(read(lines(texts), "disclosure", year=2020), "disclosure")
    assert {key[2]: value for key, value in found.items()} == {"made": "6", "disclosed": "6", "public_total": "58"}


def test_a_bare_number_behind_a_row_without_a_total_is_never_taken_for_it():
    short = PAGE_NUMBER_ROWS[0].removesuffix(" 41")
    unsure = read(lines([short, "9", PAGE_NUMBER_ROWS[1]]))
    assert {c.status for c in unsure.cells if c.row == "received"} == {"ambiguous"}
    wrapped = read(lines([short, "41", PAGE_NUMBER_ROWS[1]]))
    assert str(cell(wrapped, "application", "received", "total").value) == "41"


def test_a_group_that_heads_its_rows_with_empty_cells_is_no_row():
    group = next(r for r in application_rows() if r.code == "other_remaining").groups[-1]
    shape = [line.replace(group, "") for line in tabbed()]
    at = next(i for i, line in enumerate(shape) if "逾期不补正" in line)
    shape.insert(at, f"\t{group}\t" + "\t" * 7)
    tables = read(lines(shape))
    assert reported(tables) == application_cells()
    assert "other" not in {c.row for c in tables.cells}
    assert {c.form for c in tables.cells if c.table == "application" and c.form} <= {"2021"}


def test_the_form_counts_rows_whose_header_stands_apart():
    texts = []
    for header, rows in (
        ("本年制发件数 本年废止件数 现行有效件数", ("规章 | 1 | 2 | 3", "行政规范性文件 | 4 | 5 | 6")),
        ("本年处理决定数量", ("行政许可 | 7", "行政处罚 | 8", "行政强制 | 9")),
        ("本年收费金额（单位：万元）", ("行政事业性收费 | 10",)),
    ):
        texts.append(f"信息内容 {header}")
        for row in rows:
            texts += ["| 项目 | 数据1 |", f"| {row} |"]
    blocks = (
        Section("disclosure", "", tuple(lines(texts))),
        Section("application", "", tuple(lines(["（六）其他处理 1 2 3 4 5 6 21"]))),
    )
    tables = read_tables(blocks, LABELS, None)
    assert tables.form == "2021"
    assert {c.form for c in tables.cells if c.row == "other"} == {"2019"}


def test_a_pipe_at_the_end_of_a_row_stands_before_an_empty_cell_where_other_rows_have_none():
    rows = application_rows()
    texts = []
    for r, line in enumerate(rows):
        values = numbers(r) if r not in (1, len(rows) - 1) else [*numbers(r)[:2], "", *numbers(r)[3:6], ""]
        texts += [piece for value in (line.label, *values) for piece in (value, "|")][:-1]
    tables = read(lines(texts))
    for row in ("carried_in", "carried_out"):
        assert [c.status for c in tables.cells if c.row == row] == ["reported"] * 2 + ["blank"] + ["reported"] * 3 + [
            "blank"
        ]
    whole = {key: v for key, v in application_cells().items() if key[1] not in ("carried_in", "carried_out")}
    assert {key: v for key, v in reported(tables).items() if key[1] in {k[1] for k in whole}} == whole


def test_a_bare_number_behind_a_line_of_table_two_leaves_that_row_in_doubt():
    texts = ["信息内容 上一年项目数量 本年增/减 处理决定数量", "行政许可 315 42", "6", "其他对外管理服务事项 61 7 88"]
    found = reported(read(lines(texts), "disclosure", year=2020), "disclosure")
    assert {key[1:]: value for key, value in found.items()} == {
        ("other_services", "prior_items"): "61",
        ("other_services", "change"): "7",
        ("other_services", "decisions"): "88",
    }


def test_other_and_total_without_markers_are_those_of_the_form_whose_rows_are_there():
    rows = application_rows("2019")
    first = next(r for r, line in enumerate(rows) if line.code == "rejected_confirmation")
    texts = [f"{body(line.label)} {' '.join(numbers(r))}" for r, line in enumerate(rows) if r >= first]
    texts = [line.replace("其他处理", "其他") for line in texts]
    found = reported(read(lines(texts), year=2020))
    assert found == {k: v for k, v in application_cells("2019").items() if k[1] in {line.code for line in rows[first:]}}
