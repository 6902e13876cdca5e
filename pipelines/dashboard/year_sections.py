"""The pictures that agencies and divisions share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from pipelines.dashboard.request import Request
from pipelines.dashboard.year_pictures import bars_against_peers, rate_against_peers, stacked
from pipelines.dashboard.years import OUTCOMES, RATES, Years

OUTCOME_PARTS = tuple((outcome, f"outcome_name.{outcome}") for outcome in OUTCOMES)

Disputes = Sequence[tuple[str, Sequence[tuple[str, str]]]]
"""Pictures of disputes: the phrase that names each, and its parts as `stacked` takes them."""


def sections(request: Request, years: Years, disputes: Disputes, link: Mapping[int, str]) -> list[Any]:
    """`link` is where a year's report is."""
    return [
        html.H2(request.say("years.count")),
        bars_against_peers(request, years, "received", link),
        stacked(request, years, "years.outcomes", OUTCOME_PARTS, link),
        *(stacked(request, years, title, parts, link) for title, parts in disputes),
        html.H2(request.say("years.rates")),
        *(rate_against_peers(request, years, rate, link) for rate in RATES),
    ]
