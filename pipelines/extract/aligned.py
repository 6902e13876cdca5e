"""Tables that no rule draws, whose columns are only aligned: by word positions.

In: a document's lines outside ruled tables, in reading order over the pages. Out: the same lines with those of a table
replaced by it. Rows hang on the lines that end in values (words without letters, or a number and its unit); columns are
the bands of x that these values share, so that a blank cell shifts nothing; label lines without values belong to the row
whose label they touch, wherever its values stand. Where that is not certain the lines are given back as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from pipelines.extract.aligned_spans import spans_by_middle
from pipelines.extract.lines import Line
from pipelines.extract.marks import TableCell

Box = tuple[float, float, float, float]
Interval = tuple[float, float]

_VALUE = re.compile(r"^(?:[-+−＋－±]?\d+(?:[.,，．]\d+)*[%％]?\w{0,2}|[-—–－/／\\*]{1,3})$")
_NUMBER = re.compile(r"\d")
SAME_ROW = 0.4
"""Baselines nearer than this share of the height are one row's."""
REACH = 9.0
"""A table's next row of values is no farther than this many heights."""


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line with its page and with `y`, its baseline counted on over the pages."""

    page: int
    line: Line
    y: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, or words of one cell, on one line."""

    page: int
    y: float
    height: float
    left: float
    right: float
    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class AlignedTable:
    """A table by word positions. Cells keep the pages that they stand on."""

    first_page: int
    last_page: int
    column_count: int
    row_count: int
    cells: tuple[tuple[int, TableCell], ...]

    def placed(self) -> tuple[int, list[tuple[int, TableCell]]]:
        """The number of rows, and each cell with its page."""
        return self.row_count, list(self.cells)


class UncertainError(Exception):
    """The words do not say which cell they belong to."""


def with_aligned_tables(lines: Sequence[tuple[int, Line]]) -> list[tuple[int, Line | AlignedTable]]:
    """Lines (with their pages) and the tables found among them, in order."""
    placed = _placed(lines)
    found: list[tuple[int, Line | AlignedTable]] = []
    done = 0
    for start, end in _segments(placed):
        try:
            table = _table(placed[start:end])
        except UncertainError:
            continue
        found.extend(lines[done:start])
        found.append((table.first_page, table))
        done = end
    found.extend(lines[done:])
    return found


def _placed(lines: Sequence[tuple[int, Line]]) -> list[PlacedLine]:
    placed: list[PlacedLine] = []
    shift = 0.0
    for page, line in lines:
        if placed and page != placed[-1].page:
            shift = placed[-1].y + 1.7 * line.height - line.baseline
        placed.append(PlacedLine(page, line, line.baseline + shift))
    return placed


def _values(line: Line) -> list[int]:
    """Indices of the values that end the line: apart from each other and from what stands before them."""
    found: list[int] = []
    words = line.words
    for i in range(len(words) - 1, -1, -1):
        if not _VALUE.match(words[i].text):
            break
        found.append(i)
    while found:
        first = found[-1]
        if first == 0 or words[first].left - words[first - 1].right >= 0.8 * line.height:
            break
        found.pop()
    found.reverse()
    gaps = [words[b].left - words[a].right for a, b in pairwise(found)]
    return found if all(gap >= 0.6 * line.height for gap in gaps) else []


def _segments(placed: list[PlacedLine]) -> list[tuple[int, int]]:
    """Runs of lines that may be tables: header, rows and what stands between them."""
    values = [_values(p.line) for p in placed]
    widest = max((p.line.box[2] - p.line.box[0] for p in placed), default=0.0)
    anchors = [i for i, found in enumerate(values) if len(found) >= 2 or (found and found[0] > 0)]
    runs: list[list[int]] = []
    for i in anchors:
        if runs and _holds_together(placed, runs[-1][-1], i, widest):
            runs[-1].append(i)
        else:
            runs.append([i])
    segments: list[tuple[int, int]] = []
    for run in runs:
        counted = sum(len(values[i]) for i in run)
        if not (len(run) >= 2 and counted >= 4) and not (len(values[run[0]]) >= 4):
            continue
        if not any(_NUMBER.search(placed[i].line.words[w].text) for i in run for w in values[i]):
            continue
        floor = segments[-1][1] if segments else 0
        first = _header_start(placed, run[0], floor, widest, values)
        segments.append((first, _tail_end(placed, run[-1], widest)))
    return segments


