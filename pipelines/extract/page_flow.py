"""Pages to one flow: page numbers out, tables that a page break cut joined, everything in reading order."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from pipelines.extract.aligned import AlignedTable, with_aligned_tables
from pipelines.extract.lines import Line, Word, printed_lines
from pipelines.extract.marks import Characters, Ints, PageTable, TableCell

SAME_EDGE = 6.0
"""Column edges of one table differ by no more from page to page."""
MANY_COLUMNS = 5
"""So many columns of the same widths, up to the right edge, are no other table's."""
MARGIN = 0.1
"""The share of the page's height, at head and foot, where page numbers and running heads stand."""
FRAME = 0.25
"""A table of one column that takes more of the page's height is a frame around text."""

ROW_OF_NUMBERS = 3
ROWS_IN_A_CELL = 3
"""A cell with so many lines of so many numbers is no cell."""

_APART = re.compile(r"(?<!\S)[\d,.]+(?!\S)")
_DASHED = re.compile(r"^[-–—―－─·•~\s]+(\d{1,4})[-–—―－─·•~\s]+$")
_BARE = re.compile(r"^(\d{1,4})$")
_WORDED = re.compile(r"^\D{0,4}?(\d{1,4})\D{1,6}(\d{1,4})?\D{0,2}$")


@dataclass(slots=True)
class PageLayout:
    """One page's lines outside tables and its tables. `framed` holds, by index in `tables`, the lines of tables of a
    single column: pieces of a table cut by a page break, or else mere frames around text."""

    number: int
    width: float
    height: float
    lines: list[Line]
    tables: list[PageTable]
    framed: dict[int, list[Line]] = field(default_factory=dict)
    slanted: list[Line] = field(default_factory=list)
    """Lines at an odd angle, such as a watermark's."""


def page_layout(
    number: int, size: tuple[float, float], characters: Characters, tables: Sequence[PageTable], owners: Ints
) -> PageLayout:
    """The layout of a page of the given width and height from its ruled tables; `owners` says which of them holds each
    character, or -1. A high table of a single column is a mere frame, and so is one with rows of numbers in a cell."""
    kept: list[PageTable] = []
    framed: dict[int, list[Line]] = {}
    outside = owners < 0
    for index, table in enumerate(tables):
        if any(map(_holds_rows, table.cells)):
            outside |= owners == index
            continue
        if len(table.xs) > 2:
            kept.append(table)
            continue
        if table.ys[-1] - table.ys[0] > FRAME * size[1]:
            outside |= owners == index
            continue
        framed[len(kept)] = printed_lines(characters.take(owners == index))
        kept.append(table)
    return PageLayout(number, *size, printed_lines(characters.take(outside)), kept, framed)


def _holds_rows(cell: TableCell) -> bool:
    """Whether a cell holds lines of numbers that stand apart: a table of which not all rules are drawn."""
    rows = sum(len(_APART.findall(line)) >= ROW_OF_NUMBERS for line in cell.text.split("\n"))
    return rows >= ROWS_IN_A_CELL


@dataclass(slots=True)
class JoinedTable:
    """A table over one page or several: pieces with their page numbers, on common column edges."""

    pieces: list[tuple[int, PageTable]]

    @property
    def first_page(self) -> int:
        return self.pieces[0][0]

    @property
    def last_page(self) -> int:
        return self.pieces[-1][0]

    @property
    def column_count(self) -> int:
        return len(self.columns()) - 1

    def columns(self) -> list[float]:
        return _common_edges([table.xs for _, table in self.pieces])

    def placed(self) -> tuple[int, list[tuple[int, TableCell]]]:
        """The number of rows, and each cell with its page; rows go on from piece to piece."""
        edges = self.columns()
        rows = 0
        cells: list[tuple[int, TableCell]] = []
        for page, table in self.pieces:
            at = [min(range(len(edges)), key=lambda i, x=x: abs(edges[i] - x)) for x in table.xs]  # type: ignore[misc]
            if rows == 0 and at == list(range(len(at))):
                cells.extend((page, cell) for cell in table.cells)
            else:
                cells.extend((page, _moved(cell, rows, at)) for cell in table.cells)
            rows += len(table.ys) - 1
        return rows, cells


def _moved(cell: TableCell, rows: int, columns: Sequence[int]) -> TableCell:
    """A cell so many rows farther down, its column edges at `columns`."""
    left, right = columns[cell.column], columns[cell.column + cell.column_span]
    return TableCell(
        rows + cell.row, left, cell.row_span, right - left, cell.text, cell.box, cell.reading, cell.candidates
    )


FlowItem = tuple[int, Line | JoinedTable | AlignedTable]


