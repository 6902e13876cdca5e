"""Add one to any cell of a consistent report: a rule must break, or the cell is listed as out of reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from pipelines.model import Cell, FiledReport
from tests.factory import form, layouts
from tests.factory.site import Plan, file_name, reports
from tests.reports.comparison import Key, flags_of, read_file, the_report

OUT_OF_REACH: dict[str, frozenset[Key]] = {
    "2021": frozenset(
        {
            ("disclosure", "licensing", "decisions"),
            ("disclosure", "penalty", "decisions"),
            ("disclosure", "coercion", "decisions"),
            ("disclosure", "fees", "amount"),
        }
    ),
    "2019": frozenset(
        {
            ("disclosure", "normative_documents", "made"),
            ("disclosure", "normative_documents", "disclosed"),
            ("disclosure", "normative_documents", "public_total"),
            ("disclosure", "licensing", "decisions"),
            ("disclosure", "other_services", "decisions"),
            ("disclosure", "penalty", "decisions"),
            ("disclosure", "coercion", "decisions"),
            ("disclosure", "procurement", "projects"),
            ("disclosure", "procurement", "amount"),
        }
    ),
}
"""Nothing else on the form, and no other year, says what these must be."""

YEARS = {"2021": ((2022, 2023, 2024), 2023), "2019": ((2019, 2020), 2019)}


def _series(years: tuple[int, ...]) -> list[FiledReport]:
    """The consistent reports of one agency with many applications, as the reader takes them from HTML."""
    plan = Plan(12 * len(years), 17, counties=1, years=years, fault_share=0)
    found: dict[str, list[FiledReport]] = {}
    for report in reports(plan):
        name = file_name(report, "html")
        filed = the_report(read_file(layouts.write("html", report, "nudge").data, name, division="411224"))
        assert filed is not None
        if report.office.kind == "department":
            found.setdefault(report.office.name, []).append(filed)
    return max(found.values(), key=lambda series: sum(c.value or 0 for c in series[0].report.cells))


def _nudged(cells: Sequence[Cell], key: Key) -> tuple[Cell, ...]:
    return tuple(
        replace(c, value=(c.value or Decimal(0)) + 1) if (c.table, c.row, c.column) == key else c for c in cells
    )


def _copies(series: list[FiledReport], nudged_year: int, number: int, key: Key | None) -> Iterator[FiledReport]:
    assert series[0].agency is not None
    agency = replace(series[0].agency, agency_id=f"nudged-{number}")
    for filed in series:
        report = filed.report
        if report.year == nudged_year and key is not None:
            report = replace(report, cells=_nudged(report.cells, key))
        sha256 = f"{number:08d}{report.year:08d}".ljust(64, "0")
        snapshot = replace(filed.snapshot, sha256=sha256)
        yield replace(filed, report_id=f"{sha256[:16]}-0", snapshot=snapshot, report=report, agency=agency)


@pytest.mark.parametrize("code", ["2021", "2019"])
def test_every_cell_in_reach_of_a_rule_breaks_one(code: str) -> None:
    years, nudged_year = YEARS[code]
    series = _series(years)
    keys: list[Key | None] = [None, *form.all_keys(code, code == "2019")]
    groups = [list(_copies(series, nudged_year, number, key)) for number, key in enumerate(keys)]
    flags = flags_of([filed for group in groups for filed in group])
    broken = {
        key: sorted({f.rule for filed in group for f in flags[filed.report_id] if f.outcome == "broken"})
        for key, group in zip(keys, groups, strict=True)
    }
    assert broken[None] == []
    assert {key for key, rules in broken.items() if key is not None and not rules} == OUT_OF_REACH[code]
