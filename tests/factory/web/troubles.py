"""How a site's temper falls on its reports, and on the host as a whole."""

from __future__ import annotations

import ipaddress
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from tests.factory.web.answers import (
    SILENCE,
    WALLS,
    Reply,
    Resource,
    bomb,
    busy,
    error,
    gzipped,
    moved,
    torn,
    torn_gzip,
)
from tests.factory.web.articles import Article
from tests.factory.web.server import Manner

TEMPERS = (
    "plain",
    "slow",
    "drops",
    "errors",
    "busy",
    "redirects",
    "lengths",
    "bombs",
    "robots",
    "compressed",
    "misdeclared",
    "etag_only",
    "date_only",
    "shared",
    "dies",
    "robots_broken",
    *WALLS,
)
"""Besides there are `unmarked`, a site that never says whether something has changed, and `central` (see `world`)."""

UNHEARD = frozenset({*WALLS, "robots_broken"})
"""Tempers of hosts of which nothing is to be had."""


def manner(temper: str, slow: float, dies_after: int) -> Manner:
    """`slow`: seconds that a slow host takes for an answer."""
    return Manner(
        delay=slow if temper == "slow" else 0.0,
        dribbles=temper in ("slow", "drops"),
        wall=WALLS.get(temper),
        dies_after=dies_after if temper == "dies" else None,
    )


def robots(temper: str, articles: Iterable[Article], delay: float) -> Reply:
    """The site's robots.txt. `delay`: seconds between requests that the host `robots` asks for."""
    if temper == "robots_broken":
        return error(500)
    if temper in ("plain", "slow", "drops"):
        return error(404)
    closed = "".join(f"Disallow: {article.path}\n" for article in articles if article.barred)
    own = f"User-agent: gongkai\nCrawl-delay: {delay}\n{closed}" if temper == "robots" else ""
    return Reply(body=f"User-agent: *\nDisallow: /admin/\n\n{own}".encode(), content_type="text/plain")


@dataclass(frozen=True, slots=True)
class Traps:
    """Two hosts that no card names: one as the machine itself, one as somebody else's."""

    own: str
    foreign: str

    def addresses(self) -> tuple[str, ...]:
        """Addresses that a site may send a crawler to, and that it is not to follow."""
        address, _, port = self.foreign.partition(":")
        as_number = int(ipaddress.IPv4Address(address))
        return (
            f"http://{self.foreign}/elsewhere.html",
            f"http://{self.own}/internal",
            f"http://{as_number}:{port}/",
            "http://169.254.169.254/latest/meta-data/",
            "file:///etc/passwd",
        )


def troubled(temper: str, turn: int, article: Article, traps: Traps, bomb_bytes: int) -> Article:
    """The article as it is met on such a site; `turn` chooses among the ways in which the temper shows."""
    if temper in UNHEARD:
        return replace(article, outcome="blocked" if temper in WALLS else "failed")
    whole = Reply(body=article.page, content_type=article.content_type)
    match temper:
        case "compressed":
            return replace(article, stands=Resource(gzipped(whole)))
        case "drops":
            first = ((SILENCE,), (torn(whole),), (SILENCE, torn(whole)))[turn % 3]
            return replace(article, stands=Resource(whole, first))
        case "errors":
            first = ((error(500),), (error(502),), (error(503), error(500)))[turn % 3]
            return replace(article, stands=Resource(whole, first))
        case "busy" if turn < 2:
            return replace(article, stands=Resource(whole, (busy((429, 503)[turn], 1, dated=turn == 1),)))
        case "lengths" if turn % 3 == 2:
            return replace(article, stands=Resource(whole, (torn(whole),)))
        case "lengths":
            return replace(article, stands=Resource((torn(whole), torn_gzip(whole))[turn % 3]), outcome="failed")
        case "bombs" if turn % 2 == 0:
            return replace(article, stands=Resource(bomb(bomb_bytes)), outcome="failed")
        case "robots" if turn % 2 == 0:
            return replace(article, barred=True, outcome="refused")
        case "redirects":
            return _redirected(turn, article, whole, traps.addresses())
    return article


def _redirected(turn: int, article: Article, whole: Reply, traps: tuple[str, ...]) -> Article:
    aside = f"{urlsplit(article.path).path}.{turn}"
    way = turn % (4 + len(traps))
    if way == 0:
        return replace(article, stands=Resource(moved(aside, 301)), around={aside: Resource(whole)})
    if way == 1:
        return replace(article, stands=Resource(whole, cookie="visited=1"))
    if way == 2:
        around = {aside: Resource(moved(article.path))}
        return replace(article, stands=Resource(moved(aside)), around=around, outcome="failed")
    if way == 3:
        steps = [f"{aside}.{number}" for number in range(12)]
        around = {step: Resource(moved(following)) for step, following in itertools.pairwise(steps)}
        return replace(article, stands=Resource(moved(steps[0])), around=around, outcome="failed")
    return replace(article, stands=Resource(moved(traps[way - 4])), outcome="refused")
