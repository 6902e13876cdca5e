"""Building a candidate from the lake, carrying over what did not change, and publishing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.lake import Lake
from pipelines.model import Agency, FiledReport, Issue, Refusal, Snapshot, Source
from pipelines.warehouse import Build, ModelError, build_candidate, judge, publish, sql_models
from pipelines.warehouse.build import WarehouseError
from pipelines.warehouse.models import needed_for
from tests.rules.builder import BUREAU, report

PENALTY = ("disclosure", "penalty", "decisions")
OTHER = Agency("a-0002", "云岭县水务局", "990124", "county", "department", ("水利",))
EARLY, LATE = datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 3, 4, tzinfo=UTC)


def some_reports() -> list[FiledReport]:
    return [
        report(year=2022),
        report({("application", "carried_in", "total"): 51, PENALTY: 62}),
        report({("review", "reconsideration", "total"): "blank"}, agency=OTHER, name="other"),
    ]


def build(home: Path, published: Path | None = None, **options: object) -> Build:
    return build_candidate(home / "lake", home / "candidate.duckdb", published=published, **options)  # type: ignore[arg-type]


def rows(file: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(query).fetchall()


OF_THE_RUN = ("quality.build", "quality.flag", "quality.document", "quality.rule_run")
"""Tables that say when they were built."""


def everything(file: Path) -> dict[str, list[tuple[object, ...]]]:
    tables = [m.table for m in sql_models() if m.table not in OF_THE_RUN]
    return {table: sorted(rows(file, f"FROM {table}"), key=repr) for table in tables}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    Lake(tmp_path / "lake").write(
        [*some_reports(), Refusal(Snapshot(Source("x.pdf"), "e" * 64, 9), Issue("encrypted", "needs a password"))],
        reading_key="k1",
        seen_at=EARLY,
    )
    return tmp_path


def test_the_warehouse_holds_every_number_once(home: Path) -> None:
    made = build(home)
    assert (made.documents, made.changed, made.carried) == (4, 4, False)
    assert made.rows["facts.cell"] == 3 * 200
    assert made.rows["facts.application"] + made.rows["facts.disclosure"] + made.rows["facts.review"] == 3 * 200
    assert rows(made.candidate, "SELECT code, outcome FROM quality.document WHERE outcome <> 'ok'") == [
        ("encrypted", "refused")
    ]
    wide = rows(
        made.candidate, "SELECT year, penalty_decisions FROM marts.agency_year WHERE agency_id = 'a-0001' ORDER BY year"
    )
    assert wide == [(2022, Decimal(67)), (2023, Decimal(62))]


def test_parse_and_warehouse_judge_alike(home: Path) -> None:
    made = build(home)
    flags = judge(some_reports())
    said = {
        (f.report_id, f.rule, f.outcome, f.expected, f.observed, f.cause, f.message)
        for fs in flags.values()
        for f in fs
    }
    held = rows(made.candidate, "SELECT report_id, rule, outcome, expected, observed, cause, message FROM quality.flag")
    assert len(said) > 3 and set(held) == said


def test_unknown_is_no_zero_in_consistency(home: Path) -> None:
    made = build(home)
    found = dict(rows(made.candidate, "SELECT report_id, review_total FROM quality.consistency"))
    first, broken, blank = (r.report_id for r in some_reports())
    assert found == {first: 0, broken: 0, blank: None}
    assert rows(
        made.candidate, f"SELECT application_balance FROM quality.consistency WHERE report_id = '{broken}'"
    ) == [(1,)]


def test_a_rate_has_both_sides_or_a_reason(home: Path) -> None:
    made = build(home)
    assert rows(
        made.candidate,
        "SELECT count(*) FROM marts.application_rate WHERE (value IS NULL) <> (reason IS NOT NULL)",
    ) == [(0,)]
    strict = rows(
        made.candidate,
        "SELECT numerator, denominator, value, n_band, consistent FROM marts.application_rate "
        "WHERE rate = 'disclosure_strict' AND agency_id = 'a-0001' AND year = 2022",
    )
    numerator, denominator, value, band, consistent = strict[0]
    assert value == pytest.approx(float(numerator) / float(denominator)) and band == "100 and more"  # type: ignore[arg-type]
    assert consistent == "yes"
    both = dict(
        rows(
            made.candidate,
            "SELECT rate, value FROM marts.review_rate WHERE agency_id = 'a-0001' AND year = 2022 "
            "AND \"procedure\" = 'reconsideration' AND rate LIKE 'corrected%'",
        )
    )
    assert both == {"corrected_of_all": pytest.approx(2 / 19), "corrected_of_closed": pytest.approx(2 / 18)}
    assert rows(
        made.candidate,
        "SELECT reason FROM marts.review_rate WHERE agency_id = 'a-0002' AND \"procedure\" = 'reconsideration' "
        "AND rate = 'corrected_of_all'",
    ) == [("no number for the denominator",)]


def test_carried_over_and_built_anew_are_the_same(home: Path) -> None:
    published = home / "warehouse.duckdb"
    publish(build(home).candidate, published)
    changed = report({PENALTY: 88}, agency=OTHER, name="other")
    added = report({PENALTY: 91}, agency=OTHER, name="more", year=2024)
    lake = Lake(home / "lake")
    lake.write([changed, added], reading_key="k2")
    lake.retire(["e" * 64])
    again = build(home, published)
    assert (again.carried, again.changed, again.removed) == (True, 2, 2)
    carried = everything(again.candidate)
    assert rows(again.candidate, "SELECT value FROM facts.disclosure WHERE subject = 'penalty' ORDER BY value") == [
        (62,),
        (67,),
        (88,),
        (91,),
    ]
    anew = build(home, published, full=True)
    assert not anew.carried
    for table, found in everything(anew.candidate).items():
        if table != "quality.coverage":
            assert carried[table] == found, table


def test_other_models_make_everything_anew(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published = home / "warehouse.duckdb"
    publish(build(home).candidate, published)
    assert build(home, published).carried
    monkeypatch.setattr("pipelines.warehouse.build.models_digest", lambda: "models of tomorrow")
    again = build(home, published)
    assert (again.carried, again.changed) == (False, 4)
    assert rows(again.candidate, "SELECT digest FROM quality.build") == [("models of tomorrow",)]


def test_small_chunks_give_the_same(home: Path) -> None:
    whole = everything(build(home).candidate)
    assert everything(build(home, chunk=1).candidate) == whole


def test_flags_remember_when_they_were_first_seen(home: Path) -> None:
    published = home / "warehouse.duckdb"
    publish(build(home, built_at=EARLY).candidate, published)
    made = build(home, published, built_at=LATE)
    seen = rows(made.candidate, "SELECT DISTINCT first_seen, last_seen FROM quality.flag")
    assert seen == [(EARLY.replace(tzinfo=None), LATE.replace(tzinfo=None))]


def test_a_full_build_keeps_the_history_and_asks_for_nothing_that_was_covered(home: Path) -> None:
    published = home / "warehouse.duckdb"
    publish(build(home, built_at=EARLY).candidate, published)
    lake = Lake(home / "lake")
    lake.retire([some_reports()[0].snapshot.sha256])
    held = build(home, published, built_at=LATE)
    assert rows(held.candidate, "SELECT year FROM quality.coverage WHERE gone") == [(2022,)]
    made = build(home, published, built_at=LATE, full=True)
    assert rows(made.candidate, "SELECT year FROM quality.coverage WHERE gone") == []
    early, late = EARLY.replace(tzinfo=None), LATE.replace(tzinfo=None)
    assert rows(made.candidate, "SELECT DISTINCT built_at FROM quality.rule_run ORDER BY ALL") == [(early,), (late,)]
    assert rows(made.candidate, "SELECT DISTINCT first_seen FROM quality.flag") == [(early,)]


def test_an_older_revision_is_kept_and_does_not_count(home: Path) -> None:
    Lake(home / "lake").write([report({PENALTY: 63}, name="again")], reading_key="k1", seen_at=LATE)
    made = build(home)
    found = rows(
        made.candidate,
        "SELECT revision, is_current, value FROM dims.report JOIN facts.disclosure USING (report_id) "
        "WHERE dims.report.agency_id = 'a-0001' AND dims.report.year = 2023 AND subject = 'penalty' ORDER BY revision",
    )
    assert found == [(1, False, Decimal(62)), (2, True, Decimal(63))]
    changed = rows(made.candidate, "SELECT value_before, value FROM quality.revision WHERE \"row\" = 'penalty'")
    assert changed == [(Decimal(62), Decimal(63))]


def test_an_empty_lake_gives_every_table(tmp_path: Path) -> None:
    made = build(tmp_path)
    assert {m.table for m in sql_models()} <= {
        name
        for (name,) in rows(made.candidate, "SELECT DISTINCT schema_name || '.' || table_name FROM duckdb_columns()")
    }
    assert made.rows["facts.cell"] == 0


def test_who_has_the_old_file_open_keeps_it(home: Path) -> None:
    published = home / "warehouse.duckdb"
    publish(build(home).candidate, published)
    with duckdb.connect(str(published), read_only=True) as reader:
        before = reader.execute("SELECT count(*) FROM facts.cell").fetchall()
        Lake(home / "lake").write([report(name="new", year=2025)], reading_key="k1")
        publish(build(home, published).candidate, published)
        assert reader.execute("SELECT count(*) FROM facts.cell").fetchall() == before
    assert rows(published, "SELECT count(*) FROM facts.cell") == [(800,)]
    assert not (home / "candidate.duckdb").exists()


def test_an_interrupted_build_leaves_the_published_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published = home / "warehouse.duckdb"
    publish(build(home).candidate, published)
    before = published.read_bytes()
    Lake(home / "lake").write([report(name="new", year=2025)], reading_key="k1")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("pipelines.warehouse.build.comment_on", stop)
        with pytest.raises(KeyboardInterrupt):
            build(home, published)
    assert published.read_bytes() == before
    publish(build(home, published).candidate, published)
    assert rows(published, "SELECT count(*) FROM dims.report") == [(4,)]


def test_quotes_in_paths_and_names(tmp_path: Path) -> None:
    home = tmp_path / "o'clock"
    odd = report(agency=replace(BUREAU, name="青禾县'水务局'"))
    Lake(home / "lake").write([odd], reading_key="k1")
    made = build(home)
    assert rows(made.candidate, "SELECT name FROM dims.agency") == [("青禾县'水务局'",)]


def tables(models: Iterable[object]) -> list[str]:
    return [m.table for m in models]  # type: ignore[attr-defined]


def test_models_come_after_what_they_read() -> None:
    models = sql_models()
    place = {m.table: n for n, m in enumerate(models)}
    assert all(place[name] < place[m.table] for m in models for name in m.depends_on)
    flag = needed_for(["quality.flag"], models)
    assert "quality.residual" in tables(flag) and "marts.agency_year" not in tables(flag)


def test_a_model_that_reads_no_table_is_named(tmp_path: Path) -> None:
    for schema in ("dims", "facts", "quality", "marts"):
        (tmp_path / schema).mkdir()
    (tmp_path / "marts" / "odd.sql").write_text("SELECT * FROM facts.nowhere -- from facts.comment\n")
    with pytest.raises(ModelError, match=r"marts\.odd reads facts\.nowhere"):
        sql_models(tmp_path)


def test_a_model_of_everything_that_fails_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = replace(
        next(m for m in sql_models() if m.table == "marts.peers"), sql="SELECT 37 AS one FROM marts.nothing"
    )
    models = tuple(broken if m.table == broken.table else m for m in sql_models())
    monkeypatch.setattr("pipelines.warehouse.build.sql_models", lambda: models)
    with pytest.raises(ModelError, match=r"peers\.sql.*nothing"):
        build(home)


def test_a_published_file_that_is_damaged_is_named(home: Path) -> None:
    published = home / "warehouse.duckdb"
    published.write_bytes(b"no warehouse" * 1000)
    with pytest.raises(WarehouseError, match=r"warehouse\.duckdb cannot be read"):
        build(home, published)


def test_who_writes_to_the_published_file_is_not_in_the_way(home: Path) -> None:
    published = home / "warehouse.duckdb"
    publish(build(home).candidate, published)
    with duckdb.connect(str(published)) as writer:
        writer.execute("SELECT 1").fetchall()
        made = build(home, published)
    assert made.carried and made.changed == 0


def test_too_little_memory_says_what_to_set(tmp_path: Path) -> None:
    Lake(tmp_path / "lake").write([report(name=f"r{n}") for n in range(40)], reading_key="k")
    with pytest.raises(WarehouseError, match="GONGKAI_MEMORY"):
        build_candidate(tmp_path / "lake", tmp_path / "candidate.duckdb", memory_limit="1MB")


def test_more_memory_is_tried_before_giving_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Lake(tmp_path / "lake").write([report(name=f"r{n}") for n in range(40)], reading_key="k")
    monkeypatch.setattr("pipelines.warehouse.build.MEMORY", ("1MB", "400MB"))
    assert build_candidate(tmp_path / "lake", tmp_path / "candidate.duckdb").documents == 40
