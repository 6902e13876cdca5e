"""The sites of a web: which report stands where, what changes until the next night, and what a crawl must have in the
end."""

from __future__ import annotations

import hashlib
import itertools
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import yaml

from tests.factory import layouts
from tests.factory import site as factory
from tests.factory.web.answers import Resource
from tests.factory.web.articles import ATTACHED, Article, Outcome, article_of, decoys
from tests.factory.web.server import Host, free_port
from tests.factory.web.standing import REPORT_BY_ADDRESS, Column, Site, card, resources
from tests.factory.web.troubles import UNHEARD, Traps, manner, troubled

FIRST_NIGHT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SECOND_NIGHT = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
CHANGING = ("plain", "slow", "compressed", "misdeclared", "etag_only", "date_only")
"""Tempers of sites on which something changes until the second night."""

_PAGES = tuple(name for name in factory.QUICK if name.startswith("html"))
_LATER = 1_000_000
_COPIES = 20
_TRAPS = ("127.0.0.1", "127.0.9.9")


@dataclass(frozen=True, slots=True)
class Spot:
    """A host to be: its family, its temper, how many reports it has."""

    family: str
    temper: str = "plain"
    reports: int = 10


@dataclass(frozen=True, slots=True)
class Plan:
    """`pace`: of every card, in seconds; `slow`: how long slow hosts take; `dies_after`: requests; `bomb_bytes`: what a
    bomb becomes; `attached`: one report in so many is an attachment; `troubled`: one in so many meets its site's
    temper; `spare`: reports that are published later. A last spot of the temper `central` also has some of what the
    first one has."""

    spots: tuple[Spot, ...]
    seed: int = 5
    pace: float = 0.5
    slow: float = 0.2
    dies_after: int = 20
    bomb_bytes: int = 3 * 2**20
    attached: int = 12
    troubled: int = 4
    spare: int = 20


@dataclass(frozen=True, slots=True)
class Expected:
    """What is to come of a report of a source: its address, its outcome, and the sha256 of its page and attachments."""

    source: str
    url: str
    year: int
    outcome: Outcome
    temper: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """The addresses of reports that were changed, removed, added."""

    changed: tuple[str, ...]
    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class World:
    """The sites as they are on a night. `traps` are hosts that nobody is to ask for anything; `before` is what stood on
    each host the night before."""

    plan: Plan
    sites: tuple[Site, ...]
    traps: tuple[str, str]
    spare: tuple[factory.Filed, ...]
    night: datetime = FIRST_NIGHT
    before: Mapping[str, Mapping[str, Resource]] = field(default_factory=dict)

    def resources(self) -> dict[str, dict[str, Resource]]:
        """What stands on each host, by key."""
        return {site.host: resources(site, self.night, self.before.get(site.host, {})) for site in self.sites}

    def hosts(self) -> dict[str, Host]:
        """The hosts to serve, traps included."""
        found = {trap: Host(trap, {}) for trap in self.traps}
        for site in self.sites:
            behaves = manner(site.temper, self.plan.slow, self.plan.dies_after)
            found[site.host] = Host(site.host, resources(site, self.night, {}), behaves)
        return found

    def expected(self) -> Iterator[Expected]:
        """All reports that are or were listed on the card's own host, and are there, whether they can be had or not."""
        for site in self.sites:
            for column in site.columns:
                for article in column.articles:
                    if article.is_report and not article.gone:
                        data = (article.page, *(kept.data for kept in article.attachments))
                        parts = tuple(hashlib.sha256(part).hexdigest() for part in data)
                        url = f"http://{site.host}{article.path}"
                        yield Expected(column.source, url, article.year, article.outcome, site.temper, parts)

    def write_cards(self, folder: Path) -> None:
        """A file of cards, as `data/registry/sources` has them."""
        cards = [card(site, column) for site in self.sites for column in site.columns]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "web.yml").write_text(yaml.safe_dump(cards, allow_unicode=True, sort_keys=False), "utf-8")


def build(plan: Plan) -> World:
    """The first night."""
    names = [f"127.0.{1 + place // 200}.{1 + place % 200}" for place in range(len(plan.spots))]
    port = free_port([*names, *_TRAPS])
    traps = (f"{_TRAPS[0]}:{port}", f"{_TRAPS[1]}:{port}")
    reports = _filed(plan, sum(spot.reports for spot in plan.spots) + plan.spare)
    numbers = itertools.count(1)
    sites: list[Site] = []
    for place, (spot, name) in enumerate(zip(plan.spots, names, strict=True)):
        share = tuple(itertools.islice(reports, spot.reports))
        sites.append(_site(plan, f"{name}:{port}", place, spot, share, traps, numbers))
    if plan.spots[-1].temper == "central":
        sites[-1] = _central(sites[-1], sites[0])
    return World(plan, tuple(sites), traps, tuple(reports))


