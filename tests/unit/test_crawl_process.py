"""A crawl as a whole, against a small site on loopback: the process, its pauses, its end, and its going on."""

from __future__ import annotations

import gzip
import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.settings import Settings

from pipelines.archive import Archive
from pipelines.crawl import CrawlError, CrawlLimits, Event, crawl, run
from pipelines.crawl.downloading import Downloads
from pipelines.crawl.job import Job, job_line, user_agent
from pipelines.crawl.lock import only_crawl
from pipelines.registry.sources import Card
from tests.crawl.killing import crawlers
from tests.factory.web.arrival import TICK, arrived
from tests.unit.archived import files_no_larger_than

LIMITS = CrawlLimits(seconds=3.0, back_off=0.05, retries=1, body_bytes=2_000_000)
PACE = 0.05
REPORTS = 7


@dataclass
class Made:
    """A site: its pages by path, and when it was asked for what; `waits` are the paths that it answers once something
    has happened."""

    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[float, str, dict[str, str]]] = field(default_factory=list)
    waits: dict[str, threading.Event] = field(default_factory=dict)
    host: str = ""

    def html(self, path: str, body: str, **headers: str) -> None:
        self.pages[path] = (200, {"Content-Type": "text/html; charset=utf-8", **headers}, body.encode())

    @property
    def paths(self) -> list[str]:
        return [path for _, path, _ in self.asked]

    def pauses(self) -> list[float]:
        times = sorted(at for at, _, _ in self.asked)
        return [later - earlier for earlier, later in itertools.pairwise(times)]


def title(year: int) -> str:
    return f"某市水利局{year}年政府信息公开工作年度报告"


def link(path: str, year: int) -> str:
    return f'<li><a href="{path}">{title(year)}</a><span>{year + 1}-01-20</span></li>'


