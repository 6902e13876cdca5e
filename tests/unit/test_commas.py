"""Rows with commas between their values: parted where that is certain, never where a comma may be one of thousands."""

from __future__ import annotations

import random

import pytest
from drawn import application_rows, number, read

from pipelines.extract.commas import comma_fields
from pipelines.extract.encoding import Decoded
from pipelines.extract.text import read_text
from pipelines.read.tables import Tables

HEADER = [
    "（本列数据的勾稽关系为：第一项加第二项之和,等于第三项加第四项之和）,,,申请人情况,,,,,,",
    ",,,自然人,法人或其他组织,,,,,总计",
    ",,,,商业企业,科研机构,社会公益组织,法律服务机构,其他,",
]


def table(values: dict[str, list[str]], ragged: bool = False) -> list[str]:
    """Table three in lines with commas; rows without values of their own have the numbers of `drawn`."""
    out, seen = list(HEADER), set()
    for r, line in enumerate(application_rows()):
        groups = ["" if group in seen else group for group in line.groups]
        seen |= set(line.groups)
        shown = values.get(line.code, [number(r, c) for c in range(7)])
        out.append(",".join([*groups, line.label, *[""] * (2 - len(groups)), *shown]))
    return [line.rstrip(",") for line in out] if ragged else out


def read_lines(texts: list[str]) -> Tables:
    return read(list(read_text(Decoded("\n".join(texts), "utf-8")).blocks))  # type: ignore[arg-type]


def row(tables: Tables, code: str) -> list[str]:
    return [str(c.value) if c.status == "reported" else c.status for c in tables.cells if c.row == code]


def test_rows_are_parted_and_their_blanks_keep_their_places() -> None:
    tables = read_lines(
        table({"granted": ["", "12", "", "345", "6", "/", ""], "received": ["31", *"", *"2345", "", "9"]})
    )
    assert row(tables, "granted") == ["blank", "12", "blank", "345", "6", "not_applicable", "blank"]
    assert row(tables, "carried_out") == [number(len(application_rows()) - 1, c) for c in range(7)]


def test_a_number_with_a_comma_of_thousands_leaves_its_row_out_and_no_other() -> None:
    tables = read_lines(table({"granted": ["0", "0", "1,234", "0", "0", "0", ""]}))
    assert row(tables, "granted") == ["missing"] * 7
    assert row(tables, "granted_in_part") == [number(3, c) for c in range(7)]
    assert row(tables, "carried_in") == [number(1, c) for c in range(7)]


def test_rows_that_lost_their_last_commas_give_only_what_is_whole() -> None:
    values = {"granted": ["", "12", "13", "14", "15", "16", ""], "carried_in": ["5", "123", "6", "7", "8", "9", "158"]}
    tables = read_lines(table(values, ragged=True))
    assert set(row(tables, "granted")) == {"ambiguous"}
    assert set(row(tables, "carried_in")) == {"missing"}
    assert row(tables, "granted_in_part") == [number(3, c) for c in range(7)]


def test_quotes_around_a_number_keep_it_whole() -> None:
    lines = ['规章,"1,234",5,6', "行政规范性文件,7,8,9", "合计,10,11,"]
    assert comma_fields(lines)[0] == ("规章", "1,234", "5", "6")


@pytest.mark.parametrize(
    "lines",
    [
        ["规章,7,8,9", "行政规范性文件,17,18,19"],
        ["共收到申请,办结12件,转出1件", "发文,其中规章,其中文件", "接待来访,来电,来信"],
        ["规章 1,362 5 7", "行政规范性文件 2,471 6 8", "合计 3,833 11 15"],
        ["规章\t7,8\t9", "规章|7,8|9", "合计\t7,8\t9"],
        ["规章,7,8", "下面另起一段", "规章,9,10", "又起一段", "规章,11,12"],
        ["规章,7," + "长" * 61, "规章,8," + "长" * 61, "规章,9," + "长" * 61],
    ],
)
def test_other_lines_with_commas_stay_as_they_are(lines: list[str]) -> None:
    assert comma_fields(lines) == {}


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_given_is_right(seed: int) -> None:
    chance = random.Random(seed)
    ragged, thousands = chance.random() < 0.5, chance.random() < 0.7
    figures = {
        line.code: [
            chance.choice([None, 7, chance.randrange(10, 999), chance.randrange(1000, 30000)]) for _ in range(7)
        ]
        for line in application_rows()
    }
    shown = {
        code: ["" if n is None else f"{n:,}" if thousands else str(n) for n in numbers]
        for code, numbers in figures.items()
    }
    tables = read_lines(table(shown, ragged))
    for code, numbers in figures.items():
        for found, want in zip(row(tables, code), numbers, strict=True):
            assert found in ("ambiguous", "missing", "blank" if want is None else str(want)), code
    if not ragged and not thousands:
        assert any(found.isdecimal() for code in figures for found in row(tables, code))


@pytest.mark.parametrize(
    ("lines", "first"),
    [
        (["规章,12,345,7", "甲,1,2,3", "乙,4,5,6"], None),
        (["规章,12,345,7", "甲,1,2,", "乙,4,5,6", "丙,8,9"], None),
        (["规章,12,345,7", "甲,1,2,", "乙,4,5,6"], ("规章", "12", "345", "7")),
        (["规章,,7", "甲,1,2,3", "乙,4,5,6"], ("规章", "7")),
        (["（甲,乙）,7,8", "丙,1,2", "丁,3,4"], ("（甲,乙）", "7", "8")),
        (["（甲,乙,7", "丙,1,2", "丁,3,4"], ("（甲", "乙", "7")),
        (["规章,7,8\t9", "甲,1,2\t3", "乙,4,5\t6"], None),
        (["规章,7,8|9", "甲,1,2|3", "乙,4,5|6"], None),
        (["规章,7,8", "第二项", "甲,1,2", "乙,4,5", "丙,3,6"], ("规章", "7", "8")),
        (["收到申请,已办结,", "第二项", "甲,1,2", "乙,4,5", "丙,3,6"], None),
        (["规章;1,234;8", "甲;1;2", "乙;4;5"], ("规章", "1,234", "8")),
        (["规章;7;;", "甲;1;2;", "乙;4;5;6"], ("规章", "7", "", "")),
        (['"规章";"7";"8"', '"甲";"1";"2"', '"乙";"4";"5"'], ("规章", "7", "8")),
        (["规章;7;8", "全年;制发12件;", "另有3件"], None),
    ],
)
def test_the_fields_of_a_line_among_others(lines: list[str], first: tuple[str, ...] | None) -> None:
    assert comma_fields(lines).get(0) == first
