"""XLS (and ET of the same kind) -> Document: what the sheets show, without their hidden rows, columns and sheets."""

from __future__ import annotations

import io
import struct

import xlrd  # type: ignore[import-untyped]
from xlrd.biffh import error_text_from_code  # type: ignore[import-untyped]
from xlrd.compdoc import CompDocError  # type: ignore[import-untyped]

from pipelines.extract.flow import numbered
from pipelines.extract.limits import Unreadable
from pipelines.extract.number_formats import GENERAL, shown_number
from pipelines.extract.sheet import Merge, Sheet
from pipelines.extract.sheet_layout import workbook_items
from pipelines.model import Document, Issue

FORMAT = "xls"

_BROKEN = (
    xlrd.XLRDError,
    CompDocError,
    struct.error,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    TypeError,
    ValueError,
    RecursionError,
    NotImplementedError,
)
"""What xlrd lets out of a broken file."""
_DATE = "yyyy-mm-dd"


def read_xls(data: bytes) -> Document:
    """The visible sheets in their order. Formulas count with the result that the file keeps.

    Raises Unreadable: `damaged`, `encrypted`, `too_large`, `empty`.
    """
    book = _opened(data)
    issues: list[Issue] = []
    sheets: list[Sheet] = []
    for number in range(book.nsheets):
        source = book.sheet_by_index(number)
        if source.visibility:
            issues.append(Issue("hidden_sheet", "A hidden sheet is not read.", f"sheet {source.name}"))
        else:
            sheets.append(_sheet(book, source))
    items, more = workbook_items(sheets)
    blocks = numbered(items)
    if not blocks:
        raise Unreadable("empty", "The workbook shows no text.")
    return Document(FORMAT, blocks, {}, (*issues, *more))


def _opened(data: bytes) -> xlrd.Book:
    last: Exception | None = None
    for corrupt in (False, True):
        try:
            return xlrd.open_workbook(
                file_contents=data,
                logfile=io.StringIO(),
                formatting_info=True,
                ragged_rows=True,
                ignore_workbook_corruption=corrupt,
            )
        except _BROKEN as error:
            if isinstance(error, xlrd.XLRDError) and "encrypted" in str(error).lower():
                raise Unreadable("encrypted", "The workbook asks for a password; get one without.") from error
            last = error
    raise Unreadable("damaged", f"The workbook cannot be read ({last!s:.120}); fetch it anew.") from last


def _sheet(book: xlrd.Book, source: xlrd.sheet.Sheet) -> Sheet:
    sheet = Sheet(source.name)
    framed = [_is_framed(style.border) for style in book.xf_list]
    codes = [_code(book, style.format_key) for style in book.xf_list]
    sheet.hidden_columns.update(n for n, info in source.colinfo_map.items() if info.hidden or info.width == 0)
    sheet.hidden_rows.update(n for n, info in source.rowinfo_map.items() if info.hidden)
    for row in range(source.nrows):
        kinds, values = source.row_types(row), source.row_values(row)
        for column, (kind, value) in enumerate(zip(kinds, values, strict=True)):
            if kind == xlrd.XL_CELL_EMPTY:
                continue
            style = source.cell_xf_index(row, column)
            known = style < len(framed)
            text = _text(kind, value, codes[style] if known else GENERAL, book.datemode == 1)
            sheet.write(row, column, text, known and framed[style])
    for first_row, end_row, first_column, end_column in source.merged_cells:
        if first_row < end_row and first_column < end_column:
            sheet.merges.append(Merge(first_row, first_column, end_row - 1, end_column - 1))
    return sheet


def _text(kind: int, value: object, code: str, from_1904: bool) -> str:
    if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE) and isinstance(value, int | float):
        return shown_number(float(value), _DATE if kind == xlrd.XL_CELL_DATE else code, from_1904=from_1904)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if value else "FALSE"
    if kind == xlrd.XL_CELL_ERROR:
        return str(error_text_from_code.get(value, "#ERROR"))
    if kind == xlrd.XL_CELL_BLANK:
        return ""
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


def _code(book: xlrd.Book, key: int) -> str:
    known = book.format_map.get(key)
    return str(known.format_str or GENERAL) if known is not None else GENERAL


def _is_framed(border: object) -> bool:
    return any(getattr(border, f"{side}_line_style", 0) for side in ("left", "right", "top", "bottom"))
