"""Labels wrapped over lines, with their numbers on one of those lines: which run of values stands in which label."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from rapidfuzz import fuzz

from pipelines.read.labels import Labels, Match, fold

_NUMERALS = "一二三四五六七八九十0123456789"
_LONGEST_REST = 12
_TELLING = 3
"""A label, with its item marker, that is shorter than this is no landmark: 其他 stands in headers too."""


@dataclass(frozen=True, slots=True)
class Wrap:
    """A run's share of a label that goes on behind its values: the letters `ahead` of them at the end of the run's
    text. `match` is None where no label is wrapped around the run. `taken` are the letters at the beginning of the
    run's text that belong to a label wrapped around an earlier run: they name no other row."""

    match: Match | None
    ahead: int
    taken: int


def wraps(texts: Sequence[str], table: str, labels: Labels) -> list[Wrap]:
    """What wrapped labels make of the folded texts of runs, one for each, in their order."""
    ends = list(accumulate(map(len, texts)))
    inside: list[tuple[Match, int] | None] = [None] * len(texts)
    taken = [0] * len(texts)
    first = 0
    for start, end, match in occurrences("".join(texts), table, labels):
        while first < len(ends) and ends[first] <= start:
            first += 1
        for at in range(first, len(ends)):
            if ends[at] >= end:
                taken[at] = end - (ends[at] - len(texts[at])) if at > first else 0
                break
            inside[at] = match, min(ends[at] - start, len(texts[at]))
            taken[at] = len(texts[at]) if at > first else taken[at]
    return [
        Wrap(found[0] if found else None, found[1] if found else 0, used)
        for found, used in zip(inside, taken, strict=True)
    ]


def orphans(texts: Sequence[str], table: str, labels: Labels, ends_bare: bool) -> set[int]:
    """The runs in whose text a row's whole label stands that has no values behind it or within it. `ends_bare` says
    that there are none behind the last text."""
    ends = list(accumulate(map(len, texts)))
    joined = "".join(texts)
    found: set[int] = set()
    at = 0
    for start, end, _ in occurrences(joined, table, labels):
        while ends[at] <= start:
            at += 1
        last = at == len(ends) - 1
        if (end < ends[at] or (last and ends_bare)) and joined[start:end] not in labels.groups[table]:
            found.add(at)
    return found


def goes_past(folded: str, near: Match, table: str, labels: Labels) -> bool:
    """Whether a folded text that is like a row's label is more like it without its last letters, which begin another
    label or are an item marker: then it holds the label, and the beginning of the next."""
    spellings = labels.rows[table].spellings
    own = [text for text, matches in spellings.items() if any(m.code == near.code for m in matches)]
    labelled = [*spellings, *(group.lstrip(_NUMERALS) for group in labels.groups[table])]
    whole = max(fuzz.ratio(folded, text) for text in own)
    for cut in range(max(len(folded) - _LONGEST_REST, 1), len(folded)):
        rest = folded[cut:].lstrip(_NUMERALS)
        begins = not rest or any(text.startswith(rest) for text in labelled)
        if begins and max(fuzz.ratio(folded[:cut], text) for text in own) > whole:
            return True
    return False


def occurrences(folded: str, table: str, labels: Labels) -> Iterator[tuple[int, int, Match]]:
    """Where whole labels of rows stand in a folded text, with their item markers: beginning, end, and the row."""
    heads = _heads(labels, table)
    at = 0
    while at < len(folded):
        for text, match in heads.get(folded[at : at + 2], ()):
            if folded.startswith(text, at):
                yield at, at + len(text), match
                at += len(text)
                break
        else:
            at += 1


def groups_of(match: Match, table: str, labels: Labels) -> set[str]:
    """The folded labels of the groups in which the forms print a row."""
    lines = (labels.forms[form].table(table).row(match.code) for form in match.forms)
    return {fold(line.groups[-1]) for line in lines if line and line.groups}


@cache
def _heads(labels: Labels, table: str) -> dict[str, list[tuple[str, Match]]]:
    """Every label that one row alone has, with its item marker and without, by its first two letters, longest first."""
    named: dict[str, set[Match]] = {}
    for spelled, matches in labels.rows[table].spellings.items():
        for match in matches:
            named.setdefault(match.marker + spelled, set()).add(match)
            if len(matches) == 1 and len(spelled) > _TELLING:
                named.setdefault(spelled, set()).add(match)
    known = [*named, *labels.groups[table]]
    heads: dict[str, list[tuple[str, Match]]] = {}
    for text, found in sorted(named.items(), key=lambda item: -len(item[0])):
        begins_another = len(text) == _TELLING and any(len(k) > len(text) and k.startswith(text) for k in known)
        if len(found) == 1 and len(text) >= _TELLING and not begins_another:
            heads.setdefault(text[:2], []).extend((text, match) for match in found)
    return heads
