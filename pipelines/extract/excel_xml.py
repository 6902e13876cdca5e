"""Excel's XML of 2003, which mostly calls itself .xls -> Document."""

from __future__ import annotations

from lxml import etree

from pipelines.extract.encoding import Decoded
from pipelines.extract.flow import numbered
from pipelines.extract.limits import Unreadable
from pipelines.extract.number_formats import GENERAL, shown_number
from pipelines.extract.package import parse_xml
from pipelines.extract.sheet import Merge, Sheet
from pipelines.extract.sheet_layout import workbook_items
from pipelines.model import Document, Issue

FORMAT = "xls"

_S = "{urn:schemas-microsoft-com:office:spreadsheet}"
_X = "{urn:schemas-microsoft-com:office:excel}"
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_LARGEST_SPAN = 16_384


def read_office_xml(decoded: Decoded) -> Document:
    """A workbook's visible sheets; Word's XML as LibreOffice converts it. Raises Unreadable: `damaged`, `too_large`,
    `too_deep`, `empty`, and for Word's XML as `read_doc` does."""
    text = decoded.text
    data = text[text.index("?>") + 2 :].lstrip().encode() if text.lstrip().startswith("<?xml") else text.encode()
    root = parse_xml(data, "")
    if root.tag != _S + "Workbook":
        from pipelines.extract.office import read_word_xml

        return read_word_xml(b'<?xml version="1.0" encoding="UTF-8"?>' + data)
    styles = {style.get(_S + "ID"): _style(style) for style in root.iterfind(f"{_S}Styles/{_S}Style")}
    issues: list[Issue] = []
    sheets: list[Sheet] = []
    for node in root.iterfind(_S + "Worksheet"):
        name = node.get(_S + "Name") or ""
        if (node.findtext(f"{_X}WorksheetOptions/{_X}Visible") or "SheetVisible") != "SheetVisible":
            issues.append(Issue("hidden_sheet", "A hidden sheet is not read.", f"sheet {name}"))
        else:
            sheets.append(_sheet(Sheet(name), node, styles))
    items, more = workbook_items(sheets)
    blocks = numbered(items)
    if not blocks:
        raise Unreadable("empty", "The workbook shows no text.")
    return Document(FORMAT, blocks, {}, (*decoded.issues, *issues, *more))


def _style(node: etree._Element) -> tuple[str, bool]:
    """A style's number format, and whether it has a border."""
    code = node.find(_S + "NumberFormat")
    borders = node.iterfind(f"{_S}Borders/{_S}Border")
    framed = any(border.get(_S + "LineStyle", "None") != "None" for border in borders)
    named = {"Percent": "0.00%", "General Date": "yyyy-mm-dd", "Short Date": "yyyy-mm-dd", "Long Date": "yyyy-mm-dd"}
    text = code.get(_S + "Format") or GENERAL if code is not None else GENERAL
    return named.get(text, text), framed


def _sheet(sheet: Sheet, node: etree._Element, styles: dict[str | None, tuple[str, bool]]) -> Sheet:
    table = node.find(_S + "Table")
    if table is None:
        return sheet
    column = 0
    for entry in table.iterfind(_S + "Column"):
        column = _whole(entry.get(_S + "Index"), column + 1)
        last = min(column + _whole(entry.get(_S + "Span"), 0), _LAST_COLUMN)
        if entry.get(_S + "Hidden") == "1" or entry.get(_S + "Width") == "0":
            sheet.hidden_columns.update(range(column - 1, last))
        column = last
    row = 0
    for line in table.iterfind(_S + "Row"):
        row = _whole(line.get(_S + "Index"), row + 1)
        if row > _LAST_ROW:
            raise Unreadable("damaged", "A row has a number that no sheet has.", f"sheet {sheet.name}")
        if line.get(_S + "Hidden") == "1" or line.get(_S + "Height") == "0":
            sheet.hidden_rows.add(row - 1)
        column = 0
        for cell in line.iterfind(_S + "Cell"):
            column = min(_whole(cell.get(_S + "Index"), column + 1), _LAST_COLUMN)
            style = cell.get(_S + "StyleID") or line.get(_S + "StyleID") or table.get(_S + "StyleID")
            code, framed = styles.get(style, (GENERAL, False))
            sheet.write(row - 1, column - 1, _text(cell, code), framed)
            across, down = _span(cell.get(_S + "MergeAcross")), _span(cell.get(_S + "MergeDown"))
            if across or down:
                sheet.merges.append(Merge(row - 1, column - 1, row - 1 + down, column - 1 + across))
            column += across
        row += _span(line.get(_S + "Span"))
    return sheet


def _text(cell: etree._Element, code: str) -> str:
    data = next(cell.iterchildren("{*}Data"), None)
    if data is None:
        return ""
    shown = "".join(str(piece) for piece in data.itertext())
    if data.get(_S + "Type") == "Number":
        try:
            return shown_number(float(shown), code)
        except ValueError:
            return shown
    if data.get(_S + "Type") == "DateTime":
        return shown.partition("T")[0]
    if data.get(_S + "Type") == "Boolean":
        return "TRUE" if shown == "1" else "FALSE"
    return shown


def _span(text: str | None) -> int:
    return min(_whole(text, 0), _LARGEST_SPAN)


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else otherwise
