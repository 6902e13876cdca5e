"""A list as data: its columns, filters and order; what of it an address asks for, as one question in SQL.

SQL text comes from the listing alone; values come from addresses, and are only ever parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.dashboard.request import Request
from pipelines.dashboard.store import Row, Store

PAGE_ROWS = 50
LAST_PAGE = 100_000
EVERYTHING = "all"
"""The value of a filter that is to let everything through, though by default it does not."""

Parts = tuple[str, list[object]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list. `sql` is an expression over the listing's source, `name` its name in rows, addresses and
    downloads, `heading` a phrase of words.yml (else `column.<name>`). `show` gives what stands in the cell where it is
    not the value itself, `link` where the cell leads. `order` is what it is sorted by, where that is not the value. A
    `hidden` one is there for others to look at."""

    name: str
    sql: str
    heading: str | None = None
    number: bool = False
    code: str | None = None
    show: Callable[[Request, Row], Any] | None = None
    link: Callable[[Request, Row], str | None] | None = None
    order: str | None = None
    hidden: bool = False

    @property
    def word(self) -> str:
        return self.heading or f"column.{self.name}"


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list can be narrowed by. `sql` is a condition in which `?` is the value, as often as `times` says; without
    `choices` a person types the value. `choices` is a question for value and label, or the codes of a group of words.
    `default` holds where the address says nothing; a `hidden` one is only reached by links."""

    name: str
    sql: str
    times: int = 1
    choices: str | tuple[str, ...] | None = None
    code: str | None = None
    default: str = ""
    hidden: bool = False

    def asked(self, query: Mapping[str, str]) -> str:
        """The value that narrows the list; empty where nothing does."""
        value = query.get(self.name, "").strip() or self.default
        return "" if value == EVERYTHING else value


@dataclass(frozen=True, slots=True)
class Listing:
    """`source` is all from FROM on, without an order; `key` are columns that tell rows apart, so that pages never
    overlap; `order` is the column by which it is sorted at first, with `-` before it from the top."""

    name: str
    source: str
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    order: str
    key: str

    def shown(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if not column.hidden)

    def sorted_by(self, query: Mapping[str, str]) -> tuple[Column, bool]:
        """The column that the address sorts by, and whether from the top; the listing's own order for any other."""
        by_name = {column.name: column for column in self.shown()}
        asked = query.get("sort", "")
        if asked.removeprefix("-") not in by_name:
            asked = self.order
        return by_name[asked.removeprefix("-")], asked.startswith("-")

    def page(self, query: Mapping[str, str]) -> int:
        """The page that the address asks for, from 1."""
        asked = query.get("page", "1")
        return min(max(int(asked), 1), LAST_PAGE) if asked.isdecimal() and len(asked) < 10 else 1

    def count(self, store: Store, query: Mapping[str, str]) -> int:
        narrowed, values = self._narrowed(query)
        row = store.row(f"SELECT count(*) AS n {narrowed}", values)
        return int(row["n"]) if row else 0

    def rows(self, store: Store, query: Mapping[str, str], limit: int = PAGE_ROWS) -> list[Row]:
        """The rows of the page that the address asks for."""
        sql, values = self.selection(query)
        return store.rows(f"{sql} LIMIT ? OFFSET ?", [*values, limit, (self.page(query) - 1) * limit])

    def selection(self, query: Mapping[str, str], columns: Sequence[Column] | None = None) -> Parts:
        """The whole list, narrowed and sorted, with the parameters of the question."""
        narrowed, values = self._narrowed(query)
        column, descending = self.sorted_by(query)
        selected = ", ".join(f'{c.sql} AS "{c.name}"' for c in columns or self.columns)
        direction = "DESC" if descending else "ASC"
        return (
            f"SELECT {selected} {narrowed} ORDER BY {column.order or column.sql} {direction} NULLS LAST, {self.key}",
            values,
        )

    def _narrowed(self, query: Mapping[str, str]) -> Parts:
        conditions, values = [], list[object]()
        for one in self.filters:
            if value := one.asked(query):
                conditions.append(f"({one.sql})")
                values += [value] * one.times
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return f"{self.source}{where}", values
