"""One agency: its years as pictures and numbers, beside agencies of its level and kind."""

from __future__ import annotations

from typing import Any

from dash import html

from pipelines.dashboard.request import Page, Request
from pipelines.dashboard.store import Row
from pipelines.dashboard.tables import small_table
from pipelines.dashboard.values import clean, shown
from pipelines.dashboard.year_sections import sections
from pipelines.dashboard.years import PROCEDURES, RESULTS, Years, agency_years

_AGENCY = """
SELECT a.*, v.name AS division_name FROM dims.agency AS a LEFT JOIN dims.division AS v ON v.division = a.division
WHERE a.agency_id = ?
"""
DISPUTES = tuple(
    (f"years.{procedure}", tuple((f"{procedure}_{result}", f"result.{result}") for result in RESULTS))
    for procedure in PROCEDURES
)


def view(request: Request) -> Any:
    agency_id = request.parts["agency_id"]
    agency = request.store.row(_AGENCY, [agency_id])
    if agency is None:
        return [
            html.H1(request.say("agency.none")),
            html.P(request.say("agency.none_why", agency_id=clean(agency_id))),
        ]
    years = agency_years(request.store, agency_id, agency["level"], agency["kind"])
    head = [html.H1(shown(agency["name"])), _facts(request, agency)]
    if not years.years:
        return [*head, html.P(request.say("agency.no_years"))]
    link = {year: request.link("report", row["report_id"]) for year, row in years.rows.items()}
    return [*head, *_reports(request, years, link), *sections(request, years, DISPUTES, link)]


def _facts(request: Request, agency: Row) -> html.Dl:
    division: Any = shown(agency["division_name"] or agency["division"])
    if agency["division"]:
        division = html.A(division, href=request.link("county", agency["division"]))
    reports = html.A(
        request.say("years.all_reports"), href=request.link("reports", agency=agency["agency_id"], current="all")
    )
    facts = [
        (request.say("column.division_name"), division),
        (request.say("column.level"), request.code("level", agency["level"])),
        (request.say("column.kind"), request.code("kind", agency["kind"])),
        (request.say("agency.functions"), shown(agency["functions"])),
        (request.say("years.lists"), reports),
    ]
    return html.Dl([html.Div([html.Dt(term), html.Dd(told)]) for term, told in facts if told], className="facts")


def _reports(request: Request, years: Years, link: dict[int, str]) -> list[Any]:
    """Every year from the first to the last, those without a report too."""
    rows: list[tuple[Any, ...]] = []
    for year in years.years:
        row = years.rows.get(year)
        if row is None:
            rows.append((str(year), request.say("years.none"), "", ""))
            continue
        consistent = row["consistent"] or "unknown"
        kind = {"yes": "good", "no": "bad"}.get(consistent, "none")
        tag = html.Span(request.code("consistent", consistent), className=f"tag {kind}")
        rows.append(
            (
                html.A(str(year), href=link[year]),
                request.code("form", row["form"]),
                tag,
                shown(years.counts.get("received", {}).get(year)) or "–",
            )
        )
    headings = [request.say(name) for name in ("column.year", "column.form", "column.consistent", "measure.received")]
    parts: list[Any] = [html.H2(request.say("years.reports")), small_table(headings, rows, numbers=[3])]
    if any(row["form"] == "2014" for row in years.rows.values()):
        parts.append(html.P(request.say("years.break"), className="soft"))
    return parts


PAGE = Page("/agency/<agency_id>", "agency.title", view)
