"""Tables that reached us as text and lost their grid: tabs with merged cells gone, pipes with ragged rows, one cell a
line, labels wrapped over lines. Row labels anchor it; what stays undecidable says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipelines.model import Issue, Paragraph
from pipelines.read.coincidences import Placed, coincidences, moved
from pipelines.read.findings import Findings, Printed, only
from pipelines.read.headers import DisclosureHeader, headed_behind, header_at_end, heads_several, procedure_of
from pipelines.read.labels import Labels, Match, fold, marker
from pipelines.read.numbers import UNREADABLE, read_number
from pipelines.read.page_numbers import without_page_numbers
from pipelines.read.pairs import read_pairs
from pipelines.read.runs import Run, adds_up, row_width, runs
from pipelines.read.shifted import Shifts
from pipelines.read.spaced import part_spaced
from pipelines.read.strays import doubt_strays, without_shares
from pipelines.read.unlabelled import unlabelled_block
from pipelines.read.words import is_made_up, without_bullets
from pipelines.read.wrapped import goes_past, groups_of, wraps

_LONGEST_WORD = 8
_OPENING = "（([【〔“‘ "
_NUMERALS = frozenset("二三四五六七八九十")
_MANY = 10
_ENOUGH_ROWS = 6
_SEVERAL = 3
_NUMBERING = "序号"
"""What heads a column of the rows' own numbers."""
_SKIPPED = 2
"""A label that several rows share follows at most so many lines behind the one before it, and so many rows from a
group's label stands one of its own."""


def read_flattened(table: str, paragraphs: Sequence[Paragraph], labels: Labels, findings: Findings) -> None:
    """Reads the lines of one table's section."""
    lines = [p for p in without_bullets(paragraphs) if not is_made_up(p)]
    lines = without_page_numbers(table, lines, labels, findings.issues)
    if read_pairs(table, lines, labels, findings):
        return
    stretches = _mended(_unmarked(list(runs(lines, labels, table)), table, labels), table, labels)
    part_spaced(stretches)
    without_shares(stretches)
    doubt_strays(stretches, lines)
    for run in stretches:
        run.broken = run.broken or (not run.parted and any(map(_goes_on, run.values)))
    recognised = frozenset(line.index for line in lines if line.reading == "ocr")
    if table == "review":
        _read_review(stretches, labels, findings, recognised)
    else:
        _read_rows(table, stretches, labels, findings, recognised)


def lost_lines(paragraphs: Sequence[Paragraph], labels: Labels) -> Issue | None:
    """An issue where these lines of table three have lost their repetitions, and zeros with them: lines that are a
    number each never repeat, and a quarter of its rows or more are too short. Then nothing flattened can be placed."""
    numbers = Counter(p.text.strip() for p in paragraphs if read_number(p.text).status == "reported")
    if len(numbers) < _MANY or max(numbers.values()) > 1:
        return None
    widths = [len(run.values) for run in runs(paragraphs, labels, "application") if run.values]
    if 4 * sum(width < row_width(labels, "application") for width in widths) < len(widths):
        return None
    return Issue(
        "lines_deduplicated",
        "this text has lost its repeated lines, and zeros with them: nothing of its tables can be placed; get the "
        "document itself",
    )


def _unmarked(stretches: list[Run], table: str, labels: Labels) -> list[Run]:
    """A numeral that seemed to be the last value of a row is the item marker of the label behind it, where the two make
    the beginning of one: 三 above 、本年度办理结果. Alone among figures it may be a letter of a group's label that runs
    down beside the rows: then the row is in doubt."""
    marked = {m.marker + text for text, found in labels.rows[table].spellings.items() for m in found if m.marker}
    for run, behind in pairwise(stretches):
        numeral = run.values[-1].raw if len(run.values) > 1 else ""
        opening = fold(numeral + behind.text)
        if numeral in _NUMERALS and any(
            len(opening) > 1 and opening.startswith(label[: len(opening)]) for label in marked | labels.groups[table]
        ):
            run.values = run.values[:-1]
            behind.text = numeral + behind.text
        elif numeral in _NUMERALS and all(value.raw not in _NUMERALS for value in run.values[:-1]):
            run.broken = True
    return stretches


