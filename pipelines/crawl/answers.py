"""A list's bytes by the format that its family declares: the entries, the tree that they stand in, and their number."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from pipelines.crawl.bodies import tree_of, whole
from pipelines.crawl.entries import Entry, base_of, entries_of_objects, links_of_page
from pipelines.crawl.families import ListShape

_RECORD = "<record>", "</record>"
_NEXT_GROUP = "<nextgroup>", "</nextgroup>"
_CDATA = "<![CDATA[", "]]>"
_RECORDS = 5000


class NotAsDeclared(Exception):
    """An answer that is not of the format: `not_json`, or `no_list` where nothing stands at the declared place."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Answer:
    """`entries` are all that the list names; `tree` is the page, or the piece of one, that they stand in; `listed` says
    that each entry is one of the list, and none a link of the page around it."""

    text: str
    entries: list[Entry]
    tree: LexborHTMLParser | None = None
    total: int | None = None
    following: str | None = None
    listed: bool = False


def read_page_of_list(shape: ListShape, text: str, url: str) -> Answer:
    """The links of a page, or of those of its parts that the shape names."""
    tree = tree_of(text)
    parts = next((found for selector in shape.scope if (found := tree.css(selector))), whole(tree))
    return Answer(text, links_of_page(parts, base_of(tree, url)), tree)


def read_records(shape: ListShape, text: str, url: str) -> Answer:
    """The links inside <record>s; where there are none, those of the page."""
    pieces = _between(text, *_RECORD)
    if not pieces:
        return read_page_of_list(shape, text, url)
    tree = tree_of("".join(f"<div>{_content(piece)}</div>" for piece in pieces))
    groups = tree_of("".join(_content(piece) for piece in _between(text, *_NEXT_GROUP)[:1]))
    link = groups.css_first("a[href]")
    total = _between(text, "<totalrecord>", "</totalrecord>")[:1]
    return Answer(
        text,
        links_of_page(whole(tree), url),
        tree_of(text),
        int(total[0]) if total and total[0].strip().isdigit() and len(total[0]) < 9 else None,
        link.attributes.get("href") if link is not None else None,
        listed=True,
    )


def read_json(shape: ListShape, text: str, url: str) -> Answer:
    """The entries of a JSON answer. Raises NotAsDeclared."""
    content = _json(text)
    items = _at(content, shape.entries or "")
    if not isinstance(items, list):
        raise NotAsDeclared("no_list")
    total = _at(content, shape.total) if shape.total else None
    names = {"title": shape.title, "address": shape.address, "date": shape.date, "column": shape.column}
    entries = entries_of_objects(items, names, url)
    return Answer(text, entries, None, _number(total), listed=True)


def read_json_html(shape: ListShape, text: str, url: str) -> Answer:
    """The links of a piece of a page that a JSON answer holds. Raises NotAsDeclared."""
    piece = _at(_json(text), shape.html or "")
    if not isinstance(piece, str):
        raise NotAsDeclared("no_list")
    tree = tree_of(piece)
    return Answer(piece, links_of_page(whole(tree), url), tree)


READERS = {
    "html": read_page_of_list,
    "records": read_records,
    "json": read_json,
    "json_html": read_json_html,
}


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAsDeclared("not_json") from error


def _at(content: Any, place: str) -> Any:
    for name in place.split("."):
        content = content.get(name) if isinstance(content, Mapping) else None
    return content


def _number(value: Any) -> int | None:
    if isinstance(value, str) and value.isdigit() and len(value) < 9:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _between(text: str, start: str, end: str) -> list[str]:
    """What stands between two marks, in one pass."""
    found: list[str] = []
    at = text.find(start)
    while at >= 0 and len(found) < _RECORDS:
        stop = text.find(end, at + len(start))
        if stop < 0:
            break
        found.append(text[at + len(start) : stop])
        at = text.find(start, stop)
    return found


def _content(piece: str) -> str:
    return piece.strip().removeprefix(_CDATA[0]).removesuffix(_CDATA[1])
