"""Rows that hold the cells of two lines or more, where what parted the lines was lost: `label 1 2 3 label 4 5 6`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pipelines.model import Grid, GridCell
from pipelines.read.labels import Labels, marker
from pipelines.read.numbers import read_number

Origins = Mapping[tuple[int, int], tuple[int, int]]
"""Where a cell stands in the document's grid, by its row and column in the grid that is read."""

_SEVERAL = 2


def parted(grid: Grid, labels: Labels) -> tuple[Grid, Origins] | None:
    """The grid with a row for each line, and where its moved cells were printed; None where no row holds several.

    A line begins with a label known to the forms, before values and behind the values or the column names of another
    line; or as far ahead of the label as the row itself does (a number of its own). A row that has one label twice
    shows two tables side by side, and stays. The lines cut off end where the other rows of the table end.
    """
    rows: list[list[GridCell]] = [[] for _ in range(grid.row_count)]
    for cell in grid.cells:
        rows[cell.row].append(cell)
    cuts = [_cuts(row, labels) for row in rows]
    if not any(cuts):
        return None
    ends = Counter(_end(row) for row, cut in zip(rows, cuts, strict=True) if not cut and _has_values(row))
    cells: list[GridCell] = []
    origins: dict[tuple[int, int], tuple[int, int]] = {}
    added = 0
    for number, (row, cut) in enumerate(zip(rows, cuts, strict=True)):
        end = ends.most_common(1)[0][0] if ends else _end(row[: cut[0]] if cut else row)
        for line, (start, stop) in enumerate(zip([0, *cut], [*cut, len(row)], strict=True)):
            part = row[start:stop]
            back = min(_end(part) - end, part[0].column) if line else 0
            for cell in part:
                moved = replace(cell, row=number + added + line, column=cell.column - back)
                cells.append(moved)
                origins[moved.row, moved.column] = number, cell.column
        added += len(cut)
    cells.sort(key=lambda cell: (cell.row, cell.column))
    wide = max(cell.column + cell.column_span for cell in cells)
    return replace(grid, row_count=grid.row_count + added, column_count=wide, cells=tuple(cells)), origins


def _end(row: Sequence[GridCell]) -> int:
    return max((cell.column + cell.column_span for cell in row), default=0)


def _has_values(row: Sequence[GridCell]) -> bool:
    """Whether values stand here: a number, a sign for none, or several empty cells."""
    shown = [read_number(cell.text).status for cell in row]
    return "reported" in shown or "not_applicable" in shown or shown.count("blank") > _SEVERAL


def _cuts(row: Sequence[GridCell], labels: Labels) -> list[int]:
    """Where the row's second line begins, and those behind it."""
    codes = [code for cell in row for code in _line_named(cell.text, labels)]
    if len(codes) != len(set(codes)):
        return []
    cuts: list[int] = []
    last = 0
    runs = list(_runs_of_words(row))
    ahead = runs[0][0] if runs else 0
    for start, stop in runs:
        before, words, behind = row[last : start - ahead], row[start:stop], row[stop:]
        labelled = bool(behind and _line_named(words[-1].text, labels))
        header = _header(words[:-1] if labelled else words, labels)
        if (labelled or header) and _has_values(before) and any(_line_named(c.text, labels) for c in before):
            last = start - ahead if labelled and not header else start
            cuts.append(last)
        if header and _has_values(behind):
            last = start + header
            cuts.append(last)
    return cuts


def _runs_of_words(row: Sequence[GridCell]) -> Iterator[tuple[int, int]]:
    """Where cells that show words follow each other: from, and up to."""
    start = None
    for place, cell in enumerate(row):
        words = read_number(cell.text).status == "unreadable"
        if words and start is None:
            start = place
        elif not words and start is not None:
            yield start, place
            start = None
    if start is not None:
        yield start, len(row)


def _line_named(text: str, labels: Labels) -> list[str]:
    """The line of table two or three that this text names, if any; 总计 and 其他 alone name columns."""
    if not marker(text) and any(index.exact(text) for index in labels.columns.values()):
        return []
    found = (labels.rows[table].exact(text) for table in ("application", "disclosure"))
    return next(([match.code for match in matches[:1]] for matches in found if matches), [])


def _header(words: Sequence[GridCell], labels: Labels) -> int:
    """How many of these words, up to the last of several that name columns, are a header; 0 where they are none."""
    indexes = labels.columns.values()
    naming = [place for place, cell in enumerate(words, 1) if any(index.exact(cell.text) for index in indexes)]
    return naming[-1] if len(naming) >= _SEVERAL else 0
