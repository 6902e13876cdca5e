"""The text that someone's recognition put unseen behind a picture, beside what was read in the picture itself.

The picture is trusted; what the hidden text says instead is a candidate of its cell, and told.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pipelines.extract.marks import TableCell, turn_boxes
from pipelines.extract.printed_page import PrintedPage
from pipelines.model import Issue

if TYPE_CHECKING:
    from pipelines.extract.scan.page import ScannedPage

SHOWN = 3
"""Differences that an issue tells."""

_NUMBER = re.compile(r"[+\-]?[0-9][0-9.,]*")


def compared(scanned: ScannedPage, page: PrintedPage, where: str) -> list[Issue]:
    """Adds the numbers of the hidden text of `page` that differ from those in the picture to the candidates of their
    cells; gives an issue `hidden_text_differs` where there are such."""
    characters = page.marks.characters
    boxes = turn_boxes(characters.boxes, page.turn, page.marks.width, page.marks.height)
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    differing: list[str] = []
    for number, table in enumerate(scanned.layout.tables):
        cells: list[TableCell] = []
        for cell in table.cells:
            left, top, right, bottom = scanned.shown(cell.box)
            here = ((centres > (left, top)) & (centres < (right, bottom))).all(axis=1)
            hidden = "".join(characters.letters[i] for i in np.flatnonzero(here))
            seen = "".join(cell.text.split())
            if _NUMBER.fullmatch(seen) and _NUMBER.fullmatch(hidden) and seen != hidden:
                differing.append(f"{seen} (behind it {hidden})")
                cell = replace(cell, candidates=tuple(dict.fromkeys((*cell.candidates, hidden))))
            cells.append(cell)
        scanned.layout.tables[number] = replace(table, cells=tuple(cells))
    if not differing:
        return []
    told = ", ".join(differing[:SHOWN]) + (" ..." if len(differing) > SHOWN else "")
    message = f"{len(differing)} numbers differ from the unseen text behind the picture: {told}; the picture was taken."
    return [Issue("hidden_text_differs", message, where)]