def _is_prose(line: Line, widest: float) -> bool:
    return len(line.fields) == 1 and line.box[2] - line.box[0] > 0.62 * widest


def _is_heading(placed: list[PlacedLine], i: int, height: float) -> bool:
    return placed[i].line.height > 1.15 * height


def _holds_together(placed: list[PlacedLine], before: int, after: int, widest: float) -> bool:
    height = placed[before].line.height
    steps = [b.y - a.y for a, b in pairwise(placed[before : after + 1])]
    if placed[after].y - placed[before].y > REACH * height or max(steps) > 4.5 * height:
        return False
    between = range(before + 1, after)
    if any(_is_prose(placed[i].line, widest) or _is_heading(placed, i, height) for i in between):
        return False
    return placed[after].line.height < 1.3 * height and placed[after].line.height > height / 1.3


def _header_start(placed: list[PlacedLine], anchor: int, floor: int, widest: float, values: list[list[int]]) -> int:
    """The first line of the header above the first row of values: lines above it whose words stand over its values."""
    height = placed[anchor].line.height
    over = min(placed[anchor].line.words[w].left for w in values[anchor]) - height
    start = i = anchor
    while i > floor:
        i -= 1
        line = placed[i].line
        if placed[i + 1].y - placed[i].y > 4.5 * height or _is_prose(line, widest) or _is_heading(placed, i, height):
            break
        if any(word.centre > over for word in line.words) and line.words[-1].left > placed[anchor].line.box[0] + height:
            start = i
        elif placed[anchor].y - placed[i].y < 1.3 * height * (anchor - i):
            continue
        elif anchor - i > 8:
            break
    # a label wrapped above its own values belongs to the row
    while start > floor and _touches(placed, start - 1, start, widest):
        start -= 1
    return start


def _touches(placed: list[PlacedLine], above: int, below: int, widest: float) -> bool:
    a, b = placed[above], placed[below]
    same_size = abs(a.line.height - b.line.height) < 0.15 * b.line.height
    return same_size and b.y - a.y < 0.8 * b.line.height and not _is_prose(a.line, widest)


def _tail_end(placed: list[PlacedLine], anchor: int, widest: float) -> int:
    """One past the last line that wraps the last row's label."""
    end = anchor + 1
    height = placed[anchor].line.height
    while end < len(placed) and placed[end].page == placed[anchor].page:
        line = placed[end].line
        close = placed[end].y - placed[end - 1].y < 1.12 * height
        if not close or _is_heading(placed, end, height) or _is_prose(line, widest):
            break
        if line.height < 0.85 * height:
            break
        end += 1
    return end


def _table(lines: Sequence[PlacedLine]) -> AlignedTable:
    values = [_values(p.line) for p in lines]
    bands = _bands((p.line.words[w].left, p.line.words[w].right) for p, v in zip(lines, values, strict=True) for w in v)
    edge = bands[0][0]
    body, rest = _value_rows(lines, values, edge)
    heads: list[Piece] = []
    labels: list[Piece] = []
    for piece in rest:
        (heads if piece.right > edge + 0.1 * piece.height else labels).append(piece)
    row_ys = [y for y, _ in body]
    inner_ys = {piece.y for piece in heads}
    side_heads = [p for p in labels if any(abs(p.y - y) < SAME_ROW * p.height for y in inner_ys)]
    top = min(row_ys)
    above = [p for p in labels if p not in side_heads and heads and p.y < max(inner_ys) and p.y < top]
    labels = [p for p in labels if p not in side_heads and p not in above]
    blocks = _blocks(heads + side_heads + above)
    bands = _with_blank_columns(bands, blocks, edge)
    label_bands = _bands((p.left, p.right) for p in labels + side_heads)
    return _assembled(body, blocks, labels, label_bands, bands)


