"""Scrapy's downloader as the transport: one request at a time a host, at its pace, bounded in bytes and time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from http.cookiejar import Cookie
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.utils.httpobj import urlparse_cached

from pipelines.crawl.certificates import UNVERIFIED_HOSTS, CardsOnCertificates, problem_of
from pipelines.crawl.decoding import ACCEPTED, decoded
from pipelines.crawl.policy import host_names, private_hosts, unverified_hosts
from pipelines.crawl.report import CrawlLimits
from pipelines.crawl.resolver import PRIVATE_HOSTS, PublicResolver
from pipelines.crawl.transport import Answer, Ask, NoAnswer
from pipelines.registry.sources import Card

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http.cookies import CookieJar

NOTICE = 0.05
"""Seconds that a host may need to notice a request. Its pause is counted from its answer where that took no longer, and
from so long after the request was sent where it did: a host that is slow to answer is not asked more slowly still."""

_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (DownloadTimeoutError, "timeout"),
    (CannotResolveHostError, "unresolved"),
    (DownloadConnectionRefusedError, "connection_refused"),
    (ResponseDataLossError, "wrong_length"),
    (DownloadCancelledError, "too_large"),
    (DownloadFailedError, "connection_lost"),
    (OSError, "connection_lost"),
)


class OneRequestConnections(HTTP11DownloadHandler):
    """A connection for each request, and the host's pause counted from when the request is sent over it.

    On a connection that is kept, Twisted sends a request a second time at once where the first had no answer; a host
    would see two without a pause. And were the pause counted from when a connection is sought, a host that was slow to
    accept one would see the next request too soon.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._contextFactory: Any = CardsOnCertificates(crawler, self._contextFactory)
        self._pool.persistent = False
        self._pool.retryAutomatically = False
        kept = self._pool._factory

        class Factory(kept):  # type: ignore[valid-type, misc]
            def buildProtocol(self, address: Any) -> Any:  # noqa: N802 - Twisted's name
                protocol = super().buildProtocol(address)
                send = protocol.request

                def request(sent: Any) -> Any:
                    answer = send(sent)
                    # It leaves when the loop comes round again, before what is due then, and much may be due till then.
                    asyncio.get_running_loop().call_later(0, _count_pause_from_now, crawler, sent.absoluteURI)
                    return answer

                protocol.request = request
                return protocol

        self._pool._factory = Factory


def _count_pause_from_now(crawler: Crawler, url: bytes) -> None:
    assert crawler.engine is not None
    slot = crawler.engine.downloader.slots.get(urlsplit(url.decode("ascii")).hostname or "")
    if slot is not None:
        slot.lastseen = time.monotonic()


class HostCookies(CookiesMiddleware):
    """A jar for each host, whose cookies are for that host alone.

    So it need not know which domains are public suffixes, for which Scrapy would ask a host that no card names.
    """

    def _process_cookies(self, cookies: Iterable[Cookie], *, jar: CookieJar, request: Request) -> None:
        host = urlparse_cached(request).hostname or ""
        for cookie in cookies:
            if host == cookie.domain.removeprefix(".") or host.endswith(f".{cookie.domain.removeprefix('.')}"):
                cookie.domain, cookie.domain_specified, cookie.domain_initial_dot = host, False, False
                jar.set_cookie_if_ok(cookie, request)


def settings(cards: Iterable[Card], agent: str, limits: CrawlLimits) -> dict[str, Any]:
    """Scrapy's settings for a run. What is not named here is off: no extension, no other handler, no other
    middleware."""
    known = list(cards)
    paces: dict[str, float] = {}
    for card in known:
        for host in host_names(card):
            paces[host] = max(card.pace, paces.get(host, 0.0))
    return {
        "USER_AGENT": agent,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "*/*",
            "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
            "Accept-Encoding": ACCEPTED,
        },
        "CONCURRENT_REQUESTS": 0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY_JITTER": 0.0,
        "DOWNLOAD_SLOTS": {host: {"concurrency": 1, "delay": pace, "jitter": 0.0} for host, pace in paces.items()},
        "DOWNLOAD_TIMEOUT": limits.seconds,
        "DOWNLOAD_MAXSIZE": limits.body_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        UNVERIFIED_HOSTS: sorted(unverified_hosts(known)),
        "DOWNLOAD_HANDLERS_BASE": {"http": OneRequestConnections, "https": OneRequestConnections},
        "DOWNLOADER_MIDDLEWARES_BASE": {
            "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
            "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
            HostCookies: 700,
        },
        "SPIDER_MIDDLEWARES_BASE": {},
        "EXTENSIONS_BASE": {},
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "TWISTED_DNS_RESOLVER": PublicResolver,
        PRIVATE_HOSTS: sorted(private_hosts(known)),
        "REACTOR_THREADPOOL_MAXSIZE": 32,
        "LOG_LEVEL": "WARNING",
    }


class Downloads:
    """The transport of a crawler that runs."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._limit = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._unverified = frozenset(crawler.settings.getlist(UNVERIFIED_HOSTS))

    async def __call__(self, ask: Ask) -> Answer:
        """Sends it when the host's turn comes. Raises NoAnswer."""
        assert self._crawler.engine is not None
        request = Request(
            ask.url,
            method=ask.method,
            headers=dict(ask.headers),
            body=ask.body,
            meta={"download_slot": ask.host, "cookiejar": ask.host},
        )
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as error:
            raise NoAnswer(self._reason(error, ask.host)) from error
        finally:
            slot = self._slot(ask.host)
            slot.lastseen = min(time.monotonic(), slot.lastseen + NOTICE)
        headers = {_text(name).lower(): _text(b",".join(values)) for name, values in response.headers.items()}
        encoding = headers.get("content-encoding", "")
        body = decoded(response.body, encoding, self._limit) if response.body and encoding else response.body
        return Answer(response.status, headers, body, self._verified(ask))

    def _verified(self, ask: Ask) -> bool | None:
        return ask.host not in self._unverified if ask.url.startswith("https:") else None

    def begin(self) -> None:
        """Lets each host rest for its pace before the first request: a run before this one may have ended just now."""
        for host in self._crawler.settings.getdict("DOWNLOAD_SLOTS"):
            self._slot(host).lastseen = time.monotonic()

    def pace(self, host: str, seconds: float) -> None:
        """A host wants more time between two requests than its cards give it."""
        slot = self._slot(host)
        slot.delay = max(slot.delay, seconds)
        assert self._crawler.engine is not None
        self._crawler.engine.downloader.per_slot_settings[host]["delay"] = slot.delay

    def _slot(self, host: str) -> Any:
        assert self._crawler.engine is not None
        request = Request(f"http://{host}/", meta={"download_slot": host})
        return self._crawler.engine.downloader._get_slot(request)[1]

    def _reason(self, error: Exception, host: str) -> str:
        from twisted.internet import reactor

        reason = next((reason for kind, reason in _REASONS if isinstance(error, kind)), None)
        if reason is None:
            raise error
        if (problem := problem_of(error)) is not None:
            return problem
        resolver = reactor.nameResolver
        if reason == "unresolved" and isinstance(resolver, PublicResolver) and host in resolver.refused:
            return "private"
        return reason


def _text(header: bytes) -> str:
    """A header's bytes, which may be of any encoding."""
    try:
        return header.decode("utf-8")
    except UnicodeDecodeError:
        return header.decode("gb18030", errors="replace")
