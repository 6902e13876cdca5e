"""The tables of a report as its form prints them: rows and columns with their labels, in printed order."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby

from pipelines.forms import load_forms
from pipelines.forms.schema import Form, Line, Table

Key = tuple[str, str, str]
"""Table, row and column by their codes."""

_LEGEND = re.compile(r"[（(](?:区分处理|单位).*")


def printed_table(code: str, cells: Collection[Key], form: str | None, forms: Mapping[str, Form]) -> Table:
    """The table as its generation prints it, with the rows and columns of others that the report shows; rows and
    columns of which it shows nothing are left out."""
    tables = [t for f in sorted(forms.values(), key=lambda f: f.code != form) for t in f.tables if t.code == code]
    first, *others = tables
    seen_rows = {row for table, row, _ in cells if table == code}
    seen_columns = {column for table, _, column in cells if table == code}
    rows, columns = list(first.rows), list(first.columns)
    for other in others:
        _insert(rows, other.rows, seen_rows)
        _insert(columns, other.columns, seen_columns)
    shown_rows = tuple(row for row in rows if row.code in seen_rows)
    return Table(code, first.title, shown_rows, tuple(column for column in columns if column.code in seen_columns))


def parts_of(table: Table, cells: Collection[Key]) -> Iterator[tuple[tuple[Line, ...], tuple[Line, ...]]]:
    """Runs of rows that have the same columns: the columns, and the rows below them."""

    def columns_of(row: Line) -> tuple[Line, ...]:
        return tuple(c for c in table.columns if (table.code, row.code, c.code) in cells)

    for columns, rows in groupby(table.rows, key=columns_of):
        yield columns, tuple(rows)


def short_label(label: str) -> str:
    """A label without the instructions that the form prints behind it."""
    return _LEGEND.sub("", label)


def place_words(cell: Key, forms: Mapping[str, Form]) -> str:
    """A cell by the labels of its row and column, of the newest form that has both; a code that none has stands for
    itself."""
    code, row, column = cell
    tables = [t for form in reversed(tuple(forms.values())) for t in form.tables if t.code == code]
    both = (t for t in tables if t.row(row) and any(c.code == column for c in t.columns))
    table = next(both, tables[0] if tables else None)
    if table is None:
        return "·".join(cell)
    lines = [
        next((line.label for line in of if line.code == name), name)
        for of, name in ((table.rows, row), (table.columns, column))
    ]
    return "·".join(short_label(label) for label in lines if label)


def row_words(table: str, row: str, forms: Mapping[str, Form]) -> str:
    """A row of a table by its label, of the newest form that has it; its code where none has."""
    tables = (t for form in reversed(tuple(forms.values())) for t in form.tables if t.code == table)
    labels = (line.label for t in tables for line in t.rows if line.code == row)
    return short_label(next(labels, row))


@cache
def printed_order() -> Mapping[Key, int]:
    """Where each cell stands among all cells of the forms, older forms first."""
    cells = (
        (table.code, row.code, column.code)
        for form in load_forms().values()
        for table in form.tables
        for row in table.rows
        for column in table.columns_of(row)
    )
    return {cell: place for place, cell in enumerate(cells)}


def _insert(lines: list[Line], others: Sequence[Line], seen: set[str]) -> None:
    """Puts the lines of another generation that the report shows to where that generation has them."""
    place = 0
    for line in others:
        known = next((n for n, own in enumerate(lines) if own.code == line.code), None)
        if known is not None:
            place = known + 1
        elif line.code in seen:
            lines.insert(place, line)
            place += 1
