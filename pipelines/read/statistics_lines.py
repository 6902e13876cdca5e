"""The statistics sheet where it reached us as lines: tabs, pipes, one cell a line, words parted by spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipelines.model import Paragraph, Place
from pipelines.read.findings import Findings, Printed
from pipelines.read.labels import Labels, body, fold
from pipelines.read.numbers import UNITS, read_number
from pipelines.read.statistics import (
    HEADS,
    SERIAL_HEADS,
    TABLE,
    UNIT_HEADS,
    Columns,
    Sheet,
    SheetRow,
    columns_of,
    is_count,
    is_heading,
    is_unit,
)

_ENOUGH = 5
_MOST_HEADS = 9
_LONGEST_HEAD = 10
_MARKED = re.compile(r"[一二三四五六七八九十]{1,2}、|[（(][一二三四五六七八九十\d]{1,2}[)）]|\d{1,2}[.．、](?!\d)")
_NUMBER = re.compile(r"[+\-－−]?[\d０-９][\d０-９,，.．]*|[-—－–/／]{1,4}|无")
_GLUED = re.compile(rf"(.*[^\d.．、,，\s])?((?:{UNITS})?)(\d[\d,]*(?:\.\d+)?)")
_OPEN, _CLOSE = "（([【", "）)]】"
_MADE_UP = re.compile(r"项目|数据\d{0,2}|列\d{1,2}|Unnamed:?\d*", re.I)


@dataclass(slots=True)
class _Row:
    """A row while it is gathered: the pieces of its label (each a field, or the words of a line), unit and values."""

    pieces: list[str] = field(default_factory=list)
    unit: str | None = None
    values: list[Printed] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces)


def holds_statistics(lines: Sequence[Paragraph], labels: Labels) -> bool:
    """Whether several of the sheet's indicators stand in these lines."""
    index = labels.rows[TABLE]
    found = 0
    for line in lines:
        for piece in (line.text, *line.fields) if len(line.fields) > 1 else (line.text,):
            text = re.sub(r"[\s\d.,，—/-]+$", "", piece)
            known = index.exact(text) or next(((m,) for n, m in index.ending(fold(text)[-60:]) if n >= 6), ())
            if len(fold(text)) > 4 and known:
                found += 1
                break
    return found >= _ENOUGH


def read_statistics_lines(
    lines: Sequence[Paragraph], labels: Labels, findings: Findings, year: int | None = None
) -> None:
    """Reads the lines of the sheet's section, row by row."""
    sheet = Sheet(labels, findings)
    heads, serial = _heads(lines, labels)
    rows = list(_parted(lines, labels) if _is_parted(lines) else _gathered(lines, labels))
    if serial:
        rows = list(_without_serials(rows))
    columns = columns_of(heads, year) if heads else None
    if columns is None:
        widest = max((len(r.values) for r in rows if _label(r, labels, sheet)), default=0)
        columns = Columns(widest, 0 if widest == 1 else None)
    for row in rows:
        if row.values:
            label = _label(row, labels, sheet)
            sheet.take(SheetRow(label or _local_label(row, labels), row.unit, _counted(row.values, columns)), columns)


def _counted(values: list[Printed], columns: Columns) -> tuple[Printed, ...]:
    """The values, without empty fields before and behind where there are more fields than columns."""
    shown = [i for i, v in enumerate(values) if v.number.status != "blank"]
    if len(values) > columns.count == len(shown) and shown[-1] - shown[0] == columns.count - 1:
        return tuple(values[shown[0] : shown[-1] + 1])
    if len(values) > columns.count == 1 and not shown:
        return tuple(values[:1])
    return tuple(values)


