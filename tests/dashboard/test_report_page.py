"""The page of one report in a browser: both sides of what is broken, the picture of a number, the document's bytes, and
nothing that a document says runs."""

from __future__ import annotations

import functools
import io
import re
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

import duckdb
import pytest
from PIL import Image, ImageChops
from playwright.sync_api import expect

from pipelines.archive import Archive
from pipelines.dashboard import make_app
from pipelines.paths import DataHome
from tests.dashboard.conftest import HOSTILE_CELL, Visitor

BROKEN = "411224/2022/卢氏县水利局"
HOSTILE_REPORT = "411224/2023/卢氏县水利局"
PDF = "520403/2020/平坝区退役军人事务局"
REVISED = "520403/2023/平坝区退役军人事务局（更正）"
RED = (0xE0, 0x00, 0x7A)
CELL = {"table": "application", "row": "received", "column": "total"}


def test_both_sides_of_a_broken_sum(reports: dict[str, str], visitor: Visitor) -> None:
    page = visitor.open(f"/report/{reports[BROKEN]}")
    findings = page.locator("ol.findings > li")
    assert findings.count() == 2
    total = next(text for text in findings.all_inner_texts() if "（总计）" in text)
    assert "错误" in total and "应为 8；实为 9" in total
    assert "一、本年新收政府信息公开申请数量 9 ＋ 二、上年结转政府信息公开申请数量 1 ＝ 10 ≠ 9 ＝ " in total
    assert "差 1" in total
    marked = {link.get_attribute("href") for link in page.locator("table.printed td.broken sup a").all()}
    assert marked == {"#finding-1", "#finding-2"}
    assert page.locator("#finding-2").count() == 1
    assert page.locator("table.printed td.broken").count() == 8


def test_numbers_of_the_year_before_and_what_the_narrative_says(reports: dict[str, str], visitor: Visitor) -> None:
    page = visitor.open(f"/report/{reports[BROKEN]}")
    row = page.locator("table.printed tr", has_text="本年新收")
    assert row.locator("td").last.locator(".before").inner_text().startswith("上年 ")
    before = page.locator("a[href*='/report/']", has_text="2021").first
    assert before.get_attribute("href") == f"/report/{reports['411224/2021/卢氏县水利局']}"
    sentences = page.locator("td[data-label=原句] q").all_inner_texts()
    assert sentences and all(sentences)


def test_a_number_on_its_page_has_a_frame_around_it(
    reports: dict[str, str], home: DataHome, visitor: Visitor, address: str
) -> None:
    page = visitor.open(f"/report/{reports[PDF]}")
    page.locator("table.printed tr", has_text="本年新收").locator("td a").last.click()
    page.wait_for_function("() => document.querySelector('img.evidence')?.naturalWidth > 500")
    expect(page.locator(".picture .spot")).to_be_in_viewport()
    picture = Image.open(io.BytesIO(_bytes(f"{address}/evidence/{reports[PDF]}?{urlencode(CELL)}"))).convert("RGB")
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        sql = 'SELECT box FROM facts.cell WHERE report_id = ? AND "table" = ? AND "row" = ? AND "column" = ?'
        found = connection.execute(sql, [reports[PDF], *CELL.values()]).fetchone()
    assert found
    left, _, right, _ = (edge * 150 / 72 for edge in found[0])
    bands = (
        band.point([255 * (level == wanted) for level in range(256)])
        for band, wanted in zip(picture.split(), RED, strict=True)
    )
    framed = functools.reduce(ImageChops.multiply, bands).getbbox()
    assert framed
    assert framed[0] == pytest.approx(left, abs=12) and framed[2] == pytest.approx(right, abs=12)


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 740)])
def test_a_number_of_a_table_is_led_to(width: int, height: int, reports: dict[str, str], visitor: Visitor) -> None:
    last = {"table": "application", "row": "carried_out", "column": "total"}
    visitor.page.set_viewport_size({"width": width, "height": height})
    page = visitor.open(f"/report/{reports[BROKEN]}?{urlencode(last)}")
    frame = page.frame_locator("iframe.evidence")
    frame.locator("#chosen").wait_for()
    assert frame.locator(".chosen").count() == 1
    number = page.locator("table.printed td.asked > a")
    assert frame.locator("#chosen").inner_text() == number.inner_text()
    expect(frame.locator("#chosen")).to_be_in_viewport()
    assert page.evaluate("document.activeElement.id") == "evidence-heading"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.wait_for_function("() => document.activeElement.tagName === 'IFRAME'")


def test_a_number_that_is_not_there_is_told_in_words(reports: dict[str, str], visitor: Visitor) -> None:
    page = visitor.open(f"/report/{reports[BROKEN]}?table=application&row=nothing&column=total")
    page.wait_for_selector("#evidence [role=alert]")
    assert "画不出" in page.inner_text("#evidence")


