"""Numbers that stand in no ruled cell, read again: what stands alone as a cell's content is, the rest in its line."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from pipelines.extract.marks import Bools, Floats, TableCell
from pipelines.extract.scan.cells import UNSURE, Piece, part_of, read_again
from pipelines.extract.scan.networks import Gray
from pipelines.extract.scan.prose import agreed, shows_number
from pipelines.extract.scan.recognise import Reading, read_pictures
from pipelines.extract.scan.words import UNREAD

WIDER = 0.25
"""Shares of a line's height by which its second picture is wider at each end."""
TALLER = 0.1

_ALONE = re.compile(r"[+\-−－]?[0-9OoQ\u3007][0-9OoQ\u3007.,，．\s]*|[/|lI\\]|[-—―─━‒\u4e00•·.,。、]")
"""A number, a stroke or a mark: what a value of a table that is not ruled looks like."""


def checked(
    boxes: Floats, readings: list[Reading], outside: Bools, picture: Gray, ink: Gray, type_share: float
) -> list[Reading]:
    """The readings of the lines in these boxes (pixels), those `outside` of tables read again where they show a number
    or what may be one. Digits that do not hold become question marks. The type size is that share of a box's height."""
    found = list(readings)
    alone = [
        i for i in np.flatnonzero(outside).tolist() if _ALONE.fullmatch(readings[i].text) or readings[i].text == UNREAD
    ]
    pieces = [_piece(boxes[i], readings[i], picture, ink, type_share) for i in alone]
    for i, cell in zip(alone, read_again(pieces), strict=True):
        found[i] = _as_settled(readings[i], cell)
    taken = set(alone)
    asked = [i for i in np.flatnonzero(outside).tolist() if i not in taken and shows_number(readings[i])]
    again = read_pictures([part_of(picture, *_widened(boxes[i], WIDER)) for i in asked])
    for i, other in zip(asked, again, strict=True):
        found[i] = agreed(readings[i], [other])
    return found


def _widened(box: Floats, wider: float) -> tuple[int, int, int, int]:
    left, top, right, bottom = box.tolist()
    height = bottom - top
    across, down = wider * height, TALLER * height
    return int(left - across), int(top - down), int(np.ceil(right + across)), int(np.ceil(bottom + down))


def _piece(box: Floats, reading: Reading, picture: Gray, ink: Gray, type_share: float) -> Piece:
    window = _widened(box, WIDER)
    cell = TableCell(0, 0, 1, 1, reading.text.removeprefix(UNREAD), (0.0, 0.0, 0.0, 0.0))
    size = float(box[3] - box[1]) * type_share
    return Piece(cell, part_of(picture, *window), part_of(ink, *window, beyond=0), size, reading.sure)


def _as_settled(reading: Reading, cell: TableCell) -> Reading:
    """The line's reading with the text that holds, at the same place."""
    if UNSURE in cell.text:
        return replace(reading, text=re.sub(r"\S", UNSURE, reading.text), fair=1.0)
    text = "".join(cell.text.split())
    if text == reading.text or not text:
        return reading
    first, last = reading.centres[0], reading.centres[-1]
    middle = (first + last) / 2
    step = (last - first) / max(len(reading.text) - 1, 1)
    centres = tuple(middle + (place - (len(text) - 1) / 2) * step for place in range(len(text)))
    return replace(reading, text=text, centres=centres, fair=1.0)
