"""One thing fetched: what is asked, what is written down, and what is not asked again."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from pipelines.archive import Archive
from pipelines.crawl import hosts
from pipelines.crawl.fetcher import Wanted
from pipelines.crawl.hosts import retry_after
from pipelines.crawl.report import CrawlLimits
from pipelines.crawl.transport import Answer, Ask, NoAnswer
from tests.unit.crawl_made import LIMITS, SITE, Site, answer, fetched, lines

PAGE = f"{SITE}/art/2024/page.html"
PRIVATE = "http://10.1.2.3/meta"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def test_a_page_is_kept_and_written_down(archive: Archive) -> None:
    site = Site({PAGE: answer("正文", etag='"7"', content_type="text/html", x_other="1")})
    (got,) = fetched(archive, site, Wanted("page", PAGE, "某局年报", year=2023, listed_in=f"{SITE}/list/"))
    assert got.outcome == "fetched" and got.body == "正文".encode()
    (line,) = lines(archive)
    assert (line.outcome, line.status, line.size, line.year) == ("fetched", 200, 6, 2023)
    assert line.headers == {"etag": '"7"', "content-type": "text/html"}
    assert line.sha256 is not None and archive.get(line.sha256) == "正文".encode()
    assert [ask.url for ask in site.asked] == [f"{SITE}/robots.txt", PAGE]


def test_the_same_run_asks_nothing_again_and_another_asks_conditionally(archive: Archive) -> None:
    def conditional(ask: Ask) -> Answer:
        return answer(b"", 304) if ask.headers.get("If-None-Match") == '"7"' else answer(b"body", etag='"7"')

    site = Site({PAGE: conditional, f"{SITE}/robots.txt": answer(b"User-agent: *\nDisallow: /x", etag='"r"')})
    fetched(archive, site, PAGE)
    asked = len(site.asked)
    (again,) = fetched(archive, site, PAGE)
    assert again.outcome == "fetched" and len(site.asked) == asked == 2
    for run in ("two", "three"):
        (got,) = fetched(archive, site, PAGE, run=run)
        assert (got.outcome, got.fetch and got.fetch.status) == ("unchanged", 304)
        assert got.fetch is not None and got.fetch.sha256 is not None and got.fetch.size == 4
        assert archive.get(got.fetch.sha256) == b"body"
    assert [ask.headers.get("If-None-Match") for ask in site.asked if ask.url == PAGE] == [None, '"7"', '"7"']


def test_a_body_that_the_archive_lost_is_asked_for_without_condition(archive: Archive, tmp_path: Path) -> None:
    site = Site({PAGE: answer(b"body", etag='"7"', last_modified="Mon, 01 Jan 2024 00:00:00 GMT")})
    (got,) = fetched(archive, site, PAGE)
    assert got.fetch is not None
    (blob,) = (tmp_path / "archive").rglob(f"{got.fetch.sha256}*")
    blob.unlink()
    fetched(archive, site, PAGE, run="two")
    assert not site.asked[-1].headers
    fetched(archive, site, PAGE, run="three")
    assert set(site.asked[-1].headers) == {"If-None-Match", "If-Modified-Since"}


def test_the_same_bytes_sent_again_are_unchanged(archive: Archive) -> None:
    site = Site({PAGE: answer(b"body")})
    fetched(archive, site, PAGE)
    assert fetched(archive, site, PAGE, run="two")[0].outcome == "unchanged"


@pytest.mark.parametrize("location", [PRIVATE, "//10.1.2.3/meta", "http://0x0a010203/", "file:///etc/passwd"])
def test_a_redirect_leads_nowhere_that_the_card_does_not_name(archive: Archive, location: str) -> None:
    site = Site({PAGE: answer(status=302, location=location)})
    (got,) = fetched(archive, site, PAGE)
    assert got.outcome == "refused" and got.reason in ("host", "spelling", "private", "scheme")
    assert site.pages == [PAGE]
    assert [line.outcome for line in lines(archive)] == ["redirected", "refused"]
    assert fetched(archive, site, PAGE)[0].outcome == "refused" and site.pages == [PAGE]


def test_a_name_that_leads_to_a_private_address_is_refused(archive: Archive) -> None:
    (got,) = fetched(archive, Site({PAGE: NoAnswer("private")}), PAGE)
    assert (got.outcome, got.reason) == ("refused", "private")
    assert len(lines(archive)) == 1


def test_a_redirect_to_itself_is_followed_once_if_it_sets_a_cookie(archive: Archive) -> None:
    cookie = answer(status=302, location=PAGE, set_cookie="a=1")
    site = Site({PAGE: [cookie, answer(b"body")]})
    assert fetched(archive, site, PAGE)[0].outcome == "fetched"
    endless = Site({PAGE: cookie})
    (got,) = fetched(archive, endless, PAGE, run="two")
    assert (got.outcome, got.reason, len(endless.pages)) == ("failed", "redirect_loop", 2)
    without = Site({PAGE: answer(status=302, location=PAGE)})
    (got,) = fetched(archive, without, PAGE, run="three")
    assert (got.outcome, got.reason, len(without.pages)) == ("failed", "redirect_loop", 1)


def test_a_chain_of_redirects_has_an_end(archive: Archive) -> None:
    site = Site({f"{SITE}/{n}": answer(status=301, location=f"/{n + 1}") for n in range(1, 20)})
    (got,) = fetched(archive, site, f"{SITE}/1")
    assert (got.outcome, got.reason, len(site.pages)) == ("failed", "too_many_redirects", LIMITS.redirects + 1)


@pytest.mark.parametrize(
    "fault",
    [NoAnswer("timeout"), NoAnswer("connection_lost"), NoAnswer("wrong_length"), answer(b"x", 500), answer(b"x", 503)],
)
def test_what_may_pass_is_tried_again_and_not_for_ever(archive: Archive, fault: NoAnswer | Answer) -> None:
    site = Site({PAGE: [fault, fault, answer(b"body")]})
    assert fetched(archive, site, PAGE)[0].outcome == "fetched"
    assert [line.outcome for line in lines(archive)] == ["retried", "retried", "fetched"]
    gone = Site({PAGE: fault})
    (got,) = fetched(archive, gone, PAGE, run="two")
    assert got.outcome == "failed" and len(gone.pages) == LIMITS.retries + 1


def test_a_run_that_goes_on_does_not_make_its_attempts_anew(archive: Archive) -> None:
    class Killed(Exception):
        pass

    def kill(ask: Ask) -> Answer:
        raise Killed(ask.url)

    with pytest.raises(Killed):
        fetched(archive, Site({PAGE: [NoAnswer("timeout"), kill]}), PAGE)
    site = Site({PAGE: NoAnswer("timeout")})
    assert fetched(archive, site, PAGE)[0].reason == "timeout"
    assert len(site.pages) == LIMITS.retries


def test_what_will_not_pass_is_asked_once(archive: Archive) -> None:
    for run, reply, outcome in (
        ("a", NoAnswer("too_large"), "failed"),
        ("b", answer(b"no", 404), "gone"),
        ("c", answer(b"no", 410), "gone"),
        ("d", answer(b"bad", 400), "failed"),
        ("e", answer(b""), "failed"),
        ("f", answer(b"", 304), "failed"),
    ):
        site = Site({PAGE: reply})
        assert fetched(archive, site, PAGE, run=run)[0].outcome == outcome
        assert len(site.pages) == 1


def test_a_host_that_asks_for_more_time_than_there_is_is_not_asked_again(archive: Archive) -> None:
    site = Site({PAGE: answer(b"later", 429, retry_after="3600"), f"{SITE}/x": answer(b"body")})
    got = fetched(archive, site, PAGE, f"{SITE}/x")
    assert [(one.outcome, one.reason) for one in got] == [("failed", "http_429"), ("failed", "host_wants_rest")]
    assert site.pages == [PAGE]


@pytest.fixture
def rests(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds for which hosts are left in peace, on a clock that nobody waits for."""
    found: list[float] = []

    async def sleep(seconds: float) -> None:
        found.append(seconds)

    monkeypatch.setattr(hosts, "asyncio", SimpleNamespace(sleep=sleep))
    monkeypatch.setattr(hosts, "time", SimpleNamespace(monotonic=lambda: sum(found)))
    return found


