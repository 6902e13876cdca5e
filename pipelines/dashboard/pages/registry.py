"""How the registry fares: sources that do not answer or shrink, and agencies that no one has settled."""

from __future__ import annotations

from typing import Any

from dash import html

from pipelines.dashboard.listing import Column, Filter, Listing
from pipelines.dashboard.pages.shared import PROVINCES, contains, county_link
from pipelines.dashboard.request import Page, Request
from pipelines.dashboard.store import Row
from pipelines.dashboard.tables import listed, small_table
from pipelines.dashboard.values import shown

STATES = ("ok", "never", "dead", "blocked", "refused", "shrinking", "below", "empty", "retired")
COLOURS = {"ok": "good", "never": "none", "retired": "none", "dead": "bad"}


def _state(request: Request, row: Row) -> Any:
    return html.Span(request.code("state", row["state"]), className=f"tag {COLOURS.get(row['state'], 'warn')}")


LISTING = Listing(
    "sources",
    "FROM quality.source AS s LEFT JOIN dims.division AS v ON v.division = s.division",
    (
        Column("state", "s.state", show=_state),
        Column("source", "s.source"),
        Column("publisher", "s.publisher"),
        Column("division_name", "v.name", link=county_link),
        Column("card", "s.status", code="card"),
        Column("last_run", "s.last_run"),
        Column("last_success", "s.last_success"),
        Column("found_before", "s.found_before", number=True),
        Column("found", "s.found", number=True),
        Column("documents", "s.documents", number=True),
        Column("reports", "s.reports", number=True),
        Column("withdrawn", "s.withdrawn", number=True),
        Column("years_below", "s.years_below"),
        Column("division", "s.division", hidden=True),
    ),
    (
        Filter("q", contains("s.source", "s.publisher", "v.name"), times=3),
        Filter("state", "s.state = ?", choices=STATES, code="state"),
        Filter("card", "s.status = ?", choices=("unverified", "verified", "retired"), code="card"),
        Filter("province", "left(s.division, 2) = ?", choices=PROVINCES),
    ),
    "state",
    "s.source",
)
UNSETTLED = """
SELECT
    (SELECT count(*) FROM dims.report WHERE agency_id IS NULL) AS agency,
    (SELECT count(*) FROM dims.report WHERE division IS NULL) AS division,
    (SELECT count(*) FROM dims.report WHERE year IS NULL) AS year,
    (SELECT count(*) FROM dims.agency WHERE NOT registered) AS unregistered
"""


def view(request: Request) -> Any:
    states = request.store.rows("SELECT state, count(*) AS n FROM quality.source GROUP BY state ORDER BY n DESC")
    lacking = request.store.rows(
        """
        SELECT source, year, expected, reports_before, reports, gone
        FROM quality.source_year
        WHERE below OR gone
        ORDER BY gone DESC, source, year
        LIMIT 50
        """
    )
    return [
        html.H1(request.say("registry.title")),
        html.P(request.say("registry.lead")),
        html.Div(
            [
                html.Div([html.H2(request.say("registry.states")), _states(request, states)]),
                html.Div([html.H2(request.say("registry.unsettled")), _unsettled(request)]),
            ],
            className="two",
        ),
        *_lacking(request, lacking),
        html.H2(request.say("registry.sources")),
        *listed(request, LISTING),
    ]


def _states(request: Request, states: list[Row]) -> Any:
    if not states:
        return html.P(request.say("registry.no_sources"))
    rows = [
        [html.A(_state(request, row), href=request.here(state=row["state"], page=None)), str(row["n"])]
        for row in states
    ]
    return small_table([request.say("column.state"), request.say("registry.n")], rows, numbers=(1,))


def _unsettled(request: Request) -> Any:
    counts = request.store.row(UNSETTLED) or {}
    links = {
        "agency": request.link("reports", whose="unsettled", current="all"),
        "division": request.link("reports", whose="unsettled", current="all"),
        "year": request.link("reports", whose="unsettled", current="all"),
        "unregistered": request.link("agencies", registered="no"),
    }
    rows = [
        [html.A(request.say(f"registry.{name}"), href=links[name]) if n else request.say(f"registry.{name}"), str(n)]
        for name, n in counts.items()
    ]
    return small_table([request.say("registry.what"), request.say("registry.n")], rows, numbers=(1,))


def _lacking(request: Request, rows: list[Row]) -> list[Any]:
    if not rows:
        return []
    names = ("column.source", "column.year", "registry.expected", "registry.before", "column.reports", "column.state")
    cells = [
        [
            *(shown(row[name]) for name in ("source", "year", "expected", "reports_before", "reports")),
            request.say("registry.gone" if row["gone"] else "registry.below"),
        ]
        for row in rows
    ]
    return [
        html.H2(request.say("registry.lacking")),
        small_table([request.say(n) for n in names], cells, numbers=(1, 2, 3, 4)),
    ]


PAGE = Page("/registry", "page.registry", view, menu=True, listing=LISTING)
