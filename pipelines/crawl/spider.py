"""All sources of a run, a few dozen at a time, each at its own hosts' pace."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scrapy import Spider

from pipelines.archive import Archive, ArchiveError
from pipelines.crawl import rendering
from pipelines.crawl.downloading import Downloads
from pipelines.crawl.families import Family, load_families
from pipelines.crawl.fetcher import Fetcher, Visit
from pipelines.crawl.job import Job
from pipelines.crawl.past import recall
from pipelines.crawl.policy import host_names
from pipelines.crawl.report import Event, SourceReport
from pipelines.crawl.walk import Walk
from pipelines.registry.sources import Card

_HOPELESS = ("full", "unwritable", "unreadable")
"""Why an archive can keep nothing more, of whichever source."""

log = logging.getLogger(__name__)


class Sources(Spider):
    """Walks the sources of a job, and tells of it; `stop` ends it after what is being written down."""

    name = "gongkai"

    def __init__(self, job: Job, tell: Callable[[Event], None], **arguments: Any) -> None:
        super().__init__(**arguments)
        self._job = job
        self._tell = tell
        self._walks: asyncio.Task[None] | None = None
        self._stopped: str | None = None

    async def start(self) -> AsyncIterator[Any]:
        """Does all of the work; Scrapy's own queue stays empty."""
        self._walks = asyncio.ensure_future(self._walk_all())
        try:
            await self._walks
        except asyncio.CancelledError:
            self._stopped = self._stopped or "stopped"
        except ArchiveError as error:
            self._stopped = str(error)
        self._tell(Event("finished", "", reason=self._stopped))
        return
        yield

    def stop(self, reason: str) -> None:
        """Ends the walks where they are; their reports say why."""
        self._stopped = reason
        if self._walks is not None:
            self._walks.cancel()

    async def _walk_all(self) -> None:
        job, downloads = self._job, Downloads(self.crawler)
        downloads.begin()
        archive = Archive(job.archive)
        owners = {host: card for card in reversed(job.cards) for host in host_names(card)}
        fetcher = Fetcher(downloads, archive, job.run, job.agent, job.limits, downloads.pace, owners)
        command = rendering.program()
        renderer = rendering.Renderer(command, fetcher, job.limits, job.agent) if command else None
        cards = iter(job.cards)
        crew = _Crew(job, archive, fetcher, renderer, load_families(), self._tell)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(job.limits.sources_at_once, len(job.cards))):
                    group.create_task(crew.work(cards))
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None
        finally:
            if renderer is not None:
                await renderer.close()


@dataclass(slots=True)
class _Crew:
    """Takes one source after the other."""

    job: Job
    archive: Archive
    fetcher: Fetcher
    renderer: rendering.Renderer | None
    families: Mapping[str, Family]
    tell: Callable[[Event], None]

    async def work(self, cards: Iterator[Card]) -> None:
        for card in cards:
            self.tell(Event("began", card.source))
            self.tell(Event("ended", card.source, report=await self._walked(card)))

    async def _walked(self, card: Card) -> SourceReport:
        assert card.family is not None, "a card with lists has a family"
        past = await asyncio.to_thread(recall, self.archive, card.source, self.job.run)
        with self.archive.ledger(card.source, self.job.run) as ledger:
            walk = Walk(
                visit=Visit(card, ledger, past),
                family=self.families[card.family],
                fetcher=self.fetcher,
                archive=self.archive,
                years=self.job.years,
                limits=self.job.limits,
                renderer=self.renderer,
                tell=self.tell,
            )
            try:
                return await walk.walk()
            except asyncio.CancelledError:
                self.tell(Event("ended", card.source, report=walk.report("the crawl was stopped before its end")))
                raise
            except ArchiveError as error:
                report = walk.report(str(error))
                if error.code not in _HOPELESS:
                    return report
                self.tell(Event("ended", card.source, report=report))
                raise
            except Exception as error:
                # One source that trips over something unforeseen does not end the others; its report says so.
                log.exception("%s: the walk failed", card.source)
                return walk.report(f"the crawler failed: {error!r}; its log tells more")
