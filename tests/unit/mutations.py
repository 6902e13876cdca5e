"""Damage to bytes and to Documents, drawn by hypothesis: small steps that it can shrink."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from pipelines.model import Block, Document, Grid, GridCell, Paragraph

LARGE = (b"0", b"-1", b"65536", b"99999999", b"4294967295", b"18446744073709551616", b"9" * 400)


@dataclass(frozen=True, slots=True)
class Step:
    """One change. `kind` is a key of the table it is for; `at`, `by` and `to` choose where, how much, with what."""

    kind: str
    at: int
    by: int
    to: int


def steps(kinds: Callable[[], tuple[str, ...]], most: int) -> st.SearchStrategy[list[Step]]:
    numbers = st.integers(0, 2**20)
    return st.lists(st.builds(Step, st.sampled_from(kinds()), numbers, numbers, numbers), min_size=1, max_size=most)


# --------------------------------------------------------------------------- bytes
def _flip(data: bytes, step: Step) -> bytes:
    at = step.at % len(data)
    return data[:at] + bytes([data[at] ^ (1 << step.by % 8)]) + data[at + 1 :]


def _cut(data: bytes, step: Step) -> bytes:
    at = step.at % len(data)
    return data[:at] + data[at + 1 + step.by % 64 :]


def _truncate(data: bytes, step: Step) -> bytes:
    return data[: 1 + step.at % len(data)]


def _splice(data: bytes, step: Step) -> bytes:
    at, other, length = step.at % len(data), step.to % len(data), 1 + step.by % 400
    return data[:at] + data[other : other + length] + data[at + length :]


def _duplicate(data: bytes, step: Step) -> bytes:
    at, length = step.at % len(data), 1 + step.by % 2000
    return data[: at + length] + data[at : at + length] * (1 + step.to % 40) + data[at + length :]


def _grow(data: bytes, step: Step) -> bytes:
    """A number in decimal becomes another, mostly a very large one."""
    found = list(re.finditer(rb"[0-9]+", data))
    if not found:
        return data
    number = found[step.at % len(found)]
    return data[: number.start()] + LARGE[step.to % len(LARGE)] + data[number.end() :]


def _grow_binary(data: bytes, step: Step) -> bytes:
    """Two or four bytes, as a length or an offset in a header has, become the largest."""
    at, width = step.at % min(len(data), 4096), (2, 4)[step.by % 2]
    return (
        data[:at] + (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f")[step.to % 3][-width:] + data[at + width :]
    )


def _swap_noise(data: bytes, step: Step) -> bytes:
    noise = (b"\0", b"\xff\xfe", b"<", b">", b'"', b"\r", b"\x1b", b"&#0;", b"<table>", b"</td>", b" rowspan=99999 ")
    at = step.at % len(data)
    return data[:at] + noise[step.to % len(noise)] * (1 + step.by % 3) + data[at:]


_OF_BYTES: dict[str, Callable[[bytes, Step], bytes]] = {
    "flip": _flip,
    "cut": _cut,
    "truncate": _truncate,
    "splice": _splice,
    "duplicate": _duplicate,
    "grow": _grow,
    "grow_binary": _grow_binary,
    "noise": _swap_noise,
}
byte_steps = steps(lambda: tuple(_OF_BYTES), 6)


def mutated(data: bytes, given: list[Step], member: int | None) -> bytes:
    """The bytes after these steps; with `member`, a package's part of that number is changed and packed again."""
    if member is not None:
        return _member_mutated(data, given, member)
    for step in given:
        if data:
            data = _OF_BYTES[step.kind](data, step)
    return data