def _mended(stretches: list[Run], table: str, labels: Labels) -> list[Run]:
    """A word between the values of one row that is no number (待核实) parted them: where the values on both sides and
    the word are as many as the table has columns, it is a value that cannot be read. A 无 that stands between a label
    and one value too few is the first of them."""
    width = row_width(labels, table)
    mended: list[Run] = []
    for run in stretches:
        if run.last_text == "无" and len(run.values) == width - 1 and _ends_label(run.text[:-1], table, labels):
            first = Printed(read_number("无"), "无", run.last_place or run.values[0].place)
            run.text, run.values = run.text[:-1], [first, *run.values]
        last = mended[-1] if mended else None
        if (
            last is not None
            and last.values
            and run.values
            and len(last.values) + 1 + len(run.values) == width
            and len(run.text) <= _LONGEST_WORD
            and not (marker(run.text) or "：" in run.text or labels.rows[table].holds(run.text))
        ):
            place = run.last_place or run.values[0].place
            number = read_number(run.text) if run.text == run.last_text else UNREADABLE
            last.values += [Printed(number, run.text, place), *run.values]
        else:
            mended.append(run)
    return mended


def _goes_on(value: Printed) -> bool:
    """Whether the brackets behind a number close on another line: the values of its row stand on several, and nothing
    says in which order."""
    return sum(map(value.raw.count, "（([【")) > sum(map(value.raw.count, "）)]】"))


def _ends_label(text: str, table: str, labels: Labels) -> bool:
    return next(labels.rows[table].ending(fold(text)), None) is not None


# -------------------------------------------------------------------- runs -> rows
@dataclass(frozen=True, slots=True)
class _Row:
    run: Run
    match: Match
    header: DisclosureHeader | None


def _read_rows(
    table: str, stretches: list[Run], labels: Labels, findings: Findings, recognised: frozenset[int]
) -> None:
    left_out: list[Run] = []
    rows = list(_anchored(table, stretches, labels, findings, left_out))
    scattered = _scattered(table, rows, labels)
    other_width = _other_width(table, rows, labels)
    for number, row in enumerate(rows):
        near = rows[max(number - _SKIPPED, 0) : number + 1 + _SKIPPED]
        if row.run.shown and any(_heads(row.match, other.match, table, labels) for other in near):
            row.run.broken = True
        torn = scattered and not _on_one_line(row, table, labels)
        row.run.broken = row.run.broken or other_width or torn
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
    apart = table == "disclosure" and headed_behind("".join(fold(run.text) for run in stretches), labels)
    placements: list[tuple[_Row, tuple[str, ...], list[Printed] | None]] = []
    for row in rows:
        columns = _columns(table, row, labels)
        form = row.header.form if row.header else only(row.match.forms)
        strays = _strays([row.run.values[i] for i in row.run.shown], recognised, has_sum=table == "application")
        if table == "disclosure" and (row.header is None or not row.header.heads(row.match.code)):
            if strays or apart or row.run.broken:
                findings.unheaded(table, row.match.code, row.run.values)
            elif row.run.values:
                findings.headless(table, row.match.code, [row.run.values[i] for i in row.run.shown] or row.run.values)
            continue
        alike = {p for (_, width), found in patterns.items() if width == len(columns) for p in found}
        known = patterns.get((_depth(table, row.match, labels), len(columns)), alike)
        placed = None if strays else _place(row.run, len(columns), known, keeps_blanks)
        placements.append((row, columns, placed))
    doubted = _coincidences(table, placements, left_out, keeps_blanks, labels)
    for number, (row, columns, placed) in enumerate(placements):
        form = row.header.form if row.header else only(row.match.forms)
        if placed is None or number in doubted:
            findings.doubt(table, row.match.code, columns, row.run.values, form)
        else:
            findings.take(table, row.match.code, columns, placed, form)


def _coincidences(
    table: str,
    placements: Sequence[tuple[_Row, tuple[str, ...], list[Printed] | None]],
    left_out: Sequence[Run],
    keeps_blanks: bool,
    labels: Labels,
) -> set[int]:
    """Which placements are in doubt because their rows are as long as the form's by coincidence."""
    if table != "application":
        return set()
    width = row_width(labels, table)
    taken = [
        (number, Placed(row.match.code, columns, tuple(values), row.run.parted and keeps_blanks))
        for number, (row, columns, values) in enumerate(placements)
        if values is not None
    ]
    unlabelled = [run for run in left_out if len(run.values) > 1]
    others = [row.run for row, _, values in placements if values is None] + unlabelled
    uneven = sum(len(run.shown) != width for run in others)
    foreign = bool(unlabelled) or any(len(run.shown) > width for run in others)
    sums = {one.terms: one for form in labels.forms.values() for one in form.identities}
    rests = [value for run in left_out for value in run.values]
    found = coincidences([row for _, row in taken], list(sums.values()), rests, uneven, foreign)
    return {taken[at][0] for at in found}


def _heads(match: Match, other: Match, table: str, labels: Labels) -> bool:
    """Whether a row's label is that of the group in which a row near it stands: values on its line may be those of a
    row of that group, whose label is lost or stands further down."""
    names = {fold(label) for (_, code), label in labels.rows[table].official.items() if code == match.code}
    return not names.isdisjoint(groups_of(other, table, labels))


