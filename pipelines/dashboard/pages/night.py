"""Last night: what ran, how fresh it is, and what does not hold."""

from __future__ import annotations

from typing import Any

from dash import html

from pipelines.dashboard.request import Page, Request


def view(request: Request) -> Any:
    row = request.store.row("SELECT count(*) AS reports FROM dims.report WHERE is_current")
    return [html.H1(request.say("page.night")), html.P(str(row["reports"] if row else 0))]


PAGE = Page("/", "page.night", view, menu=True)
