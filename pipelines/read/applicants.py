"""The header of table three in a drawn grid: which columns are whose, and which are none of the form's."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pipelines.forms.schema import Line
from pipelines.model import GridCell
from pipelines.read.alignment import Span, align, by_place
from pipelines.read.findings import Printed
from pipelines.read.labels import LabelIndex, Match, body, fold

_FEWEST = 3
"""A header names at least so many applicants: of a table cut into two halves, the right one has three."""

_MARK = 2
"""A letter, a number or a unit below a header's label is at most so long."""

_APPLICANTS = "申请人情况"
"""The header over all the columns."""

Value = tuple[Printed, GridCell]


@dataclass(frozen=True, slots=True)
class ApplicantHeader:
    """`spans` are the places of the columns by code; `foreign` the headers of columns between, behind and ahead of them
    that no form prints (上年总计, 备注); `begun` says which column's label one of those begins (法律服, cut by a line
    break); `printed` the labels. `disordered` says that the group's header stands over other columns than the group's;
    `unsure` that neither places nor sums say which column is which."""

    spans: dict[str, Span]
    foreign: dict[int, str]
    printed: tuple[tuple[str, Match], ...]
    begun: Mapping[str, str]
    disordered: bool = False
    unsure: bool = False

    def keeps_order(self, columns: tuple[str, ...]) -> bool:
        """Whether those columns that there are stand in this order."""
        stand = sorted(self.spans, key=lambda code: self.spans[code])
        return stand == [code for code in columns if code in self.spans]


@dataclass(frozen=True, slots=True)
class Placed:
    """The values of a row under their columns; `left` are those under columns of no form."""

    columns: tuple[str, ...]
    values: tuple[Printed, ...]
    left: tuple[Printed, ...] = ()


def applicant_header(
    over: Sequence[Sequence[GridCell]], behind: int, index: LabelIndex, lines: Sequence[Line]
) -> ApplicantHeader | None:
    """The header that stands over a row: `over` holds for each column of the grid the header cells above, from top to
    bottom; the row's label ends at the column `behind`; `lines` are the form's columns. None where it names too few
    columns.

    A label that is only the end of a longer text counts where no other column has it whole and the text before it is
    the header of the columns or of their group, an item marker, or dirt in a picture: 上年总计 names no column. A
    misprint (合计) counts where no other column has the official label.
    """
    groups = tuple({fold(group) for line in lines for group in line.groups} | {fold(_APPLICANTS)})
    named: dict[int, tuple[Match, str, bool]] = {}
    for column, cells in enumerate(over):
        if named_by := _naming(cells, index):
            match, before, depth = named_by
            folded = [fold(cell.text) for cell in cells[:depth]]
            last = cells[depth - 1]
            whole = len(before) in {sum(map(len, folded[:n])) for n in range(len(folded))}
            numbered = "".join(folded)[len(before) :] == body(last.text)
            if whole or numbered or last.reading == "ocr" or before.endswith(groups):
                named[column] = match, last.text, whole
    whole_codes = {match.code for match, _, whole in named.values() if whole}
    kept = {c: (m, text) for c, (m, text, whole) in named.items() if whole or m.code not in whole_codes}
    official = {match.code for match, _ in kept.values() if match.exact_in}
    kept = {c: (m, text) for c, (m, text) in kept.items() if m.exact_in or m.code not in official}
    if len({match.code for match, _ in kept.values()}) < _FEWEST:
        return None
    spans: dict[str, Span] = {}
    printed: dict[str, tuple[str, Match]] = {}
    for column, (match, text) in sorted(kept.items()):
        start, _ = spans.get(match.code, (column, column))
        spans[match.code] = start, column + 1
        printed.setdefault(match.code, (text, match))
    foreign = {
        c: cells[-1].text.strip()
        for c, cells in enumerate(over)
        if cells and c not in kept and cells[-1].column >= behind and not _covers(cells[-1], kept)
    }
    begun = {text: code for text in foreign.values() if (code := _begun(text, lines))}
    return ApplicantHeader(spans, foreign, tuple(printed.values()), begun, _disordered(over, kept, lines))


