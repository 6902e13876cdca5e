"""Printed labels -> rows and columns of the forms.

A label is compared without what varies harmlessly: spaces, widths, quotation marks, brackets, item markers. What
differs beyond that is looked up among the known misprints, and only then compared by likeness.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from pipelines.forms.schema import Form, Line
from pipelines.read.numbers import read_number
from pipelines.read.wording import simplified

_MARKER = re.compile(r"^[（(]?(?:[一二三四五六七八九十]{1,2}|\d{1,2})[)）、.．,，:：]+")
_BRACKETS = "（）()【】[]“”‘’\"'、，。 "
_SHORT = 120
"""Longer texts are no labels, and are not kept in memory."""
_LIKENESS = 82.0
_MARGIN = 8.0


def fold(text: str) -> str:
    """The letters and digits of a label, without spaces, punctuation and differences of width."""
    return _remembered_fold(text) if len(text) <= _SHORT else _fold(text)


def body(text: str) -> str:
    """A folded label without its item marker (`（一）`, `1.`, `四、`)."""
    return _remembered_body(text) if len(text) <= _SHORT else _body(text)


def marker(text: str) -> str:
    """The item marker's numeral (`一`, `1`), or nothing."""
    found = _MARKER.match(unicodedata.normalize("NFKC", "".join(text[:_SHORT].split())))
    return fold(found.group()) if found else ""


def _fold(text: str) -> str:
    wide = unicodedata.normalize("NFKC", simplified(text))
    return "".join(c for c in wide if c.isalnum())


def _body(text: str) -> str:
    return _fold(_MARKER.sub("", unicodedata.normalize("NFKC", "".join(text.split()))))


_remembered_fold = lru_cache(maxsize=32768)(_fold)
_remembered_body = lru_cache(maxsize=32768)(_body)


@dataclass(frozen=True, slots=True)
class Match:
    """A printed label that was recognised as the line `code`. `exact_in` are the generations that print it so; in
    `altered_in` it is a misprint, known or near."""

    code: str
    exact_in: frozenset[str]
    altered_in: frozenset[str]
    marker: str = ""

    @property
    def forms(self) -> frozenset[str]:
        return self.exact_in | self.altered_in


class LabelIndex:
    """The lines of one axis of one table, over all the forms, found by label."""

    def __init__(self, lines: Mapping[str, tuple[Line, ...]]) -> None:
        spelled: dict[str, dict[str, Match]] = {}
        self.order = {code: place for place, code in enumerate(_merged([[x.code for x in o] for o in lines.values()]))}
        self.official: dict[tuple[str, str], str] = {}
        for form, ordered in lines.items():
            for line in ordered:
                self.official[form, line.code] = line.label
                units = ("", line.unit, f"单位{line.unit}") if line.unit else ("",)
                for exact, texts in ((True, (line.label, *line.variants)), (False, line.misprints)):
                    for text in (label + unit for label in texts for unit in units):
                        known = spelled.setdefault(body(text), {})
                        match = known.get(line.code, Match(line.code, frozenset(), frozenset(), marker(line.label)))
                        known[line.code] = Match(
                            line.code,
                            match.exact_in | {form} if exact else match.exact_in,
                            match.altered_in if exact or form in match.exact_in else match.altered_in | {form},
                            match.marker,
                        )
        self.spellings = {text: tuple(matches.values()) for text, matches in spelled.items()}
        self.longest = max(map(len, self.spellings))
        self._long = [text for text in self.spellings if len(text) >= 4]

    def exact(self, text: str) -> tuple[Match, ...]:
        """The lines whose label, variant or misprint this is; several where a label is not unique."""
        found = self.spellings.get(body(text)) or self.spellings.get(fold(text)) or ()
        if len(found) > 1 and marker(text):
            found = tuple(m for m in found if m.marker == marker(text)) or found
        return found

    def like(self, text: str) -> Match | None:
        """The one line whose label this resembles closely, where no other comes near; always `altered`."""
        return self._like(body(text))

    def _like(self, folded: str) -> Match | None:
        if not 4 <= len(folded) <= _SHORT:
            return None
        near = process.extract(folded, self._long, scorer=fuzz.ratio, score_cutoff=_LIKENESS, limit=None)
        scored: dict[str, tuple[float, Match]] = {}
        for spelled, score, _ in near:
            for match in self.spellings[spelled]:
                if score > scored.get(match.code, (0.0, match))[0]:
                    scored[match.code] = (score, match)
        ranked = sorted(scored.values(), key=lambda pair: -pair[0])
        if not ranked or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _MARGIN):
            return None
        best = ranked[0][1]
        return Match(best.code, frozenset(), best.forms, best.marker)

    def ending(self, folded: str) -> Iterator[tuple[int, Match]]:
        """The lines whose label ends this folded text, longest first, with the length that they take."""
        for length in range(min(len(folded), self.longest), 0, -1):
            for match in self.spellings.get(folded[-length:], ()):
                yield length, match

    def holds(self, text: str) -> bool:
        """Whether these letters are a piece of some label, brackets or an item marker alone, or end in a label. 无 and
        the numerals alone are none: they may be values."""
        piece = body(text)
        if not piece:
            return bool(marker(text)) or not text.strip(_BRACKETS)
        if len(piece) < 2 and read_number(text).status != "unreadable":
            return False
        return any(piece in spelled for spelled in self.spellings) or next(self.ending(piece), None) is not None

    def beginning(self, folded: str) -> tuple[Match, ...]:
        """The lines whose label, at least four letters of it, begins this folded text; the longest."""
        for length in range(min(len(folded), self.longest), 3, -1):
            if found := self.spellings.get(folded[:length]):
                return found
        return ()


