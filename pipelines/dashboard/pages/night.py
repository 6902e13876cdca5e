"""Last night: what ran, how fresh it is, what is there and what does not hold, side by side; and what changed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from dash import html

from pipelines.dashboard.night_lights import Light, lights, overall
from pipelines.dashboard.release_files import DATA_DOCS, DICTIONARY, NOTES, released_page
from pipelines.dashboard.request import Page, Request
from pipelines.dashboard.since import changes
from pipelines.dashboard.store import Row
from pipelines.dashboard.tables import small_table
from pipelines.dashboard.values import clean, shown
from pipelines.forms import load_forms
from pipelines.printed_tables import Key, place_words

NAMED = 20


def view(request: Request) -> Any:
    seen = lights(request, datetime.now(UTC))
    state = overall([light.state for light in seen])
    return [
        html.H1(request.say("page.night")),
        html.P(request.say(f"night.overall_{state}"), className=f"banner {state}", role="status"),
        html.Ul([_light(request, light) for light in seen], className="lights"),
        *_failures(request),
        *_changes(request),
        *_elsewhere(request),
    ]


def _light(request: Request, light: Light) -> html.Li:
    name = request.say(f"night.light_{light.name}")
    return html.Li(
        [
            html.H2([html.A(name, href=light.link) if light.link else name]),
            html.Span(request.say(f"night.state_{light.state}"), className=f"tag {light.state}"),
            html.Ul([html.Li(line) for line in light.lines]),
        ],
        className=f"light-{light.state}",
    )


def _failures(request: Request) -> list[Any]:
    """Errors to run stand apart from failures."""
    rows = request.store.rows(
        """
        SELECT e.suite, e.name, e.rule, e.severity, e.blocking, e.holds, e.broken, e.unknown, e.exception, r.zh, r.en
        FROM quality.expectation AS e
        LEFT JOIN dims.rule AS r ON r.rule = e.rule
        WHERE NOT e.passed
        ORDER BY e.exception IS NULL, NOT e.blocking, e.broken DESC, e.name
        """
    )
    errors = [
        [request.code("suite", row["suite"]), row["name"], clean(row["exception"])]
        for row in rows
        if row["exception"] is not None
    ]
    failed = [
        [
            html.Span(request.code("severity", row["severity"]), className=f"tag {row['severity']}"),
            request.code("suite", row["suite"]),
            _check(request, row),
            request.say("night.blocks" if row["blocking"] else "night.flags_only"),
            *(str(row[name]) for name in ("broken", "unknown", "holds")),
        ]
        for row in rows
        if row["exception"] is None
    ]
    parts: list[Any] = [html.H2(request.say("night.could_not_run"))]
    if errors:
        words = [request.say(name) for name in ("night.suite", "night.check", "night.why")]
        parts.append(small_table(words, errors))
    else:
        parts.append(html.P(request.say("night.all_could_run")))
    parts.append(html.H2(request.say("night.do_not_hold")))
    if failed:
        names = (
            "column.severity",
            "night.suite",
            "night.check",
            "night.then",
            "column.broken",
            "night.unknown",
            "column.holds",
        )
        parts.append(small_table([request.say(name) for name in names], failed, numbers=(4, 5, 6)))
    else:
        parts.append(html.P(request.say("night.all_hold")))
    return parts


def _check(request: Request, row: Row) -> Any:
    """A check by the words of its rule, which it leads to; else by its name."""
    if not row["rule"]:
        return row["name"]
    return html.A(request.either(row["zh"], row["en"]) or row["name"], href=request.link("rules", row["rule"]))


def _changes(request: Request) -> list[Any]:
    found = changes(request)
    title = html.H2(request.say("night.since"))
    if found is None:
        return [title, html.P(request.say("night.no_release"), className="soft")]
    reports = " · ".join(f"{request.say(f'night.{name}_reports')} {n}" for name, n in found.reports.items())
    names = ("column.agency", "column.year", "night.number", "night.before", "night.now")
    rows = [
        [
            html.A(clean(one.agency), href=request.link("agency", one.agency_id)),
            str(one.year),
            _place(request, (one.table, one.row, one.column)),
            one.before or "–",
            one.now or "–",
        ]
        for one in found.first[:NAMED]
    ]
    parts: list[Any] = [
        title,
        html.P(request.say("night.compared", release=found.before)),
        html.P(reports),
        html.P(request.say("night.numbers", n=found.numbers, shown=len(rows))),
    ]
    return [*parts, small_table([request.say(name) for name in names], rows, numbers=(1, 3, 4))] if rows else parts


def _place(request: Request, cell: Key) -> str:
    return shown(place_words(cell, load_forms()) if request.language == "zh" else " · ".join(cell))


def _elsewhere(request: Request) -> list[Any]:
    """The pages that the last release made."""
    pages = {"night.data_docs": DATA_DOCS, "night.dictionary": DICTIONARY, "night.notes": NOTES}
    links = [(phrase, released_page(request.home, page)) for phrase, page in pages.items()]
    items = [
        html.Li(html.A(request.say(phrase), href=href, target="_blank", rel="noopener"))
        for phrase, href in links
        if href
    ]
    if not items:
        return [
            html.H2(request.say("night.elsewhere")),
            html.P(request.say("night.nothing_released"), className="soft"),
        ]
    return [html.H2(request.say("night.elsewhere")), html.Ul(items)]


PAGE = Page("/", "page.night", view, menu=True)
