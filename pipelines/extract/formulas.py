"""The formulas that a table's totals use (sums of cells and ranges), for files that keep no result of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

Slot = tuple[int, int]
Value = Decimal | str | None
"""What a cell holds: a number, another text, or nothing."""

RANGE_CELLS = 1_000
_TERM = re.compile(
    r"\s*(?P<sign>[+-]?)\s*(?:(?P<sum>SUM)\s*\((?P<arguments>[^()]*)\)|(?P<cell>\$?[A-Z]{1,3}\$?[0-9]{1,7})"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?))\s*",
    re.IGNORECASE,
)
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})", re.IGNORECASE)


class Unknown(Exception):
    """Raised by who is asked for a cell whose value nobody knows."""


def slot_of(reference: str) -> Slot | None:
    """`B3` or `$B$3` -> row and column from 0; None for anything else."""
    match = _CELL.fullmatch(reference.strip())
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def result_of(formula: str, value_at: Callable[[Slot], Value]) -> Decimal | None:
    """The result of a formula of sums; None where it is more than that, or where a term is no number.

    As in any spreadsheet a blank cell counts as nothing, and SUM passes over what is no number. `value_at` may raise
    Unknown.
    """
    try:
        return _sum_of_terms(formula, value_at)
    except Unknown:
        return None


def _sum_of_terms(formula: str, value_at: Callable[[Slot], Value]) -> Decimal | None:
    total, place = Decimal(0), 0
    while place < len(formula):
        match = _TERM.match(formula, place)
        if match is None or (place and not match["sign"]):
            return None
        term = _term(match, value_at)
        if term is None:
            return None
        total += -term if match["sign"] == "-" else term
        place = match.end()
    return total if place else None


def _term(match: re.Match[str], value_at: Callable[[Slot], Value]) -> Decimal | None:
    if match["number"]:
        return Decimal(match["number"])
    if match["cell"]:
        slot = slot_of(match["cell"])
        value = value_at(slot) if slot is not None else "?"
        return value if isinstance(value, Decimal) else Decimal(0) if value is None else None
    total = Decimal(0)
    for argument in match["arguments"].split(","):
        for slot in _slots(argument):
            if slot is None:
                return None
            value = value_at(slot)
            total += value if isinstance(value, Decimal) else 0
    return total


def _slots(argument: str) -> Iterator[Slot | None]:
    """The cells of a range; None for what is no range, or too large a one."""
    first, _, last = argument.partition(":")
    start, end = slot_of(first), slot_of(last or first)
    if start is None or end is None:
        yield None
        return
    rows, columns = range(start[0], end[0] + 1), range(start[1], end[1] + 1)
    if not 0 < len(rows) * len(columns) <= RANGE_CELLS:
        yield None
        return
    yield from ((row, column) for row in rows for column in columns)
