"""A source's walk: its lists, the reports that they name, the attachments of each, and what was held before.

One thing after the other, each when it is needed: a list's next page is asked for once its own reports have come, so a
source never holds more than the names of what it has met.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pipelines.archive import Archive, ArchiveError, Fetch, Holding, Part, now
from pipelines.crawl.canonical import same_page
from pipelines.crawl.families import Family
from pipelines.crawl.fetcher import Fetched, Fetcher, Visit, Wanted
from pipelines.crawl.links import judge
from pipelines.crawl.listing import Link, Listing, ListRequest, first_urls, read_listing
from pipelines.crawl.naming import part_name
from pipelines.crawl.page import read_page
from pipelines.crawl.rendering import HOW_TO_GET, NEEDS_BROWSER, Renderer, rendered_name
from pipelines.crawl.report import CrawlLimits, Event, SourceReport
from pipelines.crawl.tally import Tally
from pipelines.crawl.words import said

_HAVE_BODIES = ("fetched", "unchanged")


@dataclass(slots=True)
class Walk:
    """One source in one run. `tell` hears of each thing that is settled."""

    visit: Visit
    family: Family
    fetcher: Fetcher
    archive: Archive
    years: frozenset[int] | None
    limits: CrawlLimits
    renderer: Renderer | None
    tell: Callable[[Event], None]
    _met: set[str] = field(default_factory=set)
    _tally: Tally = field(default_factory=Tally)
    _started: float = field(default_factory=time.monotonic)

    async def walk(self) -> SourceReport:
        """All of it. Raises ArchiveError where the archive can keep no more."""
        for first in first_urls(self.visit.card, self.family, self.years):
            await self._list(first)
        for holding in self.visit.past.pages.values():
            if holding.versions and holding.withdrawn_at is None and self._asked_for(holding.year):
                await self._revisit(holding)
        return self.report()

    def report(self, problem: str | None = None) -> SourceReport:
        """What has come of the source so far; with a problem, it is not complete."""
        if problem is not None:
            self._tally.problem(problem)
        seconds = time.monotonic() - self._started
        return self._tally.report(self.visit.card.source, self.visit.past.settled, self.visit.past.pages, seconds)

    async def _list(self, first: ListRequest) -> None:
        """A list from its first page on, until it ends, or only names what it has named before."""
        waiting, asked, named = deque([first]), {first.url}, set[str]()
        while waiting:
            request = waiting.popleft()
            listing = await self._listing(request, beyond_first=bool(named))
            if listing is None:
                continue
            fresh = [link for link in listing.links if link.url not in named]
            named.update(link.url for link in fresh)
            for link in fresh:
                await self._link(link, request.url)
            following = [url for url in listing.next_urls if url not in asked] if fresh or not listing.links else []
            if following and len(asked) + len(following) > self.limits.list_pages:
                self._tally.problem(f"{first.url}: has more than {self.limits.list_pages} pages; the rest was not read")
                return
            asked.update(following)
            waiting.extend(ListRequest(url, first.rendered) for url in following)
            if not waiting and listing.total is not None and listing.total > len(named):
                self._tally.problem(f"{first.url}: says it names {listing.total}, and {len(named)} were found")

    async def _listing(self, request: ListRequest, beyond_first: bool) -> Listing | None:
        """One page of a list; None where it gives nothing, which is a problem unless it lies beyond the list's end."""
        wanted = Wanted("list", request.url)
        fetched = await (self._rendered(wanted) if request.rendered else self._fetch(wanted))
        listing = await self._parsed(request.url, fetched) if fetched.outcome in _HAVE_BODIES else None
        if listing is not None and listing.problem == NEEDS_BROWSER and not request.rendered:
            fetched = await self._rendered(wanted)
            listing = await self._parsed(request.url, fetched) if fetched.outcome in _HAVE_BODIES else None
        if fetched.reason == NEEDS_BROWSER:
            self._tally.problem(f"{request.url}: only a browser fills this list: {HOW_TO_GET}")
        elif listing is None and not (fetched.outcome == "gone" and beyond_first):
            self._tally.problem(f"{request.url}: the list was not read: {said(fetched.outcome, fetched.reason)}")
        elif listing is not None and listing.problem is not None and not beyond_first:
            self._tally.problem(f"{request.url}: the list was not understood: {listing.problem}")
        return listing

    async def _parsed(self, url: str, fetched: Fetched) -> Listing:
        body = await self.fetcher.body(fetched)
        return read_listing(self.visit.card, self.family, url, body, self._headers(fetched).get("content-type"))

    async def _link(self, link: Link, listed_in: str) -> None:
        """What a list names: fetched if it is a report of a year that is asked for."""
        verdict = judge(link.title, link.url)
        year = verdict.year if verdict.year is not None else link.year
        if not verdict.taken or same_page(link.url) in self._met or not self._asked_for(year):
            return
        self._met.add(same_page(link.url))
        self._tally.found += 1
        listed = Wanted("page", link.url, link.title, link.listed_date, year, link.column, listed_in)
        await self._page(listed)

    async def _revisit(self, holding: Holding) -> None:
        """A report that is held and that no list has named this time."""
        if same_page(holding.url) in self._met:
            return
        self._met.add(same_page(holding.url))
        await self._page(Wanted("page", holding.url, holding.title, None, holding.year, holding.column))

    async def _page(self, wanted: Wanted) -> None:
        """A report's page with its attachments, as one document."""
        if ("document", wanted.url) in self.visit.past.settled:
            return
        listed = self.visit.past.settled.get(("list", wanted.url))
        if listed is not None and listed.outcome in _HAVE_BODIES:
            fetched = self._told(await self.fetcher.same(self.visit, wanted, listed), wanted.url)
        else:
            fetched = await self._fetch(wanted)
        held = self.visit.past.pages.get(wanted.url)
        if fetched.outcome not in _HAVE_BODIES:
            return
        assert fetched.fetch is not None and fetched.fetch.sha256 is not None
        page_url = fetched.fetch.final_url or wanted.url
        headers = self._headers(fetched)
        page = read_page(self.family, page_url, await self.fetcher.body(fetched), headers.get("content-type"))
        before = {part.url: part for part in held.current.parts} if held is not None and held.current else {}
        parts = [Part(part_name(wanted.url, None, headers), fetched.fetch.sha256, wanted.url)]
        most = self.limits.attachments
        if len(page.attachments) > most:
            self._tally.problem(f"{wanted.url}: has {len(page.attachments)} attachments; only {most} were fetched")
        for link in page.attachments[:most]:
            part = await self._attachment(link, wanted, before)
            if part is _LACKING:
                self._tally.problem(f"{wanted.url}: waits for its attachment {link.url}, which had no answer")
                return
            if part is not None:
                parts.append(part)
        await self._document(wanted, tuple(parts), held)

    async def _attachment(self, link: Link, page: Wanted, before: Mapping[str, Part]) -> Part | None:
        """The attachment as a part of the document; None where the page's link leads to nothing.

        One that has no answer is the one that was held before; if there is none, the document waits, and a second run
        without an answer makes it without.
        """
        wanted = Wanted("attachment", link.url, link.title, None, page.year, link.column, page.url)
        fetched = await self._fetch(wanted)
        if fetched.outcome in _HAVE_BODIES:
            assert fetched.fetch is not None and fetched.fetch.sha256 is not None
            return Part(part_name(link.url, link.title, self._headers(fetched)), fetched.fetch.sha256, link.url)
        if fetched.outcome in ("failed", "blocked") and link.url in before:
            return before[link.url]
        if fetched.outcome == "failed" and link.url not in self.visit.past.failing:
            return _LACKING
        return None

    async def _document(self, page: Wanted, parts: tuple[Part, ...], held: Holding | None) -> None:
        """Keeps the document, and writes down that it was seen."""
        current = held.current if held is not None else None
        if current is not None and _contents(current.parts) == _contents(parts):
            sha256 = current.sha256
        else:
            try:
                sha256 = await asyncio.to_thread(self.archive.put_document, parts)
            except ArchiveError as error:
                if error.code != "too_large":
                    raise
                self._tally.problem(f"{page.url}: {error}")
                return
        fetch = Fetch(
            at=now(),
            run=self.visit.ledger.run,
            source=self.visit.card.source,
            kind="document",
            url=page.url,
            outcome="unchanged" if current is not None and current.sha256 == sha256 else "fetched",
            sha256=sha256,
            title=page.title,
            listed_date=page.listed_date.isoformat() if page.listed_date else None,
            year=page.year,
            listed_in=page.listed_in,
            column=page.column,
            parts=parts,
        )
        await asyncio.to_thread(self.visit.ledger.append, fetch)
        self.visit.past.learn(fetch)

    def _headers(self, fetched: Fetched) -> Mapping[str, str]:
        """What was said of a body when it was sent, which may be long ago."""
        assert fetched.fetch is not None
        return self.visit.past.held[fetched.fetch.url].headers

    async def _fetch(self, wanted: Wanted) -> Fetched:
        return self._told(await self.fetcher.fetch(self.visit, wanted), wanted.url)

    async def _rendered(self, wanted: Wanted) -> Fetched:
        """The list as a browser shows it, whose own requests go the same way as all others."""
        if self.renderer is None:
            shown = Wanted("list", rendered_name(wanted.url))
            return self._told(await self.fetcher.settle(self.visit, shown, "blocked", NEEDS_BROWSER), wanted.url)
        return self._told(await self.renderer.render(self.visit, wanted), wanted.url)

    def _told(self, fetched: Fetched, url: str) -> Fetched:
        if fetched.fetch is None:
            self._tally.unasked[fetched.outcome, fetched.reason or ""] += 1
        self.tell(Event("settled", self.visit.card.source, url, fetched.outcome, self._tally.found))
        return fetched

    def _asked_for(self, year: int | None) -> bool:
        return self.years is None or year is None or year in self.years


def _contents(parts: tuple[Part, ...]) -> list[tuple[str, str]]:
    """What makes a document the same: its parts by name and bytes."""
    return [(part.name, part.sha256) for part in parts]


_LACKING = Part("", "", "")
"""An attachment that may yet come."""
