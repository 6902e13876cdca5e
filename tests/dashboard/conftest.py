"""A dashboard over a small warehouse that holds a hostile report, and one page of a browser for all tests."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dash import Dash
from playwright.sync_api import Page, expect, sync_playwright
from werkzeug.serving import make_server

from pipelines import audit
from pipelines.dashboard import make_app
from pipelines.defs.resources import House, LoggingWatcher
from pipelines.defs.run import bring_up_to_date
from pipelines.paths import SAMPLES, DataHome

PATIENCE = 120_000
"""Milliseconds that a page may take: a busy machine is slow, and is no failure."""
WIDTHS = (1440, 390)
HOSTILE = '=HYPERLINK("x")<script>window.broken=1</script>\x01\u202e卢氏县水利局2023年政府信息公开工作年度报告'
SHOWN = HOSTILE.replace("\x01", "\ufffd").replace("\u202e", "")
"""A reader drops marks of direction; a page shows others without a picture by the sign for what is unknown."""
"""Stands in a title: a formula, a script, a bell, and a sign that turns the reading direction."""
HOSTILE_CELL = '<img src=x onerror="window.broken=2">'
HOSTILE_SENTENCE = "<b onmouseover=window.broken=3>其中我局收到21件"


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> DataHome:
    """The published warehouse of two counties' samples; one report's title is HOSTILE, and it contradicts itself."""
    root = tmp_path_factory.mktemp("dashboard")
    for county in ("411224", "520403"):
        shutil.copytree(SAMPLES / county, root / "documents" / county)
    report = root / "documents/411224/2023/卢氏县水利局.txt"
    _, rest = report.read_text(encoding="utf-8").split("\n", 1)
    for before, after in (
        ("行政规范性文件 | 3 | 1 | 84", f"行政规范性文件 | 3 | {HOSTILE_CELL} | 84"),
        ("其中我局收到21件", HOSTILE_SENTENCE),
    ):
        assert before in rest
        rest = rest.replace(before, after)
    report.write_text(f"{HOSTILE}\n{rest}", encoding="utf-8")
    home = DataHome(root / "home")
    bring_up_to_date(House(home=str(home.root), paths=[str(root / "documents")]), LoggingWatcher())
    audit.end()
    return home


@pytest.fixture(scope="session")
def reports(home: DataHome) -> dict[str, str]:
    """Report ids by county, year and name of the file: `411224/2022/卢氏县水利局`."""
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        rows = connection.execute("SELECT source, report_id FROM dims.report").fetchall()
    return {"/".join(Path(source).with_suffix("").parts[-3:]): report_id for source, report_id in rows}


@contextmanager
def served(app: Dash) -> Iterator[str]:
    """The address at which the dashboard listens meanwhile."""
    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def address(home: DataHome) -> Iterator[str]:
    """Where the dashboard listens."""
    with served(make_app(home.warehouse, home)) as address:
        yield address


@pytest.fixture(scope="session")
def opened() -> Iterator[Page]:
    """A page of the browser. It is kept: what it has loaded once, it need not load again."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("No chromium is installed: these tests look at pages in it.")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"], timeout=PATIENCE)
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        yield page
        browser.close()


class Visitor:
    """Whoever looks at pages, and notes what a page must never do: errors, and requests to other hosts."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.wrongs: list[str] = []
        self._heard = {"console": self._said, "pageerror": self._failed, "request": self._asked}
        for event, hear in self._heard.items():
            page.on(event, hear)  # type: ignore[call-overload]
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})

    def _said(self, said: Any) -> None:
        if said.type == "error":
            self.wrongs.append(said.text)

    def _failed(self, error: Any) -> None:
        self.wrongs.append(str(error))

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:", "blob:", "about:")):
            self.wrongs.append(f"asks another host: {request.url}")

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        self.page.wait_for_selector("#shell h1")
        return self.page

    def leave(self) -> None:
        """Goes to where nothing is asked for any more: a server may end now."""
        self.page.goto("about:blank")

    def end(self) -> None:
        self.leave()
        for event, hear in self._heard.items():
            self.page.remove_listener(event, hear)


@pytest.fixture
def visitor(address: str, opened: Page) -> Iterator[Visitor]:
    visitor = Visitor(opened, address)
    yield visitor
    visitor.end()
    assert not visitor.wrongs


def keep_picture(page: Page, path: str) -> None:
    """A picture of the whole page, in the folder that GONGKAI_SCREENSHOTS names, where it names one: an address's path
    and the width are its name."""
    if folder := os.environ.get("GONGKAI_SCREENSHOTS"):
        name = re.sub(r"\W+", "_", path).strip("_") or "night"
        width = page.evaluate("window.innerWidth")
        page.screenshot(path=Path(folder) / f"{name}_{width}.png", full_page=True, timeout=PATIENCE)
