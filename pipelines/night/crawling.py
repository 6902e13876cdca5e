"""A crawl with a record: which sources, for which years, under which name; and it goes on where it stopped."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from pipelines.archive import Archive
from pipelines.crawl import CrawlLimits, CrawlReport, Watch, crawl
from pipelines.crawl.run import ignore
from pipelines.night.records import begin, write_record
from pipelines.registry.sources import Card

CENTRE = "00"
"""The province of sources that are of none."""


class CrawlStopped(Exception):
    """A crawl that did not come to its end; the text says why."""


def cards_of(cards: Sequence[Card], provinces: Collection[str]) -> list[Card]:
    """The cards of these provinces that are to be crawled: not those of files, nor those that are retired."""
    return [c for c in cards if c.lists and c.status != "retired" and (c.province or CENTRE) in provinces]


def crawl_recorded(
    cards: Sequence[Card],
    archive: Archive,
    *,
    run: str | None = None,
    years: Collection[int] | None = None,
    watch: Watch = ignore,
    limits: CrawlLimits | None = None,
    now: datetime | None = None,
) -> CrawlReport:
    """Crawls, and keeps a record of it in the archive. Without a name (`run`) it is the rest of a crawl of the same
    sources and years that came to no end, or a new one. Raises what the crawl raises; `stopped` of the report says
    why it came to no end, and then another call goes on."""
    record = begin(
        archive,
        run=run,
        provinces=tuple(sorted({card.province or CENTRE for card in cards})),
        years=None if years is None else tuple(sorted(years)),
        planned=tuple(sorted(card.source for card in cards)),
        now=now or datetime.now(UTC),
    )
    wanted = None if years is None else frozenset(years)
    report = crawl(cards, archive, run=record.run, years=wanted, watch=watch, limits=limits)
    ended = None if report.stopped else datetime.now(UTC).isoformat(timespec="milliseconds")
    write_record(archive, replace(record, sources=report.sources, stopped=report.stopped, ended=ended))
    return report
