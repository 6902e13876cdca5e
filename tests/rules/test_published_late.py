"""Whether a report appeared in time (条例第四十九条)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.lake import Lake
from pipelines.model import Agency, AgencyKind
from pipelines.warehouse import build_candidate, judge
from tests.rules.builder import BUREAU, broken, report, unknown


def of_kind(kind: AgencyKind) -> Agency:
    return replace(BUREAU, agency_id=f"a-{kind}", kind=kind)


def outcome(kind: AgencyKind, published: date | None, year: int = 2023) -> str:
    judged = report(agency=of_kind(kind), published=published, year=year)
    flags = judge([judged])[judged.report_id]
    if "published_late" in broken(flags):
        return "broken"
    return "unknown" if "published_late" in unknown(flags) else "holds"


@pytest.mark.parametrize(
    ("kind", "published", "expected"),
    [
        ("department", date(2024, 1, 31), "holds"),
        ("department", date(2024, 2, 1), "broken"),
        ("township", date(2024, 2, 1), "broken"),
        ("subdistrict", date(2024, 3, 30), "broken"),
        ("government", date(2024, 3, 31), "holds"),
        ("government", date(2024, 4, 1), "broken"),
        ("other", date(2024, 1, 31), "holds"),
        ("other", date(2024, 2, 1), "unknown"),
        ("department", None, "unknown"),
        ("department", date(2023, 6, 5), "unknown"),
    ],
)
def test_each_kind_has_its_day(kind: AgencyKind, published: date | None, expected: str) -> None:
    assert outcome(kind, published) == expected


def test_the_regulations_of_2008_gave_everybody_until_march() -> None:
    assert outcome("department", date(2019, 3, 31), year=2018) == "holds"
    assert outcome("department", date(2019, 4, 2), year=2018) == "broken"
    assert outcome("department", date(2020, 3, 31), year=2019) == "broken"


def test_a_late_report_names_both_days() -> None:
    late = report(published=date(2024, 2, 19))
    (flag,) = broken(judge([late])[late.report_id])["published_late"]
    assert (flag.severity, flag.expected, flag.observed) == ("info", "by 2024-01-31", "2024-02-19")


def test_a_revision_is_not_late_where_the_first_report_was_in_time() -> None:
    first = report(published=date(2024, 1, 20))
    second = report({("disclosure", "penalty", "decisions"): 999}, name="again", published=date(2024, 5, 2))
    assert "published_late" not in {flag.rule for flag in judge([first, second])[second.report_id]}
    assert "published_late" in broken(judge([second])[second.report_id])


@pytest.mark.parametrize(
    ("seen", "published", "expected"),
    [
        (datetime(2024, 1, 31, 15, 59, tzinfo=UTC), None, "holds"),
        (datetime(2024, 1, 31, 16, 1, tzinfo=UTC), None, "unknown"),
        (datetime(2024, 1, 31, 15, 59, tzinfo=UTC), date(2024, 2, 20), "holds"),
        (datetime(2023, 6, 5, tzinfo=UTC), None, "unknown"),
    ],
)
def test_what_was_seen_in_time_appeared_in_time(
    tmp_path: Path, seen: datetime, published: date | None, expected: str
) -> None:
    Lake(tmp_path / "lake").write([report(published=published)], reading_key="k", seen_at=seen)
    candidate = build_candidate(tmp_path / "lake", tmp_path / "candidate.duckdb").candidate
    with duckdb.connect(str(candidate), read_only=True) as connection:
        rows = connection.execute("SELECT outcome, note IS NULL FROM quality.published_late").fetchall()
    assert rows == [(expected, expected == "holds")]


def test_without_a_year_nothing_is_said() -> None:
    nameless = report(year=None, published=date(2024, 5, 2))
    assert "published_late" in unknown(judge([nameless])[nameless.report_id])
