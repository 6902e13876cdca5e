"""The suites through Great Expectations, over small candidates."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipelines import quality
from pipelines.lake import Lake
from pipelines.paths import EXPECTATIONS
from pipelines.quality import QualityError, load_expectations, run_suites
from pipelines.warehouse import build_candidate, publish
from tests.rules.builder import Agency, report

OTHER = Agency("a-0002", "云岭县水务局", "990124", "county", "department")


@pytest.fixture
def candidate(tmp_path: Path) -> Path:
    broken = {("application", "carried_out", "company"): 3}
    readings = [
        report(),
        report(broken, agency=OTHER, name="broken"),
        report({("review", "reconsideration", "total"): "blank"}, agency=OTHER, name="blank", year=2022),
    ]
    Lake(tmp_path / "lake").write(readings, reading_key="k")
    return build_candidate(tmp_path / "lake", tmp_path / "candidate.duckdb").candidate


def test_three_outcomes_of_each_rule(candidate: Path) -> None:
    found = run_suites(candidate)
    balance, review = found.results["application_balance"], found.results["review_total"]
    assert (balance.holds, balance.broken, balance.unknown) == (2, 1, 0)
    assert balance.places == ((report(name="broken").report_id,),)
    assert not balance.passed and balance.places[0][0] in balance.message
    assert (review.holds, review.broken, review.unknown) == (2, 0, 1) and review.passed
    assert found.blocked == ()
    with duckdb.connect(str(candidate), read_only=True) as connection:
        kept = connection.execute(
            "SELECT evaluated, holds, broken, unknown, blocking FROM quality.expectation WHERE rule = 'review_total'"
        ).fetchall()
    assert kept == [(2, 2, 0, 1, False)]


def test_rows_in_several_frames_give_the_same(candidate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run_suites(candidate).results
    monkeypatch.setattr(quality, "ROWS", 1)
    framed = run_suites(candidate).results
    for name, result in whole.items():
        assert (framed[name].holds, framed[name].broken, framed[name].unknown) == (
            result.holds,
            result.broken,
            result.unknown,
        ), name


def test_what_must_be_unique_is_so_over_all_frames(candidate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with duckdb.connect(str(candidate)) as connection:
        connection.execute(
            "INSERT INTO dims.agency SELECT agency.* REPLACE (agency.name || i.range AS name) "
            "FROM dims.agency AS agency, range(7) i WHERE agency_id = 'a-0002'"
        )
    monkeypatch.setattr(quality, "ROWS", 1)
    agencies = [e for e in load_expectations() if e.table == "dims.agency"]
    assert len(agencies) > 1, "they would share their frames"
    assert run_suites(candidate, agencies).results["agency_id_unique"].broken == 8


def test_two_expectations_of_one_name_are_refused(tmp_path: Path) -> None:
    suite = (EXPECTATIONS / "structure.json").read_text()
    for name in ("one.json", "two.json"):
        (tmp_path / name).write_text(suite)
    with pytest.raises(ValueError, match=r"two\.json: report_id_\w+ is the name of another"):
        load_expectations(tmp_path)


@pytest.mark.parametrize(
    ("damage", "expectation"),
    [
        ("INSERT INTO facts.cell SELECT * FROM facts.cell LIMIT 1", "facts_unique"),
        ("UPDATE facts.cell SET report_id = 'nobody' WHERE page IS NULL", "facts_have_reports"),
        ("UPDATE facts.cell SET status = 'blank' WHERE \"row\" = 'penalty'", "facts_status_agrees"),
        ("DELETE FROM facts.review", "facts_match_cells"),
        ("INSERT INTO dims.report SELECT * FROM dims.report LIMIT 1", "report_id_unique"),
        ("UPDATE dims.agency SET agency_id = NULL WHERE agency_id = 'a-0002'", "agency_id_not_null"),
        ("DELETE FROM dims.report", "reports_present"),
    ],
)
def test_damage_blocks(candidate: Path, damage: str, expectation: str) -> None:
    from pipelines.warehouse import sql_models

    structure = next(m for m in sql_models() if m.table == "quality.structure")
    with duckdb.connect(str(candidate)) as connection:
        connection.execute(damage)
        connection.execute(f"CREATE OR REPLACE TABLE quality.structure AS {structure.sql}")
    assert any(expectation in name for name in _failed(candidate))


def _failed(candidate: Path) -> list[str]:
    wanted = [e for e in load_expectations() if e.blocking]
    found = run_suites(candidate, wanted)
    assert len(found.blocked) == sum(not r.passed for r in found.results.values())
    return [name for name, result in found.results.items() if not result.passed]


def test_a_county_and_year_that_is_gone_blocks_and_is_named(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    lake.write([report(), report(agency=OTHER, name="other")], reading_key="k")
    publish(build_candidate(lake.root, tmp_path / "candidate.duckdb").candidate, tmp_path / "warehouse.duckdb")
    lake.retire([report(name="other").snapshot.sha256])
    made = build_candidate(lake.root, tmp_path / "candidate.duckdb", published=tmp_path / "warehouse.duckdb")
    (message,) = run_suites(made.candidate).blocked
    assert "990124" in message and "2023" in message


def test_an_expectation_that_cannot_run_is_our_error(candidate: Path) -> None:
    (balance,) = [e for e in load_expectations() if e.name == "application_balance"]
    astray = replace(balance, name="astray", rule=None, kwargs={"column": "no_such_column", "value_set": [0]})
    with pytest.raises(QualityError, match="astray could not run"):
        run_suites(candidate, [balance, astray])
    with duckdb.connect(str(candidate), read_only=True) as connection:
        found = connection.execute(
            "SELECT name, passed, exception IS NULL FROM quality.expectation ORDER BY name"
        ).fetchall()
    assert found[1] == ("astray", False, False)


def test_a_suite_that_disagrees_with_the_flags_is_our_error(candidate: Path) -> None:
    with duckdb.connect(str(candidate)) as connection:
        connection.execute("DELETE FROM quality.flag WHERE rule = 'application_balance'")
    with pytest.raises(QualityError, match="application_balance"):
        run_suites(candidate)


def test_every_rule_has_an_expectation(candidate: Path) -> None:
    with duckdb.connect(str(candidate), read_only=True) as connection:
        rules = {row[0] for row in connection.execute("SELECT rule FROM dims.rule").fetchall()}
    assert {e.rule for e in load_expectations() if e.rule} == rules
