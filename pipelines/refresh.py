"""Brings the lake up to date with the documents that there are: reads what is new, or would be read otherwise now, and
forgets what is gone."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from importlib import import_module

from pipelines.intake import load_registry_once, read_all, reader_digest
from pipelines.lake import Lake, LakeState
from pipelines.lake.compaction import compact
from pipelines.lake.parts import UNKNOWN_PROVINCE, UNKNOWN_YEAR, Kept, Part
from pipelines.lake.rows import document_id
from pipelines.model import Reading, Refusal, Snapshot

BATCH = 400
"""Documents a write, at most: also what an interruption may cost. Of a short list a quarter, so that what was read is
written while others are read."""
SMALLEST_BATCH = 40
PATIENCE = 10.0
"""Seconds after which a smaller batch is written."""
SHORT_LIST = 2000
"""Up to this many documents the engine is told their number, and shares them out evenly."""

PASSING = frozenset({"timeout", "converter_timeout", "out_of_memory", "reader_died", "interrupted"})
"""Codes of refusals that say as much of the machine as of the document: it is tried again by the next runs."""
MOST_TRIES = 3

Readings = tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """`pending` is what must be read: for each document its places, the first of which is opened. `gone` are documents
    of the lake that are nowhere any more; `unchanged` the snapshots whose reading is in the lake. `tried` counts how
    often a pending document was tried in vain."""

    pending: dict[str, tuple[Snapshot, ...]]
    gone: tuple[str, ...]
    unchanged: tuple[Snapshot, ...]
    tried: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Figures:
    """What documents came to in a run; `seconds` is reading time, of all processes together."""

    read: int = 0
    unchanged: int = 0
    gone: int = 0
    reports: int = 0
    refused: int = 0
    numbers: int = 0
    seconds: float = 0.0
    forms: Counter[str] = field(default_factory=Counter)
    formats: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)

    def add(self, readings: Readings) -> None:
        """Counts one document's readings."""
        self.read += 1
        for reading in readings:
            self.seconds += reading.seconds
            self.formats[reading.format or "unknown"] += 1
            if isinstance(reading, Refusal):
                self.refused += 1
                self.refusals[reading.issue.code] += 1
            else:
                self.reports += 1
                self.numbers += sum(cell.value is not None for cell in reading.report.cells)
                self.forms[reading.report.form or "none"] += 1


def reading_key() -> str:
    """What a reading depends on besides the bytes: the forms, the readers' code and libraries, and the registry."""
    return hashlib.sha256(f"{reader_digest()} {load_registry_once().digest}".encode()).hexdigest()[:32]


def plan(
    state: LakeState,
    snapshots: Iterable[Snapshot],
    key: str,
    *,
    covers: Callable[[str, int], bool] = lambda province, year: True,
    full: bool = False,
) -> Plan:
    """What to do so that the lake holds these documents as they would be read under `key`, and no others of the
    provinces and years that `covers` names. A document that lies elsewhere now, or in another province or year, is read
    again: its place has a say in whose report it is."""
    places: dict[str, list[Snapshot]] = {}
    for snapshot in snapshots:
        places.setdefault(document_id(snapshot), []).append(snapshot)
    live = state.live
    pending: dict[str, tuple[Snapshot, ...]] = {}
    unchanged: list[Snapshot] = []
    tried: dict[str, int] = {}
    for document, found in places.items():
        part, kept = live.get(document, (None, None))
        vain = _tries(kept.reading_key, key) if kept is not None and not full else None
        if part is None or kept is None or vain is None or _of(part, kept) not in map(_place, found):
            pending[document] = tuple(found)
        elif 0 < vain < MOST_TRIES:
            pending[document], tried[document] = tuple(found), vain
        else:
            unchanged += found
    gone = (doc for doc, (part, _) in live.items() if doc not in places and covers(part.province, part.year))
    return Plan(pending, tuple(gone), tuple(unchanged), tried)


def carry_out(lake: Lake, work: Plan, key: str) -> Iterator[tuple[Snapshot, Readings]]:
    """Does the plan, and yields each snapshot with its readings once it is read; then parts of the lake that have
    become many, or count for little, are merged. What was read before an interruption is kept; before the process's
    death, all but a batch."""
    lake.retire(work.gone)
    if work.pending:
        yield from _read_pending(lake, work, key)
    if work.pending or work.gone:
        compact(lake)


def _read_pending(lake: Lake, work: Plan, key: str) -> Iterator[tuple[Snapshot, Readings]]:
    # While other processes begin to read, this one loads what writes.
    threading.Thread(target=import_module, args=("pyarrow.parquet",)).start()
    places = {found[0].source.path: found for found in work.pending.values()}
    sources = (found[0].source for found in work.pending.values())
    batch: dict[str, list[Reading]] = defaultdict(list)
    written = time.monotonic()
    size = min(BATCH, max(SMALLEST_BATCH, len(work.pending) // 4))
    with closing(read_all(list(sources) if len(places) <= SHORT_LIST else sources)) as results:
        try:
            for readings in results:
                for snapshot in places[readings[0].snapshot.source.path]:
                    of_place = tuple(_placed(reading, snapshot) for reading in readings)
                    tried = work.tried.get(document_id(snapshot), 0)
                    batch[_key_of(of_place, key, tried)] += of_place
                    yield snapshot, of_place
                if sum(map(len, batch.values())) >= size or time.monotonic() - written > PATIENCE:
                    _write(lake, batch)
                    written = time.monotonic()
        finally:
            _write(lake, batch)


def _write(lake: Lake, batch: dict[str, list[Reading]]) -> None:
    """Writes what is read, by the key that it is kept under, and empties the batch."""
    for key in list(batch):
        lake.write(batch.pop(key), reading_key=key)


def _key_of(readings: Readings, key: str, tried: int) -> str:
    """The key, with the number of tries behind it where one more was in vain."""
    passing = any(isinstance(r, Refusal) and r.issue.code in PASSING for r in readings)
    return f"{key}~{tried + 1}" if passing else key


def _tries(kept: str, key: str) -> int | None:
    """How often a document was tried in vain, 0 once it is read; None where it was read with another key."""
    name, _, tries = kept.partition("~")
    return int(tries or 0) if name == key else None


def _placed(reading: Reading, snapshot: Snapshot) -> Reading:
    """The reading as that of the same bytes at another place."""
    if reading.snapshot.source == snapshot.source:
        return reading
    return replace(reading, snapshot=replace(reading.snapshot, source=snapshot.source))


def _of(part: Part, kept: Kept) -> tuple[str, int, str]:
    return part.province, part.year, kept.path


def _place(snapshot: Snapshot) -> tuple[str, int, str]:
    """Province, year and path as the lake keeps them."""
    source = snapshot.source
    path = source.path.encode("utf-8", "replace").decode()
    return source.province or UNKNOWN_PROVINCE, source.year or UNKNOWN_YEAR, path
