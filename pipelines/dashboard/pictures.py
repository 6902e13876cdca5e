"""Small pictures of shares and courses, made of boxes: they need no library in the browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html


def share_bar(parts: Mapping[str, int], label: str) -> html.Div:
    """Shares as a bar; `label` says in words what it shows, and each part is a class of the style sheet."""
    whole = sum(parts.values())
    named: dict[str, Any] = {"aria-label": label}
    return html.Div(
        [html.Span(className=name, style={"width": f"{100 * n / whole:.2f}%"}) for name, n in parts.items() if n],
        className="bar",
        role="img",
        title=label,
        **named,
    )


def course(columns: Sequence[tuple[Mapping[str, int], str]], label: str) -> html.Div:
    """Stacked columns on one scale, from left to right in time; each has its parts, as `share_bar` has them, and what
    it says in words."""
    most = max((sum(parts.values()) for parts, _ in columns), default=0)
    named: dict[str, Any] = {"aria-label": label}
    return html.Div(
        [
            html.Div(
                [
                    html.Span(className=name, style={"height": f"{100 * n / most:.2f}%"})
                    for name, n in parts.items()
                    if n
                ],
                title=words,
            )
            for parts, words in columns
        ],
        className="course",
        role="img",
        **named,
    )
