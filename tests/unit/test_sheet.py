"""Workbooks: what is a line and what a table, what cells show, what is hidden, and what no workbook may do to us."""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.extract import Unreadable, extract
from pipelines.extract.flow import Line, Table
from pipelines.extract.number_formats import plain_digits, shown_number
from pipelines.extract.sheet import Merge, Sheet
from pipelines.extract.sheet_layout import workbook_items
from pipelines.model import Document, Grid, Paragraph


def book(write: Any) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as target:
        write(target)
    return buffer.getvalue()


def shown(document: Document) -> list[Any]:
    """Texts of paragraphs, and of grids the rows of texts."""
    found: list[Any] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            found.append(block.text)
        else:
            rows: list[list[str]] = [[] for _ in range(block.row_count)]
            for cell in block.cells:
                rows[cell.row].append(cell.text)
            found.append(rows)
    return found


def grids(document: Document) -> list[Grid]:
    return [block for block in document.blocks if isinstance(block, Grid)]


def codes(document: Document) -> set[str]:
    return {issue.code for issue in document.issues}


def refusal(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        extract(data)
    return caught.value.issue.code


def table(sheet: Any, row: int, rows: list[list[Any]], shape: Any = None) -> None:
    for number, texts in enumerate(rows):
        for column, text in enumerate(texts):
            sheet.write(row + number, column, text, shape)


def test_titles_are_lines_and_tables_are_grids() -> None:
    def write(target: Any) -> None:
        frame, sheet = target.add_format({"border": 1}), target.add_worksheet()
        sheet.merge_range(0, 0, 0, 3, "Report of 2023")
        sheet.write(1, 0, "Words about the year")
        table(sheet, 2, [["kind", "made", "kept"], ["rules", 11, 12], ["permits", None, 13]], frame)
        sheet.merge_range(5, 0, 5, 2, "Part two")
        table(sheet, 6, [["kind", "done"], ["fines", 14]], frame)
        sheet.write(9, 0, "Closing words")

    document = extract(book(write))
    assert document.format == "xlsx"
    assert shown(document) == [
        "Report of 2023",
        "Words about the year",
        [["kind", "made", "kept"], ["rules", "11", "12"], ["permits", "", "13"]],
        "Part two",
        [["kind", "done"], ["fines", "14"]],
        "Closing words",
    ]


def test_a_label_without_numbers_stays_in_its_framed_table() -> None:
    def write(target: Any) -> None:
        frame, sheet = target.add_format({"border": 1}), target.add_worksheet()
        table(sheet, 0, [["kind", "made", "kept"], ["rules", 11, 12], ["permits", None, None]], frame)
        sheet.write(3, 0, "Next part")

    assert shown(extract(book(write))) == [
        [["kind", "made", "kept"], ["rules", "11", "12"], ["permits", "", ""]],
        "Next part",
    ]


def test_merged_ranges_are_spans() -> None:
    def write(target: Any) -> None:
        sheet = target.add_worksheet()
        sheet.merge_range(4, 2, 5, 2, "kind")
        sheet.merge_range(4, 3, 4, 4, "people")
        table_rows = [["", "", "", "own", "other"], ["", "", "all", 21, 22]]
        for number, texts in enumerate(table_rows):
            for column, text in enumerate(texts[3:], 3):
                sheet.write(5 + number, column, text)
        sheet.write(6, 2, "all")

    (grid,) = grids(extract(book(write)))
    assert (grid.row_count, grid.column_count) == (3, 3)
    assert [(c.row, c.column, c.text, c.row_span, c.column_span) for c in grid.cells] == [
        (0, 0, "kind", 2, 1),
        (0, 1, "people", 1, 2),
        (1, 1, "own", 1, 1),
        (1, 2, "other", 1, 1),
        (2, 0, "all", 1, 1),
        (2, 1, "21", 1, 1),
        (2, 2, "22", 1, 1),
    ]


def test_hidden_parts_are_left_out_and_told() -> None:
    def write(target: Any) -> None:
        sheet = target.add_worksheet("shown")
        table(sheet, 0, [["kind", 901, "made"], ["rules", 902, 31], ["ghost", 903, 904], ["fines", 905, 32]])
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})
        other = target.add_worksheet("ghosts")
        other.write(0, 0, 906)
        other.hide()

    document = extract(book(write))
    assert shown(document) == [[["kind", "made"], ["rules", "31"], ["fines", "32"]]]
    assert codes(document) == {"hidden_sheet", "hidden_text"}


