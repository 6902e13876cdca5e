"""Tables of one kind that a document prints twice with different numbers: this year's and last year's, the agency's and
its subordinate's. What only one of them shows is nobody's to take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from pipelines.model import Issue
from pipelines.read.findings import AMBIGUOUS, Found, where

_SEVERAL = 2
"""So many places with different numbers make two grids two tables, and not one with a misprint."""

_PLAIN = ("reported", "blank")

Place = tuple[str, str, str]


def set_aside(found: Sequence[Found], unread: Mapping[tuple[str, str], int], issues: list[Issue]) -> list[Found]:
    """What was found, where printings contradict each other without what only one of them shows: it is ambiguous, with
    an issue a table. Places that they show alike stay; of places that they show differently the caller takes neither.

    `unread` are rows of which a grid shows numbers that could not be read: what others show of them is ambiguous, too.
    """
    found = _with_unread(found, unread, issues)
    printings = _printings(found)
    shown: dict[Place, dict[int, Found]] = {}
    for one in found:
        if (printing := _printing(one, printings)) is not None:
            shown.setdefault((one.table, one.row, one.column), {})[printing] = one
    disputed = _disputed(shown)
    result: list[Found] = []
    told: set[str] = set()
    for one in found:
        among = disputed.get(one.table, set())
        if _printing(one, printings) not in among or not _alone(shown[one.table, one.row, one.column], among):
            result.append(one)
            continue
        result.append(replace(one, printed=replace(one.printed, number=AMBIGUOUS)))
        if one.table not in told:
            told.add(one.table)
            blocks = sorted(block for (table, block), n in printings.items() if table == one.table and n in among)
            message = (
                f"{one.table} is printed in tables {', '.join(str(block + 1) for block in blocks)} with different "
                "numbers; what only one of them shows was not taken: compare with the document"
            )
            issues.append(Issue("printed_twice", message, where(one.printed.place)))
    return result


def _printings(found: Sequence[Found]) -> dict[tuple[str, int], int]:
    """Of each grid of a table the printing that it belongs to: grids that show no place twice are pieces of one."""
    places: dict[tuple[str, int], set[tuple[str, str]]] = {}
    for one in found:
        if one.printed.place.kind == "grid":
            places.setdefault((one.table, one.printed.place.block), set()).add((one.row, one.column))
    printings: dict[tuple[str, int], int] = {}
    seen: dict[str, set[tuple[str, str]]] = {}
    number: Counter[str] = Counter()
    for (table, block), own in sorted(places.items()):
        if own & seen.get(table, set()):
            number[table] += 1
            seen[table] = set()
        seen.setdefault(table, set()).update(own)
        printings[table, block] = number[table]
    return printings


def _printing(found: Found, printings: Mapping[tuple[str, int], int]) -> int | None:
    place = found.printed.place
    return printings[found.table, place.block] if place.kind == "grid" else None


def _with_unread(found: Sequence[Found], unread: Mapping[tuple[str, str], int], issues: list[Issue]) -> Sequence[Found]:
    doubtful = {f.table: unread[f.table, f.row] for f in found if _is_elsewhere(f, unread)}
    for table, grid in doubtful.items():
        message = (
            f"{table} is printed in table {grid + 1}, too, which could not be read; what another table shows of the "
            "same rows was not taken: compare with the document"
        )
        issues.append(Issue("printed_twice", message, f"table {grid + 1}"))
    return [replace(f, printed=replace(f.printed, number=AMBIGUOUS)) if _is_elsewhere(f, unread) else f for f in found]


def _is_elsewhere(found: Found, unread: Mapping[tuple[str, str], int]) -> bool:
    """Whether a number's row stands in an unread grid, too."""
    return (
        _is_number(found)
        and unread.get((found.table, found.row), found.printed.place.block) != found.printed.place.block
    )


def _disputed(shown: Mapping[Place, Mapping[int, Found]]) -> dict[str, set[int]]:
    """Of each table the printings that contradict another one of it: by several numbers, or, where they have no number
    in common, by numbers in several rows that are empty in the other one."""
    other: Counter[tuple[str, int, int]] = Counter()
    same: Counter[tuple[str, int, int]] = Counter()
    empty: dict[tuple[str, int, int], set[str]] = {}
    filled: set[tuple[str, int]] = set()
    for (table, row, _), by_block in shown.items():
        plain = {block: one.printed.number for block, one in by_block.items() if one.printed.number.status in _PLAIN}
        filled.update((table, block) for block, number in plain.items() if number.status == "reported")
        for first, second in combinations(sorted(plain), 2):
            pair = table, first, second
            numbers = {plain[first].value, plain[second].value}
            if None not in numbers:
                other[pair] += len(numbers) == 2
                same[pair] += len(numbers) == 1 and numbers != {0}
            elif len(numbers) == 2:
                empty.setdefault(pair, set()).add(row)
    disputed: dict[str, set[int]] = {}
    for pair in other.keys() | empty.keys():
        table, first, second = pair
        both = (table, first) in filled and (table, second) in filled
        parted = both and not same[pair] and len(empty.get(pair, ())) >= _SEVERAL
        if other[pair] >= _SEVERAL or parted:
            disputed.setdefault(table, set()).update((first, second))
    return disputed


def _alone(shown: Mapping[int, Found], printings: Iterable[int]) -> bool:
    """Whether one of these printings shows a number here, and no other one a number at all."""
    return sum(_is_number(shown[n]) for n in printings if n in shown) == 1


def _is_number(found: Found) -> bool:
    return found.printed.number.status == "reported"
