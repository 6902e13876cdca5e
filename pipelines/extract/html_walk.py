"""The walk over a page: which text is shown, in which line, cell and table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from pipelines.extract.boxes import grid_columns, grid_span, width_of
from pipelines.extract.flow import Item, Line, Table
from pipelines.extract.html_style import (
    Declarations,
    Look,
    Sheet,
    is_shade,
    is_white,
    length,
    look_of,
)
from pipelines.extract.html_table import Group, OpenTable, Page
from pipelines.extract.limits import ISSUES_OF_A_KIND
from pipelines.model import Issue

_DROPPED = frozenset(
    {
        "script",
        "style",
        "template",
        "noscript",
        "head",
        "datalist",
        "audio",
        "video",
        "rt",
        "rp",
        "rtc",
        "svg",
        "math",
        "canvas",
        "map",
    }
)
_BLOCKS = frozenset(
    {
        "html",
        "body",
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "ul",
        "ol",
        "menu",
        "dir",
        "dl",
        "dt",
        "dd",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "aside",
        "nav",
        "form",
        "fieldset",
        "legend",
        "address",
        "blockquote",
        "center",
        "pre",
        "hr",
        "figure",
        "figcaption",
        "details",
        "summary",
        "listing",
        "xmp",
        "title",
        "ucaptitle",
        "ucapcontent",
        "caption",
        "option",
        "search",
        "hgroup",
    }
)
_ROLES = {"table": "table", "tr": "row", "td": "cell", "th": "cell", "thead": "head", "tbody": "body", "tfoot": "foot"}
_DISPLAYS = {
    "table": "table",
    "inline-table": "table",
    "table-row": "row",
    "table-cell": "cell",
    "table-header-group": "head",
    "table-row-group": "body",
    "table-footer-group": "foot",
    "block": "block",
    "flex": "block",
    "grid": "block",
    "list-item": "block",
    "flow-root": "block",
    "table-caption": "block",
}
_GROUPS: dict[str, Group] = {"head": "head", "body": "body", "foot": "foot"}
_PARTS = frozenset(("row", "cell", "head", "body", "foot"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LISTS = frozenset(("ul", "ol", "nav", "menu", "dl", "dir", "div", "section", "aside", "table"))
_SURE_LISTS = frozenset(("ul", "ol", "nav", "menu", "dl", "dir"))
_STRUCK = frozenset(("del", "s", "strike"))
_EMBEDDED = frozenset(("iframe", "embed", "object", "frame", "applet"))
_PRESERVED = frozenset(("pre", "textarea", "listing", "xmp", "plaintext"))
_SILENT_INPUTS = frozenset(("hidden", "checkbox", "radio", "submit", "button", "image", "file", "reset", "password"))
_ATTACHMENT = re.compile(r"\.(?:docx?|xlsx?|wps|et|pdf|ofd|zip|rar|jpe?g|png)(?:$|[?#])", re.IGNORECASE)
_SPACE_WITH_END = re.compile(r"[ \t\r\n\f]*[\r\n\f][ \t\r\n\f]*")
_WIDE_BREAK = re.compile(r"(?<=[\u2e80-\u9fff\uff00-\uffef])\n(?=[\u2e80-\u9fff\uff00-\uffef])")
_SPACES = re.compile(r" {2,}")
_TAB = re.compile(r" *\t *")
_DIGIT = re.compile(r"\d")
_FIGURES = re.compile(r"[\d\s.,+-]*\d[\d\s.,+-]*")
_LEADING_NUMBER = re.compile(r"\s*\+?(\d+)")
_SMALL_IMAGE = 120
_LINK_CHARACTERS = 120
_QUOTED_CHARACTERS = 120
_RUN_LOOK_AHEAD = 200
_LINK_SHARE = 0.9
_MANY_NUMBERS = 10

Attributes = Mapping[str, str | None]


@dataclass(slots=True)
class _Open:
    """An element that has been entered and not yet left."""

    tag: str
    role: str
    seen: bool = True
    tiny: bool = False
    clipped: bool = False
    struck: bool = False
    white: bool = False
    shaded: bool = False
    preserved: bool = False
    in_link: bool = False
    tally: tuple[int, int, int, int, int] | None = None
    note: int | None = None
    width: tuple[str, float] | None = None
    spans: tuple[int, int] = (1, 1)
    keeps_place: bool = True
    opens_table: bool = False


class Walker:
    """Takes a page's nodes in document order; `finish` gives what was shown."""

    def __init__(self, sheet: Sheet, keep_lines: bool) -> None:
        self._sheet = sheet
        self._keep_lines = keep_lines
        self._page = Page()
        self._open: list[_Open] = [_Open("", "block")]
        self._letters = self._linked = self._links = self._loose_digits = 0
        self._issues: dict[str, list[Issue]] = {}
        if not sheet.complete:
            self._issue("styles_not_followed", "The page has more style rules than are followed; hidden text may show.")

    @property
    def issues(self) -> tuple[Issue, ...]:
        return tuple(issue for issues in self._issues.values() for issue in issues)

    def finish(self) -> list[Item]:
        self._page.root.end_line()
        return self._page.root.items

    def enter(self, node: LexborNode) -> bool:
        """Whether the walk goes on below `node`; `leave` is called for each such node."""
        if node.is_text_node:
            self._text(node.text_content or "")
            return False
        if not node.is_element_node:
            return False
        tag = node.tag or ""
        if tag in _DROPPED or tag.startswith(("w:", "m:")):
            return False
        attributes = node.attributes
        look = look_of(node, attributes, self._sheet)
        if _takes_no_place(attributes, look):
            if self._page.in_table:
                self._hidden(node.text(deep=True))
            return False
        if tag in _EMBEDDED:
            self._embedded(tag, attributes)
            return tag == "object" and self._open_element(node, tag, attributes, look)
        if tag in ("br", "img", "input"):
            self._void(tag, attributes, look.style)
            return False
        if tag == "select":
            chosen = node.css_first("option[selected]") or node.css_first("option")
            self._text(chosen.text(deep=True) if chosen is not None else "")
            return False
        return self._open_element(node, tag, attributes, look)

    def leave(self, node: LexborNode) -> None:
        element = self._open.pop()
        if element.note is not None and (mark := self._page.flow.drop_note_mark(element.note)):
            self._issue("note_mark_dropped", f"The small note mark {mark} was left out.")
        if element.role == "inline":
            return
        self._page.flow.end_line()
        if element.tag in _HEADINGS:
            self._page.flow.heading = False
        if element.opens_table:
            self._page.close_table()
        if element.role == "caption":
            self._page.close_caption()
        elif element.role in ("cell", "stray"):
            self._page.close_cell(element.spans, element.width, element.keeps_place)
        elif element.role == "row" and (table := self._page.table) is not None:
            table.row = None
            if table.implied and not self._run_goes_on(node):
                self._page.close_table()
        if element.tally is not None:
            self._drop_links(element.tag, element.tally)

    def _open_element(self, node: LexborNode, tag: str, attributes: Attributes, look: Look) -> bool:
        style = look.style
        outer = self._open[-1]
        table = self._page.table
        role = _role(tag, style, table)
        if role == "ignored" or (role in _PARTS and style.get("visibility") == "collapse"):
            return False
        element = _Open(
            tag,
            role,
            seen=outer.seen if look.visible is None else look.visible,
            tiny=outer.tiny if look.tiny is None else look.tiny,
            clipped=outer.clipped or look.out_of_sight,
            struck=outer.struck or look.struck or tag in _STRUCK,
            white=_color_is_white(tag, attributes, look, outer.white),
            shaded=outer.shaded or look.shaded or is_shade(attributes.get("bgcolor") or "none"),
            preserved=tag in _PRESERVED or (outer.preserved if look.preserved is None else look.preserved),
            in_link=outer.in_link,
        )
        if role != "inline":
            self._page.flow.end_line()
        if tag in _LISTS:
            items = len(self._page.flow.items)
            element.tally = (self._letters, self._linked, self._links, self._loose_digits, items)
        if table is not None:
            self._open_part(element, table, attributes, style)
        if role in ("table", "stray", "block"):
            self._open_table(element, node, attributes, style)
        if tag in _HEADINGS:
            self._page.flow.heading = True
        elif tag == "a":
            self._open_link(element, node, attributes)
        elif tag in ("sup", "sub"):
            element.note = len(self._page.flow.pending)
        self._open.append(element)
        return True

    def _open_part(self, element: _Open, table: OpenTable, attributes: Attributes, style: Declarations) -> None:
        """A row, a group of rows, a caption or a cell of an open table."""
        if element.role == "row":
            table.start_row(is_flex_row(style))
        elif element.role in ("head", "body", "foot"):
            table.start_group(_GROUPS[element.role])
        elif element.role == "caption":
            self._page.open_caption(table)
        else:
            above = self._open[-1]
            drawn_row = above.role == "row" and above.tag != "tr" and element.tag in _BLOCKS
            element.keeps_place = element.role == "cell" or table.boxes or table.columns > 0 or drawn_row
            element.width = width_of(style)
            if element.tag in ("td", "th"):
                element.spans = _span(attributes, "rowspan"), _span(attributes, "colspan") or 1
            elif table.columns:
                across = grid_span(style, "grid-column", table.columns)
                element.spans = grid_span(style, "grid-row", 0), across
            self._page.open_cell()

    def _open_table(self, element: _Open, node: LexborNode, attributes: Attributes, style: Declarations) -> None:
        """A table that begins with this element, be it its own or one of several flex rows."""
        display = style.get("display", "")
        flow = self._page.flow
        if element.role == "table" or element.tag == "table" or display in ("table", "inline-table"):
            element.opens_table = True
            self._page.open_table(OpenTable(flow, attributes.get("role") in ("presentation", "none")))
        elif not self._sheet.boxes:
            return
        elif display in ("grid", "inline-grid") and (columns := grid_columns(style)) > 1:
            if len(self._boxes_in(node)) >= 2 * columns:
                element.opens_table = True
                self._page.open_table(OpenTable(flow, columns=columns))
        elif element.role == "block" and is_flex_row(style) and self._starts_run(node):
            table = OpenTable(flow, implied=True)
            self._page.open_table(table)
            table.start_row(boxes=True)
            element.role = "row"

    def _open_link(self, element: _Open, node: LexborNode, attributes: Attributes) -> None:
        if "href" not in attributes and ("name" in attributes or "id" in attributes):
            return
        element.in_link = True
        self._links += 1
        if _ATTACHMENT.search(attributes.get("href") or ""):
            shown = " ".join(node.text(deep=True).split())[:_QUOTED_CHARACTERS]
            self._issue("attachment_in_document", f"A file is attached: {shown}; read it too.")

    def _starts_run(self, node: LexborNode) -> bool:
        """Whether flex rows follow each other from here on, one of them at least with several boxes."""
        if not self._run_goes_on(node):
            return False
        row: LexborNode | None = node
        for _ in range(_RUN_LOOK_AHEAD):
            if row is None:
                return False
            if len(self._boxes_in(row)) > 1:
                return True
            row = self._next_row(row)
        return False

    def _run_goes_on(self, node: LexborNode) -> bool:
        return self._next_row(node) is not None

    def _next_row(self, node: LexborNode) -> LexborNode | None:
        """The flex row right after `node`, if that is what is shown next."""
        following = node.next
        while following is not None:
            if following.is_text_node and (following.text_content or "").strip():
                return None
            if following.is_element_node and following.tag not in _DROPPED:
                attributes = following.attributes
                look = look_of(following, attributes, self._sheet)
                if not _takes_no_place(attributes, look):
                    return following if is_flex_row(look.style) and following.tag not in _ROLES else None
            following = following.next
        return None

    def _boxes_in(self, node: LexborNode) -> list[LexborNode]:
        boxes: list[LexborNode] = []
        child = node.child
        while child is not None and len(boxes) < _RUN_LOOK_AHEAD:
            if child.is_element_node and child.tag not in _DROPPED:
                boxes.append(child)
            child = child.next
        return boxes

    def _text(self, text: str) -> None:
        element = self._open[-1]
        if not element.seen or element.tiny or element.clipped or element.struck or self._is_pale(text):
            if self._page.in_table or element.struck:
                self._hidden(text)
            return
        table = self._page.table
        if table is not None:
            if text.strip():
                self._page.open_cell()
                self._page.flow.write(_collapsed(text))
                self._page.close_cell((1, 1), None, keep_empty=False)
            return
        flow = self._page.flow
        if element.preserved or (self._keep_lines and not self._page.in_table):
            for number, line in enumerate(text.replace("\r\n", "\n").split("\n")):
                if number:
                    flow.end_line()
                flow.write(line)
        else:
            shown = _collapsed(text)
            if flow.pending and flow.pending[-1].endswith(" "):
                shown = shown.lstrip(" ")
            if shown:
                flow.write(shown)
        letters = sum(map(str.isalpha, text))
        self._letters += letters
        if element.in_link and letters <= _LINK_CHARACTERS:
            self._linked += letters
        elif not element.in_link:
            self._loose_digits += sum(map(str.isdecimal, text))

    def _is_pale(self, text: str) -> bool:
        """Whether these are white figures on a table's white ground. Words are left alone: the ground of a header may
        be coloured by rules in other files."""
        element = self._open[-1]
        return element.white and not element.shaded and self._page.in_table and _FIGURES.fullmatch(text) is not None

    def _drop_links(self, tag: str, tally: tuple[int, int, int, int, int]) -> None:
        """Takes back what a list of links wrote: other reports' titles would pass for this one's."""
        letters, linked, links, digits, items = tally
        letters, linked = self._letters - letters, self._linked - linked
        links, digits = self._links - links, self._loose_digits - digits
        if links >= (1 if tag in _SURE_LISTS else 3) and linked > _LINK_SHARE * letters and digits <= 12 * links:
            written = self._page.flow.items
            if sum(map(_number_count, written[items:])) < _MANY_NUMBERS:
                del written[items:]

    def _void(self, tag: str, attributes: Attributes, style: Declarations) -> None:
        if tag == "br":
            if self._page.table is None:
                self._page.flow.end_line()
                if "page-break-before" in (attributes.get("style") or ""):
                    self._page.flow.page_break = True
        elif tag == "input":
            if (attributes.get("type") or "text").lower() not in _SILENT_INPUTS:
                self._text(attributes.get("value") or "")
        elif not self._open[-1].in_link and not _is_small(attributes, style):
            described = attributes.get("alt") or attributes.get("title") or ""
            self._issue("image_in_document", f"A picture stands here, which is not read: {described[:80]}")

    def _embedded(self, tag: str, attributes: Attributes) -> None:
        source = attributes.get("src") or attributes.get("data") or ""
        self._issue("embedded_document", f"Another document is embedded by <{tag}> and not followed: {source[:200]}")

    def _hidden(self, text: str) -> None:
        if _DIGIT.search(text):
            shown = " ".join(text.split())[:_QUOTED_CHARACTERS]
            self._issue("hidden_text", f"Text that is not shown, or struck out, was left out: {shown}")

    def _issue(self, code: str, message: str) -> None:
        known = self._issues.setdefault(code, [])
        if len(known) < ISSUES_OF_A_KIND:
            items = self._page.root.items
            last = next((item.text for item in reversed(items) if isinstance(item, Line)), "")
            known.append(Issue(code, message, f"block {len(items)}" + (f", after: {last[:40]}" if last else "")))


