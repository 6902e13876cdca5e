"""Lines of text -> runs: a stretch of text, and the values behind it.

How the values were parted says whether blanks among them keep their places.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from pipelines.model import Paragraph, Place
from pipelines.read.findings import Printed
from pipelines.read.headers import procedure_of
from pipelines.read.labels import Labels, body, fold
from pipelines.read.merged import written_once
from pipelines.read.numbers import read_number
from pipelines.read.pipes import piped
from pipelines.read.words import SPELLED_BLANK, Word, is_text, is_value, place_of

_VALUE = re.compile(
    r"['’‘`]?[+\-－−]?\d[\d,，.]*[ \u3000]?(?:件|条|元|万元|次|项|个)?(?:[（(].{0,60}[）)])?|[-—－/]{1,4}|"
    rf"[增减]加?少?\d+|{SPELLED_BLANK}"
)
_WORD = re.compile(r"(?<!\S)\d[\d,，.]*[ \u3000](?:件|条|元|万元|次|项|个)(?!\S)|\S+")
"""A number and its unit are one word, with a space between them, too."""
_GLUED = re.compile(r"(.*[^\d.．、,，\s+\-－−])([+\-－−]?\d[\d,，.]{0,40})")
_APART = re.compile(r"\d\s+[+\-－−]?\d")
_OPEN, _CLOSE = "（([【", "）)]】"
_MOST_VALUES = 400


@dataclass(slots=True)
class Run:
    """`text` names the row; `values` follow it. `parted`: by tabs or pipes, so that a blank among them shows."""

    text: str = ""
    values: list[Printed] = field(default_factory=list)
    parted: bool = False
    last_text: str = ""
    """The last piece of the text, as its field or line holds it; `last_place` is where that stands, `first_place` where
    the first does."""
    last_place: Place | None = None
    first_place: Place | None = None
    broken: bool = False
    """A number alone behind the values may be the last of them, or none."""

    @property
    def shown(self) -> list[int]:
        return [i for i, v in enumerate(self.values) if v.number.status != "blank"]


def runs(lines: Sequence[Paragraph], labels: Labels, table: str) -> Iterator[Run]:
    """The lines of a table's section as runs, in their order; the last may have no values."""
    lines = list(written_once(lines, labels)) if table == "disclosure" else lines
    has_pipes = any(map(_has_pipes, lines))
    if has_pipes and not any(sum(1 for f in line.fields if f.strip() and not is_text(f)) > 1 for line in lines):
        yield from _gathered(piped(lines), labels, table, parted=True)
        return
    run = Run()
    apart = any(_APART.search(line.text) for line in lines)
    for line in lines:
        parted = len(line.fields) > 1 and ("\t" in line.text or _has_pipes(line))
        if parted and any(f.strip() for f in line.fields):
            taken = False
            for part in _beside(line, labels, table):
                text, values = _split_fields(part, run.text if not run.values else "", labels, table)
                if values and (text or len(values) > 1):
                    if run.values:
                        yield run
                        run = Run()
                    last = _last_text(part, len(part.fields) - len(values))
                    yield Run(run.text + text, values, True, part.fields[last] if text else "", place_of(part, last))
                    run, taken = Run(), True
            if taken:
                continue
        if line.text.strip().isdecimal() and (page := _pages(run, read_number(line.text).value, labels, table)):
            run.broken = run.broken or page == "unsure"
            continue
        for more in _gathered(_words(line, labels, table, apart), labels, table, run=run):
            if more is not run:
                yield run
                run = more
    yield run


def _has_pipes(line: Paragraph) -> bool:
    """Whether pipes part the line; one that was recognised in a picture is a stroke of something else."""
    return "|" in line.text and line.reading != "ocr"


def _pages(run: Run, number: Decimal | None, labels: Labels, table: str) -> Literal["", "page", "unsure"]:
    """Whether a number alone on the line behind a row that stands on one line is a page's: in table three it is where
    the row is whole and adds up without it, and no page's where it makes the row whole. Else that is unsure, as it is
    in table two, whose rows have no sums."""
    width = row_width(labels, table)
    if table == "disclosure" and run.last_place is not None:
        return "unsure" if {v.place.block for v in run.values} == {run.last_place.block} else ""
    if table != "application" or len(run.values) < 2 or len({v.place.block for v in run.values}) > 1:
        return ""
    numbers = [v.number.value for v in run.values]
    if len(numbers) == width and adds_up(numbers):
        return "page"
    whole = len(numbers) == width - 1 and adds_up([*numbers, number])
    return "" if whole or len(numbers) < width - 1 else "unsure"


