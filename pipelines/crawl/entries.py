"""The entries of a list: what stands in a page's links and beside them, and in the objects of a JSON answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.crawl.canonical import resolved
from pipelines.crawl.links import TITLE_CHARACTERS

ENTRIES = 5000
"""No page of a list has more; those beyond are not read."""

_DATE = re.compile(r"(?<!\d)(20\d\d)\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})(?!\d)")
_LAST_DATE = re.compile(
    r"[\[(（【]?\s*20\d\d[-./年]\d{1,2}[-./月]\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?\s*[\])）】]?$"
)
_TAG = re.compile(r"<[^<>]{0,200}>")
_DOTS = "….⋯。 "
_LEVELS = 5
_ANCHORS = 4 * ENTRIES
"""Links to the same address count here, which lists print as pictures and titles."""
_CHINA = timedelta(hours=8)
_MILLISECONDS_FROM = 10**11
_LATEST = 4 * 10**9


@dataclass(frozen=True, slots=True)
class Entry:
    """A canonical address, the title, the day beside it, and the column, as far as they are printed."""

    url: str
    title: str
    listed_date: date | None = None
    column: str | None = None


def links_of_page(parts: Sequence[LexborNode], base: str) -> list[Entry]:
    """The links below these elements, each address once, with the longest of its titles."""
    entries: dict[str, Entry] = {}
    for part in parts:
        for anchor, day in _anchors(part):
            url = resolved(base, anchor.attributes.get("href") or "")
            if url is None:
                continue
            entry = Entry(url, printed_title(anchor), day)
            known = entries.get(url)
            if known is None and len(entries) == ENTRIES:
                return list(entries.values())
            if known is None or len(known.title) < len(entry.title):
                entries[url] = entry if day or known is None else Entry(url, entry.title, known.listed_date)
    return list(entries.values())


def base_of(tree: LexborHTMLParser, url: str) -> str:
    """What a page's links are relative to."""
    element = tree.css_first("base[href]")
    return (resolved(url, element.attributes.get("href") or "") if element is not None else None) or url


def entries_of_objects(items: Sequence[Any], names: Mapping[str, Sequence[str]], base: str) -> list[Entry]:
    """The entries of a JSON list; `names` are the fields for title, address, date and column. What has no address or
    leads to no page is left out."""
    found = []
    for item in items[:ENTRIES]:
        if not isinstance(item, Mapping):
            continue
        url = resolved(base, _text(_first(item, names["address"])))
        if url is not None:
            title = _TAG.sub("", _text(_first(item, names["title"])))[:TITLE_CHARACTERS].strip()
            column = _text(_first(item, names["column"]))[:TITLE_CHARACTERS].strip()
            found.append(Entry(url, title, day_of(_first(item, names["date"])), column or None))
    return found


def day_of(value: Any) -> date | None:
    """A day as text prints it (2023-1-5, 2023年1月5日), or as seconds or milliseconds since 1970, in China."""
    if isinstance(value, str) and value.isdigit() and len(value) >= 10:
        value = int(value[:16])
    if isinstance(value, int) and not isinstance(value, bool):
        seconds = value / 1000 if value >= _MILLISECONDS_FROM else value
        return (datetime.fromtimestamp(seconds, UTC) + _CHINA).date() if 0 < seconds < _LATEST else None
    return _printed_day(value) if isinstance(value, str) else None


def _printed_day(text: str) -> date | None:
    found = _DATE.search(text[:TITLE_CHARACTERS])
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class _Met:
    """A link or a day in the order of the page, with the elements that it stands in, the innermost first."""

    within: tuple[int, ...]
    anchor: LexborNode | None = None
    day: date | None = None


def _anchors(part: LexborNode) -> Iterator[tuple[LexborNode, date | None]]:
    """The links, each with the day that stands in the same entry: a day belongs to that of its two neighbouring links
    with which it shares the smaller element; where both share the same one, nobody can tell."""
    met = list(_met(part))
    days: dict[int, date] = {}
    before: int | None = None
    waiting: list[tuple[int, int | None]] = []
    for place, one in enumerate(met):
        if one.anchor is None:
            waiting.append((place, before))
            continue
        for at, earlier in waiting:
            _settle(met, days, at, earlier, place)
        waiting, before = [], place
    for at, earlier in waiting:
        _settle(met, days, at, earlier, None)
    for place, one in enumerate(met):
        if one.anchor is not None:
            yield one.anchor, days.get(place)


def _settle(met: list[_Met], days: dict[int, date], at: int, earlier: int | None, later: int | None) -> None:
    day = met[at].day
    assert day is not None
    up, down = _shared(met, at, earlier), _shared(met, at, later)
    if up != down and min(up, down) < _LEVELS:
        owner = earlier if up < down else later
        assert owner is not None
        days.setdefault(owner, day)


def _shared(met: list[_Met], at: int, other: int | None) -> int:
    """How many elements out from the day the first one is that holds the link, too."""
    if other is None:
        return _LEVELS
    around = met[other].within
    return next((level for level, element in enumerate(met[at].within) if element in around), _LEVELS)


def _met(part: LexborNode) -> Iterator[_Met]:
    anchors = 0
    for node in part.traverse(include_text=True):
        if node.tag == "a" and node.attributes.get("href"):
            anchors += 1
            if anchors > _ANCHORS:
                return
            yield _Met(_within(node, own=True), anchor=node)
        elif node.tag == "-text":
            day = _printed_day(node.text_content or "")
            if day is not None:
                yield _Met(_within(node, own=False), day=day)


def _within(node: LexborNode, own: bool) -> tuple[int, ...]:
    around, above = [node.mem_id] if own else [], node.parent
    while above is not None and len(around) < _LEVELS:
        around.append(above.mem_id)
        above = above.parent
    return tuple(around)


def printed_title(anchor: LexborNode) -> str:
    """The text, or the whole of it from the `title` attribute where the text is cut short or missing."""
    text = _LAST_DATE.sub("", " ".join(anchor.text(deep=True)[: 4 * TITLE_CHARACTERS].split())).strip()
    full = " ".join((anchor.attributes.get("title") or "").split())[:TITLE_CHARACTERS]
    whole = not text or (len(full) > len(text.rstrip(_DOTS)) and full.startswith(text.rstrip(_DOTS)))
    return (full if full and whole else text)[:TITLE_CHARACTERS]


def _first(item: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((item[name] for name in names if item.get(name)), None)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
