"""Bodies of lists and pages as text and as trees, bounded as all that comes from outside."""

from __future__ import annotations

from email.message import Message

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.extract.encoding import decode
from pipelines.extract.html_bounds import check_markup
from pipelines.extract.limits import Unreadable

LIST_BYTES = 8 * 2**20
"""No list is larger."""

_PAGE_TYPES = ("text/html", "application/xhtml+xml")
_UNTOLD_TYPES = ("", "text/plain", "application/octet-stream")
_FILES = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def text_of(body: bytes, content_type: str | None) -> str:
    """The text, by the content type's charset where the bytes bear it out. Raises Unreadable where it is none."""
    message = Message()
    message["content-type"] = content_type or ""
    return decode(body, message.get_content_charset()).text


def tree_of(text: str) -> LexborHTMLParser:
    """The page's tree. Raises Unreadable for one that would be absurdly large or deep."""
    check_markup(text)
    return LexborHTMLParser(text)


def whole(tree: LexborHTMLParser) -> list[LexborNode]:
    return [tree.root] if tree.root is not None else []


def is_html(body: bytes, content_type: str | None) -> bool:
    """Whether the body is a page: by its type, or where that says nothing, by its beginning."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind in _PAGE_TYPES:
        return not body.startswith(_FILES)
    return kind in _UNTOLD_TYPES and body[:512].lstrip().startswith(b"<")


__all__ = ["LIST_BYTES", "Unreadable", "is_html", "text_of", "tree_of", "whole"]
