"""What a report's page holds beside its text: attachments and pictures worth fetching, and who published it when."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.crawl.bodies import Unreadable, is_html, text_of, tree_of
from pipelines.crawl.canonical import resolved, target_of
from pipelines.crawl.entries import base_of, day_of, printed_title
from pipelines.crawl.families import Family
from pipelines.crawl.links import belongs
from pipelines.crawl.listing import DOCUMENTS, Link

ATTACHMENTS = 100
"""No page is taken to have more."""

_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp")
_SMALL = 80
"""Pixels; a picture that is declared to be smaller holds no table."""
_FRAMES = {"iframe": "src", "embed": "src", "object": "data"}
_VALUE_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class Page:
    """`attachments` in the order of the page, each once: files that it links to or frames, and pictures in its body."""

    attachments: tuple[Link, ...] = ()
    published: date | None = None
    publisher: str | None = None


def read_page(family: Family, url: str, body: bytes, content_type: str | None) -> Page:
    """What the page at `url` names; nothing where the body is a file itself, or a page that no reader reads either."""
    if not is_html(body, content_type):
        return Page()
    try:
        tree = tree_of(text_of(body, content_type))
    except Unreadable:
        return Page()
    base = base_of(tree, url)
    articles = next((found for selector in family.page.body if (found := tree.css(selector))), [])
    links = _in_article(family, articles, base) if articles else _anywhere(family, tree, base)
    attachments: dict[str, Link] = {}
    for link in links:
        if len(attachments) == ATTACHMENTS:
            break
        if link.url != url:
            attachments.setdefault(link.url, link)
    published = (day_of(text) for text in _values(tree, family.page.published))
    return Page(
        tuple(attachments.values()),
        next((day for day in published if day is not None), None),
        next(_values(tree, family.page.publisher), None),
    )


def _in_article(family: Family, articles: Sequence[LexborNode], base: str) -> Iterator[Link]:
    for article in articles:
        for node in article.traverse():
            if node.tag == "img":
                yield from _picture(family, node, base)
            else:
                yield from _file(family, node, base)


def _anywhere(family: Family, tree: LexborHTMLParser, base: str) -> Iterator[Link]:
    """On a page whose article is not told from what surrounds it: files that are called like a part of a report."""
    for node in tree.css("a[href], iframe[src], embed[src], object[data]"):
        for link in _file(family, node, base):
            if node.tag in _FRAMES or belongs(link.title):
                yield link


def _file(family: Family, node: LexborNode, base: str) -> Iterator[Link]:
    """The file that a link or a frame leads to; a viewer's frame names it in its query."""
    attributes = node.attributes
    if node.tag == "a":
        url = resolved(base, attributes.get("href") or "")
        if url is not None and _leads_to_file(family, url):
            yield Link(url, printed_title(node))
    elif node.tag in _FRAMES:
        url = resolved(base, attributes.get(_FRAMES[node.tag]) or "")
        named = (resolved(base, value) for _, value in parse_qsl(urlsplit(url).query)) if url else ()
        for found in (url, *named):
            if found is not None and _ending(found) in DOCUMENTS:
                yield Link(found, "")


def _picture(family: Family, node: LexborNode, base: str) -> Iterator[Link]:
    attributes = node.attributes
    sizes = (re.match(r"\s*(\d{1,6})(?:px)?\s*$", attributes.get(side) or "") for side in ("width", "height"))
    if any(size is not None and int(size[1]) < _SMALL for size in sizes):
        return
    url = resolved(base, attributes.get("src") or attributes.get("data-src") or "")
    if url is not None and not any(re.search(icon, target_of(url), re.IGNORECASE) for icon in family.page.icons):
        yield Link(url, (attributes.get("alt") or "").strip()[:_VALUE_CHARACTERS])


def _leads_to_file(family: Family, url: str) -> bool:
    if _ending(url) in (*DOCUMENTS, *_IMAGES):
        return True
    return any(re.search(download, target_of(url), re.IGNORECASE) for download in family.page.downloads)


def _ending(url: str) -> str:
    return posixpath.splitext(urlsplit(url).path)[1].lower()


def _values(tree: LexborHTMLParser, selectors: Sequence[str]) -> Iterator[str]:
    for selector in selectors:
        for node in tree.css(selector):
            text = node.attributes.get("content") if node.tag == "meta" else node.text(deep=True)
            value = " ".join((text or "")[: 10 * _VALUE_CHARACTERS].split())[:_VALUE_CHARACTERS]
            if value:
                yield value