def _scattered(table: str, rows: Sequence[_Row], labels: Labels) -> bool:
    """Whether the rows stand in no order, as in lines that were shuffled: then only a whole line is to be trusted."""
    order = [labels.rows[table].order[row.match.code] for row in rows]
    backwards = sum(behind < before for before, behind in pairwise(order))
    return len(order) >= _ENOUGH_ROWS and 3 * backwards > len(order)


def _on_one_line(row: _Row, table: str, labels: Labels) -> bool:
    """Whether a row's values stand behind its whole label on the label's own line."""
    first, last = row.run.values[0].place.block, row.run.last_place
    whole = _ends_label(row.run.last_text, table, labels)
    return whole and last is not None and {v.place.block for v in row.run.values} == {first} == {last.block}


def _other_width(table: str, rows: Sequence[_Row], labels: Labels) -> bool:
    """Whether a table has more columns than the form, or table three fewer: a row with as many values as the form has
    columns may then lack any of them. It has more where several rows show more values, and one for three that show as
    many; it has fewer where almost all rows show the same number of them, and no empty field behind."""
    shown = [(len(_columns(table, row, labels)), row.run.shown) for row in rows if row.run.shown]
    widths = [(width, places[-1] + 1 - places[0]) for width, places in shown if width]
    wider, whole = (sum(one > width for width, one in widths), sum(one == width for width, one in widths))
    if wider >= _SEVERAL and 3 * wider >= whole:
        return True
    width = row_width(labels, table)
    if not width or len(rows) < _ENOUGH_ROWS:
        return False
    closed = Counter(len(r.run.values) - r.run.shown[0] for r in rows if r.run.shown and r.run.values[-1].raw)
    usual, times = closed.most_common(1)[0] if closed else (width, 0)
    return usual < width and 4 * times > 3 * len(rows)


def _strays(values: Sequence[Printed], recognised: frozenset[int], has_sum: bool) -> bool:
    """Whether values that were recognised in a picture stand on several lines, and no sum other than zeros' says that
    they are one row: where a mark was lost, the rest of a number that its cell broke fills its place."""
    blocks = {value.place.block for value in values}
    if len(blocks) < 2 or not blocks & recognised:
        return False
    numbers = [value.number.value for value in values]
    return not (has_sum and numbers[-1] and adds_up(numbers))


def _place(run: Run, count: int, patterns: set[tuple[int, int]], keeps_blanks: bool) -> list[Printed] | None:
    """One value a column, or None. `patterns` are the numbers of empty fields before and after the values that whole
    rows of this kind have; `keeps_blanks` says that some row of the table has a blank between its values."""
    shown = run.shown
    if run.broken:
        return None
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


def _anchored(
    table: str, stretches: list[Run], labels: Labels, findings: Findings, left_out: list[Run]
) -> Iterator[_Row]:
    """The runs that name a row; others with numbers go to `left_out`."""
    header: DisclosureHeader | None = None
    last: str | None = None
    texts = [fold(run.text) for run in stretches]
    wrapped = wraps(texts, table, labels)
    shifted = Shifts(texts, stretches, table, labels)
    for number, run in enumerate(stretches):
        following = texts[number + 1] if number + 1 < len(stretches) else ""
        wrap = wrapped[number]
        folded = texts[number][wrap.taken :]
        opens = bool(run.last_text) and not run.last_text.strip(_OPENING)
        hit = (wrap.ahead, wrap.match) if wrap.match else None if opens else _end_of(table, folded, labels, last)
        if table == "disclosure":
            taken = hit[0] if hit else 0
            if found := header_at_end(folded[: len(folded) - taken], labels):
                header = found
                for text, match in found.printed:
                    findings.label(table, "column", text, match)
        if hit is None:
            if block := unlabelled_block(table, run, folded, following, labels):
                last = block[-1][0].code
                for match, values in block:
                    yield _Row(Run("", values), match, header)
                continue
            if run.values:
                shifted.look_at(number, folded, None, first=last is None)
            if any(v.number.status == "reported" for v in run.values):
                left_out.append(run)
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
            shifted.look_at(number, folded, hit[1].code, first=False)
            if folded[len(folded) - hit[0] :] in labels.rows[table].spellings:
                findings.label(table, "row", run.text[-60:], hit[1])
            elif _whole_label(run.last_text, hit[1], table, labels):
                findings.label(table, "row", run.last_text, hit[1])
            run.broken = run.broken or (wrap.match is None and shifted.hold(number))
            yield _Row(run, hit[1], header)


def _whole_label(text: str, match: Match, table: str, labels: Labels) -> bool:
    """Whether a line or field is the whole of a label that is nearly the form's, from its item marker on."""
    near = labels.rows[table].like(text)
    return near is not None and near.code == match.code and marker(text) == match.marker


