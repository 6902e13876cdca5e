"""The web of forty hosts that the crawl is measured on."""

from __future__ import annotations

from tests.factory.web.troubles import TEMPERS, UNHEARD
from tests.factory.web.world import Plan, Spot

FAMILIES = ("trs", "vsb", "hanweb", "jpaas", "ucap", "gkmlpt", "lonsun", "nantong", "generic", "annual-report-jsp")
HOSTS = 40
_FEW = 10
"""Reports of a host of which nothing is to be had."""


def forty(reports: int, pace: float = 0.5, troubles: bool = True) -> Plan:
    """About so many reports on forty hosts of every family; half of the hosts are plain, the others each have their
    own way of going wrong, unless `troubles` is False: then a few are slow, and nothing goes wrong."""
    calm = ["slow" if place % 10 == 3 else "plain" for place in range(HOSTS)]
    tempers = [*TEMPERS, *calm[len(TEMPERS) : -1], "central"] if troubles else calm
    heard = sum(temper not in UNHEARD for temper in tempers)
    each = (reports - _FEW * (HOSTS - heard)) // heard
    return Plan(
        tuple(
            Spot(_family(place), temper, _FEW if temper in UNHEARD else each) for place, temper in enumerate(tempers)
        ),
        pace=pace,
        dies_after=max(10, each // 2),
        spare=max(20, reports // 50),
    )


def _family(place: int) -> str:
    """Each temper meets another family than ten hosts before."""
    return FAMILIES[(place + place // len(FAMILIES)) % len(FAMILIES)]
