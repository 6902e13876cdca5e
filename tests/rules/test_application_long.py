"""What is comparable over the three forms: one agency over 2017, 2019 and 2022."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.forms import load_forms
from pipelines.lake import Lake
from pipelines.model import Cell, FiledReport, Place, TableReading
from pipelines.warehouse import build_candidate
from tests.rules.builder import consistent_numbers, report

SHEET = {row.code: 30 + 7 * n for n, row in enumerate(load_forms()["2014"].table("statistics").rows)}


def adding_up() -> dict[str, int]:
    """The sheet's numbers with its totals made the sums of their parts."""
    found = dict(SHEET)
    sums = {i.instance: i for i in load_forms()["2014"].identities}
    for name in ("denied", "reply", "received", "closed", "reconsideration", "litigation", "staff"):
        parts = [t.row for t in sums[name].terms if t.weight < 0]
        found[sums[name].target.row] = sum(found[part] for part in parts)
    return found


def sheet(year: int, blank: str = "", numbers: Mapping[str, int] = SHEET) -> FiledReport:
    cells = tuple(
        Cell("statistics", row, "value", "blank", None, "", None, "2014", Place("grid", 0, n, 2))
        if row == blank
        else Cell(
            "statistics", row, "value", "reported", Decimal(value), str(value), None, "2014", Place("grid", 0, n, 2)
        )
        for n, (row, value) in enumerate(numbers.items())
    )
    local = Cell(
        "statistics",
        "local",
        "向档案馆移交信息数",
        "reported",
        Decimal(67),
        "67",
        "条",
        "2014",
        Place("grid", 0, 70, 2),
    )
    filed = report(year=year)
    told = replace(
        filed.report, form="2014", cells=(*cells, local), tables=(TableReading("statistics", "read", "2014"),)
    )
    return replace(filed, report=told)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("long")
    silent = report(year=2015)
    silent = replace(silent, report=replace(silent.report, form=None, cells=(), tables=()))
    Lake(home / "lake").write(
        [
            sheet(2016, numbers=adding_up()),
            sheet(2017),
            sheet(2018, blank="reply_not_exist"),
            silent,
            report(form="2019", year=2019),
            report({("application", "carried_out", "total"): "not_applicable"}, form="2021", year=2022),
        ],
        reading_key="k1",
        seen_at=datetime(2026, 1, 2, tzinfo=UTC),
    )
    build_candidate(home / "lake", home / "candidate.duckdb")
    return home / "candidate.duckdb"


def _of(file: Path, year: int) -> dict[str, tuple[Decimal | None, str | None, str | None, str | None]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        found = connection.execute(
            "SELECT measure, value, status, reason, break_note FROM marts.application_long WHERE year = ?", [year]
        ).fetchall()
    return {measure: tuple(rest) for measure, *rest in found}


def test_the_sheet_of_2017(warehouse: Path) -> None:
    found = _of(warehouse, 2017)
    assert found["received"] == (SHEET["received_total"], "reported", None, None)
    assert found["not_held"][0] == SHEET["reply_not_ours"] + SHEET["reply_not_exist"]
    assert found["denied"][0] == SHEET["reply_denied"]
    assert found["litigation_corrected"][0] == SHEET["litigation_corrected"]
    for measure in ("carried_in", "carried_out", "unavailable", "rejected", "reconsideration_pending"):
        assert found[measure][:3] == (None, None, "the form does not ask for it")


def test_a_blank_part_leaves_no_sum(warehouse: Path) -> None:
    assert _of(warehouse, 2018)["not_held"][:3] == (None, "blank", "a cell that it needs is blank")


def test_a_report_without_tables_says_so(warehouse: Path) -> None:
    found = _of(warehouse, 2015)
    assert {row[:3] for row in found.values()} == {(None, None, "the report shows no table")}


@pytest.mark.parametrize(("year", "form"), [(2019, "2019"), (2022, "2021")])
def test_the_later_forms(warehouse: Path, year: int, form: str) -> None:
    found, numbers = _of(warehouse, year), consistent_numbers(form)
    for measure, row in (("received", "received"), ("granted", "granted"), ("not_held", "unavailable_not_held")):
        assert found[measure][:3] == (numbers["application", row, "total"], "reported", None)
    refused = [
        value for (table, row, column), value in numbers.items() if row.startswith("denied_") and column == "total"
    ]
    assert found["denied"][0] == sum(refused)
    suits = [numbers["review", p, "corrected"] for p in ("litigation_direct", "litigation_after_reconsideration")]
    assert found["litigation_corrected"][0] == sum(suits)


def test_a_cell_without_a_number_is_a_reason(warehouse: Path) -> None:
    assert _of(warehouse, 2022)["carried_out"][:3] == (None, "not_applicable", "a cell that it needs is not applicable")


def test_the_breaks_are_told_in_both_languages(warehouse: Path) -> None:
    found = _of(warehouse, 2019)
    assert found["carried_in"][3] is None
    for measure in ("received", "granted", "denied", "reconsideration_upheld", "litigation_total"):
        note = found[measure][3]
        assert note and "2014" in note and "版" in note and "orm 2014" in note
    assert _of(warehouse, 2022)["granted"][3] is None


def test_a_local_indicator_keeps_its_label(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        (row,) = connection.execute(
            "SELECT label, value FROM facts.statistic WHERE indicator = 'local' AND year = 2017"
        ).fetchall()
    assert row == ("向档案馆移交信息数", Decimal(67))


def test_a_sheet_is_judged_by_its_own_sums(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = dict(connection.execute("SELECT year, consistent FROM marts.agency_year").fetchall())
    assert found == {2015: "unknown", 2016: "yes", 2017: "no", 2018: "no", 2019: "yes", 2022: "unknown"}


@pytest.mark.parametrize("mart", ["application_rate", "review_rate"])
def test_rates_say_whether_the_form_asks(warehouse: Path, mart: str) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = connection.execute(
            f"SELECT DISTINCT year, reason FROM marts.{mart} WHERE year < 2019 ORDER BY ALL"
        ).fetchall()
    asked = "the form does not ask for it"
    assert found == [(2015, "the report shows no table"), (2016, asked), (2017, asked), (2018, asked)]