def _naming(cells: Sequence[GridCell], index: LabelIndex) -> tuple[Match, str, int] | None:
    """The column that header cells name, one below the other, the text before its label, and how many of them it takes:
    below it may stand a letter, a number or a unit of the column."""
    below = cells[-1:] if cells and len(fold(cells[-1].text)) <= _MARK else ()
    for depth in (len(cells), len(cells) - len(below)):
        path = "".join(fold(cell.text) for cell in cells[:depth])
        if found := next(index.ending(path), None):
            length, match = found
            return match, path[: len(path) - length], depth
    return None


def _begun(text: str, lines: Sequence[Line]) -> str | None:
    """The one column whose label begins with these letters, two at least."""
    letters = fold(text)
    codes = {line.code for line in lines if len(letters) > 1 and fold(line.label).startswith(letters)}
    return codes.pop() if len(codes) == 1 else None


def _covers(cell: GridCell, columns: Container[int]) -> bool:
    return any(column in columns for column in range(cell.column, cell.column + cell.column_span))


def _disordered(
    over: Sequence[Sequence[GridCell]], named: Mapping[int, tuple[Match, str]], lines: Sequence[Line]
) -> bool:
    """Whether the header of a group of columns stands over some of them and not over others, or over columns of no
    group: its span is not what the columns below it were meant to be."""
    groups = {fold(group) for line in lines for group in line.groups}
    members = {line.code for line in lines if line.groups}
    under = {m.code for c, (m, _) in named.items() if any(fold(cell.text) in groups for cell in over[c])}
    return bool(under) and under != members & {match.code for match, _ in named.values()}


def settled_by_sums(
    header: ApplicantHeader, rows: Iterable[Sequence[Value]], columns: tuple[str, ...]
) -> ApplicantHeader:
    """The header, its total behind the others where the totals of the rows below add up so, and not as the header
    stands. A header whose total stands last, below nothing that contradicts it, needs no proof."""
    printed = sorted(header.spans, key=lambda code: header.spans[code])
    settled = printed == list(columns) or (printed[-1] == columns[-1] and not header.disordered)
    if settled or set(printed) != set(columns):
        return header
    behind = [*(code for code in printed if code != columns[-1]), columns[-1]]
    as_printed = as_behind = 0
    for row in rows:
        values = [v.number.value or Decimal(0) for v, cell in row if not _within(cell, header.foreign)]
        if len(values) == len(columns):
            first, second = (values[order.index(columns[-1])] * 2 == sum(values) for order in (printed, behind))
            as_printed += first and not second
            as_behind += second and not first
    if as_behind > as_printed:
        return replace(header, spans=dict(zip(behind, sorted(header.spans.values()), strict=True)), disordered=False)
    return replace(header, unsure=header.disordered and as_printed == as_behind)


def place(
    values: Sequence[Value], header: ApplicantHeader | None, columns: tuple[str, ...], hole: Printed | None
) -> Placed | None:
    """A row's values under the columns of the form, or None where that is not certain.

    Where the header has not all of them (a table without 总计, or cut into halves), only those that it has, and only if
    each has one value and no value is left over.
    """
    if header is None:
        counted = align([_spanned(value) for value in values], [None] * len(columns), hole)
        return Placed(columns, tuple(counted)) if counted else None
    if header.unsure:
        return None
    spans = header.spans
    if header.foreign:
        return _between_foreign(values, header, columns)
    ordered = sorted(columns, key=lambda code: spans[code]) if spans.keys() >= set(columns) else columns
    if (ordered != columns or _stand_in_turn(values, spans, columns)) and (
        placed := align([_spanned(value) for value in values], [spans.get(code) for code in ordered], hole)
    ):
        shifted = placed[0].number.status == "blank" and _reaches_out(values, header)
        return None if shifted else Placed(tuple(ordered), tuple(placed))
    if spans.keys() >= set(columns) or not _stand_in_turn(values, spans, columns):
        return None
    return _under_own(values, spans, columns)


