"""Where a list goes on: the address of its next page, by what the family declares."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from selectolax.lexbor import LexborNode

from pipelines.crawl.answers import Answer
from pipelines.crawl.canonical import resolved
from pipelines.crawl.entries import base_of
from pipelines.crawl.families import Pages, Step

PAGES = 2000
"""No list is longer."""
_PARAMETER_CHARACTERS = 2000
_DOWN = re.compile(r"(?P<stem>.*)/(?P<number>\d{1,4})\.(?P<ending>html?)")


@dataclass(frozen=True, slots=True)
class Turn:
    """A page of a list that was read: its address, whether the card names it, its answer, and how many of the entries
    are the list's own."""

    url: str
    is_first: bool
    answer: Answer
    count: int


def next_page(pages: Pages, turn: Turn) -> str | None:
    """The address of the next page, None where there is none."""
    return _STEPS[pages.by](pages, turn)


def lacks_pages(pages: Pages, turn: Turn) -> bool:
    """Whether the page says that there are more, and has no address for them."""
    stated = _stated(pages, turn.answer.text)
    return turn.is_first and stated is not None and int(stated["pages"]) > 1 and next_page(pages, turn) is None


def _up(pages: Pages, turn: Turn) -> str | None:
    parts = urlsplit(turn.url)
    folder, file = posixpath.split(parts.path)
    stated = _stated(pages, turn.answer.text)
    named = stated.groupdict() if stated else {}
    name = pages.name or ""
    if named.get("stem"):
        name = f"{named['stem']}_{{n}}"
    numbered = re.escape(name).replace(re.escape("{n}"), r"(?P<number>\d{1,4})") + r"\.(?P<ending>\w{3,5})"
    own = None if turn.is_first else re.fullmatch(numbered, file)
    number = int(own["number"]) + 1 if own else pages.first
    if (stated is None and not turn.count) or number > PAGES:
        return None
    if stated is not None and number > pages.first + int(stated["pages"]) - 2:
        return None
    linked = re.search(rf"\b{numbered}", turn.answer.text)
    own_ending = posixpath.splitext(file)[1].removeprefix(".")
    ending = named.get("ending") or (linked["ending"] if linked else None) or own_ending or "html"
    path = f"{folder.rstrip('/')}/{name.format(n=number)}.{ending}"
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def _down(pages: Pages, turn: Turn) -> str | None:
    parts = urlsplit(turn.url)
    own = None if turn.is_first else _DOWN.fullmatch(parts.path)
    if own:
        number, stem, ending = int(own["number"]) - 1, own["stem"], own["ending"]
    else:
        stem = re.sub(r"\.html?$", "", parts.path).rstrip("/")
        found = [other for path in _paths(turn) if (other := _DOWN.fullmatch(path)) and other["stem"] == stem]
        if not found:
            return None
        highest = max(found, key=lambda other: int(other["number"]))
        number, ending = int(highest["number"]), highest["ending"]
    if not 1 <= number <= PAGES:
        return None
    return urlunsplit((parts.scheme, parts.netloc, f"{stem}/{number}.{ending}", "", ""))


def _by_path(pages: Pages, turn: Turn) -> str | None:
    found = re.search(rf"{re.escape(pages.before or '')}(\d{{1,4}})", turn.url)
    if not found or not turn.count or int(found[1]) >= PAGES:
        return None
    return f"{turn.url[: found.start(1)]}{int(found[1]) + 1}{turn.url[found.end(1) :]}"


def _parameter(pages: Pages, turn: Turn) -> str | None:
    query = dict(parse_qsl(urlsplit(turn.url).query, keep_blank_values=True))
    number = _whole_number(query.get(pages.name or ""), pages.first)
    if _is_last(pages, turn, number, query.get(pages.size or "")):
        return None
    return _with_query(turn.url, query | {pages.name or "": str(number + 1)})


def _inner(pages: Pages, turn: Turn) -> str | None:
    query = dict(parse_qsl(urlsplit(turn.url).query, keep_blank_values=True))
    try:
        held = json.loads(query.get(pages.name or "", "{}")[:_PARAMETER_CHARACTERS])
    except (ValueError, RecursionError):
        return None
    if not isinstance(held, dict):
        return None
    number = _whole_number(str(held.get(pages.key, "")), pages.first)
    if _is_last(pages, turn, number, str(held.get(pages.size, ""))):
        return None
    size = {} if pages.size in held else {str(pages.size): turn.count}
    following = json.dumps({**held, pages.key: number + 1, **size}, separators=(",", ":"))
    return _with_query(turn.url, query | {pages.name or "": following})


def _links(pages: Pages, turn: Turn) -> str | None:
    if turn.answer.following:
        return resolved(turn.url, turn.answer.following)
    if turn.answer.tree is None:
        return None
    base = base_of(turn.answer.tree, turn.url)
    for link in turn.answer.tree.css("a[href], link[rel='next'][href]"):
        if _leads_on(link, pages.words):
            found = resolved(base, link.attributes.get("href") or "")
            if found is not None and found != resolved(turn.url, turn.url):
                return found
    return None


def _unit(pages: Pages, turn: Turn) -> str | None:
    """jpaas: an element says by `querydata` and `url` where the list's JSON is. A page that holds the first entries
    itself goes on with the second page of as many."""
    tree = turn.answer.tree
    if turn.answer.following or tree is None:
        return _links(pages, turn)
    for element in tree.css("[querydata][url]"):
        query = _loose_json((element.attributes.get("querydata") or "")[:_PARAMETER_CHARACTERS])
        address = resolved(base_of(tree, turn.url), element.attributes.get("url") or "")
        if not query or address is None:
            continue
        asked = {str(name): str(value) for name, value in query.items() if isinstance(value, str | int)}
        held = len({link.attributes.get("href") for link in element.css("a[href]")}) if turn.count else 0
        if held:
            asked["paramJson"] = json.dumps({"pageNo": 2, "pageSize": held}, separators=(",", ":"))
        return _with_query(address, asked)
    return None


_STEPS: dict[Step, Callable[[Pages, Turn], str | None]] = {
    "up": _up,
    "down": _down,
    "path": _by_path,
    "parameter": _parameter,
    "inner": _inner,
    "links": _links,
    "unit": _unit,
}


def _stated(pages: Pages, text: str) -> re.Match[str] | None:
    found = (re.search(pattern, text) for pattern in pages.stated)
    return next((match for match in found if match and len(match["pages"]) < 6), None)


def _paths(turn: Turn) -> list[str]:
    if turn.answer.tree is None:
        return []
    links = turn.answer.tree.css("a[href]")
    found = (resolved(turn.url, link.attributes.get("href") or "") for link in links)
    return [urlsplit(url).path for url in found if url]


def _is_last(pages: Pages, turn: Turn, number: int, size: str | None) -> bool:
    """Whether the entries up to this page are all that there are. Without a number of all, a page with none is last."""
    if not turn.count or number >= PAGES:
        return True
    each = _whole_number(size, turn.count) or turn.count
    return turn.answer.total is not None and (number - pages.first + 1) * each >= turn.answer.total


def _leads_on(link: LexborNode, words: tuple[str, ...]) -> bool:
    if "next" in (link.attributes.get("rel") or "").split():
        return True
    return "".join(link.text(deep=True)[:40].split()) in words


def _loose_json(text: str) -> dict[str, object]:
    """An object as a script writes it, in single quotes."""
    for candidate in (text, text.replace('"', "").replace("'", '"')):
        try:
            found = json.loads(candidate)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            return found
    return {}


def _whole_number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else otherwise


def _with_query(url: str, query: dict[str, str]) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), ""))