@pytest.fixture
def made() -> Iterator[Made]:
    site = Made()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            site.asked.append((arrived(self.connection), self.path, dict(self.headers)))
            if self.path in site.waits:
                site.waits[self.path].wait()
            status, headers, body = site.pages.get(self.path, (404, {}, b"not here"))
            etag = f'"{hash(body)}"'
            if status == 200 and self.headers.get("If-None-Match") == etag:
                status, body = 304, b""
            self.send_response(status)
            for name, value in {"ETag": etag, "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.9.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site.host = f"127.0.9.1:{server.server_port}"
    links = "".join(link(f"/art/{2016 + n}/page_{n}.html", 2016 + n) for n in range(REPORTS))
    site.html("/nb/", f"<ul class='list'>{links}<li><a href='/tj.html'>一图读懂2020年年报</a></li></ul>")
    for n in range(REPORTS):
        site.html(
            f"/art/{2016 + n}/page_{n}.html",
            f"<div class='content'><p>{title(2016 + n)}</p><a href='/f/{n}.xls'>附件：统计表.xls</a></div>",
        )
        site.pages[f"/f/{n}.xls"] = (200, {"Content-Type": "application/vnd.ms-excel"}, f"sheet {n}".encode())
    site.html("/robots.txt", "User-agent: *\nDisallow: /closed/")
    yield site
    server.shutdown()
    server.server_close()


def card(made: Made, source: str = "made", kind: str = "local") -> Card:
    assert kind in ("local", "web")
    lists = (f"http://{made.host}/nb/",)
    return Card(source, kind, "某市水利局", family="generic", lists=lists, hosts=frozenset({made.host}), pace=PACE)  # type: ignore[arg-type]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


@pytest.fixture
def contact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_CONTACT", "mailto:crawl@example.org")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "crawl.log"


def test_a_site_arrives_once_politely_and_the_second_night_asks_what_changed(
    made: Made, archive: Archive, log: Path
) -> None:
    events: list[Event] = []
    report = crawl([card(made)], archive, run="one", limits=LIMITS, log=log, watch=events.append)
    (source,) = report.sources
    assert report.complete and report.stopped is None, (source, log.read_text())
    assert (source.found, source.fetched, source.unchanged, source.failed) == (REPORTS, 2 * REPORTS, 0, 0)
    assert Counter(made.paths) == dict.fromkeys(["/robots.txt", "/nb/", *(p for p in made.pages if p[1] in "af")], 1)
    assert min(made.pauses()) >= PACE - TICK
    agents = {headers["User-Agent"] for _, _, headers in made.asked}
    assert len(agents) == 1 and agents.pop().startswith("gongkai/")
    assert [event.kind for event in events if event.kind != "settled"] == ["began", "ended"]
    held = archive.balance("made").pages
    assert sorted(one.year or 0 for one in held.values()) == list(range(2016, 2016 + REPORTS))
    assert all(len(one.versions) == 1 and len(one.versions[0].parts) == 2 for one in held.values())

    made.asked.clear()
    made.html("/art/2018/page_2.html", f"<div class='content'><p>{title(2018)}，更正</p></div>")
    del made.pages["/art/2019/page_3.html"]
    (source,) = crawl([card(made)], archive, run="two", limits=LIMITS, log=log).sources
    assert (source.fetched, source.unchanged, source.withdrawn) == (1, 2 * REPORTS - 4, 1)
    assert all("If-None-Match" in headers for _, _, headers in made.asked)
    held = archive.balance("made").pages
    assert {url[-11:]: len(one.versions) for url, one in held.items()}["page_2.html"] == 2
    assert sum(one.withdrawn_at is not None for one in held.values()) == 1


def test_only_the_years_asked_for_are_fetched(made: Made, archive: Archive, log: Path) -> None:
    (source,) = crawl([card(made)], archive, run="y", years=frozenset({2017, 2021}), limits=LIMITS, log=log).sources
    assert source.found == 2
    assert [path for path in made.paths if path.startswith("/art")] == [
        "/art/2017/page_1.html",
        "/art/2021/page_5.html",
    ]


def test_cards_that_share_a_host_share_its_pace_and_its_robots(made: Made, archive: Archive, log: Path) -> None:
    cards = [card(made, f"made-{n}") for n in range(3)]
    report = crawl(cards, archive, run="one", limits=LIMITS, log=log)
    assert report.complete and made.paths.count("/robots.txt") == 1 and made.paths.count("/nb/") == 3
    assert min(made.pauses()) >= PACE - TICK
    assert [source.source for source in report.sources] == ["made-0", "made-1", "made-2"]


def test_a_host_rests_before_the_first_request_of_a_run() -> None:
    """Another run may have asked it just now."""
    slots = {host: SimpleNamespace(lastseen=0.0) for host in ("127.0.9.1", "127.0.9.2")}
    engine = SimpleNamespace(
        downloader=SimpleNamespace(_get_slot=lambda request: ("", slots[request.meta["download_slot"]]))
    )
    crawler: Any = SimpleNamespace(settings=Settings({"DOWNLOAD_SLOTS": {host: {} for host in slots}}), engine=engine)
    began = time.monotonic()
    Downloads(crawler).begin()
    assert all(slot.lastseen >= began for slot in slots.values())


def test_the_public_web_is_told_whom_to_ask(
    made: Made, archive: Archive, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for contact in ("", "two words", "line\nbreak@example.org"):
        monkeypatch.setenv("GONGKAI_CONTACT", contact)
        with pytest.raises(CrawlError, match="GONGKAI_CONTACT"):
            crawl([card(made, kind="web")], archive, run="one", limits=LIMITS, log=log)
    monkeypatch.setenv("GONGKAI_CONTACT", "mailto:crawl@example.org")
    assert user_agent([card(made, kind="web")]).endswith(" (+mailto:crawl@example.org)")


@pytest.mark.usefixtures("contact")
def test_no_private_address_without_a_local_card(made: Made, archive: Archive, log: Path) -> None:
    (source,) = crawl([card(made, kind="web")], archive, run="one", limits=LIMITS, log=log).sources
    assert not made.asked and not source.complete and source.refused == 1


@pytest.mark.usefixtures("contact")
def test_a_name_of_a_private_address_is_refused_where_it_is_connected(made: Made, archive: Archive, log: Path) -> None:
    host = made.host.replace("127.0.9.1", "localhost")
    named = Card(
        "made", "web", "局", family="generic", lists=(f"http://{host}/nb/",), hosts=frozenset({host}), pace=PACE
    )
    (source,) = crawl([named], archive, run="one", limits=LIMITS, log=log).sources
    assert not made.asked and source.refused >= 1
    assert {fetch.reason for fetch in archive.fetches("made")} == {"private"}


def test_bombs_torn_bodies_and_loops_end(made: Made, archive: Archive, log: Path) -> None:
    packed = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
    bomb = gzip.compress(b"\0" * 40_000_000)
    torn = gzip.compress(os.urandom(5000))[:-400]
    made.pages["/art/2016/page_0.html"] = (200, packed, bomb)
    made.pages["/art/2017/page_1.html"] = (200, packed, torn)
    made.pages["/art/2018/page_2.html"] = (200, {"Content-Length": "5000"}, b"short")
    made.pages["/art/2019/page_3.html"] = (302, {"Location": "/art/2019/page_3.html"}, b"")
    made.pages["/art/2020/page_4.html"] = (302, {"Location": "http://127.0.0.1:1/"}, b"")
    made.pages["/art/2021/page_5.html"] = (200, packed, gzip.compress("正文".encode() * 1000))
    (source,) = crawl([card(made)], archive, run="one", limits=LIMITS, log=log).sources
    settled = {
        fetch.url[-6:-5]: (fetch.outcome, fetch.reason)
        for fetch in archive.fetches("made")
        if fetch.kind == "page" and fetch.outcome not in ("redirected", "retried")
    }
    assert settled == {
        "0": ("failed", "too_large"),
        "1": ("failed", "damaged"),
        "2": ("failed", "wrong_length"),
        "3": ("failed", "redirect_loop"),
        "4": ("refused", "host"),
        "5": ("fetched", None),
        "6": ("fetched", None),
    }
    assert (source.failed, source.refused, source.complete) == (4, 1, False)


def test_whatever_kills_it_the_same_run_goes_on(made: Made, archive: Archive, log: Path) -> None:
    seen, held = threading.Event(), set[Path]()

    def kill(event: Event) -> None:
        if event.url is not None and event.url.endswith("page_2.html") and not seen.is_set():
            seen.set()
            for crawler in crawlers():
                held.update(Path(link).resolve() for link in Path(f"/proc/{crawler}/fd").iterdir())
                os.kill(crawler, signal.SIGKILL)

    report = crawl([card(made)], archive, run="one", limits=LIMITS, log=log, watch=kill)
    assert seen.is_set() and "SIGKILL" in (report.stopped or "") and not report.complete
    assert Path(archive.root, "crawl.lock") in held, "whoever starts the crawler may die before it"
    report = crawl([card(made)], archive, run="one", limits=LIMITS, log=log)
    assert report.complete and report.sources[0].fetched == 2 * REPORTS, report.sources
    repeated = {path: times for path, times in Counter(made.paths).items() if times > 1}
    assert len(repeated) <= 1 and all(times == 2 for times in repeated.values())
    assert min(made.pauses()) >= PACE - TICK
    assert all(len(one.versions) == 1 for one in archive.balance("made").pages.values())


def test_a_full_disk_ends_the_run_and_loses_nothing(made: Made, archive: Archive, log: Path) -> None:
    with files_no_larger_than(3000):
        report = crawl([card(made)], archive, run="one", limits=LIMITS, log=log)
    assert "no room" in (report.stopped or "") and not report.complete
    assert report.sources[0].fetched and any("no room" in problem for problem in report.sources[0].problems)
    report = crawl([card(made)], archive, run="one", limits=LIMITS, log=log)
    assert report.complete and report.sources[0].fetched == 2 * REPORTS
    assert sum(Counter(made.paths).values()) <= len(set(made.paths)) + 1


def test_it_stops_when_nobody_wants_it_any_more(
    made: Made, archive: Archive, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once, and not only when it has had its time; a host that has not answered is not waited for."""
    monkeypatch.setattr(run, "GRACE", 300.0)

    class Interrupted(Exception):
        pass

    def interrupt(event: Event) -> None:
        if event.kind == "settled" and len(made.paths) > 3:
            raise Interrupted

    held_up = "/art/2018/page_2.html"
    made.waits[held_up] = threading.Event()
    began = time.monotonic()
    with pytest.raises(Interrupted):
        crawl([card(made)], archive, run="one", limits=CrawlLimits(seconds=600), log=log, watch=interrupt)
    assert time.monotonic() - began < run.GRACE and len(made.paths) < REPORTS + 1
    made.waits.pop(held_up).set()
    assert crawl([card(made)], archive, run="one", limits=LIMITS, log=log).complete


def test_the_process_ends_with_who_started_it(made: Made, archive: Archive) -> None:
    job = Job((card(made),), archive.root, "one", None, LIMITS, "gongkai/test")
    process = subprocess.Popen(
        [sys.executable, "-m", "pipelines.crawl.process"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(job_line(job))
    process.stdin.flush()
    assert b"began" in process.stdout.readline()
    process.stdin.close()
    assert b'"reason":"stopped"' in process.stdout.read()
    process.stdout.close()
    assert process.wait(10) == 0


def test_one_crawl_at_a_time_on_an_archive(made: Made, archive: Archive, log: Path) -> None:
    with only_crawl(archive), pytest.raises(CrawlError, match="Another crawl"):
        crawl([card(made)], archive, run="one", limits=LIMITS, log=log)
    assert not made.asked
