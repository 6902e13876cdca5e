"""Cells of the form without a number, though the document shows their row: each is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from pipelines.model import Block, Cell, Grid, Issue
from pipelines.read.findings import where
from pipelines.read.labels import Labels, body

_SHORTEST_LABEL = 4
_SHOWN = 80

Key = tuple[str, str, str]


def unread(
    cells: Mapping[Key, Cell], blocks: Iterable[Block], labels: Labels, told: Sequence[Issue]
) -> Iterator[Issue]:
    """An issue for each table of which rows are missing although their labels are printed, for each column that is
    missing from rows that were read, and for each ambiguous cell; unless one of the issues `told` names the cell, its
    row or its table."""
    said = {word for issue in told for word in issue.message.split()}
    rows: dict[tuple[str, str], list[Cell]] = {}
    for (table, row, _), cell in cells.items():
        rows.setdefault((table, row), []).append(cell)
    missing = {key for key, own in rows.items() if all(cell.status == "missing" for cell in own)}
    absent: Counter[tuple[str, str]] = Counter()
    for (table, row), own in rows.items():
        for cell in own:
            absent[table, cell.column] += cell.status == "missing" and (table, row) not in missing
            named = {table, f"{table}.{row}", f"{table}.{row}.{cell.column}"} & said
            if cell.status == "ambiguous" and cell.place and not named:
                shown = f"{table}.{row}.{cell.column} shows {cell.raw[:_SHOWN]!r}"
                message = f"{shown}, which may be another cell's: compare with the document"
                yield Issue("value_ambiguous", message, where(cell.place))
    for (table, column), times in absent.items():
        if times:
            message = f"{times} rows of {table} were read without a column {column}: compare with the document"
            yield Issue("column_missing", message)
    printed = _printed(blocks, labels) if missing else set()
    silent = sorted((table, f"{table}.{row}") for table, row in missing & printed if f"{table}.{row}" not in said)
    for table, names in groupby(silent, key=lambda pair: pair[0]):
        listed = [name for _, name in names]
        message = f"{len(listed)} rows of {table} are printed, and no number was read for them: {', '.join(listed)}"
        yield Issue("row_unread", message)


def _printed(blocks: Iterable[Block], labels: Labels) -> set[tuple[str, str]]:
    """The rows whose labels stand alone in a cell, a field or a line, and name nothing else."""
    texts: set[str] = set()
    for block in blocks:
        texts.update([cell.text for cell in block.cells] if isinstance(block, Grid) else [block.text, *block.fields])
    found: set[tuple[str, str]] = set()
    for text in texts:
        for table, index in labels.rows.items():
            matches = index.exact(text)
            if len(matches) == 1 and len(body(text)) >= _SHORTEST_LABEL and not labels.columns[table].exact(text):
                found.add((table, matches[0].code))
    return found
