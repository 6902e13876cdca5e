"""XLSX (and ET of the same kind) -> Document: what the sheets show, without their hidden rows, columns and sheets."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from pipelines.extract.flow import numbered
from pipelines.extract.formulas import Unknown, Value, result_of, slot_of
from pipelines.extract.limits import DOCUMENT_CELLS, Unreadable
from pipelines.extract.number_formats import BUILT_IN, GENERAL, exact, shown_number
from pipelines.extract.package import Package, parse_xml
from pipelines.extract.sheet import Merge, Sheet, add_issue
from pipelines.extract.sheet_layout import workbook_items
from pipelines.model import Document, Issue

FORMAT = "xlsx"

_SHEET_BYTES = 160 * 1024 * 1024
_LARGE = 4 * 1024 * 1024
_SHEETS = 100
_FORMULAS = 5_000
"""Open formulas of a sheet; a table of more is no report's."""
_ASKED, _DEPTH = 1_000_000, 50
"""How many cells the formulas of a sheet may ask for together, and through how many formulas a sum may run."""
_UNKNOWN = "?"
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_EMPTY_ROW = re.compile(rb"<(?:\w+:)?row\b[^<>]*(?:/>|>\s*(?:<(?:\w+:)?c\b[^<>]*/>\s*)*</(?:\w+:)?row>)")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SIDES = frozenset(("left", "right", "top", "bottom", "start", "end"))
_FALSE = frozenset((None, "0", "false", "off"))


def read_xlsx(data: bytes) -> Document:
    """The visible sheets in their order. Formulas count with the result that the file keeps, sums also without one.

    Raises Unreadable: `damaged`, `encrypted`, `too_large`, `too_deep`, `empty`.
    """
    package = Package(data)
    book = _part(package, "xl/workbook.xml")
    if book is None:
        raise Unreadable("damaged", "The package holds no workbook; fetch it anew.", "xl/workbook.xml")
    targets = _targets(package, "xl/workbook.xml")
    styles = _styles(package)
    strings = _strings(package)
    properties = _child(book, "workbookPr")
    from_1904 = properties is not None and properties.get("date1904") not in _FALSE
    calculation = _child(book, "calcPr")
    outdated = calculation is not None and calculation.get("fullCalcOnLoad") not in _FALSE
    issues: list[Issue] = []
    sheets: list[Sheet] = []
    for entry in _all(_child(book, "sheets"), "sheet"):
        name = entry.get("name") or ""
        if entry.get("state", "visible") != "visible":
            issues.append(Issue("hidden_sheet", "A hidden sheet is not read.", f"sheet {name}"))
            continue
        member = targets.get(_relation(entry) or "", "")
        if member not in package.names:
            issues.append(Issue("sheet_missing", "The package lacks this sheet.", f"sheet {name}"))
            continue
        if len(sheets) >= _SHEETS:
            raise Unreadable("too_large", f"The workbook has more than {_SHEETS} sheets; split it.")
        root = _part(package, member)
        if root is not None and _local(root) == "worksheet":
            sheets.append(_Reader(Sheet(name), styles, strings, from_1904, outdated, issues).read(root))
    if any(name.startswith("xl/media/") for name in package.names):
        issues.append(Issue("image_in_document", "The workbook holds pictures, which are not read."))
    items, more = workbook_items(sheets)
    blocks = numbered(items)
    if not blocks:
        raise Unreadable("empty", "The workbook shows no text.")
    return Document(FORMAT, blocks, _metadata(package), (*issues, *more))


@dataclass(frozen=True, slots=True)
class _Style:
    code: str = GENERAL
    framed: bool = False


_PLAIN = _Style()


