"""Every report that was read, revisions too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import html

from pipelines.dashboard.listing import Column, Filter, Listing
from pipelines.dashboard.pages.shared import (
    DIVISION,
    FORM,
    PROVINCE,
    YEAR,
    agency_link,
    contains,
    county_link,
    report_link,
)
from pipelines.dashboard.request import Page, Request
from pipelines.dashboard.store import Row
from pipelines.dashboard.tables import listed
from pipelines.dashboard.verdicts import PENDING, VERDICTS


def flags_link(column: str) -> Callable[[Request, Row], str | None]:
    """Leads to the report's flags, where the column counts any."""

    def link(request: Request, row: Row) -> str | None:
        return request.link("flags", report=row["report_id"], outcome="all") if row[column] else None

    return link


_ALL = " + ".join(f"coalesce(w.{verdict}, 0)" for verdict in VERDICTS)
_GIVEN = " ".join(f"WHEN '{verdict}' THEN w.{verdict} > 0" for verdict in VERDICTS)
_CODES = ", ".join(f"CASE WHEN w.{verdict} > 0 THEN '{verdict} ' || w.{verdict} END" for verdict in VERDICTS)


def _verdicts(request: Request, row: Row) -> str:
    """`确认 2、不成问题 1`"""
    counts = (found.split(" ") for found in (row["verdict"] or "").split("; ") if found)
    return "、".join(f"{request.code('verdict', verdict)} {n}" for verdict, n in counts)


LISTING = Listing(
    "reports",
    "FROM marts.report AS r LEFT JOIN memory.main.report_verdict AS w ON w.report_id = r.report_id",
    (
        Column("title", "coalesce(r.title, r.printed_agency, r.report_id)", link=report_link),
        Column("agency", "r.agency", link=agency_link),
        Column("division_name", "r.division_name", link=county_link),
        Column("year", "r.year", number=True),
        Column("form", "r.form", code="form"),
        Column("format", "r.format"),
        Column("published", "r.published"),
        Column("revision", "r.revision", number=True),
        Column("is_current", "r.is_current"),
        Column("numbers", "r.numbers", number=True),
        Column("consistent", "r.consistent", code="consistent"),
        Column("errors", "r.errors", number=True, link=flags_link("errors")),
        Column("others", "r.warnings", number=True, link=flags_link("others")),
        Column("undecided", "r.undecided", number=True, link=flags_link("undecided")),
        Column("verdict", f"nullif(concat_ws('; ', {_CODES}), '')", show=_verdicts, link=flags_link("verdict")),
        Column("report_id", "r.report_id", hidden=True),
        Column("agency_id", "r.agency_id", hidden=True),
        Column("division", "r.division", hidden=True),
    ),
    (
        Filter("q", contains("r.title", "r.agency", "r.printed_agency", "r.division_name"), times=4),
        YEAR,
        PROVINCE,
        FORM,
        Filter(
            "format",
            "r.format = ?",
            choices="SELECT DISTINCT format AS value, NULL AS label FROM dims.report ORDER BY 1",
        ),
        Filter("consistent", "r.consistent = ?", choices=("yes", "no", "unknown"), code="consistent"),
        Filter("current", "r.is_current = (? = 'yes')", choices=("yes", "no"), code="current", default="yes"),
        Filter(
            "verdict",
            f"CASE ? {_GIVEN} WHEN '{PENDING}' THEN r.errors + r.warnings > {_ALL} ELSE false END",
            choices=(PENDING, *VERDICTS),
            code="verdict",
        ),
        Filter("late", "r.late = (? = 'yes')", hidden=True),
        Filter("read", "(r.numbers > 0) = (? = 'yes')", hidden=True),
        Filter(
            "whose", "(r.agency_id IS NULL OR r.year IS NULL OR r.division IS NULL) = (? = 'unsettled')", hidden=True
        ),
        Filter("agency", "r.agency_id = ?", hidden=True),
        DIVISION,
    ),
    "-year",
    "r.report_id",
)


def view(request: Request) -> Any:
    return [html.H1(request.say("page.reports")), *listed(request, LISTING)]


PAGE = Page("/reports", "page.reports", view, menu=True, listing=LISTING)
