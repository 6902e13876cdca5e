"""The statistics sheet where it reached us as lines: tabs, pipes, one cell a line, words parted by spaces."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipelines.model import Issue, Paragraph, Place
from pipelines.read.findings import Findings, Printed
from pipelines.read.labels import Labels, fold
from pipelines.read.numbers import UNITS, read_number
from pipelines.read.statistics_fields import aligned_rows, has_fields, is_rule
from pipelines.read.statistics_rows import (
    COUNTS,
    HEADS,
    MARKED,
    SERIAL_HEADS,
    SUMS,
    TABLE,
    UNIT_HEADS,
    Columns,
    Row,
    columns_of,
    is_count,
    is_heading,
    is_unit,
    take_rows,
)
from pipelines.read.words import MADE_UP

_ENOUGH = 5
_TELLING = 6
"""Letters of a label that is no word of a narrative."""
_MOST_HEADS = 9
_LONGEST_HEAD = 10
_MANY = 12
_NUMBER = re.compile(r"[+\-－−]?[\d０-９][\d０-９,，.．]*|[-—－–/／]{1,4}|无")
_COUNTED = re.compile(rf"[+\-－−]?\d[\d,]*(?:\.\d+)?(?:{UNITS})")
_GLUED = re.compile(rf"(.*[^\d.．、,，\s])??((?:{UNITS})?)(\d[\d,]*(?:\.\d+)?)")
_OPEN, _CLOSE = "（([【", "）)]】"

_KNOWN_HEADS = HEADS | UNIT_HEADS | COUNTS | SUMS

Word = tuple[str, str, Paragraph, int]
"""A word's kind (text, unit, count), the word, its line and its place there."""


def holds_statistics(lines: Sequence[Paragraph], labels: Labels) -> bool:
    """Whether several of the sheet's indicators stand in these lines."""
    text = fold("".join(line.text for line in lines))
    if len(text) < 60:
        return False
    index = labels.rows[TABLE]
    found = {
        m.code for spelled, ms in index.spellings.items() if len(spelled) >= _TELLING and spelled in text for m in ms
    }
    return len(found) >= _ENOUGH


def read_statistics_lines(
    lines: Sequence[Paragraph], labels: Labels, findings: Findings, year: int | None = None
) -> None:
    """Reads the lines of the sheet's section, row by row. `year` is the report's: of columns of several years its own
    counts."""
    heads, serial = _heads(lines, labels)
    parted = _is_parted(lines)
    if parted and (aligned := aligned_rows(lines, labels, year)) is not None:
        take_rows(aligned, labels, findings)
        return
    words = list(_words(lines, labels))
    if serial and not parted:
        words, serial = _numbered(words, labels)
    rows = list(_parted(lines, labels) if parted else _gathered(words))
    if not parted and (lost := _lost(rows, lines, labels)):
        findings.issues.append(lost)
        return
    columns = columns_of(heads, year) if heads else _columns_of_rows(rows)
    if serial and not parted and not _freed_of_serials(rows):
        columns = Columns(columns.count, None)
    for row in rows:
        row.columns = columns
        row.values = _counted(row.values, columns)
    take_rows(rows, labels, findings)


def _columns_of_rows(rows: Sequence[Row]) -> Columns:
    widest = max((len(row.values) for row in rows), default=0)
    return Columns(widest, 0 if widest == 1 else None)


def _counted(values: list[Printed], columns: Columns) -> list[Printed]:
    """The values, without empty fields before and behind where there are more fields than columns."""
    shown = [i for i, v in enumerate(values) if v.number.status != "blank"]
    if len(values) > columns.count == len(shown) and shown[-1] - shown[0] == columns.count - 1:
        return values[shown[0] : shown[-1] + 1]
    return values[: columns.count] if not shown else values


def _lost(rows: Sequence[Row], lines: Sequence[Paragraph], labels: Labels) -> Issue | None:
    """An issue where lines of one cell each have lost their repetitions: each unit and number stands there once; where
    no units are printed, some indicators have no number behind them, too."""
    units = [t for line in lines if is_unit(t := line.text.strip())]
    alone = Counter((*units, *(t for line in lines if is_count(t := line.text.strip()))))
    if len(rows) < _MANY or len(alone) < _MANY or max(alone.values()) > 1:
        return None
    if not units and not any(_robbed(row, labels) for row in rows):
        return None
    return Issue(
        "lines_deduplicated",
        "the statistics sheet has lost its repeated lines, and zeros with them: nothing of it can be placed; get the "
        "document itself",
    )


