"""One report: what does not hold, its tables as printed, where each number stands, what the narrative says, its other
versions."""

from __future__ import annotations

from typing import Any

from dash import html

from pipelines.dashboard.evidence_view import asked_cell, evidence_of
from pipelines.dashboard.pages.shared import issue_message, issue_place
from pipelines.dashboard.report_data import FLAGS, ReportData, plain, report_data
from pipelines.dashboard.report_findings import findings_list, undecided_list
from pipelines.dashboard.report_tables import cell_link, tables_of
from pipelines.dashboard.request import Page, Request
from pipelines.dashboard.store import Row
from pipelines.dashboard.tables import small_table
from pipelines.dashboard.values import clean, http_address, number, shown
from pipelines.forms import load_forms
from pipelines.printed_tables import place_words
from pipelines.shown_report import SIGNS


def view(request: Request) -> Any:
    report_id = request.parts["report_id"]
    data = report_data(request.store, report_id)
    if data is None:
        return [
            html.H1(request.say("report.none")),
            html.P(request.say("report.none_why", report_id=clean(report_id))),
        ]
    return [
        html.H1(shown(data.row["title"]) or request.say("report.untitled")),
        *_standing(request, data),
        _facts(request, data.row),
        *_evidence(request, report_id),
        *_findings(request, data),
        *_tables(request, data),
        *_claims(request, data),
        *_versions(request, data),
        *_issues(request, data),
    ]


def _standing(request: Request, data: ReportData) -> list[Any]:
    """Whether this is the report that counts, and which one does."""
    row = data.row
    parts: list[Any] = []
    current = next((v["report_id"] for v in data.versions if v["is_current"]), None)
    if not row["is_current"] and current:
        link = html.A(request.say("report.current"), href=request.link("report", current))
        parts.append(html.P([request.say("report.not_current"), " ", link], className="tag warn"))
    if row["withdrawn"]:
        parts.append(html.P(request.say("report.withdrawn", date=shown(row["withdrawn"])), className="tag warn"))
    return parts


def _facts(request: Request, row: Row) -> html.Dl:
    unknown = request.say("report.unknown")
    name = shown(row["agency"] or row["printed_agency"]) or unknown
    agency = html.A(name, href=request.link("agency", row["agency_id"])) if row["agency_id"] else name
    county: Any = shown(row["division_name"]) or unknown
    if row["division"]:
        county = html.A(county, href=request.link("county", row["division"]))
    size = f"{row['size'] / 1024:,.0f} KB"
    document = html.A(
        request.say("report.document", format=row["format"], size=size),
        href=f"/document/{row['report_id']}",
        download="",
    )
    web = http_address(row["url"])
    consistent = row["consistent"] or "unknown"
    kind = {"yes": "good", "no": "bad"}.get(consistent, "none")
    facts: list[tuple[str, Any]] = [
        (request.say("column.agency"), agency),
        (request.say("column.division_name"), county),
        (request.say("column.year"), shown(row["year"]) or unknown),
        (request.say("column.form"), request.code("form", row["form"]) or unknown),
        (request.say("column.published"), shown(row["published"]) or unknown),
        (request.say("column.revision"), shown(row["revision"])),
        (request.say("column.numbers"), request.say("report.numbers", n=row["numbers"])),
        (
            request.say("column.consistent"),
            html.Span(request.code("consistent", consistent), className=f"tag {kind}"),
        ),
        (request.say("report.where"), _source(request, row, web)),
        ("", document),
    ]
    named: dict[str, Any] = {"aria-label": request.say("report.facts")}
    return html.Dl([html.Div([html.Dt(term), html.Dd(told)]) for term, told in facts], className="facts", **named)


def _source(request: Request, row: Row, web: str | None) -> Any:
    if web is None:
        return clean(row["url"] or row["source"])
    return html.A(clean(web), href=web, rel="noreferrer noopener", target="_blank", title=request.say("report.source"))


def _evidence(request: Request, report_id: str) -> list[Any]:
    cell = asked_cell(request)
    if cell is None:
        return []
    words = clean(place_words(cell, load_forms()))
    heading = html.H2(f"{request.say('report.evidence')}: {words}", id="evidence-heading", tabIndex="-1")
    return [html.Section([heading, evidence_of(request, report_id, cell)], className="shown")]


