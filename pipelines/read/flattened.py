"""Tables that reached us as text and lost their grid: tabs with merged cells gone, pipes with ragged rows, one cell a
line, labels wrapped over lines. Row labels anchor it; what stays undecidable says so.

A `Run` is a stretch of text and the values behind it. The end of the text names the row; how the values were parted
says whether blanks among them keep their places.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipelines.model import Issue, Number, Paragraph, Place
from pipelines.read.findings import Findings, Printed, only
from pipelines.read.headers import DisclosureHeader, header_at_end, procedure_of
from pipelines.read.labels import Labels, Match, fold
from pipelines.read.numbers import read_number

_PAGE_NUMBER = re.compile(
    r"\s*(?:[-—–－―─·•~]+\s*\d{1,4}\s*[-—–－―─·•~]+|第\s*\d{1,4}\s*页.{0,12}|\d{1,3}\s*/\s*\d{1,3})\s*"
)
_VALUE = re.compile(
    r"[+\-－−]?\d[\d,，.]*(?:件|条|元|万元|次|项|个)?(?:[（(].{0,60}[）)])?|[-—－/]{1,4}|[增减]加?少?\d+"
)
_GLUED = re.compile(r"(.*[^\d.．、,，\s])(\d{2,40})")
_OPEN, _CLOSE = "（([【", "）)]】"
_MOST_RUN = 400


@dataclass(slots=True)
class Run:
    """`text` names the row; `values` follow it. `parted`: by tabs or pipes, so that a blank among them shows."""

    text: str = ""
    values: list[Printed] = field(default_factory=list)
    parted: bool = False

    @property
    def shown(self) -> list[int]:
        return [i for i, v in enumerate(self.values) if v.number.status != "blank"]


def read_flattened(table: str, paragraphs: Sequence[Paragraph], labels: Labels, findings: Findings) -> None:
    """Reads the lines of one table's section."""
    lines = [p for p in paragraphs if not _PAGE_NUMBER.fullmatch(p.text)]
    runs = list(_runs(lines, labels, table))
    if _deduplicated(lines) and _mostly_short(table, runs, labels):
        findings.issues.append(
            Issue(
                "lines_deduplicated",
                "this text has lost its repeated lines, and zeros with them: nothing of its tables can be placed; get "
                "the document itself",
                table,
            )
        )
        return
    if table == "review":
        _read_review(runs, labels, findings)
    else:
        _read_rows(table, runs, labels, findings)


def _deduplicated(lines: Sequence[Paragraph]) -> bool:
    """Whether lines that are a number each never repeat."""
    numbers = Counter(p.text.strip() for p in lines if read_number(p.text).status == "reported")
    return len(numbers) >= 10 and max(numbers.values()) == 1


def _mostly_short(table: str, runs: Sequence[Run], labels: Labels) -> bool:
    """Whether a quarter of the stretches of values are shorter than the table is wide."""
    widths = [len(run.values) for run in runs if run.values]
    columns = len(labels.columns[table].order)
    return table == "application" and 4 * sum(width < columns for width in widths) >= len(widths)


# -------------------------------------------------------------------- lines -> runs
def _runs(lines: Sequence[Paragraph], labels: Labels, table: str) -> Iterator[Run]:
    run = Run()
    for line in lines:
        parted = len(line.fields) > 1 and ("\t" in line.text or "|" in line.text)
        if parted and any(f.strip() for f in line.fields):
            text, values = _split_fields(line, run.text if not run.values else "", labels, table)
            if values and (text or len(values) > 1):
                if run.values:
                    yield run
                    run = Run()
                yield Run(run.text + text, values, True)
                run = Run()
                continue
        for kind, word, column in _words(line, labels, table):
            if kind == "value":
                run.values.append(_printed(word, line, column))
                if len(run.values) > _MOST_RUN:
                    return
            else:
                if run.values:
                    yield run
                    run = Run()
                run.text += word
    yield run


def _split_fields(line: Paragraph, before: str, labels: Labels, table: str) -> tuple[str, list[Printed]]:
    """The label fields of a parted line, run together, and its value fields: those behind the last field that ends a
    label, else behind the last text."""
    fields = line.fields
    texts = [i for i, f in enumerate(fields) if _is_text(f)]
    last = texts[-1] if texts else -1
    for i in reversed(texts):
        folded = fold(before + "".join(fields[: i + 1]))
        if table != "review" and next(labels.rows[table].ending(folded), None) and i < len(fields) - 1:
            last = i
            break
    values = [_printed(f, line, i) for i, f in enumerate(fields) if i > last]
    empty = all(v.number.status == "blank" for v in values)
    if empty and not (last >= 0 and _names_row("".join(fields[: last + 1]), before, labels, table)):
        values = []
    return "".join(fields[: last + 1]), values


