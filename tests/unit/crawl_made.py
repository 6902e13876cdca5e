"""Cards, answers and hosts for tests of the crawl, without a network."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from pipelines.archive import Archive, Fetch
from pipelines.crawl.fetcher import Fetched, Fetcher, Visit, Wanted
from pipelines.crawl.past import recall
from pipelines.crawl.policy import host_names
from pipelines.crawl.report import CrawlLimits
from pipelines.crawl.transport import Answer, Ask, NoAnswer
from pipelines.registry.sources import Card

SITE = "http://www.example.gov.cn"
LIMITS = CrawlLimits(retries=2, back_off=0.0, redirects=4, walls=2, deaths=2, longest_wait=0.05)

T = TypeVar("T")
Reply = Answer | NoAnswer | Callable[[Ask], Answer]


def card(
    *,
    source: str = "made",
    kind: Literal["web", "local"] = "web",
    hosts: Collection[str] = ("www.example.gov.cn",),
    lists: tuple[str, ...] = (f"{SITE}/list/",),
    pace: float = 0.0,
) -> Card:
    return Card(source, kind, "某局", family="generic", lists=lists, hosts=frozenset(hosts), pace=pace)


def answer(body: bytes | str = b"", status: int = 200, **headers: str) -> Answer:
    data = body.encode() if isinstance(body, str) else body
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, data)


@dataclass
class Site:
    """Answers by address, each list of answers in its order, the last one again and again; whatever is not named is not
    there. `asked` are the requests in their order."""

    replies: Mapping[str, Reply | list[Reply]]
    asked: list[Ask] = field(default_factory=list)

    async def __call__(self, ask: Ask) -> Answer:
        self.asked.append(ask)
        reply = self.replies.get(ask.url, answer(b"no", 404))
        if isinstance(reply, list):
            times = sum(before.url == ask.url for before in self.asked)
            reply = reply[min(times, len(reply)) - 1]
        if isinstance(reply, NoAnswer):
            raise reply
        return reply(ask) if callable(reply) else reply

    @property
    def pages(self) -> list[str]:
        """The addresses that were asked for, without robots.txt."""
        return [ask.url for ask in self.asked if not ask.url.endswith("/robots.txt")]


def awaited(coroutine: Coroutine[Any, Any, T]) -> T:
    """What comes of it, in a thread of its own: where a browser looked at pages before, the main thread has a loop."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, coroutine).result()


def fetched(
    archive: Archive,
    site: Site,
    *wanted: Wanted | str,
    run: str = "one",
    of: Card | None = None,
    limits: CrawlLimits = LIMITS,
    paced: Callable[[str, float], None] = lambda host, seconds: None,
) -> list[Fetched]:
    """Fetches what is wanted, one after the other, as a process of its own would: with what the archive remembers."""

    async def fetch_all() -> list[Fetched]:
        source = of or card()
        owners = dict.fromkeys(host_names(source), source)
        fetcher = Fetcher(site, archive, run, "gongkai/1 (+test)", limits, paced, owners)
        with archive.ledger(source.source, run) as ledger:
            visit = Visit(source, ledger, recall(archive, source.source, run))
            asked = [Wanted("page", one) if isinstance(one, str) else one for one in wanted]
            return [await fetcher.fetch(visit, one) for one in asked]

    return awaited(fetch_all())


def lines(archive: Archive, kind: str = "page", source: str = "made") -> list[Fetch]:
    """The ledger's lines of a kind."""
    return [fetch for fetch in archive.fetches(source) if fetch.kind == kind]
