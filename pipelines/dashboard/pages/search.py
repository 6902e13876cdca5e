"""A search over counties, agencies and the titles of reports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dash import html

from pipelines.dashboard.listing import Listing
from pipelines.dashboard.pages import agencies, reports
from pipelines.dashboard.pages.shared import agency_link, report_link
from pipelines.dashboard.request import Page, Request
from pipelines.dashboard.tables import small_table
from pipelines.dashboard.values import shown

SHOWN = 20


def view(request: Request) -> Any:
    q = request.query.get("q", "").strip()
    if not q:
        return [html.H1(request.say("page.found")), html.P(request.say("search.empty"))]
    return [
        html.H1(request.say("search.for", q=shown(q))),
        *_counties(request, q),
        *_of(
            request,
            agencies.LISTING,
            {"q": q, "reports": "all"},
            ("agency", "division_name", "level", "reports"),
            agency_link,
        ),
        *_of(request, reports.LISTING, {"q": q, "current": "all"}, ("title", "agency", "year", "form"), report_link),
    ]


def _counties(request: Request, q: str) -> list[Any]:
    rows = request.store.rows(
        """
        SELECT v.division, v.name, p.name AS province, coalesce(c.found, 0) AS reports
        FROM dims.division AS v
        LEFT JOIN dims.division AS p ON p.division = left(v.division, 2) || '0000'
        LEFT JOIN (
            SELECT division, CAST(sum(found) AS BIGINT) AS found FROM marts.county_coverage GROUP BY division
        ) AS c ON c.division = v.division
        WHERE contains(v.name, ?) OR v.division = ?
        ORDER BY reports DESC, v.division
        LIMIT ?
        """,
        [q, q, SHOWN],
    )
    headings = [request.say(f"column.{name}") for name in ("division_name", "division", "province", "reports")]
    found = [
        [
            html.A(shown(row["name"]), href=request.link("county", row["division"])),
            row["division"],
            shown(row["province"]),
            str(row["reports"]),
        ]
        for row in rows
    ]
    return [html.H2(request.say("search.counties")), _or_nothing(request, headings, found, (3,))]


def _of(request: Request, listing: Listing, query: dict[str, str], columns: tuple[str, ...], link: Any) -> list[Any]:
    """The first rows of a list that the words narrow, and a way to all of them."""
    total = listing.count(request.store, query)
    picked = {column.name: column for column in listing.columns}
    headings = [request.say(picked[name].word) for name in columns]
    numbers = [at for at, name in enumerate(columns) if picked[name].number]
    rows = []
    for row in listing.rows(request.store, query, SHOWN):
        texts = [request.code(picked[n].code or "", shown(row[n])) for n in columns]
        href = link(request, row)
        rows.append([html.A(texts[0] or "–", href=href) if href else texts[0], *texts[1:]])
    more = html.A(request.say("search.all", total=total), href=request.link(listing.name, **query))
    return [
        html.H2(request.say(f"page.{listing.name}")),
        _or_nothing(request, headings, rows, numbers),
        html.P(more) if rows else "",
    ]


def _or_nothing(request: Request, headings: list[str], rows: list[list[Any]], numbers: Iterable[int]) -> Any:
    return small_table(headings, rows, numbers=numbers) if rows else html.P(request.say("search.nothing"))


PAGE = Page("/search", "page.found", view)