def _names_row(text: str, before: str, labels: Labels, table: str) -> bool:
    return table != "review" and any(length >= 4 for length, _ in labels.rows[table].ending(fold(before + text)))


def _words(line: Paragraph, labels: Labels, table: str) -> Iterator[tuple[str, str, int]]:
    """The words of a line as (`value` or `text`, word, place). What stands in brackets that close on the line is text:
    the 4 of （保留 4 位小数） is no value."""
    text = line.text.replace("|", " ")
    bracketed = _bracketed(text)
    for column, found in enumerate(re.finditer(r"\S+", text)):
        word = found.group()
        if any(start < found.start() < end for start, end in bracketed):
            yield "text", word, column
        elif _VALUE.fullmatch(word) and not _is_text(word):
            yield "value", word, column
        elif (glued := _GLUED.fullmatch(word)) and (split := _unglue(glued[1], glued[2], labels, table)):
            yield "text", glued[1], column
            yield from (("value", value, column) for value in split)
        else:
            yield "text", word, column


def _bracketed(text: str) -> list[tuple[int, int]]:
    opened: list[int] = []
    spans: list[tuple[int, int]] = []
    for place, letter in enumerate(text):
        if letter in _OPEN:
            opened.append(place)
        elif letter in _CLOSE and opened:
            spans.append((opened.pop(), place))
    return spans


def _unglue(text: str, digits: str, labels: Labels, table: str) -> list[str] | None:
    """The values of a row whose cells run together (`规章000`), where only one way of parting them gives as many
    numbers as the row has columns: no number begins with a zero."""
    folded = fold(text)
    counts: set[int] = set()
    if table == "review":
        counts = {len(labels.columns["review"].order) * len(labels.rows["review"].order)}
    else:
        for _, match in labels.rows[table].ending(folded):
            for form in match.forms:
                line = labels.forms[form].table(table).row(match.code)
                if line:
                    counts.add(len(labels.forms[form].table(table).columns_of(line)))
            break
    splits = [s for count in counts for s in _splits(digits, count)]
    return splits[0] if len(splits) == 1 else None


def _splits(digits: str, count: int) -> list[list[str]]:
    """At most two ways of parting digits into so many numbers."""
    if count == 1:
        return [[digits]] if digits == "0" or digits[0] != "0" else []
    found: list[list[str]] = []
    longest = 1 if digits[:1] == "0" else len(digits) - count + 1
    for length in range(1, longest + 1):
        if len(digits) - length < count - 1:
            break
        found += [[digits[:length], *rest] for rest in _splits(digits[length:], count - 1)]
        if len(found) > 1:
            break
    return found[:2]


def _is_text(word: str) -> bool:
    """Whether a word is no value: letters, also the Chinese numerals and 无 that labels fall apart into."""
    if not re.search(r"[\d０-９]|[-—–－―─/／]", word):
        return bool(word.strip())
    return read_number(word).status == "unreadable"


def _printed(text: str, line: Paragraph, column: int) -> Printed:
    number: Number = read_number(text)
    return Printed(number, text, Place("text", line.index, 0, column, line.page, line.box))


# -------------------------------------------------------------------- runs -> rows
@dataclass(frozen=True, slots=True)
class _Row:
    run: Run
    match: Match
    header: DisclosureHeader | None


def _read_rows(table: str, runs: list[Run], labels: Labels, findings: Findings) -> None:
    rows = list(_anchored(table, runs, labels, findings))
    patterns: dict[tuple[int, int], set[tuple[int, int]]] = {}
    keeps_blanks = False
    for row in rows:
        columns = _columns(table, row, labels)
        shown = row.run.shown
        if row.run.parted and len(shown) == len(columns) and shown and shown[-1] - shown[0] == len(columns) - 1:
            key = _depth(table, row.match, labels), len(columns)
            patterns.setdefault(key, set()).add((shown[0], len(row.run.values) - shown[-1] - 1))
        elif row.run.parted and len(shown) < len(columns) and len(shown) >= 2:
            keeps_blanks |= shown[-1] - shown[0] >= len(shown)
    for row in rows:
        columns = _columns(table, row, labels)
        form = row.header.form if row.header else only(row.match.forms)
        if table == "disclosure" and (row.header is None or not row.header.heads(row.match.code)):
            if row.run.values:
                findings.headless(table, row.match.code, [row.run.values[i] for i in row.run.shown] or row.run.values)
            continue
        known = patterns.get((_depth(table, row.match, labels), len(columns)), set())
        placed = _place(row.run, len(columns), known, keeps_blanks)
        if placed is None:
            findings.doubt(table, row.match.code, columns, row.run.values, form)
        else:
            findings.take(table, row.match.code, columns, placed, form)