def test_a_revision_says_what_changed(reports: dict[str, str], visitor: Visitor) -> None:
    before = "520403/2023/平坝区退役军人事务局"
    page = visitor.open(f"/report/{reports[REVISED]}")
    was, became = (page.inner_text(f"td[data-label={label}]") for label in ("原为", "改为"))
    assert was != became and was and became
    page.click("a:has-text('第 1 稿')")
    page.wait_for_url(f"**/report/{reports[before]}")
    page.wait_for_selector("text=这是旧稿或重复的一份，现行的是")
    assert page.inner_text("td[data-label=原为]") == was
    page.click("main p.warn a")
    page.wait_for_url(f"**/report/{reports[REVISED]}")


def test_nothing_that_a_document_says_runs(reports: dict[str, str], visitor: Visitor) -> None:
    page = visitor.open(f"/report/{reports[HOSTILE_REPORT]}")
    title = page.inner_text("h1")
    assert title.startswith('=HYPERLINK("x")<script>window.broken=1</script>')
    assert "\x01" not in title and "\u202e" not in title
    assert page.locator(f"table.printed a[title='{HOSTILE_CELL}']").inner_text() == "（认不出）"
    assert any("<b onmouseover" in text for text in page.locator("q").all_inner_texts())
    page.hover("q:has-text('onmouseover')")
    page.click(f"table.printed a[title='{HOSTILE_CELL}']")
    frame = page.frame_locator("iframe.evidence")
    assert HOSTILE_CELL in frame.locator("#chosen").inner_text()
    assert page.evaluate("window.broken") is None
    assert page.locator("main img, main script, main b[onmouseover]").count() == 0


def test_links_of_a_report_keep_the_language(reports: dict[str, str], visitor: Visitor) -> None:
    page = visitor.open(f"/report/{reports[BROKEN]}?lang=en")
    assert "expected 8; observed 9" in page.inner_text("ol.findings")
    pages = page.locator("main a[href^='/']:not([href^='/document/'])")
    addresses = [link.get_attribute("href") or "" for link in pages.all()]
    assert len(addresses) > 100
    assert [address for address in addresses if "lang=en" not in address] == []


def test_the_document_is_taken_away_as_it_was_read(reports: dict[str, str], home: DataHome, address: str) -> None:
    with urllib.request.urlopen(f"{address}/document/{reports[BROKEN]}") as answer:
        headers, data = answer.headers, answer.read()
    assert data == (home.root.parent / f"documents/{BROKEN}.html").read_bytes()
    assert headers["Content-Disposition"] == f"attachment; filename={reports[BROKEN]}.html"
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("asked", ["/document/README.md", "/document/0000000000000000-0", "/evidence/README.md"])
def test_only_reports_of_the_warehouse_are_given(asked: str, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    assert Path("README.md").is_file()
    with pytest.raises(urllib.error.HTTPError, match="404"):
        _bytes(f"{address}{asked}?{urlencode(CELL)}")


def test_a_document_that_changed_is_not_given(home: DataHome, reports: dict[str, str], address: str) -> None:
    name = "411224/2020/卢氏县水利局"
    file = home.root.parent / f"documents/{name}.html"
    before = file.read_bytes()
    file.write_bytes(before + b" ")
    try:
        with pytest.raises(urllib.error.HTTPError, match="409"):
            _bytes(f"{address}/document/{reports[name]}")
    finally:
        file.write_bytes(before)


def test_the_archives_bytes_are_given_and_their_loss_is_told(
    home: DataHome, reports: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GONGKAI_ARCHIVE", raising=False)
    data = (home.root.parent / f"documents/{BROKEN}.html").read_bytes()
    archived = DataHome(tmp_path)
    sha256 = Archive(archived.archive).put(data)
    archived.warehouse.write_bytes(home.warehouse.read_bytes())
    with duckdb.connect(str(archived.warehouse)) as connection:
        update = "UPDATE dims.report SET source = ? WHERE report_id = ?"
        connection.execute(update, [f"archive:{sha256}", reports[BROKEN]])
        connection.execute(update, [f"archive:{'0' * 64}", reports[PDF]])
    client = make_app(archived.warehouse, archived).server.test_client()
    answer = client.get(f"/document/{reports[BROKEN]}")
    assert answer.data == data
    assert answer.headers["Content-Disposition"] == f"attachment; filename={reports[BROKEN]}.html"
    lost = client.get(f"/document/{reports[PDF]}")
    assert lost.status_code == 404 and "archive_missing" in lost.text


def test_an_unknown_report_is_told(visitor: Visitor) -> None:
    page = visitor.open("/report/%3Cscript%3Ewindow.broken=4%3C%2Fscript%3E")
    assert page.inner_text("h1") == "没有这份报告"
    assert "<script>" in page.inner_text("main")
    assert page.evaluate("window.broken") is None


def test_a_report_leads_to_its_agency_and_county(reports: dict[str, str], visitor: Visitor) -> None:
    page = visitor.open(f"/report/{reports[BROKEN]}")
    page.click("dl.facts a:has-text('卢氏县水利局')")
    page.wait_for_selector("h1:text-is('卢氏县水利局')")
    assert re.search(r"/agency/[^/]+$", page.url)
    page.click("dl.facts a:text-is('卢氏县')")
    page.wait_for_selector("h1:text-is('卢氏县')")
    assert page.url.endswith("/county/411224")


def _bytes(address: str) -> bytes:
    with urllib.request.urlopen(address) as answer:
        return bytes(answer.read())
