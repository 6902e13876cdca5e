"""Tables from ruled strokes: the one grid builder for everything that is drawn with lines.

In: strokes (boxes thin one way) and characters of a page, in points. Out: `PageTable`s, whose cells are what no rule
parts. Knows no file format; a scan's strokes do as well as a PDF's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from pipelines.extract.broken_numbers import with_whole_numbers
from pipelines.extract.lines import cell_text
from pipelines.extract.marks import Bools, Characters, Floats, Ints, PageTable, TableCell

TOUCH = 3.0
"""Rules nearer than this are one rule, or meet: double borders, rounding, cells with a little space between."""
DASH = 4.0
"""Pieces of one dashed or dotted rule lie no farther apart."""
SHORTEST = 5.0
"""A rule is at least as long, and a row or column without text at least as wide."""
SLACK = 1.5
"""By how much a letter may be larger than the row that it fills: boxes hold the room above and below it."""
APART = 0.03
"""By how much of their height digits at a rule stand farther apart than others, where they are two numbers."""
COVERED = 0.6
"""The share of a cell's side that must be ruled."""
MOST_RULES = 3000
MOST_ELEMENTS = 40_000

_DIGITS = re.compile(r"[0-9０-９.,，．+\-%]")


class TooManyRulesError(Exception):
    """The page has more strokes than a table has: a drawing or a map."""


def ruled_tables(strokes: Floats, characters: Characters) -> tuple[list[PageTable], Ints]:
    """Tables from top to bottom, and for each character the table that holds it, or -1.

    A table of a single cell is given too: it may be a piece of a table that a page break cut, or just a frame.
    Where one table lies in a cell of another, characters belong to the inner one.
    """
    inside = np.full(len(characters), -1, dtype=np.int64)
    across = _rules(strokes, along=0)
    down = _rules(strokes, along=1)
    if len(across) > MOST_RULES or len(down) > MOST_RULES:
        raise TooManyRulesError
    meshes = [mesh for mesh in map(_mesh, _connected(across, down)) if mesh is not None]
    meshes.sort(key=lambda mesh: _area(mesh[0], mesh[1]))
    centres = characters.centres
    members: list[Ints] = []
    for number, (xs, ys, _, _) in enumerate(meshes):
        here = (inside < 0) & (centres[:, 0] > xs[0]) & (centres[:, 0] < xs[-1])
        here &= (centres[:, 1] > ys[0]) & (centres[:, 1] < ys[-1])
        inside[here] = number
        members.append(np.flatnonzero(here))
    built = [_table(*mesh, characters.take(which)) for mesh, which in zip(meshes, members, strict=True)]
    order = sorted(range(len(built)), key=lambda i: (built[i].box[1], built[i].box[0]))
    for place, number in enumerate(order):
        inside[members[number]] = place
    return [built[number] for number in order], inside


Mesh = tuple[Floats, Floats, Floats, Floats]
Rule = tuple[float, float, float]
"""Position across, from, to."""


def _area(xs: Floats, ys: Floats) -> float:
    return float((xs[-1] - xs[0]) * (ys[-1] - ys[0]))


def _rules(strokes: Floats, along: int) -> Floats:
    """Strokes that run along an axis, pieces joined: rows of (position across, from, to)."""
    across = 1 - along
    length = strokes[:, along + 2] - strokes[:, along]
    breadth = strokes[:, across + 2] - strokes[:, across]
    which = (length >= breadth) | (np.maximum(length, breadth) <= DASH)
    chosen = strokes[which]
    middle = (chosen[:, across] + chosen[:, across + 2]) / 2
    pieces = sorted(zip(middle.tolist(), chosen[:, along].tolist(), chosen[:, along + 2].tolist(), strict=True))
    rules: list[Rule] = []
    for level in _levels(pieces):
        rules.extend(_joined(level))
    return np.array(rules, dtype=np.float64).reshape(-1, 3)