def _bands(intervals: Iterable[Interval]) -> list[Interval]:
    """Intervals that overlap, united; a wide one over several does not unite them."""
    bands: list[Interval] = []
    for left, right in sorted(intervals, key=lambda i: i[1] - i[0]):
        touched = [band for band in bands if left < band[1] and right > band[0]]
        if not touched:
            bands.append((left, right))
        elif len(touched) == 1:
            bands.remove(touched[0])
            wider = min(left, touched[0][0]), max(right, touched[0][1])
            others_touched = any(wider[0] < band[1] and wider[1] > band[0] for band in bands)
            bands.append(touched[0] if others_touched else wider)
    return sorted(bands)


def _over(bands: Sequence[Interval], left: float, right: float) -> tuple[int, int] | None:
    """First and last band under an interval."""
    touched = [i for i, band in enumerate(bands) if left < band[1] and right > band[0]]
    return (touched[0], touched[-1]) if touched else None


def _piece(p: PlacedLine, first: int, last: int) -> Piece:
    words = p.line.words[first : last + 1]
    left, right = words[0].left, words[-1].right
    text = " ".join(word.text for word in words)
    return Piece(p.page, p.y, p.line.height, left, right, text, (left, p.line.box[1], right, p.line.box[3]))


Row = tuple[float, list[Piece]]


def _value_rows(lines: Sequence[PlacedLine], values: list[list[int]], edge: float) -> tuple[list[Row], list[Piece]]:
    """Rows of values with their y; and the pieces that are none: labels, headers."""
    rows: list[Row] = []
    rest: list[Piece] = []
    for p, found in zip(lines, values, strict=True):
        words = p.line.words
        beside = [] if not found else [i for i in range(found[0]) if words[i].centre > edge]
        mine = [*beside, *found]
        if found:
            pieces = [_piece(p, i, i) for i in mine]
            if rows and abs(p.y - rows[-1][0]) < 0.7 * p.line.height and p.page == rows[-1][1][0].page:
                rows[-1][1].extend(pieces)
            else:
                rows.append((p.y, pieces))
        others = [i for i in range(len(words)) if i not in mine]
        start = 0
        for place, i in enumerate(others):
            ends = place + 1 == len(others) or others[place + 1] != i + 1
            parted = (
                ends or words[i + 1].left - words[i].right > (0.45 if words[i + 1].left > edge else 0.9) * p.line.height
            )
            if parted:
                rest.append(_piece(p, others[start], i))
                start = place + 1
    return rows, rest


@dataclass(frozen=True, slots=True)
class Block:
    """Pieces under one another that are one cell."""

    pieces: tuple[Piece, ...]

    @property
    def left(self) -> float:
        return min(p.left for p in self.pieces)

    @property
    def right(self) -> float:
        return max(p.right for p in self.pieces)

    @property
    def middle(self) -> float:
        return (self.pieces[0].y + self.pieces[-1].y) / 2

    @property
    def text(self) -> str:
        return "\n".join(p.text for p in self.pieces)

    @property
    def box(self) -> Box:
        mine = [p.box for p in self.pieces if p.page == self.pieces[0].page]
        return min(b[0] for b in mine), min(b[1] for b in mine), max(b[2] for b in mine), max(b[3] for b in mine)


def _blocks(pieces: Sequence[Piece]) -> list[Block]:
    """Header words wrapped over lines, joined: same place, one line's distance, as far as the tightest of them."""
    chains: list[list[Piece]] = []
    steps = [s for a, s in ((a, _step_below(a, pieces)) for a in pieces) if s is not None]
    tight = 1.2 * min(steps) if steps else 0.0
    for piece in sorted(pieces, key=lambda p: (p.y, p.left)):
        for chain in chains:
            last = chain[-1]
            near = 0 < piece.y - last.y <= min(tight, 1.35 * piece.height) and piece.page == last.page
            if near and piece.left < last.right and piece.right > last.left and _same_middle(piece, last):
                chain.append(piece)
                break
        else:
            chains.append([piece])
    return [Block(tuple(chain)) for chain in chains]


def _same_middle(a: Piece, b: Piece) -> bool:
    tolerance = 0.3 * a.height
    middles = abs((a.left + a.right) - (b.left + b.right)) / 2 < tolerance
    return middles or abs(a.left - b.left) < tolerance or abs(a.right - b.right) < tolerance


