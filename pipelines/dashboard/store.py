"""The published warehouse, read-only: a cursor a request, the new file once one has taken the old one's place."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.dashboard import verdicts as given
from pipelines.dashboard.verdicts import Verdicts

MEMORY = "320MB"
"""What DuckDB may hold for all requests together."""
THREADS = 2
AT_ONCE = 3
"""Questions that are answered at one time; more would share the same processors, and need more memory together."""

Row = Mapping[str, Any]
Identity = tuple[int, int, int]


class NoWarehouse(Exception):
    """Nothing is published, or what is there cannot be opened; the text says what to do."""


@dataclass(frozen=True, slots=True)
class _Opened:
    identity: Identity
    connection: duckdb.DuckDBPyConnection


class Store:
    """Answers questions about the file at `path`, with the verdicts beside it as `memory.main.verdict`. Values are only
    ever given as parameters of prepared statements."""

    def __init__(self, path: Path, verdicts: Verdicts) -> None:
        self.path = path
        self.verdicts = verdicts
        self._lock = threading.Lock()
        self._turn = threading.BoundedSemaphore(AT_ONCE)
        self._opened: _Opened | None = None
        self._loaded: given.Identity | None = None

    @property
    def identity(self) -> Identity:
        """Changes once another file is published: a key for what is worth keeping between requests."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            raise NoWarehouse(f"There is no warehouse at {self.path}: build one first (gongkai build).") from None
        return found.st_ino, found.st_mtime_ns, found.st_size

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor of its own. A request that began on the old file ends on it."""
        cursor = self._current().cursor()
        try:
            # A cursor does not take over the catalog that the connection uses.
            cursor.execute("USE warehouse")
            yield cursor
        finally:
            cursor.close()

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """All rows of a bounded question, by column name."""
        with self._turn, self.cursor() as cursor:
            cursor.execute(sql, list(parameters))
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def row(self, sql: str, parameters: Sequence[object] = ()) -> Row | None:
        """The first row; None where there is none."""
        return next(iter(self.rows(sql, parameters)), None)

    def _current(self) -> duckdb.DuckDBPyConnection:
        with self._lock:
            identity, of_verdicts = self.identity, self.verdicts.identity
            if self._opened is None or self._opened.identity != identity:
                # The connection of before is left to the requests that still use it.
                connection = open_warehouse(self.path, self.verdicts)
                connection.execute("SET enable_external_access = false")
                connection.execute("SET lock_configuration = true")
                self._opened = _Opened(identity, connection)
            elif self._loaded != of_verdicts:
                given.load(self._opened.connection, self.verdicts.standing())
            self._loaded = of_verdicts
            return self._opened.connection


def open_warehouse(path: Path, verdicts: Verdicts) -> duckdb.DuckDBPyConnection:
    """A database in memory, which has the verdicts, with the file attached as `warehouse`: DuckDB would answer a second
    connection to a path from the file it has open, though another one has taken its place."""
    spill = str(Path(tempfile.gettempdir()) / f"gongkai-dashboard-{os.getpid()}")
    connection = duckdb.connect(
        ":memory:", config={"memory_limit": MEMORY, "threads": THREADS, "temp_directory": spill}
    )
    quoted = str(path).replace("'", "''")
    try:
        connection.execute(f"ATTACH '{quoted}' AS warehouse (READ_ONLY)")
        given.load(connection, verdicts.standing())
    except duckdb.Error as error:
        connection.close()
        raise NoWarehouse(f"{path} cannot be opened as a warehouse: {error}. Build it anew: gongkai build.") from None
    return connection
