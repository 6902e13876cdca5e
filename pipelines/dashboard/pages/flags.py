"""What is broken, place by place, with both sides; and what cannot be judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from dash import html

from pipelines.dashboard.listing import Column, Filter, Listing
from pipelines.dashboard.pages.shared import DIVISION, FORM, PROVINCE, RULES, YEAR, contains, county_link, report_link
from pipelines.dashboard.request import Page, Request
from pipelines.dashboard.store import Identity, Row, Store
from pipelines.dashboard.tables import listed
from pipelines.dashboard.values import shown
from pipelines.dashboard.verdicts import PENDING, VERDICTS
from pipelines.finding_words import translated

SOURCE = """
FROM quality.flag AS f
JOIN marts.report AS r USING (report_id)
JOIN dims.rule AS d ON d.rule = f.rule
LEFT JOIN memory.main.verdict AS w
    ON w.report_id = f.report_id AND w.rule = f.rule AND w.instance = f.instance
    AND w.expected IS NOT DISTINCT FROM f.expected AND w.observed IS NOT DISTINCT FROM f.observed
"""
SEVERITY_ORDER = "CASE f.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END"
BEFORE_NOTE = """concat_ws('; ',
    d.en || CASE WHEN f.instance IN ('report', 'undecided') THEN '' ELSE ' (' || f.instance || ')' END,
    'expected ' || f.expected, 'observed ' || f.observed)"""
NOTE = f"nullif(substr(f.message, length({BEFORE_NOTE}) + 3), '')"
"""A flag's message without the words of the rule and the two sides, which stand in columns of their own."""
DIFFERENCE = "TRY_CAST(f.observed AS DECIMAL(38,6)) - TRY_CAST(f.expected AS DECIMAL(38,6))"


def _rule(request: Request, row: Row) -> Any:
    return html.Span(request.either(row["rule_zh"], row["rule_en"]), title=row["rule"])


def _severity(request: Request, row: Row) -> Any:
    return html.Span(request.code("severity", row["severity"]), className=f"tag {row['severity']}")


def _instance(request: Request, row: Row) -> Any:
    return place(request, row["instance"])


def in_words(column: str) -> Callable[[Request, Row], str]:
    """A side or a note, which a rule writes in English, in the language of the page."""

    def words(request: Request, row: Row) -> str:
        text = row[column]
        return shown(translated(text) if text and request.language == "zh" else text)

    return words


LISTING = Listing(
    "flags",
    SOURCE,
    (
        Column("severity", "f.severity", show=_severity, order=SEVERITY_ORDER),
        Column("rule", "f.rule", show=_rule, link=lambda q, row: q.link("rules", row["rule"])),
        Column("year", "r.year", number=True),
        Column("agency", "coalesce(r.agency, r.printed_agency, r.title)", link=report_link),
        Column("division_name", "r.division_name", link=county_link),
        Column("instance", "f.instance", show=_instance),
        Column("expected", "f.expected", number=True, show=in_words("expected")),
        Column("observed", "f.observed", number=True, show=in_words("observed")),
        Column("difference", DIFFERENCE, number=True),
        Column("outcome", "f.outcome", code="outcome"),
        Column("cause", "f.cause", code="cause"),
        Column("verdict", "w.verdict", code="verdict"),
        Column("note", NOTE, show=in_words("note")),
        Column("first_seen", "f.first_seen", show=lambda q, row: shown(row["first_seen"])[:10]),
        Column("report_id", "f.report_id", hidden=True),
        Column("division", "r.division", hidden=True),
        Column("rule_zh", "d.zh", hidden=True),
        Column("rule_en", "d.en", hidden=True),
    ),
    (
        Filter("q", contains("r.agency", "r.printed_agency", "r.title", "r.division_name"), times=4),
        Filter("rule", "f.rule = ?", choices=RULES),
        Filter("severity", "f.severity = ?", choices=("error", "warning", "info"), code="severity"),
        Filter("outcome", "f.outcome = ?", choices=("broken", "unknown"), code="outcome", default="broken"),
        Filter("cause", "f.cause = ?", choices=("reader", "agency", "unknown"), code="cause"),
        Filter("verdict", f"coalesce(w.verdict, '{PENDING}') = ?", choices=(PENDING, *VERDICTS), code="verdict"),
        YEAR,
        PROVINCE,
        FORM,
        Filter("function", "list_contains(r.functions, ?)", hidden=True),
        DIVISION,
        Filter("report", "f.report_id = ?", hidden=True),
    ),
    "severity",
    "f.report_id, f.rule, f.instance",
)


@lru_cache(maxsize=2)
def labels(store: Store, identity: Identity) -> Mapping[str, tuple[str, str]]:
    """The official label of every row and column, by its code; `identity` is the file's."""
    rows = store.rows(
        """
        SELECT "row" AS code, arg_max(row_label, form) AS label FROM dims.measure GROUP BY ALL
        UNION ALL
        SELECT "column", arg_max(column_label, form) FROM dims.measure GROUP BY ALL
        """
    )
    return {row["code"]: (str(row["label"]), row["code"]) for row in rows}


def place(request: Request, instance: str) -> str:
    """Where a rule was applied, in the form's own words: `granted`, or `disclosure.licensing.decisions`."""
    if instance.isdigit():
        return request.say("flags.nth", n=instance)
    known = labels(request.store, request.store.identity)
    pick = 0 if request.language == "zh" else 1
    words = []
    for part in instance.split("."):
        word = request.code("place", part)
        words.append(known[part][pick] if word == part and part in known else word)
    return shown(" · ".join(words))


def view(request: Request) -> Any:
    return [html.H1(request.say("page.flags")), html.P(request.say("flags.lead")), *listed(request, LISTING)]


PAGE = Page("/flags", "page.flags", view, menu=True, listing=LISTING)
