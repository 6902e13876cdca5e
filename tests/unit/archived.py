"""Fetches for tests of the archive."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pipelines.archive import Fetch, now


def fetched(url: str, sha256: str | None, **fields: Any) -> Fetch:
    """A page that was fetched, now, in run `run-1` of the source `henan`, but for what `fields` say."""
    told = {
        "at": now(),
        "run": "run-1",
        "source": "henan",
        "kind": "page",
        "outcome": "fetched",
        "status": 200,
        **fields,
    }
    return Fetch(url=url, sha256=sha256, **told)


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """As if the disk were full: no file may grow above so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
