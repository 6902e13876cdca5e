"""The web of the tests: that it answers as sites do, and that it notices who behaves badly."""

from __future__ import annotations

import dataclasses
import http.client
import json
import time
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.crawl.manners import answered, at_once, strayed, too_soon
from tests.factory.web.answers import Resource
from tests.factory.web.arrival import TICK
from tests.factory.web.server import Request, Web, serve
from tests.factory.web.standing import Site
from tests.factory.web.world import Plan, Spot, World, build, second_night

SPOTS = (
    Spot("trs", "slow", 4),
    Spot("ucap", "redirects", 2),
    Spot("vsb", "lengths", 3),
    Spot("generic", "drops", 1),
    Spot("gkmlpt", "bombs", 1),
    Spot("hanweb", "dies", 2),
    Spot("nantong", "etag_only", 8),
)


@pytest.fixture(scope="module")
def world() -> World:
    return build(Plan(SPOTS, slow=0.05, troubled=1, dies_after=1, bomb_bytes=10**6))


@pytest.fixture
def web(world: World) -> Iterator[Web]:
    with serve(world.hosts()) as web:
        yield web


def site_of(world: World, temper: str) -> Site:
    return next(site for site in world.sites if site.temper == temper)


def first_report(world: World, temper: str) -> tuple[str, str]:
    """The host, and the path of its first report."""
    site = site_of(world, temper)
    return site.host, next(article.path for article in site.columns[0].articles if article.is_report)


def ask(host: str, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, Mapping[str, str], bytes]:
    """One request, no redirect followed."""
    connection = http.client.HTTPConnection(host, timeout=5)
    try:
        connection.request("GET", path, headers=dict(headers or {}))
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def test_who_asks_twice_at_once_is_noticed() -> None:
    first, second, third = (
        Request("one", f"/{n}", "GET", start=n, end=end) for n, end in ((0.0, 1.5), (1.0, 1.9), (2.0, 2.5))
    )
    elsewhere = Request("two", "/", "GET", start=0.5, end=9.0)
    assert at_once([third, elsewhere, second, first]) == [(first, second)]


def test_who_asks_too_soon_is_noticed() -> None:
    first, second, third = (Request("one", f"/{n}", "GET", start=3.0 * n, end=3.0 * n + 1) for n in range(3))
    second.rest = 2.5
    assert too_soon([third, second, first], {"one": 3.0}) == [("one", 3.0)]
    second.rest = 2.0
    assert too_soon([third, second, first], {"one": 3.0}) == []
    assert too_soon([third, second, first], {"one": 3.5}) == [("one", 3.0), ("one", 3.0)]


def test_a_request_begins_when_it_came_and_ends_with_its_answer(world: World, web: Web) -> None:
    host, path = first_report(world, "slow")
    before = time.monotonic()
    for _ in range(2):
        ask(host, path)
    one, two = web.requests
    assert before - TICK <= one.start < one.end <= two.start + TICK < two.end + TICK <= time.monotonic() + TICK
    assert one.end - one.start >= web.hosts[host].manner.delay - TICK > 0
    assert at_once(web.requests) == [] and answered(web.requests) == {f"{host}{path}": 2}


def test_who_asks_for_what_nobody_named_is_noticed(world: World, web: Web) -> None:
    host, path = first_report(world, "slow")
    decoy = next(a for s in world.sites for a in s.columns[0].articles if not a.is_report and a.path.startswith("/"))
    home = next(s.host for s in world.sites if decoy in s.columns[0].articles)
    for name, target in (
        (host, path),
        (host, "/robots.txt"),
        (home, decoy.path),
        (host, "/admin"),
        (world.traps[1], "/"),
    ):
        ask(name, target)
    assert strayed(world, web.requests) == [f"{home}{decoy.path}", f"{host}/admin", f"{world.traps[1]}/"]


@pytest.mark.parametrize("temper", ["slow", "etag_only"])
def test_who_has_it_already_is_told_so(world: World, web: Web, temper: str) -> None:
    host, path = first_report(world, temper)
    status, headers, body = ask(host, path)
    assert (status, bool(body)) == (200, True)
    assert ("Last-Modified" in headers) == (temper == "slow")
    assert ask(host, path, {"If-None-Match": headers["ETag"]})[0::2] == (304, b"")
    assert (
        ask(host, path, {"If-None-Match": '"other"', "If-Modified-Since": headers.get("Last-Modified", "")})[0] == 200
    )
    if temper == "slow":
        assert ask(host, path, {"If-Modified-Since": headers["Last-Modified"]})[0::2] == (304, b"")
    assert [request.conditional for request in web.requests][:3] == [False, True, True]


