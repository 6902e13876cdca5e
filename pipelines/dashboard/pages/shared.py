"""Filters, questions and words that several pages share."""

from __future__ import annotations

from typing import Any

from dash import html

from pipelines.dashboard.listing import Filter
from pipelines.dashboard.request import Request
from pipelines.dashboard.store import Row
from pipelines.dashboard.values import clean
from pipelines.issue_words import issue_in_chinese, place_in_chinese

PROVINCES = "SELECT left(division, 2) AS value, name AS label FROM dims.division WHERE level = 'province' ORDER BY 1"
YEARS = (
    "SELECT CAST(year AS VARCHAR) AS value, NULL AS label FROM dims.report WHERE year IS NOT NULL "
    "GROUP BY year ORDER BY year DESC"
)
RULES = "SELECT rule AS value, zh AS label FROM dims.rule ORDER BY rule"
FUNCTIONS = "SELECT DISTINCT unnest(functions) AS value, NULL AS label FROM dims.agency ORDER BY 1"


def contains(*expressions: str) -> str:
    """A condition that one of the texts has the value in it, whatever the case."""
    return " OR ".join(f"contains(lower({expression}), lower(?))" for expression in expressions)


YEAR = Filter("year", "r.year = TRY_CAST(? AS SMALLINT)", choices=YEARS)
PROVINCE = Filter("province", "left(r.division, 2) = ?", choices=PROVINCES)
DIVISION = Filter("division", "r.division = ?", hidden=True)
FORM = Filter("form", "r.form = ?", choices=("2014", "2019", "2021"), code="form")


def report_link(request: Request, row: Row) -> str | None:
    return request.link("report", row["report_id"]) if row["report_id"] else None


def agency_link(request: Request, row: Row) -> str | None:
    return request.link("agency", row["agency_id"]) if row["agency_id"] else None


def county_link(request: Request, row: Row) -> str | None:
    return request.link("county", row["division"]) if row["division"] else None


def issue_message(request: Request, code: str, message: str) -> Any:
    """What an issue says, in the page's language; whoever points at the Chinese sees the message to the letter."""
    if request.language == "en":
        return clean(message)
    return html.Span(clean(issue_in_chinese(code, message)), title=clean(message))


def issue_place(request: Request, where: str | None) -> str:
    return clean(place_in_chinese(where or "") if request.language == "zh" else where or "")