def adds_up(numbers: Sequence[Decimal | None]) -> bool:
    """Whether the last number is the sum of the others, all of them known."""
    known = [number for number in numbers if number is not None]
    return len(known) == len(numbers) and sum(known[:-1]) == known[-1]


def _gathered(
    words: Iterable[Word], labels: Labels, table: str, parted: bool = False, run: Run | None = None
) -> Iterator[Run]:
    """Words gathered into runs; each run is given once it ends, and the last one at the end. Goes on with `run`. 无
    and 八 are values where their row lacks one."""
    run = run or Run(parted=parted)
    for certain, text, place in words:
        if certain or (is_value(text) and _lacks_values(run, labels, table)):
            if len(run.values) < _MOST_VALUES:
                run.values.append(Printed(read_number(text), text, place))
            continue
        if run.values:
            yield run
            run = Run(parted=parted)
        run.first_place = run.first_place or place
        run.text += text
        run.last_text, run.last_place = text, place
    yield run


def _lacks_values(run: Run, labels: Labels, table: str) -> bool:
    """Whether the text names a row, and fewer values stand behind it than the row has columns."""
    if table == "review":
        results = labels.columns[table]
        headed = any(match.code == list(results.order)[-1] for _, match in results.ending(fold(run.text)))
        return (headed or bool(run.values)) and len(run.values) < row_width(labels, table)
    if table == "application" and run.values:
        return len(run.values) < row_width(labels, table)
    return len(run.values) < max(_column_counts(fold(run.text), labels, table), default=0)


def _column_counts(folded: str, labels: Labels, table: str) -> set[int]:
    """How many columns the row whose label ends this folded text has, on the forms that print it."""
    for _, match in labels.rows[table].ending(folded):
        tables = [labels.forms[form].table(table) for form in match.forms]
        return {len(one.columns_of(line)) for one in tables if (line := one.row(match.code))}
    return set()


def _beside(line: Paragraph, labels: Labels, table: str) -> list[Paragraph]:
    """A line cut where the same row's label stands again: two reports that are printed side by side."""
    index = labels.rows[table]
    named = [body(f) if index.exact(f) else "" for f in line.fields]
    for at in range(1, len(named)):
        if named[at] and named[at] in named[:at]:
            blanks = ("",) * at  # places go on counting from the line's beginning
            return [replace(line, fields=line.fields[:at]), replace(line, fields=blanks + line.fields[at:])]
    return [line]


def _split_fields(line: Paragraph, before: str, labels: Labels, table: str) -> tuple[str, list[Printed]]:
    """The label fields of a parted line, run together, and its value fields: those behind the last field that ends a
    label, else behind the last text."""
    fields = line.fields
    told = [bool(f.strip()) and not is_value(f) for f in fields]
    texts = [i for i, text in enumerate(told) if text]
    shown = [i for i, text in enumerate(told) if not text and fields[i].strip()]
    if table == "review":
        texts = [i for i in texts if not shown or i < shown[0]]
    last = texts[-1] if texts else -1
    for i in reversed(texts):
        if table != "review" and shown and i < shown[-1] and _ends_label(before, fields[: i + 1], labels, table):
            last = i
            break
    values = [Printed(read_number(f), f, place_of(line, i)) for i, f in enumerate(fields) if i > last]
    empty = all(v.number.status == "blank" for v in values)
    if empty and not (last >= 0 and _names_row("".join(fields[: last + 1]), before, labels, table)):
        values = []
    return "".join(fields[: last + 1]), values


def _last_text(line: Paragraph, end: int) -> int:
    """The last field before the values that holds anything."""
    return next((i for i in range(end - 1, -1, -1) if line.fields[i].strip()), 0)


def _ends_label(before: str, fields: Sequence[str], labels: Labels, table: str) -> bool:
    index = labels.rows[table]
    return next(index.ending(fold(before + "".join(fields))), None) is not None or index.like(fields[-1]) is not None


def _names_row(text: str, before: str, labels: Labels, table: str) -> bool:
    return table != "review" and any(length >= 4 for length, _ in labels.rows[table].ending(fold(before + text)))


