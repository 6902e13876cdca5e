"""Small reports, built in memory: a consistent one, and ways to change single cells of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Literal

from pipelines.forms import load_forms
from pipelines.model import (
    Agency,
    Cell,
    Claim,
    FiledReport,
    Flag,
    Issue,
    Label,
    Place,
    Report,
    Snapshot,
    Source,
    Status,
    TableReading,
    YearMention,
)

APPLICANTS = ("natural_person", "company", "research", "public_welfare", "legal_service", "other_organisation")
Name = tuple[str, str, str]
BUREAU = Agency("a-0001", "青禾县水务局", "990123", "county", "department", ("水利",))


def consistent_numbers(form: str = "2021") -> dict[Name, Decimal]:
    """Numbers of a whole report that keep every sum of the form; none of the flows is zero."""
    numbers: dict[Name, Decimal] = {}
    declared = load_forms()[form]
    application = declared.table("application")
    outcomes = [
        r.code for r in application.rows if r.code not in ("received", "carried_in", "processed", "carried_out")
    ]
    for n, applicant in enumerate(APPLICANTS):
        values = {row: 1 + (7 * k + 3 * n) % 11 + 20 * n for k, row in enumerate(outcomes)}
        values |= {"processed": sum(values.values()), "carried_in": 31 + n, "carried_out": 13 + 2 * n}
        values["received"] = values["processed"] + values["carried_out"] - values["carried_in"]
        numbers |= {("application", row, applicant): Decimal(v) for row, v in values.items()}
    for line in application.rows:
        numbers["application", line.code, "total"] = sum(
            (numbers["application", line.code, a] for a in APPLICANTS), Decimal(0)
        )
    for n, procedure in enumerate(("reconsideration", "litigation_direct", "litigation_after_reconsideration")):
        results = {"upheld": 5 + n, "corrected": 2 + 3 * n, "other": 11 - n, "pending": 1 + n}
        results["total"] = sum(results.values())
        numbers |= {("review", procedure, column): Decimal(v) for column, v in results.items()}
    disclosure = declared.table("disclosure")
    for k, row in enumerate(disclosure.rows):
        for m, column in enumerate(disclosure.columns_of(row)):
            numbers["disclosure", row.code, column.code] = Decimal(0 if row.code == "rules" else 40 + 9 * k + m)
    return numbers


def report(
    changes: Mapping[Name, Decimal | int | str | Status | None] | None = None,
    *,
    form: str = "2021",
    year: int | None = 2023,
    agency: Agency | None = BUREAU,
    tables: Mapping[str, str] | None = None,
    claims: tuple[Claim, ...] = (),
    years: tuple[YearMention, ...] | None = None,
    labels: tuple[Label, ...] = (),
    issues: tuple[Issue, ...] = (),
    published: date | Literal["in time"] | None = "in time",
    name: str = "report",
    cell_form: Mapping[str, str] | None = None,
) -> FiledReport:
    """A consistent report with `changes`: a number, a status (`blank` ...) or None, which leaves the cell out.
    It was published in time unless another date, or None, is given.
    `tables` gives another state (`stated_none`, `absent`) to a table, whose cells are then left out."""
    states = dict(tables or {})
    wanted: dict[Name, Decimal | int | str | None] = {**consistent_numbers(form), **(changes or {})}
    cells = tuple(
        _cell(key, value, n, (cell_form or {}).get(key[1]))
        for n, (key, value) in enumerate(wanted.items())
        if value is not None and key[0] not in states
    )
    if years is None:
        years = (YearMention("title", year, f"{year}年"),) if year else ()
    sha256 = f"{abs(hash((name, year))):x}".rjust(16, "0") * 4
    filed = Report(
        title=f"{agency.name if agency else ''}{year}年政府信息公开工作年度报告",
        agency=agency.name if agency else None,
        year=year,
        year_source="title" if year else None,
        form=form,
        published=_in_time(year) if published == "in time" else published,
        cells=cells,
        labels=labels,
        tables=tuple(
            TableReading(t, states.get(t, "read"), form)  # type: ignore[arg-type]
            for t in ("disclosure", "application", "review")
        ),
        claims=claims,
        years=years,
        issues=issues,
    )
    source = Source(f"{name}.html", province="99", year=year)
    return FiledReport(f"{sha256[:16]}-0", Snapshot(source, sha256[:64], 1000), 0, "html", filed, agency)


def _in_time(year: int | None) -> date | None:
    return date(year + 1, 1, 20) if year else None


def _cell(key: Name, value: Decimal | int | str, n: int, form: str | None) -> Cell:
    place = Place("grid", 0, n, 1)
    if isinstance(value, str):
        return Cell(*key, status=value, raw="", form=form, place=place)  # type: ignore[arg-type]
    return Cell(*key, status="reported", value=Decimal(value), raw=str(value), form=form, place=place)


def with_agency(filed: FiledReport, agency: Agency) -> FiledReport:
    return replace(filed, agency=agency)


def broken(flags: tuple[Flag, ...]) -> dict[str, list[Flag]]:
    return _by_rule(flags, "broken")


def unknown(flags: tuple[Flag, ...]) -> dict[str, list[Flag]]:
    return _by_rule(flags, "unknown")


def _by_rule(flags: tuple[Flag, ...], outcome: str) -> dict[str, list[Flag]]:
    found: dict[str, list[Flag]] = {}
    for flag in flags:
        if flag.outcome == outcome:
            found.setdefault(flag.rule, []).append(flag)
    return found
