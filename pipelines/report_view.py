"""Readings as a person looks at them: the printed tables with broken cells marked, and beside them what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table as Grid
from rich.text import Text

from pipelines.forms import load_forms
from pipelines.forms.schema import Form, Table
from pipelines.model import Cell, FiledReport, Flag, Issue, Reading, Refusal
from pipelines.printed_tables import Key, parts_of, place_words, printed_table, short_label

STATUS_SIGNS = {"blank": "□", "missing": "∅", "not_applicable": "/", "unreadable": "?", "ambiguous": "≈"}
STATUS_WORDS = {
    "blank": "空白 blank",
    "missing": "缺 not in the document",
    "not_applicable": "不适用 not applicable",
    "unreadable": "无法识读 no number",
    "ambiguous": "无法对位 undecidable",
}
BROKEN_SIGN = "!"
SEVERITY_STYLES = {"error": "bold bright_red", "warning": "yellow", "info": "cyan"}

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LABEL_WIDTH = 28
_VALUE_WIDTHS = {3: 16, 5: 8, 99: 6}
"""How wide a value's column is, by how many there are at most: 80 letters hold all printed tables."""


def show(readings: Sequence[Reading], flags: Mapping[str, Sequence[Flag]], console: Console | None = None) -> None:
    """Prints each reading; without colours and 80 wide where nobody looks on."""
    console = console or Console(highlight=False)
    for reading in readings:
        if isinstance(reading, Refusal):
            console.print(_refusal(reading))
        else:
            console.print(_report(reading, flags.get(reading.report_id, ())))
    if len(readings) > 1:
        console.print(_summary(readings, flags))


def _report(filed: FiledReport, flags: Sequence[Flag]) -> RenderableType:
    broken = {place for flag in flags if flag.outcome == "broken" and flag.severity != "info" for place in flag.cells}
    cells: dict[Key, Cell] = {}
    for cell in filed.report.cells:
        cells.setdefault((cell.table, cell.row, cell.column), cell)
    forms = load_forms()
    parts: list[RenderableType] = [_header(filed, flags)]
    for code in dict.fromkeys(cell.table for cell in filed.report.cells):
        table = printed_table(code, cells.keys(), filed.report.form, forms)
        parts += [Text(f"\n{table.title}", style="bold"), *_tables(table, cells, broken)]
    if not filed.report.cells:
        parts.append(Text("\n没有读到表格 no table was read", style="yellow"))
    parts += _legend(cells.values(), bool(broken))
    parts += _flags(flags, forms)
    parts += _issues((*filed.report.issues, *filed.issues))
    return Group(*parts, Text())


def _header(filed: FiledReport, flags: Sequence[Flag]) -> RenderableType:
    report, agency = filed.report, filed.agency
    grid = Grid.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    division = agency.division if agency else None
    years = f"{report.year or '?'}" + (f"（{report.year_source}）" if report.year_source else "")
    rows = {
        "机关 agency": _join("  ", agency.name if agency else report.agency or "?", division and f"[{division}]"),
        "年度 year": years,
        "表式 form": report.form or "?",
        "文件 file": _join("  ", filed.snapshot.source.path, f"({filed.format}, {filed.report_id})"),
    }
    for name, value in rows.items():
        grid.add_row(name, _clean(value))
    grid.add_row("核对 checks", _verdict(flags))
    title = _clean(report.title or "(无标题 no title)")
    return Panel(grid, title=Text(title, style="bold"), title_align="left", box=box.ROUNDED, expand=True)


def _verdict(flags: Sequence[Flag]) -> Text:
    """How many flags of each severity; the undecided apart."""
    text = Text()
    for severity, style in SEVERITY_STYLES.items():
        count = sum(1 for flag in flags if flag.outcome == "broken" and flag.severity == severity)
        if count:
            text.append(f"{count} {severity}{'s' if count > 1 and severity != 'info' else ''}  ", style=style)
    unknown = sum(1 for flag in flags if flag.outcome == "unknown")
    if not text:
        text.append("无矛盾 nothing contradicts itself  ", style="green" if not unknown else "")
    if unknown:
        text.append(f"{unknown} undecided", style="dim")
    return text


