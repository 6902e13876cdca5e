"""What changed since the release before: the published warehouse beside the last release of another build."""

from __future__ import annotations

import tempfile
import threading
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.dashboard.request import Request
from pipelines.paths import DataHome
from pipelines.release import WAREHOUSE
from pipelines.release.changes import Changes, changes_since
from pipelines.release.versions import versions

LOOKED_AT = 5
"""Releases that are looked at, the newest first, for one of another build."""

_LOCK = threading.Lock()
_KEPT: dict[tuple[object, ...], Changes | None] = {}


def changes(request: Request) -> Changes | None:
    """None where nothing else was released. Compared once for each published file, and kept."""
    store = request.store
    key = (store.path, store.identity, *(map(str, versions(request.home.releases)[-LOOKED_AT:])))
    with _LOCK:
        if key not in _KEPT:
            built = (store.row("SELECT built_at FROM quality.build") or {}).get("built_at")
            before = _release_before(request.home, built)
            found = None
            if before is not None:
                with tempfile.TemporaryDirectory(prefix="gongkai-changes-") as folder:
                    found = changes_since(before, store.path, Path(folder))
            _KEPT.clear()
            _KEPT[key] = found
        return _KEPT[key]


def _release_before(home: DataHome, built: datetime | None) -> Path | None:
    for version in reversed(versions(home.releases)[-LOOKED_AT:]):
        file = home.releases / str(version) / WAREHOUSE
        if file.is_file() and _built_at(file) != built:
            return file
    return None


def _built_at(file: Path) -> datetime | None:
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"ATTACH '{str(file).replace(chr(39), chr(39) * 2)}' AS release (READ_ONLY)")
        rows = connection.execute("SELECT built_at FROM release.quality.build").fetchall()
    return rows[0][0] if rows else None
