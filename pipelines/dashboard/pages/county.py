"""One division: its government's own report and the sum of its agencies' reports, apart, over the years."""

from __future__ import annotations

from typing import Any

from dash import html

from pipelines.dashboard.pages.shared import agency_link
from pipelines.dashboard.request import Page, Request
from pipelines.dashboard.store import Row
from pipelines.dashboard.tables import small_table
from pipelines.dashboard.values import clean, shown
from pipelines.dashboard.year_sections import sections
from pipelines.dashboard.years import PROCEDURES, SPAN, Years, county_years

BASES = ("government", "agencies")
AGENCIES = 60
"""Agencies whose reports are listed by year; a link leads to the list of all."""
BELOW = 200

_DIVISION = """
SELECT v.*, p.name AS parent_name FROM dims.division AS v LEFT JOIN dims.division AS p ON p.division = v.parent
WHERE v.division = ?
ORDER BY v.until IS NULL DESC, v.until DESC LIMIT 1
"""
_BELOW = f"""
SELECT division, any_value(name) AS name FROM dims.division
WHERE parent = ? AND division <> ? GROUP BY division ORDER BY division LIMIT {BELOW}
"""
_REPORTS = f"""
WITH listed AS (
    SELECT agency_id, name, kind FROM dims.agency WHERE division = ?
    ORDER BY kind <> 'government', name, agency_id LIMIT {AGENCIES + 1}
)
SELECT l.agency_id, l.name, m.year, m.report_id, m.consistent
FROM listed AS l LEFT JOIN marts.agency_year AS m ON m.agency_id = l.agency_id
ORDER BY l.kind <> 'government', l.name, l.agency_id, m.year
"""
DISPUTES = (("years.disputes", tuple((f"{procedure}_total", f"years.{procedure}") for procedure in PROCEDURES)),)


def view(request: Request) -> Any:
    code = request.parts["division"]
    division = request.store.row(_DIVISION, [code])
    if division is None:
        return [html.H1(request.say("county.none")), html.P(request.say("county.none_why", division=clean(code)))]
    basis = request.query.get("basis", "")
    years = {known: county_years(request.store, code, known, division["level"]) for known in BASES}
    if basis not in BASES:
        basis = next((known for known in BASES if years[known].years), BASES[0])
    return [
        html.H1(shown(division["name"])),
        _facts(request, division),
        _tabs(request, basis),
        html.P(request.say("county.apart"), className="soft"),
        *_years(request, years[basis], basis),
        *_agencies(request, code),
    ]


def _facts(request: Request, division: Row) -> html.Dl:
    code = division["division"]
    lists = []
    for word, page in (("page.agencies", "agencies"), ("page.reports", "reports"), ("page.flags", "flags")):
        lists += [html.A(request.say(word), href=request.link(page, division=code)), " "]
    facts: list[tuple[str, Any]] = [
        (request.say("column.level"), request.code("level", division["level"])),
        (request.say("years.lists"), lists),
    ]
    if division["parent_name"]:
        above = html.A(shown(division["parent_name"]), href=request.link("county", division["parent"]))
        facts.append((request.say("county.above"), above))
    below: list[Any] = []
    for row in request.store.rows(_BELOW, [code, code]):
        below += [html.A(shown(row["name"]), href=request.link("county", row["division"])), " "]
    rows = [html.Div([html.Dt(term), html.Dd(told)]) for term, told in facts]
    if below:
        rows.append(html.Div([html.Dt(request.say("county.below")), html.Dd(below)], className="whole"))
    return html.Dl(rows, className="facts")


def _tabs(request: Request, basis: str) -> html.Ul:
    tabs = []
    for known in BASES:
        current: dict[str, Any] = {"aria-current": "true"} if known == basis else {}
        tabs.append(html.Li(html.A(request.say(f"county.{known}"), href=request.here(basis=known), **current)))
    return html.Ul(tabs, className="tabs")


def _years(request: Request, years: Years, basis: str) -> list[Any]:
    if not years.years:
        return [html.P(request.say("agency.no_years"))]
    rows = [
        (str(year), shown(row["reports"]), shown(row["inconsistent_reports"]), shown(row["received"]) or "–")
        if (row := years.rows.get(year))
        else (str(year), request.say("years.none"), "", "")
        for year in years.years
    ]
    names = ("column.year", "years.reports_found", "years.inconsistent", "measure.received")
    table = small_table([request.say(name) for name in names], rows, numbers=[1, 2, 3])
    note = [html.P(request.say("county.found_only"), className="soft")] if basis == "agencies" else []
    return [html.H2(request.say("years.reports")), *note, table, *sections(request, years, DISPUTES, {})]


def _agencies(request: Request, code: str) -> list[Any]:
    """A row an agency, a column a year; each mark leads to the report."""
    by_agency: dict[str, list[Row]] = {}
    for row in request.store.rows(_REPORTS, [code]):
        by_agency.setdefault(row["agency_id"], []).append(row)
    found = [row["year"] for rows in by_agency.values() for row in rows if row["year"] is not None]
    if not found:
        return []
    years = range(max(min(found), max(found) - SPAN + 1), max(found) + 1)
    lines = []
    for rows in list(by_agency.values())[:AGENCIES]:
        reports = {row["year"]: row for row in rows}
        name = html.A(shown(rows[0]["name"]), href=agency_link(request, rows[0]))
        lines.append((name, *(_mark(request, reports.get(year)) for year in years)))
    parts: list[Any] = [html.H2(request.say("county.of"))]
    if len(by_agency) > AGENCIES:
        link = html.A(request.say("county.list"), href=request.link("agencies", division=code))
        parts.append(html.P([request.say("county.more", n=AGENCIES), " ", link], className="soft"))
    return [*parts, small_table([request.say("column.agency"), *map(str, years)], lines)]


def _mark(request: Request, row: Row | None) -> Any:
    if row is None:
        return "–"
    consistent = row["consistent"] or "unknown"
    words = f"{request.say('column.consistent')}: {request.code('consistent', consistent)}"
    sign = {"yes": "✓", "no": "✗"}.get(consistent, "?")
    kind = {"yes": "good", "no": "bad"}.get(consistent, "none")
    return html.A(
        [sign, html.Span(f"{row['year']} {words}", className="unseen")],
        href=request.link("report", row["report_id"]),
        title=words,
        className=f"tag {kind}",
    )


PAGE = Page("/county/<division>", "county.title", view)
