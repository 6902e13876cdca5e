"""What the cells of workbooks show: numbers, dates, formulas with and without results."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract import extract
from pipelines.extract.number_formats import plain_digits, shown_number
from tests.unit.sheets_made import SHEET, book, codes, replaced, shown, small_book, table


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (12.0, "General", "12"),
        (0.1 + 0.2, "General", "0.3"),
        (372.94979999999998, "0.00", "372.9498"),
        (1234567.5, "#,##0", "1234567.5"),
        (-35, "0;-0", "-35"),
        (0.1275, "0.00%", "12.75%"),
        (6, '0"件"', "6件"),
        (6, 'G/通用格式"万元"', "6万元"),
        (7, '[>100]0"多";0"少"', "7"),
        (8, '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "8"),
        (0, '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "0"),
        (45306, "yyyy-mm-dd", "2024-01-15"),
        (45306, 'yyyy"年"m"月"d"日"', "2024-01-15"),
        (45306.5, "yyyy/m/d h:mm", "2024-01-15 12:00"),
        (45306, "[$-804]yyyy/m/d;@", "2024-01-15"),
        (5, "[Red]0", "5"),
        (1e300, "General", "1E+300"),
        (1e15, "General", "1000000000000000"),
    ],
)
def test_numbers_show_all_their_digits(value: float, code: str, text: str) -> None:
    assert shown_number(value, code) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_digits_survive(value: Decimal) -> None:
    assert Decimal(plain_digits(value)) == value
    assert Decimal(shown_number(float(value))) == value


def test_what_cells_hold() -> None:
    def write(target: Any) -> None:
        sheet = target.add_worksheet()
        table(sheet, 0, [["text", "61"], ["number", 62.5], ["slash", "/"], ["wide", "６３"]])
        sheet.write_formula(4, 0, '="sum"', None, "sum")
        sheet.write_formula(4, 1, "=B1+1", None, 64)
        sheet.write(5, 0, "error")
        sheet.write_formula(5, 1, "=1/0", None, "#DIV/0!")
        sheet.write(6, 0, "date")
        sheet.write_datetime(6, 1, date(2024, 3, 1), target.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write(7, 0, "truth")
        sheet.write_boolean(7, 1, True)
        sheet.write(8, 0, "two\nlines")
        sheet.write(8, 1, 65)
        sheet.write_rich_string(9, 0, "ri", target.add_format({"bold": True}), "ch")
        sheet.write(9, 1, 66)

    (rows,) = shown(extract(book(write)))
    assert rows == [
        ["text", "61"],
        ["number", "62.5"],
        ["slash", "/"],
        ["wide", "６３"],
        ["sum", "64"],
        ["error", "#DIV/0!"],
        ["date", "2024-03-01"],
        ["truth", "TRUE"],
        ["two\nlines", "65"],
        ["rich", "66"],
    ]


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("SUM(B3:B4)", "165"),
        ("sum($B$3,B4)+B3-1", "236"),
        ("B3", "72"),
        ("B3-B4", "-21"),
        ("+B3+C9", "72"),
        ("SUM(A1:B1)", "0"),
    ],
)
def test_sums_are_calculated_where_the_file_keeps_no_result(formula: str, result: str) -> None:
    rows = [["kind", "made"], ["all", 71], ["rules", 72], ["fines", 93]]
    data = book(lambda target: table(target.add_worksheet(), 0, rows))
    document = extract(replaced(data, SHEET, b"<v>71</v>", f"<f>{formula}</f>".encode()))
    assert shown(document) == [[["kind", "made"], ["all", result], ["rules", "72"], ["fines", "93"]]]
    assert not codes(document)


@pytest.mark.parametrize(
    "formula", ["A1+A3", "IF(B3&gt;1,2,3)", "B2", "SUM(B2:B3)", "Other!B3", "SUM(B3:B9999)", "B3*2", ""]
)
def test_a_formula_without_a_result_is_no_number(formula: str) -> None:
    document = extract(replaced(small_book(), SHEET, b"<v>71</v>", f"<f>{formula}</f>".encode()))
    assert shown(document) == [
        [["kind", "made"], ["rules", "=" + formula.replace("&gt;", ">")], ["fines", "72"]],
    ]
    assert codes(document) == {"formula_not_calculated"}


def test_a_zero_that_the_file_calls_outdated_is_not_believed() -> None:
    """Programs that do not calculate write 0 and ask for a calculation when the file is opened."""

    def write(target: Any) -> None:
        sheet = target.add_worksheet()
        table(sheet, 0, [["kind", "made", "kept"], ["rules", 74, 75], ["fines", 76, 77]])
        sheet.write_formula(3, 1, "=SUM(B2:B3)")
        sheet.write_formula(3, 2, "=MAX(C2:C3)")
        sheet.write(3, 0, "all")

    document = extract(book(write))
    assert shown(document)[0][3] == ["all", "150", "=MAX(C2:C3)"]
    assert codes(document) == {"formula_not_calculated"}


def test_cells_without_references_and_strict_namespaces() -> None:
    data = small_book()
    for old in (b' r="B2"', b' r="A2"', b' r="2"'):
        data = replaced(data, SHEET, old, b"")
    data = replaced(
        data,
        SHEET,
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    )
    assert shown(extract(data)) == [[["kind", "made"], ["rules", "71"], ["fines", "72"]]]


def test_pronunciation_is_not_text() -> None:
    data = replaced(
        small_book(), "xl/sharedStrings.xml", b"<t>rules</t>", b"<t>rules</t><rPh sb='0' eb='1'><t>ruulz</t></rPh>"
    )
    assert shown(extract(data))[0][1] == ["rules", "71"]
