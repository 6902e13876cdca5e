"""Rows of tables three and four that are as long as the form's by coincidence: a blank left no trace, and a number that
is not theirs fills its place. Only sums can tell.

A row whose own sum fails is the report's own contradiction as long as nothing else speaks against its places: it is
then one number that is wrong. It is in doubt where moving its values, or mending a number that its cell broke, would
make up for more than that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from pipelines.forms.schema import Identity
from pipelines.read.findings import Printed
from pipelines.read.runs import adds_up

_NEAR = 2
"""The rest of a number that its cell broke stands so many lines from its row at most."""
_SEVERAL_COLUMNS = 2
_SEVERAL_ROWS = 2
_MOST_RESTS = 3

Numbers = dict[tuple[str, str], Decimal]


@dataclass(frozen=True, slots=True)
class Placed:
    """A row as it would be taken. `kept` says that the table shows blanks where they stand."""

    code: str
    columns: tuple[str, ...]
    values: tuple[Printed, ...]
    kept: bool

    @property
    def numbers(self) -> list[Decimal] | None:
        """One number a column, blanks and marks for nothing as zero; None where a value cannot be read."""
        known = [_number(value) for value in self.values]
        whole = [number for number in known if number is not None]
        return whole if len(whole) == len(known) else None


def coincidences(
    rows: Sequence[Placed], sums: Sequence[Identity], left_out: Sequence[Printed], uneven: int, foreign: bool
) -> set[int]:
    """Which of the rows, by their number here, are in doubt. `left_out` are values that no row took; `uneven` is
    how many other rows of the table show fewer values than it has columns, or more; `foreign` says that the table holds
    numbers that are none of the form's: some show more, or have no label."""
    numbers = [row.numbers for row in rows]
    judged = [at for at, found in enumerate(numbers) if found and any(found)]
    failing = [at for at in judged if (found := numbers[at]) and not adds_up(found)]
    mostly = foreign and 2 * len(failing) > len(judged) and uneven >= len(rows)
    known: Numbers = {
        (row.code, column): number
        for row, found in zip(rows, numbers, strict=True)
        if found
        for column, number in zip(row.columns, found, strict=True)
    }
    doubted: set[int] = set()
    for at in failing:
        row, found = rows[at], numbers[at]
        if row.kept or found is None:
            continue
        rests = [rest for rest in left_out if abs(rest.place.block - row.values[-1].place.block) <= _NEAR]
        torn = any(map(adds_up, _joined(found, [rest.number.value for rest in rests])))
        filled = uneven > 0 and any(map(adds_up, _shortened(found)))
        if torn or mostly or filled or _shifted(row, found, known, sums):
            doubted.add(at)
    return doubted


def moved(rows: Sequence[Sequence[Printed]]) -> bool:
    """Whether the values of a line that holds several rows have moved: two or more rows that do not add up would, were
    one value of the line none of theirs and a blank elsewhere."""
    known = [_number(value) for row in rows for value in row]
    numbers = [number for number in known if number is not None]
    size = len(rows[0])
    fails = _failing(numbers, size)
    if fails < _SEVERAL_ROWS or len(numbers) < len(known):
        return False
    return any(_failing(one, size) <= fails - _SEVERAL_ROWS for one in _moves(numbers))


def _failing(numbers: Sequence[Decimal], size: int) -> int:
    return sum(not adds_up(numbers[at : at + size]) for at in range(0, len(numbers), size))


def _moves(numbers: Sequence[Decimal]) -> Iterator[list[Decimal]]:
    """The numbers without one of them, and with a blank at each place."""
    for left in range(len(numbers)):
        rest = [*numbers[:left], *numbers[left + 1 :]]
        yield from ([*rest[:at], Decimal(0), *rest[at:]] for at in range(len(numbers)))


def _number(value: Printed) -> Decimal | None:
    if value.number.status in ("blank", "not_applicable"):
        return Decimal(0)
    return value.number.value


def _joined(numbers: Sequence[Decimal], rests: Sequence[Decimal | None]) -> Iterator[list[Decimal]]:
    """The row with these digits behind some of its numbers, in their order."""
    known = [rest for rest in rests if rest is not None]
    if not known or len(known) > _MOST_RESTS:
        return
    for places in combinations(range(len(numbers)), len(known)):
        mended = list(numbers)
        for place, rest in zip(places, known, strict=True):
            mended[place] = _run_together(numbers[place], rest)
        yield mended


def _shortened(numbers: Sequence[Decimal]) -> Iterator[list[Decimal]]:
    """The row without one of its numbers where others are left, or with two neighbours as one number."""
    for at, number in enumerate(numbers):
        if number and sum(map(bool, numbers)) > 1:
            yield [*numbers[:at], *numbers[at + 1 :]]
        if at and numbers[at - 1]:
            yield [*numbers[: at - 1], _run_together(numbers[at - 1], number), *numbers[at + 1 :]]


def _run_together(first: Decimal, rest: Decimal) -> Decimal:
    """Two whole numbers as one; the first where they are none."""
    digits = f"{first}{rest}"
    return Decimal(digits) if digits.isdecimal() else first


def _shifted(row: Placed, numbers: Sequence[Decimal], known: Numbers, sums: Sequence[Identity]) -> bool:
    """Whether sums of several of the row's columns fail too, and all of them hold with one number left out of it and a
    blank elsewhere: one number that is wrong breaks only one column."""
    own = [
        one
        for one in sums
        if any(term.row == row.code for term in one.terms) and all((t.row, t.column) in known for t in one.terms)
    ]
    if sum(_residual(one, known) != 0 for one in own) <= _SEVERAL_COLUMNS:
        return False
    for one_moved in _moves(numbers):
        instead = {(row.code, column): number for column, number in zip(row.columns, one_moved, strict=True)}
        if all(_residual(one, {**known, **instead}) == 0 for one in own):
            return True
    return False


def _residual(one: Identity, known: Mapping[tuple[str, str], Decimal]) -> Decimal:
    return sum((term.weight * known[term.row, term.column] for term in one.terms), Decimal(0))
