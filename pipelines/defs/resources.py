"""What the assets work on and with: where data lives, which documents there are, and who is told how far it is."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import dagster as dg
from pydantic import Field

from pipelines.discovery import archived, discover
from pipelines.model import Source
from pipelines.paths import DataHome, data_home
from pipelines.registry.sources import Card, load_cards

if TYPE_CHECKING:
    from pipelines.archive import Archive


class BusyError(Exception):
    """Another build is writing to the same data home; the text names its process."""


class Watcher(Protocol):
    """Is told how a run goes on: steps in their order, and how much of a step is done."""

    def begin(self, step: str) -> None: ...

    def advance(self, done: int, total: int) -> None: ...


class LoggingWatcher:
    """Writes a line for each step, and for each tenth of it."""

    def __init__(self) -> None:
        self._log = logging.getLogger("gongkai")
        self._step, self._tenths = "", 0

    def begin(self, step: str) -> None:
        self._step, self._tenths = step, 0
        self._log.info("%s", step)

    def advance(self, done: int, total: int) -> None:
        tenths = 10 * done // max(total, 1)
        if tenths > self._tenths:
            self._tenths = tenths
            self._log.info("%s: %d of %d", self._step, done, total)


class House(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The data home, and the files and folders whose documents it is built from.

    `paths` empty means the registered sources: their files and folders, what people dropped, and what the archive
    holds. `full` reads and builds everything anew, and takes what there is now for all that there should be. One run at
    a time holds a data home.
    """

    home: str = ""
    paths: list[str] = Field(default_factory=list)
    full: bool = False

    @property
    def data(self) -> DataHome:
        return DataHome(Path(self.home)) if self.home else data_home()

    @property
    def folders(self) -> list[str]:
        """The files and folders that are read."""
        if self.paths:
            return self.paths
        received = [os.path.relpath(self.data.received)] if self.data.received.exists() else []
        return [os.path.relpath(card.path) for card in load_cards() if card.path] + received

    @property
    def roots(self) -> list[str]:
        """All that the warehouse is made of."""
        archive = self.archive()
        return [*self.folders, archive.root] if archive else self.folders

    def archive(self) -> Archive | None:
        """What was crawled; None where nothing ever was, or where only given paths count."""
        root = self.data.archive
        if self.paths or not ("://" in root or Path(root, "ledger").is_dir() or Path(root, "runs").is_dir()):
            return None
        from pipelines.archive import Archive

        return Archive(root)

    def sources(self) -> Iterator[Source]:
        """Each document once, by its path."""
        seen: set[str] = set()
        for source in self._all_sources():
            if source.path not in seen:
                seen.add(source.path)
                yield source

    def crawl_relations(self) -> dict[str, dict[str, list[Any]]]:
        """The tables `crawl.*`; none where only given paths count."""
        if self.paths:
            return {}
        from pipelines.night.relations import crawl_relations

        return crawl_relations(load_cards(), self.archive())

    def _all_sources(self) -> Iterator[Source]:
        yield from discover(self.folders)
        if archive := self.archive():
            yield from archived(archive, load_cards())

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator[House, None, None]:
        with alone_in(self.data.root):
            yield self


class Crawler(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The data home whose archive a crawl fills, and how often one that dies is gone on with, after how many seconds. A
    crawl may run while a warehouse is built."""

    home: str = ""
    retries: int = 2
    wait: float = 120.0

    @property
    def data(self) -> DataHome:
        return DataHome(Path(self.home)) if self.home else data_home()

    def archive(self) -> Archive:
        from pipelines.archive import Archive

        return Archive(self.data.archive)

    def cards(self) -> tuple[Card, ...]:
        return load_cards()


@contextmanager
def alone_in(root: Path) -> Iterator[None]:
    """Holds the data home until its end, or the process's. Raises `BusyError` where another process does."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise BusyError(
                f"Another build (process {lock.read().strip()}) is writing to {root}: let it end first."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
