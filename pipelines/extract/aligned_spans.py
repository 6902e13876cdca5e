"""What a label in the middle of several rows or columns spans, where no rule says so: the run of bands whose middle is
the label's middle."""

from __future__ import annotations

from collections.abc import Sequence

Band = tuple[float, float]

GAP_COST = 0.2
"""What a band left without a label costs, in breadths of a band."""
WORST = 0.6
"""A label farther from the middle of its bands than this, in breadths of a band, is not known to span them."""


def spans_by_middle(
    bands: Sequence[Band], centres: Sequence[float], free: Sequence[bool]
) -> list[tuple[int, int]] | None:
    """For each label its first and last band (as indices), or None where no run of free bands fits all labels.

    `bands` are intervals in ascending order, `centres` the labels' middles in the same order; a band that is not free
    has a label of its own. Runs do not overlap and keep the labels' order.
    """
    count = len(bands)
    breadth = sum(end - begin for begin, end in bands) / max(count, 1)
    if breadth <= 0 or not centres or len(centres) > count or count > 80:
        return None
    best: dict[int, tuple[float, tuple[tuple[int, int], ...]]] = {0: (0.0, ())}
    for centre in centres:
        following: dict[int, tuple[float, tuple[tuple[int, int], ...]]] = {}
        for start, (cost, runs) in best.items():
            for first in range(start, count):
                skipped = GAP_COST * sum(free[start:first])
                for last in range(first, count):
                    if not free[last]:
                        break
                    off = abs((bands[first][0] + bands[last][1]) / 2 - centre) / breadth
                    if off > WORST:
                        continue
                    total = cost + skipped + 4 * off
                    if last + 1 not in following or total < following[last + 1][0]:
                        following[last + 1] = (total, (*runs, (first, last)))
        best = following
    if not best:
        return None
    _, runs = min((cost + GAP_COST * sum(free[end:]), runs) for end, (cost, runs) in best.items())
    return list(runs)
