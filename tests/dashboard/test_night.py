"""Last night is never green while something did not run; what could not run is no failure; both are said apart."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import duckdb
import pytest

from pipelines.dashboard.night_lights import Light, State, lights, overall
from pipelines.dashboard.request import Request
from pipelines.dashboard.since import changes
from pipelines.dashboard.store import Store
from pipelines.dashboard.verdicts import Verdicts
from pipelines.paths import DataHome

CRAWL = (
    "INSERT INTO quality.run BY NAME SELECT '{run}' AS run, '{source}' AS source, TIMESTAMP '{at}' AS started, "
    "TIMESTAMP '{at}' AS ended, '{outcome}' AS outcome, 7 AS found, 5 AS fetched, 3 AS unchanged, 2 AS blocked, "
    "1 AS failed, 4 AS refused"
)
ALL_HOLDS = "UPDATE quality.expectation SET passed = true, broken = 0"

Seen = Callable[..., dict[str, Light]]


@pytest.fixture
def seen(home: DataHome, tmp_path: Path) -> Seen:
    """What the lights show of a copy of the warehouse, changed by these statements, `later` than it was built."""

    def look(*statements: str, later: timedelta = timedelta(hours=1)) -> dict[str, Light]:
        other = DataHome(tmp_path)
        shutil.copyfile(home.warehouse, other.warehouse)
        with duckdb.connect(str(other.warehouse)) as connection:
            for statement in statements:
                connection.execute(statement)
            built = connection.execute("SELECT built_at FROM quality.build").fetchall()[0][0]
        store = Store(other.warehouse, Verdicts(tmp_path / "verdicts.jsonl"))
        request = Request("/", {}, {}, "en", store, other)
        return {light.name: light for light in lights(request, built.replace(tzinfo=UTC) + later)}

    return look


def crawled(outcome: str, source: str = "a", run: str = "r2", ago: timedelta = timedelta(0)) -> str:
    return CRAWL.format(run=run, source=source, outcome=outcome, at=datetime.now(UTC).replace(tzinfo=None) - ago)


def test_green_only_where_everything_is() -> None:
    states: tuple[State, ...] = ("good", "warn", "bad", "none")
    for some in product(states, repeat=3):
        assert (overall(some) == "good") == (set(some) == {"good"})
        assert overall(some) == "bad" or "bad" not in some
    assert overall(["warn", "none"]) == "none"


def test_all_is_well_where_all_ran_and_holds(seen: Seen) -> None:
    found = seen(crawled("complete"), crawled("complete", "b"), ALL_HOLDS)
    assert {light.state for light in found.values()} == {"good"}
    assert "complete: 2" in found["crawl"].lines[1]


def test_no_crawl_is_not_green(seen: Seen) -> None:
    assert seen(ALL_HOLDS)["crawl"].state == "none"


@pytest.mark.parametrize(
    ("outcome", "state"), [("partial", "warn"), ("blocked", "bad"), ("failed", "bad"), ("running", "none")]
)
def test_one_source_is_enough(outcome: str, state: str, seen: Seen) -> None:
    assert seen(crawled("complete"), crawled(outcome, "b"), ALL_HOLDS)["crawl"].state == state


def test_an_earlier_crawl_does_not_speak_for_last_night(seen: Seen) -> None:
    bad_before = crawled("failed", run="r1", ago=timedelta(hours=20))
    assert seen(bad_before, crawled("complete"), ALL_HOLDS)["crawl"].state == "good"
    old = seen(crawled("complete", ago=timedelta(hours=40)), ALL_HOLDS)
    assert old["crawl"].state == "none"


def test_a_build_of_the_day_before_yesterday_is_not_fresh(seen: Seen) -> None:
    assert seen(later=timedelta(hours=35))["freshness"].state == "good"
    assert seen(later=timedelta(hours=37))["freshness"].state == "none"


def test_a_check_without_result_and_one_that_could_not_run_are_no_failures(seen: Seen) -> None:
    never = seen(ALL_HOLDS, "DELETE FROM quality.expectation WHERE name = 'review_total'")["checks"]
    assert never.state == "none"
    assert any("did not run" in line and "review_total" in line for line in never.lines)
    erred = seen(
        ALL_HOLDS, "UPDATE quality.expectation SET passed = false, exception = 'boom' WHERE name = 'carried_over'"
    )["checks"]
    assert erred.state == "bad"
    assert any("could not run" in line and "carried_over" in line for line in erred.lines)
    assert not any("do not hold" in line for line in erred.lines)


def test_contradictions_need_a_look_and_blocking_ones_are_wrong(seen: Seen) -> None:
    assert seen()["checks"].state == "warn"
    blocked = seen(ALL_HOLDS, "UPDATE quality.expectation SET passed = false WHERE blocking AND suite = 'coverage'")
    assert blocked["checks"].state == "bad"


def test_what_is_gone_is_wrong(seen: Seen) -> None:
    gone = seen(
        "UPDATE quality.coverage SET gone = true WHERE division = '411224' AND year = 2023",
        "INSERT INTO quality.source_year VALUES ('a', 2021, 9, 8, 6, true, false)",
    )["coverage"]
    assert gone.state == "bad"
    assert [line for line in gone.lines if "gone" in line] == ["1 divisions and years were there and are gone"]
    assert [line for line in gone.lines if "cards" in line] == ["1 sources and years are below what their cards assert"]


def test_a_newer_candidate_was_held_back(seen: Seen, home: DataHome, tmp_path: Path) -> None:
    candidate = DataHome(tmp_path).candidate
    shutil.copyfile(home.warehouse, candidate)
    ahead = datetime.now(UTC).timestamp() + 60
    os.utime(candidate, (ahead, ahead))
    assert seen()["publication"].state == "none"
    with duckdb.connect(str(candidate)) as connection:
        connection.execute(
            "UPDATE quality.expectation SET passed = false, message = 'two are gone' "
            "WHERE blocking AND suite = 'coverage'"
        )
    os.utime(candidate, (ahead, ahead))
    held = seen()["publication"]
    assert held.state == "bad"
    assert any("two are gone" in line for line in held.lines)
    os.utime(candidate, (0, 0))
    assert seen()["publication"].state == "good"


def test_what_changed_since_the_release_before(home: DataHome, tmp_path: Path) -> None:
    other = DataHome(tmp_path)
    shutil.copyfile(home.warehouse, other.warehouse)
    store = Store(other.warehouse, Verdicts(tmp_path / "verdicts.jsonl"))
    request = Request("/", {}, {}, "en", store, other)
    assert changes(request) is None
    for version in ("2026.1.2", "2026.1.3"):
        (other.releases / version).mkdir(parents=True)
        shutil.copyfile(home.warehouse, other.releases / version / "gongkai.duckdb")
    assert changes(request) is None, "a release of this very build is not the one before"
    with duckdb.connect(str(other.releases / "2026.1.2/gongkai.duckdb")) as connection:
        connection.execute("UPDATE quality.build SET built_at = built_at - INTERVAL 1 DAY")
        report = connection.execute("SELECT min(report_id) FROM dims.report WHERE is_current").fetchall()[0][0]
        connection.execute("UPDATE dims.report SET numbers_digest = 'x' WHERE report_id = ?", [report])
        connection.execute(
            "UPDATE facts.cell SET value = 4711 WHERE report_id = ? AND \"table\" = 'application' "
            "AND \"row\" = 'received' AND \"column\" = 'total'",
            [report],
        )
    (other.releases / "2026.1.4").mkdir()
    found = changes(request)
    assert found is not None
    assert (found.before, found.numbers, found.reports["revised"]) == ("2026.1.2", 1, 1)
    assert found.first[0].before == "4711" != found.first[0].now