def test_hidden_parts_of_xls_too() -> None:
    target = xlwt.Workbook()
    sheet = target.add_sheet("shown")
    for row, texts in enumerate([["kind", 901, "made"], ["rules", 902, 31], ["ghost", 903, 904], ["fines", 905, 32]]):
        for column, text in enumerate(texts):
            sheet.write(row, column, text)
    sheet.row(2).hidden = True
    sheet.col(1).hidden = True
    ghosts = target.add_sheet("ghosts")
    ghosts.write(0, 0, 906)
    ghosts.visibility = 1
    buffer = io.BytesIO()
    target.save(buffer)
    document = extract(buffer.getvalue())
    assert document.format == "xls"
    assert shown(document) == [[["kind", "made"], ["rules", "31"], ["fines", "32"]]]
    assert codes(document) == {"hidden_sheet", "hidden_text"}


def test_a_sheet_a_table_is_headed_by_its_tab() -> None:
    def write(target: Any) -> None:
        for name, number in (("First", 41), ("Second", 42)):
            table(target.add_worksheet(name), 0, [["kind", "made"], ["rules", number]])

    assert shown(extract(book(write))) == [
        "First",
        [["kind", "made"], ["rules", "41"]],
        "Second",
        [["kind", "made"], ["rules", "42"]],
    ]


def test_a_head_with_gaps_and_no_merged_cell_gives_fields() -> None:
    def write(target: Any) -> None:
        table(target.add_worksheet(), 0, [["kind", None, "people"], [None, "own", "other"], ["all", 51, 52]])

    document = extract(book(write))
    assert [block.fields for block in document.blocks if isinstance(block, Paragraph)] == [
        ("kind", "", "people"),
        ("", "own", "other"),
        ("all", "51", "52"),
    ]


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


