"""One thing that is wanted, fetched: allowed, polite, bounded, and written down.

Every request leaves one line in the source's ledger, written after its body is in the archive; so whoever goes on with
a run asks again only for what was under way when it stopped.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from pipelines.archive import Archive, ArchiveError, Fetch, FetchOutcome, Held, Ledger, now
from pipelines.crawl.hosts import Host, Hosts, retry_after
from pipelines.crawl.past import Past, recall
from pipelines.crawl.policy import Place, place_of, redirected, refusal
from pipelines.crawl.report import CrawlLimits
from pipelines.crawl.robots import Rules, rules
from pipelines.crawl.transport import OF_TLS, Answer, Ask, NoAnswer, Transport
from pipelines.crawl.walls import wall
from pipelines.registry.sources import Card

Kind = Literal["list", "page", "attachment", "robots"]

_KEPT_HEADERS = (
    "etag",
    "last-modified",
    "content-type",
    "content-disposition",
    "content-length",
    "location",
    "retry-after",
)
_REDIRECTS = {301, 302, 303, 307, 308}
_PASSING = {408, 425, 429, 500, 502, 503, 504, 520, 522, 523, 524, 525}
_AWAY = {502, 503, 504, 522, 523, 524}
_GONE = {404, 410}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for, and what the list said of it."""

    kind: Kind
    url: str
    title: str | None = None
    listed_date: date | None = None
    year: int | None = None
    column: str | None = None
    listed_in: str | None = None
    method: str = "GET"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fetched:
    """How it went. `fetch` is the line that settled it, None where a host is left alone and nothing was asked; `body`
    is what was sent just now."""

    outcome: FetchOutcome
    reason: str | None
    fetch: Fetch | None
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """One source while it is crawled."""

    card: Card
    ledger: Ledger
    past: Past


