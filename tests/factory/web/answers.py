"""What a site answers to a request, right or wrong, before anything is sent."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit

HTML = "text/html; charset=utf-8"
JSON = "application/json;charset=UTF-8"
_SIGNIFICANT = ("area", "fbtime", "page", "pageNo", "PAGENUM")


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. `sent`: how many bytes of the body are sent before the connection is cut, all if None; `silent`: the
    connection is cut before a byte is sent; `rest`: seconds that the site asks to be left alone, told as a date if
    `dated`."""

    status: int = 200
    body: bytes = b""
    content_type: str = HTML
    headers: tuple[tuple[str, str], ...] = ()
    sent: int | None = None
    silent: bool = False
    rest: int = 0
    dated: bool = False


@dataclass(frozen=True, slots=True)
class Resource:
    """What stands under an address. `first`: what the first requests get, one each; `then`: what all others get, or 304
    where they name its `etag` or `last_modified`. `cookie`: without this one, a request is sent back to the same
    address with it. `allowed`: whether a crawler that keeps to its card has a reason to ask."""

    then: Reply
    first: tuple[Reply, ...] = ()
    etag: str | None = None
    last_modified: str | None = None
    cookie: str | None = None
    allowed: bool = True

    def unchanged(self, headers: Mapping[str, str]) -> bool:
        """Whether a request with these headers (names in lower case) holds what stands here (RFC 9110, 13.2.2)."""
        if "if-none-match" in headers:
            return self.etag is not None and self.etag in (tag.strip() for tag in headers["if-none-match"].split(","))
        return self.last_modified is not None and headers.get("if-modified-since") == self.last_modified


def key_of(target: str) -> str:
    """The path, with the parameters that choose a page: what stands there is the same whatever else the query says."""
    parts = urlsplit(target)
    query = parse_qs(parts.query)
    for text in query.get("paramJson", ()):
        number = text.partition('"pageNo":')[2].lstrip().partition(",")[0].rstrip("} ")
        query["pageNo"] = [number]
    chosen = [f"{name}={query[name][0]}" for name in _SIGNIFICANT if name in query]
    return f"{parts.path}?{'&'.join(chosen)}" if chosen else parts.path


def etag_of(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:16]}"'


def http_date(day: datetime) -> str:
    return format_datetime(day.astimezone(UTC), usegmt=True)


def gzipped(reply: Reply) -> Reply:
    """The same, compressed on its way."""
    return Reply(
        reply.status, gzip.compress(reply.body, 6, mtime=0), reply.content_type, (("Content-Encoding", "gzip"),)
    )


def moved(location: str, status: int = 302) -> Reply:
    return Reply(status, b"", headers=(("Location", location),))


def missing() -> Reply:
    return Reply(404, "<html><body><h1>404</h1><p>您访问的页面不存在</p></body></html>".encode())


def error(status: int) -> Reply:
    return Reply(status, f"<html><body><h1>{status}</h1></body></html>".encode())


def busy(status: int, seconds: int, dated: bool = False) -> Reply:
    """Says when to come back, in seconds or as a date."""
    return Reply(status, b"busy", "text/plain", rest=seconds, dated=dated)


SILENCE = Reply(silent=True)


def torn(reply: Reply) -> Reply:
    """Half of the body, and the connection is cut; the declared length is that of the whole."""
    return Reply(reply.status, reply.body, reply.content_type, reply.headers, sent=len(reply.body) // 2)


def bomb(size: int) -> Reply:
    """A few kilobytes that become `size` bytes."""
    return gzipped(Reply(body=bytes(size)))


def torn_gzip(reply: Reply) -> Reply:
    """A compressed body without its end, whose declared length is what is sent."""
    whole = gzipped(reply)
    return Reply(whole.status, whole.body[: len(whole.body) // 2], whole.content_type, whole.headers)


WALLS: dict[str, Reply] = {
    "wall_403": Reply(403, b"<html><head><title>403 Forbidden</title></head><body>Forbidden</body></html>"),
    "wall_412": Reply(412, b"<html><script>document.cookie='enc='+Math.random();location.reload()</script></html>"),
    "wall_521": Reply(
        521,
        b"<script>document.cookie=('_')+('_')+'jsl_clearance=1690.1';location.href=location.pathname</script>",
        headers=(("Set-Cookie", "__jsluid_h=5f0a; max-age=31536000; path=/; HttpOnly"),),
    ),
    "wall_script": Reply(
        200,
        b"<html><head><script>document.cookie='wzws_sid=81f0;path=/';window.location.reload();</script></head>"
        b"<body></body></html>",
    ),
}
