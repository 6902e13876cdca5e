"""The picture of a number on its page: drawn while the person waits, in words where it cannot be."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import flask
from dash import Dash, Input, Output, dcc, html

from pipelines.dashboard.evidence_queue import Busy, EvidenceQueue, Picture
from pipelines.dashboard.request import VALUE_LENGTH, Request
from pipelines.dashboard.store import NoWarehouse
from pipelines.dashboard.values import clean
from pipelines.dashboard.words import LANGUAGES, Language, say
from pipelines.evidence import NoEvidence
from pipelines.printed_tables import Key

POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"


def asked_cell(request: Request) -> Key | None:
    """The number that an address asks to see."""
    cell = tuple(request.query.get(name, "") for name in ("table", "row", "column"))
    return (cell[0], cell[1], cell[2]) if all(cell) else None


def evidence_of(request: Request, report_id: str, cell: Key) -> html.Div:
    """A place that the picture comes to as soon as it is drawn."""
    waiting = html.P(request.say("evidence.drawing"), role="status")
    return html.Div(
        [
            dcc.Store(id="evidence-asked", data=[report_id, *cell, request.language]),
            dcc.Loading(html.Div(waiting, id="evidence"), type="dot"),
        ],
        key=f"{report_id} {cell}",
    )


def add_evidence(app: Dash, queue: EvidenceQueue) -> None:
    """Answers the report page's question for a picture, and `/evidence/<report_id>?table=&row=&column=`."""

    @app.callback(Output("evidence", "children"), Input("evidence-asked", "data"))
    def draw(asked: Any) -> Any:
        report_id, cell, language = _checked(asked)
        try:
            picture = queue.picture(report_id, cell)
        except (NoEvidence, NoWarehouse) as error:
            return html.P(say("evidence.none", language, why=clean(str(error))), role="alert")
        except Busy:
            return html.P(say("evidence.busy", language), role="alert")
        return _shown(picture, report_id, cell, language)

    def alone(report_id: str) -> flask.Response:
        values = flask.request.args
        cell = (values.get("table", ""), values.get("row", ""), values.get("column", ""))
        try:
            picture = queue.picture(report_id, cell)
        except NoEvidence as error:
            return flask.Response(str(error), status=404, mimetype="text/plain")
        except NoWarehouse as error:
            return flask.Response(str(error), status=503, mimetype="text/plain")
        except Busy:
            words = f"{say('evidence.busy', 'zh')}\n{say('evidence.busy', 'en')}"
            return flask.Response(words, status=503, mimetype="text/plain", headers={"Retry-After": "30"})
        response = flask.Response(picture.data, mimetype="image/png" if picture.is_page else "text/html")
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
        response.headers["Cache-Control"] = "private, max-age=300"
        return response

    app.server.add_url_rule("/evidence/<report_id>", "evidence", alone)


def _checked(asked: Any) -> tuple[str, Key, Language]:
    """What came from the page, or from whoever says that it does. Raises ValueError where it is no question of ours."""
    texts = [text for text in asked if isinstance(text, str)] if isinstance(asked, list) else []
    if len(texts) != 5 or max(map(len, texts)) > VALUE_LENGTH:
        raise ValueError("no question for a picture")
    language: Language = next((known for known in LANGUAGES if known == texts[4]), "zh")
    return texts[0], (texts[1], texts[2], texts[3]), language


def _shown(picture: Picture, report_id: str, cell: Key, language: Language) -> list[Any]:
    address = f"/evidence/{report_id}?{urlencode(dict(zip(('table', 'row', 'column'), cell, strict=True)))}"
    notes = [html.P(clean(note), className="soft") for note in picture.notes]
    words = say("evidence.page" if picture.is_page else "evidence.table", language)
    shown: Any
    if picture.is_page:
        shown = _page(picture, address, words)
    else:
        shown = html.Iframe(src=f"{address}#chosen", sandbox="", title=words, className="evidence")
    alone = html.A(say("evidence.alone", language), href=address, target="_blank")
    return [html.P([words, " ", alone], className="soft"), *notes, shown]


def _page(picture: Picture, address: str, words: str) -> html.Div:
    """The page's picture in a frame that a person can move it in; `assets/shell.js` brings the spot into view."""
    width, height = picture.size
    parts: list[Any] = [html.Img(src=address, alt=words, width=width, height=height, className="evidence")]
    if picture.spot is not None:
        left, top, right, bottom = picture.spot
        centre = {"left": f"{50 * (left + right) / width:.2f}%", "top": f"{50 * (top + bottom) / height:.2f}%"}
        parts.append(html.Span(className="spot", style=centre))
    named: dict[str, Any] = {"aria-label": words}
    return html.Div(html.Div(parts), className="picture", role="region", tabIndex="0", **named)
