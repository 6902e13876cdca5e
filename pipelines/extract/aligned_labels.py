"""Row labels of a table by word positions: which lines are one label, and which rows it names."""

from __future__ import annotations

import re
from itertools import islice, pairwise
from statistics import median

from pipelines.extract.aligned_pieces import (
    SAME_ROW,
    SOLID,
    Block,
    Interval,
    Piece,
    UncertainError,
    block_of,
    over,
    same_middle,
    united,
)
from pipelines.extract.aligned_spans import spans_by_middle

_ITEM = re.compile(r"^(?:\d{1,2}[.、．]|[（(])")
_NUMBERED = re.compile(r"^(?:(\w{1,2})[.、．](?!\d)|[（(](\w{1,3})[）)])")
"""A numeral with its mark: the first line of a label, while a bracket with other words may stand anywhere in it."""
EVEN = 1.08
"""Lines of one label are no farther apart than solid ones, or than so many times the nearest two lines,"""
WIDEST_LINE = 2.2
"""which are themselves no farther apart than so many heights."""

Attached = tuple[Block, float, tuple[int, int]]
"""A label, the y of its row and the label columns that it spans."""


def labels_by_depth(
    labels: list[Piece], bands: list[Interval], row_ys: list[float]
) -> tuple[list[Attached], list[Block], list[Block]]:
    """Labels of one row, labels that stand between rows or before a row's own label and so name a group of them, and
    labels outside all rows of values. The last label column comes first: what stands there is a row's own."""
    reach = line_reach(labels, row_ys)
    depth = _depths(labels, bands, row_ys, reach)
    attached: list[Attached] = []
    groups: list[Block] = []
    alone: list[Block] = []
    for band in range(len(bands) - 1, -1, -1):
        named = {y for _, y, _ in attached}
        unnamed = [y for y in row_ys if y not in named]
        of_rows, of_groups, of_none = _label_blocks([p for p in labels if depth[id(p)] == band], unnamed, row_ys, reach)
        attached.extend((block, y, over(bands, block.left, block.right) or (0, 0)) for block, y in of_rows)
        groups.extend(of_groups)
        alone.extend(of_none)
    return _widened(attached, bands), groups, alone


def line_reach(labels: list[Piece], row_ys: list[float]) -> float:
    """How far apart the lines of one label are at most: as lines set solid are, or a little more than the nearest lines
    are, where rows are farther apart."""
    if not labels:
        return 0.0
    height = median(p.height for p in labels)
    bare = {id(p): all(abs(p.y - y) >= SAME_ROW * p.height for y in row_ys) for p in labels}
    ordered = sorted(labels, key=lambda p: p.y)
    steps: list[float] = []
    for place, above in enumerate(ordered):
        for below in islice(ordered, place + 1, None):
            step = below.y - above.y
            if step >= WIDEST_LINE * height:
                break
            if step > 0.3 and below.left < above.right and below.right > above.left:
                if bare[id(above)] or bare[id(below)]:
                    steps.append(step)
                break
    rows = min((below - above for above, below in pairwise(row_ys) if below - above > 0.3), default=0.0)
    return max(SOLID * height, min(EVEN * min(steps, default=0.0), rows / EVEN))


def _depths(labels: list[Piece], bands: list[Interval], row_ys: list[float], line_step: float) -> dict[int, int]:
    """The last label column that each piece reaches, by identity. The short rest of a label over several columns goes
    with its longer line."""
    reach = {id(piece): over(bands, piece.left, piece.right) or _nearest(bands, piece) for piece in labels}
    depth = {identity: last for identity, (_, last) in reach.items()}
    for piece in labels:
        if any(abs(piece.y - y) < SAME_ROW * piece.height for y in row_ys):
            continue
        for longer in labels:
            first, last = reach[id(longer)]
            tight = 0 < abs(longer.y - piece.y) <= line_step
            if first < last and tight and first <= reach[id(piece)][0] <= last and same_middle(piece, longer):
                depth[id(piece)] = last
    return depth


def _nearest(bands: list[Interval], piece: Piece) -> tuple[int, int]:
    middle = (piece.left + piece.right) / 2
    at = min(range(len(bands)), key=lambda i: abs(sum(bands[i]) / 2 - middle))
    return at, at


