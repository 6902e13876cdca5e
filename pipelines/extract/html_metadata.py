"""What a page says of itself: its <title>, its meta elements, the tags of content systems, its breadcrumb."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from selectolax.lexbor import LexborHTMLParser

from pipelines.extract.fields import plain

_META: dict[str, str] = {
    "articletitle": "article_title",
    "og:title": "article_title",
    "pubdate": "published",
    "publishdate": "published",
    "publishtime": "published",
    "firstpublishedtime": "published",
    "article:published_time": "published",
    "dc.date": "published",
    "contentsource": "publisher",
    "source": "publisher",
    "publisher": "publisher",
    "author": "publisher",
    "sitename": "site",
    "og:site_name": "site",
    "columnname": "column",
    "channel": "column",
}
"""Names of meta elements, in lower case, and the metadata key that each fills; an earlier line wins."""

_ELEMENTS: dict[str, str] = {"ucaptitle": "article_title", "publishtime": "published"}
_BREADCRUMB = re.compile(r"bread|position|crumb|location|weizhi|dqwz", re.IGNORECASE)
_BREADCRUMB_CHARACTERS = 200
_DATE = re.compile(r"(?<!\d)(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})(?!\d)")
_VALUE_CHARACTERS = 500


def read_metadata(tree: LexborHTMLParser) -> dict[str, str]:
    """Metadata under the keys of `Document.metadata`; dates as ISO, and left out where they are none."""
    found: dict[str, tuple[int, str]] = {}
    order = {name: rank for rank, name in enumerate(_META)}
    for name, value in _stated(tree):
        key = _META.get(name)
        if key is None or (key in found and found[key][0] <= order[name]):
            continue
        if stated := _as_date(value) if key == "published" else value:
            found[key] = (order[name], stated)
    metadata = {key: value for key, (_, value) in found.items()}
    for tag, key in _ELEMENTS.items():
        element = tree.css_first(tag)
        if element is not None and key not in metadata:
            text = _line(element.text(deep=True))
            if stated := _as_date(text) if key == "published" else text:
                metadata[key] = stated
    title = tree.css_first("title")
    if title is not None and (text := _line(title.text(deep=True))):
        metadata["title"] = text
    if breadcrumb := _breadcrumb(tree):
        metadata["breadcrumb"] = breadcrumb
    return metadata


def _stated(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    for meta in tree.css("meta"):
        attributes = meta.attributes
        name = attributes.get("name") or attributes.get("property") or ""
        value = _line(attributes.get("content") or "")
        if name and value:
            yield name.strip().lower(), value


def _breadcrumb(tree: LexborHTMLParser) -> str | None:
    for element in tree.css("[class],[id]"):
        attributes = element.attributes
        named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if _BREADCRUMB.search(named):
            text = _line(element.text(deep=True))
            if 0 < len(text) <= _BREADCRUMB_CHARACTERS:
                return text
    return None


def _line(text: str) -> str:
    return " ".join(plain(text[: 10 * _VALUE_CHARACTERS]).split())[:_VALUE_CHARACTERS]


def _as_date(text: str) -> str | None:
    found = _DATE.search(text)
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups())).isoformat()
    except ValueError:
        return None
