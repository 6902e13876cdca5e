"""What a source's ledger says to the crawl that goes on with it: what is held, and what this run has settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.archive import Archive, Fetch, Held, Holding
from pipelines.archive.answered import UNSETTLED, WITH_BODIES, held_after


@dataclass(slots=True)
class Past:
    """`pages`: what was held when the walk began, by address; `held`: the last body of each address; `settled`: what
    this run has settled, by kind and address; `failing`: addresses that had no answer when an earlier run last asked;
    `attempts`: how often this run has asked in vain for what is not settled; `requests`: how many this run has made of
    the source."""

    pages: Mapping[str, Holding] = field(default_factory=dict)
    held: dict[str, Held] = field(default_factory=dict)
    settled: dict[tuple[str, str], Fetch] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    attempts: Counter[tuple[str, str]] = field(default_factory=Counter)
    requests: int = 0

    def learn(self, fetch: Fetch) -> None:
        """Takes in what this run has settled just now."""
        self.settled[fetch.kind, fetch.url] = fetch
        if fetch.kind in WITH_BODIES and fetch.sha256 is not None:
            self.held[fetch.url] = held_after(self.held.get(fetch.url), fetch)


def recall(archive: Archive, source: str, run: str) -> Past:
    """The past of a source; of its ledger only what nobody has read yet and what this run itself wrote are read."""
    balance = archive.balance(source)
    silences = balance.answered.silences.items()
    past = Past(balance.pages, balance.answered.held, failing={url for url, one in silences if one.before(run)})
    for fetch in archive.fetches(source, files=balance.files_of(run)):
        past.requests += fetch.kind in WITH_BODIES
        if fetch.outcome not in UNSETTLED:
            past.settled[fetch.kind, fetch.url] = fetch
        elif fetch.outcome == "retried":
            past.attempts[fetch.kind, fetch.url] += 1
    return past
