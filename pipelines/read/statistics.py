"""The statistics sheet of the reports up to 2018: an indicator, its unit and its number in each row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipelines.model import Grid, GridCell, Issue, Place
from pipelines.read.findings import Findings, Printed, where
from pipelines.read.labels import Labels, Match, fold
from pipelines.read.numbers import UNITS, read_number

LOCAL = "local"
"""The row of an indicator that no national form prints; its printed label is the column."""

TABLE, VALUE, FORM = "statistics", "value", "2014"
HEADS = frozenset(map(fold, ("统计指标", "指标名称", "指标", "统计项目", "指标内容")))
UNIT_HEADS = frozenset(map(fold, ("单位", "计量单位", "统计单位")))
SERIAL_HEADS = frozenset(map(fold, ("序号", "编号", "行次", "代码")))
_SUMS = frozenset(map(fold, ("合计", "总计", "总数", "全市合计", "全县合计", "全区合计", "合计数", "总计数")))
_COUNTS = frozenset(map(fold, ("统计数", "统计数据", "数量", "数值", "数据", "统计结果", "统计数量", "数")))
_ASIDE = frozenset(map(fold, ("备注", "说明", "填报说明", "填报单位", "责任单位")))
_THIS_YEAR = re.compile(r"(?:本年度?|本期|当年|今年|本报告期)(?:数|统计数|数量)?")
_OTHER_YEAR = re.compile(r"(?:上一?年度?|上年同期|去年(?:同期)?|上期)(?:数|统计数|数量)?|(?:同比|比上年)?增(?:减|长)[^0-9]{0,6}|同比.{0,6}")
_YEAR = re.compile(r"(20\d\d)年?度?(?:数|统计数|数量)?")
_HEADING = re.compile(r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,2}[)）]).{2,30}(?:情况|工作)")
_FOOTER = re.compile("电话|传真|日期|负责人|审核|审签|填报|填表|联系人|邮编|邮箱|地址|制表|页码|附注|备注")
_ENOUGH = 5
_HEADER_ROWS = 6
_LONGEST_LABEL = 80


@dataclass(frozen=True, slots=True)
class Columns:
    """The count columns that a header names: how many, and which one counts; `whole` None where it does not say."""

    count: int
    whole: int | None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of the sheet: its label as printed, its unit, and what its count columns show, blanks among them."""

    label: str
    unit: str | None
    counts: tuple[Printed, ...]


@dataclass(slots=True)
class Sheet:
    """Takes the rows in their order: an indicator's place in it tells 四（三）其他情形 from 五（三）."""

    labels: Labels
    findings: Findings
    last: str | None = None
    named: set[str] = field(default_factory=set)

    def take(self, row: SheetRow, columns: Columns | None) -> None:
        """One row into the findings; nothing where it only heads others."""
        match = self.match(row.label)
        if match is None:
            self._local(row, columns)
            return
        if not row.counts:
            return
        self.last = match.code
        chosen = _chosen(row.counts, columns)
        self.findings.label(TABLE, "row", row.label, match)
        if chosen is None:
            self.findings.doubt(TABLE, match.code, (VALUE,), row.counts, FORM)
        else:
            self.findings.take(TABLE, match.code, (VALUE,), [_with_unit(chosen, row.unit)], FORM)

    def match(self, text: str) -> Match | None:
        """The indicator: the one behind the last, where several share a label."""
        index = self.labels.rows[TABLE]
        near = index.like(text)
        found = index.exact(text) or ((near,) if near else ())
        after = [m for m in found if self.last is None or index.order[m.code] > index.order[self.last]]
        return min(after or found, key=lambda m: index.order[m.code], default=None)

    def _local(self, row: SheetRow, columns: Columns | None) -> None:
        name = "".join(row.label.split())
        numbers = [c for c in row.counts if c.number.status == "reported"]
        known = fold(name) in HEADS | UNIT_HEADS | _SUMS | _COUNTS
        if not numbers or not name or known or (_FOOTER.search(name) and row.unit is None):
            return
        chosen = _chosen(row.counts, columns)
        if chosen is not None and 2 <= len(name) <= _LONGEST_LABEL and name not in self.named:
            self.named.add(name)
            self.findings.take(TABLE, LOCAL, [name], [_with_unit(chosen, row.unit)], FORM)
            return
        self.findings.issues.append(
            Issue(
                "label_unknown",
                f"no form has the indicator {name[:60]!r}, and it shows {len(numbers)} numbers that cannot be placed "
                "with certainty; it was left out: compare with the document",
                where(numbers[0].place),
            )
        )


def is_statistics(grid: Grid, labels: Labels) -> bool:
    """Whether a grid is the sheet, or a part of it: headed 统计指标, or with several of its indicators."""
    if any(fold(cell.text) in ("统计指标", "指标名称") for cell in grid.cells[:12]):
        return True
    index = labels.rows[TABLE]
    return sum(len(c.text) > 4 and len(fold(c.text)) > 4 and bool(index.exact(c.text)) for c in grid.cells) >= _ENOUGH


def read_statistics(grids: Sequence[Grid], labels: Labels, findings: Findings, year: int | None = None) -> None:
    """Reads the parts of the sheet; a header holds for the parts behind it that have as many columns."""
    sheet = Sheet(labels, findings)
    header: _Header | None = None
    for grid in grids:
        rows: dict[int, list[GridCell]] = {}
        for cell in grid.cells:
            rows.setdefault(cell.row, []).append(cell)
        own = _header(rows, year)
        header = own or (header if header and header.width == grid.column_count else None)
        for number in sorted(rows):
            if own is None or number > own.last_row:
                _grid_row(grid, rows[number], header, sheet)


