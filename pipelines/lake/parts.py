"""The parts of the lake: Parquet files by table, province and year, and for each part a small record of what it holds.

A part counts once its record stands; files without one are left from an interrupted run and are swept. Of the readings
of one document the latest part's counts, so replacing a document is writing it again.
"""

from __future__ import annotations

import json
import sys
import time
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from pipelines.lake.rows import TABLES, document_id, rows_of
from pipelines.model import FiledReport, Reading

RECORDS = "parts"
UNKNOWN_PROVINCE, UNKNOWN_YEAR = "00", 0


@dataclass(frozen=True, slots=True)
class Kept:
    """What a part holds of one document. `reading_key` tells the forms, reader and registry it was read with."""

    sha256: str
    path: str
    reading_key: str
    first_seen: str
    read_at: str
    reports: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """`key` orders parts by the time of writing; `tables` are those with rows; `replaces` are keys of parts merged."""

    key: str
    province: str
    year: int
    tables: tuple[str, ...]
    documents: tuple[Kept, ...]
    replaces: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()

    def file(self, root: Path, table: str) -> Path:
        return root / table / f"province={self.province}" / f"year={self.year}" / f"{self.key}.parquet"


@dataclass(frozen=True)
class LakeState:
    """The lake at one moment: its parts in order, and of every document the part whose reading counts."""

    root: Path
    parts: tuple[Part, ...]

    @cached_property
    def live(self) -> dict[str, tuple[Part, Kept]]:
        found: dict[str, tuple[Part, Kept]] = {}
        for part in self.parts:
            for sha256 in part.retired:
                found.pop(sha256, None)
            for kept in part.documents:
                earlier = found.get(kept.sha256)
                if earlier and earlier[1].first_seen < kept.first_seen:
                    kept = replace(kept, first_seen=earlier[1].first_seen)
                found[kept.sha256] = (part, kept)
        return found

    @cached_property
    def reading_keys(self) -> dict[str, str]:
        return {sha256: kept.reading_key for sha256, (_, kept) in self.live.items()}

    def by_part(self, documents: Iterable[str] | None = None) -> dict[Part, list[Kept]]:
        """The live documents (all, or those given) with the part that each lies in, in the order of parts."""
        chosen: dict[str, list[Kept]] = defaultdict(list)
        for sha256 in self.live if documents is None else documents:
            part, kept = self.live[sha256]
            chosen[part.key].append(kept)
        return {part: chosen[part.key] for part in self.parts if part.key in chosen}


