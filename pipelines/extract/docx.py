"""DOCX -> Document: the accepted text, as Word shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from pipelines.extract.docx_table import CellProperties, Row, layout_of
from pipelines.extract.flow import Flow, Line, numbered
from pipelines.extract.limits import ISSUES_OF_A_KIND, TABLE_DEPTH, Unreadable
from pipelines.extract.package import parse_xml, read_member
from pipelines.extract.tables import table_items
from pipelines.model import Document, Issue

FORMAT = "docx"

_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_VML = "{urn:schemas-microsoft-com:vml}"
_DC = "{http://purl.org/dc/elements/1.1/}"

_THROUGH = frozenset(
    _W + name
    for name in (
        "ins",
        "moveTo",
        "smartTag",
        "customXml",
        "hyperlink",
        "fldSimple",
        "sdtContent",
        "dir",
        "bdo",
        "rubyBase",
    )
) | {_MC + "Choice", _MC + "Fallback", _M + "oMath", _M + "oMathPara"}
_GONE = frozenset(
    _W + name for name in ("del", "moveFrom", "instrText", "delText", "delInstrText", "rt", "rPr", "pPr", "sdtPr")
)
_HEADING_STYLE = re.compile(r"heading\s*[1-9]|title", re.IGNORECASE)
_BODY_TEXT_LEVEL = "9"
_OFF = frozenset(("0", "false", "off", "none"))
_NO_SHADE = frozenset(("AUTO", "FFFFFF"))
_FIGURES = re.compile(r"[\d\s.,+-]*\d[\d\s.,+-]*")
_TITLE_CHARACTERS = 500


def read_docx(data: bytes) -> Document:
    """The body in order. Headers, footers, footnotes and comments are left out; so is what is deleted or hidden.

    Raises Unreadable: `damaged`, `encrypted`, `too_large`, `too_deep`, `empty`.
    """
    content = read_member(data, "word/document.xml")
    if content is None:
        raise Unreadable("damaged", "The package holds no document; fetch it anew.", "word/document.xml")
    if _STRICT in content:
        content = content.replace(_STRICT, _W[1:-1].encode())
    body = parse_xml(content, "word/document.xml").find(_W + "body")
    if body is None:
        raise Unreadable("damaged", "The document has no body; fetch it anew.", "word/document.xml")
    reader = _Reader(_styles(data))
    reader.read_blocks(body, reader.root)
    reader.root.end_line()
    blocks = numbered(reader.root.items)
    if not blocks:
        raise Unreadable("empty", "The document shows no text.")
    return Document(FORMAT, blocks, _metadata(data), tuple(reader.issues))


@dataclass(frozen=True, slots=True)
class _Styles:
    hidden: frozenset[str] = frozenset()
    headings: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Field:
    """A complex field: between its begin and its separator stands the instruction, which is not shown."""

    in_instruction: bool = True


@dataclass(slots=True)
class _Reader:
    styles: _Styles
    root: Flow = field(default_factory=Flow)
    issues: list[Issue] = field(default_factory=list)
    fields: list[_Field] = field(default_factory=list)
    tables: int = 0
    boxes: list[etree._Element] = field(default_factory=list)
    shaded: bool = False
    """Whether the cell that is being read has a ground of its own."""

    def read_blocks(self, parent: etree._Element, flow: Flow) -> None:
        for node in parent:
            tag = node.tag
            if tag == _W + "p":
                self._paragraph(node, flow)
            elif tag == _W + "tbl":
                flow.end_line()
                self._table(node, flow)
            elif tag == _W + "sdt" or tag in _THROUGH:
                for content in [node] if tag in _THROUGH else node.findall(_W + "sdtContent"):
                    self.read_blocks(content, flow)
            elif tag == _MC + "AlternateContent":
                self.read_blocks(_alternative(node), flow)
            elif tag == _W + "altChunk":
                self._issue("embedded_document", "Another document is embedded in this one and not read.", flow)

    def _paragraph(self, node: etree._Element, flow: Flow) -> None:
        properties = node.find(_W + "pPr")
        joined = False
        if properties is not None:
            mark = properties.find(_W + "rPr")
            joined = mark is not None and (mark.find(_W + "del") is not None or mark.find(_W + "moveFrom") is not None)
            if _on(properties.find(_W + "pageBreakBefore")):
                flow.page_break = True
            style = properties.find(_W + "pStyle")
            level = properties.find(_W + "outlineLvl")
            flow.heading = (style is not None and style.get(_W + "val") in self.styles.headings) or (
                level is not None and level.get(_W + "val") != _BODY_TEXT_LEVEL
            )
        outer, self.boxes = self.boxes, []
        self._inline(node, flow)
        boxes, self.boxes = self.boxes, outer
        for left_open in self.fields:
            left_open.in_instruction = False
        if not joined:
            flow.end_line()
            flow.heading = False
        for box in boxes:
            self.read_blocks(box, flow)
            flow.end_line()

    def _inline(self, parent: etree._Element, flow: Flow) -> None:
        for node in parent:
            tag = node.tag
            if tag == _W + "r" or tag == _M + "r":
                if self._is_struck_or_pale(node):
                    self._issue("hidden_text", f"Text struck out or white was left out: {_text_of(node)[:80]}", flow)
                elif not self._is_hidden(node):
                    start = len(flow.pending)
                    self._run(node, flow)
                    if _is_small_mark(node) and (mark := flow.drop_note_mark(start)):
                        self._issue("note_mark_dropped", f"The small note mark {mark} was left out.", flow)
            elif tag in _GONE:
                continue
            elif tag == _W + "sdt":
                for content in node.findall(_W + "sdtContent"):
                    self._inline(content, flow)
            elif tag == _MC + "AlternateContent":
                self._inline(_alternative(node), flow)
            elif tag in _THROUGH or tag.startswith(_M):
                self._inline(node, flow)

    def _is_hidden(self, run: etree._Element) -> bool:
        properties = run.find(_W + "rPr")
        if properties is None:
            return False
        vanish = properties.find(_W + "vanish")
        if vanish is not None:
            return _on(vanish)
        style = properties.find(_W + "rStyle")
        return style is not None and style.get(_W + "val") in self.styles.hidden

    def _is_struck_or_pale(self, run: etree._Element) -> bool:
        """Whether a line is drawn through the run, or it is white figures on a table's white ground."""
        properties = run.find(_W + "rPr")
        if properties is None:
            return False
        if _on(properties.find(_W + "strike")) or _on(properties.find(_W + "dstrike")):
            return True
        color = properties.find(_W + "color")
        white = color is not None and (color.get(_W + "val") or "").upper() == "FFFFFF"
        shaded = self.shaded or _is_shaded(properties) or properties.find(_W + "highlight") is not None
        return white and not shaded and self.tables > 0 and _FIGURES.fullmatch(_text_of(run)) is not None

    def _run(self, run: etree._Element, flow: Flow) -> None:
        for node in run:
            tag = node.tag
            if tag == _W + "fldChar":
                self._field_character(node.get(_W + "fldCharType"))
            elif any(open_field.in_instruction for open_field in self.fields):
                continue
            elif tag == _W + "t" or tag == _M + "t":
                flow.write((node.text or "").replace("\n", " "))
            elif tag == _W + "tab" or tag == _W + "ptab":
                flow.write("\t")
            elif tag == _W + "br" or tag == _W + "cr":
                flow.end_line()
                flow.page_break = flow.page_break or node.get(_W + "type") == "page"
            elif tag == _W + "noBreakHyphen":
                flow.write("-")
            elif tag == _W + "sym":
                self._symbol(node, flow)
            elif tag == _W + "ruby":
                self._inline(node, flow)
            elif tag == _MC + "AlternateContent":
                self._run(_alternative(node), flow)
            elif tag in (_W + "drawing", _W + "pict", _W + "object"):
                self._drawing(node, flow)

    def _field_character(self, kind: str | None) -> None:
        if kind == "begin":
            self.fields.append(_Field())
        elif kind == "separate" and self.fields:
            self.fields[-1].in_instruction = False
        elif kind == "end" and self.fields:
            self.fields.pop()

    def _symbol(self, node: etree._Element, flow: Flow) -> None:
        code = node.get(_W + "char") or ""
        if re.fullmatch(r"[0-9A-Fa-f]{1,5}", code):
            flow.write(chr(int(code, 16)))
        self._issue("symbol", f"A character of the font {node.get(_W + 'font')} ({code}) may mean another one.", flow)

    def _drawing(self, node: etree._Element, flow: Flow) -> None:
        found = False
        for box in _text_boxes(node):
            found = True
            self.boxes.append(box)
        if found:
            return
        if node.tag == _W + "object":
            self._issue("embedded_document", "Another document is embedded in this one and not read.", flow)
            return
        described = next(iter(node.iter(_DRAWING + "docPr")), None)
        alt = (described.get("descr") or described.get("name") or "") if described is not None else ""
        if described is not None or next(iter(node.iter(_VML + "imagedata")), None) is not None:
            self._issue("image_in_document", f"A picture stands here, which is not read: {alt[:80]}", flow)

    def _table(self, table: etree._Element, flow: Flow) -> None:
        self.tables += 1
        if self.tables > TABLE_DEPTH:
            raise Unreadable("too_deep", f"The document nests more than {TABLE_DEPTH} tables.")
        rows = [Row.of(row, tuple(self._cells(row))) for row in _rows(table)]
        layout, hidden = layout_of(rows)
        for text in hidden:
            self._issue("hidden_text", f"A merged cell hides text that is not shown: {text[:120]}", flow)
        flow.items.extend(table_items(layout))
        self.tables -= 1

    def _cells(self, row: etree._Element) -> Iterator[tuple[CellProperties, Flow]]:
        for cell in _children(row, _W + "tc"):
            properties = CellProperties.of(cell.find(_W + "tcPr"))
            if properties.deleted:
                continue
            content = Flow()
            outer, self.shaded = self.shaded, self.shaded or _is_shaded(cell.find(_W + "tcPr"))
            self.read_blocks(cell, content)
            content.end_line()
            self.shaded = outer
            yield properties, content

    def _issue(self, code: str, message: str, flow: Flow) -> None:
        if sum(issue.code == code for issue in self.issues) < ISSUES_OF_A_KIND:
            lines = (item.text for item in reversed(self.root.items) if isinstance(item, Line))
            last = next(lines, "")
            where = f"block {len(self.root.items)}" + (f", after: {last[:40]}" if last else "")
            self.issues.append(Issue(code, message, where))


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    """The rows that are shown; deleted and hidden ones are not."""
    for row in _children(table, _W + "tr"):
        properties = row.find(_W + "trPr")
        if properties is not None and (properties.find(_W + "del") is not None or _on(properties.find(_W + "hidden"))):
            continue
        yield row