def is_flex_row(style: Declarations) -> bool:
    """Whether the element lays its children side by side."""
    direction = style.get("flex-direction") or style.get("flex-flow") or ""
    return style.get("display") in ("flex", "inline-flex") and "column" not in direction


def _role(tag: str, style: Declarations, table: OpenTable | None) -> str:
    """`inline`, `block`, `table`, `caption`, a part of a table, `stray` (a cell by its place alone) or `ignored`.

    `table` is the one in which a part may begin here.
    """
    role = _ROLES.get(tag)
    display = style.get("display")
    if role is None and display is not None:
        role = _DISPLAYS.get(display, "inline" if display.startswith(("inline", "contents")) else None)
    if role is None:
        role = "block" if tag in _BLOCKS else "inline"
    if table is None:
        return "block" if role in _PARTS else role
    if tag in ("col", "colgroup"):
        return "ignored"
    if tag == "caption" or display == "table-caption":
        return "caption"
    if table.row is None and not table.columns and is_flex_row(style):
        return "row"
    return role if role in _PARTS else "stray"


def _color_is_white(tag: str, attributes: Attributes, look: Look, inherited: bool) -> bool:
    if look.white is not None:
        return look.white
    color = attributes.get("color") if tag == "font" else None
    return inherited if color is None else is_white(color)


def _takes_no_place(attributes: Attributes, look: Look) -> bool:
    return look.removed or ("hidden" in attributes and "display" not in look.style)


def _collapsed(text: str) -> str:
    """White space as a browser shows it, except that tabs which part words are kept. A line end between two wide
    characters is nothing."""
    if "\n" in text or "\r" in text or "\f" in text:
        text = _WIDE_BREAK.sub("", _SPACE_WITH_END.sub("\n", text)).replace("\n", " ")
    text = _TAB.sub("\t", text) if "\t" in text else text
    return _SPACES.sub(" ", text) if "  " in text else text


def _number_count(item: Item) -> int:
    return sum(cell.text.isdecimal() for cell in item.cells) if isinstance(item, Table) else 0


def _span(attributes: Attributes, name: str) -> int:
    """A span as the standard reads it: leading digits; 1 where there are none."""
    found = _LEADING_NUMBER.match(attributes.get(name) or "")
    return int(found.group(1)[:9]) if found else 1


def _is_small(attributes: Attributes, style: Declarations) -> bool:
    sizes = [length(attributes.get(side) or style.get(side)) for side in ("width", "height")]
    return any(size < _SMALL_IMAGE for size in sizes)