# -------------------------------------------------------------------- header
def _heads(lines: Sequence[Paragraph], labels: Labels) -> tuple[list[str], bool]:
    """The heads of the count columns, and whether a column of serial numbers stands before the labels."""
    words = [word for line in lines for word in _header_words(line)]
    start = next((i for i, word in enumerate(words) if fold(word) in HEADS), None)
    if start is None:
        return [], False
    serial = start > 0 and fold(words[start - 1]) in SERIAL_HEADS
    heads: list[str] = []
    for word in words[start + 1 : start + 1 + _MOST_HEADS]:
        if fold(word) in UNIT_HEADS and not heads:
            continue
        if len(fold(word)) > _LONGEST_HEAD or _MARKED.match(word) or is_heading(word) or is_count(word):
            return heads, serial
        if labels.rows[TABLE].exact(word) and fold(word) not in HEADS:
            return heads, serial
        heads.append(word)
    return [], serial


def _header_words(line: Paragraph) -> list[str]:
    return [word for field in line.fields for word in field.replace("|", " ").split()]


# -------------------------------------------------------------------- rows of parted lines
def _is_parted(lines: Sequence[Paragraph]) -> bool:
    """Whether most values stand on a line with their label, parted by tabs or pipes."""
    beside = alone = 0
    for line in lines:
        fields = [f for f in line.fields if f.strip()]
        counts = sum(is_count(f) for f in fields)
        if counts and len(fields) > counts and ("\t" in line.text or "|" in line.text):
            beside += 1
        elif counts:
            alone += 1
    return beside > alone


def _parted(lines: Sequence[Paragraph], labels: Labels) -> Iterator[_Row]:
    waiting: list[str] = []
    for line in lines:
        fields = [f.strip() for f in line.fields]
        shown = [f for f in fields if f]
        if not shown or all(re.fullmatch(r":?-{2,}:?", f) for f in shown) or any(_MADE_UP.fullmatch(f) for f in shown):
            continue
        texts = [i for i, f in enumerate(fields) if f and not is_count(f) and not is_unit(f)]
        units = [i for i, f in enumerate(fields) if is_unit(f)]
        known = [i for i in texts if labels.rows[TABLE].exact(fields[i])]
        last = known[-1] if known else texts[0] if texts else -1
        if len(fields) == 1 or ("\t" not in line.text and "|" not in line.text):
            waiting = [*waiting[-3:], line.text.strip()] if texts else []
            continue
        behind = units[0] if units and units[0] > last else last
        end = len(fields) - 1 if "|" in line.text and line.text.rstrip().endswith("|") and not fields[-1] else len(fields)
        places = [i for i in range(behind + 1, end) if not (is_unit(fields[i]) and i in units)]
        values = [_printed(line, fields[i], i) for i in places]
        if not texts and not units and not waiting:
            continue
        pieces = [fields[i] for i in texts if i <= last] if texts else list(waiting)
        lead = [_printed(line, fields[i], i) for i in range(last) if fields[i] and is_count(fields[i])]
        waiting = []
        row = _Row(pieces, fields[units[0]] if units else None, values)
        if lead and len(lead) == 1:
            row.values = values
        yield row


def _printed(line: Paragraph, text: str, column: int) -> Printed:
    return Printed(read_number(text), text, Place("text", line.index, 0, column, line.page, line.box))


# -------------------------------------------------------------------- rows of words
def _gathered(lines: Sequence[Paragraph], labels: Labels) -> Iterator[_Row]:
    """Rows from words in their order: label, unit, values; the next label ends a row."""
    row = _Row()
    for kind, text, line, column in _words(lines, labels):
        if kind == "text":
            if row.values:
                yield row
                row = _Row()
            row.pieces.append(text)
        elif kind == "unit" and not row.values:
            row.unit = text
        elif kind != "unit":
            row.values.append(_printed(line, text, column))
    yield row


