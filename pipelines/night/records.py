"""What is kept of each crawl: `runs/<run>.json` in the archive, written when it begins and again when it ends."""

from __future__ import annotations

import functools
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pipelines.archive import Archive, ArchiveError
from pipelines.crawl.report import SourceReport

if TYPE_CHECKING:
    from pydantic import TypeAdapter

FOLDER = "runs"
RECORD_BYTES = 64 * 2**20
GOES_ON = timedelta(hours=36)
"""A run that began earlier is not gone on with: what it settled may have changed since."""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A crawl of the sources `planned`, which are those of `provinces`, for the report years `years` (None: all).

    Times are UTC in ISO's writing. `ended` is None until it has come to its end; `stopped` says why it did not.
    """

    run: str
    started: str
    provinces: tuple[str, ...]
    years: tuple[int, ...] | None
    planned: tuple[str, ...]
    ended: str | None = None
    stopped: str | None = None
    sources: tuple[SourceReport, ...] = ()


def outcome_of(report: SourceReport) -> str:
    """`complete`, `partial`, or what alone came of it: `blocked`, `refused`, `failed`."""
    if report.complete:
        return "complete"
    if not report.fetched and not report.unchanged:
        for outcome in ("blocked", "failed", "refused"):
            if getattr(report, outcome):
                return outcome
    return "partial"


def write_record(archive: Archive, record: RunRecord) -> None:
    """Puts the record there, or in the place of the one that was there. Raises ArchiveError."""
    text = json.dumps(asdict(record), ensure_ascii=False, indent=1)
    archive.storage.write(_name(record.run), text.encode("utf-8", "replace"))


def read_records(archive: Archive) -> list[RunRecord]:
    """All of them, the oldest first. Raises ArchiveError where one is damaged, naming it."""
    names = (name for name in archive.storage.names(FOLDER) if name.endswith(".json"))
    return sorted((_read(archive, name) for name in names), key=lambda record: (record.started, record.run))


def begin(
    archive: Archive,
    *,
    run: str | None,
    provinces: tuple[str, ...],
    years: tuple[int, ...] | None,
    planned: tuple[str, ...],
    now: datetime,
) -> RunRecord:
    """The record of the run of this name, or, without a name, of one of the same sources and years that came to no
    end; else of a new one, which is written."""
    for record in reversed(read_records(archive)):
        same = (record.provinces, record.years, record.planned) == (provinces, years, planned)
        unfinished = record.ended is None and now - datetime.fromisoformat(record.started) < GOES_ON
        if record.run == run or (run is None and same and unfinished):
            return record
    started = now.astimezone(UTC)
    record = RunRecord(
        run=run or f"{started:%Y%m%dT%H%M%S}.{started.microsecond // 1000:03d}Z",
        started=started.isoformat(timespec="milliseconds"),
        provinces=provinces,
        years=years,
        planned=planned,
    )
    write_record(archive, record)
    return record


def _read(archive: Archive, name: str) -> RunRecord:
    try:
        return _records().validate_json(archive.storage.read(name, RECORD_BYTES))
    except ValueError as error:
        path = archive.storage.path(name)
        raise ArchiveError("damaged", f"{path} is no record of a run ({error}): move it away.") from error


def _name(run: str) -> str:
    return f"{FOLDER}/{run}.json"


@functools.cache
def _records() -> TypeAdapter[RunRecord]:
    from pydantic import TypeAdapter

    return TypeAdapter(RunRecord)
