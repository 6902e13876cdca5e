"""The statistics sheet as lines whose fields stand in columns: tabs, pipes, CSV; a table that lost only its rules."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.model import GridCell, Paragraph, Place
from pipelines.read.findings import Printed
from pipelines.read.labels import Labels, fold
from pipelines.read.numbers import read_number
from pipelines.read.statistics import Rows, drawn_rows, headers_of
from pipelines.read.statistics_rows import HEADS, TABLE, Row, is_count, is_heading

_RULE = re.compile(r":?-{2,}:?")


def has_fields(line: Paragraph) -> bool:
    return len(line.fields) > 1 and ("\t" in line.text or "|" in line.text)


def is_rule(shown: Sequence[str]) -> bool:
    """Whether fields are only the rule below a Markdown table's header."""
    return all(map(_RULE.fullmatch, shown))


def aligned_rows(lines: Sequence[Paragraph], labels: Labels, year: int | None) -> list[Row] | None:
    """The rows below the header, each number under its head; None where there is no header, or where a line with
    numbers or an indicator has more or fewer fields than it, so that a field's place says nothing."""
    table = [line for line in lines if has_fields(line) and not is_rule(_shown(line))]
    first = next((i for i, line in enumerate(table) if any(fold(f) in HEADS for f in line.fields)), None)
    if first is None:
        return None
    width = len(table[first].fields)
    end = next((i for i in range(first + 1, len(table)) if _is_row(table[i], labels)), len(table))
    body = table[end:]
    if any(len(line.fields) != width and _must_fit(line, labels) for line in body):
        return None
    heads = _heads(table[first:end], body, width)
    rows: Rows = {number: _cells(number, line) for number, line in enumerate(body, 1) if len(line.fields) == width}
    headers = headers_of({0: heads, **rows}, year)
    if not headers:
        return None

    def printed(cell: GridCell) -> Printed:
        line = body[cell.row - 1]
        place = Place("text", line.index, 0, cell.column, line.page, line.box)
        return Printed(read_number(cell.text), cell.text, place, line.reading)

    return drawn_rows(rows, headers, labels, printed)


def _shown(line: Paragraph) -> list[str]:
    return [f.strip() for f in line.fields if f.strip()]


def _is_row(line: Paragraph, labels: Labels) -> bool:
    """Whether a line stands below the header already."""
    shown = _shown(line)
    return any(is_heading(f) or labels.rows[TABLE].exact(f) for f in shown) or _shows_number(shown)


def _must_fit(line: Paragraph, labels: Labels) -> bool:
    shown = _shown(line)
    return any(map(is_count, shown)) or any(map(labels.rows[TABLE].exact, shown))


def _shows_number(shown: Sequence[str]) -> bool:
    return any(read_number(f).status == "reported" for f in shown)


def _heads(header: Sequence[Paragraph], body: Sequence[Paragraph], width: int) -> list[GridCell]:
    """The lowest head of each column in which anything stands."""
    heads: list[GridCell] = []
    for column in range(width):
        named = [line.fields[column].strip() for line in header if len(line.fields) == width]
        text = next((name for name in reversed(named) if name), "")
        if text or any(len(line.fields) == width and line.fields[column].strip() for line in body):
            heads.append(GridCell(0, column, text))
    return heads


def _cells(number: int, line: Paragraph) -> list[GridCell]:
    return [GridCell(number, column, text.strip()) for column, text in enumerate(line.fields)]