def _levels(pieces: list[Rule]) -> Iterator[list[Rule]]:
    """Pieces, sorted, parted where one lies farther than TOUCH from the first of its level."""
    start = 0
    for i in range(1, len(pieces) + 1):
        if i == len(pieces) or pieces[i][0] - pieces[start][0] > TOUCH:
            yield pieces[start:i]
            start = i


def _joined(level: list[Rule]) -> Iterator[Rule]:
    """The rules that the pieces of one level make."""
    weights = [max(end - begin, 0.1) for _, begin, end in level]
    position = sum(piece[0] * weight for piece, weight in zip(level, weights, strict=True)) / sum(weights)
    spans = sorted((begin, end) for _, begin, end in level)
    first, reach = spans[0]
    for begin, end in [*spans[1:], (math.inf, math.inf)]:
        if begin <= reach + DASH:
            reach = max(reach, end)
            continue
        if reach - first >= SHORTEST:
            yield position, first, reach
        first, reach = begin, end


def _connected(across: Floats, down: Floats) -> list[tuple[Floats, Floats]]:
    """Sets of rules that meet one another. Underlines and stray strokes, which hold nothing apart, are left out."""
    while len(across) and len(down):
        meets, through_across, through_down = _meetings(across, down)
        keep_across = (meets.sum(axis=1) >= 2) | through_across.any(axis=1)
        keep_down = (meets.sum(axis=0) >= 2) | through_down.any(axis=0)
        if keep_across.all() and keep_down.all():
            return _components(across, down, meets)
        across, down = across[keep_across], down[keep_down]
    return []


def _meetings(across: Floats, down: Floats) -> tuple[Bools, Bools, Bools]:
    y, left, right = (column[:, None] for column in across.T)
    x, top, bottom = (column[None, :] for column in down.T)
    meets: Bools = (left - TOUCH <= x) & (x <= right + TOUCH) & (top - TOUCH <= y) & (y <= bottom + TOUCH)
    inner_across: Bools = meets & (left + SHORTEST < x) & (x < right - SHORTEST)
    inner_down: Bools = meets & (top + SHORTEST < y) & (y < bottom - SHORTEST)
    return meets, inner_across, inner_down


def _components(across: Floats, down: Floats, meets: Bools) -> list[tuple[Floats, Floats]]:
    left = np.ones(len(across), dtype=bool)
    found: list[tuple[Floats, Floats]] = []
    for start in range(len(across)):
        if not left[start]:
            continue
        rows: Bools = np.zeros(len(across), dtype=bool)
        rows[start] = True
        while True:
            columns: Bools = np.asarray(meets[rows].any(axis=0))
            wider: Bools = np.asarray(rows | meets[:, columns].any(axis=1))
            if (wider == rows).all():
                break
            rows = wider
        left &= ~rows
        found.append((across[rows], down[columns]))
    return found


def _mesh(rules: tuple[Floats, Floats]) -> Mesh | None:
    """Edges of columns and rows, with the rules; open sides are closed where the rules of the other way end."""
    across, down = rules
    xs = _edges(down[:, 0], float(across[:, 1].min()), float(across[:, 2].max()))
    ys = _edges(across[:, 0], float(down[:, 1].min()), float(down[:, 2].max()))
    if len(xs) < 2 or len(ys) < 2 or len(xs) * len(ys) > MOST_ELEMENTS:
        return None
    return xs, ys, across, down


def _edges(positions: Floats, first: float, last: float) -> Floats:
    levels = _levels([(position, 0.0, 0.0) for position in sorted(positions.tolist())])
    edges = [sum(rule[0] for rule in level) / len(level) for level in levels]
    if first < edges[0] - SHORTEST:
        edges.insert(0, first)
    if last > edges[-1] + SHORTEST:
        edges.append(last)
    return np.array(edges)


