"""What the readers of tables gather before it is settled into the cells of a report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pipelines.model import Issue, Number, Place
from pipelines.read.labels import Match

AMBIGUOUS = Number("ambiguous", None)


@dataclass(frozen=True, slots=True)
class Printed:
    """A value as it stands in the document, read but not yet placed in a table; `reading` and `candidates` as in
    `GridCell`."""

    number: Number
    raw: str
    place: Place
    reading: Literal["text", "ocr"] = "text"
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A value at its place in a table. `form` is the generation that its labels show, None where both print them."""

    table: str
    row: str
    column: str
    printed: Printed
    form: str | None


@dataclass(frozen=True, slots=True)
class FoundLabel:
    table: str
    axis: str
    printed: str
    match: Match


@dataclass(slots=True)
class Findings:
    """Grows while a document is read."""

    found: list[Found] = field(default_factory=list)
    labels: list[FoundLabel] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    headerless: list[tuple[str, str, tuple[Printed, ...]]] = field(default_factory=list)
    unread: dict[tuple[str, str], int] = field(default_factory=dict)
    """Rows whose labels stand in a grid with numbers of which nothing could be read, and that grid."""
    accounted: set[tuple[int, int, int]] = field(default_factory=set)
    """The places in grids (block, row, column) of values that were taken, doubted, or left out with an issue."""

    def take(self, table: str, row: str, columns: Sequence[str], values: Sequence[Printed], form: str | None) -> None:
        self.found += [Found(table, row, c, v, form) for c, v in zip(columns, values, strict=True)]
        self.account(values)

    def account(self, values: Iterable[Printed]) -> None:
        """These values are dealt with."""
        places = (v.place for v in values if v.place.kind == "grid")
        self.accounted |= {(place.block, place.row, place.column) for place in places}

    def doubt(self, table: str, row: str, columns: Iterable[str], values: Sequence[Printed], form: str | None) -> None:
        """The row is there, and nothing says which of its values belongs to which column."""
        if not values:
            return
        self.account(values)
        raw = " | ".join(v.raw for v in values)
        unsure = Printed(AMBIGUOUS, raw, values[0].place, values[0].reading)
        self.found += [Found(table, row, c, unsure, form) for c in columns]
        self.issues.append(
            Issue(
                "row_ambiguous",
                f"{table}.{row} shows {len(values)} values ({raw[:80]}) and no layout says which belongs to which "
                "column: compare with the document",
                where(values[0].place),
            )
        )

    def headless(self, table: str, row: str, values: Sequence[Printed]) -> None:
        """The row is there without a header that says what its columns are."""
        self.headerless.append((table, row, tuple(values)))
        self.account(values)

    def unheaded(self, table: str, row: str, values: Sequence[Printed]) -> None:
        """Nothing else says what the columns of a row without a header are."""
        raw = " | ".join(v.raw for v in values)
        self.issues.append(
            Issue(
                "header_missing",
                f"{table}.{row} shows {raw[:80]} under no header that any form prints: compare with the document",
                where(values[0].place),
            )
        )

    def label(self, table: str, axis: str, printed: str, match: Match) -> None:
        self.labels.append(FoundLabel(table, axis, " ".join(printed.split()), match))


def where(place: Place) -> str:
    """A place in words."""
    spot = f"{'table' if place.kind == 'grid' else 'line'} {place.block + 1}, row {place.row + 1}"
    return f"page {place.page}, {spot}" if place.page else spot


def only(forms: frozenset[str]) -> str | None:
    """The one generation, or None where there are several."""
    return next(iter(forms)) if len(forms) == 1 else None