def flow(pages: list[PageLayout]) -> list[FlowItem]:
    """Lines and tables in reading order, each with the page on which it begins (from 1); slanted lines last, because
    they stand across the others."""
    numbers = page_number_lines(pages)
    running = _running_lines(pages)
    _take_in_overflow(pages, numbers, running)
    items: list[tuple[int, Line | JoinedTable]] = []
    open_table: JoinedTable | None = None
    for place, page in enumerate(pages):
        follows = pages[place + 1] if place + 1 < len(pages) else None
        for item in _ordered(page, numbers):
            if isinstance(item, Line):
                if (page.number, item.box) not in running:
                    open_table = None
                items.append((page.number, item))
                continue
            if open_table is not None and open_table.pieces[-1][0] != page.number and _continues(open_table, item):
                open_table.pieces.append((page.number, item))
                continue
            frame = page.framed.get(_index_of(page.tables, item))
            if frame is not None and not _continued_on(item, page, follows, numbers, running):
                items.extend((page.number, line) for line in frame)
                open_table = None
                continue
            open_table = JoinedTable([(page.number, item)])
            items.append((page.number, open_table))
    return _with_aligned(items, running) + [(page.number, line) for page in pages for line in page.slanted]


def _with_aligned(
    items: list[tuple[int, Line | JoinedTable]], running: set[tuple[int, tuple[float, ...]]]
) -> list[FlowItem]:
    found: list[FlowItem] = []
    lines: list[tuple[int, Line]] = []
    for page, item in items:
        if isinstance(item, Line):
            lines.append((page, item))
            continue
        found.extend(_between_running_lines(lines, running))
        lines = []
        found.append((page, item))
    found.extend(_between_running_lines(lines, running))
    return found


def _between_running_lines(
    lines: list[tuple[int, Line]], running: set[tuple[int, tuple[float, ...]]]
) -> list[tuple[int, Line | AlignedTable]]:
    """Lines with the tables among them, which running heads and feet do not part: those stand where they stood, or
    behind a table that goes on around them."""
    running_at = [at for at, (page, line) in enumerate(lines) if (page, line.box) in running]
    if not running_at:
        return with_aligned_tables(lines)
    places = {id(line): at for at, (_, line) in enumerate(lines)}
    found: list[tuple[int, Line | AlignedTable]] = []
    waiting, heads_and_feet = deque(running_at), set(running_at)
    last = -1
    for page, item in with_aligned_tables([item for at, item in enumerate(lines) if at not in heads_and_feet]):
        reached = places[id(item)] if isinstance(item, Line) else last
        while waiting and waiting[0] <= max(reached, last + 1):
            last = waiting.popleft()
            found.append(lines[last])
        found.append((page, item))
        last = max(reached, last)
    return [*found, *(lines[at] for at in waiting)]


def _index_of(tables: Sequence[PageTable], table: PageTable) -> int:
    return next(i for i, other in enumerate(tables) if other is table)


def _ordered(page: PageLayout, numbers: set[tuple[int, tuple[float, ...]]]) -> list[Line | PageTable]:
    items: list[Line | PageTable] = [line for line in page.lines if (page.number, line.box) not in numbers]
    items.extend(page.tables)
    return sorted(items, key=lambda item: (round(_top(item), 1), item.box[0]))


def _top(item: Line | PageTable) -> float:
    return item.baseline - 0.8 * item.height if isinstance(item, Line) else item.ys[0]


def _continues(table: JoinedTable, piece: PageTable) -> bool:
    return _same_columns(table.columns(), piece.xs)


def _continued_on(
    piece: PageTable,
    page: PageLayout,
    follows: PageLayout | None,
    numbers: set[tuple[int, tuple[float, ...]]],
    running: set[tuple[int, tuple[float, ...]]],
) -> bool:
    """Whether the piece is the last thing on its page and the next page begins with the rest of its table."""
    if follows is None:
        return False
    here, there = _solid(page, numbers, running), _solid(follows, numbers, running)
    if not there or here[-1] is not piece or not isinstance(there[0], PageTable) or len(there[0].xs) < 3:
        return False
    return _same_columns(piece.xs, there[0].xs)


def _solid(
    page: PageLayout, numbers: set[tuple[int, tuple[float, ...]]], running: set[tuple[int, tuple[float, ...]]]
) -> list[Line | PageTable]:
    """What stands on the page but page numbers and running heads."""
    items = _ordered(page, numbers)
    return [item for item in items if isinstance(item, PageTable) or (page.number, item.box) not in running]


def _take_in_overflow(
    pages: list[PageLayout], numbers: set[tuple[int, tuple[float, ...]]], running: set[tuple[int, tuple[float, ...]]]
) -> None:
    """Words that hang out of the last row of a table that goes on overleaf belong to the cell that they hang from."""
    for page, follows in pairwise(pages):
        here, there = _solid(page, numbers, running), _solid(follows, numbers, running)
        tables = [i for i, item in enumerate(here) if isinstance(item, PageTable)]
        if not tables or not there or not 1 <= len(here) - 1 - tables[-1] <= 3:
            continue
        table, rest = here[tables[-1]], [item for item in here[tables[-1] + 1 :] if isinstance(item, Line)]
        if not isinstance(table, PageTable) or not isinstance(there[0], PageTable):
            continue
        if not _same_columns(table.xs, there[0].xs):
            continue
        cells = list(table.cells)
        if all(_taken_in(line, cells, table.ys[-1]) for line in rest):
            page.tables[_index_of(page.tables, table)] = replace(table, cells=tuple(cells))
            page.lines = [line for line in page.lines if all(line is not taken for taken in rest)]


