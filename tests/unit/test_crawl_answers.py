"""Answers judged: walls, robots.txt, compressed bodies, and the names that files go by."""

from __future__ import annotations

import gzip
import os
import zlib
from functools import reduce

import pytest

from pipelines.crawl.decoding import MOST_LAYERS, MOST_MEMBERS, decoded
from pipelines.crawl.naming import part_name
from pipelines.crawl.robots import rules
from pipelines.crawl.transport import NoAnswer
from pipelines.crawl.walls import wall

REPORT = "<html><body><h1>某局2023年年报</h1><p>收到申请17件。</p></body></html>".encode()
COOKIE = b"<html><head><script>document.cookie='v=' + 91; location.reload()</script></head><body></body></html>"
JSL = b"<script>document.cookie=('_')+('_')+('jsl_clearance_s=1')</script><script>/* __jsl_clearance */</script>"


@pytest.mark.parametrize(
    ("status", "headers", "body", "reason"),
    [
        (200, {}, REPORT, None),
        (404, {}, b"not here", None),
        (500, {}, b"oops", None),
        (403, {}, b"Forbidden", "forbidden"),
        (401, {}, b"", "login"),
        (412, {}, COOKIE, "cookie_script"),
        (521, {}, JSL, "cookie_script"),
        (521, {}, b"", "cookie_script"),
        (200, {}, JSL, "cookie_script"),
        (503, {"set-cookie": "__jsl_clearance=1"}, b"", "cookie_script"),
        (200, {}, COOKIE, "cookie_script"),
        (200, {"cf-mitigated": "challenge"}, b"wait", "challenge"),
        (503, {}, b"<script>window._cf_chl_opt={}</script>", "challenge"),
        (200, {}, b"<script>document.cookie='read=1'</script>" + REPORT, None),
        (200, {}, b"<script>var $_ts=window['$_ts'];</script>" + b" " * 70_000 + REPORT, None),
    ],
)
def test_walls_are_known_by_their_marks(status: int, headers: dict[str, str], body: bytes, reason: str | None) -> None:
    assert wall(status, headers, body) == reason


ROBOTS = b"User-agent: *\nDisallow: /private/\n\nUser-agent: gongkai\nDisallow: /secret\nCrawl-delay: 7\n"


def test_robots_are_read_for_who_asks() -> None:
    ours = rules("gongkai/1 (+a@b.c)", 200, ROBOTS)
    assert ours.refusal("http://h/secret/1") == "robots" and ours.refusal("http://h/private/1") is None
    assert ours.delay() == 7
    others = rules("somebody/2", 200, ROBOTS)
    assert others.refusal("http://h/private/1") == "robots" and others.refusal("http://h/secret/1") is None
    assert others.delay() == 0


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_without_robots_all_is_allowed(status: int) -> None:
    assert rules("gongkai", status, b"User-agent: *\nDisallow: /").refusal("http://h/x") is None


@pytest.mark.parametrize("status", [None, 429, 500, 503])
def test_with_robots_unknown_nothing_is_allowed(status: int | None) -> None:
    assert rules("gongkai", status, b"").refusal("http://h/x") == "robots_unknown"


def test_robots_may_be_any_bytes() -> None:
    assert rules("gongkai", 200, b"\xff\xfe\x00" + os.urandom(3000)).refusal("http://h/x") is None
    assert rules("gongkai", 200, b"<html>404</html>").refusal("http://h/x") is None


TEXT = "公开年报".encode() * 997
BARE = zlib.compressobj(wbits=-zlib.MAX_WBITS)
ENCODED = {
    "gzip": gzip.compress(TEXT),
    "x-gzip": gzip.compress(TEXT) + b"\0\0\0",
    "GZIP ": gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:]),
    "deflate": zlib.compress(TEXT),
    "deflate, identity": BARE.compress(TEXT) + BARE.flush(),
    "deflate, gzip": gzip.compress(zlib.compress(TEXT)),
}


@pytest.mark.parametrize("encoding", ENCODED)
def test_bodies_are_decoded_up_to_the_limit(encoding: str) -> None:
    assert decoded(ENCODED[encoding], encoding, len(TEXT)) == TEXT
    with pytest.raises(NoAnswer, match="too_large"):
        decoded(ENCODED[encoding], encoding, len(TEXT) - 1)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
@pytest.mark.parametrize("cut", [1, 4, 30])
def test_a_torn_body_is_no_body(encoding: str, cut: int) -> None:
    with pytest.raises(NoAnswer, match="damaged"):
        decoded(ENCODED[encoding][:-cut], encoding, 10**6)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (REPORT, "gzip"),
        (REPORT, "zstd"),
        (gzip.compress(TEXT)[:-8] + b"\1" * 8, "gzip"),
        (gzip.compress(b"") * (MOST_MEMBERS + 1), "gzip"),
        (
            reduce(lambda body, _: gzip.compress(body), range(MOST_LAYERS + 1), TEXT),
            ", ".join(["gzip"] * (MOST_LAYERS + 1)),
        ),
    ],
    ids=["no gzip", "not asked for", "wrong sum", "many members", "many layers"],
)
def test_what_is_not_as_it_says_is_no_body(body: bytes, encoding: str) -> None:
    with pytest.raises(NoAnswer, match="damaged"):
        decoded(body, encoding, 10**6)


def test_a_bomb_stops_at_the_limit() -> None:
    bomb = gzip.compress(gzip.compress(b"\0" * 50_000_000))
    with pytest.raises(NoAnswer, match="too_large"):
        decoded(bomb, "gzip, gzip", 1_000_000)


@pytest.mark.parametrize(
    ("url", "title", "headers", "name"),
    [
        ("http://h/art/art_1_2.html", None, {"content-type": "text/html;charset=utf-8"}, "art_1_2.html"),
        ("http://h/show/8fe2", None, {"content-type": "text/html"}, "8fe2.html"),
        ("http://h/", None, {"content-type": "text/html"}, "page.html"),
        ("http://h/a.shtml", None, {"content-type": "application/pdf"}, "a.pdf"),
        ("http://h/P02024.xls", "附件", {"content-type": "application/octet-stream"}, "P02024.xls"),
        ("http://h/down.jsp?id=7", "2023年统计表.xlsx", {}, "2023年统计表.xlsx"),
        ("http://h/down.jsp?id=7", "统计表", {"content-type": "application/msword"}, "统计表.doc"),
        ("http://h/down.jsp", "表", {"content-disposition": 'attachment; filename="b%2F..%2Fc.pdf"'}, "c.pdf"),
        ("http://h/down.jsp", "表", {"content-disposition": "attachment; filename*=UTF-8''%E8%A1%A8.ofd"}, "表.ofd"),
        ("http://h/%E9%99%84%E4%BB%B6.DOC", "", {}, "附件.DOC"),
        ("http://h/x", "a/b\n附件.pdf", {}, "a_b_附件.pdf"),
    ],
)
def test_files_are_called_by_what_they_are(url: str, title: str | None, headers: dict[str, str], name: str) -> None:
    assert part_name(url, title, headers) == name
    assert len(part_name(url, f"{'长' * 400}{title or ''}", headers)) <= 120