class Fetcher:
    """Fetches for all sources of a run.

    `paced` is told how long a host wants between two requests, in seconds; `owners` says in whose ledger a host's
    robots.txt is written, so that cards which share the host ask for it once a run.
    """

    def __init__(
        self,
        transport: Transport,
        archive: Archive,
        run: str,
        agent: str,
        limits: CrawlLimits,
        paced: Callable[[str, float], None],
        owners: Mapping[str, Card],
    ) -> None:
        self._transport = transport
        self._archive = archive
        self._run = run
        self._agent = agent
        self._limits = limits
        self._paced = paced
        self._owners = owners
        self._hosts = Hosts()
        self._robots: dict[str, asyncio.Task[Rules]] = {}

    async def fetch(self, visit: Visit, wanted: Wanted) -> Fetched:
        """Asks for it, unless this run has settled it. Raises ArchiveError where it cannot be kept."""
        settled = visit.past.settled.get((wanted.kind, wanted.url))
        if settled is not None:
            return Fetched(settled.outcome, settled.reason, settled)
        return await self._follow(visit, wanted)

    async def settle(
        self, visit: Visit, wanted: Wanted, outcome: FetchOutcome, reason: str | None, body: bytes | None = None
    ) -> Fetched:
        """Writes down what came of something that is no request of its own, and keeps its body. Raises ArchiveError."""
        settled = visit.past.settled.get((wanted.kind, wanted.url))
        if settled is not None:
            return Fetched(settled.outcome, settled.reason, settled)
        if body is None:
            return await _Lines(visit, wanted, self._run).end(outcome, wanted.url, reason)
        sha256 = await asyncio.to_thread(self._archive.put, body)
        held = visit.past.held.get(wanted.url)
        if held is not None and held.sha256 == sha256:
            outcome = "unchanged"
        answer = Answer(200, {"content-type": "text/html; charset=utf-8"}, body)
        return await _Lines(visit, wanted, self._run).end(outcome, wanted.url, reason, answer, sha256)

    async def same(self, visit: Visit, wanted: Wanted, listed: Fetch) -> Fetched:
        """Writes down that a list, as this run has it, is also what is wanted: some lists are the report itself."""
        fetch = visit.past.settled.get((wanted.kind, wanted.url))
        if fetch is None:
            fetch = replace(
                listed,
                at=now(),
                kind=wanted.kind,
                url=wanted.url,
                title=wanted.title,
                year=wanted.year,
                listed_date=wanted.listed_date.isoformat() if wanted.listed_date else None,
                listed_in=wanted.listed_in,
                column=wanted.column,
            )
            await asyncio.to_thread(visit.ledger.append, fetch)
            visit.past.learn(fetch)
        return Fetched(fetch.outcome, fetch.reason, fetch)

    async def body(self, fetched: Fetched) -> bytes:
        """The bytes of what was fetched, or of what is held unchanged. Raises ArchiveError."""
        if fetched.body is not None:
            return fetched.body
        assert fetched.fetch is not None and fetched.fetch.sha256 is not None
        return await asyncio.to_thread(self._archive.get, fetched.fetch.sha256)

    async def _follow(self, visit: Visit, wanted: Wanted) -> Fetched:
        """Asks, and follows redirects; each address on the way has to be allowed."""
        lines = _Lines(visit, wanted, self._run)
        held = await self._held(visit, wanted)
        url, seen, cookies_at_visit = wanted.url.partition("#")[0], Counter[str](), dict[str, int]()
        cookies = 0
        for _ in range(self._limits.redirects + 1):
            reason = refusal(visit.card, url)
            if reason is not None:
                return await lines.end("refused", url, reason)
            place = place_of(url)
            assert isinstance(place, Place)
            barred = await self._barred(visit, wanted, place, url)
            if barred is not None:
                outcome, why = barred
                return await lines.end(outcome, url, why) if outcome == "refused" else Fetched(outcome, why, None)
            if visit.past.requests >= self._limits.requests:
                return Fetched("failed", "too_many_requests", None)
            try:
                answer = await self._answer(lines, place, url, held)
            except NoAnswer as error:
                return await lines.end("refused" if error.reason == "private" else "failed", url, error.reason)
            seen[url] += 1
            cookies_at_visit[url] = cookies
            cookies += "set-cookie" in answer.headers
            location = answer.headers.get("location")
            if answer.status not in _REDIRECTS or not location:
                return await self._settle(lines, place, url, answer, held)
            url_before, url = url, redirected(url, location)
            again = seen[url] == 1 and cookies > cookies_at_visit[url]
            if seen[url] and not again:
                return await lines.end("failed", url_before, "redirect_loop", answer)
            await lines.add("redirected", url_before, None, answer)
        return await lines.end("failed", url, "too_many_redirects")

    async def _barred(self, visit: Visit, wanted: Wanted, place: Place, url: str) -> tuple[FetchOutcome, str] | None:
        """Why a request is not made: its host is left alone, or robots.txt says no."""
        host = self._hosts[place.host]
        if wanted.kind != "robots" and host.closed is None:
            reason = (await self.robots(visit, place)).refusal(url)
            if reason == "robots":
                return "refused", reason
            if reason is not None and host.closed is None:
                return ("blocked" if reason == "robots_blocked" else "failed"), reason
        return host.closed

    async def robots(self, visit: Visit, place: Place) -> Rules:
        """What the origin allows; asked for once a run, whichever source comes first."""
        if place.origin not in self._robots:
            self._robots[place.origin] = asyncio.ensure_future(self._owned_robots(visit, place))
        return await asyncio.shield(self._robots[place.origin])

    async def _owned_robots(self, visit: Visit, place: Place) -> Rules:
        owner = self._owners[place.host]
        if owner.source == visit.card.source:
            return await self._ask_robots(visit, place)
        past = await asyncio.to_thread(recall, self._archive, owner.source, self._run)
        with self._archive.ledger(owner.source, self._run) as ledger:
            return await self._ask_robots(Visit(owner, ledger, past), place)

    async def _ask_robots(self, visit: Visit, place: Place) -> Rules:
        fetched = await self.fetch(visit, Wanted("robots", f"{place.origin}/robots.txt"))
        status = fetched.fetch.status if fetched.fetch is not None else None
        if fetched.outcome == "blocked" and not 400 <= (status or 0) < 500:
            return Rules(self._agent, closed="robots_blocked")
        if fetched.reason in OF_TLS:
            return Rules(self._agent, closed=fetched.reason)
        if fetched.outcome == "refused":
            # It leads to where no card allows: the origin has none of its own.
            return Rules(self._agent)
        if fetched.outcome in ("fetched", "unchanged"):
            found = rules(self._agent, 200, await self.body(fetched))
        else:
            found = rules(self._agent, status, b"")
        if found.delay() > visit.card.pace:
            self._paced(place.host, min(found.delay(), self._limits.longest_wait))
        return found

    async def _answer(self, lines: _Lines, place: Place, url: str, held: Held | None) -> Answer:
        """One answer, after as many attempts as are allowed. Raises NoAnswer for the last of them."""
        host, wanted = self._hosts[place.host], lines.wanted
        conditions = held.conditions() if held is not None and wanted.method == "GET" else {}
        ask = Ask(url, place.host, {**wanted.headers, **conditions}, wanted.method, wanted.body)
        # A run that goes on has made some of the attempts already.
        first = min(lines.visit.past.attempts.pop((wanted.kind, wanted.url), 0), self._limits.retries)
        for attempt in range(first, self._limits.retries + 1):
            last = attempt == self._limits.retries or host.closed is not None
            try:
                async with host.turn:
                    await host.rested()
                    lines.visit.past.requests += 1
                    answer = await self._transport(ask)
                    self._rest(host, answer)
            except NoAnswer as error:
                if last or not error.passing:
                    if error.silent:
                        host.fell_silent(self._limits.deaths)
                    raise
                await lines.add("retried", url, error.reason)
            else:
                if answer.status not in _PASSING or wall(answer.status, answer.headers, answer.body) is not None:
                    return answer
                if last or host.closed is not None:
                    if answer.status in _AWAY:
                        host.fell_silent(self._limits.deaths)
                    return answer
                await lines.add("retried", url, f"http_{answer.status}", answer)
            host.rest(min(self._limits.back_off * 2**attempt, self._limits.longest_wait))
        raise AssertionError("the last attempt returns or raises")

    def _rest(self, host: Host, answer: Answer) -> None:
        """Leaves the host in peace for as long as it asks; for the rest of the run, if that is longer than there is."""
        seconds = retry_after(answer.headers.get("retry-after"), time.time())
        if seconds is None or answer.status not in _PASSING:
            return
        if seconds > self._limits.longest_wait:
            host.closed = ("failed", "host_wants_rest")
        else:
            host.rest(seconds)

    async def _settle(self, lines: _Lines, place: Place, url: str, answer: Answer, held: Held | None) -> Fetched:
        """Judges the last answer, keeps its body, and writes the line."""
        host, status = self._hosts[place.host], answer.status
        reason = wall(status, answer.headers, answer.body)
        if reason is not None:
            host.walled(self._limits.walls)
            return await lines.end("blocked", url, reason, answer)
        if status < 500:
            host.answered()
        if status == 304 and held is not None:
            return await lines.end("unchanged", url, None, answer, held.sha256)
        if 200 <= status < 300 and (answer.body or lines.wanted.kind == "robots"):
            sha256 = await asyncio.to_thread(self._archive.put, answer.body)
            outcome: FetchOutcome = "unchanged" if held is not None and held.sha256 == sha256 else "fetched"
            return await lines.end(outcome, url, None, answer, sha256)
        if status in _GONE:
            return await lines.end("gone", url, f"http_{status}", answer)
        return await lines.end("failed", url, "empty" if status < 300 else f"http_{status}", answer)

    async def _held(self, visit: Visit, wanted: Wanted) -> Held | None:
        """What is held, if the archive still has it: only then may a host be asked whether it has changed."""
        held = visit.past.held.get(wanted.url)
        if held is None:
            return None
        if wanted.kind == "attachment":
            return held if await asyncio.to_thread(self._archive.has, held.sha256) else None
        try:
            await asyncio.to_thread(self._archive.get, held.sha256)
        except ArchiveError as error:
            if error.code not in ("missing", "damaged", "too_large"):
                raise
            return None
        return held


