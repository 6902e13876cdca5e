"""Column headers: which block of table two they head, and which procedure of table four."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pipelines.model import GridCell
from pipelines.read.alignment import Span
from pipelines.read.labels import Labels, Match, body, fold

_NOTE = re.compile(r"[（(【\[][^（）()【】\[\]]{0,60}[）)】\]]\s*$")
_LEADING = 2
_UNIT_NOTE = "(?:单位万元|单位元|万元|元)?(?:保留.{1,2}位小数)?"


@dataclass(frozen=True, slots=True)
class Block:
    """A run of columns that a form prints together in table two."""

    form: str
    columns: tuple[str, ...]
    rows: frozenset[str]


@dataclass(frozen=True, slots=True)
class DisclosureHeader:
    """A header row of table two: its block, its labels as printed, and which of the row's cells they stand in."""

    block: Block
    printed: tuple[tuple[str, Match], ...]
    positions: tuple[int, ...] = ()

    @property
    def form(self) -> str:
        return self.block.form

    @property
    def columns(self) -> tuple[str, ...]:
        return self.block.columns

    def heads(self, row: str) -> bool:
        return row in self.block.rows

    def spans(self, cells: Sequence[GridCell]) -> list[Span | None]:
        """Where the labels stand in the header's own row of cells."""
        return [(cells[i].column, cells[i].column + cells[i].column_span) for i in self.positions]


@cache
def blocks(labels: Labels) -> tuple[Block, ...]:
    found: dict[tuple[str, tuple[str, ...]], set[str]] = {}
    for code, form in labels.forms.items():
        if not form.prints("disclosure"):
            continue
        table = form.table("disclosure")
        for row in table.rows:
            found.setdefault((code, tuple(c.code for c in table.columns_of(row))), set()).add(row.code)
    return tuple(Block(form, columns, frozenset(rows)) for (form, columns), rows in found.items())


def disclosure_header(texts: Sequence[str], labels: Labels) -> DisclosureHeader | None:
    """The header that this row of cells is, or None. Every cell after the first, or after the block's heading and the
    first, must be a label of one block, and at least one to the letter."""
    shown = [(i, t) for i, t in enumerate(texts) if t.strip()]
    named = [(i, t, _column(t, labels)) for i, t in shown]
    for _ in range(_LEADING):
        if named and not named[0][2]:
            named = named[1:]
    if not named or not all(matches for _, _, matches in named):
        return None
    best: tuple[int, DisclosureHeader] | None = None
    for block in blocks(labels):
        if len(block.columns) != len(named):
            continue
        chosen: list[tuple[str, Match]] = []
        exact = 0
        for code, (_, text, matches) in zip(block.columns, named, strict=True):
            match = next((m for m in matches if m.code == code and block.form in m.forms), None)
            if match is None:
                break
            exact += block.form in match.exact_in
            chosen.append((text, match))
        if len(chosen) == len(named) and exact > (best[0] if best else 0):
            best = exact, DisclosureHeader(block, tuple(chosen), tuple(i for i, _, _ in named))
    return best[1] if best else None


def _column(text: str, labels: Labels) -> tuple[Match, ...]:
    index = labels.columns["disclosure"]
    if found := index.exact(text) or index.exact(_NOTE.sub("", text)):
        return found
    if len(fold(text)) > 40:
        return ()
    near = index.like(text)
    return (near,) if near else index.beginning(body(text))


def header_at_end(folded: str, labels: Labels) -> DisclosureHeader | None:
    """The header whose labels, run together, end this folded text."""
    hits = [(found, block) for block, pattern in _patterns(labels) if (found := pattern.search(folded))]
    if not hits:
        return None
    found, block = max(hits, key=lambda hit: hit[0].end() - hit[0].start())
    index = labels.columns["disclosure"]
    printed = []
    for code, text in zip(block.columns, found.groups(), strict=True):
        match = next((m for m in index.spellings.get(text, ()) if m.code == code), None)
        if match is None:
            match = Match(code, frozenset({block.form}), frozenset())
        printed.append((text, match))
    return DisclosureHeader(block, tuple(printed))


@cache
def _patterns(labels: Labels) -> tuple[tuple[Block, re.Pattern[str]], ...]:
    index = labels.columns["disclosure"]
    spelled: dict[tuple[str, str], list[str]] = {}
    for text, matches in index.spellings.items():
        for match in matches:
            for form in match.forms:
                spelled.setdefault((form, match.code), []).append(text)
    patterns = []
    for block in blocks(labels):
        groups = [
            "(" + "|".join(sorted(map(re.escape, spelled[block.form, code]), key=len, reverse=True)) + ")" + _UNIT_NOTE
            for code in block.columns
        ]
        patterns.append((block, re.compile("".join(groups) + r"\Z")))
    return tuple(patterns)


def headed_behind(folded: str, labels: Labels) -> bool:
    """Whether in the folded text of table two a column's label stands right behind a row's: then the columns' labels
    follow the rows' (a table written down by columns, or a number a line), and head none of them."""
    index = labels.columns["disclosure"]
    rows = "|".join(map(re.escape, labels.rows["disclosure"].spellings))
    columns = "|".join(re.escape(text) for text in index.spellings if len(text) >= 4)
    return re.search(f"(?:{rows})(?:{columns})", folded) is not None


def procedure_of(text: str, labels: Labels) -> str | None:
    """The procedure of table four that a header path or caption names last; None for none, or only a group."""
    folded = fold(text)
    found: list[tuple[int, int, str | None]] = []
    for spelled, matches in labels.rows["review"].spellings.items():
        at = folded.rfind(spelled)
        if at >= 0:
            found.append((at + len(spelled), len(spelled), matches[0].code))
    for group in labels.groups["review"]:
        at = folded.rfind(group)
        if at >= 0:
            found.append((at + len(group), len(group), None))
    return max(found, key=lambda hit: hit[:2])[2] if found else None


def heads_several(text: str, labels: Labels) -> bool:
    """Whether a text names procedures of table four one right behind the other, as the header of all of them does: then
    what follows is no row of one of them."""
    procedures = "|".join(map(re.escape, labels.rows["review"].spellings))
    groups = "|".join(map(re.escape, labels.groups["review"]))
    return re.search(f"(?:{procedures})(?:{groups})?(?:{procedures})", fold(text)) is not None
