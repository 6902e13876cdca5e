"""Numbers recognised in pictures, held against the sums they stand in: the reader is the first suspect.

A doubtful cell whose candidates are settled by its sums is taken; a cell in a broken sum that another candidate would
mend is doubtful. All others stay as they are.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from math import prod

from pipelines.forms.schema import Identity, Term
from pipelines.model import Cell, Issue
from pipelines.read.findings import where
from pipelines.read.numbers import read_number

Key = tuple[str, str, str]
Candidates = Mapping[Key, tuple[str, ...]]

AGREEING = 2
"""A doubtful cell is taken where so many sums hold with one of its candidates and with no other."""
MOST_COMBINATIONS = 4096


def settle_doubts(
    cells: Mapping[Key, Cell], candidates: Candidates, sums: Sequence[Identity], issues: list[Issue]
) -> dict[Key, Cell]:
    """The cells after their sums were asked. `candidates` are the other texts that a cell's picture may show; `sums`
    those of the report's form. Adds an issue for each cell that was doubtful or has become so."""
    settled = dict(cells)
    open_keys = {
        key: _numbers(texts)
        for key, texts in candidates.items()
        if key in cells and cells[key].status == "unreadable" and cells[key].reading == "ocr"
    }
    usable = [s for s in sums if all(_key(t) in open_keys or _value(cells.get(_key(t))) is not None for t in s.terms)]
    for key, text in _solved(settled, open_keys, usable).items():
        number = read_number(text)
        settled[key] = replace(settled[key], status=number.status, value=number.value, unit=number.unit, raw=text)
        others = ", ".join(c for c in candidates[key] if c != text) or "unclear"
        issues.append(
            _issue("reading_settled", key, settled[key], f"looks like {text} or {others}; its sums take {text}")
        )
    for key, cell in cells.items():
        if cell.reading == "ocr" and settled[key].status == "unreadable":
            shown = " or ".join(candidates.get(key, ())) or cell.raw
            issues.append(_issue("reading_doubtful", key, settled[key], f"may show {shown}: look at the picture"))
    for key, text in _mending(settled, candidates, usable):
        raw = settled[key].raw
        settled[key] = replace(settled[key], status="unreadable", value=None, unit=None, raw=f"{raw}?{text}")
        message = (
            f"was read as {raw}, which breaks its sums, and may show {text}, which mends them: look at the picture"
        )
        issues.append(_issue("reading_doubtful", key, settled[key], message))
    return settled


def _numbers(texts: Iterable[str]) -> dict[str, Decimal]:
    found = ((text, read_number(text)) for text in texts)
    return {text: n.value for text, n in found if n.status == "reported" and n.value is not None}


def _key(term: Term) -> Key:
    return term.table, term.row, term.column


def _value(cell: Cell | None) -> Decimal | None:
    return cell.value if cell is not None and cell.status == "reported" else None


def _solved(
    cells: Mapping[Key, Cell], open_keys: Mapping[Key, Mapping[str, Decimal]], sums: Sequence[Identity]
) -> dict[Key, str]:
    """The doubtful cells that exactly one combination of candidates fits, and enough sums prove."""
    solved: dict[Key, str] = {}
    for group in _groups(open_keys, sums):
        own = [s for s in sums if any(_key(t) in group for t in s.terms)]
        if prod(len(open_keys[key]) for key in group) > MOST_COMBINATIONS:
            continue
        fitting = [
            dict(zip(group, texts, strict=True))
            for texts in itertools.product(*(open_keys[key] for key in group))
            if _all_hold(own, cells, {k: open_keys[k][text] for k, text in zip(group, texts, strict=True)})
        ]
        if len(fitting) == 1:
            enough = (key for key in group if sum(key in map(_key, s.terms) for s in own) >= AGREEING)
            solved.update({key: fitting[0][key] for key in enough})
    return solved


def _groups(open_keys: Mapping[Key, object], sums: Sequence[Identity]) -> list[list[Key]]:
    """Doubtful cells that share a sum, directly or through others, together."""
    groups: list[set[Key]] = []
    for one in sums:
        members = {_key(term) for term in one.terms} & open_keys.keys()
        if not members:
            continue
        touching = [group for group in groups if group & members]
        groups = [group for group in groups if not group & members] + [members.union(*touching)]
    return [sorted(group) for group in groups]


def _all_hold(sums: Iterable[Identity], cells: Mapping[Key, Cell], instead: Mapping[Key, Decimal]) -> bool:
    return all(_residual(one, cells, instead) == 0 for one in sums)


def _residual(one: Identity, cells: Mapping[Key, Cell], instead: Mapping[Key, Decimal]) -> Decimal | None:
    total = Decimal(0)
    for term in one.terms:
        key = _key(term)
        value = instead[key] if key in instead else _value(cells.get(key))
        if value is None:
            return None
        total += term.weight * value
    return total


def _mending(cells: Mapping[Key, Cell], candidates: Candidates, sums: Sequence[Identity]) -> list[tuple[Key, str]]:
    """Cells in a broken sum, and the candidate with which all the sums that they stand in would hold."""
    known = [s for s in sums if _residual(s, cells, {}) is not None]
    broken = [s for s in known if _residual(s, cells, {}) != 0]
    found: dict[Key, str] = {}
    for key in dict.fromkeys(_key(term) for one in broken for term in one.terms):
        cell = cells[key]
        own = [s for s in known if any(_key(t) == key for t in s.terms)]
        for text, value in _numbers(candidates.get(key, ())).items():
            if cell.reading == "ocr" and value != cell.value and _all_hold(own, cells, {key: value}):
                found.setdefault(key, text)
    return list(found.items())


def _issue(code: str, key: Key, cell: Cell, message: str) -> Issue:
    return Issue(code, f"{'.'.join(key)} {message}", where(cell.place) if cell.place else "")
