"""The ledger as it is read: the lines of all files of a source, in order of time."""

from __future__ import annotations

import hashlib
import heapq
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from pipelines.archive.fetch import LINE_BYTES, Fetch, fetch_of
from pipelines.archive.ledger import STAMP, SUFFIX, source_folder
from pipelines.archive.storage import Storage

_FILE = re.compile(r"(\d{8}T\d{6}\.\d{6}Z)-.+")
_CHUNK = 2**20

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class UnreadLine:
    """A line that holds no fetch: in which file, which one (from 1), and whether it is the torn end of a writer that
    was killed, of which nothing is lost but the request in flight."""

    file: str
    number: int
    why: str
    torn: bool


Unread = Callable[[UnreadLine], None]


def warn(line: UnreadLine) -> None:
    """Says so in the log."""
    log.warning("%s, line %d is passed over: %s", line.file, line.number, "torn" if line.torn else line.why)


class OtherBytes(Exception):
    """A file of the ledger does not begin any more with what was read of it."""


@dataclass(frozen=True, slots=True)
class Read:
    """How far a file was read: so many bytes, their sha256, and the run that wrote them (None: no line of them could be
    read)."""

    size: int = 0
    sha256: str = hashlib.sha256().hexdigest()
    run: str | None = None


class LedgerFile:
    """A file of the ledger. `begins`: the time of its first fetch, by its name; the beginning of time for a name that
    tells none. `read`: how far it was read, which grows while `fetches` is gone through."""

    def __init__(self, storage: Storage, name: str, read: Read | None = None) -> None:
        match = _FILE.match(name.rpartition("/")[2])
        self.name = name
        self.begins = (datetime.strptime(match[1], STAMP) if match else datetime.min).replace(tzinfo=UTC)
        self._storage, self._before = storage, read or Read()
        self._hash, self._size, self._run = hashlib.sha256(), 0, self._before.run

    @property
    def read(self) -> Read:
        return Read(self._size, self._hash.hexdigest(), self._run)

    def fetches(self, unread: Unread) -> Iterator[Fetch]:
        """What its lines hold from where it was read to. Raises OtherBytes where it begins with other bytes by now."""
        with self._storage.open(self.name) as file:
            number = self._pass_over_what_was_read(file)
            while line := self._line(file):
                number += 1
                torn = len(line) <= LINE_BYTES and not line.endswith(b"\n")
                try:
                    fetch = fetch_of(line)
                except ValueError as error:
                    unread(UnreadLine(self._storage.path(self.name), number, str(error).splitlines()[0], torn))
                    self._take(line)
                    while line and not line.endswith(b"\n"):
                        line = self._line(file)
                        self._take(line)
                else:
                    self._take(line)
                    self._run = self._run or fetch.run
                    yield fetch

    def _pass_over_what_was_read(self, file: BinaryIO) -> int:
        """How many lines that were."""
        lines, last = 0, b""
        while (left := self._before.size - self._size) > 0 and (chunk := self._bytes(file, min(left, _CHUNK))):
            self._take(chunk)
            lines, last = lines + chunk.count(b"\n"), chunk[-1:]
        if self.read != self._before:
            raise OtherBytes(self.name)
        if last not in (b"", b"\n"):
            # It was read while its last line was written, or its writer was killed. What was taken for a line stays
            # one where only its end was lacking.
            end = self._line(file)
            if end not in (b"", b"\n"):
                raise OtherBytes(self.name)
            self._take(end)
            lines += 1
        return lines

    def _take(self, data: bytes) -> None:
        self._hash.update(data)
        self._size += len(data)

    def _line(self, file: BinaryIO) -> bytes:
        """The next line, or as much of it as a line may be long; nothing at the end."""
        try:
            return file.readline(LINE_BYTES + 1)
        except OSError as error:
            raise self._storage.unreadable(self.name, error) from error

    def _bytes(self, file: BinaryIO, size: int) -> bytes:
        try:
            return file.read(size)
        except OSError as error:
            raise self._storage.unreadable(self.name, error) from error


def ledger_files(storage: Storage, source: str) -> list[str]:
    """The names of a source's files, in order of their first fetch."""
    return [name for name in storage.names(source_folder(source)) if name.endswith(SUFFIX)]


def fetches_of(files: Iterable[LedgerFile], unread: Unread = warn) -> Iterator[Fetch]:
    """The fetches of the files (which are in order of their first fetch), in order of time over all of them; those of
    one file in the order of writing. Lines that hold none are passed over, and told to `unread`. At any moment only
    files whose times overlap are open. Raises OtherBytes."""
    waiting = iter(files)
    upcoming = next(waiting, None)
    heads: list[tuple[datetime, str, Fetch, Iterator[Fetch]]] = []
    while heads or upcoming:
        while upcoming and (not heads or upcoming.begins <= heads[0][0]):
            fetches = upcoming.fetches(unread)
            if first := next(fetches, None):
                heapq.heappush(heads, (first.moment, upcoming.name, first, fetches))
            upcoming = next(waiting, None)
        if heads:
            _, name, fetch, fetches = heads[0]
            yield fetch
            if following := next(fetches, None):
                heapq.heapreplace(heads, (following.moment, name, following, fetches))
            else:
                heapq.heappop(heads)
