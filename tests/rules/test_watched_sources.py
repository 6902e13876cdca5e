"""How each source fares: its state, what its card asserts, and what was there before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.lake import Lake
from pipelines.lake.rows import Columns
from pipelines.model import Agency, FiledReport
from pipelines.quality import load_expectations, run_suites
from pipelines.warehouse import build_candidate, publish
from pipelines.warehouse.relations import CRAWL_TABLES
from tests.rules.builder import report

OTHER = Agency("a-0002", "云岭县水务局", "990124", "county", "department")
GATES = [e for e in load_expectations() if e.table == "quality.source_year"]


def table(name: str, *rows: Mapping[str, Any]) -> dict[str, Columns]:
    return {f"crawl.{name}": {column: [row.get(column) for row in rows] for column in CRAWL_TABLES[name]}}


def source(name: str = "county", **more: Any) -> dict[str, Any]:
    return {"source": name, "kind": "web", "publisher": "某县", "status": "verified", **more}


def run(day: int, found: int = 2, outcome: str = "complete", **more: Any) -> dict[str, Any]:
    began = datetime(2026, 2, day, 12)
    counts = dict.fromkeys(("fetched", "unchanged", "blocked", "failed", "refused", "withdrawn"), 0)
    times = {"started": began, "ended": began.replace(hour=13), "years": "2025", "seconds": 1.5, "problems": []}
    return {"run": f"r{day}", "source": "county", "outcome": outcome, "found": found, **times, **counts, **more}


def held(filed: FiledReport, name: str = "county") -> dict[str, Any]:
    seen = datetime(2026, 2, 3)
    sha256 = filed.snapshot.sha256
    return {
        "sha256": sha256,
        "url": f"http://{sha256[:8]}",
        "source": name,
        "run": "r3",
        "first_seen": seen,
        "last_seen": seen,
    }


def build(home: Path, filed: list[FiledReport], published: Path | None = None, **tables: list[dict[str, Any]]) -> Path:
    Lake(home / "lake").write(filed, reading_key="k", seen_at=datetime(2026, 2, 4, tzinfo=UTC))
    relations: dict[str, Columns] = {}
    for name, rows in tables.items():
        relations |= table(name, *rows)
    return build_candidate(home / "lake", home / "candidate.duckdb", published=published, registry=relations).candidate


def rows(file: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(query).fetchall()


def state(file: Path) -> str:
    ((found,),) = rows(file, "SELECT state FROM quality.source")
    assert isinstance(found, str)
    return found


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([], "never"),
        ([run(3)], "ok"),
        ([run(3), run(4, outcome="failed", found=0)], "dead"),
        ([run(3), run(4, outcome="blocked", found=0)], "blocked"),
        ([run(3), run(4, outcome="refused", found=0)], "refused"),
        ([run(3, outcome="failed"), run(4)], "ok"),
        ([run(3, found=9), run(4, found=7)], "shrinking"),
        ([run(3, found=9), run(4, found=7, years="2019")], "ok"),
        ([run(3, found=9), run(4, found=7, outcome="partial")], "ok"),
        ([run(3, found=9), run(4, found=0, outcome="failed"), run(5, found=7)], "shrinking"),
        ([run(3), run(4, ended=None, outcome="running")], "ok"),
    ],
)
def test_the_state_of_a_site(tmp_path: Path, runs: list[dict[str, Any]], expected: str) -> None:
    one = report()
    assert state(build(tmp_path, [one], source=[source()], run=runs, document=[held(one)])) == expected


def test_a_retired_source_is_in_no_trouble(tmp_path: Path) -> None:
    failed = run(3, outcome="failed", found=0)
    assert state(build(tmp_path, [report()], source=[source(status="retired")], run=[failed])) == "retired"


def test_the_last_success_stays_known(tmp_path: Path) -> None:
    file = build(tmp_path, [report()], source=[source()], run=[run(3), run(4, outcome="failed", found=0)])
    assert rows(file, "SELECT last_run, last_success FROM quality.source") == [
        (datetime(2026, 2, 4, 12), datetime(2026, 2, 3, 13))
    ]


def test_files_of_a_folder_are_its_sources(tmp_path: Path) -> None:
    one = report(name="folder/2023/report")
    cards = [source("folder", kind="local", path="folder"), source("fold", kind="local", path="fold")]
    file = build(tmp_path, [one], source=cards)
    assert rows(file, "SELECT source, state, documents, reports FROM quality.source") == [
        ("fold", "empty", 0, 0),
        ("folder", "ok", 1, 1),
    ]


@pytest.mark.parametrize(
    ("card", "runs", "blocks"),
    [
        (source(), [run(3)], True),
        (source(status="unverified"), [run(3)], False),
        (source(status="unverified", kind="local"), [run(3)], True),
        (source(status="retired"), [run(3)], False),
        (source(), [], False),
    ],
)
def test_fewer_reports_than_the_card_asserts(
    tmp_path: Path, card: dict[str, Any], runs: list[dict[str, Any]], blocks: bool
) -> None:
    one, other = report(), report(agency=OTHER, name="other")
    expected = [{"source": "county", "year": 2023, "reports": 3}]
    documents = [held(one), held(other)]
    file = build(tmp_path, [one, other], source=[card], run=runs, document=documents, expected=expected)
    assert rows(file, "SELECT expected, reports, below, gone FROM quality.source_year") == [(3, 2, blocks, False)]
    told = run_suites(file, GATES).blocked
    assert len(told) == blocks
    assert all("source county, year 2023, expected 3, reports 2" in text for text in told)


def test_as_many_as_asserted_is_enough_and_a_revision_is_none_more(tmp_path: Path) -> None:
    one = report()
    again = report({("disclosure", "penalty", "decisions"): 999}, name="again")
    for asserted, below in ((1, False), (2, True)):
        file = build(
            tmp_path,
            [one, again],
            source=[source()],
            run=[run(3)],
            document=[held(one), held(again)],
            expected=[{"source": "county", "year": 2023, "reports": asserted}],
        )
        assert rows(file, "SELECT reports, below FROM quality.source_year") == [(1, below)]


def test_a_source_and_year_that_is_gone_blocks_and_is_named(tmp_path: Path) -> None:
    one, other = report(), report(agency=OTHER, name="other", year=2022)
    cards = [source(), source("second")]
    publish(
        build(tmp_path, [one, other], source=cards, document=[held(one), held(other, "second")]),
        tmp_path / "warehouse.duckdb",
    )
    both = {"published": tmp_path / "warehouse.duckdb"}
    Lake(tmp_path / "lake").retire([other.snapshot.sha256])
    file = build(tmp_path, [one], **both, source=cards, document=[held(one)])  # type: ignore[arg-type]
    (told,) = run_suites(file, GATES).blocked
    assert "source second, year 2022, reports_before 1" in told
    file = build(tmp_path, [one], **both)  # type: ignore[arg-type]
    assert run_suites(file, GATES).blocked == (), "the files of a folder alone are built"


def test_what_a_run_brought(tmp_path: Path) -> None:
    one, two = report(), report({("application", "processed", "total"): 1}, agency=OTHER, name="other")
    later = held(two) | {"run": "r4"}
    file = build(tmp_path, [one, two], source=[source()], run=[run(3), run(4)], document=[held(one), later])
    assert rows(file, "SELECT run, read, refused_to_read, reports, flagged FROM quality.run") == [
        ("r3", 1, 0, 1, 0),
        ("r4", 1, 0, 1, 1),
    ]