def _member_mutated(data: bytes, given: list[Step], member: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as after:
        names = before.namelist()
        for name in names:
            content = before.read(name)
            after.writestr(name, mutated(content, given, None) if name == names[member % len(names)] else content)
    return buffer.getvalue()


# --------------------------------------------------------------------------- documents
TEXTS = (
    "", " ", "0", "7", "12", "3 4", "12.5", "-3", "1,234", "／", "—", "无", "007", "一", "十二", "1 2 3", "３８", "5件",
    "19\n8", "4\n51", "增3", "13（含自然失效6件）", "9" * 40, "总计", "其他", "自然人", "商业企业", "行政许可", "规章",
    "结果维持", "行政复议", "尚未审结", "2023年", "1.重复申请", "（一）予以公开", "（七）总计",
    "一、本年新收政府信息公开申请数量", "四、结转下年度继续办理", "三、收到和处理政府信息公开申请情况",
)  # fmt: skip


def _with_block(document: Document, at: int, block: Block | None) -> Document:
    blocks = [*document.blocks[:at], *([block] if block else []), *document.blocks[at + 1 :]]
    return replace(document, blocks=tuple(blocks))


def _text(document: Document, step: Step) -> Document:
    at = step.at % len(document.blocks)
    block, text = document.blocks[at], TEXTS[step.to % len(TEXTS)]
    if isinstance(block, Paragraph):
        fields = list(block.fields or (block.text,))
        fields[step.by % len(fields)] = text
        return _with_block(document, at, replace(block, text="\t".join(fields), fields=tuple(fields)))
    cells = list(block.cells)
    if not cells:
        return document
    place = step.by % len(cells)
    cells[place] = replace(cells[place], text=text)
    return _with_block(document, at, replace(block, cells=tuple(cells)))


def _drop(document: Document, step: Step) -> Document:
    at = step.at % len(document.blocks)
    block = document.blocks[at]
    if isinstance(block, Grid) and block.cells:
        place = step.by % len(block.cells)
        return _with_block(document, at, replace(block, cells=block.cells[:place] + block.cells[place + 1 :]))
    return _with_block(document, at, None) if len(document.blocks) > 1 else document


def _drop_field(document: Document, step: Step) -> Document:
    at = step.at % len(document.blocks)
    block = document.blocks[at]
    if not isinstance(block, Paragraph) or len(block.fields) < 2:
        return document
    place = step.by % len(block.fields)
    fields = block.fields[:place] + block.fields[place + 1 :]
    return _with_block(document, at, replace(block, text="\t".join(fields), fields=fields))


def _swap(document: Document, step: Step) -> Document:
    """Two blocks, or two cells' texts, change places."""
    at = step.at % len(document.blocks)
    block = document.blocks[at]
    if isinstance(block, Grid) and block.cells:
        cells = list(block.cells)
        i, j = step.by % len(cells), step.to % len(cells)
        first, second = cells[i].text, cells[j].text
        cells[i], cells[j] = replace(cells[i], text=second), replace(cells[j], text=first)
        return _with_block(document, at, replace(block, cells=tuple(cells)))
    blocks, other = list(document.blocks), step.by % len(document.blocks)
    blocks[at], blocks[other] = blocks[other], blocks[at]
    return replace(document, blocks=tuple(blocks))


def _remove_row(document: Document, step: Step) -> Document:
    return _rows_changed(document, step, lambda row, chosen: [row] * (row != chosen))


def _repeat_row(document: Document, step: Step) -> Document:
    return _rows_changed(document, step, lambda row, chosen: [row] * (1 + (row == chosen)))


def _rows_changed(document: Document, step: Step, kept: Callable[[int, int], list[int]]) -> Document:
    """A grid of the rows that `kept` gives for each, where no cell spans the row that is chosen."""
    at = step.at % len(document.blocks)
    grid = document.blocks[at]
    if not isinstance(grid, Grid) or not grid.row_count:
        return document
    chosen = step.by % grid.row_count
    if any(c.row <= chosen < c.row + c.row_span and c.row_span > 1 for c in grid.cells):
        return document
    order = [row for before in range(grid.row_count) for row in kept(before, chosen)]
    cells = [replace(c, row=new) for new, row in enumerate(order) for c in grid.cells if c.row == row]
    if any(c.row + c.row_span > len(order) for c in cells) or not order:
        return document
    return _with_block(document, at, replace(grid, row_count=len(order), cells=tuple(cells)))


def _cut_row(document: Document, step: Step) -> Document:
    """The grid falls into two."""
    at = step.at % len(document.blocks)
    grid = document.blocks[at]
    if not isinstance(grid, Grid) or grid.row_count < 2:
        return document
    row = 1 + step.by % (grid.row_count - 1)
    if any(c.row < row < c.row + c.row_span for c in grid.cells):
        return document
    above = replace(grid, row_count=row, cells=tuple(c for c in grid.cells if c.row < row))
    below = tuple(replace(c, row=c.row - row) for c in grid.cells if c.row >= row)
    lower = replace(grid, row_count=grid.row_count - row, cells=below)
    return replace(document, blocks=(*document.blocks[:at], above, lower, *document.blocks[at + 1 :]))


def _widen(document: Document, step: Step) -> Document:
    """A cell spreads over the place to its right, where that holds a cell of the same height."""
    at = step.at % len(document.blocks)
    grid = document.blocks[at]
    if not isinstance(grid, Grid) or not grid.cells:
        return document
    cell = grid.cells[step.by % len(grid.cells)]
    beside = [
        c
        for c in grid.cells
        if (c.row, c.column, c.row_span) == (cell.row, cell.column + cell.column_span, cell.row_span)
    ]
    if not beside:
        return document
    wide = replace(cell, column_span=cell.column_span + beside[0].column_span)
    cells = tuple(wide if c is cell else c for c in grid.cells if c is not beside[0])
    return _with_block(document, at, replace(grid, cells=cells))


def _repeat_block(document: Document, step: Step) -> Document:
    at = step.at % len(document.blocks)
    return replace(document, blocks=(*document.blocks[: at + 1], document.blocks[at], *document.blocks[at + 1 :]))


_OF_DOCUMENTS: dict[str, Callable[[Document, Step], Document]] = {
    "text": _text,
    "drop": _drop,
    "drop_field": _drop_field,
    "swap": _swap,
    "remove_row": _remove_row,
    "repeat_row": _repeat_row,
    "cut_row": _cut_row,
    "widen": _widen,
    "repeat_block": _repeat_block,
}
document_steps = steps(lambda: (*_OF_DOCUMENTS, "text", "text"), 12)


def changed(document: Document, given: list[Step]) -> Document:
    """The document after these steps, its blocks counted anew."""
    for step in given:
        document = _OF_DOCUMENTS[step.kind](document, step)
    counts = {Grid: 0, Paragraph: 0}
    blocks: list[Block] = []
    for block in document.blocks:
        blocks.append(replace(block, index=counts[type(block)]))
        counts[type(block)] += 1
    return replace(document, blocks=tuple(blocks))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Paragraphs and grids of labels and numbers in no order that makes sense."""
    texts = st.sampled_from(TEXTS)
    blocks: list[Block] = []
    for number in range(draw(st.integers(1, 6))):
        if draw(st.booleans()):
            fields = tuple(draw(st.lists(texts, min_size=1, max_size=10)))
            blocks.append(Paragraph(number, "\t".join(fields), fields))
        else:
            rows, columns = draw(st.integers(1, 8)), draw(st.integers(1, 10))
            shown = draw(st.lists(texts, min_size=rows * columns, max_size=rows * columns))
            cells = tuple(GridCell(i // columns, i % columns, text) for i, text in enumerate(shown))
            blocks.append(Grid(number, rows, columns, cells))
    return changed(Document("made", (Paragraph(0, "某县商务局2023年政府信息公开工作年度报告"), *blocks)), [])