def _taken_in(line: Line, cells: list[TableCell], bottom: float) -> bool:
    """Adds each of the line's words to the cell that it hangs from; whether all of them hang from one."""
    hanging: dict[int, list[str]] = {}
    for word in line.words:
        at = next((i for i, cell in enumerate(cells) if _hangs_from(word, line, cell, bottom)), None)
        if at is None:
            return False
        hanging.setdefault(at, []).append(word.text)
    for at, words in hanging.items():
        cells[at] = replace(cells[at], text=(cells[at].text + "\n" + " ".join(words)).lstrip("\n"))
    return True


def _hangs_from(word: Word, line: Line, cell: TableCell, bottom: float) -> bool:
    left, _, right, low = cell.box
    near = abs(low - bottom) < 1.0 and _top(line) < bottom + 0.6 * line.height
    return near and left - 1.0 <= word.left and word.right <= right + 1.0


def _same_columns(first: Sequence[float], second: Sequence[float]) -> bool:
    """Whether columns with these edges are one table's. On a page that a tall cell at the left runs through, its left
    side may be a line that nothing meets: then the table begins at a column further right."""
    if abs(first[-1] - second[-1]) > SAME_EDGE:
        return False
    if abs(first[0] - second[0]) > SAME_EDGE:
        few, many = (first, second) if first[0] > second[0] else (second, first)
        right = [x for x in many if x > few[0] - SAME_EDGE]
        alike = len(right) == len(few) and all(abs(x - y) <= SAME_EDGE for x, y in zip(few, right, strict=True))
        return alike and len(few) > MANY_COLUMNS
    few, many = sorted((first[1:-1], second[1:-1]), key=len)
    matching = sum(any(abs(x - y) <= SAME_EDGE for y in many) for x in few)
    return matching >= 0.6 * len(few)


def _common_edges(sets: list[tuple[float, ...]]) -> list[float]:
    edges = list(sets[0])
    for other in sets[1:]:
        edges.extend(x for x in other if all(abs(x - edge) > SAME_EDGE for edge in edges))
    return sorted(edges)


def _margin_lines(page: PageLayout) -> list[tuple[Line, str]]:
    """Lines in the outer margins, with `head` or `foot`."""
    found = []
    for line in page.lines:
        middle = (line.box[1] + line.box[3]) / 2
        if middle < MARGIN * page.height:
            found.append((line, "head"))
        elif middle > (1 - MARGIN) * page.height:
            found.append((line, "foot"))
    return found


def page_number_lines(pages: list[PageLayout]) -> set[tuple[int, tuple[float, ...]]]:
    """Page and box of each line that is a page number and nothing else: alone in the outer margin, with dashes around
    it, or counting on with the pages."""
    proven: set[tuple[int, tuple[float, ...]]] = set()
    counting: list[tuple[int, Line, str, int]] = []
    for page in pages:
        for line, side in _margin_lines(page):
            text = line.text.strip()
            if _DASHED.match(text) and _outermost(line, page, side, 0.0):
                proven.add((page.number, line.box))
                continue
            if not _outermost(line, page, side, 0.3 * line.height):
                continue
            bare = _BARE.match(text)
            worded = _WORDED.match(text)
            if bare or worded:
                value = int((bare or worded).group(1))  # type: ignore[union-attr]
                kind = side + re.sub(r"\d+", "#", text, count=1)
                counting.append((page.number, line, kind, value))
                if bare and value == page.number:
                    proven.add((page.number, line.box))
    steps = Counter((kind, value - number) for number, _, kind, value in counting)
    for number, line, kind, value in counting:
        if steps[kind, value - number] >= 2:
            proven.add((number, line.box))
    return proven


def _outermost(line: Line, page: PageLayout, side: str, room: float) -> bool:
    """Nothing but other margin lines stands farther out, and that much room lies on the inner side."""
    inner = [other.box for other in page.lines if other is not line] + [table.box for table in page.tables]
    if side == "foot":
        return all(box[3] < line.box[1] - room or box[1] > (1 - MARGIN) * page.height for box in inner)
    return all(box[1] > line.box[3] + room or box[3] < MARGIN * page.height for box in inner)


def _running_lines(pages: list[PageLayout]) -> set[tuple[int, tuple[float, ...]]]:
    """Heads and feet that are repeated on pages at one height: they stay text, but part no table."""
    seen: dict[tuple[str, str, int], list[tuple[int, tuple[float, ...]]]] = {}
    for page in pages:
        for line, side in _margin_lines(page):
            key = (side, re.sub(r"\d+", "#", line.text), round(line.baseline / 4))
            seen.setdefault(key, []).append((page.number, line.box))
    return {place for places in seen.values() if len({number for number, _ in places}) > 1 for place in places}
