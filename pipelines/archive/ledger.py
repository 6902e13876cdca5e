"""The ledger: every request and what came of it, a line each, `ledger/<source>/<time of the first>-<writer>.jsonl`.

A file has one writer and only grows; in a folder every line is on the disk before `append` returns. A bucket cannot
append: there lines gather and become a file of their own, at the latest after SEGMENT_SECONDS of writing.
"""

from __future__ import annotations

import heapq
import logging
import os
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from pipelines.archive.fetch import LINE_BYTES, Fetch, fetch_of, line_of
from pipelines.archive.storage import ArchiveError, Storage, unwritable

FOLDER = "ledger"
SUFFIX = ".jsonl"
SEGMENT_LINES = 200
SEGMENT_SECONDS = 5.0
"""What a writer to a bucket may lose where it is killed."""

_STAMP = "%Y%m%dT%H%M%S.%fZ"
_SOURCE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?")
_FILE = re.compile(r"(\d{8}T\d{6}\.\d{6}Z)-.+")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class UnreadLine:
    """A line that holds no fetch: in which file, which one (from 1), and whether it is the torn end of a writer that
    was killed, of which nothing is lost but the request in flight."""

    file: str
    number: int
    why: str
    torn: bool


def warn(line: UnreadLine) -> None:
    """Says so in the log."""
    log.warning("%s, line %d is passed over: %s", line.file, line.number, "torn" if line.torn else line.why)


def source_folder(source: str) -> str:
    """Where a source's ledger lies. Raises ArchiveError `bad_name` for what is no source's name."""
    if not _SOURCE.fullmatch(source):
        raise ArchiveError("bad_name", f"{source!r} is no name of a source: small letters, digits and hyphens are.")
    return f"{FOLDER}/{source}"


class Ledger:
    """Writes the fetches of one source and run, within `with`; threads may share it."""

    def __init__(self, storage: Storage, source: str, run: str) -> None:
        self.source, self.run = source, run
        self._storage, self._folder = storage, source_folder(source)
        self._writer = uuid.uuid4().hex[:12]
        self._lock = threading.RLock()
        self._descriptor: int | None = None
        self._path, self._size = "", 0
        self._waiting: list[bytes] = []
        self._waiting_since, self._stamp, self._segment = 0.0, "", 0

    def append(self, fetch: Fetch) -> None:
        """Adds a fetch. Raises ArchiveError (`full`, `unwritable`), after which a folder holds all fetches before it
        and not this one, and what waits for a bucket waits on; ValueError for a fetch of another source or run, or one
        that could not be read back."""
        if (fetch.source, fetch.run) != (self.source, self.run):
            raise ValueError(f"a fetch of {fetch.source}, {fetch.run} in the ledger of {self.source}, {self.run}")
        line = line_of(fetch)
        stamp = fetch.moment.astimezone(UTC).strftime(_STAMP)
        with self._lock:
            if self._storage.is_local:
                self._append_locally(line, stamp)
            else:
                self._append_waiting(line, stamp)

    def flush(self) -> None:
        """Writes what waits; in a folder nothing ever does."""
        with self._lock:
            if self._waiting:
                name = f"{self._folder}/{self._stamp}-{self._writer}-{self._segment:06d}{SUFFIX}"
                self._storage.write(name, b"".join(self._waiting))
                self._waiting, self._segment = [], self._segment + 1

    def close(self) -> None:
        self.flush()
        with self._lock:
            if self._descriptor is not None:
                os.close(self._descriptor)
                self._descriptor = None

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _append_waiting(self, line: bytes, stamp: str) -> None:
        if not self._waiting:
            self._waiting_since, self._stamp = time.monotonic(), stamp
        self._waiting.append(line)
        if len(self._waiting) >= SEGMENT_LINES or time.monotonic() - self._waiting_since >= SEGMENT_SECONDS:
            self.flush()

    def _append_locally(self, line: bytes, stamp: str) -> None:
        try:
            if self._descriptor is None:
                self._path = self._storage.path(f"{self._folder}/{stamp}-{self._writer}{SUFFIX}")
                Path(self._path).parent.mkdir(parents=True, exist_ok=True)
                self._descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
            _write_through(self._descriptor, line, self._size)
        except OSError as error:
            raise unwritable(self._path, error) from error
        self._size += len(line)


def fetches_of(storage: Storage, source: str, unread: Callable[[UnreadLine], None] = warn) -> Iterator[Fetch]:
    """All fetches of a source, in order of time over all files; those of one file in the order of writing. Lines that
    hold none are passed over, and told to `unread`. At any moment only files whose times overlap are open."""
    names = [name for name in storage.names(source_folder(source)) if name.endswith(SUFFIX)]
    waiting = iter([(_begins(name), name) for name in names])
    upcoming = next(waiting, None)
    heads: list[tuple[datetime, str, Fetch, Iterator[Fetch]]] = []
    while heads or upcoming:
        while upcoming and (not heads or upcoming[0] <= heads[0][0]):
            _, name = upcoming
            lines = _lines(storage, name, unread)
            if first := next(lines, None):
                heapq.heappush(heads, (first.moment, name, first, lines))
            upcoming = next(waiting, None)
        if heads:
            _, name, fetch, lines = heads[0]
            yield fetch
            if following := next(lines, None):
                heapq.heapreplace(heads, (following.moment, name, following, lines))
            else:
                heapq.heappop(heads)


def _lines(storage: Storage, name: str, unread: Callable[[UnreadLine], None]) -> Iterator[Fetch]:
    with storage.open(name) as file:
        number = 0
        while line := _line(storage, name, file):
            number += 1
            torn = len(line) <= LINE_BYTES and not line.endswith(b"\n")
            try:
                fetch = fetch_of(line)
            except ValueError as error:
                unread(UnreadLine(storage.path(name), number, str(error).splitlines()[0], torn))
            else:
                yield fetch
            while not torn and not line.endswith(b"\n"):
                line = _line(storage, name, file) or b"\n"


def _line(storage: Storage, name: str, file: BinaryIO) -> bytes:
    """The next line, or as much of it as a line may be long; nothing at the end."""
    try:
        return file.readline(LINE_BYTES + 1)
    except OSError as error:
        raise storage.unreadable(name, error) from error


def _begins(name: str) -> datetime:
    """The time of a file's first fetch, by its name; the beginning of time for a name that tells none."""
    match = _FILE.match(name.rpartition("/")[2])
    if match is None:
        return datetime.min.replace(tzinfo=UTC)
    return datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)


def _write_through(descriptor: int, line: bytes, size: int) -> None:
    """Adds the line to the file of that size, down to the disk; or leaves the file as it was."""
    try:
        rest = memoryview(line)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, size)
        raise