def _step_below(piece: Piece, pieces: Sequence[Piece]) -> float | None:
    steps = [p.y - piece.y for p in pieces if p.y > piece.y + 0.3 and p.left < piece.right and p.right > piece.left]
    return min(steps) if steps else None


def _with_blank_columns(bands: list[Interval], blocks: list[Block], edge: float) -> list[Interval]:
    """Columns that only a header shows, because all their cells are blank."""
    extra = [
        (b.left, b.right)
        for b in blocks
        if b.left > edge and _over(bands, b.left, b.right) is None and not _below(b, blocks)
    ]
    return sorted(bands + _bands(extra))


def _below(block: Block, blocks: Sequence[Block]) -> list[Block]:
    return [b for b in blocks if b.middle > block.middle and b.left < block.right and b.right > block.left]


def _assembled(
    body: list[Row], heads: list[Block], labels: list[Piece], label_bands: list[Interval], bands: list[Interval]
) -> AlignedTable:
    row_ys = [y for y, _ in body]
    attached, groups, alone = _labels_by_depth(labels, label_bands, row_ys)
    offset = len(label_bands)
    levels = _levels(
        [b.middle for b in heads] + [b.middle for b in alone], median(p.height for _, r in body for p in r)
    )
    ys = sorted([*row_ys, *levels])
    at = {y: i for i, y in enumerate(ys)}
    cells: list[tuple[int, TableCell]] = []

    def put(block: Block, row: int, column: int, rows: int = 1, columns: int = 1) -> None:
        cells.append((block.pieces[0].page, TableCell(row, column, rows, columns, block.text, block.box)))

    for y, pieces in body:
        by_column: dict[int, list[Piece]] = {}
        for piece in pieces:
            touched = _over(bands, piece.left, piece.right)
            if touched is None:
                raise UncertainError
            middle = (piece.left + piece.right) / 2
            column = min(range(touched[0], touched[1] + 1), key=lambda i, m=middle: abs(sum(bands[i]) / 2 - m))  # type: ignore[misc]
            by_column.setdefault(column, []).append(piece)
        for column, stacked in by_column.items():
            if any(abs(a.y - b.y) < 0.3 for a, b in pairwise(stacked)):
                raise UncertainError
            put(Block(tuple(stacked)), at[y], offset + column)
    everything = label_bands + bands
    spans = _header_spans(heads, bands)
    for block in heads:
        level = min(levels, key=lambda y: abs(y - block.middle))
        touched = spans.get(id(block))
        if touched is None:
            touched = _over(everything, block.left, block.right)
            if touched is None:
                touched = (_nearest(everything, block),) * 2
        else:
            touched = touched[0] + offset, touched[1] + offset
        put(block, at[level], touched[0], 1, touched[1] - touched[0] + 1)
    for block in alone:
        touched = _over(label_bands, block.left, block.right) or (0, 0)
        put(block, at[min(levels, key=lambda y: abs(y - block.middle))], touched[0], 1, touched[1] - touched[0] + 1)
    for block, y, touched in attached:
        put(block, at[y], touched[0], 1, touched[1] - touched[0] + 1)
    for block, first, last in _group_rows(groups, attached, label_bands, row_ys):
        touched = _over(label_bands, block.left, block.right) or (0, 0)
        rows = at[row_ys[last]] - at[row_ys[first]] + 1
        put(block, at[row_ys[first]], touched[0], rows, touched[1] - touched[0] + 1)
    cells.sort(key=lambda c: (c[1].row, c[1].column))
    _refuse_overlaps([cell for _, cell in cells])
    pages = [page for page, _ in cells]
    return AlignedTable(min(pages), max(pages), len(everything), len(ys), tuple(cells))


def _nearest(bands: Sequence[Interval], block: Block) -> int:
    middle = (block.left + block.right) / 2
    return min(range(len(bands)), key=lambda i: abs(sum(bands[i]) / 2 - middle))


def _levels(middles: list[float], height: float) -> list[float]:
    levels: list[float] = []
    for middle in sorted(middles):
        if not levels or middle - levels[-1] > SAME_ROW * height:
            levels.append(middle)
    return levels