def _children(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Children of one kind, also inside content controls and other wrappers."""
    for node in parent:
        if node.tag == tag:
            yield node
        elif node.tag == _W + "sdt":
            for content in node.findall(_W + "sdtContent"):
                yield from _children(content, tag)
        elif node.tag in _THROUGH:
            yield from _children(node, tag)


def _alternative(node: etree._Element) -> etree._Element:
    """The one of several renderings that a present-day Word shows."""
    choice = node.find(_MC + "Choice")
    fallback = node.find(_MC + "Fallback")
    return choice if choice is not None else fallback if fallback is not None else node


def _text_boxes(node: etree._Element) -> Iterator[etree._Element]:
    """The outermost text boxes below `node`, each once."""
    for child in node:
        if child.tag == _W + "txbxContent":
            yield child
        elif child.tag == _MC + "AlternateContent":
            yield from _text_boxes(_alternative(child))
        else:
            yield from _text_boxes(child)


def _is_small_mark(run: etree._Element) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vertAlign")
    return mark is not None and mark.get(_W + "val") in ("superscript", "subscript")


def _is_shaded(properties: etree._Element | None) -> bool:
    shade = properties.find(_W + "shd") if properties is not None else None
    return shade is not None and (shade.get(_W + "fill") or "auto").upper() not in _NO_SHADE


def _text_of(run: etree._Element) -> str:
    return "".join(node.text or "" for node in run.findall(_W + "t"))


def _on(node: etree._Element | None) -> bool:
    return node is not None and (node.get(_W + "val") or "true").lower() not in _OFF


def _styles(data: bytes) -> _Styles:
    content = read_member(data, "word/styles.xml")
    if content is None:
        return _Styles()
    content = content.replace(_STRICT, _W[1:-1].encode())
    hidden, headings = set(), set()
    for style in parse_xml(content, "word/styles.xml").iter(_W + "style"):
        name = style.find(_W + "name")
        key = style.get(_W + "styleId") or ""
        if _on(style.find(f"{_W}rPr/{_W}vanish")):
            hidden.add(key)
        if name is not None and _HEADING_STYLE.fullmatch(name.get(_W + "val") or ""):
            headings.add(key)
    return _Styles(frozenset(hidden), frozenset(headings))


def _metadata(data: bytes) -> dict[str, str]:
    content = read_member(data, "docProps/core.xml")
    if content is None:
        return {}
    title = parse_xml(content, "docProps/core.xml").findtext(_DC + "title")
    return {"title": title.strip()[:_TITLE_CHARACTERS]} if title and title.strip() else {}
