"""What stands around every page: navigation, language, search, and the date of the warehouse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from pipelines.dashboard.request import Page, Request
from pipelines.dashboard.store import NoWarehouse
from pipelines.dashboard.words import Language


def framed(request: Request, pages: Sequence[Page], title: str, content: Any) -> html.Div:
    """The whole page. `assets/shell.js` takes the document's title and language from it."""
    named: dict[str, Any] = {"data-title": f"{title} · gongkai", "data-address": request.here()}
    return html.Div(
        [
            html.A(request.say("page.skip"), href="#content", className="skip"),
            _header(request, pages),
            html.Main(content, id="content", tabIndex="-1"),
            html.Footer(_built(request)),
        ],
        id="shell",
        lang="zh-CN" if request.language == "zh" else "en",
        **named,
    )


def _header(request: Request, pages: Sequence[Page]) -> html.Header:
    other: Language = "en" if request.language == "zh" else "zh"
    labelled: dict[str, Any] = {"aria-label": request.say("page.menu")}
    return html.Header(
        [
            html.A(request.say("page.name"), href=request.link(), className="name"),
            html.Form(
                [
                    html.Label(request.say("page.search"), htmlFor="find", className="unseen"),
                    dcc.Input(
                        id="find", name="q", type="search", placeholder=request.say("page.search"), maxLength=100
                    ),
                    html.Button(request.say("page.go"), type="submit"),
                ],
                action=request.link("search"),
                method="GET",
                role="search",
            ),
            html.A(
                request.say("page.language"),
                href=request.in_language(other),
                className="language",
                lang="en" if other == "en" else "zh-CN",
            ),
            html.Nav(
                [_menu_item(request, page) for page in pages if page.menu],
                **labelled,
            ),
        ]
    )


def _menu_item(request: Request, page: Page) -> html.A:
    here = request.path == page.path or (page.path != "/" and request.path.startswith(f"{page.path}/"))
    current: dict[str, Any] = {"aria-current": "page"} if here else {}
    return html.A(request.say(page.title), href=request.link(*page.path.split("/")[1:]), **current)


def _built(request: Request) -> str:
    try:
        row = request.store.row("SELECT built_at FROM quality.build")
    except NoWarehouse:
        return request.say("page.no_warehouse")
    return request.say("page.built", built=f"{row['built_at']:%Y-%m-%d %H:%M}") if row else ""