def replaced(data: bytes, member: str, old: bytes, new: bytes) -> bytes:
    """The package with one member's bytes changed; fails where there is nothing to change."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == member:
                assert old in content
                content = content.replace(old, new)
            target.writestr(name, content)
    return buffer.getvalue()


def small_book() -> bytes:
    return book(lambda target: table(target.add_worksheet(), 0, [["kind", "made"], ["rules", 71], ["fines", 72]]))


SHEET = "xl/worksheets/sheet1.xml"


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


def test_formulas_that_ask_for_each_other_are_bounded() -> None:
    cells = "".join(f'<c r="C{n}"><f>SUM(C{n + 1},D1:D900)</f></c>' for n in range(1, 4_000))
    rows = f'<row r="9">{cells}</row><row r="10"><c r="B10"><f>B11</f></c><c r="B11"><f>B10</f></c></row></sheetData>'
    started = time.monotonic()
    assert "formula_not_calculated" in codes(extract(replaced(small_book(), SHEET, b"</sheetData>", rows.encode())))
    assert time.monotonic() - started < 5


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


def test_covered_text_is_told() -> None:
    data = replaced(
        small_book(), SHEET, b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A2:A3"/></mergeCells>'
    )
    document = extract(data)
    assert shown(document) == [[["kind", "made"], ["rules", "71"], ["72"]]]
    assert codes(document) == {"hidden_text"}


def test_overlapping_and_absurd_merges() -> None:
    merges = b"".join(b'<mergeCell ref="%s"/>' % ref for ref in (b"A1:B1", b"B1:B2", b"C3:A1", b"A9:XFD99", b"x"))
    data = replaced(small_book(), SHEET, b"</sheetData>", b"</sheetData><mergeCells>" + merges + b"</mergeCells>")
    document = extract(data)
    assert "kind" in str(shown(document)) and "72" in str(shown(document))


@pytest.mark.parametrize("ref", [b"A1:XFD1048576", b"A1:A1048576"])
def test_a_merge_over_everything_is_bounded(ref: bytes) -> None:
    merge = b'</sheetData><mergeCells><mergeCell ref="' + ref + b'"/></mergeCells>'
    started = time.monotonic()
    assert extract(replaced(small_book(), SHEET, b"</sheetData>", merge)).blocks
    assert time.monotonic() - started < 5


def test_a_million_empty_rows() -> None:
    rows = b"".join(
        b'<row r="%d" s="1" customFormat="1"><c r="A%d" s="1"/></row>' % (n, n) for n in range(5, 1_000_001)
    )
    far = b'<row r="1048576"><c r="XFD1048576"><v>73</v></c></row>'
    data = replaced(small_book(), SHEET, b"</sheetData>", rows + far + b"</sheetData>")
    started = time.monotonic()
    document = extract(data)
    assert time.monotonic() - started < 10
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
    started = time.monotonic()
    assert refusal(data) == "too_large"
    assert time.monotonic() - started < 10


def test_too_many_cells_are_refused() -> None:
    cells = b"".join(b"<row>" + b"<c><v>7</v></c>" * 100 + b"</row>" for _ in range(2_100))
    assert refusal(replaced(small_book(), SHEET, b"</sheetData>", cells + b"</sheetData>")) == "too_large"


def test_entities_are_not_expanded() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet'
    assert refusal(replaced(small_book(), SHEET, b"<worksheet", bomb)) == "damaged"


def test_an_empty_workbook() -> None:
    assert refusal(book(lambda target: target.add_worksheet())) == "empty"


def test_html_and_lines_that_call_themselves_xls() -> None:
    page = "<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table><tr><td>kind<td>81<tr><td>rest<td>82</table>"
    assert shown(extract(page.encode(), "a.xls")) == [[["kind", "81"], ["rest", "82"]]]
    tabs = extract(b"kind\tmade\nrules\t83\nfines\t84\n", "a.xls")
    assert [block.fields for block in tabs.blocks if isinstance(block, Paragraph)][1] == ("rules", "83")


def test_csv_gives_fields() -> None:
    text = 'Report of 2023,,\n"First,\nsecond",,\nkind,made,kept\nrules,85,\nfines,,86\nrest,"1,087",88\n'
    document = extract(text.encode("gb18030"), "a.csv")
    assert document.format == "csv"
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)][1:3] == ["First,", "second"]
    assert [block.fields for block in document.blocks if isinstance(block, Paragraph)][4:] == [
        ("rules", "85", ""),
        ("fines", "", "86"),
        ("rest", "1,087", "88"),
    ]


def test_prose_with_commas_is_text() -> None:
    text = "One, two, three.\nFour, then five, six, seven.\nEight.\nNine, ten.\nEleven.\nTwelve, thirteen.\n"
    assert extract(text.encode()).format == "text"


def test_xml_of_2003() -> None:
    text = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="One"><Table>
<Row><Cell ss:MergeAcross="2"><Data ss:Type="String">Report</Data></Cell></Row>
<Row ss:Index="3"><Cell><Data ss:Type="String">kind</Data></Cell>
<Cell ss:Index="3"><Data ss:Type="Number">91</Data></Cell></Row>
<Row ss:Hidden="1"><Cell><Data ss:Type="Number">990</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">rest</Data></Cell>
<Cell><Data ss:Type="Number">92</Data></Cell><Cell><Data ss:Type="Number">93</Data></Cell></Row>
</Table></Worksheet></Workbook>"""
    document = extract(text.encode(), "a.xls")
    assert [getattr(b, "fields", None) for b in document.blocks] == [
        ("Report",),
        ("kind", "", "91"),
        ("rest", "92", "93"),
    ]