def _place(run: Run, count: int, patterns: set[tuple[int, int]], keeps_blanks: bool) -> list[Printed] | None:
    """One value a column, or None. `patterns` are the numbers of empty fields before and after the values that whole
    rows of this kind have; `keeps_blanks` says that some row of the table has a blank between its values."""
    shown = run.shown
    if len(shown) == count and shown[-1] - shown[0] == count - 1:
        return [run.values[i] for i in shown]
    if not run.parted or len(shown) >= count:
        return None
    windows = {
        lead
        for lead, trail in patterns
        if lead + count + trail == len(run.values) and all(lead <= i < lead + count for i in shown)
    }
    if len(windows) != 1:
        return None
    window = run.values[windows.pop() :][:count]
    filled = [i for i, v in enumerate(window) if v.number.status != "blank"]
    collapsed = filled == list(range(len(filled)))
    return window if not filled or keeps_blanks or not collapsed else None


def _columns(table: str, row: _Row, labels: Labels) -> tuple[str, ...]:
    if table == "disclosure":
        return row.header.columns if row.header else ()
    return tuple(labels.columns[table].order)


def _depth(table: str, match: Match, labels: Labels) -> int:
    line = next(line for f in match.forms if (line := labels.forms[f].table(table).row(match.code)))
    return len(line.groups)


def _anchored(table: str, runs: list[Run], labels: Labels, findings: Findings) -> Iterator[_Row]:
    header: DisclosureHeader | None = None
    last: str | None = None
    for number, run in enumerate(runs):
        following = fold(runs[number + 1].text) if number + 1 < len(runs) else ""
        folded = fold(run.text)
        hit = _end_of(table, folded, following, labels, last)
        if table == "disclosure":
            taken = hit[0] if hit else 0
            if found := header_at_end(folded[: len(folded) - taken], labels):
                header = found
                for text, match in found.printed:
                    findings.label(table, "column", text, match)
        if hit is None:
            if any(v.number.status == "reported" for v in run.values):
                findings.issues.append(
                    Issue(
                        "label_unknown",
                        f"no form has a row that ends in {run.text[-30:]!r}; its values "
                        f"({' | '.join(v.raw for v in run.values)[:60]}) were left out: compare with the document",
                        f"line {run.values[0].place.block + 1}",
                    )
                )
            continue
        if run.values:
            last = hit[1].code
            if folded[len(folded) - hit[0] :] in labels.rows[table].spellings:
                findings.label(table, "row", run.text[-60:], hit[1])
            yield _Row(run, hit[1], header)


def _end_of(table: str, folded: str, following: str, labels: Labels, last: str | None) -> tuple[int, Match] | None:
    """The row that the text before a run of values names: its label ends the text, or begins there and goes on behind
    the values (a wrapped label with its numbers on a middle line)."""
    index = labels.rows[table]
    ending = list(index.ending(folded))
    for certain in (_names_itself, _follows):
        for length, match in ending:
            if certain(length, match, folded, index.order, last):
                return length, match
    for spelled, matches in index.spellings.items():
        for cut in range(len(spelled) - 1, 3, -1):
            if following.startswith(spelled[cut:]) and folded.endswith(spelled[:cut]) and len(matches) == 1:
                return cut, matches[0]
    tail = folded[-index.longest :]
    for start in range(len(tail)):
        near = index.like(tail[start:])
        if near and (last is None or index.order[near.code] > index.order[last]):
            return len(tail) - start, near
    return None


def _names_itself(length: int, match: Match, folded: str, order: dict[str, int], last: str | None) -> bool:
    """Long labels name their row by themselves; 其他 and 总计 with their marker, below another row."""
    marked = folded[: len(folded) - length].endswith(match.marker) and last is not None
    return length >= 4 or not match.marker or marked


def _follows(length: int, match: Match, folded: str, order: dict[str, int], last: str | None) -> bool:
    """其他 and 总计 without a marker name the row that comes right behind the last one."""
    unmarked = not folded[: len(folded) - length][-1:].isdigit()
    return unmarked and last is not None and 0 < order[match.code] - order[last] <= 2


# -------------------------------------------------------------------- table four
def _read_review(runs: list[Run], labels: Labels, findings: Findings) -> None:
    procedures, results = list(labels.rows["review"].order), list(labels.columns["review"].order)
    every = len(procedures) * len(results)
    pending: str | None = None
    for run in runs:
        named = procedure_of(run.text, labels) or pending
        pending = None if run.values else procedure_of(run.text, labels)
        shown = run.shown
        if not shown:
            continue
        values = [run.values[i] for i in shown]
        if len(values) != len(run.values) and len(run.values) in (every, len(results)):
            values = run.values if shown[-1] == len(run.values) - 1 or not run.parted else values
        if len(values) == every:
            for number, procedure in enumerate(procedures):
                findings.take("review", procedure, results, values[number * len(results) :][: len(results)], None)
        elif len(values) == len(results) and named:
            findings.take("review", named, results, values, None)
        else:
            for procedure in [named] if named and len(values) < len(results) else procedures:
                findings.doubt("review", procedure, results, values, None)
