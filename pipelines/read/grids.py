"""Drawn tables -> findings: each number belongs to the row label and the column header that it stands under."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipelines.model import Grid, GridCell, Issue, Place
from pipelines.read.alignment import align
from pipelines.read.applicants import ApplicantHeader, Placed, Value, applicant_header, place, settled_by_sums
from pipelines.read.findings import AMBIGUOUS, Findings, Printed, only
from pipelines.read.headers import DisclosureHeader, disclosure_header, procedure_of
from pipelines.read.labels import Labels, Match, behind_group, body, fold, line_of, marker
from pipelines.read.numbers import read_number
from pipelines.read.results import headed, is_headed, is_procedure, result_of, results_named
from pipelines.read.run_together import Origins, parted
from pipelines.read.stacking import stacked
from pipelines.read.turning import turned
from pipelines.read.unclaimed import unclaimed

_DIGITS = re.compile(r"\s*\d[\d\s.,，．]*")
_SEVERAL = 3
_RESULTS = 5
_SKIPPED = 2
"""A line that shares its label with others follows at most so many lines behind the one before it."""


@dataclass(slots=True)
class _State:
    """What the rows above say: it carries over to the next grid, for tables that a page break cuts."""

    applicants: ApplicantHeader | None = None
    disclosure: DisclosureHeader | None = None
    last: str | None = None


def read_grids(grids: Sequence[tuple[Grid, str]], labels: Labels, findings: Findings) -> None:
    """Reads grids in document order; each comes with the text that stands right before it (its caption, if any)."""
    state = _State()
    for grid, before in grids:
        _GridReader(grid, before, labels, findings, state).read()


class _GridReader:
    def __init__(self, grid: Grid, before: str, labels: Labels, findings: Findings, state: _State) -> None:
        self.grid, self.origins = _set_right(grid, labels)
        self.before, self.labels, self.findings, self.state = before, labels, findings, state
        self.covering: list[list[GridCell]] = [[] for _ in range(self.grid.row_count)]
        for cell in self.grid.cells:
            for r in range(cell.row, min(cell.row + cell.row_span, self.grid.row_count)):
                self.covering[r].append(cell)
        for row in self.covering:
            row.sort(key=lambda c: c.column)
        self.zone = 0
        self.columns = labels.columns["application"]
        self.lines = [
            line
            for form in labels.forms.values()
            if form.prints("application")
            for line in form.table("application").columns
        ]
        self.windows: set[tuple[int, int]] | None = None
        self.aside = False
        self.review_header: dict[int, list[GridCell]] = {}
        self.unfilled = False
        self.marked: set[str] = set()
        """Lines of table three read under a label with its item marker: 合计 behind （七）总计 is another line."""

    def read(self) -> None:
        row = 0
        unread: list[int] = []
        read: set[int] = set()
        while row < self.grid.row_count:
            taken = self._row(row)
            if taken:
                self.zone = row + taken
                read.update(range(row, row + taken))
            elif self._shows_number(row) or any(c.row == row and _DIGITS.fullmatch(c.text) for c in self.covering[row]):
                unread.append(row)
            row += max(taken, 1)
        self._report(unread)
        self.findings.issues += unclaimed(self.grid, self.origins, self.findings.accounted, read)

    def _shows_number(self, row: int) -> bool:
        return any(c.row == row and read_number(c.text).status == "reported" for c in self.covering[row])

    def _report(self, unread: list[int]) -> None:
        """Rows and columns with numbers that no form knows are issues, never dropped without a word."""
        if self.aside and self.state.applicants:
            foreign = " | ".join(dict.fromkeys(self.state.applicants.foreign.values()))
            self.findings.issues.append(
                Issue(
                    "column_unknown",
                    f"no form has the column {foreign[:60]!r}; its numbers were left out",
                    f"table {self.grid.index + 1}",
                )
            )
        if unread:
            self.findings.unread.update(self._rows_named())
        if self.zone == 0 and unread:
            self.findings.issues.append(
                Issue(
                    "table_unknown",
                    f"no form has this table ({len(unread)} rows with numbers, from "
                    f"{' | '.join(c.text.strip() for c in self.covering[unread[0]])[:60]!r}); it was left out",
                    f"table {self.grid.index + 1}",
                )
            )
            return
        for row in unread:
            printed, _ = self._printed_at(next(c for c in self.covering[row] if c.row == row))
            self.findings.issues.append(
                Issue(
                    "label_unknown",
                    f"no form has the row {' | '.join(c.text.strip() for c in self.covering[row])[:90]!r}; it was left "
                    "out: if the form prints it, add it to pipelines/forms",
                    f"table {self.grid.index + 1}, row {printed + 1}",
                )
            )

    def _rows_named(self) -> Iterator[tuple[tuple[str, str], int]]:
        """The rows that the grid's labels name of tables of which nothing was read in it, several of each."""
        read = {found.table for found in self.findings.found if found.printed.place.block == self.grid.index}
        for table in {"disclosure", "application", "review"} - read:
            matches = (line_of(cell.text, table, self.labels) for cell in self.grid.cells)
            found = {match.code for match in matches if match}
            if len(found) >= _SEVERAL:
                yield from (((table, code), self.grid.index) for code in found)

    def _printed_at(self, cell: GridCell) -> tuple[int, int]:
        """The row and column of a cell in the grid as the document has it."""
        return self.origins.get((cell.row, cell.column), (cell.row, cell.column))

    def _row(self, row: int) -> int:
        """Reads one row (two where a page break cut it) and says how many it took; 0 for a row that is no data."""
        if header := disclosure_header([c.text for c in self.covering[row]], self.labels):
            self.state.disclosure = header
            for printed, match in header.printed:
                self.findings.label("disclosure", "column", printed, match)
            self.zone = row + 1
            return 0
        readers: tuple[Callable[[int], int], ...] = (self._application, self._disclosure, self._review)
        return next((taken for reader in readers if (taken := reader(row))), 0)

    # ---------------------------------------------------------------- 收到和处理政府信息公开申请情况
    def _application(self, row: int) -> int:
        label = self._label("application", row)
        if label is None:
            return 0
        cell, match, printed, taken = label
        values = self._values(row, cell, taken)
        shown = [v for v, _ in values if v.number.status != "blank"]
        if not values or (shown and all(v.number.status == "unreadable" for v in shown)):
            return 0
        if match.code in self.marked and not marker(cell.text):
            return 0
        if marker(cell.text):
            self.marked.add(match.code)
        columns = tuple(self.columns.order)
        if self._beside("application", row, cell, match):
            self.findings.doubt("application", match.code, columns, [v for v, _ in values], None)
            return taken
        if header := self._applicant_header(row, cell.column + cell.column_span):
            self.state.applicants = header
            for text, named in header.printed:
                self.findings.label("application", "column", text, named)
        elif self.state.applicants is None and len(values) != len(columns):
            return 0
        header = self.state.applicants
        reach = max(c.column + c.column_span for c in self.covering[row])
        lacking = header is not None and any(column >= reach for column in header.foreign)
        placed = None if lacking else place(values, header, columns, self._hole(row))
        counted = header is None or not (header.unsure or header.foreign or not header.keeps_order(columns))
        if placed is None and counted and (window := self._window(values)):
            placed = Placed(columns, tuple(v for v, _ in window))
        form = only(match.forms)
        self.findings.label("application", "row", printed, match)
        if placed is None:
            self.findings.doubt("application", match.code, columns, [v for v, _ in values], form)
        else:
            self.findings.take("application", match.code, placed.columns, placed.values, form)
            self.findings.account(placed.left)
            self.aside |= bool(placed.left)
        self.state.last = match.code
        return taken

    def _applicant_header(self, row: int, behind: int) -> ApplicantHeader | None:
        """The header over a row whose label ends at `behind`, its order held against the totals of the grid's rows."""
        over = [self._above(row, column) for column in range(self.grid.column_count)]
        header = applicant_header(over, behind, self.columns, self.lines)
        if header is None:
            return None
        return settled_by_sums(header, self._rows_of_values(), tuple(self.columns.order))

    def _rows_of_values(self) -> Iterator[list[Value]]:
        """The values of each row of the grid that table three knows."""
        for row in range(self.grid.row_count):
            if label := self._label("application", row):
                yield self._values(row, label[0], label[3])

    def _hole(self, row: int) -> Printed | None:
        """What a place without a cell shows: nothing, where places are measured on the page; else it is unknown."""
        cell = self.covering[row][0]
        if cell.box is None:
            return None
        place = Place("grid", self.grid.index, row, cell.column, cell.page, None)
        return Printed(read_number(""), "", place, cell.reading)

    def _window(self, values: Sequence[Value]) -> Sequence[Value]:
        """The row's values without the empty cells around them, where every row of this table that shows all its values
        has as many cells and the same ones empty: then a blank is a value's, wherever it stands. Else nothing."""
        if self.windows is None:
            self.windows = set(self._whole_rows())
        if len(self.windows) != 1:
            return ()
        count, first = next(iter(self.windows))
        inside = values[first : first + len(self.columns.order)]
        around = [*values[:first], *values[first + len(self.columns.order) :]]
        fits = len(values) == count and all(v.number.status == "blank" for v, _ in around)
        return inside if fits else ()

    def _whole_rows(self) -> Iterator[tuple[int, int]]:
        """Of each row that shows as many values as there are columns: its cells, and which of them is the first value,
        -1 where a blank stands between them."""
        columns = len(self.columns.order)
        for values in self._rows_of_values():
            shown = [i for i, (v, _) in enumerate(values) if v.number.status != "blank"]
            if len(shown) == columns:
                yield len(values), shown[0] if shown[-1] - shown[0] == columns - 1 else -1

    # ---------------------------------------------------------------- 主动公开政府信息情况
    def _disclosure(self, row: int) -> int:
        label = self._label("disclosure", row)
        if label is None:
            return 0
        cell, match, printed, taken = label
        values = self._values(row, cell, taken)
        if not values:
            return 0
        header = self.state.disclosure
        if header is not None and self._beside("disclosure", row, cell, match):
            self.findings.doubt("disclosure", match.code, header.columns, [v for v, _ in values], header.form)
            return taken
        if header is None or not header.heads(match.code):
            if not self._is_disclosure():
                return 0
            self.findings.headless("disclosure", match.code, [v for v, _ in values])
            self.findings.label("disclosure", "row", printed, match)
            return taken
        self.findings.label("disclosure", "row", printed, match)
        cells = self._header_cells(row)
        spans = header.spans(cells) if cells else [None] * len(header.columns)
        placed = align([(v, c.column, c.column + c.column_span) for v, c in values], spans)
        if placed is None:
            self.findings.doubt("disclosure", match.code, header.columns, [v for v, _ in values], header.form)
        else:
            self.findings.take("disclosure", match.code, header.columns, placed, header.form)
        return taken

    def _is_disclosure(self) -> bool:
        """Whether the grid has several rows of table two: one alone may stand in any other table."""
        index = self.labels.rows["disclosure"]
        return len({m.code for c in self.grid.cells for m in index.exact(c.text)}) >= _SEVERAL

    def _header_cells(self, row: int) -> list[GridCell]:
        for above in range(row - 1, -1, -1):
            if disclosure_header([c.text for c in self.covering[above]], self.labels):
                return self.covering[above]
        return []

    # ---------------------------------------------------------------- 行政复议、行政诉讼情况
    def _review(self, row: int) -> int:
        cells = [c for c in self.covering[row] if c.row == row]
        values = [(self._printed(c), c) for c in cells]
        shown = [
            i
            for i, (v, c) in enumerate(values)
            if v.number.status != "unreadable" or v.candidates or _DIGITS.fullmatch(c.text)
        ]
        lead, values = (values[: shown[0]], values[shown[0] :]) if shown else (values, [])
        named = [v for v, _ in values if v.number.status == "reported"]
        leads = [c.text for _, c in lead if c.text.strip()]
        if len(leads) > 1 and not is_procedure(leads, self.labels):
            return 0
        if len(values) < _RESULTS or len(shown) < _SEVERAL or not (named or len(shown) == len(values)):
            return 0
        own = self._review_header(row)
        header = self.review_header = own or self.review_header
        if not header:
            return 0
        headed = [(v, c) for v, c in values if v.number.status != "blank" or is_headed(header, c, self.labels)]
        beyond, values = len(values) > len(headed), headed
        procedure = procedure_of("".join(leads), self.labels)
        if not (own or procedure) and all(v.number.status == "blank" for v, _ in values):
            return 1
        keys = [result_of(header, c, procedure, self.before, self.labels) for _, c in values]
        results = list(self.labels.columns["review"].order)
        procedures = list(self.labels.rows["review"].order)
        printed = [v for v, _ in values]
        leaves = self._leaves(row)
        listed = leaves == results * len(procedures)
        in_turn = [key[1] for key in keys if key] == leaves or len(keys) > len(leaves)
        shifted = (beyond and len(set(keys)) % len(results) > 0) or not (own or procedure or self.unfilled)
        self.unfilled = all(v.number.status == "blank" for v in printed)
        if None not in keys and len(set(keys)) == len(keys) and in_turn and not shifted:
            for key, value in zip(keys, printed, strict=True):
                if key is not None:
                    self.findings.take("review", key[0], [key[1]], [value], None)
        elif len(values) == len(procedures) * len(results) and listed:
            for number, code in enumerate(procedures):
                self.findings.take("review", code, results, printed[number * len(results) :][: len(results)], None)
        elif procedure and len(values) == len(results) == len(shown) and results_named(header, self.labels) == results:
            self.findings.take("review", procedure, results, printed, None)
        else:
            for code in dict.fromkeys(key[0] for key in keys if key) or procedures:
                self.findings.doubt("review", code, results, printed, None)
        return 1

    def _review_header(self, row: int) -> dict[int, list[GridCell]]:
        """The header cells over each column, where they name at least three results."""
        index = self.labels.columns["review"]
        over = {c: self._above(row, c) for c in range(self.grid.column_count)}
        named = {match.code for cells in over.values() for _, match in index.ending(headed(cells))}
        return over if len(named - {"total"}) >= 3 else {}

    def _leaves(self, row: int) -> list[str]:
        """The results that the header zone names, in the order of reading."""
        index = self.labels.columns["review"]
        cells = [c for r in range(self.zone, row) for c in self.covering[r] if c.row == r]
        return [match.code for c in cells for match in index.exact(c.text)[:1]]

    # ---------------------------------------------------------------- common
    def _above(self, row: int, column: int) -> list[GridCell]:
        """The cells of the header zone over a column, from top to bottom, each once."""
        cells: list[GridCell] = []
        for above in range(self.zone, row):
            for cell in self.covering[above]:
                if cell.column <= column < cell.column + cell.column_span and cell.text.strip() and cell not in cells:
                    cells.append(cell)
        return cells

    def _label(self, table: str, row: int) -> tuple[GridCell, Match, str, int] | None:
        """The row's label: its cell, the line it names, as printed, and how many rows it takes."""
        cells = self.covering[row]
        texts = [c for c in cells if c.row == row and read_number(c.text).status == "unreadable"]
        for cell in reversed(texts):
            if not self._heads_others(table, cell) and (found := self._named(table, cell, cells, row)):
                return cell, *found
        return None

    def _heads_others(self, table: str, cell: GridCell) -> bool:
        """Whether a label that some form prints as a row's and another as a group's is the group's here: it stands, or
        stands again, beside a row of its own."""
        folded = fold(cell.text)
        if folded not in self.labels.groups[table]:
            return False
        same = {c.row for c in self.grid.cells if c.column == cell.column and fold(c.text) == folded}
        same.update(range(cell.row, cell.row + cell.row_span))
        beside = (c for c in self.grid.cells if c.row in same and c.column > cell.column)
        return any(self.labels.rows[table].exact(c.text) for c in beside)

    def _named(self, table: str, cell: GridCell, cells: Sequence[GridCell], row: int) -> tuple[Match, str, int] | None:
        """The line that a cell's text names: by itself, with what a page break cut off below it, behind its group's
        label, or nearly."""
        index = self.labels.rows[table]
        if match := self._settle(table, index.exact(cell.text), cells, cell):
            return match, cell.text, 2 if self._cut_behind(cell, row) else 1
        below = self.covering[row + 1] if row + 1 < self.grid.row_count else []
        rest = next((c for c in below if c.row == row + 1 and c.column == cell.column), None)
        if rest is not None and not index.exact(rest.text):
            joined = cell.text + rest.text
            if match := self._settle(table, index.exact(joined), cells, cell):
                return match, joined, 2
        if match := behind_group(cell.text, table, self.labels):
            return match, cell.text, 1
        near = index.like(cell.text)
        return (near, cell.text, 1) if near else None

    def _cut_behind(self, label: GridCell, row: int) -> bool:
        """Whether a page break cut the row below its whole label: the next row, overleaf, has no label and goes on with
        values, at least one of which stands in one of the two only."""
        below = [c for c in self.covering[row + 1] if c.row == row + 1] if row + 1 < self.grid.row_count else []
        behind = label.column + label.column_span
        if not below or any(c.page == label.page or (c.text.strip() and c.column < behind) for c in below):
            return False
        above = {c.column: bool(c.text.strip()) for c in self.covering[row] if c.column >= behind}
        pairs = [(above.get(c.column, False), bool(c.text.strip())) for c in below if c.column >= behind]
        return any(rest for _, rest in pairs) and any(first != rest for first, rest in pairs)

    def _settle(
        self, table: str, matches: tuple[Match, ...], cells: Sequence[GridCell], label: GridCell
    ) -> Match | None:
        """Which of the lines that share this label is meant, by the group that it stands in and the row before."""
        if len(matches) <= 1:
            return matches[0] if matches else None
        left = {fold(c.text) for c in cells if c.column < label.column}
        for match in matches:
            for form in match.forms:
                line = self.labels.forms[form].table(table).row(match.code)
                if line and line.groups and fold(line.groups[-1]) in left and len(line.groups) > 1:
                    return match
        order = self.labels.rows[table].order
        after = [m for m in matches if self.state.last and order[m.code] > order[self.state.last]]
        if any(self._shows_number(row) for row in range(self.zone, label.row)):
            return None
        next_of = [m for m in after if self._goes_on(table, m)]
        return min(next_of, key=lambda m: order[m.code]) if next_of else None

    def _goes_on(self, table: str, match: Match) -> bool:
        """Whether some form prints this line right behind the last one read, or one line further on: 其他 behind
        （五） is （六） as one row, never the third row of a （六） whose first two are not there."""
        for form in match.forms:
            codes = [line.code for line in self.labels.forms[form].table(table).rows]
            if self.state.last in codes and 0 < codes.index(match.code) - codes.index(self.state.last) <= _SKIPPED:
                return True
        return False

    def _beside(self, table: str, row: int, label: GridCell, match: Match) -> bool:
        """Whether the row's label stands twice in it: two reports side by side, whose numbers are not to be mixed."""
        index = self.labels.rows[table]
        others = [c.text for c in self.covering[row] if c is not label and c.row == row and c.text.strip()]
        return any(body(t) == body(label.text) and bool(index.exact(t)) for t in others)

    def _values(self, row: int, label: GridCell, taken: int) -> list[tuple[Printed, GridCell]]:
        after = label.column + label.column_span
        printed = [(self._printed(c), c) for c in self.covering[row] if c.column >= after]
        values = [(v, c) for v, c in printed if c.row == row or v.number.status != "unreadable"]
        if taken == 2:
            values = [self._joined(v, c, row + 1) for v, c in values]
        return values

    def _joined(self, value: Printed, cell: GridCell, row: int) -> tuple[Printed, GridCell]:
        rest = next((c for c in self.covering[row] if c.column == cell.column and c is not cell), None)
        if rest is None or not rest.text.strip():
            return value, cell
        self.findings.accounted.add((self.grid.index, *self._printed_at(rest)))
        text = cell.text + "\n" + rest.text
        whole = replace(cell, text=text, row_span=1, page=cell.page or rest.page, candidates=())
        return self._printed(whole), whole

    def _printed(self, cell: GridCell) -> Printed:
        number = read_number(cell.text)
        if number.status == "unreadable" and self._wrapped(cell):
            number = read_number("".join(cell.text.split()))
        if cell.row_span > 1 and number.status == "reported":
            number = AMBIGUOUS
        place = Place("grid", self.grid.index, *self._printed_at(cell), cell.page or self.grid.page, cell.box)
        return Printed(number, cell.text, place, cell.reading, cell.candidates)

    def _wrapped(self, cell: GridCell) -> bool:
        """Whether a cell too narrow for its number broke it: all lines but the last are full, and no number in the
        column is wider than they are."""
        lines = cell.text.split()
        width = len(lines[0]) if lines else 0
        if width < 2 or len(lines) < 2 or not all(line.isdecimal() for line in lines):
            return False
        if any(len(line) != width for line in lines[:-1]) or len(lines[-1]) > width:
            return False
        column = [c.text.strip() for c in self.grid.cells if c.column == cell.column]
        return not any(len(text) > width for text in column if text.isdecimal())


def _set_right(grid: Grid, labels: Labels) -> tuple[Grid, Origins]:
    """The grid with a line of the form in each row, and where its cells stand in the document if they were moved."""
    if upright := turned(grid, labels):
        return upright, {(cell.row, cell.column): (cell.column, cell.row) for cell in upright.cells}
    return stacked(grid, labels) or parted(grid, labels) or (grid, {})