@dataclass(slots=True)
class _Lines:
    """The ledger's lines of one wanted thing."""

    visit: Visit
    wanted: Wanted
    run: str
    started: float = field(default_factory=time.monotonic)

    async def add(
        self,
        outcome: FetchOutcome,
        url: str,
        reason: str | None,
        answer: Answer | None = None,
        sha256: str | None = None,
    ) -> Fetch:
        """Writes a line: what was asked for under which address, and how that went."""
        wanted = self.wanted
        held = self.visit.past.held.get(wanted.url) if outcome == "unchanged" else None
        size = held.size if held else len(answer.body) if answer else None
        fetch = Fetch(
            at=now(),
            run=self.run,
            source=self.visit.card.source,
            kind=wanted.kind,
            url=wanted.url,
            final_url=url,
            outcome=outcome,
            status=answer.status if answer else None,
            reason=reason,
            headers={name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers} if answer else {},
            sha256=sha256,
            size=size,
            seconds=round(time.monotonic() - self.started, 3),
            verified=answer.verified if answer else None,
            title=wanted.title,
            listed_date=wanted.listed_date.isoformat() if wanted.listed_date else None,
            year=wanted.year,
            listed_in=wanted.listed_in,
            column=wanted.column,
        )
        await asyncio.to_thread(self.visit.ledger.append, fetch)
        return fetch

    async def end(
        self,
        outcome: FetchOutcome,
        url: str,
        reason: str | None,
        answer: Answer | None = None,
        sha256: str | None = None,
    ) -> Fetched:
        """Writes the last line, which settles it for the run."""
        fetch = await self.add(outcome, url, reason, answer, sha256)
        self.visit.past.learn(fetch)
        return Fetched(outcome, reason, fetch, answer.body if answer and sha256 and answer.status != 304 else None)
