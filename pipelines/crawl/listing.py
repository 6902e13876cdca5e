"""From a card to the addresses of its lists, and from a list's bytes to its links and the address of its next page."""

from __future__ import annotations

import itertools
import posixpath
import string
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlsplit

from pipelines.crawl.answers import READERS, Answer, NotAsDeclared
from pipelines.crawl.bodies import LIST_BYTES, Unreadable, text_of, tree_of
from pipelines.crawl.canonical import canonical, same_page, target_of
from pipelines.crawl.entries import ENTRIES, Entry
from pipelines.crawl.families import Family, ListShape
from pipelines.crawl.links import judge
from pipelines.crawl.paging import Turn, lacks_pages, next_page
from pipelines.registry.divisions import RegistryError
from pipelines.registry.sources import Card

FIRST_YEAR = 2008
"""Of this year the first annual reports are."""

DOCUMENTS = (".pdf", ".doc", ".docx", ".wps", ".xls", ".xlsx", ".et", ".ofd", ".zip", ".rar")

_LEAST_REPORT = 50
"""Characters; what xxgkAnnualReport.jsp prints of a year without a report is shorter."""


@dataclass(frozen=True, slots=True)
class ListRequest:
    """A list that is to be asked for; `rendered` says that a browser has to show it."""

    url: str
    rendered: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """What a list names: a canonical address, its title in full where the page holds it, the day beside it, the year of
    the report by its title (or by its address, where it has no title), and the column."""

    url: str
    title: str
    listed_date: date | None = None
    year: int | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a list. `total` is how many entries the list says it has; `problem` why it may not be all there:

    `not_json`, `no_list` (nothing where the family has its entries), `needs_browser` (a script fills it), `too_large`,
    `too_deep`, `unknown_format` (not read), `too_many` (read up to a bound), `pages_by_script` (it says there are more
    pages, and only a script knows where).
    """

    links: tuple[Link, ...]
    next_urls: tuple[str, ...]
    total: int | None = None
    problem: str | None = None


def first_urls(
    card: Card, family: Family, years: Collection[int] | None, today: date | None = None
) -> tuple[ListRequest, ...]:
    """The first pages of the card's lists; where an address stands for a year, those of `years`, or else of all years
    before `today`'s, the latest first. Raises RegistryError where the card lacks a parameter."""
    last = (today or date.today()).year - 1
    wanted = sorted(set(years) if years is not None else range(FIRST_YEAR, last + 1), reverse=True)
    urls: dict[str, None] = {}
    for address in card.lists:
        shape = family.shape(target_of(address))
        template = shape.template if shape is not None else None
        urls.update(dict.fromkeys(_filled(card, address, template, wanted) if template else [address]))
    return tuple(ListRequest(url, family.rendered) for url in urls)


def read_listing(card: Card, family: Family, url: str, body: bytes, content_type: str | None) -> Listing:
    """All links of a list's page, be they reports or not, and the page that comes after it."""
    shape = family.shape(target_of(url))
    if shape is None:
        return Listing((), (), problem="no_list")
    if len(body) > LIST_BYTES:
        return Listing((), (), problem="too_large")
    text = ""
    try:
        text = text_of(body, content_type)
        if shape.format == "report":
            return _report(card, shape, url, text)
        answer = READERS[shape.format](shape, text, url)
    except Unreadable as error:
        return Listing((), (), problem=error.issue.code)
    except NotAsDeclared as error:
        return Listing((), (), problem=_script(family, text) or error.problem)
    links = tuple(_links(family, answer, url))
    turn = Turn(url, url in card.lists, answer, len(links))
    following = next_page(shape.pages, turn) if shape.pages else None
    problem = None
    if not links and answer.total != 0 and not answer.listed and following is None:
        problem = _script(family, text) or "no_list"
    elif len(answer.entries) >= ENTRIES:
        problem = "too_many"
    elif shape.pages and lacks_pages(shape.pages, turn):
        problem = "pages_by_script"
    return Listing(links, (following,) if following else (), answer.total, problem)


def _filled(card: Card, address: str, template: str, years: Collection[int]) -> Iterator[str]:
    names = [name for _, name, _, _ in string.Formatter().parse(template) if name and name != "year"]
    for name in names:
        if not card.parameters.get(name):
            raise RegistryError(f"source {card.source}: parameters is to have {name}, which its family needs")
    for year in years:
        for values in itertools.product(*(card.parameters[name] for name in names)):
            given = {name: quote(value, safe="") for name, value in zip(names, values, strict=True)}
            yield address + template.format(year=year, **given)


def _report(card: Card, shape: ListShape, url: str, text: str) -> Listing:
    """A list that is a report itself; a year without one has next to nothing to show."""
    tree = tree_of(text)
    said = "".join((tree.body.text(deep=True) if tree.body is not None else "").split())
    found, year = canonical(url), judge("", url).year
    if found is None or (len(said) < _LEAST_REPORT and tree.css_first("table, img, a[href]") is None):
        return Listing((), ())
    title = (shape.called or "").format(publisher=card.publisher, year=year or "")
    return Listing((Link(found, title, None, year),), (), 1)


def _links(family: Family, answer: Answer, url: str) -> Iterator[Link]:
    own = same_page(canonical(url) or url)
    for entry in answer.entries:
        verdict = judge(entry.title, entry.url)
        told = verdict.taken and (verdict.year is not None or _is_document(entry))
        if same_page(entry.url) != own and (answer.listed or told or family.is_article(target_of(entry.url))):
            yield Link(entry.url, entry.title, entry.listed_date, verdict.year, entry.column)


def _is_document(entry: Entry) -> bool:
    return posixpath.splitext(urlsplit(entry.url).path)[1].lower() in DOCUMENTS


def _script(family: Family, text: str) -> str | None:
    return "needs_browser" if any(mark.search(text) for mark in family.scripted) else None
