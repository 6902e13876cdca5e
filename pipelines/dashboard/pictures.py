"""Small pictures of shares and courses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import plotly.graph_objects as go  # type: ignore[import-untyped]
from dash import dcc, html

COLOURS = {"holds": "#2f7d4f", "broken": "#b32424", "unknown": "#57606a"}


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


def course(times: Sequence[datetime], series: Mapping[str, tuple[str, Sequence[int]]], title: str) -> dcc.Graph:
    """Lines over the runs; `series` has each line's code, its name and its values."""
    figure = go.Figure(
        [
            go.Scatter(x=list(times), y=list(values), name=name, mode="lines+markers", line={"color": COLOURS[code]})
            for code, (name, values) in series.items()
        ]
    )
    figure.update_layout(
        title=title,
        height=300,
        margin={"l": 50, "r": 10, "t": 40, "b": 40},
        legend={"orientation": "h"},
        template="plotly_white",
        yaxis={"rangemode": "tozero"},
    )
    return dcc.Graph(figure=figure, config={"displayModeBar": False, "responsive": True})
