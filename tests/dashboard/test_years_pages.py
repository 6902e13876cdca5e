"""Agencies and divisions over the years: pictures with their numbers, peers, and what may not be compared."""

from __future__ import annotations

import json
import statistics
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dash import dcc
from plotly.utils import PlotlyJSONEncoder  # type: ignore[import-untyped]

from pipelines.dashboard.app import page_at
from pipelines.dashboard.request import Request
from pipelines.dashboard.store import Store
from pipelines.dashboard.verdicts import Verdicts
from pipelines.dashboard.year_pictures import rate_against_peers, stacked
from pipelines.dashboard.years import Peers, Rate, Years, agency_years
from pipelines.lake import Lake
from pipelines.paths import DataHome
from pipelines.warehouse import build_candidate
from tests.dashboard.conftest import Visitor
from tests.rules.builder import BUREAU, report
from tests.rules.test_application_long import sheet


@pytest.fixture(scope="module")
def store(home: DataHome) -> Store:
    return Store(home.warehouse, Verdicts(home.root / "none.jsonl"))


@pytest.fixture(scope="module")
def agency(store: Store) -> str:
    row = store.row("SELECT agency_id FROM dims.agency WHERE name = '卢氏县水利局'")
    assert row
    return str(row["agency_id"])


def test_an_agencys_pictures_stand_beside_their_numbers(agency: str, visitor: Visitor) -> None:
    page = visitor.open(f"/agency/{agency}")
    page.wait_for_function("() => document.querySelectorAll('.graph .main-svg').length >= 9")
    pairs = page.locator(".pair")
    assert pairs.count() == page.locator(".pair [role=img]").count() == page.locator(".pair table").count() == 9
    assert "新收申请" in (page.locator(".pair [role=img]").first.get_attribute("aria-label") or "")
    years = pairs.first.locator("tbody tr td:first-child a").all()
    assert [year.inner_text() for year in years] == ["2020", "2021", "2022"]
    assert pairs.first.locator("tbody tr").last.locator("td").nth(1).inner_text() == "9"
    years[-1].click()
    page.wait_for_selector("h1:has-text('卢氏县水利局2022年度')")


def test_a_county_keeps_the_government_and_its_agencies_apart(visitor: Visitor, store: Store) -> None:
    page = visitor.open("/county/411224")
    sums = {}
    for basis, tab in (("government", "政府的报告"), ("agencies", "部门、乡镇等的报告之和")):
        page.click(f".tabs >> text={tab}")
        page.wait_for_selector(f".tabs a[aria-current]:has-text('{tab}')")
        cells = page.locator("table").first.locator("tbody tr").first.locator("td").all_inner_texts()
        row = store.row(
            "SELECT reports, received FROM marts.county_year WHERE division = '411224' AND year = 2020 AND basis = ?",
            [basis],
        )
        assert row and cells == ["2020", str(row["reports"]), "0", f"{row['received']:.0f}"]
        sums[basis] = cells[-1]
    assert sums["government"] != sums["agencies"]
    page.click("table:has-text('卢氏县水利局') a:has-text('✗')")
    page.wait_for_selector("ol.findings")


@pytest.mark.parametrize("path", ["/agency/nobody", "/county/999999"])
def test_who_is_not_there_is_told(path: str, visitor: Visitor) -> None:
    assert visitor.open(path).inner_text("h1").startswith("没有这个")


def test_links_keep_the_language(agency: str, visitor: Visitor) -> None:
    for path in (f"/agency/{agency}?lang=en", "/county/411224?lang=en"):
        page = visitor.open(path)
        addresses = [link.get_attribute("href") or "" for link in page.locator("main a[href^='/']").all()]
        assert len(addresses) > 10
        assert [address for address in addresses if "lang=en" not in address] == []


def test_peers_are_those_of_one_level_and_kind_with_thirty_cases(store: Store) -> None:
    groups: dict[tuple[Any, ...], list[float]] = defaultdict(list)
    for row in store.rows("SELECT * FROM marts.application_rate WHERE rate = 'denied' AND n >= 30"):
        groups[row["level"], row["kind"], row["year"]].append(row["value"])
    peers = store.rows("SELECT * FROM marts.peers WHERE basis = 'agency' AND measure = 'denied'")
    found = {(p["level"], p["kind"], p["year"]): (p["compared"], p["median"]) for p in peers}
    assert found == {key: (len(values), pytest.approx(statistics.median(values))) for key, values in groups.items()}
    quartiles = [(p["lower_quartile"], p["median"], p["upper_quartile"]) for p in peers if p["compared"] > 1]
    assert quartiles and all(low < middle < high for low, middle, high in quartiles)