def test_a_host_is_left_in_peace_as_long_as_it_asks(archive: Archive, rests: list[float]) -> None:
    limits = CrawlLimits(retries=2, back_off=0.0, longest_wait=20.0)
    site = Site({PAGE: [answer(b"later", 503, retry_after="17"), answer(b"body")]})
    assert fetched(archive, site, PAGE, limits=limits)[0].outcome == "fetched"
    assert rests == [17.0]
    last = Site({PAGE: answer(b"later", 503, retry_after="13"), f"{SITE}/x": answer(b"body")})
    limits = CrawlLimits(retries=0, longest_wait=20.0)
    assert [one.outcome for one in fetched(archive, last, PAGE, f"{SITE}/x", run="two", limits=limits)][1] == "fetched"
    assert rests == [17.0, 13.0], "and so is the next page of the host"


def test_each_attempt_in_vain_waits_twice_as_long_up_to_a_bound(archive: Archive, rests: list[float]) -> None:
    limits = CrawlLimits(retries=4, back_off=3.0, longest_wait=20.0)
    assert fetched(archive, Site({PAGE: NoAnswer("timeout")}), PAGE, limits=limits)[0].outcome == "failed"
    assert rests == [3.0, 6.0, 12.0, 20.0]


def test_a_walled_host_is_left_alone_after_some(archive: Archive) -> None:
    pages = [f"{SITE}/{n}" for n in range(5)]
    site = Site({page: answer(b"no entry", 403) for page in pages})
    got = fetched(archive, site, *pages)
    assert [one.outcome for one in got] == ["blocked"] * 5
    assert [one.reason for one in got] == ["forbidden", "forbidden", *["host_walled"] * 3]
    assert site.pages == pages[: LIMITS.walls]
    assert len(lines(archive)) == LIMITS.walls, "only requests are written down"


