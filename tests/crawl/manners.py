"""What the requests that a web saw say about who asked: too soon, two at once, what nobody allowed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise

from tests.factory.web.arrival import TICK
from tests.factory.web.server import Request
from tests.factory.web.world import World


def by_host(requests: Iterable[Request]) -> dict[str, list[Request]]:
    """Each host's requests, in the order in which they came."""
    found: dict[str, list[Request]] = defaultdict(list)
    for request in sorted(requests, key=lambda request: request.start):
        found[request.host].append(request)
    return dict(found)


def at_once(requests: Iterable[Request]) -> list[tuple[Request, Request]]:
    """Pairs of requests to one host of which the second came before the answer to the first had gone."""
    hosts = by_host(requests).values()
    return [(one, two) for host in hosts for one, two in pairwise(host) if two.start < one.end]


def too_soon(requests: Iterable[Request], paces: Mapping[str, float]) -> list[tuple[str, float]]:
    """Hosts and pauses that were shorter than the host's pace, or than an answer asked for."""
    return [
        (host, two.start - one.start)
        for host, asked in by_host(requests).items()
        for one, two in pairwise(asked)
        if two.start - one.start < paces[host] - TICK or two.start - one.end < one.rest - TICK
    ]


def strayed(world: World, requests: Iterable[Request]) -> list[str]:
    """What was asked for though no card and no list of the world gave a reason to, or robots.txt forbade it."""
    resources = world.resources()
    found = []
    for request in requests:
        standing = resources.get(request.host)
        if standing is None:
            found.append(f"{request.host}{request.target}")
            continue
        resource = standing.get(request.key) or world.before.get(request.host, {}).get(request.key)
        path = request.key.partition("?")[0]
        beyond_a_list = any(key.startswith(f"{path}?") for key in standing)
        if not (resource.allowed if resource else beyond_a_list):
            found.append(f"{request.host}{request.target}")
    return found


def answered(requests: Iterable[Request]) -> Counter[str]:
    """How often each address was answered with something, obstacles aside, by `host` and key."""
    return Counter(
        f"{request.host}{request.key}" for request in requests if 0 < request.status < 500 and not request.trouble
    )