def label_columns(labels: list[Piece], heads: list[Piece], row_ys: list[float]) -> list[Interval]:
    """The columns of labels. The short rest of a wrapped label, which may stand between two columns, makes none."""
    reach = line_reach(labels, row_ys)

    def is_rest(piece: Piece) -> bool:
        if any(abs(piece.y - y) < SAME_ROW * piece.height for y in row_ys):
            return False
        breadth = piece.right - piece.left + piece.height
        return any(
            other.right - other.left > breadth and 0 < abs(other.y - piece.y) <= reach and same_middle(piece, other)
            for other in labels
        )

    return united((p.left, p.right) for p in [*(label for label in labels if not is_rest(label)), *heads])


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
    labels: list[Piece], free_ys: list[float], row_ys: list[float], reach: float
) -> tuple[list[tuple[Block, float]], list[Block], list[Block]]:
    """One column's label pieces joined to blocks: those of one free row (with its y), of groups, of none."""
    chains: list[list[Piece]] = []
    for piece in sorted(labels, key=lambda p: (p.y, p.left)):
        near = [c for c in chains if 0 < piece.y - c[-1].y <= reach]
        above = [c for c in near if _joins(c, piece, labels, free_ys)]
        if above:
            max(above, key=lambda c: c[-1].y).append(piece)
        else:
            chains.append([piece])
    attached: list[tuple[Block, float]] = []
    groups: list[Block] = []
    alone: list[Block] = []
    for chain in chains:
        block = block_of(chain)
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
    """Whether a label line goes on with the chain close above it: nearer to it than rows are to one another."""
    last = chain[-1]
    step = piece.y - last.y
    if not (piece.left < last.right and piece.right > last.left):
        return False
    if not same_middle(piece, last) and piece.left > last.left + 2.5 * piece.height:
        return False
    if (numbered := _NUMBERED.match(piece.text)) and (numbered[1] or numbered[2]).isnumeric():
        return False

    def on_row(p: Piece) -> bool:
        return any(abs(p.y - y) < SAME_ROW * p.height for y in row_ys)

    valued = any(on_row(p) for p in chain)
    if on_row(piece) and valued:
        return False
    if any(last.y + 0.3 * piece.height < y < piece.y - 0.3 * piece.height for y in row_ys):
        return True
    above = [p for p in labels if p.y < last.y - 0.3 and p.left < last.right and p.right > last.left]
    below = [p for p in labels if p.y > piece.y + 0.3 and p.left < piece.right and p.right > piece.left]
    step_before = min((last.y - p.y for p in above), default=None)
    if on_row(piece) and len(chain) == 1 and step_before is not None and step > 1.15 * step_before:
        return False
    following = min(below, key=lambda p: p.y, default=None)
    if following is None:
        return True
    next_step = following.y - piece.y
    if step > 1.15 * next_step:
        return False
    evenly = not on_row(piece) and abs(step - next_step) <= 0.15 * step
    return not (evenly and valued and on_row(following)) or _wraps_after(labels, row_ys)


def _wraps_after(labels: list[Piece], row_ys: list[float]) -> bool:
    """Where lines are evenly spaced: whether values stand on a wrapped label's first line, or else on its last. What
    overhangs at the ends of the table tells, or which lines begin with an item's number."""
    height = labels[0].height
    before = any(0 < row_ys[0] - p.y - SAME_ROW * height < height for p in labels)
    after = any(0 < p.y - row_ys[-1] - SAME_ROW * height < height for p in labels)
    if before != after:
        return after
    valued = [p for p in labels if any(abs(p.y - y) < SAME_ROW * height for y in row_ys)]
    begins_bare = any(_ITEM.match(p.text) for p in labels if p not in valued)
    begins_valued = any(_ITEM.match(p.text) for p in valued)
    if begins_bare == begins_valued:
        raise UncertainError
    return begins_valued


def group_rows(
    groups: list[Block], attached: list[Attached], bands: list[Interval], row_ys: list[float]
) -> tuple[list[tuple[Block, int, int]], list[Block]]:
    """Group labels with the first and last of the rows in whose middle they stand; and those that fit no rows, which
    are rows of their own."""
    tops = [min([y, *(b.pieces[0].y for b, at, _ in attached if at == y)]) for y in row_ys]
    ends = [max([y, *(b.pieces[-1].y for b, at, _ in attached if at == y)]) for y in row_ys]
    borders = [(a + b) / 2 for a, b in zip(ends, tops[1:], strict=False)]
    pitch = median(b - a for a, b in pairwise(row_ys)) if len(row_ys) > 1 else 10.0
    limits = [tops[0] - pitch / 2, *borders, ends[-1] + pitch / 2]
    found: list[tuple[Block, int, int]] = []
    single: list[Block] = []
    for column in range(len(bands)):
        members = [g for g in groups if (over(bands, g.left, g.right) or (0, 0))[0] == column]
        taken = {y for _, y, (first, last) in attached if first <= column <= last}
        free = [y not in taken for y in row_ys]
        runs = _runs_from_top(members, row_ys, free)
        by_middle = spans_by_middle(list(pairwise(limits)), [g.middle for g in members], free)
        if by_middle is not None and (runs is None or sum(b - a + 1 for a, b in by_middle) == sum(free)):
            runs = by_middle
        if runs is None:
            single.extend(members)
        else:
            found.extend((group, *run) for group, run in zip(members, runs, strict=True))
    return found, single


def _runs_from_top(groups: list[Block], row_ys: list[float], free: list[bool]) -> list[tuple[int, int]] | None:
    """First and last row of groups whose labels all stand on the first line of their first row."""
    starts: list[int] = []
    for group in groups:
        first = group.pieces[0]
        on = [i for i, y in enumerate(row_ys) if abs(first.y - y) < 0.15 * first.height and free[i]]
        if not on:
            return None
        starts.append(on[0])
    runs: list[tuple[int, int]] = []
    for start, following in zip(starts, [*starts[1:], len(row_ys)], strict=False):
        end = start
        while end + 1 < following and free[end + 1]:
            end += 1
        runs.append((start, end))
    return runs
