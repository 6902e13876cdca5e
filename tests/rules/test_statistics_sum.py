"""The sums of the statistics sheet: kept, broken, and unknown where a part has no number."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from pipelines.forms import load_forms
from pipelines.model import Cell, Flag, Place, TableReading
from pipelines.warehouse import judge
from tests.rules.builder import broken, report, unknown

FORM = load_forms()["2014"]
SUMS = {i.instance: i for i in FORM.identities}


def numbers() -> dict[str, int]:
    found = {row.code: 40 + 3 * n for n, row in enumerate(FORM.table("statistics").rows)}
    for name in ("denied", "reply", "received", "closed", "reconsideration", "litigation", "staff"):
        parts = [t.row for t in SUMS[name].terms if t.weight < 0]
        found[SUMS[name].target.row] = sum(found[part] for part in parts)
    return found


def judged(changes: dict[str, int | None], *local: Cell) -> tuple[Flag, ...]:
    cells = list(local)
    for n, (row, value) in enumerate({**numbers(), **changes}.items()):
        place = Place("grid", 0, n, 2)
        status = "blank" if value is None else "reported"
        number = None if value is None else Decimal(value)
        cells.append(Cell("statistics", row, "value", status, number, str(value), None, "2014", place))  # type: ignore[arg-type]
    filed = report(form="2021", year=2016)
    sheet = replace(filed.report, form="2014", cells=tuple(cells), tables=(TableReading("statistics", "read", "2014"),))
    return judge([replace(filed, report=sheet)])[filed.report_id]


def test_the_sums_of_a_sheet_that_adds_up_hold() -> None:
    flags = judged({})
    assert not broken(flags)
    assert "statistics_sum" not in unknown(flags)


@pytest.mark.parametrize("name", SUMS)
def test_each_sum_is_broken_by_its_whole(name: str) -> None:
    row = SUMS[name].target.row
    flags = [
        f
        for f in broken(judged({row: numbers()[row] + 1}))["statistics_sum"]
        if ("statistics", row, "value") in f.cells
    ]
    assert {f.severity for f in flags} == {"error"}
    assert (str(numbers()[row]), str(numbers()[row] + 1)) in {(f.expected, f.observed) for f in flags}


def test_an_indicator_of_a_province_may_be_no_count() -> None:
    place = Place("grid", 0, 70, 2)
    share = Cell("statistics", "local", "网上申请占比（%）", "reported", Decimal("12.5"), "12.5", "%", "2014", place)
    assert "count_valid" not in {f.rule for f in judged({}, share)}
    odd = replace(share, row="received_fax", column="value")
    assert "count_valid" in broken(judged({}, odd))


def test_a_blank_part_leaves_its_sum_unknown() -> None:
    flags = judged({"received_fax": None})
    assert "statistics_sum" not in broken(flags)
    (flag,) = unknown(flags)["statistics_sum"]
    assert ("statistics", "received_fax", "value") in flag.cells
