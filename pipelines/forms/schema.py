"""What a printed form is: tables of labelled rows and columns, and the sums that hold between them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A row or a column of a printed table.

    `label` is the official one; `variants` say the same in other words and are unaltered; `misprints` are known to be
    wrong. `groups` are the labels of the groups it stands in, outermost first; `depth` counts them.
    `columns` (of rows) are the codes of the columns that the row has; empty means all of the table's. `unit` is the one
    that the form prints beside the label.
    """

    code: str
    label: str
    variants: tuple[str, ...] = ()
    misprints: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` and `columns` in printed order; `signed` are the columns whose counts may be negative; `amounts` are the
    (row, column) pairs that hold money and may have decimals."""

    code: str
    title: str
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    signed: tuple[str, ...] = ()
    amounts: tuple[tuple[str, str], ...] = ()

    def row(self, code: str) -> Line | None:
        return next((r for r in self.rows if r.code == code), None)

    def columns_of(self, row: Line) -> tuple[Line, ...]:
        return tuple(c for c in self.columns if c.code in row.columns) if row.columns else self.columns


@dataclass(frozen=True, slots=True)
class Term:
    table: str
    row: str
    column: str
    weight: int


@dataclass(frozen=True, slots=True)
class Identity:
    """A sum that must hold: the weighted terms add up to zero. `instance` tells the places of one rule apart.

    `target` is the term whose printed number is judged: expected = what the other terms make of it.
    A rule may have several `variant`s (（六） as three rows or as one): the one whose cells the report prints applies.
    """

    form: str
    rule: str
    instance: str
    variant: str
    target: Term
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """One generation: `first_year` and `last_year` (None: still) are the report years it is printed for."""

    code: str
    issued_as: str
    first_year: int
    last_year: int | None
    tables: tuple[Table, ...]
    identities: tuple[Identity, ...]

    def table(self, code: str) -> Table:
        return next(t for t in self.tables if t.code == code)

    def prints(self, table: str) -> bool:
        return any(t.code == table for t in self.tables)
