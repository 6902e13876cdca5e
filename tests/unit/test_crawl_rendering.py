"""Lists that a browser fills: what the page asks for goes the way of all requests; the browser reaches no network."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pipelines.archive import Archive
from pipelines.crawl.fetcher import Fetched, Fetcher, Visit, Wanted
from pipelines.crawl.past import recall
from pipelines.crawl.rendering import Renderer, program, rendered_name
from pipelines.crawl.report import CrawlLimits
from tests.unit.crawl_made import SITE, Reply, Site, answer, awaited, card, lines

LIST = f"{SITE}/col/col7/index.html"
LIMITS = CrawlLimits(back_off=0.0, render_seconds=20.0)

pytestmark = pytest.mark.skipif(program() is None, reason="no Chromium, or no Playwright")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server that no card names, and what it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def rendered(archive: Archive, site: Site, run: str = "one", limits: CrawlLimits = LIMITS) -> tuple[Fetched, str]:
    async def render() -> tuple[Fetched, str]:
        source = card(lists=(LIST,))
        owners = {"www.example.gov.cn": source}
        fetcher = Fetcher(site, archive, run, "gongkai/1", limits, lambda host, seconds: None, owners)
        renderer = Renderer(program() or "", fetcher, limits, "gongkai/1")
        try:
            with archive.ledger("made", run) as ledger:
                visit = Visit(source, ledger, recall(archive, "made", run))
                shown = await renderer.render(visit, Wanted("list", LIST))
                kept = shown.outcome in ("fetched", "unchanged")
                return shown, (await fetcher.body(shown)).decode() if kept else ""
        finally:
            await renderer.close()

    return awaited(render())


def page(script: str) -> Reply:
    source = f"<html><body><ul id='l'></ul><img src='/x.png'><script>{script}</script></body></html>"
    return answer(source, content_type="text/html; charset=utf-8")


FILL = """
fetch('/api', {method: 'POST', body: 'page=1'}).then(r => r.json()).then(found => {
  document.getElementById('l').innerHTML = `<a href="${found.url}">${found.title}</a>`;
});
"""


def test_a_list_is_as_its_scripts_fill_it(archive: Archive) -> None:
    entry = answer('{"url": "/art/9.html", "title": "2021年年报"}', content_type="application/json")
    site = Site({LIST: page(FILL), f"{SITE}/api": entry})
    shown, body = rendered(archive, site)
    assert shown.outcome == "fetched" and '<a href="/art/9.html">2021年年报</a>' in body
    assert [(ask.method, ask.url) for ask in site.asked[1:]] == [("GET", LIST), ("POST", f"{SITE}/api")]
    assert site.asked[-1].body == b"page=1"
    asked = len(site.asked)
    assert rendered(archive, site)[1] == body and len(site.asked) == asked, "the same run has it in the archive"
    assert [line.url for line in lines(archive, "list")][-1] == rendered_name(LIST)


def test_the_browser_reaches_nothing_but_what_the_card_allows(
    archive: Archive, listener: tuple[str, list[str]]
) -> None:
    stranger, asked = listener
    script = f"""
    for (const way of ['fetch', 'image', 'frame', 'socket', 'beacon', 'worker']) try {{
      const to = 'http://{stranger}/' + way;
      if (way === 'fetch') fetch(to).catch(() => 0);
      if (way === 'image') new Image().src = to;
      if (way === 'frame') {{ const f = document.createElement('iframe'); f.src = to; document.body.append(f); }}
      if (way === 'socket') new WebSocket('ws://{stranger}/socket');
      if (way === 'beacon') navigator.sendBeacon(to, 'x');
      if (way === 'worker') navigator.serviceWorker && navigator.serviceWorker.register('/sw.js');
    }} catch (error) {{}}
    """
    shown, _ = rendered(archive, Site({LIST: page(script)}))
    assert shown.outcome == "fetched" and asked == []
    refused = {line.url for line in lines(archive, "list") if line.outcome == "refused"}
    assert f"http://{stranger}/fetch" in refused


def test_a_page_that_never_rests_ends(archive: Archive) -> None:
    script = "setInterval(() => fetch('/api?' + Math.random()).catch(() => 0), 20)"
    site = Site({LIST: page(script)})
    shown, _ = rendered(archive, site, limits=CrawlLimits(back_off=0.0, render_seconds=3.0, render_requests=7))
    assert (shown.outcome, shown.reason) == ("failed", "render_timeout")
    assert len(site.pages) <= 8


def test_a_list_that_is_walled_is_not_shown(archive: Archive) -> None:
    shown, _ = rendered(archive, Site({LIST: answer(b"no", 403)}))
    assert (shown.outcome, shown.reason) == ("blocked", "forbidden")