def _merged(sequences: list[list[str]]) -> list[str]:
    """One order of the lines of several forms: a line that only a later form prints stands behind its neighbour."""
    merged: list[str] = []
    for sequence in sequences:
        at = 0
        for code in sequence:
            if code not in merged:
                merged.insert(at, code)
            at = merged.index(code) + 1
    return merged


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """Every index that a reader of the tables needs. `groups` are the folded labels of the groups of a table's rows."""

    rows: Mapping[str, LabelIndex]
    columns: Mapping[str, LabelIndex]
    forms: Mapping[str, Form]
    groups: Mapping[str, frozenset[str]]


def index_labels(forms: Mapping[str, Form]) -> Labels:
    tables = [t.code for form in forms.values() for t in form.tables]

    def lines(axis: str, table: str) -> dict[str, tuple[Line, ...]]:
        return {code: getattr(form.table(table), axis) for code, form in forms.items() if form.prints(table)}

    return Labels(
        rows={t: LabelIndex(lines("rows", t)) for t in dict.fromkeys(tables)},
        columns={t: LabelIndex(lines("columns", t)) for t in dict.fromkeys(tables)},
        forms=forms,
        groups={
            t: frozenset(fold(g) for ordered in lines("rows", t).values() for line in ordered for g in line.groups)
            for t in dict.fromkeys(tables)
        },
    )


def line_of(text: str, table: str, labels: Labels) -> Match | None:
    """The row that a text names by its label, alone or behind the labels of its groups; the first where several share
    the label."""
    return next(iter(labels.rows[table].exact(text)), None) or behind_group(text, table, labels)


def behind_group(text: str, table: str, labels: Labels) -> Match | None:
    """The row whose label ends this text, where nothing but its groups' labels stands before it."""
    folded = fold(text)
    for length, match in labels.rows[table].ending(folded):
        if _is_group(folded[: len(folded) - length].removesuffix(match.marker), labels.groups[table]):
            return match
    return None


def _is_group(folded: str, groups: frozenset[str]) -> bool:
    """Whether this is the label of a group, or of several, one in the other."""
    inner = next((group for group in groups if folded.endswith(group)), None)
    if inner is None:
        return False
    outer = folded.removesuffix(inner)
    return not outer or _is_group(outer, groups)