def _robbed(row: Row, labels: Labels) -> bool:
    """Whether nothing stands between an indicator and the next one, or the heading of the next ones."""
    index = labels.rows[TABLE]
    pairs = list(pairwise([*row.pieces, *(["0"] if row.values else [""])]))
    return any(index.exact(one) and (not other or index.exact(other) or is_heading(other)) for one, other in pairs)


# -------------------------------------------------------------------- header
def _heads(lines: Sequence[Paragraph], labels: Labels) -> tuple[list[str], bool]:
    """The heads of the count columns, and whether a column of serial numbers stands before the labels."""
    words = _merged([word for line in lines for part in line.fields for word in part.replace("|", " ").split()])
    start = next((i for i, word in enumerate(words) if fold(word) in HEADS), None)
    if start is None:
        return [], False
    serial = start > 0 and fold(words[start - 1]) in SERIAL_HEADS
    heads: list[str] = []
    for word in words[start + 1 : start + 1 + _MOST_HEADS]:
        if fold(word) in UNIT_HEADS and not heads:
            continue
        label = MARKED.match(word) or is_heading(word) or is_count(word) or MADE_UP.fullmatch(word)
        if label or len(fold(word)) > _LONGEST_HEAD or (labels.rows[TABLE].exact(word) and fold(word) not in HEADS):
            return heads, serial
        heads.append(word)
    return [], serial


def _merged(words: list[str]) -> list[str]:
    """The words, with heads that were cut in two (统计 | 指标) whole again."""
    found: list[str] = []
    for word in words:
        if found and fold(found[-1] + word) in _KNOWN_HEADS:
            found[-1] += word
        else:
            found.append(word)
    return found


# -------------------------------------------------------------------- lines parted by tabs or pipes
def _is_parted(lines: Sequence[Paragraph]) -> bool:
    """Whether most values stand on a line with their label or unit, parted by tabs or pipes."""
    beside = alone = 0
    for line in lines:
        shown = [f for f in line.fields if f.strip()]
        counts = sum(is_count(f) for f in shown)
        beside += bool(counts and len(shown) > counts and has_fields(line))
        alone += bool(counts and not (len(shown) > counts and has_fields(line)))
    return beside > alone


def _parted(lines: Sequence[Paragraph], labels: Labels) -> Iterator[Row]:
    """A row a line; lines of text alone go before the next row's label."""
    for line in lines:
        fields = [f.strip() for f in line.fields]
        shown = [f for f in fields if f]
        if not shown or is_rule(shown) or any(map(MADE_UP.fullmatch, shown)):
            continue
        texts = [i for i, f in enumerate(fields) if f and not is_count(f) and not is_unit(f)]
        if not has_fields(line):
            yield Row([line.text.strip()] if texts else [])
            continue
        units = [i for i, f in enumerate(fields) if is_unit(f)]
        known = [i for i in texts if labels.rows[TABLE].exact(fields[i])]
        last = known[-1] if known else texts[0] if texts else -1
        first = max(last, units[0] if units else -1) + 1
        values = [_printed(line, fields[i], i) for i in range(first, len(fields)) if i not in units]
        if known and units and not values:
            values = [_printed(line, "", len(fields))]
        yield Row(
            [fields[i] for i in texts if i <= last], fields[units[0]] if units else None, values, whole=bool(texts)
        )


def _printed(line: Paragraph, text: str, column: int) -> Printed:
    return Printed(read_number(text), text, Place("text", line.index, 0, column, line.page, line.box))


# -------------------------------------------------------------------- words
def _gathered(words: Sequence[Word]) -> Iterator[Row]:
    """Rows from words in their order: label, unit, values; the next label ends a row, and so does its line where values
    stand on the lines of their labels."""
    texts = {id(line) for kind, _, line, _ in words if kind == "text"}
    counts = [id(line) for kind, _, line, _ in words if kind == "count"]
    by_line = 2 * sum(line in texts for line in counts) > len(counts)
    told = {id(line) for kind, _, line, _ in words if kind != "count"}
    row, at = Row(), None
    for kind, text, line, column in words:
        # In a picture, numbers alone below a row may be the rest of one that its cell broke.
        rest = line.reading == "ocr" and id(line) not in told and bool(row.values)
        if by_line and at is not None and line is not at and not rest:
            yield row
            row = Row()
        at = line
        if kind == "text":
            if row.values:
                yield row
                row = Row()
            row.pieces.append(text)
        elif kind == "count":
            row.values.append(_printed(line, text, column))
        elif not row.values:
            row.unit = text
    yield row