@dataclass(frozen=True, slots=True)
class _Header:
    """Where the sheet's columns stand; `starts` are the count columns, `columns` which of them counts."""

    last_row: int
    width: int
    starts: tuple[int, ...]
    columns: Columns
    serial: bool


def _header(rows: dict[int, list[GridCell]], year: int | None) -> _Header | None:
    """The header, of one row or of two where one head stands over several columns."""
    for number in sorted(rows)[:_HEADER_ROWS]:
        named = [c for c in rows[number] if fold(c.text) in HEADS]
        if not named:
            continue
        depth = max(c.row_span for c in named)
        below = [n for n in range(number + 1, number + depth) if n in rows]
        if not below and any(c.column_span > 1 and fold(c.text) in _COUNTS for c in rows[number]):
            below = [number + 1] if number + 1 in rows and not _shows_number(rows[number + 1]) else []
        leaves: dict[int, GridCell] = {}
        for cell in [c for n in (number, *below) for c in rows[n] if c.column > named[0].column]:
            wide = [s for s, leaf in leaves.items() if s <= cell.column < s + leaf.column_span]
            for start in wide:
                if leaves[start].row < cell.row and leaves[start].column_span > 1:
                    leaves[cell.column] = cell
            if not wide:
                leaves[cell.column] = cell
        serial = any(fold(c.text) in SERIAL_HEADS for c in rows[number] if c.column < named[0].column)
        counted = [(s, c) for s, c in sorted(leaves.items()) if fold(c.text) not in UNIT_HEADS | _ASIDE]
        width = max((c.column + c.column_span for cells in rows.values() for c in cells), default=0)
        columns = columns_of([c.text for _, c in counted], year)
        return _Header(max((number, *below)), width, tuple(s for s, _ in counted), columns, serial)
    return None


def columns_of(heads: Sequence[str], year: int | None) -> Columns:
    """Which of the count columns is the report's own whole: the only one; the only 合计; this year's beside others'."""
    texts = [fold(head) for head in heads]
    known = [i for i, text in enumerate(texts) if text]
    if len(known) == 1 and len(texts) == 1:
        return Columns(1, None if _OTHER_YEAR.fullmatch(texts[0]) else 0)
    wholes = [i for i in known if texts[i] in _SUMS]
    if len(wholes) == 1:
        return Columns(len(texts), wholes[0])
    years = {i: m[1] for i in known if (m := _YEAR.fullmatch(texts[i]))}
    mine = [i for i in known if _THIS_YEAR.fullmatch(texts[i]) or (year and years.get(i) == str(year))]
    others = [i for i in known if _OTHER_YEAR.fullmatch(texts[i]) or (i in years and i not in mine)]
    plain = [i for i in known if texts[i] in _COUNTS]
    if len(mine) == 1 and len(mine) + len(others) == len(texts):
        return Columns(len(texts), mine[0])
    if len(plain) == 1 and not years and len(plain) + len(others) == len(texts):
        return Columns(len(texts), plain[0])
    return Columns(len(texts), None)


def _shows_number(cells: Sequence[GridCell]) -> bool:
    return any(read_number(c.text).status == "reported" for c in cells)


def _grid_row(grid: Grid, cells: Sequence[GridCell], header: _Header | None, sheet: Sheet) -> None:
    texts = [c for c in cells if fold(c.text) and not is_count(c.text) and not is_unit(c.text)]
    if header and header.starts:
        texts = [c for c in texts if c.column < header.starts[0]]
    if not texts:
        return
    label = next((c for c in reversed(texts) if sheet.labels.rows[TABLE].exact(c.text)), texts[-1])
    unit = next((c.text.strip() for c in cells if is_unit(c.text)), None)
    counts = [c for c in cells if c.column > label.column and not is_unit(c.text)]
    columns = header.columns if header else None
    if header:
        under = [_under(counts, start) for start in header.starts]
        if all(c is not None for c in under) and len({id(c) for c in under}) == len(under):
            counts = [c for c in under if c is not None]
        elif len(header.starts) > 1:
            columns = Columns(len(header.starts), None)
    if columns is None:
        shown = [c for c in counts if c.text.strip()]
        counts = shown if len(shown) == 1 else counts
    sheet.take(SheetRow(label.text, unit, tuple(_printed(grid, c) for c in counts)), columns)


def _under(cells: Sequence[GridCell], start: int) -> GridCell | None:
    return next((c for c in cells if c.column <= start < c.column + c.column_span), None)


def _chosen(counts: Sequence[Printed], columns: Columns | None) -> Printed | None:
    if columns is not None:
        fits = columns.whole is not None and len(counts) == columns.count
        return counts[columns.whole] if fits and columns.whole is not None else None
    return counts[0] if len(counts) == 1 else None


def is_unit(text: str) -> bool:
    return fold(text) in _UNITS


_UNITS = frozenset(UNITS.split("|"))


def is_count(text: str) -> bool:
    return read_number(text).status != "unreadable"


def is_heading(text: str) -> bool:
    """Whether a line only heads indicators: 三、依申请公开情况."""
    return bool(_HEADING.fullmatch("".join(text.split())))


def _printed(grid: Grid, cell: GridCell) -> Printed:
    place = Place("grid", grid.index, cell.row, cell.column, cell.page or grid.page, cell.box)
    return Printed(read_number(cell.text), cell.text, place)


def _with_unit(printed: Printed, unit: str | None) -> Printed:
    number = printed.number
    if number.status != "reported" or not unit:
        return printed
    return replace(printed, number=replace(number, unit=number.unit or unit))
