"""Pictures of years, each beside a table of its numbers: who cannot see the one reads the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from dash import dcc, html

from pipelines.dashboard.request import Request
from pipelines.dashboard.tables import small_table
from pipelines.dashboard.values import number
from pipelines.dashboard.years import ByYear, Peers, Rate, Years

COLOURS = ("#0b5fa5", "#56b4e9", "#b8480b", "#8a6d00", "#6b3fa0", "#57606a")
"""Told apart by those who do not see red and green, too; the last parts of a stack are hatched."""
PATTERNS = ("", "/", "", "\\", "", "x")
OWN, BAR, BAND, MEDIAN = "#0b5fa5", "#a9cdf0", "rgba(87, 96, 106, 0.22)", "#3d444d"


def bars_against_peers(request: Request, years: Years, measure: str, link: Mapping[int, str]) -> html.Section:
    """A count, and the quartiles of the peers where there are enough of them."""
    counts, peers = years.counts.get(measure, {}), years.peers.get(measure, {})
    name = request.code("measure", measure)
    own = {
        "type": "bar",
        "name": name,
        "x": _labels(years),
        "y": _numbers(years, counts),
        "marker": {"color": BAR, "line": {"color": OWN, "width": 1}},
    }
    rows = [(_year(year, link), _text(counts.get(year)), *_peer_cells(peers.get(year), _plain)) for year in years.years]
    headings = [request.say("column.year"), name, *_peer_headings(request)]
    return _pair(request, name, [own, *_peer_traces(request, years, peers)], headings, rows, "years.received_note")


def stacked(
    request: Request, years: Years, title: str, parts: Sequence[tuple[str, str]], link: Mapping[int, str]
) -> html.Section:
    """Counts on top of each other; `parts` are a measure and the phrase that names it. A year that lacks one of them is
    not drawn: what is left would look like all."""
    whole = [year for year in years.years if all(years.counts.get(m, {}).get(year) is not None for m, _ in parts)]
    traces = [
        {
            "type": "bar",
            "name": request.say(word),
            "x": _labels(years),
            "y": [_float(years.counts[measure][year]) if year in whole else None for year in years.years],
            "marker": {
                "color": COLOURS[at],
                "pattern": {"shape": PATTERNS[at], "fgcolor": "#fff", "fillmode": "overlay", "solidity": 0.2},
            },
        }
        for at, (measure, word) in enumerate(parts)
    ]
    rows = [
        (_year(year, link), *(_text(years.counts.get(measure, {}).get(year)) for measure, _ in parts))
        for year in years.years
    ]
    headings = [request.say("column.year"), *(request.say(word) for _, word in parts)]
    return _pair(request, request.say(title), traces, headings, rows, "years.stacked_note")


def rate_against_peers(request: Request, years: Years, rate: str, link: Mapping[int, str]) -> html.Section:
    """A rate with the number behind it; hollow where that is small."""
    rates, peers = years.rates.get(rate, {}), years.peers.get(rate, {})
    name = request.code("rate", rate)
    shown = [rates.get(year, Rate(None, None)) for year in years.years]
    own = {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": _labels(years),
        "y": [one.value for one in shown],
        "customdata": [_text(one.n) for one in shown],
        "hovertemplate": "%{x}: %{y:.1%} (n = %{customdata})<extra></extra>",
        "line": {"color": OWN},
        "marker": {
            "size": 10,
            "line": {"color": OWN, "width": 2},
            "color": ["#fff" if one.is_observation else OWN for one in shown],
        },
    }
    rows = [
        (
            _year(year, link),
            _rate(request, one),
            _text(one.n),
            *_peer_cells(peers.get(year), _percent),
        )
        for year, one in zip(years.years, shown, strict=True)
    ]
    headings = [request.say("column.year"), name, "n", *_peer_headings(request)]
    traces = [own, *_peer_traces(request, years, peers)]
    return _pair(request, name, traces, headings, rows, "years.rate_note", percent=True)


def _pair(
    request: Request,
    title: str,
    traces: Sequence[Mapping[str, Any]],
    headings: Sequence[str],
    rows: Sequence[Sequence[Any]],
    note: str,
    *,
    percent: bool = False,
) -> html.Section:
    layout = {
        "height": 300,
        "margin": {"l": 56, "r": 8, "t": 10, "b": 36},
        "barmode": "stack",
        "legend": {"orientation": "h", "y": -0.15, "traceorder": "normal"},
        "xaxis": {"type": "category", "fixedrange": True},
        "yaxis": {"rangemode": "tozero", "fixedrange": True, **({"tickformat": ".0%"} if percent else {})},
        "paper_bgcolor": "#fff",
        "plot_bgcolor": "#fff",
        "font": {"color": "#1f2328"},
    }
    graph = dcc.Graph(
        figure={"data": list(traces), "layout": layout},
        config={"displayModeBar": False, "responsive": True},
        className="graph",
    )
    named: dict[str, Any] = {"aria-label": request.say("years.picture", title=title)}
    return html.Section(
        [
            html.H3(title),
            html.P(request.say(note), className="soft"),
            html.Div(
                [html.Div(graph, role="img", **named), small_table(headings, rows, numbers=range(1, len(headings)))],
                className="pair",
            ),
        ]
    )


def _peer_traces(request: Request, years: Years, peers: Mapping[int, Peers]) -> list[dict[str, Any]]:
    if not peers:
        return []
    found = [peers.get(year) for year in years.years]
    line = {"type": "scatter", "x": _labels(years), "hoverinfo": "skip", "mode": "lines"}
    return [
        {**line, "y": [p.lower if p else None for p in found], "line": {"width": 0}, "showlegend": False},
        {
            **line,
            "y": [p.upper if p else None for p in found],
            "line": {"width": 0},
            "fill": "tonexty",
            "fillcolor": BAND,
            "name": request.say("years.quartiles"),
        },
        {
            **line,
            "mode": "lines+markers",
            "y": [p.median if p else None for p in found],
            "line": {"color": MEDIAN, "dash": "dash"},
            "marker": {"symbol": "diamond", "size": 6},
            "name": request.say("years.median"),
        },
    ]


def _peer_headings(request: Request) -> list[str]:
    return [request.say(f"years.{name}") for name in ("median", "quartiles", "compared")]


def _peer_cells(peers: Peers | None, written: Any) -> tuple[str, str, str]:
    if peers is None:
        return "–", "–", "–"
    return written(peers.median), f"{written(peers.lower)} – {written(peers.upper)}", str(peers.compared)


def _rate(request: Request, rate: Rate) -> str:
    if rate.value is None:
        return "–"
    return _percent(rate.value) + (f" {request.say('years.observation')}" if rate.is_observation else "")


def _year(year: int, link: Mapping[int, str]) -> Any:
    return html.A(str(year), href=link[year]) if year in link else str(year)


def _labels(years: Years) -> list[str]:
    return [str(year) for year in years.years]


def _numbers(years: Years, counts: ByYear) -> list[float | None]:
    return [_float(counts.get(year)) for year in years.years]


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _text(value: Decimal | None) -> str:
    return "–" if value is None else number(value)


def _plain(value: float) -> str:
    return number(round(value, 1))


def _percent(value: float) -> str:
    return f"{value:.1%}"
