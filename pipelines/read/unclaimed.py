"""Numbers of a table that stand in a row that was read, and that no cell of the form took."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import pairwise

from pipelines.model import Grid, GridCell, Issue
from pipelines.read.numbers import read_number
from pipelines.read.run_together import Origins

_SHOWN = 200


def unclaimed(
    grid: Grid, origins: Origins, accounted: Collection[tuple[int, int, int]], rows: Collection[int]
) -> Iterator[Issue]:
    """An issue for each of these `rows` of a grid that shows numbers beside those that are `accounted` for, by block,
    row and column of the document; `origins` are the places there of cells that were moved. A column that counts its
    rows is no number of the table."""
    serial = _serial_columns(grid)
    left: dict[int, list[str]] = {}
    for cell in grid.cells:
        row, column = origins.get((cell.row, cell.column), (cell.row, cell.column))
        if cell.row not in rows or cell.column in serial or (grid.index, row, column) in accounted:
            continue
        if _number(cell) is not None:
            left.setdefault(row, []).append(cell.text.strip())
    for row, texts in left.items():
        shown = " | ".join(texts)[:_SHOWN]
        message = (
            f"the row shows {shown!r} beside what was read of it, and no column of a form: compare with the document"
        )
        yield Issue("number_unclaimed", message, f"table {grid.index + 1}, row {row + 1}")


def _number(cell: GridCell) -> int | None:
    """The number that a cell shows in digits, its decimals cut off."""
    number = read_number(cell.text)
    digits = any(letter.isdecimal() for letter in cell.text)
    return int(number.value) if number.value is not None and digits else None


def _serial_columns(grid: Grid) -> set[int]:
    """The columns whose numbers count rows: each but the first, above which a page break may have cut the others off,
    is 1 or one more than the number above it."""
    columns: dict[int, list[int]] = {}
    for cell in grid.cells:
        if (number := _number(cell)) is not None:
            columns.setdefault(cell.column, []).append(number)
    return {
        column
        for column, numbers in columns.items()
        if len(numbers) > 1 and all(n in (1, before + 1) for before, n in pairwise(numbers))
    }
