"""The ledger: every request and what came of it, a line each, `ledger/<source>/<time of the first>-<writer>.jsonl`.

A file has one writer and only grows; in a folder every line is on the disk before `append` returns. A bucket cannot
append: there lines gather and become a file of their own, at the latest after SEGMENT_SECONDS of writing.
"""

from __future__ import annotations

import os
import re
import threading
import time
import uuid
from datetime import UTC
from pathlib import Path
from types import TracebackType

from pipelines.archive.fetch import Fetch, line_of
from pipelines.archive.storage import ArchiveError, Storage, unwritable

FOLDER = "ledger"
SUFFIX = ".jsonl"
SEGMENT_LINES = 200
SEGMENT_SECONDS = 5.0
"""What a writer to a bucket may lose where it is killed."""

STAMP = "%Y%m%dT%H%M%S.%fZ"
"""The time of a file's first fetch, as its name begins."""

_SOURCE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?")


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
        stamp = fetch.moment.astimezone(UTC).strftime(STAMP)
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
