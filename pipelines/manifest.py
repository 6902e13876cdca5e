"""Which documents there are, by partition: a line of JSON a document. A file that nobody touched is not opened again to
learn its hash."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path

from pipelines.discovery import snapshot_of
from pipelines.model import Snapshot, Source

_OF_SOURCE = tuple(f.name for f in fields(Source))

SETTLED = 2_000_000_000
"""Nanoseconds after its last change from which on a file's times are taken to show any further change."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A snapshot, the file's size and times when its bytes were hashed, and when that was (nanoseconds). `line` is the
    one that it was read from; an entry that is made from another has none."""

    snapshot: Snapshot
    stamp: tuple[int, int, int] | None
    hashed_at: int
    line: str = field(default="", init=False, compare=False, repr=False)

    def still_holds(self, stamp: tuple[int, int, int] | None) -> bool:
        """Whether bytes under this stamp must be those that were hashed."""
        return stamp is not None and stamp == self.stamp and self.hashed_at - max(stamp[1:]) > SETTLED


def take(sources: Iterable[Source], before: Mapping[str, Entry]) -> Iterator[Entry]:
    """An entry for each source; only those that `before` (by path) cannot vouch for are opened. A document of the
    archive is named by its hash, and has no stamp."""
    for source in sources:
        stamp, now = None if source.archive else _stamp(source.path), time.time_ns()
        known = before.get(source.path)
        if known and (known.still_holds(stamp) or (source.archive and known.snapshot.sha256)):
            held = known.snapshot
            same = held.source == source and known.stamp == stamp
            yield known if same else Entry(Snapshot(source, held.sha256, held.size), stamp, known.hashed_at)
        else:
            yield Entry(snapshot_of(source), stamp, now)


def read_manifest(folder: Path, key: str) -> dict[str, Entry]:
    """The partition's entries by path; none where it has no manifest."""
    try:
        with _file(folder, key).open(encoding="ascii") as lines:
            return {entry.snapshot.source.path: entry for entry in map(_entry, lines)}
    except FileNotFoundError:
        return {}


def write_manifest(folder: Path, key: str, entries: Iterable[Entry]) -> int:
    """Replaces the partition's manifest at once, or removes it where there are no entries. Gives their number."""
    folder.mkdir(parents=True, exist_ok=True)
    target, count = _file(folder, key), 0
    candidate = target.with_suffix(".candidate")
    with candidate.open("w", encoding="ascii") as file:
        for entry in entries:
            file.write(_line(entry))
            count += 1
    if count:
        candidate.replace(target)
    else:
        candidate.unlink()
        target.unlink(missing_ok=True)
    return count


def manifest_keys(folder: Path) -> list[str]:
    """The partitions that have a manifest."""
    return sorted(file.stem for file in folder.glob("*.jsonl"))


def _file(folder: Path, key: str) -> Path:
    return folder / f"{key}.jsonl"


def _line(entry: Entry) -> str:
    if entry.line:
        return entry.line
    snapshot, source = entry.snapshot, entry.snapshot.source
    told = {name: getattr(source, name) for name in _OF_SOURCE}
    of_snapshot = {"source": told, "sha256": snapshot.sha256, "size": snapshot.size}
    return json.dumps({"snapshot": of_snapshot, "stamp": entry.stamp, "hashed_at": entry.hashed_at}) + "\n"


def _entry(line: str) -> Entry:
    found = json.loads(line)
    snapshot = found["snapshot"]
    source = Source(**{**snapshot["source"], "hints": _shared(tuple(snapshot["source"]["hints"]))})
    entry = Entry(
        snapshot=Snapshot(source, snapshot["sha256"], snapshot["size"]),
        stamp=tuple(found["stamp"]) if found["stamp"] else None,
        hashed_at=found["hashed_at"],
    )
    object.__setattr__(entry, "line", line)
    return entry


@lru_cache(maxsize=4096)
def _shared(hints: tuple[str, ...]) -> tuple[str, ...]:
    """The same hints as one object: thousands of documents stand in one folder."""
    return hints


def _stamp(path: str) -> tuple[int, int, int] | None:
    """Size, time of the last change of the bytes and of the file's own record; None where there is no such file."""
    try:
        status = os.stat(path)  # noqa: PTH116 - a Path a file would take longer than the call
    except (OSError, ValueError):
        return None
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns
