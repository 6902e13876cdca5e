"""One rule: what it came to, run by run, by year, province, form and function, and every report that it flags."""

from __future__ import annotations

from typing import Any

from dash import html

from pipelines.dashboard.pages import flags
from pipelines.dashboard.pages.rules import outcome_bar
from pipelines.dashboard.pictures import course
from pipelines.dashboard.request import Page, Request
from pipelines.dashboard.still import Still
from pipelines.dashboard.store import Row
from pipelines.dashboard.tables import listed, small_table
from pipelines.dashboard.values import percent, shown

GROUPS = {
    "year": "CAST(c.year AS VARCHAR)",
    "form": "c.form",
    "province": "c.province",
    "function": "unnest(CASE WHEN c.functions = [] THEN [NULL] ELSE c.functions END)",
}
"""What the reports are parted by; an agency of several functions counts for each."""
SUMS = ", ".join(f"CAST(sum(c.{name}) AS BIGINT) AS {name}" for name in ("judged", "holds", "broken", "unknown"))
ROWS = 40
RUNS = 90
COURSE = ("broken", "unknown")


def view(request: Request) -> Any:
    code = request.parts["rule"]
    rule = request.store.row("SELECT rule, severity, reach, zh, en FROM dims.rule WHERE rule = ?", [code])
    if rule is None:
        return [html.H1(request.say("page.not_found")), html.P(request.say("rules.no_such", rule=shown(code)))]
    total = request.store.row(f"SELECT {SUMS} FROM quality.rule_count AS c WHERE rule = ?", [code]) or {}
    return [
        html.H1(request.either(rule["zh"], rule["en"])),
        html.P(
            [
                html.Span(request.code("severity", rule["severity"]), className=f"tag {rule['severity']}"),
                " ",
                html.Code(rule["rule"]),
                " · ",
                request.code("reach", rule["reach"]),
            ]
        ),
        small_table(
            _headings(request, "rules.all"), [_row(request, request.say("rules.reports"), total)], numbers=NUMBERS
        ),
        *_trend(request, code),
        html.Div([_group(request, code, group) for group in GROUPS], className="two"),
        html.H2(request.say("rules.flagged")),
        *listed(request, flags.LISTING, {"rule": code}, without=("rule", "severity")),
    ]


NUMBERS = (1, 2, 3, 4, 5)


def _headings(request: Request, first: str) -> list[str]:
    names = ("column.judged", "column.holds", "column.broken", "column.unknown", "rules.share", "column.share")
    return [request.say(first), *(request.say(name) for name in names)]


def _row(request: Request, name: Any, row: Row) -> list[Any]:
    counts = {key: row.get(key) or 0 for key in ("judged", "holds", "broken", "unknown")}
    share = percent(counts["broken"], counts["judged"])
    return [name, *map(str, counts.values()), share, outcome_bar(request, counts)]


def _trend(request: Request, code: str) -> list[Any]:
    rows = request.store.rows(
        "SELECT built_at, judged, holds, broken, unknown FROM quality.rule_run WHERE rule = ? "
        "ORDER BY built_at DESC LIMIT ?",
        [code, RUNS],
    )[::-1]
    title = request.say("rules.trend")
    if len(rows) < 2:
        return [html.H2(title), html.P(request.say("rules.one_run"), className="soft")]
    columns = [({name: int(row[name]) for name in COURSE}, _said(request, shown(row["built_at"]), row)) for row in rows]
    highest = max(sum(parts.values()) for parts, _ in columns)
    newest = [_row(request, shown(row["built_at"]), row) for row in rows[:-11:-1]]
    return [
        html.H2(title),
        html.P(
            request.say("rules.trend_of", since=shown(rows[0]["built_at"]), until=shown(rows[-1]["built_at"])),
            className="soft",
        ),
        Still(course(columns, f"{columns[0][1]}；{columns[-1][1]}")),
        html.P(
            [
                *(html.Span([html.Span(className=f"key {n}"), f" {request.code('outcome', n)} "]) for n in COURSE),
                request.say("rules.highest", n=highest),
            ]
        ),
        html.Details(
            [
                html.Summary(request.say("rules.last_runs")),
                small_table(_headings(request, "rules.built_at"), newest, numbers=NUMBERS),
            ]
        ),
    ]


def _said(request: Request, name: str, row: Row) -> str:
    return f"{name}: " + ", ".join(f"{request.code('outcome', part)} {row[part]}" for part in COURSE)


def _group(request: Request, code: str, group: str) -> html.Div:
    """The counts by one of GROUPS, the most broken first but for years; each leads to its flags."""
    order = "name DESC" if group == "year" else "broken DESC, name"
    rows = request.store.rows(
        f"""
        WITH parted AS (SELECT {GROUPS[group]} AS name, c.* FROM quality.rule_count AS c WHERE c.rule = ?)
        SELECT c.name, any_value(v.name) AS label, {SUMS}
        FROM parted AS c
        LEFT JOIN dims.division AS v ON v.level = 'province' AND v.division = c.name || '0000'
        GROUP BY c.name
        ORDER BY {order} NULLS LAST
        LIMIT {ROWS}
        """,
        [code],
    )
    return html.Div(
        [
            html.H2(request.say(f"rules.by_{group}")),
            small_table(
                _headings(request, f"filter.{group}"),
                [_row(request, _name(request, group, row), row) for row in rows],
                numbers=NUMBERS,
            ),
        ]
    )


def _name(request: Request, group: str, row: Row) -> Any:
    if row["name"] is None:
        return request.say("rules.unsettled")
    label = request.code("form", row["name"]) if group == "form" else shown(row["label"] or row["name"])
    return html.A(label, href=request.here(**{group: row["name"], "page": None}))


PAGE = Page("/rules/<rule>", "page.rule", view)