def ods(body: str, styles: str = "") -> bytes:
    names = " ".join(
        f'xmlns:{key}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for key, name in {"office": "office", "table": "table", "text": "text", "style": "style"}.items()
    )
    names += ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    content = (
        f"<office:document-content {names}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return buffer.getvalue()


def ods_cell(text: str, value: str | None = None, more: str = "") -> str:
    kind = f'office:value-type="float" office:value="{value}"' if value else 'office:value-type="string"'
    return f"<table:table-cell {kind} {more}><text:p>{text}</text:p></table:table-cell>"


def test_ods() -> None:
    row = "<table:table-row>{}</table:table-row>"
    styles = '<style:style style:name="gone"><style:table-properties table:display="false"/></style:style>'
    body = (
        '<table:table table:name="One">'
        + row.format(ods_cell("Report", more='table:number-columns-spanned="3"'))
        + '<table:table-row table:number-rows-repeated="1000000">'
        + '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        + row.format(ods_cell("kind") + ods_cell("own") + ods_cell("all"))
        + row.format(ods_cell("rules") + ods_cell("1,101.3", "1101.25") + ods_cell("102件", "102"))
        + '<table:table-row table:visibility="collapse">'
        + ods_cell("ghost")
        + ods_cell("7", "7")
        + "</table:table-row>"
        + row.format(ods_cell("fines") + "<table:table-cell/>" + ods_cell("103", "103"))
        + "</table:table>"
        + f'<table:table table:name="Two" table:style-name="gone">{row.format(ods_cell("ghost"))}</table:table>'
    )
    document = extract(ods(body, styles))
    assert document.format == "ods"
    assert shown(document) == ["Report", [["kind", "own", "all"], ["rules", "1101.25", "102件"], ["fines", "", "103"]]]
    assert codes(document) == {"hidden_sheet", "hidden_text"}


def test_a_padded_ods_is_bounded() -> None:
    cell = ods_cell("x", more='table:number-columns-repeated="16384"')
    body = f'<table:table><table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row></table:table>'
    assert refusal(ods(body)) == "too_large"


slots = st.tuples(st.integers(0, 12), st.integers(0, 6))
merges = st.builds(
    lambda slot, height, width: Merge(*slot, slot[0] + height, slot[1] + width),
    slots,
    st.integers(0, 4),
    st.integers(0, 4),
)
sheets = st.builds(
    lambda texts, merged, framed, rows, columns: Sheet("s", texts, merged, framed, rows, columns),
    st.dictionaries(slots, st.integers(10, 99).map(str), max_size=40),
    st.lists(merges, max_size=6),
    st.sets(slots, max_size=40),
    st.sets(st.integers(0, 12), max_size=3),
    st.sets(st.integers(0, 6), max_size=2),
)


@given(st.lists(sheets, max_size=3))
@settings(max_examples=300, deadline=None)
def test_every_text_comes_once_or_is_told(given_sheets: list[Sheet]) -> None:
    before = Counter(text for sheet in given_sheets for text in sheet.texts.values())
    items, issues = workbook_items(given_sheets)
    after: Counter[str] = Counter()
    for item in items:
        if isinstance(item, Line):
            after.update(piece for piece in item.text.split("\t") if piece and piece != "s")
            continue
        after.update(cell.text for cell in item.cells if cell.text)
        taken = [
            (r, c)
            for cell in item.cells
            for r in range(cell.row, cell.row + cell.row_span)
            for c in range(cell.column, cell.column + cell.column_span)
        ]
        assert len(taken) == len(set(taken))
        assert all(r < item.row_count and c < item.column_count for r, c in taken)
        assert [(c.row, c.column) for c in item.cells] == sorted((c.row, c.column) for c in item.cells)
    assert after <= before
    if after != before:
        assert "hidden_text" in {issue.code for issue in issues}
    assert all(isinstance(item, Line | Table) for item in items)


def xls_book() -> bytes:
    target = xlwt.Workbook()
    sheet = target.add_sheet("one")
    for row in range(20):
        for column in range(6):
            sheet.write(row, column, row * 10 + column if column else f"label {row}")
    sheet.write_merge(21, 22, 0, 3, "merged")
    buffer = io.BytesIO()
    target.save(buffer)
    return buffer.getvalue()


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
