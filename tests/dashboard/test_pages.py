"""Ways through the pages in a browser: drill-down, filters, language, search, keyboard; nothing hostile runs."""

from __future__ import annotations

from tests.dashboard.conftest import SHOWN, Visitor


def test_from_the_matrix_to_a_countys_reports(visitor: Visitor) -> None:
    page = visitor.open("/coverage")
    page.click("table.matrix >> text=河南省")
    page.wait_for_selector("h2:has-text('河南省各区划')")
    page.click("table.matrix tbody tr:has-text('卢氏县') td >> nth=3")
    page.wait_for_selector("h1:has-text('报告')")
    assert "division=411224" in page.url and "year=2023" in page.url
    assert page.inner_text("[role=status]") == "共 4 条"
    page.click(".narrowed >> text=区划: 411224")
    page.wait_for_selector("[role=status]:has-text('共 8 条')")
    assert "year=2023" in page.url and "division" not in page.url


def test_a_filter_keeps_what_was_typed_and_sorting_keeps_the_filter(visitor: Visitor) -> None:
    page = visitor.open("/flags")
    everything = page.inner_text("[role=status]")
    page.fill("#filter-q", "兴隆镇")
    page.select_option("#filter-severity", "error")
    page.keyboard.press("Tab")
    page.click(".filters button")
    page.wait_for_function("before => document.querySelector('[role=status]').innerText !== before", arg=everything)
    assert {cell.inner_text() for cell in page.query_selector_all("td[data-label=机关]")} == {"平坝区兴隆镇人民政府"}
    assert page.input_value("#filter-q") == "兴隆镇" and page.input_value("#filter-severity") == "error"
    page.click("th >> text=差额")
    page.wait_for_selector("th[aria-sort=ascending]:has-text('差额')")
    differences = [float(cell.inner_text()) for cell in page.query_selector_all("td[data-label=差额]")]
    assert differences == sorted(differences) and len(set(differences)) > 1
    assert "q=" in page.url and "severity=error" in page.url


def test_the_language_is_kept_from_page_to_page(visitor: Visitor) -> None:
    page = visitor.open("/")
    page.click("header >> text=English")
    page.wait_for_selector("h1:has-text('Last night')")
    page.click("nav >> text=Rules")
    page.wait_for_selector("h1:has-text('Rules')")
    assert page.url.endswith("/rules?lang=en")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.title() == "Rules · gongkai"
    page.go_back()
    page.wait_for_selector("h1:has-text('Last night')")


def test_a_search_by_keyboard_alone(visitor: Visitor) -> None:
    page = visitor.open("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.focus("#find")
    page.keyboard.type("卢氏县")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('搜索：卢氏县')")
    assert page.evaluate("document.activeElement.id") == "content"
    assert page.locator("a[href='/county/411224']").count() == 1


def test_a_hostile_title_is_text(visitor: Visitor) -> None:
    page = visitor.open("/reports?q=HYPERLINK")
    title = page.inner_text("td[data-label=标题]")
    assert title == SHOWN
    assert page.evaluate("window.broken") is None


def test_whoever_frames_or_injects_is_refused(visitor: Visitor) -> None:
    page = visitor.open("/")
    policy = page.evaluate("fetch('/').then(r => r.headers.get('content-security-policy'))")
    assert "default-src 'none'" in policy and "unsafe-eval" not in policy
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe-inline" not in scripts
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))")
    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in wrong for wrong in visitor.wrongs)
    visitor.wrongs.clear()
