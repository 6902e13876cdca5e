"""Every page, wide and narrow: it is made, fits, says its own title, and everybody can use it (WCAG 2, A and AA)."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from pipelines.dashboard.pages import PAGES
from pipelines.paths import DataHome
from tests.dashboard.conftest import SHOWN, WIDTHS, Visitor, keep_picture

ROOT = Path(__file__).parents[2]
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "resultTypes": ["violations"],
}
DRAWN = """() => !document.querySelector('#evidence [role=status]')
    && [...document.querySelectorAll('.pair')].every(pair => pair.querySelector('.main-svg'))"""
"""All that comes after the page itself is there: pictures of years, the picture of a number."""
BROKEN, HOSTILE_REPORT = "{411224/2022/卢氏县水利局}", "{411224/2023/卢氏县水利局}"
PDF, REVISED = "{520403/2020/平坝区退役军人事务局}", "{520403/2023/平坝区退役军人事务局（更正）}"
CELL = "?table=application&row=received&column=total"
ADDRESSES = {
    "/": "昨夜",
    "/?lang=en": "Last night",
    "/coverage": "覆盖",
    "/coverage?province=41&show=consistent": "覆盖",
    "/rules": "规则",
    "/rules/carried_over": "每一列：上年结转＝上一年报告的结转下年度",
    "/rules/stock?lang=en": "the stock is that of the year before, plus what came, less what went",
    "/flags": "矛盾",
    "/flags?lang=en": "Flags",
    "/reports": "报告",
    "/agencies": "机关",
    "/health": "读取得怎样",
    "/registry": "来源与登记册",
    "/search?q=水利": "搜索：水利",
    "/agency/{agency}": "卢氏县水利局",
    "/county/411224": "卢氏县",
    f"/report/{BROKEN}": "卢氏县水利局2022年度政府信息公开工作年度报告",
    f"/report/{BROKEN}{CELL}": "卢氏县水利局2022年度政府信息公开工作年度报告",
    f"/report/{HOSTILE_REPORT}?lang=en": SHOWN,
    f"/report/{PDF}{CELL}": "平坝区退役军人事务局2020年度政府信息公开工作年度报告",
    f"/report/{REVISED}": "2023年平坝区退役军人事务局政府信息公开工作年度报告",
    "/nowhere": "没有这一页",
    "/rules/nothing": "没有这一页",
    "/report/nothing": "没有这份报告",
}  # fmt: skip
"""Addresses, with the file that a report was read from in braces, and the titles of their pages."""


@pytest.fixture(scope="module")
def named(home: DataHome, reports: dict[str, str]) -> dict[str, str]:
    """What stands for the names in braces."""
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        rows = connection.execute("SELECT agency_id FROM dims.agency WHERE name = '卢氏县水利局'").fetchall()
    return {"agency": rows[0][0], **reports}


def address_of(pattern: str, named: dict[str, str]) -> str:
    for name, value in named.items():
        pattern = pattern.replace(f"{{{name}}}", value)
    assert "{" not in pattern
    return pattern


@pytest.mark.parametrize("pattern", ADDRESSES)
def test_a_page_is_made_and_fits_and_can_be_used_by_everybody(
    pattern: str, visitor: Visitor, named: dict[str, str]
) -> None:
    page = visitor.open(address_of(pattern, named))
    assert page.title() == f"{ADDRESSES[pattern]} · gongkai"
    assert page.inner_text("h1")
    assert page.evaluate("document.documentElement.lang") == ("en" if "lang=en" in pattern else "zh-CN")
    page.wait_for_function(DRAWN)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width)
        violations = Axe().run(page, options=RULES).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"][:160]) for v in violations] == []
        keep_picture(page, pattern)
    assert page.locator("[role=alert]").count() == 0
    assert page.evaluate("window.broken") is None


def test_no_page_is_left_out() -> None:
    paths = {pattern.partition("?")[0] for pattern in ADDRESSES}
    unseen = [page.path for page in PAGES if not any(page.match(path) is not None for path in paths)]
    assert unseen == []


def test_a_page_that_not_everybody_can_use_would_be_found(visitor: Visitor) -> None:
    page = visitor.open("/")
    page.evaluate("document.querySelector('h1').style.color = '#ddd'")
    violations = Axe().run(page, options=RULES).response["violations"]
    assert [v["id"] for v in violations] == ["color-contrast"]


def test_pictures_of_pages_are_kept_where_a_folder_is_named(
    visitor: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGKAI_SCREENSHOTS", str(tmp_path / "made" / "here"))
    page = visitor.open("/rules")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        keep_picture(page, "/rules")
    sizes = {}
    for file in (tmp_path / "made" / "here").iterdir():
        with Image.open(file) as picture:
            sizes[file.name] = picture.width
            assert len(picture.convert("L").getcolors(256) or ()) > 20, "there is something on it"
    assert sizes == {"rules_1440.png": 1440, "rules_390.png": 390}


def test_every_change_keeps_its_pictures_where_git_does_not_look() -> None:
    (line,) = [row for row in (ROOT / ".ci/run").read_text().splitlines() if "GONGKAI_SCREENSHOTS" in row]
    assert line == 'export GONGKAI_SCREENSHOTS="$PWD/build/screenshots"'
    assert "/build/" in (ROOT / ".gitignore").read_text().splitlines()
