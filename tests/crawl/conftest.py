"""Two nights over a small web of every family and every trouble."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.archive import Archive
from pipelines.crawl import CrawlLimits, CrawlReport, crawl
from pipelines.crawl.rendering import program
from pipelines.registry.sources import load_cards
from tests.factory.web.server import Request, serve
from tests.factory.web.world import Changes, Plan, Spot, World, build, second_night

LIMITS = CrawlLimits(back_off=0.1, body_bytes=2 * 2**20, seconds=10)
CHANGES = 10
SPOTS = (
    Spot("trs", "plain", 9),
    Spot("vsb", "slow", 9),
    Spot("hanweb", "drops", 4),
    Spot("jpaas", "errors", 4),
    Spot("ucap", "busy", 3),
    Spot("gkmlpt", "redirects", 9),
    Spot("lonsun", "lengths", 4),
    Spot("nantong", "bombs", 4),
    Spot("generic", "robots", 5),
    Spot("annual-report-jsp", "plain", 1),
    Spot("vsb", "compressed", 5),
    Spot("lonsun", "misdeclared", 9),
    Spot("hanweb", "etag_only", 9),
    Spot("gkmlpt", "date_only", 9),
    Spot("trs", "shared", 6),
    Spot("ucap", "unmarked", 3),
    Spot("jpaas", "dies", 9),
    Spot("trs", "robots_broken", 3),
    Spot("trs", "wall_403", 3),
    Spot("ucap", "wall_412", 3),
    Spot("hanweb", "wall_521", 3),
    Spot("generic", "wall_script", 3),
    *((Spot("rendered", "plain", 4),) if program() else ()),
    Spot("generic", "central", 4),
)


@dataclasses.dataclass(frozen=True)
class Night:
    """One night: the web as it was, what was asked of it, and what the crawl says."""

    world: World
    requests: tuple[Request, ...]
    report: CrawlReport

    @property
    def tempers(self) -> dict[str, str]:
        """The temper of each host, and of each source."""
        hosts = {site.host: site.temper for site in self.world.sites}
        return hosts | {column.source: site.temper for site in self.world.sites for column in site.columns}


@dataclasses.dataclass(frozen=True)
class Nights:
    archive: Archive
    first: Night
    second: Night
    changes: Changes

    @property
    def both(self) -> tuple[Night, Night]:
        return self.first, self.second


@pytest.fixture(scope="session")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    folder: Path = tmp_path_factory.mktemp("web")
    world = build(Plan(SPOTS, pace=0.1, slow=0.12, attached=7, troubled=1, dies_after=7))
    world.write_cards(folder / "cards")
    cards = load_cards(folder / "cards")
    archive = Archive(folder / "archive")
    with serve(world.hosts()) as web:
        report = crawl(cards, archive, run="first", limits=LIMITS, log=folder / "first.log")
        later, changes = second_night(world, CHANGES)
        first = Night(world, tuple(web.begin_night(later.resources())), report)
        report = crawl(cards, archive, run="second", limits=LIMITS, log=folder / "second.log")
        second = Night(later, tuple(web.requests), report)
    yield Nights(archive, first, second, changes)
