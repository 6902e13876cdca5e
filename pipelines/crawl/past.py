"""What a source's ledger says to the crawl that goes on with it: what is held, and what this run has settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pipelines.archive import Fetch

UNSETTLED = frozenset({"redirected", "retried"})
"""Outcomes of requests that another request follows."""

_KINDS_WITH_BODIES = ("list", "page", "attachment", "robots")
_RENEWED = ("etag", "last-modified")


@dataclass(frozen=True, slots=True)
class Held:
    """The last body that an address gave, and what to say when asking whether it has changed."""

    sha256: str
    size: int | None
    headers: Mapping[str, str]
    """As they were sent with the body, and renewed by answers that say that nothing has changed."""

    def conditions(self) -> dict[str, str]:
        """The headers of a conditional request."""
        named = {"If-None-Match": "etag", "If-Modified-Since": "last-modified"}
        return {name: self.headers[header] for name, header in named.items() if self.headers.get(header)}


@dataclass(slots=True)
class Past:
    """`held`: by address; `settled`: what this run has settled, by kind and address; `failing`: addresses that had no
    answer when an earlier run last asked; `attempts`: how often this run has asked in vain for what is not settled;
    `requests`: how many this run has made of the source."""

    held: dict[str, Held] = field(default_factory=dict)
    settled: dict[tuple[str, str], Fetch] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    attempts: Counter[tuple[str, str]] = field(default_factory=Counter)
    requests: int = 0

    def reading(self, fetches: Iterable[Fetch], run: str) -> Iterator[Fetch]:
        """Gives the lines on, and takes each in on its way: a ledger may be long."""
        for fetch in fetches:
            self.learn(fetch, run)
            self.requests += fetch.run == run and fetch.kind in _KINDS_WITH_BODIES
            yield fetch

    def learn(self, fetch: Fetch, run: str) -> None:
        """Takes one line in, which is later than all before it."""
        if fetch.outcome in UNSETTLED:
            self.attempts[fetch.kind, fetch.url] += fetch.run == run and fetch.outcome == "retried"
            return
        if fetch.run == run:
            self.settled[fetch.kind, fetch.url] = fetch
        elif fetch.outcome == "failed":
            self.failing.add(fetch.url)
        else:
            self.failing.discard(fetch.url)
        if fetch.kind in _KINDS_WITH_BODIES and fetch.sha256 is not None:
            self.held[fetch.url] = _held(fetch, self.held.get(fetch.url))


def remember(fetches: Iterable[Fetch], run: str) -> Past:
    """The past of a source whose lines these are, in order of time."""
    past = Past()
    for _ in past.reading(fetches, run):
        pass
    return past


def _held(fetch: Fetch, before: Held | None) -> Held:
    """What is held after this answer. One that says that nothing has changed need not repeat what was said before."""
    assert fetch.sha256 is not None
    if fetch.outcome != "unchanged" or before is None:
        return Held(fetch.sha256, fetch.size, fetch.headers)
    renewed = {name: value for name, value in fetch.headers.items() if name in _RENEWED or fetch.status != 304}
    return Held(fetch.sha256, before.size, {**before.headers, **renewed})
