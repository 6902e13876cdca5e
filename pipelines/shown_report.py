"""What a report shows and what the rules find in it, laid out for a page: the tables as printed, each finding with its
number, and that number at the cells it looks at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipelines.finding_words import in_chinese
from pipelines.forms import load_forms
from pipelines.model import Cell, Flag
from pipelines.printed_tables import Key, parts_of, place_words, printed_order, printed_table, short_label

ORDER = {"error": 0, "warning": 1, "info": 2}
SIGNS = {
    "blank": "（空白）",
    "missing": "（缺）",
    "not_applicable": "/",
    "unreadable": "（认不出）",
    "ambiguous": "（对不上列）",
}


@dataclass(frozen=True, slots=True)
class ShownCell:
    """`key` names it by its codes; `text` is the number or what stands instead; `raw` as printed; `marks` number the
    findings that look at it, from 1; `before` is the year before's number where that is another."""

    key: Key
    text: str
    raw: str
    reported: bool
    marks: tuple[int, ...]
    before: str | None


@dataclass(frozen=True, slots=True)
class ShownRow:
    groups: tuple[str, ...]
    label: str
    cells: tuple[ShownCell, ...]


@dataclass(frozen=True, slots=True)
class ShownPart:
    columns: tuple[str, ...]
    rows: tuple[ShownRow, ...]


@dataclass(frozen=True, slots=True)
class ShownTable:
    title: str
    parts: tuple[ShownPart, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the list: its number, the rule's words with both sides, the places by their labels."""

    number: int
    severity: str
    words: str
    places: tuple[str, ...]
    doubtful: bool


def in_order(flags: Iterable[Flag]) -> list[Flag]:
    """Errors first, then by rule, then as the form prints the places."""
    places = printed_order()

    def key(flag: Flag) -> tuple[int, str, list[int]]:
        return ORDER[flag.severity], flag.rule, sorted(places.get(cell, len(places)) for cell in flag.cells)

    return sorted(flags, key=key)


def findings_of(flags: Sequence[Flag]) -> Iterator[Finding]:
    """The flags, numbered; `doubtful` where the reader is to be suspected before the report."""
    forms = load_forms()
    for number, flag in enumerate(flags, 1):
        places = tuple(dict.fromkeys(place_words(cell, forms) for cell in flag.cells))
        yield Finding(number, flag.severity, in_chinese(flag.message_zh, forms), places, flag.cause == "reader")


def shown_tables(
    given: Iterable[Cell], form: str | None, flags: Sequence[Flag], earlier: Mapping[Key, Decimal]
) -> Iterator[ShownTable]:
    """The tables of a report as printed; cells that one of the flags looks at have its number, from 1. `earlier` are
    the numbers of the year before."""
    forms = load_forms()
    cells: dict[Key, Cell] = {}
    for cell in given:
        cells.setdefault((cell.table, cell.row, cell.column), cell)
    marks: dict[Key, list[int]] = defaultdict(list)
    for number, flag in enumerate(flags, 1):
        for place in flag.cells:
            marks[place].append(number)
    for code in dict.fromkeys(table for table, _, _ in cells):
        table = printed_table(code, cells.keys(), form, forms)
        parts = []
        for columns, rows in parts_of(table, cells.keys()):
            shown = tuple(
                ShownRow(
                    row.groups,
                    short_label(row.label),
                    tuple(
                        _shown(cells[key], tuple(marks[key]), earlier.get(key))
                        for key in ((code, row.code, column.code) for column in columns)
                    ),
                )
                for row in rows
            )
            parts.append(ShownPart(tuple(short_label(column.label) for column in columns), shown))
        yield ShownTable(table.title, tuple(parts))


def _shown(cell: Cell, marks: tuple[int, ...], before: Decimal | None) -> ShownCell:
    text = f"{cell.value:f}" if cell.value is not None else SIGNS[cell.status]
    other = f"{before:f}" if before is not None and before != cell.value else None
    return ShownCell((cell.table, cell.row, cell.column), text, cell.raw, cell.value is not None, marks, other)
