"""The marts that people compare with: every rate by its two sides, sums of a county, and revisions that count once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from pipelines.lake import Lake
from pipelines.model import Agency
from pipelines.warehouse import build_candidate
from tests.rules.builder import Name, consistent_numbers, report

SCHOOL = Agency("a-0002", "青禾县教育局", "990123", "county", "department", ("教育",))
COUNTY = Agency("a-0003", "青禾县人民政府", "990123", "county", "government")
TOWN = Agency("a-0004", "青禾县石桥镇人民政府", "990124", "township", "township")
PENALTY: Name = ("disclosure", "penalty", "decisions")
LACKING: dict[Name, Any] = {
    ("application", "denied_safety", "total"): "blank",
    ("application", "unavailable_unclear", "total"): "not_applicable",
    ("application", "rejected_repeat", "total"): "unreadable",
    ("application", "other_unpaid", "total"): None,
    ("review", "litigation_direct", "pending"): "blank",
}
NUMBERS = consistent_numbers()
APPLICANTS = ("natural_person", "company", "research", "public_welfare", "legal_service", "other_organisation")


@pytest.fixture(scope="module")
def marts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A bureau with a revision of its report, a second one that lacks numbers, their county, and a town that shows a
    count below zero."""
    home = tmp_path_factory.mktemp("rates")
    filed = [
        report({PENALTY: 61}, name="first", published=date(2024, 1, 9)),
        report({PENALTY: 62}, name="second", published=date(2024, 5, 9)),
        report(LACKING, agency=SCHOOL, name="school"),
        report({PENALTY: 63}, agency=COUNTY, name="county"),
        report({("application", "granted", "total"): -4}, agency=TOWN, name="town"),
    ]
    Lake(home / "lake").write(filed, reading_key="k", seen_at=datetime(2025, 6, 30, tzinfo=UTC))
    build_candidate(home / "lake", home / "candidate.duckdb")
    with duckdb.connect(str(home / "candidate.duckdb"), read_only=True) as connection:
        yield connection


def total(*rows: str) -> Decimal:
    return sum((NUMBERS["application", row, "total"] for row in rows), Decimal(0))


def starting(prefix: str) -> tuple[str, ...]:
    return tuple(row for table, row, column in NUMBERS if column == "total" and row.startswith(prefix))


def of_review(column: str, *rows: str) -> Decimal:
    return sum((NUMBERS["review", row, column] for row in rows), Decimal(0))


SUITS = ("litigation_direct", "litigation_after_reconsideration")
PROCEDURES = {name: (name,) for name in ("reconsideration", *SUITS)} | {"litigation": SUITS}


def test_each_rate_has_its_own_two_sides(marts: duckdb.DuckDBPyConnection) -> None:
    decided, denied, received = total("processed"), total(*starting("denied_")), total("received")
    open_or_partly = total("granted", "granted_in_part")
    expected = {
        "disclosure_substantive": (open_or_partly, decided),
        "disclosure_strict": (total("granted"), decided),
        "disclosure_decidable": (open_or_partly, open_or_partly + denied),
        "denied": (denied, decided),
        "not_held": (total("unavailable_not_held"), decided),
        "unavailable": (total(*starting("unavailable_")), decided),
        "rejected": (total(*starting("rejected_")), decided),
        "other": (total(*starting("other_")), decided),
        "carried_over": (total("carried_out"), received + total("carried_in")),
        "clearance": (decided, received),
        "disputed": (of_review("total", "reconsideration", *SUITS), received),
    }
    expected |= {row: (total(row), denied) for row in starting("denied_")}
    expected |= {row: (total(row), decided) for row in starting("rejected_")}
    expected |= {f"applicant_{a}": (NUMBERS["application", "received", a], received) for a in APPLICANTS}
    found = marts.execute(
        "SELECT rate, numerator, denominator, n, value FROM marts.application_rate WHERE agency_id = 'a-0001'"
    ).fetchall()
    assert {rate: (numerator, denominator) for rate, numerator, denominator, _, _ in found} == expected
    for _, numerator, denominator, n, value in found:
        assert n == denominator and value == pytest.approx(float(numerator / denominator))


