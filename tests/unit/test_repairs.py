"""Documents that were damaged, compare years, or hold several reports."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

import pytest
from drawn import grid

from pipelines.forms import load_forms
from pipelines.model import Document, Grid, GridCell, Paragraph, Report
from pipelines.read.repairs import of_own_year, of_year, repaired
from tests.factory import layouts
from tests.factory.figures import history
from tests.factory.places import COUNTIES, offices
from tests.factory.report import Report as Made
from tests.factory.report import compose
from tests.factory.sheets import Sheet
from tests.factory.text import full_rows
from tests.reports.comparison import read_file

FIRST, SECOND, THIRD = offices(COUNTIES[2], 3)


def made(office: object, seed: int, year: int = 2022) -> Made:
    return compose(random.Random(seed), office, year, history(random.Random(seed), (year,), "mid")[year])  # type: ignore[arg-type]


def numbers(report: Report) -> dict[tuple[str, str, str], Decimal]:
    return {(c.table, c.row, c.column): c.value for c in report.cells if c.value is not None}


def truth(report: Made) -> dict[tuple[str, str, str], Decimal]:
    return {key: entry.value for key, entry in report.entries.items() if entry.value is not None}


def rows_of(report: Made) -> list[list[str]]:
    found: list[list[str]] = [[report.prose.title]]
    for kind, content in report.parts()[1:]:
        if isinstance(content, Sheet):
            found += [[*row, *[""] * (15 - len(row))] for row in full_rows(content)]
        elif kind == "heading":
            found.append([content])
    return found


def beside(one: Made, other: Made, width: int = 15) -> list[list[str]]:
    return [
        [*a, *[""] * (width - len(a)), *b, *[""] * (width - len(b))]
        for a, b in zip(rows_of(one), rows_of(other), strict=True)
    ]


def html(rows: list[list[str]]) -> bytes:
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<html><meta charset=utf-8><body><table border=1>{body}</table></body></html>".encode()


@pytest.mark.parametrize("kind", ["html", "text"])
def test_two_reports_side_by_side_are_two(kind: str) -> None:
    one, other = made(FIRST, 4), made(SECOND, 9)
    rows = beside(one, other)
    data = html(rows) if kind == "html" else "\n".join("\t".join(row) for row in rows).encode()
    found = [r.report for r in read_file(data, f"x.{kind}")]  # type: ignore[union-attr]
    assert [r.agency for r in found] == [FIRST.name, SECOND.name]
    for report, want in zip(found, (one, other), strict=True):
        given = numbers(report)
        assert {k: v for k, v in given.items() if want.entries[k].value != v} == {}
        assert len(given) > 150


def test_a_district_with_its_departments_behind_it_is_several() -> None:
    parts = [made(office, n) for n, office in enumerate((FIRST, SECOND, THIRD))]
    text = "\n\n".join(layouts.write("text_tab", one, "annex").data.decode() for one in parts)
    found = [r.report for r in read_file(text.encode(), "x.txt")]  # type: ignore[union-attr]
    assert [r.agency for r in found] == [FIRST.name, SECOND.name, THIRD.name]
    assert [numbers(r) for r in found] == [truth(one) for one in parts]


def test_text_read_in_a_wrong_encoding_is_set_right_where_that_is_exact() -> None:
    one = made(SECOND, 5)
    right = layouts.write("html", one, "plain").data.decode()
    wrong = right.encode().decode("latin-1").encode()
    (found,) = read_file(wrong, "x.html")
    assert numbers(found.report) == truth(one)  # type: ignore[union-attr]
    assert "mojibake_undone" in {i.code for i in found.issues} | {i.code for i in found.report.issues}  # type: ignore[union-attr]


def test_injected_percentages_are_left_out() -> None:
    one = made(SECOND, 5)
    lines = layouts.write("text_tab", one, "plain").data.decode().split("\n\n")
    found = read_file("\n\n重复率: 80%\n\n".join(lines).encode(), "x.txt")
    assert numbers(found[0].report) == truth(one)  # type: ignore[union-attr]


def two_years(own: Made, other: Made, heads: tuple[str, str]) -> bytes:
    """Table three with two columns for each applicant: another year's and the report's own."""
    (sheet,) = own.sheets()["application"]
    (before,) = other.sheets()["application"]
    old = {box.key: box.text for box in before.boxes if box.key}
    rows: list[str] = []
    for boxes in sheet.rows():
        cells = []
        for box in boxes:
            wide = 2 * box.column_span if box.column >= 3 else box.column_span
            pair = [old[box.key], box.text] if box.key else [box.text]
            attributes = f'rowspan="{box.row_span}" colspan="{wide if len(pair) == 1 else 1}"'
            cells += [f"<td {attributes}>{text}</td>" for text in pair]
        rows.append(f"<tr>{''.join(cells)}</tr>")
    years = "".join(f"<td>{head}</td>" for _ in range(7) for head in heads)
    rows.insert(3, f"<tr><td colspan=3>年度</td>{years}</tr>")
    table = f"<table border=1>{''.join(rows)}</table>"
    titled = f"<h1>{own.prose.title}</h1><p>三、收到和处理政府信息公开申请情况</p>{table}"
    return f"<html><meta charset=utf-8><body>{titled}</body></html>".encode()


def test_of_two_years_in_one_table_the_reports_own_is_taken() -> None:
    own, other = made(SECOND, 5), made(SECOND, 8)
    assert "2022" in own.prose.title
    (found,) = read_file(two_years(own, other, ("2021年", "2022年")), "x.html")
    want = {key: value for key, value in truth(own).items() if key[0] == "application"}
    assert {k: v for k, v in numbers(found.report).items() if k[0] == "application"} == want  # type: ignore[union-attr]


def test_years_below_each_header_part_the_columns_of_the_rows_that_end_there() -> None:
    years = ["2021年", "2022年"]
    rows: list[list[str | tuple[str, int, int]]] = [
        ["信息内容", ("本年制发件数", 1, 2), ("本年废止件数", 1, 2), ("现行有效件数", 1, 2)],
        ["", *years * 3],
        ["规章", "31", "41", "32", "42", "33", "43"],
        ["行政规范性文件", "34", "44", "35", "45", "36"],
        ["信息内容", ("本年处理决定数量", 1, 6)],
        ["", ("2021年", 1, 3), ("2022年", 1, 3)],
        ["行政许可", ("37", 1, 3), ("47", 1, 3)],
    ]
    drawn = of_year(grid(rows), 2022)
    shown = [[c.text for c in drawn.cells if c.row == n][1:] for n in (2, 3, 6)]
    assert shown == [["41", "42", "43"], ["34", "44", "35", "45", "36"], ["47"]]
    assert of_year(grid(rows), 2020) == grid(rows)


def test_two_columns_that_do_not_say_their_year_are_never_guessed() -> None:
    own, other = made(SECOND, 5), made(SECOND, 8)
    (found,) = read_file(two_years(own, other, ("甲", "乙")), "x.html")
    assert not [c for c in found.report.cells if c.status == "reported"]  # type: ignore[union-attr]


def test_mojibake_in_paragraphs_is_undone_only_where_every_text_comes_back() -> None:
    labels = [row.label for row in load_forms()["2021"].table("application").rows][4:14]
    wrong = [label.encode().decode("latin-1") for label in labels]
    blocks = tuple(Paragraph(n, text, (text,)) for n, text in enumerate(wrong))
    mended = repaired(Document("docx", blocks))
    assert [b.text for b in mended.blocks if isinstance(b, Paragraph)] == labels
    assert [i.code for i in mended.issues] == ["mojibake_undone"]
    damaged = (*blocks, Paragraph(20, "Ã©ï¿½公", ("x",)))
    assert repaired(Document("docx", damaged)).blocks == damaged


def test_last_years_table_under_its_year_is_left_out_beside_this_years() -> None:
    cells = tuple(GridCell(n, 0, f"{n}.{label}") for n, label in enumerate(("属于国家秘密", "重复申请"), 1))
    own, other = Grid(1, 28, 10, (*cells, GridCell(3, 0, "自然人"))), Grid(2, 4, 15, (GridCell(0, 0, "行政复议"),))
    last = Grid(0, 30, 9, cells)
    pairs = [(last, "三、申请情况2022年度"), (own, "2023年收到和处理情况"), (other, "四、复议情况（2022年）")]
    assert of_own_year(pairs, 2023) == pairs[1:]
    assert of_own_year(pairs, 2021) == of_own_year(pairs, None) == pairs
    below = [pairs[1], (last, "2022年度情况"), (replace(last, index=3), "")]
    assert of_own_year(below, 2023) == below[:1]
    told = [(last, "2022年共收到申请。"), (own, "2023年收到和处理情况")]
    assert of_own_year(told, 2023) == told
