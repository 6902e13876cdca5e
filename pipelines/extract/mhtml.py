"""MHTML (a page and its parts in one file, as Word and Excel save it) -> Document: its HTML parts in their order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_string
from email.errors import MessageError
from email.message import Message

from pipelines.extract.encoding import Decoded, decode
from pipelines.extract.html import read_html
from pipelines.extract.joining import joined
from pipelines.extract.limits import DOCUMENT_BYTES, Unreadable
from pipelines.model import Document

FORMAT = "mhtml"

_PARTS = 200
_ENCODED = frozenset(("base64", "quoted-printable"))


def read_mhtml(decoded: Decoded) -> Document:
    """Parts that show no text (frames, lists of sheets) are left out. Raises Unreadable as `read_html` does, and
    `damaged` where there is no HTML part."""
    if len(decoded.text) > DOCUMENT_BYTES:
        raise Unreadable("too_large", f"The page is larger than {DOCUMENT_BYTES} characters.")
    found: list[tuple[str, Document]] = []
    empty: Unreadable | None = None
    for number, part in enumerate(_html_parts(decoded.text)):
        if number >= _PARTS:
            raise Unreadable("too_large", f"The file has more than {_PARTS} pages in it.")
        try:
            found.append((f"part {number + 1}", read_html(_content(part))))
        except Unreadable as error:
            if error.issue.code != "empty":
                raise
            empty = error
    if len(found) == 1:
        return replace(found[0][1], format=FORMAT)
    if not found:
        raise empty or Unreadable("damaged", "The file holds no page; fetch it anew.")
    return joined(FORMAT, found)


def _html_parts(text: str) -> Iterator[Message]:
    try:
        message = message_from_string(text)
        for part in message.walk():
            if part.get_content_type() == "text/html":
                yield part
    except RecursionError as error:
        raise Unreadable("too_deep", "The file nests its parts too deep.") from error
    except (MessageError, LookupError, ValueError, TypeError, AttributeError) as error:
        raise Unreadable("damaged", f"The file's parts cannot be told ({error!s:.80}); fetch it anew.") from error


def _content(part: Message) -> Decoded:
    """The part's text. Raises Unreadable `unknown_format` for what is no text."""
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    if encoding in _ENCODED:
        content = part.get_payload(decode=True)
        label = part.get_param("charset")
        return decode(content if isinstance(content, bytes) else b"", label if isinstance(label, str) else None)
    payload = part.get_payload()
    return Decoded(payload if isinstance(payload, str) else "", "unicode")
