"""The rules: their words, and what each came to."""

from __future__ import annotations

from typing import Any

from dash import html

from pipelines.dashboard.listing import Column, Filter, Listing
from pipelines.dashboard.pages.shared import contains
from pipelines.dashboard.pictures import share_bar
from pipelines.dashboard.request import Page, Request
from pipelines.dashboard.store import Row
from pipelines.dashboard.tables import listed
from pipelines.dashboard.values import percent

SOURCE = """
FROM dims.rule AS d
LEFT JOIN (
    SELECT
        rule, CAST(sum(judged) AS BIGINT) AS judged, CAST(sum(holds) AS BIGINT) AS holds,
        CAST(sum(broken) AS BIGINT) AS broken, CAST(sum(unknown) AS BIGINT) AS unknown
    FROM quality.rule_count
    GROUP BY rule
) AS c USING (rule)
"""


def outcome_bar(request: Request, row: Row) -> Any:
    """What a rule came to, as a bar; in words where it judged nothing."""
    if not row["judged"]:
        return request.say("rules.never")
    parts = {name: row[name] for name in ("holds", "broken", "unknown")}
    label = "，".join(f"{request.code('outcome', name)} {percent(n, row['judged'])}" for name, n in parts.items())
    return share_bar(parts, label)


def broken_link(request: Request, row: Row) -> str | None:
    return request.link("flags", rule=row["rule"]) if row["broken"] else None


def undecided_link(request: Request, row: Row) -> str | None:
    return request.link("flags", rule=row["rule"], outcome="unknown") if row["unknown"] else None


LISTING = Listing(
    "rules",
    SOURCE,
    (
        Column(
            "severity",
            "d.severity",
            show=lambda q, row: html.Span(q.code("severity", row["severity"]), className=f"tag {row['severity']}"),
            order="CASE d.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END",
        ),
        Column("rule", "d.rule", link=lambda q, row: q.link("rules", row["rule"])),
        Column("words", "d.zh", show=lambda q, row: q.either(row["words"], row["en"])),
        Column("judged", "coalesce(c.judged, 0)", number=True),
        Column("holds", "coalesce(c.holds, 0)", number=True),
        Column("broken", "coalesce(c.broken, 0)", number=True, link=broken_link),
        Column("unknown", "coalesce(c.unknown, 0)", number=True, link=undecided_link),
        Column("share", "c.broken / c.judged", show=outcome_bar),
        Column("en", "d.en", hidden=True),
    ),
    (
        Filter("q", contains("d.rule", "d.zh", "d.en"), times=3),
        Filter("severity", "d.severity = ?", choices=("error", "warning", "info"), code="severity"),
    ),
    "severity",
    "d.rule",
)


def view(request: Request) -> Any:
    return [html.H1(request.say("page.rules")), html.P(request.say("rules.lead")), *listed(request, LISTING)]


PAGE = Page("/rules", "page.rules", view, menu=True, listing=LISTING)
