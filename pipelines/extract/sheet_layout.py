"""Sheets as lines and grids: titles and prose stand in cells too; borders and merged ranges tell a table from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipelines.extract.fields import trimmed
from pipelines.extract.flow import Flow, Item, Line
from pipelines.extract.limits import DOCUMENT_CELLS, grid_too_large
from pipelines.extract.sheet import Merge, Sheet, Slot, add_issue, without_hidden
from pipelines.extract.spans import Layout, Placed
from pipelines.extract.tables import table_items
from pipelines.model import Issue

_LONG_LINE = 60
"""Letters of a cell that stands alone in its row, beyond which it is no row's label."""
_MERGED_SLOTS = 1_000_000
_BLANK_ROWS = 20
"""Framed rows without text that a table may have in a sequence; more are a form's unused lines."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that shows something. `columns` are the filled cells', `crossed` says that a merged cell reaches into it
    from above."""

    number: int
    columns: tuple[int, ...]
    crossed: bool
    framed: bool


def workbook_items(sheets: Sequence[Sheet]) -> tuple[list[Item], list[Issue]]:
    """The sheets one after the other. A sheet that has no line above its first table is headed by its tab's name where
    there are several sheets. Raises Unreadable `too_large`."""
    items: list[Item] = []
    issues: list[Issue] = []
    shown = [(sheet, found) for sheet in sheets if (found := _sheet_items(sheet, issues))]
    for number, (sheet, found) in enumerate(shown):
        if len(shown) > 1 and not isinstance(found[0], Line):
            items.append(Line(sheet.name, heading=True, page_break=number > 0))
        elif number and isinstance(first := found[0], Line):
            found[0] = Line(first.text, first.heading, page_break=True)
        items.extend(found)
    return items, issues


def _sheet_items(sheet: Sheet, issues: list[Issue]) -> list[Item]:
    if sheet.hidden_rows or sheet.hidden_columns:
        sheet, left_out = without_hidden(sheet)
        if left_out:
            message = f"{left_out} cells stand in rows or columns that the sheet hides, and are not read."
            add_issue(issues, Issue("hidden_text", message, f"sheet {sheet.name}"))
    return list(_Board(sheet, issues).items())


