"""What no workbook may do to us."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.extract import Unreadable, extract
from tests.processor_time import at_most
from tests.unit.sheets_made import (
    SHEET,
    book,
    codes,
    ods,
    ods_cell,
    refusal,
    replaced,
    shown,
    small_book,
    table,
    xls_book,
)


def test_formulas_that_ask_for_each_other_are_bounded() -> None:
    cells = "".join(f'<c r="C{n}"><f>SUM(C{n + 1},D1:D900)</f></c>' for n in range(1, 4_000))
    rows = f'<row r="9">{cells}</row><row r="10"><c r="B10"><f>B11</f></c><c r="B11"><f>B10</f></c></row></sheetData>'
    data = replaced(small_book(), SHEET, b"</sheetData>", rows.encode())
    with at_most(5):
        assert "formula_not_calculated" in codes(extract(data))


@pytest.mark.parametrize("ref", [b"A1:XFD1048576", b"A1:A1048576"])
def test_a_merge_over_everything_is_bounded(ref: bytes) -> None:
    merge = b'</sheetData><mergeCells><mergeCell ref="' + ref + b'"/></mergeCells>'
    with at_most(5):
        assert extract(replaced(small_book(), SHEET, b"</sheetData>", merge)).blocks


def test_a_million_empty_rows() -> None:
    rows = b"".join(
        b'<row r="%d" s="1" customFormat="1"><c r="A%d" s="1"/></row>' % (n, n) for n in range(5, 1_000_001)
    )
    far = b'<row r="1048576"><c r="XFD1048576"><v>73</v></c></row>'
    data = replaced(small_book(), SHEET, b"</sheetData>", rows + far + b"</sheetData>")
    with at_most(10):
        document = extract(data)
    assert shown(document) == [[["kind", "made"], ["rules", "71"], ["fines", "72"]], "73"]


def test_a_million_framed_rows() -> None:
    def write(target: Any) -> None:
        frame, sheet = target.add_format({"border": 1}), target.add_worksheet()
        table(sheet, 0, [["kind", "made"], ["rules", 71]], frame)
        for row in range(2, 60_000):
            sheet.write_blank(row, 0, None, frame)
        sheet.write(60_001, 0, "end")

    assert shown(extract(book(write))) == [[["kind", "made"], ["rules", "71"]], "end"]


def test_a_zip_bomb_is_refused() -> None:
    data = replaced(small_book(), SHEET, b"</sheetData>", b" " * 300_000_000 + b"</sheetData>")
    with at_most(10):
        assert refusal(data) == "too_large"


def test_too_many_cells_are_refused() -> None:
    cells = b"".join(b"<row>" + b"<c><v>7</v></c>" * 100 + b"</row>" for _ in range(2_100))
    assert refusal(replaced(small_book(), SHEET, b"</sheetData>", cells + b"</sheetData>")) == "too_large"


def test_entities_are_not_expanded() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet'
    assert refusal(replaced(small_book(), SHEET, b"<worksheet", bomb)) == "damaged"


def test_an_empty_workbook() -> None:
    assert refusal(book(lambda target: target.add_worksheet())) == "empty"


def test_a_padded_ods_is_bounded() -> None:
    cell = ods_cell("x", more='table:number-columns-repeated="16384"')
    body = f'<table:table><table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row></table:table>'
    assert refusal(ods(body)) == "too_large"


@pytest.mark.parametrize("kind", ["xls", "xlsx", "ods"])
def test_damaged_workbooks_are_refused_or_read(kind: str) -> None:
    whole = {"xls": xls_book(), "xlsx": small_book(), "ods": ods(f"<table:table>{ods_cell('x')}</table:table>")}[kind]
    draw = random.Random(kind)
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(draw.randint(1, 12)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        cut = bytes(data[: draw.randrange(8, len(data))]) if draw.random() < 0.3 else bytes(data)
        try:
            extract(cut)
        except Unreadable as error:
            assert error.issue.code and error.issue.message


@given(st.binary(max_size=300), st.integers(0, 40))
@settings(max_examples=80, deadline=None)
def test_noise_in_a_sheet(noise: bytes, place: int) -> None:
    content = noise.replace(b"]]>", b"")
    data = replaced(small_book(), SHEET, b"<v>71</v>", b"<v>" + content[place:] + b"</v>" + content[:place])
    try:
        assert extract(data).blocks
    except Unreadable as error:
        assert error.issue.code in {"damaged", "too_deep", "too_large"}
