"""ODS -> Document: what the sheets show, without their hidden rows, columns and sheets. ODT is handed on."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from pipelines.extract.flow import numbered
from pipelines.extract.limits import Unreadable
from pipelines.extract.number_formats import shown_number
from pipelines.extract.package import Package, parse_xml
from pipelines.extract.sheet import Merge, Sheet
from pipelines.extract.sheet_layout import workbook_items
from pipelines.model import Document, Issue

FORMAT = "ods"

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_GROUPS = frozenset(_TABLE + name for name in ("table-rows", "table-row-group", "table-header-rows"))
_COLUMN_GROUPS = frozenset(_TABLE + name for name in ("table-columns", "table-column-group", "table-header-columns"))
_NESTED_GROUPS = 50
_REPEATED_TEXTS = 1_000
"""How often a filled cell or row may be repeated; beyond it a sheet is padded, not written."""
_BORDERS = ("border", "border-left", "border-right", "border-top", "border-bottom")


def read_opendocument(data: bytes) -> Document:
    """The visible sheets of a spreadsheet; a text document as LibreOffice converts it.

    Raises Unreadable: `damaged`, `encrypted`, `too_large`, `too_deep`, `empty`, `unsupported_format`.
    """
    package = Package(data)
    if b"manifest:encryption-data" in (package.read("META-INF/manifest.xml") or b""):
        raise Unreadable("encrypted", "The document asks for a password; get one without.")
    content = package.read("content.xml")
    root = parse_xml(content or b"", "content.xml")
    body = root.find(f"{_OFFICE}body/{_OFFICE}spreadsheet")
    if body is not None:
        return _spreadsheet(root, body)
    if root.find(f"{_OFFICE}body/{_OFFICE}text") is not None:
        from pipelines.extract.office import read_odt

        return read_odt(data)
    raise Unreadable("unsupported_format", "The file is neither a text nor a spreadsheet; find the report elsewhere.")


def _spreadsheet(root: etree._Element, body: etree._Element) -> Document:
    framed, hidden = _styles(root)
    issues: list[Issue] = []
    sheets: list[Sheet] = []
    for table in body.iterchildren(_TABLE + "table"):
        name = table.get(_TABLE + "name") or ""
        if table.get(_TABLE + "style-name") in hidden:
            issues.append(Issue("hidden_sheet", "A hidden sheet is not read.", f"sheet {name}"))
        else:
            sheets.append(_sheet(Sheet(name), table, framed))
    items, more = workbook_items(sheets)
    blocks = numbered(items)
    if not blocks:
        raise Unreadable("empty", "The workbook shows no text.")
    return Document(FORMAT, blocks, {}, (*issues, *more))


def _sheet(sheet: Sheet, table: etree._Element, framed: frozenset[str]) -> Sheet:
    column = 0
    for node in _within(table, _TABLE + "table-column", _COLUMN_GROUPS):
        count = min(_whole(node.get(_TABLE + "number-columns-repeated")), _LAST_COLUMN - column)
        if node.get(_TABLE + "visibility", "visible") != "visible":
            sheet.hidden_columns.update(range(column, column + count))
        column += count
    number = 0
    for node in _within(table, _TABLE + "table-row", _GROUPS):
        count = min(_whole(node.get(_TABLE + "number-rows-repeated")), _LAST_ROW - number)
        filled = _row(sheet, node, number, framed)
        copies = range(number + 1, number + (min(count, _REPEATED_TEXTS) if filled else 1))
        for copy in copies:
            _row(sheet, node, copy, framed)
        if filled and node.get(_TABLE + "visibility", "visible") != "visible":
            sheet.hidden_rows.update((number, *copies))
        number += count
    return sheet


def _row(sheet: Sheet, node: etree._Element, row: int, framed: frozenset[str]) -> bool:
    """Writes a row's cells; whether any of them shows something."""
    column, filled = 0, False
    for cell in node.iterchildren(_TABLE + "table-cell", _TABLE + "covered-table-cell"):
        count = min(_whole(cell.get(_TABLE + "number-columns-repeated")), _LAST_COLUMN - column)
        if cell.tag == _TABLE + "table-cell":
            text = _text(cell)
            filled = filled or bool(text.strip())
            for copy in range(min(count, _REPEATED_TEXTS)):
                sheet.write(row, column + copy, text, cell.get(_TABLE + "style-name") in framed)
            height, width = (
                _whole(cell.get(_TABLE + "number-rows-spanned")),
                _whole(cell.get(_TABLE + "number-columns-spanned")),
            )
            if height > 1 or width > 1:
                sheet.merges.append(Merge(row, column, row + height - 1, column + width - 1))
        column += count
    return filled


def _text(cell: etree._Element) -> str:
    if cell.get(_OFFICE + "value-type") == "float":
        shown = "".join(_shown_lines(cell))
        try:
            return shown_number(float(cell.get(_OFFICE + "value") or "")) + _unit(shown)
        except ValueError:
            return shown
    return "\n".join(_shown_lines(cell))


def _unit(shown: str) -> str:
    """Letters behind the number that its format prints."""
    digits = max((place for place, letter in enumerate(shown) if letter.isdigit()), default=-1)
    tail = shown[digits + 1 :].strip()
    return tail if digits >= 0 and not tail.isascii() else ""


def _shown_lines(cell: etree._Element) -> Iterator[str]:
    for paragraph in cell.iterchildren(_TEXT + "p"):
        yield "".join(_pieces(paragraph))


def _pieces(node: etree._Element) -> Iterator[str]:
    yield node.text or ""
    for child in node:
        if child.tag == _TEXT + "s":
            yield " " * min(_whole(child.get(_TEXT + "c")), 100)
        elif child.tag == _TEXT + "tab":
            yield "\t"
        elif child.tag == _TEXT + "line-break":
            yield "\n"
        elif child.tag not in (_OFFICE + "annotation", _TEXT + "note", _TEXT + "ruby-text"):
            yield from _pieces(child)
        yield child.tail or ""


def _within(parent: etree._Element, tag: str, groups: frozenset[str], depth: int = 0) -> Iterator[etree._Element]:
    if depth > _NESTED_GROUPS:
        raise Unreadable("too_deep", f"The sheet nests more than {_NESTED_GROUPS} groups.")
    for node in parent.iterchildren():
        if node.tag == tag:
            yield node
        elif node.tag in groups:
            yield from _within(node, tag, groups, depth + 1)


def _styles(root: etree._Element) -> tuple[frozenset[str], frozenset[str]]:
    """Names of the styles with a border, and of those that hide a sheet."""
    framed, hidden = set(), set()
    for style in root.iterfind(f"{_OFFICE}automatic-styles/{_STYLE}style"):
        name = style.get(_STYLE + "name") or ""
        cell = style.find(_STYLE + "table-cell-properties")
        if cell is not None and any((cell.get(_FO + side) or "none") not in ("none", "hidden") for side in _BORDERS):
            framed.add(name)
        table = style.find(_STYLE + "table-properties")
        if table is not None and table.get(_TABLE + "display") == "false":
            hidden.add(name)
    return frozenset(framed), frozenset(hidden)


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 and int(text) else 1
