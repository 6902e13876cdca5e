"""The three printed tables of a report: what was found in grids and flattened text, settled into one cell a place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipelines.forms.schema import Form, Line
from pipelines.model import Block, Cell, Grid, Issue, Label, Number, Paragraph, Section, TableReading
from pipelines.read.captions import lines_of_year
from pipelines.read.doubts import settle_doubts
from pipelines.read.findings import AMBIGUOUS, Findings, Found, Printed, where
from pipelines.read.flattened import lost_lines, read_flattened
from pipelines.read.grids import read_grids
from pipelines.read.labels import Labels, fold, marker
from pipelines.read.repairs import of_own_year, of_year
from pipelines.read.second_printings import set_aside
from pipelines.read.statistics import read_statistics, statistics_grids
from pipelines.read.statistics_lines import holds_statistics, read_statistics_lines
from pipelines.read.unread import unread

TABLES = ("disclosure", "application", "review", "statistics")
_NONE_STATED = re.compile(
    r"(?:本年度?|我[局委办镇乡]|本机关)?(?:暂?无|没有|未发生|不涉及|无此类情况|无相关情况)(?:此项|相关内容|相关情况)?[。.]?"
)
_CAPTION = 3


@dataclass(frozen=True, slots=True)
class Tables:
    """What the printed tables say. `form` is the generation that most of their lines show, None where none does."""

    cells: tuple[Cell, ...]
    labels: tuple[Label, ...]
    readings: tuple[TableReading, ...]
    form: str | None
    issues: tuple[Issue, ...]


def read_tables(sections: Sequence[Section], labels: Labels, year: int | None) -> Tables:
    """Reads grids first, wherever they stand, then the lines of each table's section for what the grids lack.

    `year` decides the generation only where no label does.
    """
    blocks = [block for section in sections for block in section.blocks]
    findings = Findings()
    sheets = statistics_grids([b for b in blocks if isinstance(b, Grid)], labels)
    read_statistics(sheets, labels, findings, year)
    captioned = [(grid, before) for grid, before in _captioned(blocks) if grid not in sheets]
    own = [(of_year(grid, year), before) for grid, before in of_own_year(captioned, year)]
    read_grids(own, labels, findings)
    _statistics_lines(sections, labels, findings, year)
    other = [section for section in sections if section.code != "statistics"]
    if lost := lost_lines(_lines([s for s in other if s.code == "application"]), labels):
        findings.issues.append(lost)
    else:
        for table in TABLES[:3]:
            _flattened(table, other, labels, findings, year)
    findings.found = _without_headings(findings.found, labels)
    _settle_headerless(findings, labels)
    form = _generation(findings.found) or _form_of_year(year, labels)
    recognised = {b.index for b in blocks if isinstance(b, Paragraph) and b.reading == "ocr"}
    findings.found = [_told_apart(f, recognised) for f in findings.found]
    issues = list(findings.issues)
    stated = {t: raw for t in TABLES if (raw := _stated_none(t, sections, findings.found))}
    settled = _settled(set_aside(findings.found, findings.unread, issues), issues)
    if any(cell.reading == "ocr" for cell in settled.values()):
        candidates = {(f.table, f.row, f.column): f.printed.candidates for f in findings.found if f.printed.candidates}
        settled = settle_doubts(settled, candidates, labels.forms[form].identities if form else (), issues)
    filled = {**settled, **_unprinted(settled, form, labels, stated)} if form else settled
    issues += list(unread(filled, blocks, labels, issues))
    due = {t.code for t in labels.forms[form].tables} if form else _due_of_year(year, labels)
    read = {table for table, _, _ in settled}
    readings = tuple(_reading(t, settled, stated, form) for t in TABLES if t in due | read)
    return Tables(
        cells=tuple(sorted(filled.values(), key=lambda c: _place_on_form(c, labels))),
        labels=tuple(_labels(findings, settled, form, labels)),
        readings=readings,
        form=form if settled or stated else None,
        issues=tuple(dict.fromkeys(issues)),
    )


def _captioned(blocks: Sequence[Block]) -> Iterable[tuple[Grid, str]]:
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            lines.append(block.text)
        else:
            yield block, "".join(lines[-_CAPTION:])
            lines.clear()


def _lines(sections: Sequence[Section]) -> list[Paragraph]:
    return [block for section in sections for block in section.blocks if isinstance(block, Paragraph)]


def _flattened(table: str, sections: Sequence[Section], labels: Labels, findings: Findings, year: int | None) -> None:
    have = {f.row for f in findings.found if f.table == table}
    rows = labels.rows[table].order.keys()
    whole = any(
        have >= {r.code for r in form.table(table).rows} for form in labels.forms.values() if form.prints(table)
    )
    if whole or (have >= rows):
        return
    own = [s for s in sections if s.code == table]
    more = Findings()
    read_flattened(table, lines_of_year(_lines(own or sections), year, table, labels), labels, more)
    if not own and not any(f.printed.number.status == "reported" for f in more.found):
        return
    kept = {f.row for f in more.found} - have
    findings.found += [f for f in more.found if f.row in kept]
    findings.labels += [x for x in more.labels if x.axis == "column" or x.match.code in kept]
    findings.headerless += [h for h in more.headerless if h[1] not in have] if own else []
    findings.issues += more.issues if own else [i for i in more.issues if i.code != "label_unknown"]


def _statistics_lines(sections: Sequence[Section], labels: Labels, findings: Findings, year: int | None) -> None:
    """The statistics sheet where no grid holds it: the lines of its section, or of any with several indicators."""
    if any(f.table == "statistics" for f in findings.found):
        return
    own = [s for s in sections if s.code == "statistics"]
    lines = _lines(own if holds_statistics(_lines(own), labels) else sections)
    if holds_statistics(lines, labels):
        read_statistics_lines(lines, labels, findings, year)


def _without_headings(found: list[Found], labels: Labels) -> list[Found]:
    """What was found without rows that show nothing and only head others: （六）其他处理 above its own three rows."""
    shown = {(f.table, f.row) for f in found if f.printed.number.status != "blank"}
    rows = {(f.table, f.row) for f in found}
    headings = {
        (table, row)
        for table, row in rows - shown
        if any(table == t and _heads(row, other, table, labels) for t, other in rows)
    }
    return [f for f in found if (f.table, f.row) not in headings]


def _heads(row: str, other: str, table: str, labels: Labels) -> bool:
    """Whether one row has, on some form, the label of the group in which the other stands on some form."""
    names = {fold(label) for (_, code), label in labels.rows[table].official.items() if code == row}
    lines = [line for form in labels.forms.values() if form.prints(table) for line in form.table(table).rows]
    return any(line.code == other and names & set(map(fold, line.groups)) for line in lines)


def _generation(found: Sequence[Found]) -> str | None:
    """The form that most of the lines show, of those that only one form prints."""
    rows = {(f.table, f.row, f.form) for f in found if f.form}
    counted = Counter(form for _, _, form in rows)
    return counted.most_common(1)[0][0] if counted else None


def _form_of_year(year: int | None, labels: Labels) -> str | None:
    return next(
        (f.code for f in labels.forms.values() if year and f.first_year <= year <= (f.last_year or year) and f.tables),
        None,
    )


def _due_of_year(year: int | None, labels: Labels) -> set[str]:
    """The tables that a report of this year should have, where none shows a form: none before the first form."""
    first = min(form.first_year for form in labels.forms.values())
    return set() if year is not None and year < first else set(TABLES)


def _settle_headerless(findings: Findings, labels: Labels) -> None:
    """Rows of table two without a header: their columns are those of the form that the table's headers show, or, where
    it has none, of the only form that prints all these rows with so many columns."""
    shown = {f.form for f in findings.found if f.table == "disclosure" and f.form}
    fitting = [
        form
        for form in labels.forms.values()
        if form.prints("disclosure") and all(_whole(form, row, values) for _, row, values in findings.headerless)
    ]
    form = fitting[0] if len(fitting) == 1 and shown <= {fitting[0].code} else None
    if form is None and len(shown) == 1:
        form = labels.forms[next(iter(shown))]
    headed = {f.row for f in findings.found if f.table == "disclosure"}
    for table, row, values in findings.headerless:
        line = form.table(table).row(row) if form else None
        if form is None or line is None:
            if row not in headed:
                findings.unheaded(table, row, values)
            continue
        columns = [c.code for c in form.table(table).columns_of(line)]
        if _whole(form, row, values):
            findings.take(table, row, columns, values, form.code)
        elif row not in headed:
            findings.doubt(table, row, columns, values, form.code)


def _whole(form: Form, row: str, values: Sequence[Printed]) -> bool:
    """Whether the form prints this row of table two with as many columns as it has values, none of them empty."""
    line = form.table("disclosure").row(row)
    wide = line is not None and len(form.table("disclosure").columns_of(line)) == len(values)
    return wide and all(v.number.status != "blank" for v in values)


def _settled(found: Sequence[Found], issues: list[Issue]) -> dict[tuple[str, str, str], Cell]:
    """One cell a place. A place that is printed twice with different values is ambiguous, and an issue."""
    cells: dict[tuple[str, str, str], Cell] = {}
    for f in found:
        key = f.table, f.row, f.column
        new = _cell(f, f.printed.number)
        old = cells.get(key)
        if old is None or (old.status, old.value) == (new.status, new.value):
            cells.setdefault(key, new)
            continue
        if {old.status, new.status} == {"reported", "blank"}:
            cells[key] = old if old.status == "reported" else new
            continue
        issues.append(
            Issue(
                "printed_twice",
                f"{'.'.join(key)} is printed as {old.raw!r} and as {new.raw!r}; neither was taken",
                where(f.printed.place),
            )
        )
        cells[key] = _cell(f, AMBIGUOUS)
    for cell in cells.values():
        if cell.status == "unreadable" and cell.place and cell.reading == "text":
            issues.append(
                Issue(
                    "value_unreadable",
                    f"{cell.table}.{cell.row}.{cell.column} shows {cell.raw[:60]!r}, which is no number",
                    where(cell.place),
                )
            )
    return cells


def _told_apart(found: Found, recognised: set[int]) -> Found:
    """What stood in a line that was recognised says so."""
    printed = found.printed
    if printed.place.kind != "text" or printed.place.block not in recognised:
        return found
    return replace(found, printed=replace(printed, reading="ocr"))


def _cell(found: Found, number: Number) -> Cell:
    return Cell(
        found.table,
        found.row,
        found.column,
        number.status,
        number.value,
        found.printed.raw,
        number.unit,
        found.form,
        found.printed.place,
        found.printed.reading,
    )


def _unprinted(
    settled: dict[tuple[str, str, str], Cell], form: str, labels: Labels, stated: dict[str, str]
) -> dict[tuple[str, str, str], Cell]:
    """The places of the form that the document does not show: `missing`, or `not_applicable` where it says 无."""
    cells: dict[tuple[str, str, str], Cell] = {}
    rows = {(table, row) for table, row, _ in settled}
    for table in (t.code for t in labels.forms[form].tables):
        printed = labels.forms[form].table(table)
        for line in printed.rows:
            if (table, line.code) not in rows and _replaced(line, table, rows, labels):
                continue
            columns = {c for t, r, c in settled if (t, r) == (table, line.code)}
            own = {c.code for c in printed.columns_of(line)}
            if columns and not columns & own:
                continue
            for column in own - columns:
                key = table, line.code, column
                cells[key] = Cell(*key, "missing", form=form)
                if table in stated:
                    cells[key] = Cell(*key, "not_applicable", raw=stated[table], form=form)
    return cells


def _replaced(line: Line, table: str, rows: set[tuple[str, str]], labels: Labels) -> bool:
    """Whether another generation's rows stand for this one: （六）其他处理 as one row, or as three."""
    for form in labels.forms.values():
        for other in form.table(table).rows if form.prints(table) else ():
            same = fold(other.label) in map(fold, line.groups) or fold(line.label) in map(fold, other.groups)
            if same and other.code != line.code and (table, other.code) in rows:
                return True
    return False


