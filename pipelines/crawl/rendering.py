"""Lists that only a browser fills, as Debian's Chromium shows them.

The browser reaches no network. Whatever a page asks for is fetched like everything else: hosts of the card only, at
their pace, obeying robots.txt, a line in the ledger each; pictures, fonts and styles are not asked for at all.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import shutil
from importlib.util import find_spec
from typing import TYPE_CHECKING

from pipelines.crawl.fetcher import Fetched, Fetcher, Visit, Wanted
from pipelines.crawl.report import CrawlLimits

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page, Playwright, Route

NEEDS_BROWSER = "needs_browser"
HOW_TO_GET = "install the extra `browser` of this package and the system's chromium"

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
_ASKED_FOR = {"document", "script", "xhr", "fetch"}
_SENT_ON = ("content-type", "accept", "x-requested-with")
_OFFLINE = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
)

log = logging.getLogger(__name__)


def rendered_name(url: str) -> str:
    """What the ledger calls the page as the browser shows it, beside the page as it was sent."""
    return f"{url}#rendered"


def program() -> str | None:
    """Chromium's command where it and Playwright are installed."""
    found = next((path for name in _PROGRAMS if (path := shutil.which(name))), None)
    return found if found is not None and find_spec("playwright") is not None else None


class Renderer:
    """Shows pages, one after the other, in a browser that starts with the first of them."""

    def __init__(self, command: str, fetcher: Fetcher, limits: CrawlLimits, agent: str) -> None:
        self._command = command
        self._fetcher = fetcher
        self._limits = limits
        self._agent = agent
        self._turn = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    async def render(self, visit: Visit, wanted: Wanted) -> Fetched:
        """The page as it stands once its scripts have run; its source's outcome where that was not fetched.

        Raises ArchiveError where the archive can keep no more.
        """
        shown = Wanted("list", rendered_name(wanted.url))
        settled = visit.past.settled.get((shown.kind, shown.url))
        if settled is not None:
            return Fetched(settled.outcome, settled.reason, settled)
        source = await self._fetcher.fetch(visit, wanted)
        if source.outcome not in ("fetched", "unchanged"):
            return source
        from playwright.async_api import Error

        async with self._turn:
            try:
                body = await asyncio.wait_for(self._shown(visit, wanted), self._limits.render_seconds)
            except TimeoutError:
                return await self._fetcher.settle(visit, shown, "failed", "render_timeout")
            except Error as error:
                log.warning("%s could not be rendered: %s", wanted.url, error)
                return await self._fetcher.settle(visit, shown, "failed", "render_failed")
        return await self._fetcher.settle(visit, shown, "fetched", None, body)

    async def close(self) -> None:
        if self._browser is not None:
            await self._browser.close()
        if self._playwright is not None:
            await self._playwright.stop()

    async def _shown(self, visit: Visit, wanted: Wanted) -> bytes:
        browser = await self._started()
        context = await browser.new_context(user_agent=self._agent, service_workers="block", accept_downloads=False)
        try:
            page = await context.new_page()
            requests = _Requests(self._fetcher, visit, wanted, self._limits.render_requests)
            await context.route("**/*", requests.answer)
            return await self._filled(page, wanted.url)
        finally:
            await context.close()

    async def _filled(self, page: Page, url: str) -> bytes:
        milliseconds = self._limits.render_seconds * 1000
        await page.goto(url, wait_until="load", timeout=milliseconds)
        await page.wait_for_load_state("networkidle", timeout=milliseconds)
        return (await page.content()).encode("utf-8", "replace")

    async def _started(self) -> Browser:
        if self._browser is None or not self._browser.is_connected():
            from playwright.async_api import async_playwright

            if self._playwright is None:
                self._playwright = await async_playwright().start()
            self._browser = await self._playwright.chromium.launch(
                executable_path=self._command,
                headless=True,
                args=list(_OFFLINE),
                # Chromium's own sandbox refuses to run as root.
                chromium_sandbox=os.geteuid() != 0,
            )
        return self._browser


class _Requests:
    """What one page asks for while it is shown."""

    def __init__(self, fetcher: Fetcher, visit: Visit, page: Wanted, most: int) -> None:
        self._fetcher, self._visit, self._page, self._left = fetcher, visit, page, most

    async def answer(self, route: Route) -> None:
        """Gives the browser what was fetched for it, or nothing."""
        request = route.request
        if request.resource_type not in _ASKED_FOR or request.method not in ("GET", "POST") or self._left <= 0:
            await route.abort("blockedbyclient")
            return
        self._left -= 1
        body = request.post_data_buffer or b""
        url = request.url.partition("#")[0]
        wanted = Wanted(
            "list",
            f"{url}#{hashlib.sha256(body).hexdigest()[:16]}" if request.method == "POST" else url,
            listed_in=self._page.url,
            method=request.method,
            body=body,
            headers={name: request.headers[name] for name in _SENT_ON if name in request.headers},
        )
        fetched = await self._fetcher.fetch(self._visit, wanted)
        if fetched.outcome not in ("fetched", "unchanged"):
            await route.abort("blockedbyclient")
            return
        await route.fulfill(
            status=200,
            content_type=self._visit.past.held[wanted.url].headers.get("content-type", "text/html"),
            # Scripts may ask another host of the card; that one's own word on who may is not kept.
            headers={"access-control-allow-origin": "*"},
            body=await self._fetcher.body(fetched),
        )
