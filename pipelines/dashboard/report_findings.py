"""What does not hold in a report: the rule, both sides, the places, and what people said of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from dash import dcc, html

from pipelines.dashboard.report_data import Found, Sum, Term
from pipelines.dashboard.report_tables import cell_link
from pipelines.dashboard.request import Request
from pipelines.dashboard.values import clean, number, shown
from pipelines.dashboard.verdicts import LONGEST, TAKEN_BACK, VERDICTS
from pipelines.forms import load_forms
from pipelines.printed_tables import place_words
from pipelines.shown_report import Finding, findings_of

PLACES = 8


def findings_list(request: Request, broken: Sequence[Found]) -> html.Ol:
    """The broken flags, numbered as the tables refer to them."""
    findings = findings_of([found.flag for found in broken])
    return html.Ol(
        [_finding(request, found, finding) for found, finding in zip(broken, findings, strict=True)],
        className="findings",
    )


def undecided_list(request: Request, unknown: Sequence[Found]) -> html.Ul:
    findings = findings_of([found.flag for found in unknown])
    return html.Ul(
        [
            html.Li([_words(request, found, finding), *_places(request, found)])
            for found, finding in zip(unknown, findings, strict=True)
        ],
        className="soft",
    )


def _finding(request: Request, found: Found, finding: Finding) -> html.Li:
    flag = found.flag
    head: list[Any] = [
        html.Span(request.code("severity", flag.severity), className=f"tag {flag.severity}"),
        " ",
        html.A(_words(request, found, finding), href=request.link("rules", flag.rule)),
    ]
    parts: list[Any] = [html.P(head)]
    if found.sum is not None:
        parts.append(_sum(request, found.sum))
    cause = f"{request.say('report.cause')}: {request.code('cause', flag.cause)}"
    parts += [*_places(request, found), html.P(cause, className="soft"), *_verdict(request, found)]
    return html.Li(parts, id=f"finding-{finding.number}", tabIndex="-1")


def _words(request: Request, found: Found, finding: Finding) -> str:
    return clean(finding.words if request.language == "zh" else found.flag.message)


def _places(request: Request, found: Found) -> list[Any]:
    cells = found.flag.cells
    if not cells:
        return []
    links: list[Any] = []
    for cell in cells[:PLACES]:
        links += [
            "；",
            html.A(clean(place_words(cell, load_forms())), href=cell_link(request, cell), title=" ".join(cell)),
        ]
    more = [f" … {request.say('report.places_more', n=len(cells))}"] if len(cells) > PLACES else []
    return [html.P([f"{request.say('report.places')}: ", *links[1:], *more], className="soft places")]


def _sum(request: Request, of: Sum) -> html.P:
    """`本年新收 12 ＋ 上年结转 1 ＝ 13 ≠ 10 ＝ 总计 7 ＋ 结转下年度 3`; terms that are 0 are counted, not shown."""
    left, right = (sum((term.value for term in side), start=side[0].value * 0) for side in (of.left, of.right))
    zeros = sum(1 for term in (*of.left, *of.right) if not term.value)
    told = [
        html.Span(_side(of.left)),
        html.B(f" ＝ {number(left)} ≠ {number(right)} ＝ " if len(of.left) > 1 else f" ≠ {number(right)} ＝ "),
        html.Span(_side(of.right)),
    ]
    notes = [request.say("report.difference", n=number(left - right))]
    notes += [request.say("report.zeros", n=zeros)] if zeros else []
    return html.P(
        [f"{request.say('report.sum')}: ", *told, html.Span(f"　{' '.join(notes)}", className="soft")], className="sum"
    )


def _side(terms: Sequence[Term]) -> str:
    counted = [term for term in terms if term.value] or list(terms[:1])
    return " ＋ ".join(f"{clean(term.label)} {number(term.value)}" for term in counted)


def _verdict(request: Request, found: Found) -> list[Any]:
    """What stands, and buttons where people may write."""
    parts: list[Any] = []
    if found.given is not None:
        by = clean(found.given.by or "") or request.say("verdict.somebody")
        told = request.say("verdict.given", by=by, at=shown(found.given.given))
        parts.append(
            html.P(
                [
                    f"{request.say('verdict.heading')}: ",
                    html.Span(request.code("verdict", found.given.verdict), className="tag given"),
                    f" {told}",
                ],
                className="soft",
            )
        )
    if request.write:
        parts.append(_buttons(request, found))
    return parts


def _buttons(request: Request, found: Found) -> html.Form:
    flag = found.flag
    named = {"rule": flag.rule, "instance": found.instance, "lang": request.language}
    identity = f"by-{flag.rule}-{found.instance}".replace(".", "-")
    offered = (*VERDICTS, TAKEN_BACK) if found.given else VERDICTS
    return html.Form(
        [
            html.Label(request.say("verdict.by"), htmlFor=identity, className="unseen"),
            dcc.Input(
                id=identity,
                name="by",
                type="text",
                maxLength=LONGEST,
                placeholder=request.say("verdict.by"),
            ),
            *(
                html.Button(request.code("verdict", verdict), type="submit", name="verdict", value=verdict)
                for verdict in offered
            ),
        ],
        action=f"/verdict/{flag.report_id}?{urlencode(named)}",
        method="POST",
        className="verdict",
    )
