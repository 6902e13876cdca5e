"""Every page by axe-core: WCAG 2 at levels A and AA, contrast included, wide and narrow."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from pipelines.paths import DataHome
from tests.dashboard.conftest import Visitor

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_can_be_used_by_everybody(
    width: int, visitor: Visitor, home: DataHome, reports: dict[str, str]
) -> None:
    import duckdb

    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        agency = connection.execute("SELECT min(agency_id) FROM dims.report").fetchall()[0][0]
    visitor.page.set_viewport_size({"width": width, "height": 900})
    addresses = [
        *("/", "/coverage", "/rules", "/rules/stock", "/flags", "/reports", "/agencies", "/health", "/registry"),
        *("/search?q=水利", f"/report/{reports['411224/2022/卢氏县水利局']}", f"/agency/{agency}", "/county/411224"),
        "/?lang=en",
    ]
    found = {}
    for address in addresses:
        page = visitor.open(address)
        page.wait_for_load_state("networkidle")
        violations = Axe().run(page, options=RULES).response["violations"]
        found[address] = [(v["id"], v["nodes"][0]["html"][:160]) for v in violations]
    assert not any(found.values()), {address: wrong for address, wrong in found.items() if wrong}


def test_a_page_that_not_everybody_can_use_would_be_found(visitor: Visitor) -> None:
    page = visitor.open("/")
    page.evaluate("document.querySelector('h1').style.color = '#ddd'")
    violations = Axe().run(page, options=RULES).response["violations"]
    assert [v["id"] for v in violations] == ["color-contrast"]
