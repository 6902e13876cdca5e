"""Tables of one kind that a document prints twice with different numbers: this year's and last year's, the agency's and
its subordinate's. What only one of them shows is nobody's to take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

from pipelines.model import Issue
from pipelines.read.findings import AMBIGUOUS, Found, where

_SEVERAL = 2
"""So many places with different numbers make two grids two tables, and not one with a misprint."""

Place = tuple[str, str, str]


def set_aside(found: Sequence[Found], issues: list[Issue]) -> list[Found]:
    """What was found, where grids contradict each other without what only one of them shows: it is ambiguous, with an
    issue a table. Places that they show alike stay; of places that they show differently the caller takes neither."""
    shown: dict[Place, dict[int, Found]] = {}
    for one in found:
        if one.printed.place.kind == "grid":
            shown.setdefault((one.table, one.row, one.column), {})[one.printed.place.block] = one
    disputed = _disputed(shown)
    result: list[Found] = []
    told: set[str] = set()
    for one in found:
        key = one.table, one.row, one.column
        blocks = disputed.get(one.table, set())
        if one.printed.place.kind != "grid" or one.printed.place.block not in blocks or not _alone(shown[key], blocks):
            result.append(one)
            continue
        result.append(replace(one, printed=replace(one.printed, number=AMBIGUOUS)))
        if one.table not in told:
            told.add(one.table)
            numbers = ", ".join(str(block + 1) for block in sorted(blocks))
            message = (
                f"{one.table} is printed in tables {numbers} with different numbers; what only one of them shows was "
                "not taken: compare with the document"
            )
            issues.append(Issue("printed_twice", message, where(one.printed.place)))
    return result


def _disputed(shown: dict[Place, dict[int, Found]]) -> dict[str, set[int]]:
    """Of each table the grids that contradict another one of it."""
    contradictions: Counter[tuple[str, int, int]] = Counter()
    for (table, _, _), by_block in shown.items():
        numbers = {block: one.printed.number.value for block, one in by_block.items() if _is_number(one)}
        for first, second in combinations(sorted(numbers), 2):
            contradictions[table, first, second] += numbers[first] != numbers[second]
    disputed: dict[str, set[int]] = {}
    for (table, first, second), times in contradictions.items():
        if times >= _SEVERAL:
            disputed.setdefault(table, set()).update((first, second))
    return disputed


def _alone(by_block: dict[int, Found], blocks: Iterable[int]) -> bool:
    """Whether one of these grids shows a number here, and no other one a number at all."""
    return sum(_is_number(by_block[block]) for block in blocks if block in by_block) == 1


def _is_number(found: Found) -> bool:
    return found.printed.number.status == "reported"