class Lake:
    """A folder of parts. One process writes; any number may read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._last = 0

    def state(self) -> LakeState:
        """Reads the records. Raises ValueError where a record is damaged, naming it: delete that record, and the
        documents in it are read again."""
        records = {}
        for path in sorted((self.root / RECORDS).glob("*.json")):
            status = path.stat()
            part = _parsed(path, status.st_mtime_ns, status.st_size)
            records[part.key] = part
        replaced = {key for part in records.values() for key in part.replaces}
        return _state_of(self.root, tuple(p for key, p in records.items() if key not in replaced))

    def write(self, readings: Iterable[Reading], *, reading_key: str, seen_at: datetime | None = None) -> None:
        """Writes a batch, a part for each province and year that its sources name; all of it is there on return."""
        now = _stamp(seen_at)
        groups: dict[tuple[str, int], list[Reading]] = defaultdict(list)
        for reading in readings:
            source = reading.snapshot.source
            groups[source.province or UNKNOWN_PROVINCE, source.year or UNKNOWN_YEAR].append(reading)
        seen: set[str] = set()
        for (province, year), group in groups.items():
            before = set(seen)
            tables = rows_of(group, seen)
            kept = {sha256: kept for sha256, kept in _kept(group, reading_key, now) if sha256 not in before}
            filled = tuple(name for name in TABLES if next(iter(tables[name].values())))
            part = Part(self.next_key(), province, year, filled, tuple(kept.values()))
            from pipelines.lake.arrow import as_arrow

            for name, table in as_arrow({n: tables[n] for n in filled}).items():
                _write_parquet(table, part.file(self.root, name))
            self.record(part)

    def retire(self, documents: Iterable[str]) -> None:
        """Takes documents (by sha256) out of what counts; their bytes are no longer anywhere."""
        gone = tuple(documents)
        if gone:
            self.record(Part(self.next_key(), UNKNOWN_PROVINCE, UNKNOWN_YEAR, (), (), retired=gone))

    def record(self, part: Part) -> None:
        """Makes a part count, by the rename of its record."""
        path = self.root / RECORDS / f"{part.key}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".half")
        half.write_text(json.dumps(asdict(part), ensure_ascii=False), encoding="utf-8")
        half.replace(path)

    def sweep(self) -> int:
        """Removes what an interrupted run left and what merged parts replaced; how many files that were."""
        state = self.state()
        counts = {part.file(self.root, table) for part in state.parts for table in part.tables}
        records = {self.root / RECORDS / f"{part.key}.json" for part in state.parts}
        stale = [p for table in TABLES for p in (self.root / table).rglob("*") if p.is_file() and p not in counts]
        stale += [p for p in (self.root / RECORDS).glob("*") if p not in records]
        for path in stale:
            path.unlink()
        return len(stale)

    def next_key(self) -> str:
        """A key for a new part, after all that stand."""
        if not self._last:
            keys = [p.stem for p in (self.root / RECORDS).glob("*.json")]
            self._last = max((int(key.split("-")[0]) for key in keys), default=0)
        self._last = max(self._last + 1, time.time_ns())
        return f"{self._last:020d}-{uuid.uuid4().hex[:8]}"


def _kept(readings: Iterable[Reading], reading_key: str, now: str) -> Iterator[tuple[str, Kept]]:
    reports: dict[str, list[str]] = {}
    paths: dict[str, str] = {}
    for reading in readings:
        sha256 = document_id(reading.snapshot)
        path = paths.setdefault(sha256, reading.snapshot.source.path)
        own = reports.setdefault(sha256, [])
        if isinstance(reading, FiledReport) and reading.snapshot.source.path == path:
            own.append(reading.report_id)
    for sha256, ids in reports.items():
        path = paths[sha256].encode("utf-8", "replace").decode()
        yield sha256, Kept(sha256, path, reading_key, now, now, tuple(ids))


def _stamp(moment: datetime | None) -> str:
    return (moment or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")


@lru_cache(maxsize=1)
def _state_of(root: Path, parts: tuple[Part, ...]) -> LakeState:
    """One state for as long as the lake has the same records, so that what counts is found out once."""
    return LakeState(root, parts)


@lru_cache(maxsize=100_000)
def _parsed(path: Path, changed: int, size: int) -> Part:
    """A record, which is never changed once it stands: it is read once in a process."""
    try:
        data: Mapping[str, object] = json.loads(path.read_text(encoding="utf-8"))
        documents = tuple(map(_kept_of, data["documents"]))  # type: ignore[call-overload]
        return Part(
            key=str(data["key"]),
            province=str(data["province"]),
            year=int(str(data["year"])),
            tables=tuple(data["tables"]),  # type: ignore[arg-type]
            documents=documents,
            replaces=tuple(data["replaces"]),  # type: ignore[arg-type]
            retired=tuple(data["retired"]),  # type: ignore[arg-type]
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path.name} in the lake is damaged ({error}): delete it, and its documents are read again"
        ) from error


def _kept_of(entry: Mapping[str, Any]) -> Kept:
    """What many documents share is one object for all."""
    shared = {name: sys.intern(entry[name]) for name in ("reading_key", "first_seen", "read_at")}
    return Kept(**{**entry, **shared, "reports": tuple(entry["reports"])})


def _write_parquet(table: object, path: Path) -> None:
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    pq.write_table(table, half, compression="zstd")
    half.replace(path)
