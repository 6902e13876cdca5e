"""What is printed on a page, whatever the file format: characters, ruled strokes and filled areas, as arrays.

All lengths are points; the origin is the top left of the page, y grows downwards. A box is left, top, right, bottom.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Characters:
    """Printed characters without white space, in the order of the file.

    `boxes` is (n, 4); `baselines` the y on which each stands; `turns` how many quarters each is turned
    counter-clockwise against the page (0 upright, 1 reads upwards, 3 reads downwards).
    """

    letters: NDArray[np.str_]
    boxes: Floats
    baselines: Floats
    turns: Ints

    def __len__(self) -> int:
        return len(self.letters)

    def take(self, which: Ints | Bools) -> Characters:
        """The characters at the given indices, or where a mask is true."""
        return Characters(self.letters[which], self.boxes[which], self.baselines[which], self.turns[which])

    @property
    def centres(self) -> Floats:
        return (self.boxes[:, :2] + self.boxes[:, 2:]) / 2

    @property
    def heights(self) -> Floats:
        return np.asarray(self.boxes[:, 3] - self.boxes[:, 1])


@dataclass(frozen=True, slots=True)
class Marks:
    """A page as its file draws it. `strokes` and `fills` are (n, 4) boxes; a stroke is thin one way."""

    width: float
    height: float
    characters: Characters
    strokes: Floats
    fills: Floats


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell of one page's table: place, spans, text (`\\n` between lines) and box; `reading` and `candidates` as in
    `GridCell`."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    box: tuple[float, float, float, float]
    reading: Literal["text", "ocr"] = "text"
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table on one page. `xs` and `ys` are its column and row edges, one more than there are columns and rows."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[TableCell, ...]

    @property
    def box(self) -> tuple[float, float, float, float]:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]


def turn_boxes(boxes: Floats, quarters: int, width: float, height: float) -> Floats:
    """Boxes of a page of the given size after it is turned clockwise by quarters."""
    left, top, right, bottom = boxes.T
    match quarters % 4:
        case 0:
            return boxes
        case 1:
            turned = (height - bottom, left, height - top, right)
        case 2:
            turned = (width - right, height - bottom, width - left, height - top)
        case _:
            turned = (top, width - right, bottom, width - left)
    return np.column_stack(turned)