def _tables(table: Table, cells: Mapping[Key, Cell], broken: set[Key]) -> Iterator[RenderableType]:
    """One grid for each run of rows that have the same columns; their groups stand as lines of their own."""
    for columns, rows in parts_of(table, cells.keys()):
        usual = next(width for most, width in _VALUE_WIDTHS.items() if len(columns) <= most)
        full = len(columns) > 5
        grid = Grid(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="dim", expand=full)
        grid.add_column("", overflow="fold", ratio=1 if full else None, min_width=None if full else _LABEL_WIDTH)
        for column in columns:
            width = usual - 1 if full and len(column.label) == 2 else usual
            heading = Text(short_label(column.label), justify="right")
            grid.add_column(
                heading, justify="right", vertical="bottom", overflow="fold", min_width=width, max_width=width
            )
        above: tuple[str, ...] = ()
        for row in rows:
            for depth, group in enumerate(row.groups):
                if row.groups[: depth + 1] != above[: depth + 1]:
                    grid.add_row(Padding(Text(group, style="dim"), (0, 0, 0, 2 * depth)))
            above = row.groups
            label = Padding(Text(short_label(row.label)), (0, 0, 0, 2 * len(row.groups)))
            values = ((table.code, row.code, column.code) for column in columns)
            grid.add_row(label, *(_value(cells[key], key in broken) for key in values))
        yield grid


def _value(cell: Cell, broken: bool) -> Text:
    if cell.status == "reported" and cell.value is not None:
        text = Text(f"{cell.value:f}", style="" if cell.value else "dim")
    else:
        text = Text(STATUS_SIGNS[cell.status], style="yellow")
    if broken:
        text = Text(BROKEN_SIGN + text.plain, style="bold bright_red")
    return text


def _legend(cells: Iterable[Cell], broken: bool) -> Iterator[Text]:
    used = {cell.status for cell in cells}
    parts = [f"{sign} {STATUS_WORDS[status]}" for status, sign in STATUS_SIGNS.items() if status in used]
    if broken:
        parts.append(f"{BROKEN_SIGN} 矛盾 contradicts another number")
    if parts:
        yield Text("   ".join(parts), style="dim")


def _flags(flags: Sequence[Flag], forms: Mapping[str, Form]) -> Iterator[RenderableType]:
    order = {severity: place for place, severity in enumerate(SEVERITY_STYLES)}
    ranked = sorted(flags, key=lambda f: (f.outcome != "broken", order[f.severity], f.rule))
    if not ranked:
        return
    yield Text("\n核对 checks", style="bold")
    grid = Grid.grid(padding=(0, 2, 0, 0), expand=True)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold", ratio=1)
    for flag in ranked:
        style = SEVERITY_STYLES[flag.severity] if flag.outcome == "broken" else "dim"
        sign = "✗" if flag.outcome == "broken" else "?"
        words = Text(_clean(flag.message) or flag.outcome, style="" if flag.outcome == "broken" else "dim")
        places = _places(flag.cells, forms)
        grid.add_row(
            Text(f"{sign} {flag.rule}", style=style), Group(words, Text(places, style="dim")) if places else words
        )
    yield grid


def _places(cells: Sequence[Key], forms: Mapping[str, Form]) -> str:
    """The cells that a flag looked at, by their labels; the first few."""
    most = 4
    names = [place_words(cell, forms) for cell in cells[:most]]
    return "  ".join(names) + (f"  … {len(cells) - most} more" if len(cells) > most else "")


def _issues(issues: Sequence[Issue]) -> Iterator[RenderableType]:
    if not issues:
        return
    yield Text("\n阅读 reading", style="bold")
    grid = Grid.grid(padding=(0, 2, 0, 0), expand=True)
    grid.add_column(no_wrap=True, style="yellow")
    grid.add_column(overflow="fold", ratio=1)
    for issue in issues:
        grid.add_row(f"· {issue.code}", _clean(_join("  ", issue.message, issue.where and f"({issue.where})")))
    yield grid


def _refusal(refusal: Refusal) -> RenderableType:
    text = Text("✗ ", style="bold bright_red")
    text.append(_clean(refusal.snapshot.source.path), style="bold")
    text.append(f"\n  {refusal.issue.code}: ", style="red")
    text.append(_clean(refusal.issue.message), style="")
    return Group(text, Text())


def _summary(readings: Sequence[Reading], flags: Mapping[str, Sequence[Flag]]) -> Text:
    reports = [reading for reading in readings if isinstance(reading, FiledReport)]
    flagged = sum(1 for r in reports if any(f.outcome == "broken" for f in flags.get(r.report_id, ())))
    refused = len(readings) - len(reports)
    return Text(f"报告 reports {len(reports)}   矛盾 flagged {flagged}   未读 not read {refused}", style="bold")


def _join(between: str, *parts: str | None) -> str:
    return between.join(part for part in parts if part)


def _clean(text: str) -> str:
    """What a document or a name says, without what would steer a terminal."""
    return _CONTROLS.sub(lambda match: " " if match[0] in "\t\n\r" else "\ufffd", text)