def _words(lines: Sequence[Paragraph], labels: Labels) -> Iterator[tuple[str, str, Paragraph, int]]:
    """Each word's kind (text, unit, count), the words, and where they stand; words of a label on a line as one."""
    for line in lines:
        text = line.text.replace("|", " ")
        closed = _bracketed(text)
        label: list[str] = []
        for column, found in enumerate(re.finditer(r"\S+", text)):
            word = found.group()
            inside = any(start < found.start() < end for start, end in closed)
            if not inside and is_unit(word):
                kind = "unit"
            elif not inside and _NUMBER.fullmatch(word) and is_count(word):
                kind = "count"
            else:
                kind = "text"
            glued = None if kind != "text" or inside else _GLUED.fullmatch(word)
            if glued and glued[1] and labels.rows[TABLE].exact("".join((*label, glued[1]))):
                yield "text", "".join((*label, glued[1])), line, column
                if glued[2]:
                    yield "unit", glued[2], line, column
                yield "count", glued[3], line, column
                label = []
                continue
            if glued and not glued[1] and glued[2]:
                if label:
                    yield "text", "".join(label), line, column
                yield "unit", glued[2], line, column
                yield "count", glued[3], line, column
                label = []
                continue
            if kind == "text":
                if label and _starts_row("".join(label), word, labels):
                    yield "text", "".join(label), line, column
                    label = []
                label.append(word)
                continue
            if label:
                yield "text", "".join(label), line, column
                label = []
            yield kind, word, line, column
        if label:
            yield "text", "".join(label), line, 0


def _starts_row(before: str, word: str, labels: Labels) -> bool:
    """Whether what stands before a word on its line is a heading or an indicator of its own."""
    return is_heading(before) or (bool(labels.rows[TABLE].exact(before)) and bool(_MARKED.match(word)))


def _without_serials(rows: list[_Row]) -> Iterator[_Row]:
    """The rows without the serial number of the next one, which stands behind their values; none where the numbers do
    not run on."""
    plain = [r for r in rows if r.values]
    if all(len(r.values) > 0 and r.values[-1].raw.strip() == str(i) for i, r in enumerate(plain[:-1], 1)) and plain:
        for i, row in enumerate(plain):
            if i + 1 < len(plain):
                row.values = row.values[:-1]
            yield row
        return
    yield from rows


# -------------------------------------------------------------------- labels
def _label(row: _Row, labels: Labels, sheet: Sheet) -> str | None:
    """The indicator's label: the last pieces of the text that make one up; None where none does."""
    for start in range(len(row.pieces)):
        joined = "".join(row.pieces[start:])
        if labels.rows[TABLE].exact(joined):
            return joined
    folded = fold(row.text)
    for length, match in labels.rows[TABLE].ending(folded):
        if length >= 5 and _from_marker(row.text, length):
            return _from_marker(row.text, length)
        if length >= 7:
            return labels.rows[TABLE].official.get((next(iter(match.forms)), match.code))
        break
    for start in range(len(row.pieces)):
        joined = "".join(row.pieces[start:])
        if labels.rows[TABLE].like(joined):
            return joined
    return None


def _from_marker(text: str, length: int) -> str | None:
    """The end of a text from the item marker on, where the label behind the marker has that many letters."""
    for found in reversed(list(re.finditer(f"其中[:：]|{_MARKED.pattern}", text))):
        if len(body(text[found.start() :])) == length or len(fold(text[found.end() :])) == length:
            return text[found.start() :]
    return None


def _local_label(row: _Row, labels: Labels) -> str:
    """What stands before the values of an indicator that no form knows: its last pieces, from behind the headings."""
    start = 0
    for place, piece in enumerate(row.pieces):
        if is_heading(piece) and place + 1 < len(row.pieces):
            start = place + 1
    return "".join(row.pieces[start:])


def _bracketed(text: str) -> list[tuple[int, int]]:
    opened: list[int] = []
    spans: list[tuple[int, int]] = []
    for place, letter in enumerate(text):
        if letter in _OPEN:
            opened.append(place)
        elif letter in _CLOSE and opened:
            spans.append((opened.pop(), place))
    return spans

