"""Which of a row's values belongs to which column, or that nothing says so."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.read.findings import Printed

Span = tuple[int, int]
"""Where a cell begins and the place after its end, counted in columns of its grid."""


def align(
    values: Sequence[tuple[Printed, int, int]], headers: Sequence[Span | None], hole: Printed | None = None
) -> list[Printed] | None:
    """One value for each column, or None where that is not certain.

    `values` are the cells to the right of a row's label, each with its span; `headers` the spans of the columns'
    headers, None where a column has none. Places decide where they are whole; where they are not (headers and rows of
    different spans), as many cells as columns decide, or as many that show something, unless some share one header: its
    column is parted, and the empty one of them may be the value. `hole` is what a column without any cell shows, where
    that is known.
    """
    spans = [h for h in headers if h is not None]
    whole = len(spans) == len(headers)
    if whole and (placed := by_place(values, spans, hole)) is not None:
        return placed
    printed = [v for v, _, _ in values]
    count = len(headers)
    if len(values) == count:
        even = whole and len({v[1] - s[0] for v, s in zip(values, spans, strict=False)}) == 1
        unsure = spans and (_empty(printed[0]) or _empty(printed[-1]))
        return printed if even or not unsure else None
    if any(sum(left <= start and end <= right for _, start, end in values) > 1 for left, right in spans):
        return None
    shown = [i for i, p in enumerate(printed) if not _empty(p)]
    if len(values) > count == len(shown) and shown[-1] - shown[0] == count - 1:
        return [printed[i] for i in shown]
    return None


def by_place(
    values: Sequence[tuple[Printed, int, int]], spans: Sequence[Span], hole: Printed | None = None
) -> list[Printed] | None:
    """One value for each column, each under its own header and no other, or None."""
    placed: list[Printed | None] = [None] * len(spans)
    for value, start, end in values:
        under = [i for i, (left, right) in enumerate(spans) if start < right and left < end]
        aside = start >= max(right for _, right in spans) and value.number.status != "reported"
        if not under and (_empty(value) or aside):
            continue
        if len(under) != 1 or placed[under[0]] is not None:
            return None
        placed[under[0]] = value
    whole = [shown for p in placed if (shown := p or hole) is not None]
    return whole if len(whole) == len(spans) else None


def _empty(value: Printed) -> bool:
    return value.number.status == "blank"