def _table(xs: Floats, ys: Floats, across: Floats, down: Floats, characters: Characters) -> PageTable:
    extents = np.maximum(characters.heights, characters.boxes[:, 2] - characters.boxes[:, 0])
    xs = _without_slivers(xs, characters.centres[:, 0], extents)
    ys = _without_slivers(ys, characters.centres[:, 1], extents)
    owners, spans = _merged(_ruled(down, xs, ys), _ruled(across, ys, xs))
    column = np.clip(np.searchsorted(xs, characters.centres[:, 0]) - 1, 0, len(xs) - 2)
    row = np.clip(np.searchsorted(ys, characters.centres[:, 1]) - 1, 0, len(ys) - 2)
    owner = _whole_numbers(owners[row, column], characters)
    texts = cell_text(characters, owner, len(spans))
    across_at, down_at = xs.tolist(), ys.tolist()
    cells = [
        TableCell(
            top, left, height, width, text,
            (across_at[left], down_at[top], across_at[left + width], down_at[top + height]),
        )
        for (top, left, height, width), text in zip(spans, texts, strict=True)
    ]  # fmt: skip
    cells = with_whole_numbers(cells, owner, characters)
    return PageTable(tuple(across_at), *_without_idle_rows(down_at, cells))


def _without_idle_rows(ys: list[float], cells: list[TableCell]) -> tuple[tuple[float, ...], tuple[TableCell, ...]]:
    """Edges and cells without rows in which only empty cells begin while most cells go on: a browser ends a cell that a
    page break cuts above the row that it ends in."""
    crossed: dict[int, int] = {}
    begun: dict[int, list[TableCell]] = {}
    for cell in cells:
        begun.setdefault(cell.row, []).append(cell)
        for row in range(cell.row + 1, cell.row + cell.row_span):
            crossed[row] = crossed.get(row, 0) + cell.column_span
    idle = [
        row
        for row, breadth in crossed.items()
        if row in begun
        and all(not cell.text and cell.row_span == 1 for cell in begun[row])
        and breadth > sum(cell.column_span for cell in begun[row])
    ]
    if not idle:
        return tuple(ys), tuple(cells)
    kept = []
    for cell in cells:
        if cell.row not in idle:
            above = sum(row <= cell.row for row in idle)
            within = sum(cell.row < row < cell.row + cell.row_span for row in idle)
            kept.append(replace(cell, row=cell.row - above, row_span=cell.row_span - within))
    return tuple(y for row, y in enumerate(ys) if row not in idle), tuple(kept)


def _without_slivers(edges: Floats, centres: Floats, extents: Floats) -> Floats:
    """Bands too narrow for text are space between cells, unless letters as small as that stand there: their two edges
    become one."""
    kept = edges.tolist()
    i = 0
    while i < len(kept) - 1 and len(kept) > 2:
        breadth = kept[i + 1] - kept[i]
        if breadth >= SHORTEST:
            i += 1
            continue
        here = (centres > kept[i]) & (centres < kept[i + 1]) & (extents < breadth + SLACK)
        if not here.any():
            del kept[i + 1 if i == 0 else i]
        else:
            i += 1
    return np.array(kept)


def _ruled(rules: Floats, edges: Floats, bands: Floats) -> Bools:
    """For each edge and each band that it passes, whether a rule stands there. The outermost edges always do."""
    ruled: Bools = np.zeros((len(edges), len(bands) - 1), dtype=bool)
    nearest = np.abs(rules[:, 0][:, None] - edges[None, :]).argmin(axis=1)
    overlap = np.minimum(rules[:, 2][:, None], bands[None, 1:]) - np.maximum(rules[:, 1][:, None], bands[None, :-1])
    np.logical_or.at(ruled, nearest, overlap >= COVERED * np.diff(bands)[None, :])
    ruled[0] = ruled[-1] = True
    return ruled


