"""The web of forty hosts that the crawl is measured on."""

from __future__ import annotations

from tests.factory.web.troubles import TEMPERS, UNHEARD
from tests.factory.web.world import Plan, Spot

FAMILIES = ("trs", "vsb", "hanweb", "jpaas", "ucap", "gkmlpt", "lonsun", "nantong", "generic", "annual-report-jsp")
HOSTS = 40
_FEW = 10
"""Reports of a host of which nothing is to be had."""
_SHARES = {"annual-report-jsp": 0.35}
"""Where each year has an address, most of what is asked for is empty; so there are fewer reports."""


def forty(reports: int, pace: float = 0.5, slow: float = 0.6, troubles: bool = True) -> Plan:
    """About so many reports on forty hosts of every family; half of the hosts are plain, the others each have their
    own way of going wrong, unless `troubles` is False: then a few are slow, and nothing goes wrong. `pace` and `slow`
    are seconds: between two requests, and until a slow host answers."""
    calm = ["slow" if place % 10 == 3 else "plain" for place in range(HOSTS)]
    tempers = [*TEMPERS, *calm[len(TEMPERS) : -1], "central"] if troubles else calm
    shares = [0.0 if temper in UNHEARD else _SHARES.get(_family(place), 1.0) for place, temper in enumerate(tempers)]
    each = (reports - _FEW * shares.count(0.0)) / sum(shares)
    return Plan(
        tuple(
            Spot(_family(place), temper, max(1, round(each * share)) if share else _FEW)
            for place, (temper, share) in enumerate(zip(tempers, shares, strict=True))
        ),
        pace=pace,
        slow=slow,
        dies_after=max(10, round(each) // 2),
        spare=max(20, reports // 50),
    )


def _family(place: int) -> str:
    """Each temper meets another family than ten hosts before."""
    return FAMILIES[(place + place // len(FAMILIES)) % len(FAMILIES)]
