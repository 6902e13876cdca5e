"""Reports as workbooks, XLSX and XLS: one sheet or a sheet a table; framed, merged, plain, with hidden parts."""

from __future__ import annotations

import io
import random
import re
from dataclasses import dataclass, field
from datetime import datetime
from html import escape

import xlsxwriter
import xlwt

from tests.factory import form as f
from tests.factory.docx import packed
from tests.factory.report import Part, Report
from tests.factory.sheets import Sheet
from tests.factory.written import Written

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_WIDTH = 10
"""Columns that a title or a paragraph is merged over."""


@dataclass(frozen=True, slots=True)
class Style:
    """`framed`: tables have borders; `merged`: spans are merged cells; `by_table`: a sheet for each table;
    `left`: empty columns at the left; `decoys`: a hidden sheet, hidden rows and hidden columns with other numbers."""

    framed: bool = True
    merged: bool = True
    by_table: bool = False
    left: int = 0
    decoys: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    framed: bool = False


@dataclass(slots=True)
class Page:
    """A sheet of a workbook."""

    name: str
    cells: list[Cell] = field(default_factory=list)
    row: int = 0
    hidden: bool = False
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)


_NAMES = {"disclosure": "主动公开", "application": "依申请公开", "review": "复议诉讼", "statistics": "统计表"}


def pages(parts: list[Part], style: Style, draw: random.Random) -> list[Page]:
    """The parts of a report as sheets, in reading order."""
    found = [Page("年报")]
    for kind, content in parts:
        if isinstance(content, Sheet):
            if style.by_table:
                found.append(Page(_NAMES[content.table] + (str(len(found)) if len(found) > 3 else "")))
            _table(found[-1], content, style, draw)
            if style.by_table:
                found.append(Page(f"续{len(found)}"))
            continue
        if style.by_table and kind == "heading" and found[-1].cells and found[-1].name.startswith("年报"):
            found[-1].row += 1
        page = found[-1]
        page.cells.append(Cell(page.row, style.left, content, 1, _WIDTH if style.merged else 1))
        page.row += 1
    found = [page for page in found if page.cells]
    if style.decoys:
        found.append(Page("Sheet9", [Cell(r, c, str(draw.randint(100, 999))) for r in range(9) for c in range(7)]))
        found[-1].hidden = True
    return found


def _table(page: Page, sheet: Sheet, style: Style, draw: random.Random) -> None:
    hidden_row = draw.randrange(sheet.row_count) if style.decoys and sheet.row_count > 8 else None
    for number, boxes in enumerate(sheet.rows()):
        for box in boxes:
            rows, columns = (box.row_span, box.column_span) if style.merged else (1, 1)
            if hidden_row is not None and box.row <= hidden_row < box.row + rows - 1:
                rows += 1
            row, column = page.row + number, style.left + box.column
            page.cells.append(Cell(row, column, box.text, rows, columns, style.framed))
        if number == hidden_row:
            page.row += 1
            page.hidden_rows.append(page.row + number)
            labels = [box.text for box in boxes if box.key is None and box.row_span == 1]
            if labels and any(box.key for box in boxes):
                place = max(box.column for box in boxes if box.key is None)
                page.cells.append(Cell(page.row + number, style.left + place, labels[-1]))
                numbers = [box for box in boxes if box.key]
                page.cells += [
                    Cell(page.row + number, style.left + b.column, str(draw.randint(1000, 9999))) for b in numbers
                ]
    page.row += sheet.row_count + 1
    if style.decoys and not page.hidden_columns:
        page.hidden_columns.append(style.left + 15)
    if style.decoys:
        page.cells += [
            Cell(page.row - 2 - n, style.left + 15, str(draw.randint(100, 999))) for n in range(sheet.row_count)
        ]


def xlsx(found: list[Page]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": False}) as book:
        book.set_properties({"created": datetime(2024, 1, 1)})
        frame, plain = book.add_format({"border": 1}), book.add_format()
        for page in found:
            target = book.add_worksheet(page.name)
            for cell in page.cells:
                shape = frame if cell.framed else plain
                if cell.row_span * cell.column_span > 1:
                    last = cell.row + cell.row_span - 1, cell.column + cell.column_span - 1
                    target.merge_range(cell.row, cell.column, *last, "", shape)
                if not cell.text:
                    target.write_blank(cell.row, cell.column, None, shape)
                elif _NUMBER.fullmatch(cell.text):
                    target.write_number(cell.row, cell.column, float(cell.text), shape)
                else:
                    target.write_string(cell.row, cell.column, cell.text, shape)
            if page.hidden:
                target.hide()
            for row in page.hidden_rows:
                target.set_row(row, None, None, {"hidden": True})
            for column in page.hidden_columns:
                target.set_column(column, column, None, None, {"hidden": True})
    return buffer.getvalue()


def xls(found: list[Page]) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    frame = xlwt.easyxf("borders: left thin, right thin, top thin, bottom thin")
    plain = xlwt.easyxf("")
    for page in found:
        target = book.add_sheet(page.name)
        for cell in page.cells:
            value: object = float(cell.text) if _NUMBER.fullmatch(cell.text) else cell.text or None
            last = cell.row + cell.row_span - 1, cell.column + cell.column_span - 1
            target.write_merge(cell.row, last[0], cell.column, last[1], value, frame if cell.framed else plain)
        if page.hidden:
            target.visibility = 1
        for row in page.hidden_rows:
            target.row(row).hidden = True
        for column in page.hidden_columns:
            target.col(column).hidden = True
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


_STYLES: dict[str, Style] = {
    "": Style(),
    "_left": Style(left=2),
    "_plain": Style(framed=False, merged=False),
    "_unframed": Style(framed=False),
    "_sheets": Style(by_table=True),
    "_hidden": Style(decoys=True, left=1),
}
LAYOUTS = tuple(kind + name for kind in ("xlsx", "xls") for name in _STYLES)


def write_workbook(report: Report, draw: random.Random, layout: str) -> Written:
    """The report as a workbook in the named layout."""
    kind, _, name = layout.partition("_")
    style = _STYLES[f"_{name}" if name else ""]
    found = pages(report.parts(), style, draw)
    return Written(
        xlsx(found) if kind == "xlsx" else xls(found), frozenset() if style.merged else _closing_blanks(report)
    )


def _closing_blanks(report: Report) -> frozenset[f.Key]:
    """The cells of table four where its line of numbers ends with a blank and nothing is merged: it may be short."""
    keys = [key for key in report.entries if key[0] == "review"]
    return frozenset(keys if keys and not report.entries[keys[-1]].text else ())


def write_bundle(report: Report, draw: random.Random) -> Written:
    """A page with the words, and a workbook with the tables, in one archive."""
    parts = report.parts()
    words = "".join(f"<p>{escape(text)}</p>" for _, text in parts if isinstance(text, str))
    page = f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>{words}</body></html>'
    tables = [part for part in parts if isinstance(part[1], Sheet)]
    return Written(packed({"正文.html": page, "附件1.xls": xls(pages(tables, Style(by_table=True), draw))}))
