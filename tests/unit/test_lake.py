"""The lake: rows, parts, what counts, and what an interruption leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.lake import TABLES, Lake
from pipelines.lake import parts as parts_module
from pipelines.lake.arrow import arrow_tables
from pipelines.lake.compaction import compact
from pipelines.lake.rows import fits, rows_of
from pipelines.lake.views import make_lake_views
from pipelines.model import FiledReport, Issue, Refusal, Snapshot, Source
from tests.rules.builder import report

PENALTY = ("disclosure", "penalty", "decisions")


def filed(name: str, value: int | Decimal = 61, province: str | None = "99", year: int = 2023) -> FiledReport:
    made = report({PENALTY: value}, name=name)
    return replace(made, snapshot=replace(made.snapshot, source=Source(f"{name}.html", province=province, year=year)))


def refusal(path: str, sha256: str = "f" * 64) -> Refusal:
    return Refusal(Snapshot(Source(path), sha256, 7), Issue("encrypted", "needs a password"), "pdf", 0.25)


def contents(lake: Lake, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        connection.execute("ATTACH ':memory:' AS lake")
        make_lake_views(connection, lake.state())
        return connection.execute(query).fetchall()


PENALTIES = "SELECT value FROM lake.cell WHERE \"row\" = 'penalty' ORDER BY value"


def test_arrow_has_a_row_for_each_cell_and_place() -> None:
    tables = arrow_tables([filed("one"), refusal("two.pdf")])
    assert set(tables) == set(TABLES)
    cells = tables["cell"].to_pylist()
    assert len(cells) == 200
    (penalty,) = [c for c in cells if (c["table"], c["row"], c["column"]) == PENALTY]
    assert (penalty["value"], penalty["raw"], penalty["status"]) == (Decimal(61), "61", "reported")
    assert [d["outcome"] for d in tables["document"].to_pylist()] == ["ok", "refused"]
    assert tables["issue"].to_pylist()[0]["code"] == "encrypted"


def test_a_number_that_does_not_fit_says_so() -> None:
    rows = rows_of([filed("one", Decimal("0.12345678"))])
    n = rows["cell"]["row"].index("penalty")
    assert (rows["cell"]["value"][n], rows["cell"]["status"][n]) == (None, "unreadable")
    assert rows["cell"]["raw"][n] == "0.12345678"
    assert rows["issue"]["code"] == ["number_does_not_fit"]
    assert not fits(Decimal("1e18")) and fits(Decimal("1e17")) and not fits(Decimal("NaN"))


def test_a_file_name_that_is_no_text_is_kept_as_question_marks() -> None:
    made = filed("one")
    odd = replace(made, snapshot=replace(made.snapshot, source=Source("r\udcff.html")))
    assert arrow_tables([odd])["report"].to_pylist()[0]["path"] == "r?.html"


def test_the_same_bytes_twice_are_read_once() -> None:
    one = filed("one")
    two = replace(one, snapshot=replace(one.snapshot, source=Source("two.html")))
    rows = rows_of([one, two])
    assert len(rows["report"]["report_id"]) == 1
    assert rows["document"]["outcome"] == ["ok", "duplicate"]


def test_parts_lie_by_province_and_year(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write([filed("a", 62), filed("b", 63, province=None), refusal("c.pdf")], reading_key="k1")
    assert {p.parent.relative_to(tmp_path).as_posix() for p in (tmp_path / "cell").rglob("*.parquet")} == {
        "cell/province=99/year=2023",
        "cell/province=00/year=2023",
    }
    assert contents(lake, PENALTIES) == [(62,), (63,)]
    assert set(lake.state().reading_keys.values()) == {"k1"} and "f" * 64 in lake.state().reading_keys


def test_a_document_that_nobody_could_open_keeps_its_row(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write([refusal("gone.pdf", sha256="")], reading_key="k1")
    (document,) = lake.state().reading_keys
    assert document.startswith("unopened-")
    assert contents(lake, "SELECT path, code FROM lake.document") == [("gone.pdf", "encrypted")]


def test_a_later_reading_replaces_the_earlier(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    early, late = datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 3, 4, tzinfo=UTC)
    lake.write([filed("a", 62), filed("b", 63)], reading_key="k1", seen_at=early)
    lake.write([filed("a", 64)], reading_key="k2", seen_at=late)
    assert contents(lake, PENALTIES) == [(63,), (64,)]
    state = lake.state()
    kept = {k.path: k for _, k in state.live.values()}
    assert (kept["a.html"].first_seen, kept["a.html"].read_at) == (early.isoformat(), late.isoformat())
    assert kept["a.html"].reading_key == "k2" and kept["b.html"].reading_key == "k1"
    lake.retire([filed("b").snapshot.sha256])
    assert contents(lake, PENALTIES) == [(64,)]


def test_a_lake_that_stays_as_it_is_has_one_state(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write([filed("a")], reading_key="k")
    state = lake.state()
    assert Lake(tmp_path).state() is state
    lake.retire(list(state.live))
    assert state.live and not lake.state().live


def test_an_interrupted_write_counts_for_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = Lake(tmp_path)
    lake.write([filed("a", 62)], reading_key="k1")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Lake, "record", stop)
        with pytest.raises(KeyboardInterrupt):
            lake.write([filed("b", 63)], reading_key="k1")
    (tmp_path / "cell" / "province=99" / "year=2023" / "x.half").write_bytes(b"PAR1")
    assert contents(lake, PENALTIES) == [(62,)]
    assert lake.sweep() > 1
    assert len(list((tmp_path / "cell").rglob("*.*"))) == 1
    assert contents(lake, PENALTIES) == [(62,)]


def test_compaction_keeps_what_counts(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    for n in range(6):
        lake.write([filed(f"r{n}", 70 + n)], reading_key="k1")
    lake.write([filed("r3", 99), refusal("c.pdf")], reading_key="k2")
    before = contents(lake, "SELECT * FROM lake.cell ORDER BY ALL")
    keys = lake.state().reading_keys
    assert compact(lake, most_small=2) >= 6
    assert contents(lake, "SELECT * FROM lake.cell ORDER BY ALL") == before
    assert lake.state().reading_keys == keys
    assert len(list((tmp_path / "cell" / "province=99").rglob("*.parquet"))) == 1
    assert compact(lake, most_small=2) == 0


def test_compaction_interrupted_before_it_sweeps_keeps_what_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(tmp_path)
    for n in range(4):
        lake.write([filed(f"r{n}", 70 + n)], reading_key="k1")
    with monkeypatch.context() as patched:
        patched.setattr(Lake, "sweep", lambda self: 0)
        compact(lake, most_small=2)
    assert contents(lake, PENALTIES) == [(70,), (71,), (72,), (73,)]
    lake.write([filed("r1", 88)], reading_key="k2")
    assert lake.sweep() > 0
    assert contents(lake, PENALTIES) == [(70,), (72,), (73,), (88,)]


def test_a_damaged_record_is_named(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write([filed("a")], reading_key="k1")
    (record,) = (tmp_path / parts_module.RECORDS).glob("*.json")
    assert len(lake.state().live) == 1
    record.write_text("{}")
    with pytest.raises(ValueError, match=record.name):
        lake.state()
