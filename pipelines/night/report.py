"""What came of a night: the crawl's figures, what the warehouse made of it, and what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import duckdb

from pipelines.night.records import RunRecord, outcome_of

Publication = Literal["published", "held_back", "failed", "pending"]
"""`held_back`: what must hold does not, and the warehouse of before stays; `pending`: crawled, and not built yet."""

COUNTS = ("found", "fetched", "unchanged", "blocked", "failed", "refused", "withdrawn")
"""What a crawl counts, by the names of `SourceReport`."""
READ = ("read", "refused_to_read", "reports", "flagged")
"""What the warehouse counts of what a crawl brought, by the columns of `quality.run`."""
LISTED = 50
"""Changed reports that are named; the warehouse has all."""


@dataclass(frozen=True, slots=True)
class SourceNight:
    """A source in this run: its outcome and figures, and its outcome in the run before (None: it was in none)."""

    source: str
    outcome: str
    outcome_before: str | None
    counts: Mapping[str, int]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source that somebody should look at: its state in `quality.source`, and since when it is without success."""

    source: str
    publisher: str
    state: str
    last_success: datetime | None
    years_below: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ChangedReport:
    """A report that was revised (`changed` numbers) or withdrawn in this run."""

    agency: str
    year: int | None
    url: str
    changed: int | None = None


@dataclass(frozen=True, slots=True)
class NightReport:
    """All that is told of a run. `why` says what holds publication back, or what failed: a name, a colon, and words.
    `before` are the totals of the run before that looked for the same years; None where there was none."""

    run: str
    started: str
    ended: str | None
    years: tuple[int, ...] | None
    publication: Publication
    why: tuple[str, ...]
    totals: Mapping[str, int]
    before: Mapping[str, int] | None
    sources: tuple[SourceNight, ...]
    troubled: tuple[SourceState, ...] = ()
    revised: tuple[ChangedReport, ...] = ()
    withdrawn: tuple[ChangedReport, ...] = ()
    held: Mapping[str, int] = field(default_factory=dict)

    @property
    def state(self) -> dict[str, str]:
        """What somebody is to be told of when it changes: whether it was published, and each source in trouble."""
        return {
            "publication": self.publication,
            **{f"source {s.source}": s.state for s in self.troubled},
            **{f"why {text.partition(':')[0]}": self.publication for text in self.why},
        }


def night_report(
    records: Sequence[RunRecord],
    *,
    publication: Publication,
    why: Sequence[str] = (),
    warehouse: Path | None = None,
) -> NightReport:
    """The report of the last of these records (there is at least one), with what the warehouse says, if one is given:
    the published one, or the candidate that is held back."""
    record = records[-1]
    earlier = [r for r in records[:-1] if r.ended]
    alike = next((r for r in reversed(earlier) if r.years == record.years), None)
    outcomes = {s.source: outcome_of(s) for r in earlier for s in r.sources}
    told = _of_warehouse(warehouse, record) if warehouse and warehouse.exists() else _Told({}, (), (), (), {})
    sources = tuple(
        SourceNight(
            source=s.source,
            outcome=outcome_of(s) if record.ended else "running",
            outcome_before=outcomes.get(s.source),
            counts={name: getattr(s, name) for name in COUNTS} | told.read.get(s.source, {}),
            problems=s.problems,
        )
        for s in record.sources
    )
    stopped = (f"stopped: {record.stopped}",) if record.stopped else ()
    return NightReport(
        run=record.run,
        started=record.started,
        ended=record.ended,
        years=record.years,
        publication=publication,
        why=(*stopped, *why),
        totals=_sum(source.counts for source in sources),
        before=_sum({name: getattr(s, name) for name in COUNTS} for s in alike.sources) if alike else None,
        sources=sources,
        troubled=told.troubled,
        revised=told.revised,
        withdrawn=told.withdrawn,
        held=told.held,
    )


@dataclass(frozen=True, slots=True)
class _Told:
    read: Mapping[str, dict[str, int]]
    troubled: tuple[SourceState, ...]
    revised: tuple[ChangedReport, ...]
    withdrawn: tuple[ChangedReport, ...]
    held: Mapping[str, int]


def _of_warehouse(file: Path, record: RunRecord) -> _Told:
    since = datetime.fromisoformat(record.started).replace(tzinfo=None, microsecond=0)  # The lake keeps whole seconds.
    with duckdb.connect(str(file), read_only=True) as connection:

        def rows(query: str, *values: object) -> list[tuple[Any, ...]]:
            return connection.execute(query, list(values)).fetchall()

        read = {
            source: dict(zip(READ, counts, strict=True))
            for source, *counts in rows(f"SELECT source, {', '.join(READ)} FROM quality.run WHERE run = $1", record.run)
        }
        troubled = tuple(
            SourceState(source, publisher, state, last_success, tuple(years))
            for source, publisher, state, last_success, years in rows(
                "SELECT source, publisher, state, last_success, years_below FROM quality.source "
                "WHERE state NOT IN ('ok', 'never', 'retired') ORDER BY source"
            )
        )
        named = "coalesce(a.name, r.printed_agency, r.title, r.report_id), r.year, coalesce(r.url, r.source)"
        revised = rows(
            f"SELECT {named}, count(*) FROM quality.revision AS v JOIN dims.report AS r USING (report_id) "
            "LEFT JOIN dims.agency AS a ON a.agency_id = r.agency_id "
            f"WHERE r.first_seen >= $1 GROUP BY ALL ORDER BY ALL LIMIT {LISTED}",
            since,
        )
        withdrawn = rows(
            f"SELECT {named} FROM dims.report AS r LEFT JOIN dims.agency AS a ON a.agency_id = r.agency_id "
            f"WHERE r.withdrawn >= $1 ORDER BY ALL LIMIT {LISTED}",
            since,
        )
        held = dict(
            rows(
                "SELECT 'reports', count(*) FROM dims.report UNION ALL "
                "SELECT 'flagged', count(DISTINCT report_id) FROM quality.flag WHERE outcome = 'broken'"
            )
        )
    return _Told(
        read,
        troubled,
        tuple(ChangedReport(*row) for row in revised),
        tuple(ChangedReport(*row) for row in withdrawn),
        held,
    )


def _sum(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for of_one in counts:
        for name, count in of_one.items():
            totals[name] = totals.get(name, 0) + count
    return totals
