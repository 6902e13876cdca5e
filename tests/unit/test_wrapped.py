"""Labels wrapped in a narrow column, their numbers on any line of them: what is given is right, or nothing is given."""

from __future__ import annotations

import random

import pytest
from drawn import LABELS, applicants, application_cells, application_rows, lines, number, read, reported

WIDTHS = (3, 4, 6, 9, 13)
COLUMNS = [column.code for column in applicants()]


def wrapped(text: str, width: int) -> list[str]:
    return [text[at : at + width] for at in range(0, len(text), width)]


def placed(pieces: list[str], values: str, where: str, chance: random.Random) -> list[str]:
    """The lines of a label with its values on the first, the middle or the last of them, or on a line of their own."""
    if where == "behind":
        return [*pieces, values]
    if where == "before":
        return [values, *pieces]
    at = {"first": 0, "middle": len(pieces) // 2, "last": len(pieces) - 1}.get(where)
    at = chance.randrange(len(pieces)) if at is None else at
    return [*pieces[:at], f"{pieces[at]} {values}", *pieces[at + 1 :]]


def drawn(form: str, width: int, where: str, shown: str, groups: bool) -> tuple[list[str], dict[tuple[str, str], str]]:
    """Table three in lines, and what each of its cells shows."""
    chance = random.Random(f"{form} {width} {where} {shown}")
    texts, seen = ["申请人情况", "自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计"], set()
    cells = {}
    for r, line in enumerate(application_rows(form)):
        for group in (g for g in line.groups if groups and g not in seen):
            seen.add(group)
            texts += wrapped(group, width)
        values = ["/" if shown == "strokes" and chance.random() < 0.4 else number(r, c) for c in range(7)]
        lost = chance.randrange(7) if shown == "blanks" and chance.random() < 0.3 else 7
        values = [v if c != lost else "" for c, v in enumerate(values)]
        cells |= {(line.code, column): v for column, v in zip(COLUMNS, values, strict=True)}
        texts += placed(wrapped(line.label, width), " ".join(v for v in values if v), where, chance)
    return texts, cells


@pytest.mark.parametrize("form", ["2019", "2021"])
@pytest.mark.parametrize("shown", ["numbers", "blanks", "strokes"])
@pytest.mark.parametrize("where", ["first", "middle", "last", "any", "behind", "before"])
def test_numbers_on_any_line_of_a_label_are_right_or_not_given(where: str, shown: str, form: str) -> None:
    for width in WIDTHS:
        for groups in (True, False):
            texts, cells = drawn(form, width, where, shown, groups)
            tables = read(lines(texts), year=2020 if form == "2019" else 2023)
            given = {(c.row, c.column): c for c in tables.cells if c.table == "application"}
            states = {"": "blank", "/": "not_applicable"}
            for key, found in given.items():
                if found.status not in ("ambiguous", "missing"):
                    assert (found.status, found.raw) == (states.get(cells[key], "reported"), cells[key]), (width, key)
            if shown == "numbers" and where != "before":
                assert reported(tables) == application_cells(form)
            if where == "before":
                assert not reported(tables)


@pytest.mark.parametrize("table", ["disclosure", "review"])
@pytest.mark.parametrize("where", ["first", "middle", "last", "any", "behind", "before"])
def test_tables_two_and_four_give_what_is_right_or_nothing(where: str, table: str) -> None:
    for width in (2, 3, 5, 8, 12):
        chance = random.Random(f"{width} {where}")
        texts, want, header, value = [], {}, "", 211
        for line in LABELS.forms["2021"].table(table).rows:
            columns = LABELS.forms["2021"].table(table).columns_of(line)
            if (headed := " ".join(c.label for c in columns)) != header:
                header = headed
                texts.append(f"信息内容 {header}")
            values = []
            for column in columns:
                value += 13
                values.append(str(value))
                want[table, line.code, column.code] = str(value)
            texts += placed(wrapped(line.label, width), " ".join(values), where, chance)
        found = reported(read(lines(texts), table), table)
        assert found.items() <= want.items()
        if where == "behind" or (where == "last" and table == "disclosure"):
            assert found == want
        if where == "before":
            assert not found


NARROW = [
    "2.其他法 48 56 61 73 85 97 420",
    "律行政法",
    "规禁止公",
    "开",
    "3.危 46 57 62 74 86 98 423",
    "及“三安全一稳定”",
]


def test_the_numbers_of_the_next_row_are_never_those_of_a_label_that_ends_above() -> None:
    found = reported(read(lines(NARROW)))
    assert {(row, value) for (_, row, column), value in found.items() if column == "total"} == {
        ("denied_by_law", "420"),
        ("denied_safety", "423"),
    }


def test_a_misprinted_label_and_the_beginning_of_the_next_are_not_one_label() -> None:
    """Without its first letters on the line of its own numbers, this one resembles itself most."""
    texts = ["七 48 56 61 73 85 97 420", "年新收政府信息公开申请量", "二、上 46 57 62 74 86 98 423", "年结转申请的数量"]
    assert "received" not in {row for _, row, _ in reported(read(lines(texts)))}


def test_a_numeral_alone_that_begins_the_next_label_is_no_value() -> None:
    texts = ["二、上年结转政府信息公开申请数量", "105 109 115 122 126 577", "三", "、本年度办理结果"]
    texts += ["（一）予以公开", "11 12 13 14 15 16 81"]
    tables = read(lines(texts))
    assert {c.status for c in tables.cells if c.row == "carried_in"} == {"ambiguous"}
    assert reported(tables)["application", "granted", "total"] == "81"


def test_a_row_without_a_label_leaves_the_next_numbers_alone_on_their_line_in_doubt() -> None:
    texts = ["（三）不予公开", "21 22 23 24 25 26 141", "1.属于国家秘密", "31 32 33 34 35 36 201"]
    texts += ["2.其他法律行政法规禁止公开", "41 42 43 44 45 46 261", "3.危及“三安全一稳定”"]
    tables = read(lines(texts))
    assert not reported(tables)
    attached = [*texts[:2], " ".join(texts[2:4]), " ".join(texts[4:6])]
    assert reported(read(lines(attached)))["application", "denied_by_law", "total"] == "261"


def test_two_rows_of_numbers_behind_one_label_leave_the_next_in_doubt() -> None:
    texts = ["1.属于国家秘密", "31 32 33 34 35 36 201", "21 22 23 24 25 26 141", "2.其他法律行政法规禁止公开"]
    texts += ["41 42 43 44 45 46 261", "3.危及“三安全一稳定”", "（四）无法提供"]
    assert not reported(read(lines(texts)))


def test_a_bracket_before_the_numbers_opens_the_next_label() -> None:
    texts = [
        "（四）无法提供",
        "1.本机关不掌握 31 32 33 34 35 36 201",
        "相关政府信息",
        "（ 41 42 43 44 45 46 261",
        "五）不予处理",
    ]
    assert {row for _, row, _ in reported(read(lines(texts)))} == {"unavailable_not_held"}
    whole = ["1.本机关不掌握相关政府信息", "（ 41 42 43 44 45 46 261", "五）不予处理"]
    assert not reported(read(lines(whole)))
