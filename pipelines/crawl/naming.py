"""The name that a fetched file goes by: its end tells readers what it is."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from email.message import Message
from urllib.parse import unquote, urlsplit

_NAME_CHARACTERS = 120
_KNOWN = re.compile(
    r"\.(html?|shtml|mht|mhtml|docx?|wps|rtf|xlsx?|et|ods|odt|csv|txt|pdf|ofd|zip|png|jpe?g|gif|bmp|tiff?|webp)$",
    re.IGNORECASE,
)
_BY_TYPE = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/zip": ".zip",
    "application/ofd": ".ofd",
    "image/jpeg": ".jpg",
    "image/png": ".png",
}
_PAGES = (".html", ".htm", ".shtml")


def part_name(url: str, title: str | None, headers: Mapping[str, str]) -> str:
    """A file name without folders. The server's own name for a download counts first, then the end of the address, then
    the link's title; where none ends in a kind that is known, the content type gives the end.

    Header names are in lower case.
    """
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    by_type = _BY_TYPE.get(kind, "")
    last = posixpath.basename(unquote(urlsplit(url).path))
    for name in (_offered(headers), last, title or ""):
        ending = _KNOWN.search(name.strip())
        if ending and not (by_type and ending[0].lower() in _PAGES and by_type != ".html"):
            return _clean(name)
    return _clean((title or posixpath.splitext(last)[0] or "page")[: _NAME_CHARACTERS - 6] + by_type)


def _offered(headers: Mapping[str, str]) -> str:
    """The file name of Content-Disposition, which servers write in many ways."""
    value = headers.get("content-disposition")
    if not value:
        return ""
    message = Message()
    message["content-disposition"] = value
    return posixpath.basename(unquote(message.get_filename() or "").replace("\\", "/"))


def _clean(name: str) -> str:
    whole = re.sub(r"[\x00-\x1f/\\]+", "_", name.strip())
    stem, ending = posixpath.splitext(whole)
    return stem[: _NAME_CHARACTERS - len(ending)] + ending