def test_each_rate_of_reviews_has_its_own_two_sides(marts: duckdb.DuckDBPyConnection) -> None:
    expected = {}
    for procedure, rows in PROCEDURES.items():
        cases, pending = of_review("total", *rows), of_review("pending", *rows)
        expected[procedure, "pending_of_all"] = (pending, cases)
        for result in ("upheld", "corrected"):
            expected[procedure, f"{result}_of_all"] = (of_review(result, *rows), cases)
            expected[procedure, f"{result}_of_closed"] = (of_review(result, *rows), cases - pending)
    found = marts.execute(
        "SELECT \"procedure\", rate, numerator, denominator FROM marts.review_rate WHERE agency_id = 'a-0001'"
    ).fetchall()
    assert {(procedure, rate): (one, other) for procedure, rate, one, other in found} == expected


def test_a_sum_that_lacks_a_part_is_no_number(marts: duckdb.DuckDBPyConnection) -> None:
    lacking = marts.execute(
        "SELECT denied, unavailable, rejected, other, granted, unavailable_not_held FROM marts.agency_year "
        "WHERE agency_id = 'a-0002'"
    ).fetchall()
    assert lacking == [(None, None, None, None, total("granted"), total("unavailable_not_held"))]
    found = marts.execute(
        "SELECT rate, value, reason FROM marts.application_rate WHERE agency_id = 'a-0002' "
        "AND rate IN ('denied', 'denied_by_law', 'disclosure_decidable')"
    ).fetchall()
    assert {rate: (value, reason) for rate, value, reason in found} == {
        "denied": (None, "no number for the numerator"),
        "denied_by_law": (None, "no number for the denominator"),
        "disclosure_decidable": (None, "no number for the denominator"),
    }
    closed = "SELECT value, reason FROM marts.review_rate WHERE agency_id = 'a-0002' AND rate = 'corrected_of_closed'"
    assert marts.execute(f"{closed} AND \"procedure\" = 'litigation'").fetchall() == [
        (None, "no number for the denominator")
    ]


def test_a_count_below_zero_gives_no_rate(marts: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT value, reason FROM marts.application_rate WHERE agency_id = 'a-0004' AND rate = 'disclosure_strict'"
    assert marts.execute(query).fetchall() == [(None, "a count is negative")]


def test_a_county_and_its_agencies_are_never_one_sum(marts: duckdb.DuckDBPyConnection) -> None:
    found = marts.execute(
        "SELECT basis, reports, received, denied, denied_reports FROM marts.county_year WHERE division = '990123' "
        "ORDER BY basis"
    ).fetchall()
    denied = total(*starting("denied_"))
    assert found == [
        ("agencies", 2, 2 * total("received"), denied, 1),
        ("government", 1, total("received"), denied, 1),
    ]


def test_a_county_has_no_rate_where_one_report_lacks_a_number(marts: duckdb.DuckDBPyConnection) -> None:
    found = marts.execute(
        "SELECT basis, rate, numerator, denominator, value, reason FROM marts.county_rate "
        "WHERE division = '990123' AND rate IN ('denied', 'carried_over') ORDER BY basis, rate"
    ).fetchall()
    coming_in, decided = total("received", "carried_in"), total("processed")
    carried, denied = total("carried_out"), total(*starting("denied_"))
    rate = float(carried / coming_in)
    assert found == [
        ("agencies", "carried_over", 2 * carried, 2 * coming_in, pytest.approx(rate), None),
        ("agencies", "denied", denied, 2 * decided, None, "some of the reports do not show the numbers"),
        ("government", "carried_over", carried, coming_in, pytest.approx(rate), None),
        ("government", "denied", denied, decided, pytest.approx(float(denied / decided)), None),
    ]


@pytest.mark.parametrize("mart", ["agency_year", "application_rate", "review_rate", "application_long"])
def test_a_report_that_was_revised_counts_once(marts: duckdb.DuckDBPyConnection, mart: str) -> None:
    found = marts.execute(
        f"SELECT DISTINCT report_id FROM marts.{mart} WHERE agency_id = 'a-0001' ORDER BY ALL"
    ).fetchall()
    assert found == [(report(name="second").report_id,)]


def test_places_count_a_revised_report_once(marts: duckdb.DuckDBPyConnection) -> None:
    assert marts.execute("SELECT reports FROM marts.coverage WHERE division = '990123'").fetchall() == [(3,)]
    assert marts.execute("SELECT due, found FROM marts.county_coverage WHERE division = '990123'").fetchall() == [
        (3, 3)
    ]
