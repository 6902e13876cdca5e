"""A crawl that is killed at any moment goes on where it stopped."""

from __future__ import annotations

import signal
from pathlib import Path

from pipelines.archive import Archive
from pipelines.crawl import CrawlLimits, crawl
from pipelines.registry.sources import load_cards
from tests.crawl.arrivals import differences
from tests.crawl.killing import kill_at
from tests.crawl.manners import at_once, by_host, too_soon
from tests.factory.web.server import Request, serve
from tests.factory.web.world import Plan, Spot, build

SPOTS = (Spot("trs", "plain", 6), Spot("ucap", "plain", 6), Spot("vsb", "drops", 3))
MOMENTS = ((2, False), (9, True), (15, False))
"""How many requests of a part of the run have come when it is killed, and whether the last one has its answer."""
LIMITS = CrawlLimits(back_off=0.1)


def nothing(request: Request, answered: bool) -> None:
    """Kills nobody."""


def test_killed_at_any_moment_it_loses_nothing_and_repeats_what_was_under_way(tmp_path: Path) -> None:
    world = build(Plan(SPOTS, pace=0.08, attached=3, troubled=1))
    world.write_cards(tmp_path / "cards")
    cards = load_cards(tmp_path / "cards")
    archive = Archive(tmp_path / "archive")
    parts: list[list[Request]] = []
    with serve(world.hosts()) as web:
        for watch in (*(kill_at(*moment) for moment in MOMENTS), nothing):
            web.watch = watch
            before = len(web.requests)
            report = crawl(cards, archive, run="night", limits=LIMITS, log=tmp_path / "log")
            parts.append(web.requests[before:])
            assert (report.stopped is None) == (watch is nothing)
            assert report.stopped is None or signal.SIGKILL.name in report.stopped
        requests = list(web.requests)
    assert report.complete
    assert differences(archive, world.expected()) == []
    assert all(parts)
    for place, part in enumerate(parts[:-1]):
        later = {(request.host, request.key) for others in parts[place + 1 :] for request in others}
        for host, asked in by_host(part).items():
            under_way = asked[-1]
            settled = {request.key for request in asked if not request.trouble} - {under_way.key}
            assert {key for key in settled if (host, key) in later} == set(), f"{host} was asked again in part {place}"
    assert at_once(requests) == []
    assert too_soon(requests, {site.host: site.pace for site in world.sites}) == []
    assert [damage for damage in archive.verify() if not damage.harmless] == []


def test_a_crawl_of_some_years_asks_for_no_others(tmp_path: Path) -> None:
    world = build(Plan((Spot("trs", "plain", 8), Spot("annual-report-jsp", "plain", 2)), pace=0.02))
    world.write_cards(tmp_path / "cards")
    archive = Archive(tmp_path / "archive")
    years = frozenset({2020, 2022})
    with serve(world.hosts()) as web:
        crawl(load_cards(tmp_path / "cards"), archive, run="some", years=years, log=tmp_path / "log")
        asked = {f"http://{request.host}{request.key}" for request in web.requests}
    expected = list(world.expected())
    assert {one.year for one in expected if one.url in asked} == years
    assert differences(archive, [one for one in expected if one.year in years]) == []
