"""Tables written as a list of labels and values: each value behind the label of its row and that of its column.

`规章-本年制发件数：12`, three fields a line, or one label above the others (`规章`, then `本年制发件数：12`), or before
them on their line (`规章：本年制发件数 12，本年废止件数 3`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.model import Issue, Paragraph
from pipelines.read.findings import Findings, Printed, only
from pipelines.read.labels import LabelIndex, Labels, Match, body, fold, marker
from pipelines.read.numbers import read_number
from pipelines.read.runs import Run
from pipelines.read.spaced import part_spaced
from pipelines.read.words import is_value, place_of

_FEWEST = 4
"""A table is a list of pairs where at least so many places are named, and so many times as many as values without."""
_PAIR = re.compile(r"(?P<key>.*\S)\s*[:：=＝]\s*(?P<value>[^:：=＝]{0,60})")
_HEAD = re.compile(r"(?P<key>[^:：]{2,80})[:：](?P<items>.{2,400})")
_ITEM = re.compile(
    r"(?P<key>[^\W\d_][^\d，,；;、:：]{0,30}?)\s*[:：=＝]?\s*"
    r"(?P<value>[+-]?\d[\d.]*[件条项个万元]{0,2})(?:[，,；;、\s。]+|$)"
)
_BOLD = re.compile(r"\*\*|__")
_BULLET = re.compile(r"^\s*(?:[-*+•·●○]|\d{1,3}[)）])\s+")

Place = tuple[Match, Match]
"""A row and a column."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """A value with the text before it; without a value a line that may be the label above others, as may one be whose
    value is none."""

    text: str
    value: Printed | None = None
    above: str = ""
    """The label before several pairs on their line."""


def read_pairs(table: str, lines: Sequence[Paragraph], labels: Labels, findings: Findings) -> bool:
    """Reads the lines of one table's section where they are such a list; else nothing, and False. A value whose labels
    name no place of the table is left out, with an issue `label_unknown`."""
    found: list[tuple[Place, Printed]] = []
    unknown: list[tuple[str, Printed]] = []
    above = ""
    for pair in (pair for line in lines for pair in _pairs(line)):
        names_row = pair.value and pair.value.number.status == "blank" and labels.rows[table].exact(pair.text)
        if pair.value is None or names_row:
            above = pair.text
        elif place := _named_place(pair, above, table, labels):
            found.append((place, pair.value))
        elif any(_named_place(pair, above, other, labels) for other in labels.rows if other != table):
            continue
        elif pair.value.number.status == "reported":
            unknown.append((pair.text, pair.value))
            above = ""
        else:
            above = f"{pair.text}：{pair.value.raw}"
    if len({(row.code, column.code) for (row, column), _ in found}) < max(_FEWEST, _FEWEST * len(unknown)):
        return False
    values = Run(values=[value for _, value in found])
    part_spaced([values])
    for ((row, column), _), value in zip(found, values.values, strict=True):
        findings.take(table, row.code, (column.code,), (value,), only(_printing(row, column, table, labels)))
    for text, value in unknown:
        message = f"no form has a place {text[-40:]!r}; {value.raw[:40]!r} was left out: compare with the document"
        findings.issues.append(Issue("label_unknown", message, f"line {value.place.block + 1}"))
    return True


def _pairs(line: Paragraph) -> Iterator[_Pair]:
    text = _BULLET.sub("", _BOLD.sub("", line.text), count=1).strip()
    fields = [field.strip() for field in line.fields]
    if "\t" in line.text and len(fields) > 2 and is_value(fields[-1]):
        yield _Pair(" ".join(fields[:-1]), _printed(line, fields[-1]))
        return
    head = _HEAD.fullmatch(text)
    if head and _closed(head["key"]) and not is_value(head["items"]) and (items := _items(head["items"])):
        yield from (_Pair(key, _printed(line, value), head["key"]) for key, value in items)
        return
    pair = _PAIR.fullmatch(text)
    if pair and any(map(str.isalpha, pair["key"])):
        yield _Pair(pair["key"], _printed(line, pair["value"].strip()))
        return
    yield from (_Pair(text, _printed(line, word)) for word in text.split() if _is_number(word))
    yield _Pair(text)


def _closed(text: str) -> bool:
    return sum(map(text.count, "（(")) == sum(map(text.count, "）)"))


def _items(text: str) -> list[tuple[str, str]]:
    """Labels with a number each, all that a text holds; none where it holds anything else."""
    found: list[tuple[str, str]] = []
    at = len(text) - len(text.lstrip())
    while at < len(text):
        item = _ITEM.match(text, at)
        if item is None:
            return []
        found.append((item["key"], item["value"]))
        at = item.end()
    return found


def _is_number(text: str) -> bool:
    return read_number(text).status == "reported" and any(map(str.isdigit, text))


def _printed(line: Paragraph, raw: str) -> Printed:
    return Printed(read_number(raw), raw, place_of(line, max(len(line.fields) - 1, 0)))


def _named_place(pair: _Pair, above: str, table: str, labels: Labels) -> Place | None:
    return _place(pair.text, table, labels) or _under(pair.above or above, pair.text, table, labels)


def _place(text: str, table: str, labels: Labels) -> Place | None:
    """The place whose labels, one behind the other in either order, end a text."""
    rows, columns = labels.rows[table], labels.columns[table]
    folded = fold(text)
    if (last := _named(folded, columns)) and (first := _named(_before(folded, last), rows)):
        return _printed_place(first[1], last[1], table, labels)
    if (last := _named(folded, rows)) and (first := _named(_before(folded, last), columns)):
        return _printed_place(last[1], first[1], table, labels)
    return None


def _under(above: str, text: str, table: str, labels: Labels) -> Place | None:
    """The place of a label, and of the one that ends the text above it."""
    rows, columns = labels.rows[table], labels.columns[table]
    if (row := _named(fold(above), rows)) and (last := _whole(text, columns)):
        return _printed_place(row[1], last, table, labels)
    if (column := _named(fold(above), columns)) and (first := _whole(text, rows)):
        return _printed_place(first, column[1], table, labels)
    return None


def _whole(text: str, index: LabelIndex) -> Match | None:
    """The one line whose label a text is, its item marker too; a long label may lack that."""
    found = _exact(
        [m for m in index.exact(text) if marker(text) == m.marker or (len(body(text)) >= 4 and not marker(text))]
    )
    return found[0] if len(found) == 1 else None


def _exact(found: Sequence[Match]) -> Sequence[Match]:
    """Those lines that some form prints so, where any does: for the others it is a misprint."""
    return [match for match in found if match.exact_in] or found


def _named(folded: str, index: LabelIndex) -> tuple[int, Match] | None:
    """The longest label that ends a folded text, if it is one line's alone; a short one with its item marker."""
    if not (ending := list(index.ending(folded))):
        return None
    longest = [(ending[0][0], match) for match in _exact([m for length, m in ending if length == ending[0][0]])]
    marked = [
        (length, match)
        for length, match in longest
        if match.marker and folded[: len(folded) - length].endswith(match.marker)
    ]
    sure = marked or [(length, match) for length, match in longest if length >= 4 or not match.marker]
    return sure[0] if len(sure) == 1 else None


def _before(folded: str, named: tuple[int, Match]) -> str:
    """What stands before a label and its item marker."""
    length, match = named
    return folded[: len(folded) - length].removesuffix(match.marker)


def _printed_place(row: Match, column: Match, table: str, labels: Labels) -> Place | None:
    return (row, column) if _printing(row, column, table, labels) else None


def _printing(row: Match, column: Match, table: str, labels: Labels) -> frozenset[str]:
    """The forms that print this row with this column."""
    printing = set()
    for code in row.forms & column.forms:
        line = labels.forms[code].table(table).row(row.code)
        if line and column.code in (c.code for c in labels.forms[code].table(table).columns_of(line)):
            printing.add(code)
    return frozenset(printing)