def test_a_divisions_rate_needs_the_same_reports_on_both_sides(store: Store) -> None:
    """One department's table of 2023 has blanks."""
    rows = store.rows(
        "SELECT r.rate, r.value, r.reason FROM marts.county_rate AS r "
        "WHERE r.division = '411224' AND r.year = 2023 AND r.basis = 'agencies'"
    )
    told = {row["rate"]: (row["value"], row["reason"]) for row in rows}
    assert told["disputed"] == (None, "some of the reports do not show the numbers")
    whole = store.row(
        "SELECT r.value, y.denied, y.processed FROM marts.county_rate AS r "
        "JOIN marts.county_year AS y USING (division, year, basis) "
        "WHERE r.division = '411224' AND r.year = 2022 AND r.basis = 'agencies' AND r.rate = 'denied'"
    )
    assert whole and whole["value"] == pytest.approx(float(whole["denied"] / whole["processed"]))


@pytest.fixture
def request_of(store: Store, home: DataHome) -> Request:
    return Request("/agency/a", {"agency_id": "a"}, {}, "zh", store, home)


def components(tree: Any) -> Iterator[Any]:
    yield tree
    yield from tree._traverse()


def drawn(section: Any) -> Any:
    """The figure of the section's picture."""
    return next(one.figure for one in components(section) if isinstance(one, dcc.Graph))


def test_a_rate_of_few_cases_is_marked_and_few_peers_are_not_drawn(request_of: Request) -> None:
    rates = {2021: Rate(0.25, 8), 2022: Rate(0.5, 30), 2023: Rate(None, 0)}
    years = Years(range(2021, 2025), {}, {}, {"denied": rates}, {"denied": {2022: Peers(7, 0.1, 0.2, 0.3)}})
    figure = drawn(rate_against_peers(request_of, years, "denied", {}))
    own = figure["data"][0]
    assert own["y"] == [0.25, 0.5, None, None]
    assert own["marker"]["color"][:2] == ["#fff", "#0b5fa5"]
    assert figure["data"][-1]["y"] == [None, 0.2, None, None]
    without = Years(years.years, {}, {}, years.rates, {})
    figure = drawn(rate_against_peers(request_of, without, "denied", {}))
    assert len(figure["data"]) == 1


def test_a_year_that_lacks_a_part_is_not_stacked(request_of: Request) -> None:
    counts = {"reconsideration_upheld": {2021: 3, 2022: 4}, "reconsideration_pending": {2021: 5, 2022: None}}
    parts = (("reconsideration_upheld", "result.upheld"), ("reconsideration_pending", "result.pending"))
    figure = drawn(stacked(request_of, Years((2021, 2022), {}, counts, {}, {}), "years.disputes", parts, {}))
    assert [trace["y"] for trace in figure["data"]] == [[3.0, None], [5.0, None]]


def test_an_agencys_years_are_those_of_the_long_mart(tmp_path: Path) -> None:
    """Over all three forms, with a year between that has no report."""
    Lake(tmp_path / "lake").write(
        [sheet(2017), report(form="2019", year=2019), report(form="2021", year=2021)],
        reading_key="k1",
        seen_at=datetime(2026, 1, 2, tzinfo=UTC),
    )
    build_candidate(tmp_path / "lake", tmp_path / "one.duckdb")
    store = Store(tmp_path / "one.duckdb", Verdicts(tmp_path / "none.jsonl"))
    years = agency_years(store, BUREAU.agency_id, BUREAU.level, BUREAU.kind)
    assert list(years.years) == [2017, 2018, 2019, 2020, 2021]
    compared = 0
    for row in store.rows("SELECT year, measure, value FROM marts.application_long WHERE value IS NOT NULL"):
        if row["measure"] == "received" or row["measure"].endswith(("_upheld", "_corrected", "_other", "_pending")):
            assert years.counts[row["measure"]][row["year"]] == row["value"]
            compared += 1
    assert compared == 3 + 2 * (3 + 4 + 4)


@pytest.mark.parametrize(("url", "led_to"), [("javascript:alert(1)", False), ("https://site.invalid/a.html", True)])
def test_only_addresses_of_the_web_are_led_to(
    url: str, led_to: bool, home: DataHome, tmp_path: Path, reports: dict[str, str]
) -> None:
    copy = tmp_path / "warehouse.duckdb"
    copy.write_bytes(home.warehouse.read_bytes())
    report_id = reports["411224/2022/卢氏县水利局"]
    with duckdb.connect(str(copy)) as connection:
        connection.execute("UPDATE dims.report SET url = ? WHERE report_id = ?", [url, report_id])
    store = Store(copy, Verdicts(tmp_path / "none.jsonl"))
    page = page_at(f"/report/{report_id}", "", store=store, home=home)
    assert (url in [getattr(one, "href", None) for one in components(page)]) is led_to
    assert url in json.dumps(page, cls=PlotlyJSONEncoder)
