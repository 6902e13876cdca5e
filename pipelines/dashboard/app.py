"""The Dash application: an address in, a page out; nothing is loaded from another host."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import flask
from dash import Dash, Input, Output, dcc, html

from pipelines.dashboard.documents import add_documents
from pipelines.dashboard.downloads import add_downloads
from pipelines.dashboard.evidence_queue import EvidenceQueue
from pipelines.dashboard.evidence_view import add_evidence
from pipelines.dashboard.frame import framed
from pipelines.dashboard.pages import PAGES
from pipelines.dashboard.release_files import add_release_files
from pipelines.dashboard.request import Page, Request, parsed_query
from pipelines.dashboard.store import NoWarehouse, Store
from pipelines.dashboard.verdict_forms import add_verdict_forms
from pipelines.dashboard.verdicts import Verdicts
from pipelines.dashboard.words import words
from pipelines.paths import DataHome

QUESTION_BYTES = 256 * 1024
"""What a browser may send at once."""
_INDEX = """<!DOCTYPE html>
<html lang="zh-CN">
<head>{%metas%}<title>{%title%}</title>{%favicon%}{%css%}</head>
<body>{%app_entry%}<div>{%config%}{%scripts%}{%renderer%}</div></body>
</html>
"""
_LOG = logging.getLogger("gongkai.dashboard")


def make_app(warehouse: Path, home: DataHome, *, write: bool = False) -> Dash:
    """The dashboard over a published warehouse, which it only ever reads. With `write`, people may give verdicts, which
    are kept below `home`."""
    app = Dash(
        "pipelines.dashboard",
        assets_folder=str(Path(__file__).parent / "assets"),
        serve_locally=True,
        compress=False,
        title="gongkai",
        update_title="",
        index_string=_INDEX,
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
        suppress_callback_exceptions=True,
    )
    app.server.config["MAX_CONTENT_LENGTH"] = QUESTION_BYTES
    words()
    store = Store(warehouse, Verdicts(home.root / "verdicts.jsonl"))
    app.layout = html.Div([dcc.Location(id="address", refresh=False), html.Div(id="page")])

    @app.callback(Output("page", "children"), Input("address", "pathname"), Input("address", "search"))
    def show(pathname: str | None, search: str | None) -> Any:
        return page_at(pathname or "/", search, store=store, home=home, write=write)

    add_downloads(app.server, store, {p.listing.name: p.listing for p in PAGES if p.listing})
    add_release_files(app.server, home)
    add_evidence(app, EvidenceQueue(store, home))
    add_documents(app.server, store, home)
    add_verdict_forms(app.server, store, write=write)
    _send_headers(app)
    return app


def page_at(path: str, search: str | None, *, store: Store, home: DataHome, write: bool = False) -> html.Div:
    """The page of an address; where there is none, or it cannot be made, one that says so."""
    query, language = parsed_query(search)
    page, parts = _page_of(path)
    request = Request(path, parts, query, language, store, home, write)
    if page is None:
        title = request.say("page.not_found")
        return framed(request, PAGES, title, [html.H1(title), html.P(request.say("page.not_found_why"))])
    try:
        content = page.view(request)
    except NoWarehouse as error:
        content = [html.H1(request.say("page.no_warehouse")), html.P(str(error))]
    except Exception as error:
        # One page that fails must not take the navigation with it; the person is told, the log has the trace.
        _LOG.exception("The page %s failed", path)
        title = request.say("page.failed")
        content = [html.H1(title), html.P(request.say("page.failed_why", error=type(error).__name__), role="alert")]
    return framed(request, PAGES, _heading(content) or request.say(page.title), content)


def _heading(content: Any) -> str:
    """The words of a page's heading, which its tab in the browser shows too."""
    headings = (part for part in content if isinstance(part, html.H1))
    return next((heading.children for heading in headings if isinstance(heading.children, str)), "")


def _page_of(path: str) -> tuple[Page | None, dict[str, str]]:
    for page in PAGES:
        parts = page.match(path)
        if parts is not None:
            return page, parts
    return None, {}


def _send_headers(app: Dash) -> None:
    """Only our own scripts run, and Dash's one inline script, by its hash; Plotly sets styles as it draws."""
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {' '.join(map(_quoted, app.csp_hashes()))}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "frame-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )

    def protect(response: flask.Response) -> flask.Response:
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers["X-Content-Type-Options"] = "nosniff"
        # Not `no-referrer`: with it browsers keep from us where our own forms were sent from.
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers.setdefault("X-Frame-Options", "DENY")
        return response

    app.server.after_request(protect)


def _quoted(hashed: str) -> str:
    return hashed if hashed.startswith("'") else f"'{hashed}'"
