"""Numbers that a narrow cell of a ruled table broke over lines, made whole."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from pipelines.extract.marks import Characters, Ints, TableCell

_NUMBER = re.compile(r"[-−－+]?[0-9０-９][0-9０-９.,，．]*")
_BROKEN = re.compile(r"(?:[-−－+]?[0-9０-９.,，．]+|[-−－+])(?:\n[0-9０-９.,，．]+)+")
MARGINS = 12.0
"""A cell keeps so much of its width free at most, left and right together."""


def with_whole_numbers(cells: list[TableCell], owners: Ints, characters: Characters) -> list[TableCell]:
    """The cells, with `1\\n9` as `19` where one digit more than the first line holds would not fit beside it.
    Where every number of the row is broken, and the text before them too, two rows may stand there without a rule
    between: they stay. `owners` gives each character's cell."""
    broken = [i for i, cell in enumerate(cells) if "\n" in cell.text and _BROKEN.fullmatch(cell.text)]
    if not broken:
        return cells
    whole = list(cells)
    single = {cell.row for cell in cells if _NUMBER.fullmatch(cell.text)} | _rows_named_on_one_line(cells)
    widths = characters.boxes[:, 2] - characters.boxes[:, 0]
    for i in broken:
        cell, lines = cells[i], cells[i].text.split("\n")
        room = cell.box[2] - cell.box[0] - MARGINS
        full = len(lines[0])
        filled = all(len(line) == full for line in lines[:-1]) and len(lines[-1]) <= full
        digit = float(np.median(widths[owners == i]))
        if filled and cell.row_span == 1 and cell.row in single and (full + 1) * digit > room:
            whole[i] = replace(cell, text="".join(lines))
    return whole


def _rows_named_on_one_line(cells: list[TableCell]) -> set[int]:
    """The rows whose last text before their numbers stands on one line."""
    named: dict[int, str] = {}
    begun: set[int] = set()
    for cell in sorted(cells, key=lambda cell: cell.column):
        if _NUMBER.fullmatch(cell.text) or _BROKEN.fullmatch(cell.text):
            begun.add(cell.row)
        elif cell.text and cell.row not in begun:
            named[cell.row] = cell.text
    return {row for row, text in named.items() if "\n" not in text}
