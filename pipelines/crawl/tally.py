"""What came of a source in a run, counted from what the run has settled; so a run that went on counts all of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.archive import Fetch, Holding
from pipelines.crawl.report import SourceReport
from pipelines.crawl.words import said

PROBLEMS_TOLD = 20
_UNFINISHED = ("blocked", "failed")


@dataclass(slots=True)
class Tally:
    """Counts up what the ledger does not say: what was found, what was not asked for, and what was not understood."""

    found: int = 0
    unasked: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Outcome and reason of requests that were not made, because their host is left alone."""
    _problems: list[str] = field(default_factory=list)
    _untold: int = 0

    def problem(self, text: str) -> None:
        """The source is not complete, for this reason."""
        if len(self._problems) < PROBLEMS_TOLD:
            self._problems.append(text)
        else:
            self._untold += 1

    def report(
        self, source: str, settled: Mapping[tuple[str, str], Fetch], held: Mapping[str, Holding], seconds: float
    ) -> SourceReport:
        """The report. `settled` is by kind and address; `held` what was held before this walk."""
        counts: Counter[str] = Counter()
        for (kind, _), fetch in settled.items():
            if kind in ("page", "attachment"):
                counts[fetch.outcome] += 1
                if fetch.outcome in _UNFINISHED:
                    self.problem(f"{fetch.url}: {said(fetch.outcome, fetch.reason)}")
            elif kind == "list" and fetch.outcome in (*_UNFINISHED, "refused"):
                counts[fetch.outcome] += 1
        for (outcome, reason), times in self.unasked.items():
            counts[outcome] += times
            self.problem(f"{times} requests were not made: {said(outcome, reason)}")
        problems = [*self._problems, f"and {self._untold} more"] if self._untold else self._problems
        return SourceReport(
            source=source,
            found=self.found,
            fetched=counts["fetched"],
            unchanged=counts["unchanged"],
            blocked=counts["blocked"],
            failed=counts["failed"],
            refused=counts["refused"],
            withdrawn=sum(_withdrawn(fetch, held.get(fetch.url)) for fetch in settled.values()),
            seconds=round(seconds, 3),
            problems=tuple(problems),
            complete=not problems,
        )


def _withdrawn(fetch: Fetch, held: Holding | None) -> bool:
    """Whether this is the answer that says that a held report is gone."""
    gone = fetch.kind == "page" and fetch.outcome == "gone"
    return gone and held is not None and bool(held.versions) and held.withdrawn_at in (None, fetch.at)
