"""Cells of a report as marks on what they were read from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipelines.model import Block, Box, Cell, Document, Grid, GridCell, Paragraph, Place

COLOURS: Mapping[str, str] = {
    "reported": "#0a8f3c",
    "blank": "#7a7a7a",
    "not_applicable": "#1f6fd0",
    "unreadable": "#d01f1f",
    "ambiguous": "#e07b00",
    "missing": "#8a2be2",
}
"""Of a status, as CSS and Pillow write it."""
LINES_AROUND = 12
_WORST = ("unreadable", "ambiguous", "missing", "blank", "not_applicable", "reported")


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the document and the cells that were read from it; `anchor` is its grid's top left cell there, for
    places in grids. `chosen` is the one that was asked for."""

    place: Place
    cells: tuple[Cell, ...]
    anchor: tuple[int, int] | None = None
    box: Box | None = None
    page: int | None = None
    chosen: bool = False

    @property
    def status(self) -> str:
        """The most doubtful one of its cells."""
        return min((cell.status for cell in self.cells), key=_WORST.index)

    @property
    def words(self) -> str:
        return "; ".join(map(told, self.cells))


def told(cell: Cell) -> str:
    """A cell in a line: its name, its value or status, what stands there."""
    value = f"{cell.value:f}" if cell.value is not None else cell.status
    unit = f" {cell.unit}" if cell.unit else ""
    ocr = ", recognised in a picture" if cell.reading == "ocr" else ""
    return f"{cell.table} {cell.row} {cell.column} = {value}{unit} ({cell.status}{ocr})"


def marks_of(document: Document, cells: Iterable[Cell], chosen: Cell | None = None) -> list[Mark]:
    """One mark for each place that cells name; cells without a place have none."""
    grids = {block.index: _owners(block) for block in document.blocks if isinstance(block, Grid)}
    found: dict[tuple[str, int, int, int], tuple[Place, list[Cell]]] = {}
    for cell in cells:
        if cell.place is not None:
            at = cell.place
            found.setdefault((at.kind, at.block, at.row, at.column), (at, []))[1].append(cell)
    marks = []
    for place, group in found.values():
        owner = grids.get(place.block, {}).get((place.row, place.column)) if place.kind == "grid" else None
        marks.append(
            Mark(
                place,
                tuple(group),
                (owner.row, owner.column) if owner else None,
                place.box or (owner.box if owner else None),
                place.page or (owner.page if owner else None),
                chosen in group,
            )
        )
    return marks


def _owners(grid: Grid) -> dict[tuple[int, int], GridCell]:
    return {(cell.row, cell.column): cell for cell in grid.cells}


def blocks_around(document: Document, marks: Iterable[Mark]) -> list[Block]:
    """The grids on which marks stand, and the lines with those around them, in reading order."""
    kinds = {(mark.place.kind, mark.place.block) for mark in marks}
    marked = [
        at
        for at, block in enumerate(document.blocks)
        if ("grid" if isinstance(block, Grid) else "text", block.index) in kinds
    ]
    shown = set(marked)
    for at in marked:
        if isinstance(document.blocks[at], Paragraph):
            near = range(max(at - LINES_AROUND, 0), min(at + LINES_AROUND + 1, len(document.blocks)))
            shown.update(other for other in near if isinstance(document.blocks[other], Paragraph))
    return [document.blocks[at] for at in sorted(shown)]
