"""One crawl at a time on an archive: two would together ask a host more often than its card allows."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.archive import Archive


class CrawlError(Exception):
    """A crawl that cannot be; the text says why, and what to do."""


@contextmanager
def only_crawl(archive: Archive) -> Iterator[int]:
    """Holds the archive's lock, and gives its descriptor: who inherits that holds the lock as well.

    An archive in a bucket is locked for this machine only. Raises CrawlError where another crawl has it.
    """
    path = _lock_file(archive)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = f"Another crawl writes to the archive {archive.root!r}; wait for its end, or stop it."
            raise CrawlError(message) from None
        yield descriptor
    finally:
        os.close(descriptor)


def _lock_file(archive: Archive) -> Path:
    if archive.storage.is_local:
        return Path(archive.storage.path("crawl.lock"))
    name = hashlib.sha256(archive.root.encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"gongkai-crawl-{os.getuid()}-{name}.lock"