def test_a_host_that_died_is_left_alone_after_some(archive: Archive) -> None:
    pages = [f"{SITE}/{n}" for n in range(6)]
    site = Site({pages[0]: answer(b"alive"), **{page: NoAnswer("connection_refused") for page in pages[1:]}})
    got = fetched(archive, site, *pages)
    assert [one.reason for one in got] == [None, *["connection_refused"] * 2, *["host_silent"] * 3]
    assert len(site.pages) == 1 + LIMITS.deaths * (LIMITS.retries + 1)


def test_answers_in_between_keep_a_host(archive: Archive) -> None:
    pages = [f"{SITE}/{n}" for n in range(9)]
    odd = {page: answer(b"no", 403) if n % 2 else answer(b"yes") for n, page in enumerate(pages)}
    site = Site(odd)
    fetched(archive, site, *pages)
    assert site.pages == pages


def test_robots_are_obeyed_and_asked_for_once_a_run(archive: Archive) -> None:
    robots = f"{SITE}/robots.txt"
    site = Site({robots: answer("User-agent: *\nDisallow: /art/\nCrawl-delay: 9"), f"{SITE}/x": answer(b"body")})
    paced: list[tuple[str, float]] = []
    got = fetched(archive, site, PAGE, f"{SITE}/x", paced=lambda host, seconds: paced.append((host, seconds)))
    assert [(one.outcome, one.reason) for one in got] == [("refused", "robots"), ("fetched", None)]
    assert [ask.url for ask in site.asked] == [robots, f"{SITE}/x"]
    assert paced == [("www.example.gov.cn", LIMITS.longest_wait)], "a host's own pause, up to the bound"
    fetched(archive, site, f"{SITE}/y")
    assert [ask.url for ask in site.asked].count(robots) == 1


@pytest.mark.parametrize("reply", [answer(b"oops", 500), answer(b"later", 503), NoAnswer("timeout"), answer(b"", 429)])
def test_who_cannot_tell_its_robots_is_not_asked_in_this_run(archive: Archive, reply: Answer | NoAnswer) -> None:
    site = Site({f"{SITE}/robots.txt": reply, PAGE: answer(b"body")})
    (got,) = fetched(archive, site, PAGE)
    assert got.outcome == "failed" and not site.pages
    site = Site({PAGE: answer(b"body")})
    assert fetched(archive, site, PAGE)[0].outcome == "failed" and not site.asked, "the same run has it from the ledger"
    assert fetched(archive, site, PAGE, run="two")[0].outcome == "fetched"


def test_who_has_a_wall_before_its_robots_is_not_asked(archive: Archive) -> None:
    for run, status in (("one", 521), ("two", 200)):
        wall = answer(b"<script>document.cookie='__jsl_clearance=1'</script>", status)
        site = Site({f"{SITE}/robots.txt": wall, PAGE: answer(b"body")})
        (got,) = fetched(archive, site, PAGE, run=run)
        assert (got.outcome, got.reason) == ("blocked", "robots_blocked") and not site.pages


@pytest.mark.parametrize("reply", [answer(b"no", 404), answer(b"no", 403), answer(status=302, location=PRIVATE)])
def test_who_has_no_robots_allows_everything(archive: Archive, reply: Answer) -> None:
    site = Site({f"{SITE}/robots.txt": reply, PAGE: answer(b"body")})
    assert fetched(archive, site, PAGE)[0].outcome == "fetched"


def test_a_source_has_a_bound(archive: Archive) -> None:
    pages = [f"{SITE}/{n}" for n in range(5)]
    site = Site({page: answer(page) for page in pages})
    limits = CrawlLimits(requests=3, back_off=0.0)
    assert [one.reason for one in fetched(archive, site, *pages, limits=limits)][2:] == ["too_many_requests"] * 3
    assert len(site.asked) == 3
    fetched(archive, site, *pages, limits=limits)
    assert len(site.asked) == 3, "a run that goes on has the same bound"


def test_retry_after_is_seconds_or_a_date() -> None:
    assert retry_after("120", 0) == 120
    assert retry_after("Thu, 01 Jan 1970 00:01:40 GMT", 30) == 70
    assert retry_after("Thu, 01 Jan 1970 00:01:40 GMT", 300) == 0
    assert retry_after("soon", 0) is None and retry_after(None, 0) is None and retry_after("²", 0) is None
