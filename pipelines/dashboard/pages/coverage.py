"""For which places and years there are reports, how good they are, and which are missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from pipelines.dashboard.listing import Column, Filter, Listing
from pipelines.dashboard.pages.shared import PROVINCES, county_link
from pipelines.dashboard.request import Page, Request
from pipelines.dashboard.still import Still
from pipelines.dashboard.store import Row
from pipelines.dashboard.tables import listed
from pipelines.dashboard.values import shown

MEASURES = ("found", "dated", "read", "consistent", "late", "missing")
"""What the matrix can show; each is a phrase of words.yml."""
COUNTS = ("due", "found", "unread", "dated", "read", "consistent", "inconsistent", "late", "late_unknown", "missing")
PLACES = 400

LISTING = Listing(
    "coverage",
    "FROM marts.county_coverage AS c LEFT JOIN dims.division AS p ON p.division = left(c.division, 2) || '0000'",
    (
        Column("province", "p.name"),
        Column("division_name", "c.division_name", link=county_link),
        Column("year", "c.year", number=True),
        *(Column(name, f"c.{name}", heading=f"coverage.{name}", number=True) for name in COUNTS),
        Column("division", "c.division", hidden=True),
    ),
    (
        Filter("province", "left(c.division, 2) = ?", choices=PROVINCES),
        Filter(
            "year",
            "c.year = TRY_CAST(? AS SMALLINT)",
            choices="SELECT CAST(year AS VARCHAR) AS value, NULL AS label FROM marts.county_coverage "
            "GROUP BY year ORDER BY year DESC",
        ),
        Filter("lacking", "(c.missing > 0) = (? = 'yes')", choices=("yes", "no"), code="yesno"),
    ),
    "-year",
    "c.division, c.year",
)


def view(request: Request) -> Any:
    measure = request.query.get("show", "found")
    if measure not in MEASURES:
        measure = "found"
    province = request.query.get("province", "")
    return [
        html.H1(request.say("page.coverage")),
        html.P(request.say("coverage.lead")),
        _tabs(request, measure),
        html.P(request.say(f"coverage.about_{measure}"), className="soft"),
        *(_counties(request, measure, province) if province else _provinces(request, measure)),
        html.H2(request.say("coverage.list")),
        *listed(request, LISTING),
    ]


def _tabs(request: Request, measure: str) -> html.Ul:
    items = []
    for name in MEASURES:
        current: dict[str, Any] = {"aria-current": "true"} if name == measure else {}
        items.append(html.Li(html.A(request.say(f"coverage.{name}"), href=request.here(show=name), **current)))
    return html.Ul(items, className="tabs")


def _provinces(request: Request, measure: str) -> list[Any]:
    rows = request.store.rows(
        f"""
        SELECT left(c.division, 2) AS place, any_value(p.name) AS name, c.year, {_sums()}
        FROM marts.county_coverage AS c
        LEFT JOIN dims.division AS p ON p.division = left(c.division, 2) || '0000'
        GROUP BY left(c.division, 2), c.year
        ORDER BY place
        """
    )
    known = request.store.rows(
        """
        SELECT
            left(v.division, 2) AS place, count(*) AS counties, count(c.division) AS covered
        FROM dims.division AS v
        LEFT JOIN (SELECT DISTINCT division FROM marts.county_coverage WHERE found > 0) AS c ON c.division = v.division
        WHERE v.level = 'county' AND v.until IS NULL
        GROUP BY ALL
        """
    )
    covered = {row["place"]: request.say("coverage.of", part=row["covered"], whole=row["counties"]) for row in known}
    nowhere = sum(1 for row in known if not row["covered"])
    return [
        html.H2(request.say("coverage.by_province")),
        _matrix(request, measure, rows, lambda place: request.here(province=place, page=None), covered),
        html.P(request.say("coverage.no_province", n=nowhere), className="soft"),
    ]


def _counties(request: Request, measure: str, province: str) -> list[Any]:
    rows = request.store.rows(
        f"""
        SELECT c.division AS place, any_value(c.division_name) AS name, c.year, {_sums()}
        FROM marts.county_coverage AS c
        WHERE left(c.division, 2) = ?
        GROUP BY c.division, c.year
        ORDER BY place
        """,
        [province],
    )
    named = request.store.row("SELECT name FROM dims.division WHERE division = ? || '0000'", [province])
    title = shown(named["name"]) if named else shown(province)
    return [
        html.H2(request.say("coverage.counties_of", name=title)),
        html.P(html.A(request.say("coverage.all_provinces"), href=request.here(province=None, page=None))),
        _matrix(request, measure, rows, lambda place: request.link("county", place), None),
    ]


def _sums() -> str:
    return ", ".join(f"CAST(sum(c.{name}) AS BIGINT) AS {name}" for name in COUNTS)


def _matrix(request: Request, measure: str, rows: Sequence[Row], lead: Any, beside: Mapping[str, str] | None) -> Any:
    """A row a place, a column a year. `lead` gives where a place's name leads, `beside` what stands next to it."""
    years = sorted({row["year"] for row in rows if row["year"] is not None})
    places: dict[str, dict[int, Row]] = defaultdict(dict)
    for row in rows:
        places[row["place"]][row["year"]] = row
    if not places:
        return html.P(request.say("coverage.nothing"))
    body = []
    for place, by_year in list(places.items())[:PLACES]:
        name = next(iter(by_year.values()))["name"]
        head = html.Th(html.A(shown(name) or place, href=lead(place)), scope="row")
        extra = [html.Td(beside.get(place, ""))] if beside is not None else []
        body.append(
            html.Tr([head, *extra, *(_square(request, measure, place, year, by_year.get(year)) for year in years)])
        )
    columns = [request.say("column.division_name"), *([request.say("coverage.counties")] if beside is not None else [])]
    headings = html.Tr([*(html.Th(c, scope="col") for c in columns), *(html.Th(str(y), scope="col") for y in years)])
    label: dict[str, Any] = {"aria-label": request.say("page.coverage")}
    table = html.Table([html.Thead(headings), html.Tbody(body)], className="matrix")
    return Still(html.Div(table, className="wide", role="region", tabIndex="0", **label))