def _refuse_overlaps(cells: list[TableCell]) -> None:
    taken: set[tuple[int, int]] = set()
    for cell in cells:
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                if (row, column) in taken:
                    raise UncertainError
                taken.add((row, column))


Attached = tuple[Block, float, tuple[int, int]]
"""A label, the y of its row and the label columns that it spans."""


def _labels_by_depth(
    labels: list[Piece], bands: list[Interval], row_ys: list[float]
) -> tuple[list[Attached], list[Block], list[Block]]:
    """Labels of one row, labels that stand between rows or before a row's own label and so name a group of them, and
    labels outside all rows of values. The last label column comes first: what stands there is a row's own."""
    depth = {id(piece): (_over(bands, piece.left, piece.right) or (0, 0))[1] for piece in labels}
    attached: list[Attached] = []
    groups: list[Block] = []
    alone: list[Block] = []
    for band in range(len(bands) - 1, -1, -1):
        named = {y for _, y, _ in attached}
        unnamed = [y for y in row_ys if y not in named]
        of_rows, of_groups, of_none = _label_blocks([p for p in labels if depth[id(p)] == band], unnamed, row_ys)
        attached.extend((block, y, _over(bands, block.left, block.right) or (0, 0)) for block, y in of_rows)
        groups.extend(of_groups)
        alone.extend(of_none)
    return _widened(attached, bands), groups, alone


def _widened(attached: list[Attached], bands: list[Interval]) -> list[Attached]:
    """Where labels are centred, one whose middle is that of several columns spans them, though its text is short."""
    own = [block for block, _, (first, last) in attached if first == last == len(bands) - 1]
    middles = [(block.left + block.right) / 2 for block in own]
    if len(bands) < 2 or len(own) < 3:
        return attached
    height = own[0].pieces[0].height
    usual = median(middles)
    if sum(abs(middle - usual) < 0.5 * height for middle in middles) < 0.6 * len(middles):
        return attached
    widened: list[Attached] = []
    for block, y, (first, last) in attached:
        middle = (block.left + block.right) / 2
        off = {start: abs((bands[start][0] + bands[last][1]) / 2 - middle) for start in range(first + 1)}
        best = min(off, key=lambda start: off[start])
        widened.append((block, y, (best if off[best] < off[first] - 0.5 * height else first, last)))
    return widened


def _label_blocks(
    labels: list[Piece], free_ys: list[float], row_ys: list[float]
) -> tuple[list[tuple[Block, float]], list[Block], list[Block]]:
    """One column's label pieces joined to blocks: those of one free row (with its y), of groups, of none."""
    chains: list[list[Piece]] = []
    for piece in sorted(labels, key=lambda p: (p.y, p.left)):
        above = [c for c in chains if _joins(c, piece, labels, free_ys)]
        if above:
            max(above, key=lambda c: c[-1].y).append(piece)
        else:
            chains.append([piece])
    attached: list[tuple[Block, float]] = []
    groups: list[Block] = []
    alone: list[Block] = []
    for chain in chains:
        block = Block(tuple(chain))
        height = chain[0].height
        on = [y for y in free_ys if any(abs(p.y - y) < SAME_ROW * height for p in chain)]
        centred = [y for y in free_ys if abs(block.middle - y) < SAME_ROW * height]
        if len(on) > 1 and not centred:
            raise UncertainError
        home = centred or on
        if home:
            attached.append((block, home[0]))
        elif row_ys[0] - height < block.middle < row_ys[-1] + height:
            groups.append(block)
        else:
            alone.append(block)
    return attached, groups, alone


def _joins(chain: list[Piece], piece: Piece, labels: list[Piece], row_ys: list[float]) -> bool:
    """Whether a label line goes on with the chain above it: nearer to it than rows are to one another."""
    last = chain[-1]
    step = piece.y - last.y
    if not (0 < step <= 1.35 * piece.height and piece.left < last.right and piece.right > last.left):
        return False
    if not _same_middle(piece, last) and piece.left > last.left + 2.5 * piece.height:
        return False
    rows = [b - a for a, b in pairwise(row_ys)]
    pitch = min(rows) if rows else 2.0 * piece.height
    on_rows = [any(abs(p.y - y) < SAME_ROW * p.height for y in row_ys) for p in (last, piece)]
    if all(on_rows):
        return False
    below = [p.y - piece.y for p in labels if p.y > piece.y + 0.3 and p.left < piece.right and p.right > piece.left]
    if on_rows[1] and len(chain) == 1 and step > 0.9 * pitch:
        return False
    if below and step > 1.15 * min(below) and not on_rows[0]:
        return False
    if below and abs(step - min(below)) <= 0.15 * step and not any(on_rows) and pitch < 1.2 * step:
        raise UncertainError
    return True


