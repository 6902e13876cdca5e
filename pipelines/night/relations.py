"""The crawl as the tables `crawl.*` that the warehouse reads."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from pipelines.archive import Archive
from pipelines.lake.rows import Columns
from pipelines.night.records import RunRecord, outcome_of, read_records
from pipelines.registry.sources import Card
from pipelines.warehouse.relations import CRAWL_TABLES


def crawl_relations(cards: Sequence[Card], archive: Archive | None) -> dict[str, Columns]:
    """Table -> column -> values: what the archive holds, which sources are registered, what each run came to. Times are
    of UTC. Raises ArchiveError where the archive cannot be read."""
    documents = _documents(archive) if archive else ()
    runs = (row for record in read_records(archive) for row in _runs(record)) if archive else ()
    expected = ((card.source, year, reports) for card in cards for year, reports in sorted(card.expect.items()))
    return {
        "crawl.document": _columns("document", documents),
        "crawl.source": _columns("source", map(_source, cards)),
        "crawl.expected": _columns("expected", expected),
        "crawl.run": _columns("run", runs),
    }


def _source(card: Card) -> tuple[Any, ...]:
    path = os.path.relpath(card.path) if card.path else None
    return card.source, card.kind, card.publisher, card.division, card.status, path


def _documents(archive: Archive) -> Iterator[tuple[Any, ...]]:
    for source in archive.sources():
        for holding in archive.balance(source).pages.values():
            for version in holding.versions:
                yield (
                    version.sha256,
                    holding.url,
                    source,
                    version.run,
                    _date(holding.listed_date),
                    _time(version.first_seen),
                    _time(version.last_seen),
                    _time(holding.withdrawn_at),
                )


def _runs(record: RunRecord) -> Iterator[tuple[Any, ...]]:
    """A row a source; of a run that has not ended only that it began."""
    started, ended = _time(record.started), _time(record.ended)
    years = None if record.years is None else ",".join(map(str, record.years))
    if ended is None:
        problems = [record.stopped] if record.stopped else []
        for source in record.planned:
            yield record.run, source, started, None, "running", years, *(0,) * 7, None, problems
        return
    for s in record.sources:
        counts = (s.found, s.fetched, s.unchanged, s.blocked, s.failed, s.refused, s.withdrawn)
        yield record.run, s.source, started, ended, outcome_of(s), years, *counts, s.seconds, list(s.problems)


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def _time(text: str | None) -> datetime | None:
    """A time of UTC, as the warehouse keeps it."""
    return datetime.fromisoformat(text).replace(tzinfo=None) if text else None


def _columns(table: str, rows: Iterable[tuple[Any, ...]]) -> Columns:
    names = CRAWL_TABLES[table]
    held = list(rows)
    values = zip(*held, strict=True) if held else ([] for _ in names)
    return {name: list(column) for name, column in zip(names, values, strict=True)}
