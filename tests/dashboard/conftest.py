"""A dashboard over a small warehouse that holds a hostile report, and one browser for all tests."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from dash import Dash
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from pipelines import audit
from pipelines.dashboard import make_app
from pipelines.defs.resources import House, LoggingWatcher
from pipelines.defs.run import bring_up_to_date
from pipelines.paths import SAMPLES, DataHome

HOSTILE = '=HYPERLINK("x")<script>window.broken=1</script>\x07\u202e卢氏县水利局2023年政府信息公开工作年度报告'
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
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="session")
def address(home: DataHome) -> Iterator[str]:
    """Where the dashboard listens."""
    with served(make_app(home.warehouse, home)) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("No chromium is installed: these tests look at pages in it.")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


class Visitor:
    """A page of the browser that notes what a page must never do: errors, and requests to other hosts."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        page.set_default_timeout(20_000)
        self.address = address
        self.wrongs: list[str] = []
        page.on("console", lambda said: self.wrongs.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.wrongs.append(str(error)))
        page.on("request", self._note)

    def _note(self, request: object) -> None:
        url = str(request.url)  # type: ignore[attr-defined]
        if not url.startswith((self.address, "data:", "blob:")):
            self.wrongs.append(f"asks another host: {url}")

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        self.page.wait_for_selector("#shell h1")
        return self.page


@pytest.fixture
def visitor(address: str, browser: Browser) -> Iterator[Visitor]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    visitor = Visitor(page, address)
    yield visitor
    page.close()
    assert not visitor.wrongs