def test_redirects_and_cookies(world: World, web: Web) -> None:
    site = site_of(world, "redirects")
    moved, with_cookie = (a for a in site.columns[0].articles if a.is_report)
    status, headers, _ = ask(site.host, moved.path)
    assert (status, headers["Location"]) == (301, f"{moved.path}.0")
    assert ask(site.host, headers["Location"])[2] == moved.page
    status, headers, _ = ask(site.host, with_cookie.path)
    assert (status, headers["Location"]) == (302, with_cookie.path)
    cookie = headers["Set-Cookie"].partition(";")[0]
    assert ask(site.host, with_cookie.path, {"Cookie": cookie})[2] == with_cookie.page


def test_broken_answers(world: World, web: Web) -> None:
    site = site_of(world, "lengths")
    always, damaged, once = (a for a in site.columns[0].articles if a.is_report)
    with pytest.raises(http.client.IncompleteRead):
        ask(site.host, always.path)
    _, headers, body = ask(site.host, damaged.path)
    assert headers["Content-Encoding"] == "gzip"
    decoder = zlib.decompressobj(31)
    decoder.decompress(body)
    assert not decoder.eof
    with pytest.raises(http.client.IncompleteRead):
        ask(site.host, once.path)
    assert ask(site.host, once.path)[2] == once.page
    host, path = first_report(world, "drops")
    with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
        ask(host, path)
    assert ask(host, path)[0] == 200
    assert [request.trouble for request in web.requests] == [True, False, True, False, True, False]


def test_each_request_is_written_down(world: World, tmp_path: Path) -> None:
    host, path = first_report(world, "etag_only")
    with serve(world.hosts(), tmp_path / "requests.jsonl") as web:
        ask(host, f"{path}?from=list", {"User-Agent": "test", "If-None-Match": "x"})
        ask(host, "/nothing")
    lines = [json.loads(line) for line in (tmp_path / "requests.jsonl").read_text("utf-8").splitlines()]
    assert lines == [dataclasses.asdict(request) for request in web.requests]
    assert [(line["target"], line["status"]) for line in lines] == [(f"{path}?from=list", 200), ("/nothing", 404)]
    assert (lines[0]["agent"], lines[0]["conditional"], lines[1]["conditional"]) == ("test", True, False)
    assert 0 < lines[0]["start"] < lines[0]["end"] + TICK and lines[0]["end"] <= lines[1]["start"] + TICK


def test_a_bomb_is_small_until_it_is_opened(world: World, web: Web) -> None:
    _, _, body = ask(*first_report(world, "bombs"))
    assert len(body) < 5000
    assert len(zlib.decompress(body, 31)) == 10**6


def test_a_host_dies_and_comes_back(world: World, web: Web) -> None:
    host, path = first_report(world, "dies")
    assert ask(host, path)[0] == 200
    for _ in range(2):
        with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
            ask(host, path)
    web.begin_night(world.resources())
    assert ask(host, path)[0] == 200


def test_the_second_night_changes_what_it_says(world: World) -> None:
    tomorrow, changes = second_night(world, 8)
    assert (len(changes.changed), len(changes.removed), len(changes.added)) == (4, 2, 2)
    before, after = world.resources(), tomorrow.resources()

    def standing(night: dict[str, dict[str, Resource]], url: str) -> Resource | None:
        host, _, path = url.removeprefix("http://").partition("/")
        return night[host].get(f"/{path}")

    for url in changes.changed:
        old, new = standing(before, url), standing(after, url)
        assert old and new and old.etag != new.etag and old.then.body != new.then.body
    assert all(standing(before, url) and standing(after, url) is None for url in changes.removed)
    assert all(standing(before, url) is None and standing(after, url) for url in changes.added)
    kept = {one.url for one in world.expected()} - {*changes.changed, *changes.removed}
    assert all(standing(before, url) == standing(after, url) for url in kept)
    assert {one.url for one in tomorrow.expected()} == kept | {*changes.changed, *changes.added}