def _findings(request: Request, data: ReportData) -> list[Any]:
    parts: list[Any] = [html.H2(f"{request.say('report.findings')} ({len(data.broken)})")]
    if data.broken:
        parts.append(findings_list(request, data.broken))
    else:
        parts.append(html.P(request.say("report.clean")))
    if len(data.broken) + len(data.unknown) >= FLAGS:
        link = html.A(
            request.say("report.all_flags"),
            href=request.link("flags", report=data.row["report_id"], outcome="all"),
        )
        parts.append(html.P([request.say("report.more", n=FLAGS), " ", link]))
    if data.unknown:
        summary = html.Summary(f"{request.say('report.unknowns')} ({len(data.unknown)})")
        parts.append(html.Details([summary, undecided_list(request, data.unknown)]))
    return parts


def _tables(request: Request, data: ReportData) -> list[Any]:
    tables = tables_of(request, data)
    if not tables:
        return [html.H2(request.say("report.tables")), html.P(request.say("report.no_tables"))]
    if data.before:
        link = html.A(str(data.row["year"] - 1), href=request.link("report", data.before))
        before = html.P([request.say("report.before_from"), " ", link], className="soft")
    else:
        before = html.P(request.say("report.before_none"), className="soft")
    lead = html.P(request.say("report.tables_lead"), className="soft")
    return [html.H2(request.say("report.tables")), lead, before, *tables]


def _claims(request: Request, data: ReportData) -> list[Any]:
    if not data.claims:
        return []
    rows = []
    for claim in data.claims:
        told = number(claim["value"])
        rows.append(
            (
                request.code("claim", claim["kind"]),
                request.say("report.approximate", n=told) if claim["approximate"] else told,
                request.code("scope", claim["scope"]),
                html.Q(clean(claim["quote"])),
            )
        )
    headings = [request.say(f"report.{name}") for name in ("claim", "value", "scope", "quote")]
    return [html.H2(request.say("report.claims")), small_table(headings, rows, numbers=[1])]


def _versions(request: Request, data: ReportData) -> list[Any]:
    if len(data.versions) < 2:
        return []
    rows = [
        (
            _version_link(request, version, data.row["report_id"]),
            shown(version["published"]),
            shown(version["first_seen"]),
            shown(version["numbers"]),
            _version_note(request, version),
        )
        for version in data.versions
    ]
    headings = [
        request.say(name)
        for name in ("column.revision", "column.published", "report.seen", "column.numbers", "column.note")
    ]
    parts: list[Any] = [html.H2(request.say("report.versions")), small_table(headings, rows, numbers=[3])]
    if data.changes:
        changed = [_change(request, row) for row in data.changes]
        headings = [request.say(f"report.{name}") for name in ("places", "was", "became")]
        parts += [html.H3(request.say("report.changes")), small_table(headings, changed, numbers=[1, 2])]
    return parts


def _version_link(request: Request, version: Row, here: str) -> Any:
    words = request.say("report.revision_n", n=version["revision"])
    if version["report_id"] == here:
        return html.B(f"{words} · {request.say('report.this_one')}")
    return html.A(words, href=request.link("report", version["report_id"]))


def _version_note(request: Request, version: Row) -> str:
    notes = [request.say("report.current")] if version["is_current"] else []
    notes += [request.say("report.same_as")] if version["same_as"] else []
    if version["withdrawn"]:
        notes.append(request.say("report.withdrawn", date=shown(version["withdrawn"])))
    return "；".join(notes)


def _change(request: Request, row: Row) -> tuple[Any, str, str]:
    key = (row["table"], row["row"], row["column"])
    link = html.A(clean(place_words(key, load_forms())), href=cell_link(request, key))
    return (
        link,
        _shown_value(row["value_before"], row["status_before"]),
        _shown_value(row["value"], row["status"]),
    )


def _shown_value(value: Any, status: str) -> str:
    return f"{plain(value):f}" if value is not None else SIGNS.get(status, status)


def _issues(request: Request, data: ReportData) -> list[Any]:
    if not data.issues:
        return []
    rows = [
        (
            html.Code(row["code"]),
            issue_message(request, row["code"], row["message"]),
            issue_place(request, row["place"]),
        )
        for row in data.issues
    ]
    headings = [request.say("report.issue"), request.say("column.note"), request.say("report.issue_at")]
    summary = html.Summary(f"{request.say('report.issues')} ({len(data.issues)})")
    return [html.Details([summary, small_table(headings, rows)])]


PAGE = Page("/report/<report_id>", "report.title", view)
