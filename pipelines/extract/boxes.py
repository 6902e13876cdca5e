"""Tables drawn by style alone: rows of boxes with widths (flex), and boxes that flow into columns (grid)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.extract.flow import Flow
from pipelines.extract.html_style import Declarations, length
from pipelines.extract.limits import GRID_COLUMNS, GRID_SLOTS, grid_too_large
from pipelines.extract.spans import Layout, Placed

_SAME_EDGE = 0.004
_NEARLY_FULL = 0.95
_REPEAT = re.compile(r"repeat\(\s*(\d{1,4})\s*,([^)]*(?:\([^)]*\))?[^)]*)\)")
_SPAN = re.compile(r"span\s+(\d{1,4})")
_LINES = re.compile(r"(-?\d{1,4})\s*/\s*(-?\d{1,4})")


@dataclass(frozen=True, slots=True)
class Box:
    """One box of a row. `width` is what its style says: a share of the row (`%`), a length (`px`), or how it grows;
    `inner` are rows of boxes that fill it, in place of its content."""

    content: Flow
    width: tuple[str, float] | None = None
    inner: tuple[tuple[Box, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class _Leaf:
    content: Flow
    top: int
    bottom: int
    left: float
    right: float


def width_of(style: Declarations) -> tuple[str, float] | None:
    """What a style says of a box's width in its row; None where its content decides."""
    flex = style.get("flex", "").split()
    for stated in (style.get("flex-basis"), flex[-1] if flex else None, style.get("width")):
        if stated and stated.endswith("%"):
            return "%", length(stated) / 100
        if stated and stated.endswith(("px", "pt", "em", "cm", "mm")):
            return stated[-2:], length(stated)
    if flex and flex[0].replace(".", "", 1).isdigit():
        return "grow", float(flex[0])
    return None


def layout_of_rows(rows: Sequence[Sequence[Box]]) -> Layout[Flow]:
    """The cells of rows of boxes: edges that stand above each other are one column line, and a box beside a stack of
    rows spans them all."""
    leaves = list(_leaves(rows, 0, _height(rows), 0.0, 1.0))
    edges = _distinct(edge for leaf in leaves for edge in (leaf.left, leaf.right))
    cells = []
    for leaf in leaves:
        column = _nearest(edges, leaf.left)
        span = max(_nearest(edges, leaf.right) - column, 1)
        cells.append(Placed(leaf.content, leaf.top, column, leaf.bottom - leaf.top, span))
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return Layout(tuple(cells), _height(rows), max(len(edges) - 1, 1))


def layout_of_grid(cells: Sequence[tuple[Flow, int, int]], columns: int) -> Layout[Flow]:
    """Cells (content, row span, column span) that flow into `columns`, row by row, each at the next place it fits."""
    taken: set[tuple[int, int]] = set()
    placed: list[Placed[Flow]] = []
    row = column = bottom = 0
    for content, height, width in cells:
        width = min(max(width, 1), columns)
        height = max(height, 1)
        while column + width > columns or any((row, column + n) in taken for n in range(width)):
            column += 1
            if column + width > columns:
                row, column = row + 1, 0
        if len(taken) + height * width > GRID_SLOTS:
            raise grid_too_large()
        taken.update((row + down, column + across) for down in range(height) for across in range(width))
        placed.append(Placed(content, row, column, height, width))
        bottom = max(bottom, row + height)
        column += width
    return Layout(tuple(placed), bottom, columns)


def grid_columns(style: Declarations) -> int:
    """How many columns a grid's style names; 0 where it names none that can be counted."""
    template = style.get("grid-template-columns", "")
    repeated = sum(int(count) * max(len(tracks.split()), 1) for count, tracks in _REPEAT.findall(template))
    rest = re.sub(r"\([^()]*\)", "()", _REPEAT.sub(" ", template)).split()
    return min(repeated + sum(1 for track in rest if track != "none"), GRID_COLUMNS)


def grid_span(style: Declarations, name: str, columns: int) -> int:
    """How many tracks `grid-column` or `grid-row` covers."""
    stated = style.get(name, "")
    if found := _SPAN.search(stated):
        return int(found.group(1))
    if found := _LINES.search(stated):
        start, end = int(found.group(1)), int(found.group(2))
        end = columns + 2 + end if end < 0 else end
        return max(end - start, 1)
    return 1


def _height(rows: Sequence[Sequence[Box]]) -> int:
    return sum(_row_height(row) for row in rows)


def _row_height(row: Sequence[Box]) -> int:
    return max((_height(box.inner) for box in row if box.inner), default=1)


def _leaves(rows: Sequence[Sequence[Box]], top: int, bottom: int, left: float, right: float) -> Iterator[_Leaf]:
    widths = _widths(rows)
    for number, row in enumerate(rows):
        last = number == len(rows) - 1
        below = bottom if last else top + _row_height(row)
        start = left
        for box, share in zip(row, widths[number], strict=True):
            end = start + share * (right - left)
            if box.inner:
                yield from _leaves(box.inner, top, below, start, end)
            else:
                yield _Leaf(box.content, top, below, start, end)
            start = end
        top = below


def _widths(rows: Sequence[Sequence[Box]]) -> list[list[float]]:
    """Each box's share of the whole width. Lengths are measured by the longest row that only has such."""
    lengths = [sum(box.width[1] for box in row if box.width) for row in rows if row and _unit(row) is not None]
    longest = max(lengths, default=0.0)
    return [_shares(row, longest) for row in rows]


def _unit(row: Sequence[Box]) -> str | None:
    units = {box.width[0] if box.width else "" for box in row}
    unit = units.pop()
    return unit if not units and unit not in ("", "%", "grow") else None


def _shares(row: Sequence[Box], longest: float) -> list[float]:
    if row and longest > 0 and _unit(row) is not None:
        shares = [box.width[1] / longest for box in row if box.width]
    else:
        fixed = [box.width[1] if box.width and box.width[0] == "%" else None for box in row]
        grows = [box.width[1] if box.width and box.width[0] == "grow" else 1.0 for box in row]
        rest = max(1 - sum(share for share in fixed if share is not None), 0.0)
        growing = sum(grow for grow, share in zip(grows, fixed, strict=True) if share is None)
        shares = [
            share if share is not None else rest * grow / growing if growing else 0.0
            for share, grow in zip(fixed, grows, strict=True)
        ]
    total = sum(shares)
    return [share / total for share in shares] if total > _NEARLY_FULL else shares


def _distinct(edges: Iterator[float]) -> list[float]:
    found: list[float] = []
    for edge in sorted(edges):
        if not found or edge - found[-1] > _SAME_EDGE:
            found.append(edge)
    return found


def _nearest(edges: Sequence[float], edge: float) -> int:
    return min(range(len(edges)), key=lambda n: abs(edges[n] - edge))
