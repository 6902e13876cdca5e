"""What the rules came to, by place, year and build; and which reports are found, late and missing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.lake import Lake
from pipelines.model import Agency
from pipelines.warehouse import build_candidate
from tests.rules.builder import report

TOTAL = ("application", "received", "total")
SCHOOL = Agency("a-0002", "青禾县教育局", "990123", "county", "department", ("教育", "体育"))
TOWN = Agency("a-0003", "青禾县石桥镇人民政府", "990123", "township", "township")
NOW = datetime(2025, 6, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two bureaus of a county: one with three years, of which one is broken and one cannot be judged; the other with
    one report, which was late. A town that reports on a year that is not over. Built twice."""
    home = tmp_path_factory.mktemp("counts")
    filed = [
        report(year=2021, name="a"),
        report({TOTAL: 4711}, year=2022, name="b"),
        report({TOTAL: "blank"}, year=2023, name="c"),
        report(year=2022, name="d", agency=SCHOOL, published=date(2023, 5, 5)),
        report(year=2025, name="e", agency=TOWN),
    ]
    Lake(home / "lake").write(filed, reading_key="k", seen_at=NOW)
    first, second = home / "first.duckdb", home / "second.duckdb"
    build_candidate(home / "lake", first, built_at=NOW)
    build_candidate(home / "lake", second, published=first, built_at=NOW.replace(day=29), full=True)
    return second


def rows(warehouse: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_a_report_counts_once_a_rule_and_broken_before_undecided(warehouse: Path) -> None:
    found = rows(
        warehouse,
        "SELECT year, functions, judged, holds, broken, unknown FROM quality.rule_count "
        "WHERE rule = 'application_balance' AND province = '99' AND form = '2021' ORDER BY ALL",
    )
    assert found == [
        (2021, ["水利"], 1, 1, 0, 0),
        (2022, ["教育", "体育"], 1, 1, 0, 0),
        (2022, ["水利"], 1, 0, 1, 0),
        (2023, ["水利"], 1, 0, 0, 1),
        (2025, [], 1, 1, 0, 0),
    ]


def test_each_build_adds_its_figures_to_those_before(warehouse: Path) -> None:
    found = rows(
        warehouse,
        "SELECT day(built_at), judged, holds, broken, unknown FROM quality.rule_run "
        "WHERE rule = 'application_balance' ORDER BY built_at",
    )
    assert found == [(29, 5, 3, 1, 1), (30, 5, 3, 1, 1)]


def test_missing_is_who_reported_before_and_not_in_the_year(warehouse: Path) -> None:
    found = rows(
        warehouse,
        "SELECT year, due, found, read, consistent, inconsistent, late, missing FROM marts.county_coverage "
        "WHERE division = '990123' ORDER BY year",
    )
    assert found == [
        (2021, 1, 1, 1, 1, 0, 0, 0),
        (2022, 2, 2, 2, 1, 1, 1, 0),
        (2023, 2, 1, 1, 0, 0, 0, 1),
        (2025, 1, 1, 1, 1, 0, 0, 0),
    ]


def test_a_report_at_a_glance(warehouse: Path) -> None:
    found = rows(
        warehouse,
        "SELECT year, agency, consistent, late, errors > 0, undecided > 0 FROM marts.report ORDER BY year, agency_id",
    )
    assert found == [
        (2021, "青禾县水务局", "yes", False, False, False),
        (2022, "青禾县水务局", "no", False, True, False),
        (2022, "青禾县教育局", "yes", True, False, False),
        (2023, "青禾县水务局", "unknown", False, True, True),
        (2025, "青禾县石桥镇人民政府", "yes", False, False, False),
    ]
