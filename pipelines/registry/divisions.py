"""The divisions of GB/T 2260 and their history, as `divisions.csv` has them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

FIRST_REPORTS = "2008"
"""Nobody filed an annual report before: names that ended earlier are history only."""

COLUMNS = ["code", "name", "level", "parent", "valid_from", "valid_to", "lineage", "source"]
LEVELS = ("province", "prefecture", "county")
_CODE = re.compile(r"\d{6}")
_MONTH = re.compile(r"(?:\d{4}-(?:0[1-9]|1[0-2]))?")


class RegistryError(Exception):
    """A file of the registry that does not follow its schema; the message names file, line and field."""


class Division(NamedTuple):
    """A code and name while both were in force: from `valid_from` (YYYY-MM, empty: the first list or before) until
    before `valid_to` (empty: still). Rows of one `lineage` are one division under its successive codes and names."""

    code: str
    name: str
    level: str
    parent: str
    valid_from: str
    valid_to: str
    lineage: str
    source: str

    @property
    def province(self) -> str:
        return self.code[:2] + "0000"

    def in_force(self, year: int) -> bool:
        """At the end of that year."""
        end = f"{year}-12"
        return self.valid_from <= end and (not self.valid_to or self.valid_to > end)

    def near(self, year: int) -> bool:
        """In force at some time from a year before to a year after: lists are yearly, reports are written late."""
        return self.valid_from <= f"{year + 1}-12" and (not self.valid_to or self.valid_to >= f"{year - 1}-12")


def load_divisions(path: Path) -> tuple[Division, ...]:
    """The rows of the file, checked. Raises RegistryError with file, line and field."""
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.reader(handle)
        if next(reader, None) != COLUMNS:
            raise RegistryError(f"{path.name}, line 1: the columns must be {', '.join(COLUMNS)}")
        rows = []
        for line, values in enumerate(reader, 2):
            if len(values) != len(COLUMNS):
                raise RegistryError(f"{path.name}, line {line}: {len(values)} fields, {len(COLUMNS)} are wanted")
            rows.append(Division(*values))
    _check(path.name, rows)
    return tuple(rows)


def _check(file: str, rows: list[Division]) -> None:
    codes = {row.code for row in rows}
    keys: set[tuple[str, str]] = set()
    for line, row in enumerate(rows, 2):
        broken = (
            (not _CODE.fullmatch(row.code), "code", "must have six digits"),
            (not row.name, "name", "is empty"),
            (row.level not in LEVELS, "level", f"must be one of {', '.join(LEVELS)}"),
            (
                row.parent not in codes and (row.level != "province" or row.parent != ""),
                "parent",
                "is no code of the list",
            ),
            (not _MONTH.fullmatch(row.valid_from), "valid_from", "must be YYYY-MM or empty"),
            (not _MONTH.fullmatch(row.valid_to), "valid_to", "must be YYYY-MM or empty"),
            (row.valid_to != "" and row.valid_to <= row.valid_from, "valid_to", "must be later than valid_from"),
            (not row.lineage, "lineage", "is empty"),
            ((row.code, row.valid_from) in keys, "valid_from", "the code already has a row that begins then"),
        )
        for fails, field, words in broken:
            if fails:
                raise RegistryError(f"{file}, line {line}, {field}: {getattr(row, field)!r} {words}")
        keys.add((row.code, row.valid_from))


class Divisions:
    """The divisions, found by code and by lineage."""

    def __init__(self, rows: Iterable[Division]) -> None:
        self.rows = tuple(rows)
        self.lineages: dict[str, list[Division]] = {}
        self.by_code: dict[str, list[Division]] = {}
        for row in sorted(self.rows, key=lambda row: row.valid_from):
            self.lineages.setdefault(row.lineage, []).append(row)
            self.by_code.setdefault(row.code, []).append(row)

    def __iter__(self) -> Iterator[Division]:
        return iter(self.rows)

    def with_code(self, code: str, year: int | None) -> Division | None:
        """The division that had the code at the end of the year; else the last one that had it."""
        rows = self.by_code.get(code, [])
        valid = [row for row in rows if year is not None and row.in_force(year)]
        return (valid or rows)[-1] if rows else None

    def at(self, named: Division, year: int | None) -> Division | None:
        """What a name stands for in a report of that year: the division while its name was in force or before, its
        successor after; None where it ended without one. Without a year: the last row of that name."""
        rows = self.lineages[named.lineage]
        same = [row for row in rows if row.name == named.name]
        if year is None:
            return same[-1]
        for row in same:
            if row.in_force(year):
                return row
        if f"{year}-12" < same[0].valid_from:
            return same[0]
        later = [row for row in rows if row.in_force(year)]
        if later:
            return later[0]
        return same[-1] if same[-1].valid_to >= f"{year}-01" else None

    def ancestors(self, division: Division) -> frozenset[str]:
        """Codes above it, under all codes and parents that its lineage had since reports are filed."""
        return self._ancestors[division.lineage]

    @cached_property
    def _ancestors(self) -> dict[str, frozenset[str]]:
        return {
            lineage: frozenset(
                code
                for row in rows
                if row is rows[-1] or row.valid_to >= FIRST_REPORTS
                for code in (row.parent, row.province)
                if code and code != row.code
            )
            for lineage, rows in self.lineages.items()
        }

    def codes(self, division: Division) -> frozenset[str]:
        return frozenset(row.code for row in self.lineages[division.lineage])

    def related(self, one: Division, other: Division) -> bool:
        """Whether they are the same or one lies in the other."""
        return (
            one.lineage == other.lineage
            or not self.codes(one).isdisjoint(self.ancestors(other))
            or not self.codes(other).isdisjoint(self.ancestors(one))
        )

    def contains(self, outer: Division, inner: Division) -> bool:
        return not self.codes(outer).isdisjoint(self.ancestors(inner))

    @cached_property
    def childless(self) -> frozenset[str]:
        """Codes of prefectures that have no counties (东莞, 中山, ...): their towns are theirs."""
        return frozenset(row.code for row in self.rows if row.level == "prefecture") - {row.parent for row in self.rows}