class _Board:
    """A sheet's filled rows and merged cells, and what they are."""

    def __init__(self, sheet: Sheet, issues: list[Issue]) -> None:
        self.sheet = sheet
        self.merge_at: dict[Slot, Merge] = {}
        self.merge_over: dict[Slot, Merge] = {}
        last_row = max((row for row, _ in sheet.texts), default=-1)
        last_column = max((column for _, column in sheet.texts), default=-1)
        self._merge(last_row, last_column, issues)
        self._frames = _by_row(slot for slot in sheet.framed if slot[0] <= last_row and slot[1] <= last_column)
        self._anchors = _by_row(self.merge_at)
        self.rows = self._rows()

    def _merge(self, last_row: int, last_column: int, issues: list[Issue]) -> None:
        """Takes the merged ranges, cut to where the sheet has text; of two that overlap the first."""
        for merge in sorted(self.sheet.merges, key=lambda m: (m.row, m.column)):
            cut = Merge(merge.row, merge.column, min(merge.last_row, last_row), min(merge.last_column, last_column))
            if cut.last_row < cut.row or cut.last_column < cut.column or cut.size == 1:
                continue
            if cut.size + len(self.merge_over) > _MERGED_SLOTS:
                raise grid_too_large(f"sheet {self.sheet.name}")
            slots = [(r, c) for r in range(cut.row, cut.last_row + 1) for c in range(cut.column, cut.last_column + 1)]
            if any(slot in self.merge_over for slot in slots):
                continue
            self.merge_over.update(dict.fromkeys(slots, cut))
            self.merge_at[slots[0]] = cut
            for slot in slots[1:]:
                if text := self.sheet.texts.pop(slot, None):
                    message = f"A merged cell hides text that is not shown: {text[:120]}"
                    add_issue(issues, Issue("hidden_text", message, f"sheet {self.sheet.name}, row {slot[0] + 1}"))

    def _rows(self) -> dict[int, _Row]:
        filled = _by_row(self.sheet.texts)
        crossed = {
            row
            for anchor, merge in self.merge_at.items()
            if anchor in self.sheet.texts
            for row in range(merge.row + 1, merge.last_row + 1)
        }
        rows = {
            number: _Row(number, tuple(sorted(filled.get(number, ()))), number in crossed, number in self._frames)
            for number in sorted(filled.keys() | crossed | self._frames.keys())
        }
        for blank in _long_blanks(rows.values()):
            del rows[blank]
        return rows

    def items(self) -> Iterator[Item]:
        for run in _runs(self.rows.values()):
            yield from self._run_items(run)

    def _run_items(self, run: Sequence[_Row]) -> Iterator[Item]:
        """Rows that follow each other without a gap."""
        above, below = self._tables_beside(run), self._tables_beside(run[::-1])[::-1]
        pending: list[_Row] = []
        for row, upper, lower in zip(run, above, below, strict=True):
            if self._is_line(row, upper, lower):
                yield from self._grid(pending)
                pending = []
                texts = [self.sheet.texts[row.number, column] for column in row.columns]
                yield from (Line(line) for line in "\t".join(texts).split("\n") if trimmed(line))
            else:
                pending.append(row)
        yield from self._grid(pending)

    def _tables_beside(self, run: Sequence[_Row]) -> list[_Row | None]:
        """For each row the nearest table row before it."""
        found: list[_Row | None] = []
        last: _Row | None = None
        for row in run:
            found.append(last)
            if self._is_tabular(row):
                last = row
        return found

    def _is_tabular(self, row: _Row) -> bool:
        return row.crossed or len(row.columns) != 1 or self._has_other_cells(row)

    def _is_line(self, row: _Row, above: _Row | None, below: _Row | None) -> bool:
        """Whether a row is a title or prose and not a table's row.

        A cell alone in its row is one if it is merged over the whole width of the table beside it, if the rows of that
        table are framed and it is not, or, where nothing is framed, if it is long or stands above the table or behind
        it; a table's last row may be a label whose numbers were left blank. Of several cells, those of an unframed row
        at the edge of a framed table are, if they name something (`name: it`).
        """
        if row.crossed or not row.columns:
            return False
        beside = [other for other in (above, below) if other is not None]
        frames = any(other.framed for other in beside)
        if len(row.columns) > 1:
            edge = len(beside) < 2
            return edge and not row.framed and frames and any(self._is_notice(row, c) for c in row.columns)
        if any(self._covers(row, other) for other in beside):
            return True
        if self._has_other_cells(row):
            return False
        if frames or not above or len(self.sheet.texts[row.number, row.columns[0]]) > _LONG_LINE:
            return True
        return below is None and (above.number != row.number - 1 or row.number + 1 in self.rows)

    def _is_notice(self, row: _Row, column: int) -> bool:
        """Whether a cell is a pair of name and value of its own (`name: value`)."""
        text = self.sheet.texts[row.number, column]
        return ":" in text[1:] or "\uff1a" in text[1:]

    def _covers(self, row: _Row, other: _Row) -> bool:
        """Whether the row's one cell is merged over all columns of another row."""
        first, last = self._extent(other)
        merge = self.merge_at.get((row.number, row.columns[0]))
        return merge is not None and merge.column <= first and merge.last_column >= last > first

    def _has_other_cells(self, row: _Row) -> bool:
        """Whether a row has cells besides its one filled cell: framed, or merged."""
        column = row.columns[0]
        merge = self.merge_at.get((row.number, column))
        own = range(column, (merge.last_column if merge else column) + 1)
        others = (*self._frames.get(row.number, ()), *self._anchors.get(row.number, ()))
        return any(other not in own for other in others)

    def _extent(self, row: _Row) -> Slot:
        """First and last column that the row's cells take."""
        if not row.columns:
            return 0, 0
        last = row.columns[-1]
        merge = self.merge_at.get((row.number, last))
        return row.columns[0], merge.last_column if merge else last

    def _grid(self, rows: Sequence[_Row]) -> Iterator[Item]:
        """Rows as a table: every place of the rectangle that its texts span is a cell, empty or not.

        Where no merged cell is left to say what spans what, a line of fields a row."""
        if not any(row.columns for row in rows):
            return
        extents = [self._extent(row) for row in rows if row.columns]
        left, right = min(first for first, _ in extents), max(last for _, last in extents)
        top, bottom = rows[0].number, rows[-1].number
        if (bottom - top + 1) * (right - left + 1) > DOCUMENT_CELLS:
            raise grid_too_large(f"sheet {self.sheet.name}")
        if self._lost_its_spans(range(top, bottom + 1), range(left, right + 1)):
            yield from (self._fields(row, range(left, right + 1)) for row in range(top, bottom + 1))
            return
        cells: list[Placed[Flow]] = []
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                merge = self.merge_over.get((row, column))
                if merge is None:
                    cells.append(Placed(self._flow(row, column), row - top, column - left, 1, 1))
                elif row == max(merge.row, top) and column == max(merge.column, left):
                    height, width = min(merge.last_row, bottom) - row + 1, min(merge.last_column, right) - column + 1
                    content = self._flow(merge.row, merge.column) if merge.row >= top else Flow()
                    cells.append(Placed(content, row - top, column - left, height, width))
        yield from table_items(Layout(tuple(cells), bottom - top + 1, right - left + 1))

    def _lost_its_spans(self, rows: range, columns: range) -> bool:
        """Whether a table's head has gaps and nothing in the table is merged: written by a program that merges nothing,
        it is a table no more, but rows of fields."""
        merged = any(column in columns for row in rows for column in self._anchors.get(row, ()))
        return not merged and any((rows[0], column) not in self.sheet.texts for column in columns)

    def _fields(self, row: int, columns: range) -> Line:
        """A row's texts with tabs between them, and one behind where else all tabs would stand before the text."""
        texts = [self.sheet.texts.get((row, column), "") for column in columns]
        line = "\t".join(" ".join(text.split()) for text in texts)
        return Line(line if "\t" in line.lstrip() else f"{line}\t")

    def _flow(self, row: int, column: int) -> Flow:
        lines = self.sheet.texts.get((row, column), "").split("\n")
        return Flow(items=[Line(line) for line in lines if trimmed(line)])


def _by_row(slots: Iterable[Slot]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for row, column in slots:
        found.setdefault(row, []).append(column)
    return found


def _runs(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    run: list[_Row] = []
    for row in rows:
        if run and row.number != run[-1].number + 1:
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _long_blanks(rows: Iterable[_Row]) -> list[int]:
    """The rows without text that are too many in a sequence to be a table's."""
    found: list[int] = []
    sequence: list[int] = []
    for row in (*rows, None):
        if row is not None and not row.columns and not row.crossed:
            sequence.append(row.number)
            continue
        if len(sequence) > _BLANK_ROWS:
            found.extend(sequence)
        sequence = []
    return found
