"""Rows that hold the cells of two lines or more, where what parted the lines was lost: `label 1 2 3 label 4 5 6`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pipelines.model import Grid, GridCell
from pipelines.read.labels import Labels, body, fold, line_of, marker
from pipelines.read.numbers import read_number

Origins = Mapping[tuple[int, int], tuple[int, int]]
"""Where a cell stands in the document's grid, by its row and column in the grid that is read."""

_SEVERAL = 2


def parted(grid: Grid, labels: Labels) -> tuple[Grid, Origins] | None:
    """The grid with a row for each line, and where its moved cells were printed; None where no row holds several.

    A line begins with a label known to the forms, before values and behind the values or the column names of another
    line; or as far ahead of the label as the row itself does (a number of its own). A row that has one label twice
    shows two tables side by side, and stays. The values of lines cut off begin where those of the other rows begin.
    """
    rows: list[list[GridCell]] = [[] for _ in range(grid.row_count)]
    for cell in grid.cells:
        rows[cell.row].append(cell)
    cuts = [_cuts(row, labels) for row in rows]
    if not any(cuts):
        return None
    starts = Counter(start for row, cut in zip(rows, cuts, strict=True) if not cut and (start := _first_value(row)))
    usual = starts.most_common(1)[0][0] if starts else None
    cells: list[GridCell] = []
    origins: dict[tuple[int, int], tuple[int, int]] = {}
    added = 0
    for number, (row, cut) in enumerate(zip(rows, cuts, strict=True)):
        for line, (start, stop) in enumerate(zip([0, *cut], [*cut, len(row)], strict=True)):
            part = row[start:stop]
            back = 0
            if line:
                own, aim = _first_value(part), usual or _first_value(row[: cut[0]])
                back = min(own - aim if own and aim else part[0].column, part[0].column)
            for cell in part:
                moved = replace(cell, row=number + added + line, column=cell.column - back)
                cells.append(moved)
                origins[moved.row, moved.column] = number, cell.column
        added += len(cut)
    cells.sort(key=lambda cell: (cell.row, cell.column))
    wide = max(cell.column + cell.column_span for cell in cells)
    return replace(grid, row_count=grid.row_count + added, column_count=wide, cells=tuple(cells)), origins


def _first_value(row: Sequence[GridCell]) -> int | None:
    """The column behind the words ahead of the row's values, be it empty; None for a row without."""
    words = [place for place, cell in enumerate(row) if _is_word(cell)]
    shown = (n for n, cell in enumerate(row) if _is_shown(cell) and (not words or n > words[0]))
    first = next(shown, len(row))
    behind = row[max((n for n in words if n < first), default=-1) + 1 :]
    return behind[0].column if _has_values(behind) else None


def _is_word(cell: GridCell) -> bool:
    """Whether a cell shows words and no number, be it one with a mark that makes it unreadable."""
    return read_number(cell.text).status == "unreadable" and not body(cell.text)[:1].isdigit()


def _is_shown(cell: GridCell) -> bool:
    return bool(cell.text.strip()) and not _is_word(cell)


def _has_values(row: Sequence[GridCell]) -> bool:
    """Whether values stand here: one that shows something, or several empty cells."""
    return any(map(_is_shown, row)) or sum(not cell.text.strip() for cell in row) > _SEVERAL


def _cuts(row: Sequence[GridCell], labels: Labels) -> list[int]:
    """Where the row's second line begins, and those behind it."""
    codes = [code for cell in row for code in _line_named(cell.text, labels)]
    if len(codes) != len(set(codes)):
        return []
    cuts: list[int] = []
    last = 0
    runs = list(_runs_of_words(row))
    for start, stop in runs:
        first = start - _ahead(row, runs[0][0], start)
        before, words, behind = row[last:first], row[start:stop], row[stop:]
        labelled = bool(behind and _line_named(words[-1].text, labels))
        header = _header(words[:-1] if labelled else words, labels)
        group = fold(words[0].text) in labels.groups["application"]
        if (labelled or header or group) and _has_values(before) and any(_line_named(c.text, labels) for c in before):
            last = first if labelled and not header else start
            cuts.append(last)
        if header and any(map(_is_shown, behind)):
            last = start + header
            cuts.append(last)
    return cuts


def _ahead(row: Sequence[GridCell], own: int, start: int) -> int:
    """How many cells ahead of the words at `start` are of their line: as many as the row's own first words have ahead
    of them, where they are filled alike."""
    shown = [_is_shown(cell) for cell in row]
    return own if own <= start and shown[:own] == shown[start - own : start] else 0


def _runs_of_words(row: Sequence[GridCell]) -> Iterator[tuple[int, int]]:
    """Where cells that show words follow each other: from, and up to."""
    start = None
    for place, cell in enumerate(row):
        words = _is_word(cell)
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
    found = (line_of(text, table, labels) for table in ("application", "disclosure"))
    return next(([match.code] for match in found if match), [])


def _header(words: Sequence[GridCell], labels: Labels) -> int:
    """How many of these words, up to the last of several that name columns, are a header; 0 where they are none."""
    indexes = labels.columns.values()
    naming = [place for place, cell in enumerate(words, 1) if any(index.exact(cell.text) for index in indexes)]
    return naming[-1] if len(naming) >= _SEVERAL else 0
