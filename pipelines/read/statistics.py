"""The statistics sheet of the reports up to 2018: an indicator, its unit and its number in each row."""

from __future__ import annotations

from dataclasses import replace

from pipelines.model import Grid, GridCell, Issue, Place
from pipelines.read.findings import Findings, Printed
from pipelines.read.labels import Labels, Match, fold
from pipelines.read.numbers import UNITS, read_number

LOCAL = "local"
"""The row of an indicator that no national form prints; its printed label is the column."""

_TABLE, _VALUE = "statistics", "value"
_HEADS = ("统计指标", "指标名称", "指标")
_TOTALS = ("合计", "总计", "统计数", "数量", "总数", "统计数据", "数值", "数据")
_ENOUGH = 5


def is_statistics(grid: Grid, labels: Labels) -> bool:
    """Whether a grid is the sheet, or a part of it: headed 统计指标, or with several of its indicators."""
    texts = [fold(c.text) for c in grid.cells]
    if any(text in _HEADS[:2] for text in texts[:12]):
        return True
    index = labels.rows[_TABLE]
    return sum(bool(index.exact(c.text)) and len(fold(c.text)) > 4 for c in grid.cells) >= _ENOUGH


def read_statistics(grids: list[Grid], labels: Labels, findings: Findings) -> None:
    """Reads the parts of the sheet in their order: an indicator's place in it tells 四（三）其他情形 from 五（三）."""
    last: str | None = None
    for grid in grids:
        rows: dict[int, list[GridCell]] = {}
        for cell in grid.cells:
            rows.setdefault(cell.row, []).append(cell)
        wanted = _count_column(rows)
        for number in sorted(rows):
            last = _row(grid, rows[number], wanted, labels, findings, last) or last


def _count_column(rows: dict[int, list[GridCell]]) -> int | None:
    """The column of the whole, where the sheet has one for each kind of agency beside it."""
    for number in sorted(rows)[:4]:
        heads = [c for c in rows[number] if fold(c.text) in _TOTALS]
        if heads:
            return heads[-1].column if len(heads) == 1 else None
    return None


def _row(
    grid: Grid, cells: list[GridCell], wanted: int | None, labels: Labels, findings: Findings, last: str | None
) -> str | None:
    label = next((c for c in cells if not _is_count(c) and fold(c.text) and not _is_unit(c)), None)
    if label is None:
        return None
    counts = [c for c in cells if c.column > label.column and not _is_unit(c)]
    shown = [c for c in counts if c.text.strip()]
    match = _match(label.text, labels, last)
    numbers = [c for c in shown if read_number(c.text).status == "reported"]
    if match is None:
        if numbers and fold(label.text) not in _HEADS:
            _local(grid, label, numbers, findings)
        return None
    if not counts:
        return None
    chosen = _chosen(counts, wanted)
    unit = next((c.text.strip() for c in cells if _is_unit(c)), None)
    if chosen is None:
        findings.doubt(_TABLE, match.code, (_VALUE,), [_printed(grid, c) for c in counts], "2014")
    else:
        findings.take(_TABLE, match.code, (_VALUE,), [_with_unit(_printed(grid, chosen), unit)], "2014")
    findings.label(_TABLE, "row", label.text, match)
    return match.code


def _match(text: str, labels: Labels, last: str | None) -> Match | None:
    """The indicator: the one behind the last, where several share a label."""
    index = labels.rows[_TABLE]
    near = index.like(text)
    found = index.exact(text) or ((near,) if near else ())
    after = [m for m in found if last is None or index.order[m.code] > index.order[last]]
    return min(after or found, key=lambda m: index.order[m.code], default=None)


def _chosen(counts: list[GridCell], wanted: int | None) -> GridCell | None:
    if wanted is not None and (at := next((c for c in counts if c.column == wanted), None)):
        return at
    shown = [c for c in counts if c.text.strip()]
    if len(counts) == 1 or not shown:
        return counts[0]
    return shown[0] if len(shown) == 1 else None


def _local(grid: Grid, label: GridCell, numbers: list[GridCell], findings: Findings) -> None:
    name = " ".join(label.text.split())
    if len(numbers) == 1:
        findings.take(_TABLE, LOCAL, [name], [_printed(grid, numbers[0])], "2014")
        return
    findings.issues.append(
        Issue(
            "label_unknown",
            f"no form has the indicator {name[:60]!r}, and it shows {len(numbers)} numbers; it was left out",
            f"table {grid.index + 1}, row {label.row + 1}",
        )
    )


def _is_unit(cell: GridCell) -> bool:
    text = fold(cell.text)
    return bool(text) and text in UNITS.split("|")


def _is_count(cell: GridCell) -> bool:
    return read_number(cell.text).status != "unreadable"


def _printed(grid: Grid, cell: GridCell) -> Printed:
    place = Place("grid", grid.index, cell.row, cell.column, cell.page or grid.page, cell.box)
    return Printed(read_number(cell.text), cell.text, place)


def _with_unit(printed: Printed, unit: str | None) -> Printed:
    number = printed.number
    return (
        replace(printed, number=replace(number, unit=number.unit or unit)) if number.status == "reported" else printed
    )
