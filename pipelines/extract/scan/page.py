"""One page's picture -> its lines and tables, as a page of any format gives them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np

from pipelines.extract.marks import Bools, Characters, Floats, PageTable, turn_boxes
from pipelines.extract.page_flow import PageLayout, page_layout
from pipelines.extract.ruling import ruled_tables
from pipelines.extract.scan.cells import Piece, read_again
from pipelines.extract.scan.lines import find_lines
from pipelines.extract.scan.loose import checked
from pipelines.extract.scan.networks import Gray
from pipelines.extract.scan.paper import Paper, upright
from pipelines.extract.scan.recognise import Reading, read_pictures
from pipelines.extract.scan.rules import ink_of, ruled_strokes, without_rules
from pipelines.extract.scan.turning import is_legible, is_sideways, quarters_to_turn
from pipelines.extract.scan.words import words

TYPE_SHARE = 0.7
"""The type size as a share of the height of a line as it is found."""
GAP = 0.35
"""Letters of one piece are apart where half their distance is so much wider, in type sizes, than half a letter."""
FAIR = 0.5
"""What is read with less certainty, letter by letter, is no text: dirt, the gap between two lines, a seal."""
SMOOTH = 0.25
"""Points over which the noise of a picture is levelled before its ink is told from paper."""
INSET = 0.5
"""Points that a cell's content keeps away from the middle of its rules."""


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A page's layout in points of the upright page; `shown` puts a box onto the picture that came in."""

    layout: PageLayout
    paper: Paper
    turned: int = 0
    """Quarters clockwise by which the picture that came in was turned."""

    @property
    def reading(self) -> Literal["text", "ocr"]:
        return "ocr"

    def shown(self, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        left, top, right, bottom = self.paper.shown(box)
        if not self.turned:
            return left, top, right, bottom
        height, width = (side * self.paper.scale for side in self.paper.picture.shape)
        boxes = turn_boxes(np.array([(left, top, right, bottom)]), -self.turned, width, height)
        left, top, right, bottom = (round(float(side), 2) for side in boxes[0])
        return left, top, right, bottom


def scan_page(picture: Gray, scale: float, number: int) -> ScannedPage:
    """Reads the picture of page `number`, turned where it does not stand upright; `scale` is points a pixel.

    Cells come with `reading` "ocr"; a doubtful one with its candidates and a text that is no number. Raises
    `TooManyRulesError` for a drawing.
    """
    lines = _read_lines(picture, scale)
    quarters = _quarters_askew(lines)
    if quarters:
        lines = _read_lines(np.ascontiguousarray(np.rot90(picture, -quarters)), scale)
    return ScannedPage(_layout(lines, number), lines.paper, quarters)


@dataclass(frozen=True, slots=True)
class _Lines:
    """An upright picture, its rules in points, and the lines of text in it, with their boxes in pixels."""

    paper: Paper
    strokes: Floats
    boxes: Floats
    readings: list[Reading]


def _read_lines(picture: Gray, scale: float) -> _Lines:
    paper = upright(picture, scale)
    across, down = ruled_strokes(paper)
    boxes = find_lines(paper, across, down)
    readings = read_pictures([_part(paper.picture, box) for box in boxes.tolist()])
    return _Lines(paper, np.concatenate([across, down]), boxes, readings)


def _quarters_askew(lines: _Lines) -> int:
    """The quarters clockwise by which the picture is to be turned before it is read."""
    if is_sideways(lines.boxes):
        return quarters_to_turn(lines.paper.picture, lines.boxes, (1, 3))
    if is_legible(lines.boxes, lines.readings):
        return 0
    return quarters_to_turn(lines.paper.picture, lines.boxes, (0, 2))


def _layout(lines: _Lines, number: int) -> PageLayout:
    """The page with the cells of its tables, and the numbers outside of them, read again."""
    paper, strokes, boxes, scale = lines.paper, lines.strokes, lines.boxes, lines.paper.scale
    characters, sure = _characters(boxes * scale, lines.readings)
    tables, owners = ruled_tables(strokes, characters)
    clean = without_rules(paper, strokes)
    smooth = cv2.GaussianBlur(clean, (0, 0), SMOOTH / scale)
    ink = ink_of(replace(paper, picture=np.asarray(smooth, dtype=np.uint8)))
    size = _type_size(boxes)
    read = [_read_table(t, characters, owners == i, sure, clean, ink, scale, size) for i, t in enumerate(tables)]
    boxes, readings = words(boxes, lines.readings, ink, TYPE_SHARE)
    readings = checked(boxes, readings, _outside(boxes * scale, read), clean, ink, TYPE_SHARE)
    characters, _ = _characters(boxes * scale, readings, apart=False)
    _, owners = ruled_tables(strokes, characters)
    height, width = (side * scale for side in paper.picture.shape)
    return page_layout(number, (width, height), characters, read, owners)


def _part(picture: Gray, box: list[float]) -> Gray:
    left, top, right, bottom = box
    return picture[max(int(top), 0) : int(np.ceil(bottom)), max(int(left), 0) : int(np.ceil(right))]


def _outside(boxes: Floats, tables: list[PageTable]) -> Bools:
    """Whether the middle of each box, in points, lies in no table."""
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    inside = np.zeros(len(boxes), dtype=bool)
    for left, top, right, bottom in (table.box for table in tables):
        inside |= (centres > (left, top)).all(axis=1) & (centres < (right, bottom)).all(axis=1)
    return ~inside


def _characters(boxes: Floats, readings: list[Reading], apart: bool = True) -> tuple[Characters, Floats]:
    """The letters of all readings at their places in points, and how sure each letter's reading is. Letters of one
    reading may stand `apart`."""
    letters: list[str] = []
    places: list[tuple[float, float, float, float]] = []
    sure: list[float] = []
    for (left, top, right, bottom), reading in zip(boxes.tolist(), readings, strict=True):
        if reading.fair < FAIR:
            continue
        margin = (bottom - top) * (1 - TYPE_SHARE) / 2
        size = (bottom - top) * TYPE_SHARE
        centres = [left + centre * (right - left) for centre in reading.centres]
        for i, (letter, centre) in enumerate(zip(reading.text, centres, strict=True)):
            half = size * (0.5 if unicodedata.east_asian_width(letter) in "WF" else 0.27)
            before = (centre - centres[i - 1]) / 2 if i else half
            behind = (centres[i + 1] - centre) / 2 if i + 1 < len(centres) else half
            letters.append(letter)
            most = half + GAP * size if apart else np.inf
            begin = centre - (before if before < most else half)
            end = centre + (behind if behind < most else half)
            places.append((begin, top + margin, end, bottom - margin))
            sure.append(reading.sure)
    found = np.array(places, dtype=np.float64).reshape(-1, 4)
    turns = np.zeros(len(letters), dtype=np.int64)
    return Characters(np.array(letters, dtype=np.str_), found, found[:, 3].copy(), turns), np.array(sure)


def _type_size(boxes: Floats) -> float:
    """Pixels; of most lines."""
    return float(np.median(boxes[:, 3] - boxes[:, 1])) * TYPE_SHARE if len(boxes) else 20.0


def _read_table(
    table: PageTable,
    characters: Characters,
    inside: Bools,
    sure: Floats,
    clean: Gray,
    ink: Gray,
    scale: float,
    size: float,
) -> PageTable:
    """The table with each cell read on its own."""
    centres = characters.centres
    heights = characters.heights[inside]
    size = float(np.median(heights)) / scale if len(heights) else size
    pieces = []
    for cell in table.cells:
        left, top, right, bottom = cell.box
        here = inside & (centres[:, 0] > left) & (centres[:, 0] < right)
        here &= (centres[:, 1] > top) & (centres[:, 1] < bottom)
        edges = (np.array([left + INSET, top + INSET, right - INSET, bottom - INSET]) / scale).round().astype(int)
        x0, y0, x1, y1 = (int(v) for v in np.maximum(edges, 0))
        x1, y1 = max(x1, x0 + 1), max(y1, y0 + 1)
        least = float(sure[here].min()) if here.any() else 0.0
        pieces.append(Piece(cell, clean[y0:y1, x0:x1], ink[y0:y1, x0:x1], size, least))
    return replace(table, cells=tuple(read_again(pieces)))
