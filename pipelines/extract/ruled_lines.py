"""Rows of text tables that a drawn rule closes one by one: their cells go on over several lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipelines.extract.fields import is_rule, plain, split_fields, trimmed, with_pipes

_FEWEST_ROWS = 4
_MOST_LINES = 12
_NUMBER = re.compile(r"[+-]?\d[\d.,]*")


def ruled_rows(lines: Sequence[str]) -> dict[int, tuple[str, ...]]:
    """The fields of each row of several lines, by the place of its first line; its other lines have no fields.

    Only where rules close four rows or more, and no column shows two numbers within one row: else each line is a row.
    """
    found: dict[int, tuple[str, ...]] = {}
    for rows in _ruled(lines):
        if len(rows) < _FEWEST_ROWS:
            continue
        for row in rows:
            fields = [split_fields(with_pipes(plain(lines[at]))) for at in row]
            if len(row) < 2 or len({len(line) for line in fields}) > 1:
                continue
            columns = list(zip(*fields, strict=True))
            if not any(map(_counts, columns)):
                found[row[0]] = tuple(map("".join, columns))
                found.update((at, ()) for at in row[1:])
    return found


def _counts(column: tuple[str, ...]) -> bool:
    """Whether one of several pieces of a cell is a number of its own."""
    pieces = [piece for piece in column if piece]
    return len(pieces) > 1 and any(map(_NUMBER.fullmatch, pieces))


def _ruled(lines: Sequence[str]) -> Iterator[list[list[int]]]:
    """The rows of each table whose rows stand between rules: the places of their lines."""
    rows: list[list[int]] = []
    row: list[int] | None = None
    for at, line in enumerate(lines):
        shown = with_pipes(line)
        if is_rule(shown):
            if row:
                rows.append(row)
            row = []
        elif row is not None and trimmed(shown).startswith("|") and len(row) < _MOST_LINES:
            row.append(at)
        else:
            yield rows
            rows, row = [], None
    yield rows
