"""The agencies, and for which years there are reports of them."""

from __future__ import annotations

from typing import Any

from dash import html

from pipelines.dashboard.listing import Column, Filter, Listing
from pipelines.dashboard.pages.shared import FUNCTIONS, PROVINCES, agency_link, contains, county_link
from pipelines.dashboard.request import Page, Request
from pipelines.dashboard.tables import listed

SOURCE = """
FROM dims.agency AS a
LEFT JOIN dims.division AS v ON v.division = a.division
LEFT JOIN (
    SELECT
        agency_id, count(*) AS reports, min(year) AS first_year, max(year) AS last_year, list(year) AS years,
        count(*) FILTER (consistent = 'no') AS inconsistent
    FROM marts.report
    WHERE is_current
    GROUP BY agency_id
) AS r ON r.agency_id = a.agency_id
"""
MISSING = "r.first_year < TRY_CAST(? AS SMALLINT) AND NOT list_contains(r.years, TRY_CAST(? AS SMALLINT))"

LISTING = Listing(
    "agencies",
    SOURCE,
    (
        Column("agency", "a.name", link=agency_link),
        Column("division_name", "v.name", link=county_link),
        Column("level", "a.level", code="level"),
        Column("kind", "a.kind", code="kind"),
        Column("functions", "a.functions"),
        Column("registered", "a.registered"),
        Column(
            "reports",
            "coalesce(r.reports, 0)",
            number=True,
            link=lambda q, row: q.link("reports", agency=row["agency_id"]),
        ),
        Column("first_year", "r.first_year", number=True),
        Column("last_year", "r.last_year", number=True),
        Column("inconsistent", "coalesce(r.inconsistent, 0)", number=True),
        Column("agency_id", "a.agency_id", hidden=True),
        Column("division", "a.division", hidden=True),
    ),
    (
        Filter("q", contains("a.name", "v.name"), times=2),
        Filter("province", "left(a.division, 2) = ?", choices=PROVINCES),
        Filter(
            "level", "a.level = ?", choices=("national", "province", "prefecture", "county", "township"), code="level"
        ),
        Filter(
            "kind", "a.kind = ?", choices=("government", "department", "township", "subdistrict", "other"), code="kind"
        ),
        Filter("function", "list_contains(a.functions, ?)", choices=FUNCTIONS),
        Filter("registered", "a.registered = (? = 'yes')", choices=("yes", "no"), code="yesno"),
        Filter(
            "reports", "(coalesce(r.reports, 0) > 0) = (? = 'yes')", choices=("yes", "no"), code="yesno", default="yes"
        ),
        Filter("missing", MISSING, times=2),
        Filter("division", "a.division = ?", hidden=True),
    ),
    "agency",
    "a.agency_id",
)


def view(request: Request) -> Any:
    return [html.H1(request.say("page.agencies")), *listed(request, LISTING)]


PAGE = Page("/agencies", "page.agencies", view, menu=True, listing=LISTING)