def _words(line: Paragraph, labels: Labels, table: str, apart: bool) -> Iterator[Word]:
    """The words of a line. What stands in brackets that close on the line is text: the 4 of （保留 4 位小数） is no
    value. Where a line has, from its first value on, as many words as the table has columns, all of them are values; a
    word ahead of its numbers is one only if no label holds its letters: a label may be wrapped. `apart` says that
    spaces part numbers somewhere in the table."""
    text = line.text.replace("|", " ") if _has_pipes(line) else line.text
    bracketed = _bracketed(text)
    words: list[Word] = []
    parts = list(_WORD.finditer(text))
    for column, found in enumerate(parts):
        word, place = found.group(), place_of(line, column)
        if any(start < found.start() < end for start, end in bracketed):
            words.append((False, word, place))
        elif _VALUE.fullmatch(word) and not is_text(word):
            words.append((True, word, place))
        elif (
            line.reading != "ocr"
            and (glued := _GLUED.fullmatch(word))
            and (split := _unglue(glued[1], glued[2], [p.group() for p in parts[column + 1 :]], labels, table, apart))
        ):
            words.append((False, glued[1], place))
            words += [(True, value, place) for value in split]
        else:
            words.append((word == "无" and any(w[0] for w in words), word, place))
    behind = _behind_label([word for _, word, _ in words], labels, table)
    words[behind:] = [(True, word, place) for _, word, place in words[behind:]]
    values = [i for i, word in enumerate(words) if word[0]]
    width = row_width(labels, table)
    first = len(words) - width
    if len(values) * 2 > width and first >= 0 and values[0] >= first:
        texts = [(at, word) for at, (certain, word, _) in enumerate(words[first:], first) if not certain]
        unread = len([at for at, word in texts if word != "无" and at < values[0]])
        if unread <= 1 and not any(_is_no_value(word, at < values[0], labels, table) for at, word in texts):
            words[first:] = [(True, word, place) for _, word, place in words[first:]]
    yield from words


def _behind_label(words: Sequence[str], labels: Labels, table: str) -> int:
    """Where the values of a line begin that are all that stands behind a whole label on it, or, in table four, all of
    the line; their number where nothing is so certain."""
    first = len(words)
    while first and is_value(words[first - 1]):
        first -= 1
    if table == "review":
        results = len(labels.columns["review"].order)
        return 0 if first == 0 and len(words) in (results, results * len(labels.rows["review"].order)) else len(words)
    named = next(labels.rows[table].ending(fold("".join(words[:first]))), None)
    return first if named else len(words)


def row_width(labels: Labels, table: str) -> int:
    """How many values a line of this table holds; 0 for table two, whose rows differ."""
    columns = len(labels.columns[table].order)
    return {"application": columns, "review": columns * len(labels.rows[table].order)}.get(table, 0)


def _bracketed(text: str) -> list[tuple[int, int]]:
    opened: list[int] = []
    spans: list[tuple[int, int]] = []
    for place, letter in enumerate(text):
        if letter in _OPEN:
            opened.append(place)
        elif letter in _CLOSE and opened:
            spans.append((opened.pop(), place))
    return spans


def _is_no_value(word: str, ahead: bool, labels: Labels, table: str) -> bool:
    """Whether a word among the values of a row cannot be one: a share, a piece of the next label, or, ahead of the
    numbers, of this one."""
    axes = labels.rows[table], labels.columns[table]
    named = any(index.holds(word) or (ahead and index.like(word)) for index in axes)
    return word != "无" and (word.endswith(("%", "％")) or named or fold(word) in labels.groups[table])


def _unglue(text: str, digits: str, behind: Sequence[str], labels: Labels, table: str, apart: bool) -> list[str] | None:
    """The values of a row whose label runs into them: all of them (`规章000`), where only one way of parting them gives
    as many numbers as the row has columns, since no number begins with a zero; or the first alone (`规章12 3 4`), where
    the words behind it are the others. Where spaces part the numbers of other rows, digits are never parted."""
    results = len(labels.columns["review"].order)
    counts = {row_width(labels, table)} if table == "review" else _column_counts(fold(text), labels, table)
    if behind:
        possible = counts | ({results} if procedure_of(text, labels) and table == "review" else set())
        return [digits] if len(behind) + 1 in possible and all(map(is_value, behind)) else None
    if not digits.isdecimal():
        return None
    splits = [s for count in counts for s in _splits(digits, count) if count == 1 or not apart]
    if len(splits) != 1:
        return None
    size = results if table == "review" else row_width(labels, table)
    rows = [splits[0][i : i + size] for i in range(0, len(splits[0]), size)] if size else []
    whole = all(adds_up([Decimal(value) for value in row]) for row in rows)
    return splits[0] if whole else None  # a blank that left no trace would break the sums


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