def _square(request: Request, measure: str, place: str, year: int, row: Row | None) -> html.Td:
    if row is None:
        return html.Td("·", className="none")
    text, state = judged(measure, row)
    where = {"province": place} if len(place) == 2 else {"division": place}
    narrowed: dict[str, object] = {**where, "year": year}
    if measure == "missing":
        narrowed = {**where, "missing": year}
    elif measure == "consistent":
        narrowed["consistent"] = "no" if row["inconsistent"] else ""
    elif measure == "late":
        narrowed["late"] = "yes" if row["late"] else ""
    page = "agencies" if measure == "missing" else "reports"
    linked = row["missing"] if measure == "missing" else row["found"]
    return html.Td(html.A(text, href=request.link(page, **narrowed)) if linked else text, className=state)


def judged(measure: str, row: Row) -> tuple[str, str]:
    """What a square says, and its colour: good only where all is well and known to be."""
    n, found = row[measure], row["found"]
    match measure:
        case "found":
            return f"{found}/{row['due']}", _state(found, row["due"])
        case "missing":
            return str(n), "warn" if n else "good"
        case _ if not found:
            return "–", "none"
        case "late":
            unknown = row["late_unknown"]
            text = f"{n} + {unknown}?" if unknown else str(n)
            return text, "warn" if n else "none" if unknown else "good"
        case _:
            return f"{n}/{found}", _state(n, found)


def _state(part: int, whole: int) -> str:
    if part == whole:
        return "good"
    return "warn" if part else "bad"


PAGE = Page("/coverage", "page.coverage", view, menu=True, listing=LISTING)