def _merged(down: Bools, across: Bools) -> tuple[Ints, list[tuple[int, int, int, int]]]:
    """Elementary cells with no rule between them, merged: which merged cell holds each, and the merged cells' row,
    column, row span and column span. A region that is no rectangle falls into rectangles."""
    rows, columns = down.shape[1], across.shape[1]
    region = [[-1] * columns for _ in range(rows)]
    spans: list[tuple[int, int, int, int]] = []
    walls_down, walls_across = down.tolist(), across.tolist()
    walled = (down[:-1].T & down[1:].T & across[:-1] & across[1:]).tolist()
    for row in range(rows):
        for column in range(columns):
            if region[row][column] >= 0:
                continue
            if walled[row][column]:
                region[row][column] = len(spans)
                spans.append((row, column, 1, 1))
                continue
            members = _reach(row, column, walls_down, walls_across)
            for top, left, height, width in _rectangles(members):
                for r in range(top, top + height):
                    region[r][left : left + width] = [len(spans)] * width
                spans.append((top, left, height, width))
    order = sorted(range(len(spans)), key=lambda i: spans[i])
    renumber = np.empty(len(spans), dtype=np.int64)
    renumber[order] = np.arange(len(spans))
    return renumber[np.array(region)], [spans[i] for i in order]


def _reach(row: int, column: int, down: list[list[bool]], across: list[list[bool]]) -> set[tuple[int, int]]:
    seen = {(row, column)}
    waiting = [(row, column)]
    while waiting:
        r, c = waiting.pop()
        walls = down[c][r], down[c + 1][r], across[r][c], across[r + 1][c]
        for place, wall in zip(((r, c - 1), (r, c + 1), (r - 1, c), (r + 1, c)), walls, strict=True):
            if not wall and place not in seen:
                seen.add(place)
                waiting.append(place)
    return seen


def _rectangles(members: set[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    if len(members) == 1:
        ((row, column),) = members
        return [(row, column, 1, 1)]
    rows, columns = [m[0] for m in members], [m[1] for m in members]
    top, left, height, width = min(rows), min(columns), max(rows) - min(rows) + 1, max(columns) - min(columns) + 1
    if height * width == len(members):
        return [(top, left, height, width)]
    found: list[tuple[int, int, int, int]] = []
    for row in range(top, top + height):
        taken = sorted(c for r, c in members if r == row)
        start = 0
        for i in range(1, len(taken) + 1):
            if i < len(taken) and taken[i] == taken[i - 1] + 1:
                continue
            first, span = taken[start], i - start
            above = next((f for f in found if f[1] == first and f[3] == span and f[0] + f[2] == row), None)
            if above is not None:
                found.remove(above)
                found.append((above[0], first, above[2] + 1, span))
            else:
                found.append((row, first, 1, span))
            start = i
    return found


def _whole_numbers(owner: Ints, characters: Characters) -> Ints:
    """A number too wide for its cell that runs over a rule is kept whole, in the cell of its middle. Two numbers that
    nearly meet at a rule stand farther apart than the digits of one."""
    boxes = characters.boxes
    gaps = boxes[1:, 0] - boxes[:-1, 2]
    sizes = characters.heights[:-1]
    level = np.abs(np.diff(characters.baselines)) < 0.05 * sizes
    near = (np.abs(gaps) < 0.2 * sizes) & level
    crossing = np.flatnonzero(near & (np.diff(owner) != 0))
    owner = owner.copy()

    def runs_on(i: int) -> bool:
        pair = characters.letters[i : i + 2].tolist()
        return bool(near[i]) and all(map(_DIGITS.match, pair))

    for place in crossing.tolist():
        if not runs_on(place):
            continue
        first, last = place, place + 1
        while first > 0 and runs_on(first - 1):
            first -= 1
        while last + 1 < len(characters) and runs_on(last):
            last += 1
        within = [i for i in range(first, last) if owner[i] == owner[i + 1]]
        usual = float(np.median(gaps[within])) if within else 0.0
        if gaps[place] > usual + APART * sizes[place]:
            continue
        middle = (boxes[first, 0] + boxes[last, 2]) / 2
        centres = (boxes[first : last + 1, 0] + boxes[first : last + 1, 2]) / 2
        owner[first : last + 1] = owner[first + int(np.abs(centres - middle).argmin())]
    return owner
