"""Rows of values whose numbers are wrapped in narrow columns: lines that no rule parts, put together again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from pipelines.extract.aligned_pieces import SAME_ROW, Piece, Row, UncertainError

TIGHT = 1.7
"""Lines of one cell are no farther apart, in heights."""
EVEN = 0.06
"""The share by which the steps between lines of cells differ."""
WIDER = 1.1
"""Rows are at least so many times farther apart than lines of a cell."""


def rows_with_wraps(rows: list[Row], labels: Sequence[Piece]) -> list[Row]:
    """The rows of values, where numbers are wrapped the lines of each as one row at the height of their middle.

    Labels that stand half-way between two lines of values, each without a label of its own, show that the two are one
    row; so does a line of values without a label close under a labelled one. Raises `UncertainError` where rows are
    then no farther apart than lines. Where no row has a label, a line that only goes on under some of the values close
    above it belongs to them.
    """
    ys = [p.y for p in labels]

    def labelled(y: float, height: float) -> bool:
        return any(abs(other - y) < SAME_ROW * height for other in ys)

    steps: list[float] = []
    witnesses: list[float] = []
    for (upper, above), (lower, below) in pairwise(rows):
        height, step = above[0].height, lower - upper
        steps.append(step if above[0].page == below[0].page else 0.0)
        if not 0 < steps[-1] <= TIGHT * height or labelled(lower, height):
            continue
        between = any(abs(y - (upper + lower) / 2) < step / 4 for y in ys)
        if _is_under(above, below) if labelled(upper, height) else between:
            witnesses.append(step)
    if not witnesses:
        bare = not any(labelled(y, pieces[0].height) for y, pieces in rows)
        return _joined(rows, [bare and _goes_on(*pair) for pair in pairwise(rows)])
    pitch = median(witnesses)
    wrapped = [abs(step - pitch) <= EVEN * pitch for step in steps]
    if any(0 < step < WIDER * pitch and not wrap for step, wrap in zip(steps, wrapped, strict=True)):
        raise UncertainError
    return _joined(rows, wrapped)


def _goes_on(above: Row, below: Row) -> bool:
    (upper, held), (lower, rest) = above, below
    close = held[0].page == rest[0].page and 0 < lower - upper <= TIGHT * held[0].height
    return close and len(rest) < len(held) and _is_under(held, rest)


def _is_under(held: Sequence[Piece], rest: Sequence[Piece]) -> bool:
    """Whether every value of `rest` stands under one of `held` that is no narrower."""
    return all(any(p.left < q.right and p.right > q.left and _breadth(p) <= _breadth(q) for q in held) for p in rest)


def _breadth(piece: Piece) -> float:
    return piece.right - piece.left


def _joined(rows: list[Row], wrapped: Sequence[bool]) -> list[Row]:
    """Rows, each that is marked as a wrap put to the one before it."""
    together: list[list[Row]] = [[rows[0]]]
    for row, wrap in zip(rows[1:], wrapped, strict=True):
        if wrap:
            together[-1].append(row)
        else:
            together.append([row])
    return [((lines[0][0] + lines[-1][0]) / 2, [p for _, pieces in lines for p in pieces]) for lines in together]
