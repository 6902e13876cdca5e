"""Pages that stand without the dashboard, in a browser: a release and its Data Docs (led to from the dashboard), the
page of a checked draft, the letter of findings. Wide and narrow they fit, and everybody can use them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from pipelines.check import check
from pipelines.dashboard import make_app
from pipelines.data_docs import write_data_docs
from pipelines.findings import findings
from pipelines.paths import DataHome
from pipelines.release import release
from tests.dashboard.conftest import WIDTHS, Visitor, keep_picture, served
from tests.dashboard.test_every_page import RULES

LED_TO = {
    "Data Docs": "data-docs/index.html",
    "数据字典": "dictionary.html",
    "版本说明": "notes.html",
}


@pytest.fixture(scope="module")
def released(home: DataHome, tmp_path_factory: pytest.TempPathFactory) -> DataHome:
    """Two releases, of a day and of the next: one number was another one before."""
    other = DataHome(tmp_path_factory.mktemp("released"))
    shutil.copyfile(home.warehouse, other.warehouse)
    with duckdb.connect(str(other.warehouse)) as connection:
        connection.execute("UPDATE quality.build SET built_at = built_at - INTERVAL 1 DAY")
        (report_id,) = connection.execute(
            "SELECT min(report_id) FROM dims.report WHERE is_current AND division = '411224'"
        ).fetchall()[0]
        connection.execute("UPDATE dims.report SET numbers_digest = 'x' WHERE report_id = ?", [report_id])
        connection.execute(
            "UPDATE facts.cell SET value = 4711 WHERE report_id = ? AND \"table\" = 'application' "
            "AND \"row\" = 'received' AND \"column\" = 'total'",
            [report_id],
        )
    release(other, now=datetime(2026, 1, 2, tzinfo=UTC))
    other.warehouse.unlink()
    shutil.copyfile(home.warehouse, other.warehouse)
    release(other, now=datetime(2026, 1, 3, tzinfo=UTC), data_docs=write_data_docs)
    return other


@pytest.fixture
def at_release(released: DataHome, visitor: Visitor) -> Iterator[Visitor]:
    with served(make_app(released.warehouse, released)) as address:
        visitor.address = address
        yield visitor
        visitor.leave()


def everybody_can_use(page: Page, name: str) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width)
        violations = Axe().run(page, options=RULES).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"][:160]) for v in violations] == []
        keep_picture(page, name)


def test_from_the_dashboard_to_what_changed_and_to_every_page_of_the_release(at_release: Visitor) -> None:
    page = at_release.open("/")
    assert "与 2026.1.2 版相比" in page.inner_text("main")
    row = page.locator("tr", has=page.locator("td[data-label=原来]:text-is('4711')"))
    assert row.locator("td[data-label=哪个数]").inner_text() == "一、本年新收政府信息公开申请数量·总计"
    for words, path in LED_TO.items():
        with page.expect_popup() as opened:
            page.click(f"main a:has-text('{words}')")
        popup = opened.value
        popup.wait_for_selector("h1")
        assert popup.url == f"{at_release.address}/release/{path}"
        popup.close()
    for path in (*LED_TO.values(), "index.html", "rules.html"):
        page.goto(f"{at_release.address}/release/{path}")
        page.wait_for_selector("h1")
        everybody_can_use(page, f"release_{path}")
    page.goto(f"{at_release.address}/release/{LED_TO['版本说明']}")
    assert "4711" in page.inner_text("main")
    page.goto(f"{at_release.address}/release/{LED_TO['Data Docs']}")
    first = page.locator("td a").first
    assert int(page.locator("tbody tr").first.locator("td").nth(1).inner_text()) > 0
    first.click()
    page.wait_for_url("**/validations/**")
    assert page.locator("script").count() == 0


def test_the_page_of_a_draft_and_the_letter(
    home: DataHome, reports: dict[str, str], tmp_path: Path, visitor: Visitor
) -> None:
    draft = home.root.parent / "documents/411224/2023/卢氏县水利局.txt"
    made = [check(draft, home, out=tmp_path / "check.html").page]
    made += findings("411224", 2022, home, tmp_path / "findings").letters[:1]
    assert len(made) == 2
    visitor.address = "file://"
    for file in made:
        visitor.page.goto(file.as_uri())
        visitor.page.wait_for_selector("h1")
        everybody_can_use(visitor.page, file.parent.name + "_" + file.stem.split("-")[0])
        assert visitor.page.evaluate("window.broken") is None
