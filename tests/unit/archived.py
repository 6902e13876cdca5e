"""Fetches for tests of the archive."""

from __future__ import annotations

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