def _end_of(table: str, folded: str, labels: Labels, last: str | None) -> tuple[int, Match] | None:
    """The row that the text before a run of values names: its label ends the text, or nearly."""
    index = labels.rows[table]
    ending = list(index.ending(folded))
    named = [(n, m) for n, m in ending if _names_itself(n, m, folded, last)]
    follows = [(n, m) for n, m in ending if _follows(n, m, folded, table, labels, last)]
    for sure in (named, follows):
        longest = [(n, m) for n, m in sure if n == sure[0][0]]
        behind = [(n, m) for n, m in longest if last is None or index.order[m.code] > index.order[last]]
        if longest:
            return min(behind or longest, key=lambda hit: index.order[hit[1].code])
    tail = folded[-index.longest :]
    for start in range(len(tail)):
        near = index.like(tail[start:])
        if near and (last is None or index.order[near.code] > index.order[last]):
            return (len(tail) - start, near) if not goes_past(tail[start:], near, table, labels) else None
    return None


def _names_itself(length: int, match: Match, folded: str, last: str | None) -> bool:
    """Long labels name their row by themselves; 其他 and 总计 with their marker, below another row."""
    marked = folded[: len(folded) - length].endswith(match.marker) and last is not None
    return length >= 4 or not match.marker or marked


def _follows(length: int, match: Match, folded: str, table: str, labels: Labels, last: str | None) -> bool:
    """其他 and 总计 without a marker name the row that some form prints right behind the last one, or one further."""
    if folded[: len(folded) - length][-1:].isdigit():
        return False
    for form in match.forms:
        codes = [line.code for line in labels.forms[form].table(table).rows]
        if last in codes and 0 < codes.index(match.code) - codes.index(last) <= _SKIPPED:
            return True
    return False


# -------------------------------------------------------------------- table four
def _heads_review(text: str, labels: Labels) -> bool:
    """Whether a text names a procedure or a result: fifteen numbers behind any other may be two rows of table three."""
    folded = fold(text)
    index = labels.columns["review"]
    return procedure_of(text, labels) is not None or any(
        spelled in folded and any(m.code != list(index.order)[-1] for m in found)
        for spelled, found in index.spellings.items()
    )


def _read_review(stretches: list[Run], labels: Labels, findings: Findings, recognised: frozenset[int]) -> None:
    procedures, results = list(labels.rows["review"].order), list(labels.columns["review"].order)
    every = len(procedures) * len(results)
    pending: str | None = None
    for run in stretches:
        named = procedure_of(run.text, labels) or pending
        pending = None if run.values else procedure_of(run.text, labels)
        if run.parted and _NUMBERING in run.text and len(run.values) - 1 in (len(results), every):
            run.values = run.values[1:]
        shown = run.shown
        if not shown:
            continue
        at_once = run.parted and len(run.values) >= every
        values = _window(run, every if at_once else len(results))
        rows = [values[i : i + len(results)] for i in range(0, len(values), len(results))]
        strays = any(_strays(row, recognised, has_sum=True) for row in rows)
        gaps = run.parted and len(values) < shown[-1] - shown[0] + 1
        unsure = strays or run.broken or (gaps and not all(adds_up([v.number.value for v in row]) for row in rows))
        if len(values) == every and not (unsure or moved(rows)) and _heads_review(run.text, labels):
            for procedure, row in zip(procedures, rows, strict=True):
                findings.take("review", procedure, results, row, None)
        elif (
            len(values) == len(results)
            and named
            and not (unsure or at_once)
            and not (heads_several(run.text, labels) or _named_twice(run.text, labels))
        ):
            findings.take("review", named, results, values, None)
        else:
            for procedure in [named] if named and len(values) <= len(results) else procedures:
                findings.doubt("review", procedure, results, values, None)


def _named_twice(text: str, labels: Labels) -> bool:
    """Whether a result of table four stands twice in a text: then it heads several procedures."""
    folded = fold(text)
    return any(folded.count(spelled) > 1 for spelled in labels.columns["review"].spellings if len(spelled) >= 4)


def _window(run: Run, count: int) -> list[Printed]:
    """The run's fields from the first that shows something to the last, blanks among them too, where they are so many,
    or where there are no others and a blank between them keeps its place; else the values that show something."""
    shown = run.shown
    if run.parted and shown[-1] - shown[0] + 1 == count:
        return run.values[shown[0] : shown[-1] + 1]
    keeps_blanks = shown[0] == 0 and shown[-1] + 1 > len(shown)
    if run.parted and len(run.values) == count and keeps_blanks:
        return run.values
    return [run.values[i] for i in shown]
