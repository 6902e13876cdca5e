"""Tables that no rule draws, whose columns are only aligned: by word positions.

In: a document's lines outside ruled tables, in reading order over the pages. Out: the same lines with those of a table
replaced by it. Rows hang on the lines that end in values (words without letters, or a number and its unit); columns are
the bands of x that these values share, so that a blank cell shifts nothing; label lines without values belong to the
row whose label they touch, wherever its values stand. Where that is not certain the lines are given back as they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from pipelines.extract.aligned_heads import blocks, header_spans, widened_to_heads, with_blank_columns
from pipelines.extract.aligned_labels import group_rows, label_columns, labels_by_depth
from pipelines.extract.aligned_pieces import (
    SAME_ROW,
    Block,
    Interval,
    Piece,
    Row,
    UncertainError,
    block_of,
    levels,
    over,
    united,
)
from pipelines.extract.aligned_wraps import rows_with_wraps
from pipelines.extract.lines import SPACE, Line, Word
from pipelines.extract.marks import TableCell

_VALUE = re.compile(r"^(?:[-+−＋－±]?\d+(?:[.,，．]\d+)*[%％]?\w{0,2}|[-—–－/／\\*]{1,3})$")
_NUMBER = re.compile(r"\d")
REACH = 9.0
"""A table's next row of values is no farther than this many heights,"""
LABELLED_REACH = 24.0
"""or this many where only labels stand between."""
MANY = 4
"""So many values in one line are a row of a table, whatever stands around it."""
HEADS = 8
"""So many headers between two rows of values are those of another table."""
HEAD = 4.5
"""Letters of a word in a line of wrapped headers, on average at most."""


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line with its page and with `y`, its baseline counted on over the pages."""

    page: int
    line: Line
    y: float


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


def with_aligned_tables(lines: Sequence[tuple[int, Line]]) -> list[tuple[int, Line | AlignedTable]]:
    """Lines (with their pages) and the tables found among them, in order."""
    placed = _placed(lines)
    values = [_values(p.line) for p in placed]
    found: list[tuple[int, Line | AlignedTable]] = []
    done = 0
    for start, end in _segments(placed, values):
        try:
            table = _table(placed[start:end], values[start:end])
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
    return found if all(gap >= SPACE * line.height for gap in gaps) else []


def _segments(placed: list[PlacedLine], values: list[list[int]]) -> list[tuple[int, int]]:
    """Runs of lines that may be tables: header, rows and what stands between them."""
    widest = max((p.line.box[2] - p.line.box[0] for p in placed), default=0.0)
    anchors = [i for i, found in enumerate(values) if len(found) >= 2 or (found and found[0] > 0)]
    runs: list[list[int]] = []
    for i in anchors:
        if runs and _holds_together(placed, values, runs[-1][-1], i, widest):
            runs[-1].append(i)
        else:
            runs.append([i])
    segments: list[tuple[int, int]] = []
    for run in runs:
        counted = sum(len(values[i]) for i in run)
        if not (len(run) >= 2 and counted >= 4) and not (len(values[run[0]]) >= MANY):
            continue
        if not any(_NUMBER.search(placed[i].line.words[w].text) for i in run for w in values[i]):
            continue
        floor = segments[-1][1] if segments else 0
        first = _header_start(placed, run[0], floor, widest, values)
        segments.append((first, _tail_end(placed, run[-1], widest)))
    return segments


def _is_prose(line: Line, widest: float) -> bool:
    return len(line.fields) == 1 and line.box[2] - line.box[0] > 0.62 * widest and not _is_row_of_heads(line)


def _is_row_of_heads(line: Line) -> bool:
    """Short words without numbers, each apart from the next: the headers of narrow columns, wrapped."""
    short = sum(len(word.text) for word in line.words) <= HEAD * len(line.words)
    return len(line.words) >= 4 and short and not any(map(_NUMBER.search, (word.text for word in line.words)))


def _is_heading(placed: list[PlacedLine], i: int, height: float) -> bool:
    return placed[i].line.height > 1.15 * height


def _holds_together(placed: list[PlacedLine], values: list[list[int]], before: int, after: int, widest: float) -> bool:
    height = placed[before].line.height
    steps = [b.y - a.y for a, b in pairwise(placed[before : after + 1])]
    between = range(before + 1, after)
    edge = placed[before].line.words[values[before][0]].left
    labels_only = all(placed[i].line.box[2] < edge for i in between)
    reach = LABELLED_REACH if labels_only else REACH
    if placed[after].y - placed[before].y > reach * height or max(steps) > 4.5 * height:
        return False
    if any(_is_prose(placed[i].line, widest) or _is_heading(placed, i, height) for i in between):
        return False
    if _has_own_heads(placed, values, before, after):
        return False
    return placed[after].line.height < 1.3 * height and placed[after].line.height > height / 1.3


def _has_own_heads(placed: list[PlacedLine], values: list[list[int]], before: int, after: int) -> bool:
    """Whether a row of values begins a table: under many headers of its own, or under headers after labelled rows where
    it has no label."""
    edges = [placed[i].line.words[values[i][0]].left for i in (before, after)]
    words = [word for i in range(before + 1, after) for word in placed[i].line.words]
    unlabelled = values[before][0] > 0 and values[after][0] == 0 and len(values[after]) >= MANY
    if unlabelled and any(word.centre > edges[0] for word in words):
        return True
    return sum(word.centre > edges[1] for word in words) >= HEADS


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


def _table(lines: Sequence[PlacedLine], values: list[list[int]]) -> AlignedTable:
    bands = united((p.line.words[w].left, p.line.words[w].right) for p, v in zip(lines, values, strict=True) for w in v)
    edge = bands[0][0]
    body, rest = _value_rows(lines, values, bands)
    body = rows_with_wraps(body, [p for p in rest if p.right < edge])
    row_ys = [y for y, _ in body]
    beside = [p.right for p in rest if p.right < edge and any(abs(p.y - y) < SAME_ROW * p.height for y in row_ys)]
    labels_end = max(beside, default=edge)
    heads: list[Piece] = []
    labels: list[Piece] = []
    for piece in rest:
        over_values = piece.right > edge + 0.1 * piece.height or piece.left > labels_end
        (heads if over_values else labels).append(piece)
    inner_ys = {piece.y for piece in heads}
    side_heads = [p for p in labels if any(abs(p.y - y) < SAME_ROW * p.height for y in inner_ys)]
    top = min(row_ys)
    above = [p for p in labels if p not in side_heads and heads and p.y < max(inner_ys) and p.y < top]
    labels = [p for p in labels if p not in side_heads and p not in above]
    head_blocks = blocks(heads + side_heads + above)
    bands = with_blank_columns(widened_to_heads(bands, head_blocks, labels_end), head_blocks, edge)
    label_bands = label_columns(labels, side_heads, row_ys)
    return _assembled(body, head_blocks, labels, label_bands, bands)


def _piece(p: PlacedLine, first: int, last: int) -> Piece:
    words = p.line.words[first : last + 1]
    left, right = words[0].left, words[-1].right
    text = " ".join(word.text for word in words)
    return Piece(p.page, p.y, p.line.height, left, right, text, (left, p.line.box[1], right, p.line.box[3]))


def _value_rows(
    lines: Sequence[PlacedLine], values: list[list[int]], bands: Sequence[Interval]
) -> tuple[list[Row], list[Piece]]:
    """Rows of values with their y; and the pieces that are none: labels, headers."""
    edge = bands[0][0]
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
            parted = ends or words[i + 1].left - words[i].right > 0.45 * p.line.height
            parted = parted or _over_different(bands, words[i], words[i + 1])
            if parted:
                piece = _piece(p, others[start], i)
                rest.append(replace(piece, y=p.y + words[i].baseline - p.line.baseline))
                start = place + 1
    return rows, rest


def _over_different(bands: Sequence[Interval], left: Word, right: Word) -> bool:
    """Whether the middles of two words stand in two columns."""
    holding = [[i for i, band in enumerate(bands) if band[0] <= word.centre <= band[1]] for word in (left, right)]
    return bool(holding[0] and holding[1]) and holding[0] != holding[1]


def _assembled(
    body: list[Row], heads: list[Block], labels: list[Piece], label_bands: list[Interval], bands: list[Interval]
) -> AlignedTable:
    row_ys = [y for y, _ in body]
    attached, groups, alone = labels_by_depth(labels, label_bands, row_ys)
    grouped, single = group_rows(groups, attached, label_bands, row_ys)
    alone = alone + single
    offset = len(label_bands)
    head_ys = levels(
        [b.middle for b in heads] + [b.middle for b in alone], median(p.height for _, r in body for p in r)
    )
    ys = sorted([*row_ys, *head_ys])
    at = {y: i for i, y in enumerate(ys)}
    cells: list[tuple[int, TableCell]] = []

    def put(block: Block, row: int, column: int, rows: int = 1, columns: int = 1) -> None:
        cells.append((block.pieces[0].page, TableCell(row, column, rows, columns, block.text, block.box)))

    for y, pieces in body:
        by_column: dict[int, list[Piece]] = {}
        for piece in pieces:
            by_column.setdefault(_column_of(piece, bands), []).append(piece)
        for column, stacked in by_column.items():
            if len(stacked) > 1 and any(abs(a.y - b.y) < 0.3 for a, b in pairwise(stacked)):
                raise UncertainError
            put(block_of(stacked), at[y], offset + column)
    everything = label_bands + bands
    spans = header_spans(heads, bands)
    over_all = _only_heads(body, heads, bands, head_ys)
    for block in heads:
        level = min(head_ys, key=lambda y: abs(y - block.middle))
        if id(block) in over_all:
            spans[id(block)] = (0, len(bands) - 1)
        touched = spans.get(id(block))
        if touched is None:
            touched = over(everything, block.left, block.right)
            if touched is None:
                touched = (_nearest(everything, block),) * 2
        else:
            touched = touched[0] + offset, touched[1] + offset
        put(block, at[level], touched[0], 1, touched[1] - touched[0] + 1)
    for block in alone:
        touched = over(label_bands, block.left, block.right) or (0, 0)
        put(block, at[min(head_ys, key=lambda y: abs(y - block.middle))], touched[0], 1, touched[1] - touched[0] + 1)
    for block, y, touched in attached:
        put(block, at[y], touched[0], 1, touched[1] - touched[0] + 1)
    for block, first, last in grouped:
        touched = over(label_bands, block.left, block.right) or (0, 0)
        rows = at[row_ys[last]] - at[row_ys[first]] + 1
        put(block, at[row_ys[first]], touched[0], rows, touched[1] - touched[0] + 1)
    cells.sort(key=lambda c: (c[1].row, c[1].column))
    _refuse_overlaps([cell for _, cell in cells])
    pages = [page for page, _ in cells]
    return AlignedTable(min(pages), max(pages), len(everything), len(ys), tuple(cells))


def _only_heads(body: list[Row], heads: list[Block], bands: list[Interval], head_ys: list[float]) -> set[int]:
    """Headers, by identity, that stand alone over rows of a single value: they head it wherever it is aligned."""
    found: set[int] = set()
    for y, following in zip(head_ys, [*head_ys[1:], float("inf")], strict=False):
        here = [b for b in heads if abs(b.middle - y) < SAME_ROW * b.pieces[0].height and b.right > bands[0][0]]
        rows = [pieces for row_y, pieces in body if y < row_y < following]
        if len(here) == 1 and rows and all(len(pieces) == 1 for pieces in rows):
            found.add(id(here[0]))
    return found


def _column_of(piece: Piece, bands: Sequence[Interval]) -> int:
    """The band that a value stands in; one that reaches into several stands in that which holds its middle."""
    reached = [i for i, (left, right) in enumerate(bands) if piece.left < right and piece.right > left]
    if len(reached) > 1:
        middle = (piece.left + piece.right) / 2
        reached = [i for i in reached if bands[i][0] <= middle <= bands[i][1]]
    if len(reached) != 1:
        raise UncertainError
    return reached[0]


def _nearest(bands: Sequence[Interval], block: Block) -> int:
    middle = (block.left + block.right) / 2
    return min(range(len(bands)), key=lambda i: abs(sum(bands[i]) / 2 - middle))


def _refuse_overlaps(cells: list[TableCell]) -> None:
    taken: set[tuple[int, int]] = set()
    for cell in cells:
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                if (row, column) in taken:
                    raise UncertainError
                taken.add((row, column))