def _central(site: Site, other: Site) -> Site:
    """The site with reports of the other besides its own, under addresses of its own."""
    column = site.columns[0]
    copies = [
        replace(article, path=f"/central{article.path}")
        for article in other.columns[0].articles
        if article.is_report and article.stands is None and not article.attachments
    ]
    return replace(site, columns=(replace(column, articles=(*column.articles, *copies[:_COPIES])),))


def second_night(world: World, count: int) -> tuple[World, Changes]:
    """The next night: so many reports were changed (half of them), removed or added, and the dead are back."""
    draw = random.Random(f"{world.plan.seed} second night")
    articles = {site.host: list(site.columns[0].articles) for site in world.sites}
    sites = {site.host: site for site in world.sites}
    places = [
        (host, place)
        for host, site in sites.items()
        if site.temper in CHANGING and site.columns[0].family != REPORT_BY_ADDRESS
        for place, article in enumerate(articles[host])
        if article.is_report and article.stands is None
    ]
    spare = iter(world.spare)
    changed, removed, new = list[str](), list[str](), dict[str, list[Article]]()
    for turn, (host, place) in enumerate(draw.sample(places, count)):
        article = articles[host][place]
        if turn % 4 < 2:
            articles[host][place] = replace(article, page=_revised(article.page))
            changed.append(f"http://{host}{article.path}")
        elif turn % 4 == 2:
            # Some are still listed.
            articles[host][place] = replace(article, gone=True, hidden=turn % 8 == 2)
            removed.append(f"http://{host}{article.path}")
        else:
            new.setdefault(host, []).append(article_of(sites[host].columns[0].family, _LATER + turn, next(spare)))
    for host, later in new.items():
        articles[host][:0] = later
    tomorrow = tuple(
        replace(site, columns=(replace(site.columns[0], articles=tuple(articles[site.host])), *site.columns[1:]))
        for site in world.sites
    )
    added = tuple(f"http://{host}{article.path}" for host, later in new.items() for article in later)
    world = replace(world, sites=tomorrow, night=SECOND_NIGHT, before=world.resources())
    return world, Changes(tuple(changed), tuple(removed), added)


def _revised(page: bytes) -> bytes:
    """The page with other bytes, in whatever encoding it is."""
    return page + ("\n\n".encode("utf-16-le") if page[:2] == b"\xff\xfe" else b"\n<!-- 2 -->\n")


def _filed(plan: Plan, count: int) -> Iterator[factory.Filed]:
    """Reports as pages, and now and then as a file of another kind."""
    pages = factory.filed(factory.Plan(count, plan.seed, _PAGES, fault_share=0.0))
    attached = itertools.cycle(ATTACHED)
    for number, one in enumerate(pages):
        if number % plan.attached != plan.attached - 1:
            yield one
            continue
        kind = next(attached)
        layout = next(name for name in layouts.WRITERS if name.split("_", 1)[0] == kind)
        yield replace(one, layout=layout, written=layouts.write(layout, one.report, f"{plan.seed} {number}"))


def _site(
    plan: Plan,
    host: str,
    place: int,
    spot: Spot,
    share: tuple[factory.Filed, ...],
    traps: tuple[str, str],
    numbers: Iterator[int],
) -> Site:
    draw = random.Random(f"{plan.seed} site {place}")
    office = share[0].report.office
    source, publisher = f"site-{place:02d}", f"{office.county}人民政府"
    halves = [(source, spot.family, share, plan.pace)]
    if spot.temper == "shared":
        middle = len(share) // 2
        halves = [
            (source, spot.family, share[:middle], plan.pace),
            (f"{source}-b", "generic", share[middle:], 1.2 * plan.pace),
        ]
    columns = []
    for name, family, own, pace in halves:
        reports = tuple(_articles(plan, family, spot.temper, own, numbers, Traps(*traps)))
        others = () if family == REPORT_BY_ADDRESS else tuple(decoys(draw, reports, office.name, traps[1]))
        columns.append(Column(name, family, publisher, office.division, _mixed(draw, reports, others), pace))
    return Site(host, spot.temper, tuple(columns))


def _articles(
    plan: Plan, family: str, temper: str, share: Iterable[factory.Filed], numbers: Iterator[int], traps: Traps
) -> Iterator[Article]:
    for place, one in enumerate(share):
        article = article_of(family, next(numbers), one)
        if temper in UNHEARD or temper == "compressed" or place % plan.troubled == plan.troubled - 1:
            article = troubled(temper, place // plan.troubled, article, traps, plan.bomb_bytes)
        yield article


def _mixed(draw: random.Random, reports: tuple[Article, ...], others: tuple[Article, ...]) -> tuple[Article, ...]:
    """The decoys among the reports, which keep their order."""
    mixed = list(reports)
    for other in others:
        mixed.insert(draw.randrange(len(mixed) + 1), other)
    return tuple(mixed)