def _stated_none(table: str, sections: Sequence[Section], found: Sequence[Found]) -> str | None:
    """What a table's section says instead of the table, where that is no more than 无。"""
    own = [s for s in sections if s.code == table]
    if not own or any(f.table == table for f in found):
        return None
    texts = [b.text.strip() for s in own for b in s.blocks if isinstance(b, Paragraph) and b.text.strip()]
    grids = any(isinstance(b, Grid) for s in own for b in s.blocks)
    said = "".join(texts)
    return said if not grids and _NONE_STATED.fullmatch(said) else None


def _reading(
    table: str, settled: dict[tuple[str, str, str], Cell], stated: dict[str, str], form: str | None
) -> TableReading:
    cells = [c for (t, _, _), c in settled.items() if t == table]
    if cells:
        forms = Counter(c.form for c in cells if c.form)
        return TableReading(table, "read", forms.most_common(1)[0][0] if forms else form)
    return TableReading(table, "stated_none" if table in stated else "absent")


def _labels(
    findings: Findings, settled: dict[tuple[str, str, str], Cell], form: str | None, labels: Labels
) -> Iterable[Label]:
    """The labels of what was taken, each once; altered where the form of its own lines does not print it so."""
    seen: set[tuple[str, str, str, str]] = set()
    for label in findings.labels:
        axis = labels.rows if label.axis == "row" else labels.columns
        known = any(label.match in matches for matches in axis[label.table].spellings.values())
        if not known and marker(label.printed) != label.match.marker:
            continue
        at = 1 if label.axis == "row" else 2
        forms = {
            c.form for key, c in settled.items() if key[0] == label.table and key[at] == label.match.code and c.form
        }
        own = next(iter(forms)) if len(forms) == 1 else form
        if own not in label.match.forms:
            own = min(label.match.forms)
        key = label.table, label.axis, label.match.code, label.printed
        if key in seen:
            continue
        seen.add(key)
        yield Label(
            label.table,
            "row" if label.axis == "row" else "column",
            label.match.code,
            label.printed,
            axis[label.table].official.get((own, label.match.code), label.printed),
            own not in label.match.exact_in,
        )


def _place_on_form(cell: Cell, labels: Labels) -> tuple[int, int, int]:
    rows, columns = labels.rows[cell.table].order, labels.columns[cell.table].order
    return TABLES.index(cell.table), rows.get(cell.row, len(rows)), columns.get(cell.column, len(columns))
