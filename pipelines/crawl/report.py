"""What a crawl may cost, what it says while it runs, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class CrawlLimits:
    """Bounds of a crawl: seconds, bytes, counts."""

    seconds: float = 60.0
    """Of one request, from its start to the last byte."""
    body_bytes: int = 64 * 1024 * 1024
    """Of one body, as sent and decompressed: no larger document is read (extract.limits)."""
    redirects: int = 5
    retries: int = 2
    """After the first attempt."""
    back_off: float = 5.0
    """Seconds before the first retry; each further one waits twice as long."""
    longest_wait: float = 120.0
    """Seconds that a host may ask to be left alone (Retry-After) or to wait between requests (Crawl-delay)."""
    walls: int = 3
    """Walls in a row after which a host is left alone for the run."""
    deaths: int = 3
    """Requests in a row without an answer, retries included, after which a host is left alone for the run."""
    list_pages: int = 400
    """Of one list."""
    requests: int = 20_000
    """Of one source."""
    attachments: int = 39
    """Of one page; with the page they are one document, of at most 40 parts (archive.documents)."""
    sources_at_once: int = 64
    render_requests: int = 40
    """What a rendered list may ask for."""
    render_seconds: float = 180.0


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What came of one source in a run.

    `found`: reports that its lists name, of the years asked for; `fetched` and `unchanged`: pages and attachments with
    new bytes, and with the bytes that were held; `blocked`, `failed`, `refused`: requests of any kind that met a wall,
    gave no answer, or were not allowed; `withdrawn`: held reports that are gone. `complete`: every list was read to its
    end, and every report that it names answered.
    """

    source: str
    found: int = 0
    fetched: int = 0
    unchanged: int = 0
    blocked: int = 0
    failed: int = 0
    refused: int = 0
    withdrawn: int = 0
    seconds: float = 0.0
    problems: tuple[str, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """A run: a report for each of its sources, in the order of the cards. `stopped` says why it ended early."""

    run: str
    sources: tuple[SourceReport, ...]
    seconds: float = 0.0
    stopped: str | None = None

    @property
    def complete(self) -> bool:
        return self.stopped is None and all(source.complete for source in self.sources)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: a source began or ended (`report`), a request was settled, or the run is over, `reason`
    saying why if it is so before its end."""

    kind: Literal["began", "settled", "ended", "finished"]
    source: str
    url: str | None = None
    outcome: str | None = None
    found: int = 0
    report: SourceReport | None = None
    reason: str | None = None


Watch = Callable[[Event], None]