@dataclass(slots=True)
class _Reader:
    sheet: Sheet
    styles: tuple[_Style, ...]
    strings: tuple[str, ...]
    from_1904: bool
    outdated: bool
    issues: list[Issue]
    values: dict[tuple[int, int], Value] = field(default_factory=dict)
    formulas: dict[tuple[int, int], tuple[str, _Style]] = field(default_factory=dict)
    asked: int = 0
    depth: int = 0

    def read(self, root: etree._Element) -> Sheet:
        for column in _all(_child(root, "cols"), "col"):
            if column.get("hidden") not in _FALSE or column.get("width") == "0":
                first, last = _whole(column.get("min"), 1), _whole(column.get("max"), _LAST_COLUMN)
                self.sheet.hidden_columns.update(range(first - 1, min(last, _LAST_COLUMN)))
        self._rows(_child(root, "sheetData"))
        self._calculate()
        for number, merged in enumerate(_all(_child(root, "mergeCells"), "mergeCell")):
            if number >= DOCUMENT_CELLS:
                break
            first_, _, last_ = (merged.get("ref") or "").partition(":")
            start, end = _within(slot_of(first_)), _within(slot_of(last_))
            if start is not None and end is not None and start <= end:
                self.sheet.merges.append(Merge(*start, *end))
        return self.sheet

    def _rows(self, data: etree._Element | None) -> None:
        number = -1
        for row in _all(data, "row"):
            number = _whole(row.get("r"), number + 2) - 1
            if not 0 <= number < _LAST_ROW:
                raise Unreadable("damaged", "A row has a number that no sheet has.", f"sheet {self.sheet.name}")
            if row.get("hidden") not in _FALSE or row.get("ht") == "0":
                self.sheet.hidden_rows.add(number)
            column = -1
            for cell in _all(row, "c"):
                slot = _within(slot_of(cell.get("r") or ""))
                column = slot[1] if slot is not None else column + 1
                style = self._style(cell.get("s"))
                if (formula := self._open_formula(cell)) is not None:
                    self.formulas[number, column] = formula, style
                else:
                    self.sheet.write(number, column, self._text(cell, style, (number, column)), style.framed)

    def _open_formula(self, cell: etree._Element) -> str | None:
        """The formula of a cell for which the file keeps no result, or one that it declares outdated and that is 0, as
        programs write who do not calculate."""
        formula = _child(cell, "f")
        if formula is None or cell.get("t") in ("str", "b", "e", "inlineStr"):
            return None
        value = _child(cell, "v")
        kept = (value.text or "").strip() if value is not None else ""
        return formula.text or "" if not kept or (self.outdated and kept in ("0", "0.0")) else None

    def _calculate(self) -> None:
        """Writes the cells of open formulas: their result where it is a sum, else the formula itself."""
        for (row, column), (formula, style) in self.formulas.items():
            if len(self.formulas) <= _FORMULAS and (result := result_of(formula, self._value_at)) is not None:
                self.sheet.write(row, column, shown_number(float(result), style.code), style.framed)
                continue
            message = "The file keeps no result of this formula; open and save it in a spreadsheet program."
            where = f"sheet {self.sheet.name}, row {row + 1}, column {column + 1}"
            add_issue(self.issues, Issue("formula_not_calculated", message, where))
            self.sheet.write(row, column, f"={formula}", style.framed)

    def _value_at(self, slot: tuple[int, int]) -> Value:
        self.asked += 1
        if self.asked > _ASKED:
            raise Unknown
        if slot not in self.values and slot in self.formulas:
            self.values[slot] = _UNKNOWN
            if self.depth >= _DEPTH:
                raise Unknown
            self.depth += 1
            result = result_of(self.formulas[slot][0], self._value_at)
            self.depth -= 1
            self.values[slot] = _UNKNOWN if result is None else result
        value = self.values.get(slot)
        if value == _UNKNOWN:
            raise Unknown
        return value

    def _style(self, index: str | None) -> _Style:
        number = _whole(index, 0)
        return self.styles[number] if number < len(self.styles) else _PLAIN

    def _text(self, cell: etree._Element, style: _Style, slot: tuple[int, int]) -> str:
        kind = cell.get("t", "n")
        value = _child(cell, "v")
        raw = (value.text or "") if value is not None else ""
        if kind == "n" and raw.strip():
            try:
                number = float(raw)
                self.values[slot] = exact(number)
                return shown_number(number, style.code, from_1904=self.from_1904)
            except (ValueError, ArithmeticError):
                return raw
        text = self._letters(kind, cell, raw)
        if text.strip():
            self.values[slot] = _UNKNOWN if kind == "e" else text
        return text

    def _letters(self, kind: str, cell: etree._Element, raw: str) -> str:
        if kind == "inlineStr":
            return _rich_text(_child(cell, "is"))
        if kind == "s":
            number = _whole(raw.strip(), len(self.strings))
            if number >= len(self.strings):
                raise Unreadable("damaged", "A cell names a text that the workbook lacks.", f"sheet {self.sheet.name}")
            return self.strings[number]
        if kind == "b":
            return "TRUE" if raw.strip() == "1" else "FALSE"
        return _unescaped(raw) if kind == "str" else raw


