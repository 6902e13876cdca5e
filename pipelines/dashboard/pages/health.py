"""How our own reading fares, apart from what agencies write: formats, forms, recognition, labels, doubts."""

from __future__ import annotations

from typing import Any

from dash import html

from pipelines.dashboard.listing import Column, Filter, Listing
from pipelines.dashboard.pages.shared import contains, issue_message, issue_place, report_link
from pipelines.dashboard.request import Page, Request
from pipelines.dashboard.tables import listed, small_table
from pipelines.dashboard.values import percent, shown

LISTING = Listing(
    "issues",
    """
    FROM quality.issue AS i
    LEFT JOIN dims.report AS r ON r.report_id = i.report_id
    LEFT JOIN (SELECT sha256, any_value(path) AS path FROM quality.document GROUP BY sha256) AS d ON d.sha256 = i.sha256
    """,
    (
        Column("stage", "i.stage", code="stage"),
        Column("code", "i.code"),
        Column("message", "i.message", show=lambda q, row: issue_message(q, row["code"], row["message"])),
        Column("where", "i.place", show=lambda q, row: issue_place(q, row["where"])),
        Column("title", "coalesce(r.title, r.report_id)", link=report_link),
        Column("year", "r.year", number=True),
        Column("document", "d.path"),
        Column("report_id", "i.report_id", hidden=True),
    ),
    (
        Filter("q", contains("i.message", "r.title", "d.path"), times=3),
        Filter("stage", "i.stage = ?", choices=("document", "read", "registry"), code="stage"),
        Filter(
            "code", "i.code = ?", choices="SELECT DISTINCT code AS value, NULL AS label FROM quality.issue ORDER BY 1"
        ),
    ),
    "code",
    "i.sha256, i.report_id, i.stage, i.code, i.message, i.place",
)


def view(request: Request) -> Any:
    return [
        html.H1(request.say("health.title")),
        html.P(request.say("health.lead")),
        html.Div(
            [_formats(request), _forms(request), _cells(request), _labels(request), _codes(request)], className="two"
        ),
        html.H2(request.say("health.issues")),
        *listed(request, LISTING),
    ]


def _block(
    request: Request, title: str, headings: tuple[str, ...], rows: list[list[Any]], numbers: tuple[int, ...]
) -> html.Div:
    words = [request.say(name) for name in headings]
    table = small_table(words, rows, numbers=numbers) if rows else html.P(request.say("health.none"))
    return html.Div([html.H2(request.say(title)), table])


def _formats(request: Request) -> html.Div:
    rows = request.store.rows(
        """
        SELECT
            coalesce(format, '?') AS format, count(*) AS documents, count(*) FILTER (outcome = 'refused') AS refused,
            median(seconds) * 1000 AS middle, quantile_cont(seconds, 0.95) * 1000 AS slow
        FROM quality.document
        GROUP BY ALL
        ORDER BY documents DESC
        """
    )
    found = [
        [
            shown(row["format"]),
            str(row["documents"]),
            str(row["refused"]),
            percent(row["refused"], row["documents"]),
            *("–" if row[name] is None else f"{row[name]:.0f}" for name in ("middle", "slow")),
        ]
        for row in rows
    ]
    headings = ("column.format", "health.documents", "health.refused", "health.share", "health.median", "health.slow")
    return _block(request, "health.formats", headings, found, (1, 2, 3, 4, 5))


def _forms(request: Request) -> html.Div:
    rows = request.store.rows(
        """
        SELECT
            year, count(*) AS reports,
            count(*) FILTER (form = '2014') AS f14, count(*) FILTER (form = '2019') AS f19,
            count(*) FILTER (form = '2021') AS f21, count(*) FILTER (form IS NULL) AS none
        FROM dims.report
        GROUP BY year
        ORDER BY year DESC
        """
    )
    found = [
        [shown(row["year"]) or "?", *(str(row[n]) for n in ("reports", "f14", "f19", "f21", "none"))] for row in rows
    ]
    headings = ("column.year", "column.reports", "health.f14", "health.f19", "health.f21", "health.no_form")
    return _block(request, "health.forms", headings, found, (1, 2, 3, 4, 5))


def _cells(request: Request) -> html.Div:
    rows = request.store.rows(
        "SELECT reading, status, CAST(sum(cells) AS BIGINT) AS cells FROM quality.cell_count GROUP BY ALL ORDER BY ALL"
    )
    total = sum(row["cells"] for row in rows)
    found = [
        [
            request.code("reading", row["reading"]),
            request.code("status", row["status"]),
            f"{row['cells']:,}",
            percent(row["cells"], total),
        ]
        for row in rows
    ]
    headings = ("health.reading", "health.status", "health.cells", "health.share")
    return _block(request, "health.by_reading", headings, found, (2, 3))


def _labels(request: Request) -> html.Div:
    rows = request.store.rows(
        """
        SELECT message, count(*) AS times, count(DISTINCT report_id) AS reports
        FROM quality.issue
        WHERE code = 'label_unknown'
        GROUP BY message
        ORDER BY times DESC, message
        LIMIT 20
        """
    )
    found = [
        [issue_message(request, "label_unknown", row["message"]), str(row["times"]), str(row["reports"])]
        for row in rows
    ]
    return _block(request, "health.labels", ("health.label", "health.times", "column.reports"), found, (1, 2))


def _codes(request: Request) -> html.Div:
    rows = request.store.rows(
        """
        SELECT stage, code, count(*) AS times, count(DISTINCT sha256) AS documents
        FROM quality.issue
        GROUP BY stage, code
        ORDER BY times DESC, code
        """
    )
    found = [
        [
            request.code("stage", row["stage"]),
            html.A(shown(row["code"]), href=request.here(code=row["code"], page=None)),
            str(row["times"]),
            str(row["documents"]),
        ]
        for row in rows
    ]
    return _block(
        request, "health.codes", ("column.stage", "column.code", "health.times", "health.documents"), found, (2, 3)
    )


PAGE = Page("/health", "page.health", view, menu=True, listing=LISTING)
