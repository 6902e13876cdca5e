"""The walk over a page: which text is shown, in which line, cell and table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from pipelines.extract.flow import Flow, Item, Line, Table
from pipelines.extract.html_style import (
    Declarations,
    Sheet,
    declarations_of,
    font_size,
    is_out_of_sight,
    is_removed,
    length,
)
from pipelines.extract.limits import ISSUES_OF_A_KIND, TABLE_DEPTH, Unreadable
from pipelines.extract.spans import MAX_COLUMN_SPAN, Spanning, place
from pipelines.extract.tables import table_items
from pipelines.model import Issue

_DROPPED = frozenset(
    {
        "script", "style", "template", "noscript", "head", "datalist", "audio", "video", "rt", "rp", "rtc", "svg",
        "math", "canvas", "map",
    }
)
_BLOCKS = frozenset(
    {
        "html", "body", "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "menu", "dir", "dl", "dt",
        "dd", "section", "article", "header", "footer", "main", "aside", "nav", "form", "fieldset", "legend",
        "address", "blockquote", "center", "pre", "hr", "figure", "figcaption", "details", "summary", "listing", "xmp",
        "title", "ucaptitle", "ucapcontent", "caption", "option", "search", "hgroup",
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
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LISTS = frozenset(("ul", "ol", "nav", "menu", "dl", "dir", "div", "section", "aside", "table"))
_SURE_LISTS = frozenset(("ul", "ol", "nav", "menu", "dl", "dir"))
_EMBEDDED = frozenset(("iframe", "embed", "object", "frame", "applet"))
_PRESERVED = frozenset(("pre", "textarea", "listing", "xmp", "plaintext"))
_SILENT_INPUTS = frozenset(("hidden", "checkbox", "radio", "submit", "button", "image", "file", "reset", "password"))
_ATTACHMENT = re.compile(r"\.(?:docx?|xlsx?|wps|et|pdf|ofd|zip|rar|jpe?g|png)(?:$|[?#])", re.IGNORECASE)
_SPACE_WITH_END = re.compile(r"[ \t\r\n\f]*[\r\n\f][ \t\r\n\f]*")
_WIDE_BREAK = re.compile(r"(?<=[\u2e80-\u9fff\uff00-\uffef])\n(?=[\u2e80-\u9fff\uff00-\uffef])")
_SPACES = re.compile(r" {2,}")
_TAB = re.compile(r" *\t *")
_DIGIT = re.compile(r"\d")
_LEADING_NUMBER = re.compile(r"\s*\+?(\d+)")
_SMALL_IMAGE = 120
_LINK_CHARACTERS = 120
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
    preserved: bool = False
    in_link: bool = False
    tally: tuple[int, int, int, int, int] | None = None
    note: int | None = None


@dataclass(slots=True)
class _Table:
    """A table whose rows are being read. `flow` is where it stands."""

    flow: Flow
    presentation: bool
    groups: list[tuple[str, list[list[Spanning[Flow]]]]] = field(default_factory=list)
    row: list[Spanning[Flow]] | None = None

    def start_group(self, kind: str) -> None:
        self.groups.append((kind, []))
        self.row = None

    def start_row(self) -> None:
        if not self.groups:
            self.start_group("body")
        self.row = []
        self.groups[-1][1].append(self.row)

    def add(self, cell: Spanning[Flow]) -> None:
        if self.row is None:
            self.start_row()
        assert self.row is not None
        self.row.append(cell)

    def ordered(self) -> list[list[list[Spanning[Flow]]]]:
        """The row groups as shown: the first head on top, the first foot at the bottom."""
        head = next((i for i, (kind, _) in enumerate(self.groups) if kind == "head"), None)
        foot = next((i for i, (kind, _) in enumerate(self.groups) if kind == "foot"), None)
        middle = [rows for i, (_, rows) in enumerate(self.groups) if i not in (head, foot)]
        top = [self.groups[head][1]] if head is not None else []
        return [*top, *middle, *([self.groups[foot][1]] if foot is not None else [])]


class Walker:
    """Takes a page's nodes in document order; `finish` gives what was shown."""

    def __init__(self, sheet: Sheet, keep_lines: bool) -> None:
        self._sheet = sheet
        self._keep_lines = keep_lines
        self._root = Flow()
        self._flows: list[Flow] = [self._root]
        self._contexts: list[Flow | _Table] = [self._root]
        self._open: list[_Open] = [_Open("", "block")]
        self._letters = self._linked = self._links = self._loose_digits = 0
        self._issues: dict[str, list[Issue]] = {}

    @property
    def issues(self) -> tuple[Issue, ...]:
        return tuple(issue for issues in self._issues.values() for issue in issues)

    def finish(self) -> list[Item]:
        self._root.end_line()
        return self._root.items

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
        style = declarations_of(node, attributes, self._sheet)
        if is_removed(style) or ("hidden" in attributes and "display" not in style):
            self._note_hidden(node)
            return False
        if tag in _EMBEDDED:
            self._embedded(tag, attributes)
            return tag == "object"
        if tag in ("br", "img", "input"):
            self._void(tag, attributes, style)
            return False
        if tag == "select":
            chosen = node.css_first("option[selected]") or node.css_first("option")
            self._text(chosen.text(deep=True) if chosen is not None else "")
            return False
        return self._open_element(node, tag, attributes, style)

    def _open_element(self, node: LexborNode, tag: str, attributes: Attributes, style: Declarations) -> bool:
        outer = self._open[-1]
        role = self._role(tag, style)
        visibility = style.get("visibility")
        if role == "ignored" or (visibility == "collapse" and role in ("row", "head", "body", "foot")):
            return False
        size = font_size(style)
        space = style.get("white-space")
        element = _Open(
            tag,
            role,
            seen=outer.seen if visibility is None else visibility == "visible",
            tiny=outer.tiny if size is None else size,
            clipped=outer.clipped or is_out_of_sight(style),
            preserved=tag in _PRESERVED or (outer.preserved if space is None else space.startswith(("pre", "break"))),
            in_link=outer.in_link,
        )
        flow = self._flows[-1]
        if role != "inline":
            flow.end_line()
        if tag in _LISTS:
            element.tally = (self._letters, self._linked, self._links, self._loose_digits, len(flow.items))
        self._enter_role(role, tag, attributes, flow)
        if tag == "a" and ("href" in attributes or not ("name" in attributes or "id" in attributes)):
            element.in_link = True
            self._links += 1
            if _ATTACHMENT.search(attributes.get("href") or ""):
                shown = " ".join(node.text(deep=True).split())[:_LINK_CHARACTERS]
                self._issue("attachment_in_document", f"A file is attached: {shown}; read it too.")
        elif tag == "sup":
            element.note = len(flow.pending)
        self._open.append(element)
        return True

    def _role(self, tag: str, style: Declarations) -> str:
        context = self._contexts[-1]
        role = _ROLES.get(tag)
        display = style.get("display")
        if role is None and display is not None:
            role = _DISPLAYS.get(display, "inline" if display.startswith(("inline", "contents")) else None)
        if role is None:
            role = "block" if tag in _BLOCKS else "inline"
        if not isinstance(context, _Table):
            return "block" if role in ("row", "cell", "head", "body", "foot") else role
        if tag in ("col", "colgroup"):
            return "ignored"
        if tag == "caption" or display == "table-caption":
            return "caption"
        return role if role in ("row", "cell", "head", "body", "foot") else "stray"

    def _enter_role(self, role: str, tag: str, attributes: Attributes, flow: Flow) -> None:
        context = self._contexts[-1]
        if role == "table":
            tables = sum(1 for context in self._contexts if isinstance(context, _Table))
            if tables >= TABLE_DEPTH:
                raise Unreadable("too_deep", f"The page nests more than {TABLE_DEPTH} tables.")
            presentation = attributes.get("role") in ("presentation", "none")
            self._contexts.append(_Table(flow, presentation))
        elif role == "caption":
            self._contexts.append(flow)
        elif role in ("cell", "stray"):
            self._flows.append(Flow())
            self._contexts.append(self._flows[-1])
        elif isinstance(context, _Table) and role == "row":
            context.start_row()
        elif isinstance(context, _Table) and role in ("head", "body", "foot"):
            context.start_group(role)
        if tag in _HEADINGS:
            flow.heading = True

    def leave(self, node: LexborNode) -> None:
        element = self._open.pop()
        flow = self._flows[-1]
        if element.note is not None and (mark := flow.drop_note_mark(element.note)):
            self._issue("note_mark_dropped", f"The raised note mark {mark} was left out.")
        if element.role == "inline":
            return
        flow.end_line()
        if element.tag in _HEADINGS:
            flow.heading = False
        if element.role == "table":
            table = self._contexts.pop()
            assert isinstance(table, _Table)
            table.flow.items.extend(table_items(place(table.ordered()), table.presentation))
        elif element.role == "caption":
            self._contexts.pop()
        elif element.role in ("cell", "stray"):
            self._contexts.pop()
            self._flows.pop()
            table = self._contexts[-1]
            assert isinstance(table, _Table)
            if element.role == "cell":
                attributes = node.attributes
                rows, columns = _span(attributes, "rowspan", 0), _span(attributes, "colspan", 1)
                table.add(Spanning(flow, rows, min(max(columns, 1), MAX_COLUMN_SPAN)))
            elif flow.items:
                table.add(Spanning(flow))
        elif element.role == "row":
            context = self._contexts[-1]
            assert isinstance(context, _Table)
            context.row = None
        if element.tally is not None:
            self._drop_links(element.tag, element.tally)

    def _text(self, text: str) -> None:
        element = self._open[-1]
        if not element.seen or element.tiny or element.clipped:
            if isinstance(self._contexts[-1], Flow) and len(self._contexts) > 1 and _DIGIT.search(text):
                self._issue("hidden_text", f"A table holds text that is not shown: {text.strip()[:_LINK_CHARACTERS]}")
            return
        context = self._contexts[-1]
        if isinstance(context, _Table):
            if text.strip():
                flow = Flow()
                flow.write(_collapsed(text))
                flow.end_line()
                context.add(Spanning(flow))
            return
        flow = self._flows[-1]
        if element.preserved or (self._keep_lines and len(self._contexts) == 1):
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
        self._tally(text, element.in_link)

    def _tally(self, text: str, in_link: bool) -> None:
        letters = sum(map(str.isalpha, text))
        self._letters += letters
        if in_link and letters <= _LINK_CHARACTERS:
            self._linked += letters
        elif not in_link:
            self._loose_digits += sum(map(str.isdecimal, text))

    def _drop_links(self, tag: str, tally: tuple[int, int, int, int, int]) -> None:
        """Takes back what a list of links wrote: other reports' titles would pass for this one's."""
        letters, linked, links, digits, items = tally
        letters, linked = self._letters - letters, self._linked - linked
        links, digits = self._links - links, self._loose_digits - digits
        if links >= (1 if tag in _SURE_LISTS else 3) and linked > _LINK_SHARE * letters and digits <= 12 * links:
            written = self._flows[-1].items
            if sum(map(_number_count, written[items:])) < _MANY_NUMBERS:
                del written[items:]

    def _void(self, tag: str, attributes: Attributes, style: Declarations) -> None:
        flow = self._flows[-1]
        if tag == "br":
            if isinstance(self._contexts[-1], Flow):
                flow.end_line()
                if "page-break-before" in (attributes.get("style") or ""):
                    flow.page_break = True
        elif tag == "input":
            if (attributes.get("type") or "text").lower() not in _SILENT_INPUTS:
                self._text(attributes.get("value") or "")
        elif not self._open[-1].in_link and not _is_small(attributes, style):
            described = attributes.get("alt") or attributes.get("title") or ""
            self._issue("image_in_document", f"A picture stands here, which is not read: {described[:80]}")

    def _embedded(self, tag: str, attributes: Attributes) -> None:
        source = attributes.get("src") or attributes.get("data") or ""
        self._issue("embedded_document", f"Another document is embedded by <{tag}> and not followed: {source[:200]}")

    def _note_hidden(self, node: LexborNode) -> None:
        if len(self._contexts) > 1 and _DIGIT.search(text := node.text(deep=True)):
            message = f"A table holds text that is not shown: {' '.join(text.split())[:_LINK_CHARACTERS]}"
            self._issue("hidden_text", message)

    def _issue(self, code: str, message: str) -> None:
        known = self._issues.setdefault(code, [])
        if len(known) < ISSUES_OF_A_KIND:
            last = next((item.text for item in reversed(self._root.items) if isinstance(item, Line)), "")
            where = f"block {len(self._root.items)}" + (f", after: {last[:40]}" if last else "")
            known.append(Issue(code, message, where))


def _collapsed(text: str) -> str:
    """White space as a browser shows it, except that tabs which part words are kept. A line end between two wide
    characters is nothing."""
    if "\n" in text or "\r" in text or "\f" in text:
        text = _WIDE_BREAK.sub("", _SPACE_WITH_END.sub("\n", text)).replace("\n", " ")
    text = _TAB.sub("\t", text) if "\t" in text else text
    return _SPACES.sub(" ", text) if "  " in text else text


def _number_count(item: Item) -> int:
    return sum(cell.text.isdecimal() for cell in item.cells) if isinstance(item, Table) else 0


def _span(attributes: Attributes, name: str, least: int) -> int:
    found = _LEADING_NUMBER.match(attributes.get(name) or "")
    return max(int(found.group(1)[:9]), least) if found else 1


def _is_small(attributes: Attributes, style: Declarations) -> bool:
    sizes = [length(attributes.get(side) or style.get(side)) for side in ("width", "height")]
    return any(size < _SMALL_IMAGE for size in sizes)