def _rich_text(node: etree._Element | None) -> str:
    """The text of a string item: its runs, without what only tells how to pronounce it."""
    if node is None:
        return ""
    pieces: list[str] = []
    for child in node:
        if _local(child) == "t":
            pieces.append(child.text or "")
        elif _local(child) == "r":
            pieces.extend(text.text or "" for text in _all(child, "t"))
    return _unescaped("".join(pieces))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text).replace("\r\n", "\n").replace("\r", "\n")


def _strings(package: Package) -> tuple[str, ...]:
    root = _part(package, "xl/sharedStrings.xml")
    return tuple(_rich_text(item) for item in _all(root, "si"))


def _styles(package: Package) -> tuple[_Style, ...]:
    root = _part(package, "xl/styles.xml")
    if root is None:
        return ()
    codes = dict(BUILT_IN)
    for entry in _all(_child(root, "numFmts"), "numFmt"):
        codes[_whole(entry.get("numFmtId"), 0)] = entry.get("formatCode") or GENERAL
    framed = [
        any(_local(side) in _SIDES and side.get("style", "none") != "none" for side in border)
        for border in _all(_child(root, "borders"), "border")
    ]
    styles = []
    for entry in _all(_child(root, "cellXfs"), "xf"):
        border = _whole(entry.get("borderId"), 0)
        code = codes.get(_whole(entry.get("numFmtId"), 0), GENERAL)
        styles.append(_Style(code, border < len(framed) and framed[border]))
    return tuple(styles)


def _targets(package: Package, member: str) -> dict[str, str]:
    """Relation ids of a member -> the members that they name."""
    folder, _, name = member.rpartition("/")
    root = _part(package, f"{folder}/_rels/{name}.rels")
    return {
        entry.get("Id") or "": posixpath.normpath(posixpath.join("/", folder, entry.get("Target") or ""))[1:]
        for entry in _all(root, "Relationship")
        if entry.get("TargetMode") != "External"
    }


def _relation(entry: etree._Element) -> str | None:
    return next((str(value) for key, value in entry.attrib.items() if str(key).endswith("}id")), None)


def _metadata(package: Package) -> dict[str, str]:
    root = _part(package, "docProps/core.xml")
    title = root.findtext("{*}title") if root is not None else None
    return {"title": title.strip()[:500]} if title and title.strip() else {}


def _part(package: Package, name: str) -> etree._Element | None:
    content = package.read(name, _SHEET_BYTES)
    if content is None:
        return None
    if len(content) > _LARGE:
        content = _EMPTY_ROW.sub(b"", content)
    return parse_xml(content, name)


def _local(node: etree._Element) -> str:
    return node.tag.rpartition("}")[2]


def _all(parent: etree._Element | None, name: str) -> Iterator[etree._Element]:
    return iter(()) if parent is None else parent.iterchildren("{*}" + name)


def _child(parent: etree._Element, name: str) -> etree._Element | None:
    return parent.find("{*}" + name)


def _within(slot: tuple[int, int] | None) -> tuple[int, int] | None:
    return slot if slot is not None and 0 <= slot[0] < _LAST_ROW and slot[1] < _LAST_COLUMN else None


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else otherwise
