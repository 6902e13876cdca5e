"""Reports of one agency and year over the time: revised, repeated elsewhere, withdrawn, put back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.lake import Lake
from pipelines.lake.rows import Columns
from pipelines.model import FiledReport, SectionText
from pipelines.warehouse import build_candidate
from tests.rules.builder import Name, report

PENALTY: Name = ("disclosure", "penalty", "decisions")
READ = datetime(2024, 6, 30, tzinfo=UTC)
HERE, THERE = "http://a.gov.cn/zwgk/1.html", "http://a.gov.cn/swj/7.html"


def told(
    changes: Mapping[Name, Any] | None = None, *, text: str = "本年度收到申请三件。", **options: Any
) -> FiledReport:
    """A report with some prose."""
    filed = report(changes, published=None, **options)
    return replace(filed, report=replace(filed.report, sections=(SectionText("overview", "一、总体情况", text),)))


def shown(filed: FiledReport, url: str, first: int, last: int, **more: Any) -> dict[str, Any]:
    """An address that showed the report from one day of 2024 to another (days of May)."""
    days = {"first_seen": datetime(2024, 5, first), "last_seen": datetime(2024, 5, last)}
    return {"sha256": filed.snapshot.sha256, "url": url, "source": "s", "run": f"r{first}", **days, **more}


def crawled(*rows: Mapping[str, Any]) -> dict[str, Columns]:
    names = ("sha256", "url", "source", "run", "published", "first_seen", "last_seen", "withdrawn")
    return {"crawl.document": {name: [row.get(name) for row in rows] for name in names}}


def reports(home: Path, filed: list[FiledReport], *rows: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
    Lake(home / "lake").write(filed, reading_key="k", seen_at=READ)
    candidate = build_candidate(home / "lake", home / "candidate.duckdb", registry=crawled(*rows)).candidate
    return duckdb.connect(str(candidate), read_only=True)


def standing(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[Any, ...]]:
    """Report -> its revision, whether it counts, what it repeats, when it was withdrawn."""
    query = "SELECT report_id, revision, is_current, same_as, CAST(withdrawn AS DATE) FROM dims.report"
    return {row[0]: row[1:] for row in connection.execute(query).fetchall()}


def test_other_bytes_at_the_same_address_are_a_revision(tmp_path: Path) -> None:
    first, second = told(), told({PENALTY: 999}, name="second")
    connection = reports(tmp_path, [second, first], shown(first, HERE, 3, 5), shown(second, HERE, 6, 9))
    assert standing(connection) == {
        first.report_id: (1, False, None, None),
        second.report_id: (2, True, None, None),
    }
    assert connection.execute(
        'SELECT report_id, report_before, "row", value_before, value, first_seen_before, first_seen '
        "FROM quality.revision"
    ).fetchall() == [
        (second.report_id, first.report_id, "penalty", 67, 999, datetime(2024, 5, 3), datetime(2024, 5, 6))
    ]


def test_a_revision_tells_when_both_were_published(tmp_path: Path) -> None:
    first, second = told(), told({PENALTY: 999}, name="second")
    connection = reports(
        tmp_path,
        [first, second],
        shown(first, HERE, 3, 5, published=date(2024, 1, 12)),
        shown(second, THERE, 3, 5, published=date(2024, 4, 17)),
    )
    assert connection.execute("SELECT published_before, published FROM quality.revision").fetchall() == [
        (date(2024, 1, 12), date(2024, 4, 17))
    ]


def test_the_same_report_at_two_addresses_is_one(tmp_path: Path) -> None:
    first, twin = told(), told(name="twin", text="本年度 收到申请\u3000三件。\n")
    connection = reports(tmp_path, [first, twin], shown(first, HERE, 3, 9), shown(twin, THERE, 4, 9))
    assert standing(connection) == {
        first.report_id: (1, True, None, None),
        twin.report_id: (1, False, first.report_id, None),
    }
    assert connection.execute("SELECT DISTINCT outcome FROM quality.revised").fetchall() == [("holds",)]


@pytest.mark.parametrize("other", [{"text": "本年度收到申请四件。"}, {"year": 2022}, {"changes": {PENALTY: 998}}])
def test_another_text_year_or_number_is_another_report(tmp_path: Path, other: dict[str, Any]) -> None:
    first, second = told(), told(name="second", **other)
    connection = reports(tmp_path, [first, second], shown(first, HERE, 3, 9), shown(second, THERE, 4, 9))
    assert [row[2] for row in standing(connection).values()] == [None, None]


def test_a_report_without_text_repeats_none(tmp_path: Path) -> None:
    connection = reports(tmp_path, [report(), report(name="twin")])
    assert [row[2] for row in standing(connection).values()] == [None, None]


def test_what_is_withdrawn_stays_and_counts_where_nothing_else_stands(tmp_path: Path) -> None:
    only = told()
    connection = reports(tmp_path, [only], shown(only, HERE, 3, 5, withdrawn=datetime(2024, 5, 7)))
    assert standing(connection) == {only.report_id: (1, True, None, date(2024, 5, 7))}


def test_a_revision_that_is_withdrawn_gives_way_to_what_stands(tmp_path: Path) -> None:
    first, second = told(), told({PENALTY: 999}, name="second")
    gone = datetime(2024, 5, 8)
    connection = reports(
        tmp_path, [first, second], shown(first, HERE, 3, 9), shown(second, THERE, 5, 7, withdrawn=gone)
    )
    assert standing(connection) == {
        first.report_id: (1, True, None, None),
        second.report_id: (2, False, None, date(2024, 5, 8)),
    }


def test_a_report_is_withdrawn_once_its_last_address_is_gone(tmp_path: Path) -> None:
    only = told()
    connection = reports(
        tmp_path, [only], shown(only, HERE, 3, 9), shown(only, THERE, 3, 5, withdrawn=datetime(2024, 5, 7))
    )
    assert standing(connection) == {only.report_id: (1, True, None, None)}


def test_a_twin_that_stands_takes_the_place_of_one_that_is_withdrawn(tmp_path: Path) -> None:
    first, twin = told(), told(name="twin")
    connection = reports(
        tmp_path,
        [first, twin],
        shown(first, HERE, 3, 5, withdrawn=datetime(2024, 5, 7)),
        shown(twin, THERE, 4, 9),
    )
    assert standing(connection) == {
        first.report_id: (1, False, twin.report_id, date(2024, 5, 7)),
        twin.report_id: (1, True, None, None),
    }


def test_what_is_put_back_counts_again(tmp_path: Path) -> None:
    first, second = told(), told({PENALTY: 999}, name="second")
    connection = reports(tmp_path, [first, second], shown(first, HERE, 3, 9), shown(second, HERE, 5, 7))
    assert standing(connection) == {
        first.report_id: (1, True, None, None),
        second.report_id: (2, False, None, None),
    }


@pytest.mark.parametrize(
    ("printed", "listed", "published"),
    [
        (None, date(2024, 1, 12), date(2024, 1, 12)),
        (date(2024, 2, 3), None, date(2024, 2, 3)),
        (date(2024, 2, 3), date(2024, 1, 12), date(2024, 1, 12)),
        (date(2024, 1, 5), date(2024, 1, 12), date(2024, 1, 5)),
        (date(2024, 2, 3), date(2023, 1, 12), date(2024, 2, 3)),
        (date(2023, 2, 3), date(2024, 1, 12), date(2024, 1, 12)),
        (date(2023, 2, 3), None, date(2023, 2, 3)),
    ],
)
def test_it_was_published_when_it_was_first_said_to_be(
    tmp_path: Path, printed: date | None, listed: date | None, published: date
) -> None:
    only = report(published=printed)
    connection = reports(tmp_path, [only], shown(only, HERE, 3, 9, published=listed))
    assert connection.execute("SELECT published FROM dims.report").fetchall() == [(published,)]


def test_the_crawl_knows_when_it_was_seen(tmp_path: Path) -> None:
    only = told()
    connection = reports(tmp_path, [only], shown(only, HERE, 3, 9))
    assert connection.execute("SELECT first_seen, last_seen FROM dims.report").fetchall() == [
        (datetime(2024, 5, 3), READ.replace(tzinfo=None))
    ]
