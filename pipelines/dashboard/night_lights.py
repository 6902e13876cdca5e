"""What of last night is well, what is not, and what did not run: each apart, so that nothing hides behind another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import duckdb

from pipelines.dashboard.request import Request
from pipelines.dashboard.values import shown
from pipelines.night.morning import held_back
from pipelines.quality import load_expectations

State = Literal["good", "warn", "bad", "none"]
"""`none`: it did not run, or nothing is known; that is never good."""

FRESH = timedelta(hours=36)
"""A night and a half: older than that, a night has been missed."""
LISTED = 8


@dataclass(frozen=True, slots=True)
class Light:
    """One thing that must be well: the phrase that names it, its state, and what was seen."""

    name: str
    state: State
    lines: tuple[str, ...]
    link: str | None = None


def lights(request: Request, now: datetime) -> list[Light]:
    """All of them. `now` is in UTC."""
    looks: tuple[Callable[[Request, datetime], Light], ...] = (_crawl, _freshness, _publication, _coverage, _checks)
    return [look(request, now.astimezone(UTC).replace(tzinfo=None)) for look in looks]


def overall(states: Sequence[State]) -> State:
    """Good only where everything ran and everything is well."""
    return next((state for state in ("bad", "none", "warn") if state in states), "good")


def _crawl(request: Request, now: datetime) -> Light:
    rows = request.store.rows(
        """
        SELECT run, source, started, ended, outcome, found, fetched, unchanged, blocked, failed, refused
        FROM quality.run
        WHERE run = (SELECT arg_max(run, started) FROM quality.run)
        """
    )
    link = request.link("registry")
    if not rows:
        return Light("crawl", "none", (request.say("night.no_crawl"),), link)
    started = min(row["started"] for row in rows)
    outcomes = {row["outcome"] for row in rows}
    counts = [
        f"{request.code('run', outcome)}: {sum(1 for row in rows if row['outcome'] == outcome)}"
        for outcome in sorted(outcomes)
    ]
    lines = [
        request.say("night.crawled", started=shown(started), sources=len(rows)),
        " · ".join(counts),
        " · ".join(
            f"{request.say(f'night.{name}')} {sum(row[name] or 0 for row in rows)}"
            for name in ("found", "fetched", "unchanged", "blocked", "failed", "refused")
        ),
    ]
    if now - started > FRESH:
        return Light("crawl", "none", (request.say("night.old_crawl"), *lines), link)
    if outcomes == {"complete"}:
        return Light("crawl", "good", tuple(lines), link)
    state: State = "bad" if outcomes & {"failed", "blocked"} else "none" if "running" in outcomes else "warn"
    return Light("crawl", state, tuple(lines), link)


def _freshness(request: Request, now: datetime) -> Light:
    row = request.store.row("SELECT built_at FROM quality.build")
    if row is None:
        return Light("freshness", "none", (request.say("night.no_build"),))
    age = now - row["built_at"]
    words = request.say("night.built", built=shown(row["built_at"]), hours=f"{age.total_seconds() / 3600:.0f}")
    return Light("freshness", "good" if age <= FRESH else "none", (words,))


def _publication(request: Request, now: datetime) -> Light:
    """A candidate that is newer than the published file was not published."""
    candidate, published = request.home.candidate, request.store.path
    if not candidate.exists() or candidate.stat().st_mtime <= published.stat().st_mtime:
        return Light("publication", "good", (request.say("night.published"),))
    try:
        why = held_back(candidate)
    except duckdb.Error:
        return Light("publication", "none", (request.say("night.building"),))
    if not why:
        return Light("publication", "none", (request.say("night.unfinished"),))
    return Light("publication", "bad", (request.say("night.held_back"), *map(shown, why[:LISTED])))


def _coverage(request: Request, now: datetime) -> Light:
    gone = request.store.row("SELECT count(*) FILTER (gone) AS n, count(*) AS places FROM quality.coverage") or {}
    sources = request.store.row(
        "SELECT count(*) FILTER (below) AS below, count(*) FILTER (gone) AS gone FROM quality.source_year"
    ) or {"below": 0, "gone": 0}
    held = (
        request.store.row(
            "SELECT CAST(sum(found) AS BIGINT) AS found, CAST(sum(missing) AS BIGINT) AS missing, "
            "CAST(sum(late) AS BIGINT) AS late FROM marts.county_coverage"
        )
        or {}
    )
    lines = [
        request.say("night.covers", places=gone.get("places", 0), found=held.get("found") or 0),
        request.say("night.lacks", missing=held.get("missing") or 0, late=held.get("late") or 0),
    ]
    wrong = {"gone": gone.get("n", 0), "source_below": sources["below"], "source_gone": sources["gone"]}
    lines += [request.say(f"night.{name}", n=n) for name, n in wrong.items() if n]
    state: State = "bad" if any(wrong.values()) else "good" if gone.get("places") else "none"
    return Light("coverage", state, tuple(lines), request.link("coverage"))


def _checks(request: Request, now: datetime) -> Light:
    """What could not run is told apart from what does not hold, and so is what has no result at all."""
    rows = request.store.rows("SELECT name, severity, blocking, passed, exception FROM quality.expectation")
    did = {row["name"] for row in rows}
    never = sorted(one.name for one in load_expectations() if one.name not in did)
    errors = [row["name"] for row in rows if row["exception"] is not None]
    failed = [row for row in rows if not row["passed"] and row["exception"] is None]
    lines = [request.say("night.checks", ran=len(rows) - len(errors), held=len(rows) - len(errors) - len(failed))]
    lines += _some(request, "night.not_run", never)
    lines += _some(request, "night.errors", errors)
    lines += [request.say("night.failed_checks", n=len(failed))] if failed else []
    if errors or any(row["blocking"] for row in failed):
        return Light("checks", "bad", tuple(lines), request.link("rules"))
    state: State = "none" if never or not rows else "warn" if failed else "good"
    return Light("checks", state, tuple(lines), request.link("rules"))


def _some(request: Request, phrase: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        more = " …" if len(names) > LISTED else ""
        yield request.say(phrase, n=len(names), names=", ".join(names[:LISTED]) + more)
