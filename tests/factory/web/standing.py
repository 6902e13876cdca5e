"""What stands under each address of a site on a night, and the cards that lead there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tests.factory.web.answers import HTML, Reply, Resource, etag_of, http_date, key_of
from tests.factory.web.articles import Article
from tests.factory.web.lists import WRITERS, Entry, Lists, Sent
from tests.factory.web.troubles import robots

HTML_LISTS = ("trs", "vsb", "lonsun", "nantong", "generic")
REPORT_BY_ADDRESS = "annual-report-jsp"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a site, for which there is a card."""

    source: str
    family: str
    publisher: str
    division: str
    articles: tuple[Article, ...]
    pace: float


@dataclass(frozen=True, slots=True)
class Site:
    """A host with its columns."""

    host: str
    temper: str
    columns: tuple[Column, ...]

    @property
    def pace(self) -> float:
        """Seconds between two requests that the host is to see: those of its slowest card, or what it asks for."""
        slowest = max(column.pace for column in self.columns)
        return max(slowest, self.crawl_delay) if self.temper == "robots" else slowest

    @property
    def crawl_delay(self) -> float:
        return 1.25 * self.columns[0].pace


def resources(site: Site, night: datetime, before: Mapping[str, Resource]) -> dict[str, Resource]:
    """What stands on the site, by key. `before`: what stood there the night before; what has not changed keeps its
    date."""
    articles = [article for column in site.columns for article in column.articles]
    found = {"/robots.txt": Resource(robots(site.temper, articles, site.crawl_delay))}
    for column in site.columns:
        lists = lists_of(site, column)
        for key, sent in lists.pages.items():
            found[key] = Resource(_list_reply(site.temper, sent))
        if column.family == REPORT_BY_ADDRESS:
            found |= _empty_years(lists)
        for article in column.articles:
            found |= _standing(article)
    return {key: _validated(site, night, resource, before.get(key)) for key, resource in found.items()}


def lists_of(site: Site, column: Column) -> Lists:
    return WRITERS[column.family](_entries(site, column))


def card(site: Site, column: Column) -> dict[str, Any]:
    """The card of a column, as YAML has it."""
    lists = lists_of(site, column)
    years = sorted(article.year for article in column.articles if article.is_report and article.outcome == "fetched")
    told: dict[str, Any] = {
        "source": column.source,
        "kind": "local",
        "publisher": column.publisher,
        "division": column.division,
        "family": column.family,
        "lists": [f"http://{site.host}{path}" for path in lists.first],
        "hosts": [site.host],
        "pace": column.pace,
        "expect": {year: years.count(year) for year in years},
    }
    if lists.parameters:
        told["parameters"] = {name: list(values) for name, values in lists.parameters.items()}
    return told


def _entries(site: Site, column: Column) -> list[Entry]:
    """The lines of the column's list; in lists that are pages, some lead to the same report again, and one nowhere."""
    shown = [article for article in column.articles if not article.hidden]
    entries = [Entry(article.path, article.title, article.shown, article.day) for article in shown]
    first = next((article for article in shown if article.is_report), None)
    if column.family in HTML_LISTS and first is not None:
        again = (f"{first.path}#top", f"http://{site.host}{first.path}", f"{first.path};jsessionid=8F2D")
        entries += [Entry(href, first.title, first.shown, first.day) for href in again]
        entries.insert(1, Entry("javascript:openReport(7)", first.title, first.shown, first.day))
    return entries


def _standing(article: Article) -> dict[str, Resource]:
    """The article and what belongs to it, by key."""
    if article.path.startswith("http") or article.gone:
        return {}
    asked = article.is_report and not article.barred
    own = article.stands or Resource(Reply(body=article.page, content_type=article.content_type))
    found = {article.path: replace(own, allowed=asked), **article.around}
    for kept in article.attachments:
        found[kept.path] = Resource(Reply(body=kept.data, content_type=kept.content_type), allowed=asked)
    return {key_of(path): resource for path, resource in found.items()}


def _empty_years(lists: Lists) -> dict[str, Resource]:
    """A year without a report is a page that says nothing."""
    empty = Resource(Reply(body=b"<html><body><div class='content'></div></body></html>"))
    return {
        key_of(f"{lists.first[0]}?area={area}&fbtime={year}"): empty
        for area in lists.parameters["area"]
        for year in range(2000, 2040)
    }


def _list_reply(temper: str, sent: Sent) -> Reply:
    """The list's bytes; on some sites they are of another encoding than they say."""
    if temper == "misdeclared" and sent.content_type == HTML:
        return Reply(body=sent.text.encode("gb18030"), content_type=HTML)
    return Reply(body=sent.text.encode(), content_type=sent.content_type)


def _validated(site: Site, night: datetime, resource: Resource, known: Resource | None) -> Resource:
    """With the marks by which a later request can ask whether it has changed, where the site sends any."""
    if resource.then.status != 200:
        return resource
    body = resource.then.body
    date = known.last_modified if known is not None and known.then.body == body else http_date(night)
    return replace(
        resource,
        etag=None if site.temper in ("date_only", "unmarked") else etag_of(body),
        last_modified=None if site.temper in ("etag_only", "unmarked") else date,
    )
