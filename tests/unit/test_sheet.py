"""Workbooks: what is a line and what a table, what is merged, hidden, covered."""

from __future__ import annotations

import io
from collections import Counter
from typing import Any

import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.extract import extract
from pipelines.extract.flow import Line, Table
from pipelines.extract.sheet import Merge, Sheet
from pipelines.extract.sheet_layout import workbook_items
from pipelines.model import Paragraph
from tests.unit.sheets_made import SHEET, book, codes, grids, replaced, shown, small_book, table


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