def _stand_in_turn(values: Sequence[Value], spans: Mapping[str, Span], columns: tuple[str, ...]) -> bool:
    """Whether as many values as the form has columns, empty cells aside where there are more, stand as far from those
    headers that there are, each the same way: then a header that is not there had its place among them."""
    known = [(n, spans[code]) for n, code in enumerate(columns) if code in spans]
    shown = [v for v in values if v[0].number.status != "blank"] if len(values) > len(columns) else values
    if len(known) == len(columns) or len(shown) != len(columns):
        return True
    return len({shown[n][1].column - start for n, (start, _) in known}) == 1


def _between_foreign(values: Sequence[Value], header: ApplicantHeader, columns: tuple[str, ...]) -> Placed | None:
    """A row's values where some columns are none of the form's: places decide, else as many values as headers. Numbers
    in such a column leave the row in doubt where the header lacks a column of the form: it may be that one."""
    spans = header.spans
    own = tuple(code for code in columns if code in spans)
    foreign = ((text, (column, column + 1)) for column, text in header.foreign.items())
    heads = sorted([*spans.items(), *foreign], key=_at)
    if _only_misnamed([head for head, _ in heads], header, columns, values):
        placed = align([_spanned(value) for value in values], [span for _, span in heads])
        return Placed(columns, tuple(placed)) if placed else None
    inside = [value for value in values if not _within(value[1], header.foreign)]
    blank = [v.number.status == "blank" for v, _ in values]
    stray = [v for v, cell in inside if not _under(cell, spans)]
    covered = len(values) - len(inside) >= len(header.foreign)
    placed = by_place([_spanned(value) for value in inside], [spans[code] for code in own])
    if placed and (covered or not stray):
        left = [v for v, cell in values if _within(cell, header.foreign)]
    elif len(values) == len(heads) and not blank[0] and not blank[-1]:
        paired = [(head, value) for (head, _), (value, _) in zip(heads, values, strict=True)]
        taken = {head: value for head, value in paired if head in spans}
        placed = [taken[code] for code in own]
        left = [value for head, value in paired if head not in spans]
    else:
        return None
    numbers = tuple(v for v in left if v.number.value is not None)
    return None if numbers and own != columns else Placed(own, tuple(placed), numbers)


def _only_misnamed(
    heads: Sequence[str], header: ApplicantHeader, columns: tuple[str, ...], values: Sequence[Value]
) -> bool:
    """Whether there are as many headers as the form has columns, each known one at its place, and so the columns that
    the others begin to name: then they are those that are missing, by another name. Of typed headers the last is
    excepted: it may be a column of remarks."""
    spans = header.spans
    typed = any(cell.reading == "text" for _, cell in values)
    begun = [header.begun.get(head, head if head in spans else "") for head in heads]
    in_place = all(head in ("", code) for head, code in zip(begun, columns, strict=False))
    return len(heads) == len(columns) and in_place and (columns[-1] in spans or not typed)


def _at(head: tuple[str, Span]) -> Span:
    return head[1]


def _under_own(values: Sequence[Value], spans: Mapping[str, Span], columns: tuple[str, ...]) -> Placed | None:
    """A row's values under those columns that the header has."""
    own = [code for code in columns if code in spans]
    shown = [v for v in values if v[0].number.status != "blank" or _under(v[1], spans)]
    under = [_under(cell, spans) for _, cell in shown]
    if sorted(code for codes in under for code in codes) != sorted(own) or any(len(codes) != 1 for codes in under):
        return None
    by_code = {codes[0]: value for codes, (value, _) in zip(under, shown, strict=True)}
    return Placed(tuple(own), tuple(by_code[code] for code in own))


def _reaches_out(values: Sequence[Value], header: ApplicantHeader) -> bool:
    """Whether a cell stands behind all that the header heads: with a blank in front, the row may have shifted."""
    end = max((*(right for _, right in header.spans.values()), *(column + 1 for column in header.foreign)))
    return any(cell.column >= end for _, cell in values)


def _spanned(value: Value) -> tuple[Printed, int, int]:
    printed, cell = value
    return printed, cell.column, cell.column + cell.column_span


def _within(cell: GridCell, columns: Container[int]) -> bool:
    return all(column in columns for column in range(cell.column, cell.column + cell.column_span))


def _under(cell: GridCell, spans: Mapping[str, Span]) -> list[str]:
    end = cell.column + cell.column_span
    return [code for code, (left, right) in spans.items() if cell.column < right and left < end]
