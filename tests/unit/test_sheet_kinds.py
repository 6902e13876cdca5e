"""Workbooks in other clothes: HTML, separated text, Excel's XML, OpenDocument."""

from __future__ import annotations

import pytest

from pipelines.extract import extract
from pipelines.model import Paragraph
from tests.unit.sheets_made import codes, ods, ods_cell, shown


def test_html_and_lines_that_call_themselves_xls() -> None:
    page = "<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table><tr><td>kind<td>81<tr><td>rest<td>82</table>"
    assert shown(extract(page.encode(), "a.xls")) == [[["kind", "81"], ["rest", "82"]]]
    tabs = extract(b"kind\tmade\nrules\t83\nfines\t84\n", "a.xls")
    assert [block.fields for block in tabs.blocks if isinstance(block, Paragraph)][1] == ("rules", "83")


def test_rows_of_two_fields_are_csv_where_all_rows_are() -> None:
    rows = [f"kind {number},{number * 7}\n" for number in range(20)]
    assert extract("".join(rows).encode()).format == "csv"
    assert extract("".join(rows[1:]).encode()).format == "text"
    assert extract("".join([*rows, "words, and more, of prose\n"]).encode()).format == "text"


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_the_fields_of_csv_may_be_parted_by_other_marks_and_hold_lines(mark: str) -> None:
    rows = [[f'"label\n{at}"', f"{at}1", f'"1{mark}{at}2"'] for at in range(1, 7)]
    document = extract("".join(mark.join(row) + "\n" for row in rows).encode())
    assert document.format == "csv"
    assert [block.fields for block in document.blocks if isinstance(block, Paragraph)][3] == (
        "label 4",
        "41",
        f"1{mark}42",
    )


@pytest.mark.parametrize("mark", [";", "\t"])
def test_lines_that_other_marks_part_unevenly_are_text(mark: str) -> None:
    rows = [["label", str(at), *["7"] * (at % 3)] for at in range(1, 9)]
    assert extract("".join(mark.join(row) + "\n" for row in rows).encode()).format == "text"
    plain = [["label", str(at), "7"] for at in range(1, 9)]
    assert extract("".join("\t".join(row) + "\n" for row in plain).encode()).format == "text"


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