def _header_spans(heads: list[Block], bands: list[Interval]) -> dict[int, tuple[int, int]]:
    """The value columns that headers over other headers span, by the identity of the block."""
    spans: dict[int, tuple[int, int]] = {}
    parents = [b for b in heads if b.right > bands[0][0] and _below(b, heads)]
    cells = _cells_around([sum(band) / 2 for band in bands])
    for level in _levels([b.middle for b in parents], max((b.pieces[0].height for b in parents), default=1.0)):
        row = sorted(
            (b for b in parents if abs(b.middle - level) < SAME_ROW * b.pieces[0].height), key=lambda b: b.left
        )
        leaves = [b for b in heads if b not in parents and b.middle < level + 2.0 * b.pieces[0].height]
        lower = [b for b in heads if b.middle > level + 1.0]
        free = [any(b.left < band[1] and b.right > band[0] for b in lower) for band in bands]
        for leaf in leaves:
            touched = _over(bands, leaf.left, leaf.right)
            if (
                touched is not None
                and touched[0] == touched[1]
                and not any(b.left < bands[touched[0]][1] and b.right > bands[touched[0]][0] for b in lower)
            ):
                free[touched[0]] = False
        found = spans_by_middle(cells, [(b.left + b.right) / 2 for b in row], free)
        if found is None:
            continue
        for block, run in zip(row, found, strict=True):
            if run is not None:
                spans[id(block)] = int(run[0]), int(run[1])
    return spans


def _cells_around(centres: list[float]) -> list[Interval]:
    """Intervals that meet half-way between the centres."""
    if len(centres) == 1:
        return [(centres[0] - 1.0, centres[0] + 1.0)]
    borders = [(a + b) / 2 for a, b in pairwise(centres)]
    return list(pairwise([2 * centres[0] - borders[0], *borders, 2 * centres[-1] - borders[-1]]))


def _group_rows(
    groups: list[Block], attached: list[Attached], label_bands: list[Interval], row_ys: list[float]
) -> list[tuple[Block, int, int]]:
    """Group labels with the first and last of the rows in whose middle they stand; the nearest row where none fit."""
    tops = [min([y, *(b.pieces[0].y for b, at, _ in attached if at == y)]) for y in row_ys]
    ends = [max([y, *(b.pieces[-1].y for b, at, _ in attached if at == y)]) for y in row_ys]
    borders = [(a + b) / 2 for a, b in zip(ends, tops[1:], strict=False)]
    pitch = median(b - a for a, b in pairwise(row_ys)) if len(row_ys) > 1 else 10.0
    limits = [tops[0] - pitch / 2, *borders, ends[-1] + pitch / 2]
    rows = list(pairwise(limits))
    found: list[tuple[Block, int, int]] = []
    columns = {
        i: [g for g in groups if (_over(label_bands, g.left, g.right) or (0, 0))[0] == i]
        for i in range(len(label_bands))
    }
    for column, members in columns.items():
        if not members:
            continue
        taken = {y for _, y, (first, last) in attached if first <= column <= last}
        free = [y not in taken for y in row_ys]
        runs = spans_by_middle(rows, [g.middle for g in members], free)
        for place, group in enumerate(members):
            run = runs[place] if runs is not None else None
            if run is None:
                nearest = min(
                    (i for i in range(len(row_ys)) if free[i]),
                    key=lambda i: abs(row_ys[i] - group.middle),
                    default=None,
                )  # type: ignore[misc]
                if nearest is None:
                    raise UncertainError
                run = nearest, nearest
                free[nearest] = False
            found.append((group, int(run[0]), int(run[1])))
    return found