def _words(lines: Sequence[Paragraph], labels: Labels) -> Iterator[Word]:
    """The words of the lines; those of a label that stand on one line are one word."""
    for line in lines:
        text = line.text if line.reading == "ocr" else line.text.replace("|", " ")
        closed = _bracketed(text)
        label: list[str] = []
        for column, found in enumerate(re.finditer(r"\S+", text)):
            word = found.group()
            inside = any(start < found.start() < end for start, end in closed)
            parts = [("text", word)] if inside else _parts(word, "".join(label), labels)
            for kind, part in parts:
                if label and (kind != "text" or _starts_row("".join(label), part, labels)):
                    yield "text", "".join(label), line, column
                    label = []
                if kind == "text":
                    label.append(part)
                else:
                    yield kind, part, line, column
        if label:
            yield "text", "".join(label), line, 0


def _parts(word: str, before: str, labels: Labels) -> list[tuple[str, str]]:
    """A word as it is, or parted where a unit and a number are glued to it (`收到申请数件7`)."""
    if is_unit(word):
        return [("unit", word)]
    if word.isdecimal() or ((_NUMBER.fullmatch(word) or _COUNTED.fullmatch(word)) and is_count(word)):
        return [("count", word)]
    glued = _GLUED.fullmatch(word)
    if glued is None or (glued[1] and not labels.rows[TABLE].exact(before + glued[1])) or not (glued[1] or glued[2]):
        return [("text", word)]
    kinds = zip(("text", "unit", "count"), glued.groups(), strict=True)
    return [(kind, part) for kind, part in kinds if part]


def _starts_row(before: str, word: str, labels: Labels) -> bool:
    """Whether what stands before a word on its line is a heading or an indicator of its own."""
    return is_heading(before) or (bool(labels.rows[TABLE].exact(before)) and bool(MARKED.match(word)))


def _numbered(words: list[Word], labels: Labels) -> tuple[list[Word], bool]:
    """The words without the serial numbers that stand before the labels, where they run on; and whether others may
    be."""
    taken = _serials(words, True)
    if len(taken) < _MANY:
        taken = _serials(words, False)
        index = labels.rows[TABLE]
        named = [at for at, (kind, text, _, _) in enumerate(words) if kind == "text" and index.exact(text)]
        if not all(at - 1 in taken for at in named):
            return words, True
    return [word for at, word in enumerate(words) if at not in taken], False


def _serials(words: Sequence[Word], beside: bool) -> set[int]:
    """Where the numbers 1, 2, 3 ... stand that begin a line and come before a word of text: on the same line, or
    anywhere."""
    found: set[int] = set()
    for at, (kind, text, line, _) in enumerate(words[:-1]):
        following = words[at + 1]
        fits = following[2] is line if beside else following[0] == "text"
        if kind == "count" and fits and text == str(len(found) + 1) and (at == 0 or words[at - 1][2] is not line):
            found.add(at)
    return found


def _freed_of_serials(rows: list[Row]) -> bool:
    """Takes the serial numbers out of the rows, each row's own before its values or the next row's behind them; says
    whether they run on, so that this is certain."""
    filled = [row for row in rows if row.values]
    if all(row.values[0].raw.strip() == str(number) for number, row in enumerate(filled, 1)):
        for row in filled:
            row.values = row.values[1:]
        return True
    if all(row.values[-1].raw.strip() == str(number) for number, row in enumerate(filled[:-1], 1)):
        for row in filled[:-1]:
            row.values = row.values[:-1]
        return True
    return False


def _bracketed(text: str) -> list[tuple[int, int]]:
    opened: list[int] = []
    spans: list[tuple[int, int]] = []
    for place, letter in enumerate(text):
        if letter in _OPEN:
            opened.append(place)
        elif letter in _CLOSE and opened:
            spans.append((opened.pop(), place))
    return spans
