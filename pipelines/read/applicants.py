"""The header of table three in a drawn grid: which columns are whose, and which are none of the form's."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

from pipelines.model import GridCell
from pipelines.read.alignment import Span, align
from pipelines.read.findings import Printed
from pipelines.read.labels import LabelIndex, Match, fold

_FEWEST = 3
"""A header names at least so many applicants: of a table cut into two halves, the right one has three."""

Value = tuple[Printed, GridCell]


@dataclass(frozen=True, slots=True)
class ApplicantHeader:
    """`spans` are the places of the columns by code; `foreign` the headers of columns between and behind them that no
    form prints (上年总计, 备注); `printed` the labels."""

    spans: dict[str, Span]
    foreign: dict[int, str]
    printed: tuple[tuple[str, Match], ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """The values of a row under their columns; `left` are those under columns of no form."""

    columns: tuple[str, ...]
    values: tuple[Printed, ...]
    left: tuple[Printed, ...] = ()


def applicant_header(over: Sequence[Sequence[GridCell]], index: LabelIndex) -> ApplicantHeader | None:
    """The header that stands over a row: `over` holds for each column of the grid the header cells above, from top to
    bottom. None where it names too few columns.

    A label that is only the end of a longer text (上年总计) counts where no other column has it whole.
    """
    named: dict[int, tuple[Match, str, bool]] = {}
    for column, cells in enumerate(over):
        folded = [fold(cell.text) for cell in cells]
        path = "".join(folded)
        if found := next(index.ending(path), None):
            length, match = found
            rest = len(path) - length
            whole = rest in {sum(map(len, folded[:n])) for n in range(len(folded))}
            named[column] = match, cells[-1].text, whole
    whole_codes = {match.code for match, _, whole in named.values() if whole}
    kept = {c: (m, text) for c, (m, text, whole) in named.items() if whole or m.code not in whole_codes}
    if len({match.code for match, _ in kept.values()}) < _FEWEST:
        return None
    spans: dict[str, Span] = {}
    printed: dict[str, tuple[str, Match]] = {}
    for column, (match, text) in sorted(kept.items()):
        start, _ = spans.get(match.code, (column, column))
        spans[match.code] = start, column + 1
        printed.setdefault(match.code, (text, match))
    foreign = {c: over[c][-1].text.strip() for c in range(min(kept), len(over)) if over[c] and c not in kept}
    return ApplicantHeader(spans, foreign, tuple(printed.values()))


def place(
    values: Sequence[Value], header: ApplicantHeader | None, columns: tuple[str, ...], hole: Printed | None
) -> Placed | None:
    """A row's values under the columns of the form, or None where that is not certain.

    Where the header has not all of them (a table without 总计, or cut into halves), only those that it has, and only if
    each has one value and no value is left over.
    """
    spans = header.spans if header else {}
    headers = [spans.get(code) for code in columns]
    if placed := align([_spanned(value) for value in values], headers, hole):
        shifted = header is not None and placed[0].number.status == "blank" and _reaches_out(values, header)
        return None if shifted else Placed(columns, tuple(placed))
    if header is None:
        return None
    if None not in headers:
        inside = [v for v in values if not _within(v[1], header.foreign)]
        left = [v for v, cell in values if _within(cell, header.foreign) and v.number.status == "reported"]
        if left and (placed := align([_spanned(value) for value in inside], headers)):
            return Placed(columns, tuple(placed), tuple(left))
        return None
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


def _under(cell: GridCell, spans: dict[str, Span]) -> list[str]:
    end = cell.column + cell.column_span
    return [code for code, (left, right) in spans.items() if cell.column < right and left < end]
