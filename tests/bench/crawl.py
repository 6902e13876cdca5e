"""The crawl over forty hosts on loopback: how near it comes to what the hosts' own delays allow, its memory, and what a
second night costs."""

from __future__ import annotations

import os
import resource
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.archive import Archive
from pipelines.crawl import CrawlLimits, CrawlReport, crawl
from pipelines.registry.sources import LEAST_PACE, Card, load_cards
from tests.bench.flow import watched
from tests.crawl.arrivals import differences
from tests.crawl.manners import at_once, by_host, strayed, too_soon
from tests.factory.web.forty import forty
from tests.factory.web.server import Request, Web, serve
from tests.factory.web.world import Changes, World, build, second_night

SIZES = (500, 5000)
CHANGES = 50
PACE = LEAST_PACE
"""The least that a card of the public web may have."""
LIMITS = CrawlLimits(seconds=10, back_off=0.3, body_bytes=2 * 2**20)


@dataclass(frozen=True, slots=True)
class Night:
    """`seconds`: of the whole crawl, its process's start included; `processor`: those of one core; `longest`: the least
    time in which the host that takes longest can be asked all that it was asked; `busy`: of the time from the crawl's
    first request to each host's last answer, the share in which the hosts' own delays let nobody ask; `wrong`: what did
    not arrive, or was asked for without reason; `impolite`: requests at once or too soon."""

    requests: int
    pages: int
    seconds: float
    processor: float
    longest: float
    busy: float
    peak: float
    wrong: tuple[str, ...]
    impolite: tuple[str, ...]
    conditional: int
    bodies: int
    lists: int


@dataclass(frozen=True, slots=True)
class Crawled:
    reports: int
    hosts: int
    pace: float
    first: Night
    second: Night
    changes: Changes


def crawled(reports: int, pace: float, troubles: bool = True) -> Crawled:
    """Two nights over forty hosts with so many reports, fifty of which are changed, removed or added in between."""
    place = Path(tempfile.mkdtemp(prefix="gongkai-bench-"))
    try:
        world = build(forty(reports, pace, 1.2 * pace, troubles))
        world.write_cards(place / "cards")
        cards, archive = load_cards(place / "cards"), Archive(place / "archive")
        with serve(world.hosts(), place / "requests.jsonl") as web:
            first = _night(world, cards, archive, web, place / "first.log", dead=True)
            tomorrow, changes = second_night(world, min(CHANGES, reports // 20))
            web.begin_night(tomorrow.resources())
            second = _night(tomorrow, cards, archive, web, place / "second.log", dead=False)
        return Crawled(reports, len(world.sites), pace, first, second, changes)
    finally:
        shutil.rmtree(place)


def _night(world: World, cards: tuple[Card, ...], archive: Archive, web: Web, log: Path, dead: bool) -> Night:
    began, spent = time.monotonic(), _children()
    with watched(os.getpid(), itself=False) as seen:
        report = crawl(cards, archive, run=log.stem, limits=LIMITS, log=log)
    seconds, processor = time.monotonic() - began, _children() - spent
    requests = list(web.requests)
    paces = {site.host: site.pace for site in world.sites}
    least = {host: sum(_delays(asked, paces[host])) for host, asked in by_host(requests).items() if host in paces}
    start = min(request.start for request in requests)
    taken = {host: max(request.end for request in asked) - start for host, asked in by_host(requests).items()}
    reports = {one.url for one in world.expected() if one.outcome == "fetched" and one.temper != "dies"}
    bodies = [f"http://{r.host}{r.key}" for r in requests if r.status == 200 and not r.trouble]
    resources = world.resources()
    pages = sum(resources[r.host][r.key].allowed for r in requests if r.status in (200, 304) and not r.trouble)
    return Night(
        len(requests),
        pages,
        seconds,
        processor,
        max(least.values()),
        sum(least.values()) / sum(taken[host] for host in least),
        max(seen),
        tuple(_wrong(world, archive, report, requests, dead)),
        tuple(_impolite(requests, paces)),
        sum(request.conditional for request in requests),
        sum(url in reports for url in bodies),
        sum(url not in reports for url in bodies),
    )


def _children() -> float:
    """Seconds of a core that processes have taken which this one has started and seen end."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _delays(asked: list[Request], pace: float) -> Iterator[float]:
    """The least seconds from each request of a host to the next: its pace, or its answer and the rest that was due
    after it."""
    attempts = 0
    for number, request in enumerate(asked):
        again = number + 1 < len(asked) and asked[number + 1].key == request.key
        failed = again and (request.status == 0 or request.status >= 429 or request.trouble)
        rest = max(request.rest, LIMITS.back_off * 2**attempts) if failed and request.status != 302 else 0.0
        attempts = attempts + 1 if failed else 0
        took = request.end - request.start
        yield max(pace, took + rest) if number + 1 < len(asked) else took


def _impolite(requests: Iterable[Request], paces: Mapping[str, float]) -> Iterator[str]:
    for one, two in at_once(requests):
        yield f"{one.host} saw {two.key} {one.end - two.start:.3f} s before the answer to {one.key} had gone"
    for host, pause in too_soon(requests, paces):
        yield f"{host} had a pause of {pause:.3f} s, and wants {paces[host]:g}"


def _wrong(
    world: World, archive: Archive, report: CrawlReport, requests: Iterable[Request], dead: bool
) -> Iterator[str]:
    if report.stopped is not None:
        yield report.stopped
    expected = [one for one in world.expected() if not (dead and one.temper == "dies")]
    dying = {one.source for one in world.expected() if one.temper == "dies"} if dead else set()
    yield from (line for line in differences(archive, expected) if line.split()[0] not in dying)
    yield from strayed(world, requests)


def table(measured: list[Crawled]) -> list[str]:
    """The nights as lines: absolute figures, then the ratios that are goals."""
    lines = [f"gongkai crawl, {measured[0].hosts} hosts on loopback, {len(os.sched_getaffinity(0))} cores"]
    for c in measured:
        for name, night in (("first", c.first), ("second", c.second)):
            lines += [
                f"  {c.reports} reports, pace {c.pace:g} s, {name} night: {night.requests} requests, "
                f"{night.pages} pages in {night.seconds:.1f} s = {night.pages / night.seconds:.1f} a second, "
                f"{1000 * night.processor / night.requests:.1f} ms of a core a request   peak {night.peak:.0f} MB",
                f"         longest host {night.longest:.1f} s = {night.longest / night.seconds:.1%} of it; "
                f"all hosts {night.busy:.1%} (goal: at least 90 %)   "
                f"wrong {len(night.wrong)}, impolite {len(night.impolite)} (goal: 0)",
                f"         conditional {night.conditional}   "
                f"bodies of reports {night.bodies}, of all else {night.lists} (lists, attachments, the host that died)",
                *(f"         {line}" for line in (*night.wrong, *night.impolite)[:10]),
            ]
        fresh = len(c.changes.changed) + len(c.changes.added)
        lines.append(
            f"         between them {len(c.changes.changed)} changed, {len(c.changes.added)} added, "
            f"{len(c.changes.removed)} removed: {fresh} new bodies"
        )
    if len(measured) > 1:
        small, large = measured[0], measured[-1]
        ratio = large.first.peak / small.first.peak
        lines.append(f"  {small.reports} -> {large.reports} reports: peak memory x {ratio:.2f} (flat: 1.00)")
    return lines
