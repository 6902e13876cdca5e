"""What each address of a source last gave, and which gave nothing: what it is told when it is asked again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.archive.fetch import Fetch

UNSETTLED = frozenset({"redirected", "retried"})
"""Outcomes of requests that another request follows."""

WITH_BODIES = ("list", "page", "attachment", "robots")
"""Kinds that are requests of their own."""

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


@dataclass(frozen=True, slots=True)
class Silence:
    """Whether an address had no answer when `run`, the last one that asked, did so; and when the one before did."""

    run: str
    silent: bool
    silent_before: bool

    def before(self, run: str) -> bool:
        """Whether it had none when another run than this one last asked."""
        return self.silent_before if run == self.run else self.silent


@dataclass(slots=True)
class Answered:
    """`held` and `silences` are by address; no silence is kept of one that has answered in both runs."""

    held: dict[str, Held] = field(default_factory=dict)
    silences: dict[str, Silence] = field(default_factory=dict)

    def learn(self, fetch: Fetch) -> None:
        """Takes one fetch in, which is later than all before it."""
        if fetch.outcome in UNSETTLED:
            return
        self._learn_silence(fetch)
        if fetch.kind in WITH_BODIES and fetch.sha256 is not None:
            self.held[fetch.url] = held_after(self.held.get(fetch.url), fetch)

    def _learn_silence(self, fetch: Fetch) -> None:
        silent, known = fetch.outcome == "failed", self.silences.get(fetch.url)
        before = known is not None and known.before(fetch.run)
        if silent or before:
            self.silences[fetch.url] = Silence(fetch.run, silent, before)
        else:
            self.silences.pop(fetch.url, None)


def held_after(before: Held | None, fetch: Fetch) -> Held:
    """What is held after an answer with a body. One that says that nothing has changed need not repeat what was said
    before."""
    assert fetch.sha256 is not None
    if fetch.outcome != "unchanged" or before is None:
        return Held(fetch.sha256, fetch.size, fetch.headers)
    renewed = {name: value for name, value in fetch.headers.items() if name in _RENEWED or fetch.status != 304}
    return Held(fetch.sha256, before.size, {**before.headers, **renewed})
