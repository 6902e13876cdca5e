"""Column headers of a table by word positions: which lines are one header, and which columns it spans."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pipelines.extract.aligned_pieces import (
    SAME_ROW,
    SOLID,
    Block,
    Interval,
    Piece,
    block_of,
    levels,
    over,
    same_middle,
    united,
)
from pipelines.extract.aligned_spans import spans_by_middle


def blocks(pieces: Sequence[Piece]) -> list[Block]:
    """Header words wrapped over lines, joined: same place, one line's distance, as far as the tightest of them."""
    chains: list[list[Piece]] = []
    steps = [s for a, s in ((a, _step_below(a, pieces)) for a in pieces) if s is not None]
    tight = 1.2 * min(steps) if steps else 0.0
    for piece in sorted(pieces, key=lambda p: (p.y, p.left)):
        for chain in chains:
            last = chain[-1]
            near = 0 < piece.y - last.y <= min(tight, SOLID * piece.height) and piece.page == last.page
            if near and piece.left < last.right and piece.right > last.left and same_middle(piece, last):
                chain.append(piece)
                break
        else:
            chains.append([piece])
    return [block_of(chain) for chain in chains]


def _step_below(piece: Piece, pieces: Sequence[Piece]) -> float | None:
    here = [p for p in pieces if p.page == piece.page]  # the step over a page break is none
    steps = [p.y - piece.y for p in here if p.y > piece.y + 0.3 and p.left < piece.right and p.right > piece.left]
    return min(steps) if steps else None


def widened_to_heads(bands: list[Interval], blocks: list[Block], labels_end: float) -> list[Interval]:
    """Columns whose header stands beside the values, because the two are aligned to different sides, hold both."""
    widened = list(bands)
    for block in blocks:
        if block.left < labels_end or over(widened, block.left, block.right) is not None or below(block, blocks):
            continue
        right = next((i for i, band in enumerate(widened) if band[0] > block.right), None)
        left = (len(widened) if right is None else right) - 1
        for i in (right, left):
            if i is None or i < 0:
                continue
            if all(over([widened[i]], other.left, other.right) is None for other in blocks):
                widened[i] = min(widened[i][0], block.left), max(widened[i][1], block.right)
                break
    return widened


def with_blank_columns(bands: list[Interval], blocks: list[Block], edge: float) -> list[Interval]:
    """Columns that only a header shows, because all their cells are blank."""
    extra = [
        (b.left, b.right)
        for b in blocks
        if b.left > edge and over(bands, b.left, b.right) is None and not below(b, blocks)
    ]
    return sorted(bands + united(extra))


def below(block: Block, blocks: Sequence[Block]) -> list[Block]:
    return [b for b in blocks if b.middle > block.middle and b.left < block.right and b.right > block.left]


def header_spans(heads: list[Block], bands: list[Interval]) -> dict[int, tuple[int, int]]:
    """The value columns that headers over other headers span, by the identity of the block."""
    spans: dict[int, tuple[int, int]] = {}
    parents = [b for b in heads if b.right > bands[0][0] and below(b, heads)]
    cells = cells_around([sum(band) / 2 for band in bands])
    for level in levels([b.middle for b in parents], max((b.pieces[0].height for b in parents), default=1.0)):
        row = sorted(
            (b for b in parents if abs(b.middle - level) < SAME_ROW * b.pieces[0].height), key=lambda b: b.left
        )
        leaves = [b for b in heads if b not in parents and b.middle < level + 2.0 * b.pieces[0].height]
        lower = [b for b in heads if b.middle > level + 1.0]
        free = [any(b.left < band[1] and b.right > band[0] for b in lower) for band in bands]
        for leaf in leaves:
            touched = over(bands, leaf.left, leaf.right)
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
            spans[id(block)] = run
    return spans


def cells_around(centres: list[float]) -> list[Interval]:
    """Intervals that meet half-way between the centres."""
    if len(centres) == 1:
        return [(centres[0] - 1.0, centres[0] + 1.0)]
    borders = [(a + b) / 2 for a, b in pairwise(centres)]
    return list(pairwise([2 * centres[0] - borders[0], *borders, 2 * centres[-1] - borders[-1]]))
