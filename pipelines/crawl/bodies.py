"""Bodies of lists and pages as text and as trees."""

from __future__ import annotations

import codecs
import re
from email.message import Message

import webencodings  # type: ignore[import-untyped]
from selectolax.lexbor import LexborHTMLParser

LIST_BYTES = 8 * 2**20
"""No list is larger; what is beyond is not looked at."""

_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,40})|encoding\s*=\s*["']([\w-]{2,40})["']""", re.I
)
_DECLARED_WITHIN = 4096


def text_of(body: bytes, content_type: str | None) -> str:
    """The text: by its byte order mark, as UTF-8 where it is that without fault, by what the header or the page
    declares, else as GB 18030. What cannot be read becomes U+FFFD."""
    cut = body[:LIST_BYTES]
    if cut.startswith(codecs.BOM_UTF8):
        return cut[len(codecs.BOM_UTF8) :].decode("utf-8", "replace")
    try:
        return cut.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(body) > LIST_BYTES and error.start > len(cut) - 4:
            return cut.decode("utf-8", "ignore")
    declared = _DECLARED.search(cut[:_DECLARED_WITHIN])
    labels = [
        _charset(content_type),
        *(group.decode("ascii") for group in (declared.groups() if declared else ()) if group),
    ]
    encodings = (webencodings.lookup(label) for label in labels if label)
    named = next((encoding for encoding in encodings if encoding and encoding.name != "utf-8"), None)
    return named.codec_info.decode(cut, "replace")[0] if named else cut.decode("gb18030", "replace")


def tree_of(text: str) -> LexborHTMLParser:
    return LexborHTMLParser(text)


def is_html(body: bytes, content_type: str | None) -> bool:
    """Whether the body is a page: by its type, or where that says nothing, by its beginning."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml"):
        return not body.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
    return kind in ("", "text/plain", "application/octet-stream") and body[:512].lstrip().startswith(b"<")


def _charset(content_type: str | None) -> str | None:
    message = Message()
    message["content-type"] = content_type or ""
    return message.get_content_charset()
