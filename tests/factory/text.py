"""Reports as text that has lost its tables: tabs, pipes, Markdown, one cell a line."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

from tests.factory import form as f
from tests.factory import text_pages
from tests.factory.report import Part, Report
from tests.factory.sheets import Box, Sheet
from tests.factory.statistics import TABLE
from tests.factory.written import Written, leading_blanks, undecidable

Lines = list[str]
SheetWriter = Callable[[Sheet, random.Random], Lines]


def full_rows(sheet: Sheet) -> list[list[str]]:
    """Every place of the grid as a field; what a span covers is empty."""
    rows = [[""] * sheet.column_count for _ in range(sheet.row_count)]
    for box in sheet.boxes:
        rows[box.row][box.column] = box.text
    return rows


def short_rows(sheet: Sheet) -> list[list[str]]:
    """A field a box, and an empty one where a box from above reaches down; column spans are gone."""
    rows: list[list[str]] = []
    for index, row in enumerate(sheet.rows()):
        covered = {b.column for b in sheet.boxes if b.row < index < b.row + b.row_span}
        begins = {b.column: b.text for b in row}
        rows.append([begins.get(c, "") for c in sorted(covered | begins.keys())])
    return rows


def tab(sheet: Sheet, draw: random.Random) -> Lines:
    return ["\t".join(row) for row in full_rows(sheet)]


def tab_short(sheet: Sheet, draw: random.Random) -> Lines:
    return ["\t".join(row) for row in short_rows(sheet)]


def tab_ragged(sheet: Sheet, draw: random.Random) -> Lines:
    """Some rows lose the empty fields that they begin with; rows 一 and 二 have one too many behind the label."""
    lines = []
    for row in short_rows(sheet):
        if not any(row):
            continue
        if row[0].startswith(("一、", "二、")) and len(row) == 8:
            row = [row[0], "", *row[1:]]
        if not row[0] and draw.random() < 0.4:
            while not row[0]:
                row = row[1:]
        lines.append("\t".join(row))
    return lines


def tab_trailing(sheet: Sheet, draw: random.Random) -> Lines:
    """Another column, always empty, behind 总计."""
    return ["\t".join(row) + "\t" for row in full_rows(sheet)]


def tab_cut(sheet: Sheet, draw: random.Random) -> Lines:
    """The table is cut by a page: blank line, page number, blank line, between two rows of table three."""
    lines = tab(sheet, draw)
    if sheet.table == "application":
        lines[17:17] = ["", f"— {draw.randint(3, 9)} —", ""]
    return lines


def _cells(sheet: Sheet, keep_empty: bool) -> list[str]:
    return [b.text for row in sheet.rows() for b in row if b.text or keep_empty]


def cell_lines(sheet: Sheet, draw: random.Random) -> Lines:
    return _cells(sheet, False)


def cell_lines_blank(sheet: Sheet, draw: random.Random) -> Lines:
    """One cell a line, a blank line between; labels wrap into two cells, numbers may have a space before them."""
    lines: Lines = []
    for row in sheet.rows():
        for box in row:
            pieces = [box.text]
            several = sheet.table == TABLE and box.row == 0 and sheet.column_count > 3
            if box.key is None and len(box.text) in (4, 6) and not several and draw.random() < 0.5:
                half = len(box.text) // 2
                pieces = [box.text[:half], box.text[half:]]
            elif box.key is not None and draw.random() < 0.2:
                pieces = [" " + box.text]
            for piece in pieces:
                if piece.strip():
                    lines += [piece, ""]
    return lines


def cell_lines_unlabelled(sheet: Sheet, draw: random.Random) -> Lines:
    """The labels of the rows of （三） are gone: its numbers follow each other bare."""
    return [
        b.text
        for row in sheet.rows()
        for b in row
        if b.text and not (b.column == 2 and 7 <= b.row < 15 and sheet.table == "application" and b.key is None)
    ]


def cell_pipe_between(sheet: Sheet, draw: random.Random) -> Lines:
    """A line that holds only `|` between cells."""
    lines: Lines = []
    for row in sheet.rows():
        for i, box in enumerate(row):
            lines += (["|"] if i else []) + ([box.text] if box.text else [""])
    return lines


def cell_pipe_end(sheet: Sheet, draw: random.Random) -> Lines:
    """A cell a line, closed by ` |`; a column span leaves a line of bars."""
    lines: Lines = []
    for row in sheet.rows():
        for box in row:
            lines.append(f"{box.text} |")
            if box.column_span > 1:
                lines.append("|" * box.column_span)
    return lines


def row_pipe_open(sheet: Sheet, draw: random.Random) -> Lines:
    """A line `|` opens the row; each cell stands on a line that ends with ` |`, spans add bars."""
    lines: Lines = []
    for row in sheet.rows():
        lines.append("|")
        lines += [f"{box.text} |" + (" " + "|" * box.column_span if box.column_span > 1 else "") for box in row]
    return lines


def row_pipe_mixed(sheet: Sheet, draw: random.Random) -> Lines:
    lines: Lines = []
    for row in sheet.rows():
        for i, box in enumerate(row):
            lines += [f"| {box.text}"] if i == 0 else ["|", box.text]
        lines.append("|")
    return lines


def _bars(row: Iterable[Box]) -> str:
    return " | ".join(b.text for b in row)


def pipe_row(sheet: Sheet, draw: random.Random) -> Lines:
    """`a | b | c`, no bar at the ends; a span at the end leaves `||`."""
    return [_bars(row) + (" " + "|" * row[-1].column_span if row[-1].column_span > 1 else "") for row in sheet.rows()]


def pipe_both(sheet: Sheet, draw: random.Random) -> Lines:
    return [f"| {_bars(row)} |" + "|" * (row[-1].column_span - 1) for row in sheet.rows()]


def _markdown(rows: list[list[str]]) -> Lines:
    return [
        "| " + " | ".join(rows[0]) + " |",
        "|" + " --- |" * len(rows[0]),
        *("| " + " | ".join(row) + " |" for row in rows[1:]),
    ]


def markdown(sheet: Sheet, draw: random.Random) -> Lines:
    return _markdown(full_rows(sheet))


def markdown_exploded(sheet: Sheet, draw: random.Random) -> Lines:
    """A table a row, each under a header that somebody's program made up."""
    lines: Lines = []
    for row in sheet.rows():
        numbers = [b.text for b in row if b.key]
        labels = [b.text for b in row if not b.key]
        if not numbers:
            lines += [" ".join(labels), ""]
            continue
        lines += labels[:-1]
        header = ["项目", *(f"数据{i}" for i in range(1, len(numbers) + 1))]
        lines += ["", *_markdown([header, [labels[-1] if labels else "", *numbers]]), ""]
    return lines


def markdown_cut(sheet: Sheet, draw: random.Random) -> Lines:
    """A page break starts a new table under a wrong header; the numbers are still those of the seven columns."""
    rows = full_rows(sheet)
    if sheet.table != "application":
        return _markdown(rows)
    wrong = ["项目", "", "", "本年新收件数", "上年结转件数", "予以公开", "部分公开", "不予公开", "无法提供", "其他处理"]
    return [*_markdown(rows[:16]), "", f"- {draw.randint(2, 8)} -", "", *_markdown([wrong, *rows[16:]])]


SHEETS: dict[str, SheetWriter] = {
    "text_tab": tab,
    "text_tab_short": tab_short,
    "text_tab_ragged": tab_ragged,
    "text_tab_trailing": tab_trailing,
    "text_tab_cut": tab_cut,
    "text_lines": cell_lines,
    "text_lines_blank": cell_lines_blank,
    "text_pipe_between": cell_pipe_between,
    "text_pipe_end": cell_pipe_end,
    "text_pipe_open": row_pipe_open,
    "text_pipe_mixed": row_pipe_mixed,
    "text_pipe_row": pipe_row,
    "text_pipe_both": pipe_both,
    "text_markdown": markdown,
    "text_markdown_exploded": markdown_exploded,
    "text_markdown_cut": markdown_cut,
    "text_gb18030": tab,
    "text_utf16": pipe_both,
    "text_deduplicated": cell_lines,
    "text_labels_lost": cell_lines_unlabelled,
    "text_spaces": text_pages.spaces,
    "text_spaces_wrapped": text_pages.spaces_wrapped,
    "text_spaces_pages": text_pages.spaces_pages,
    "text_header_split": text_pages.header_split,
    "text_one_line": text_pages.joined,
}
_ENCODINGS = {"text_gb18030": "gb18030", "text_utf16": "utf-16"}
_LOSES_BLANKS = {"text_lines", "text_lines_blank", "text_one_line", "text_labels_lost"} | {
    k for k in SHEETS if k.startswith("text_spaces")
}
_LEADING_UNSURE = {"text_tab_short", "text_tab_ragged", "text_pipe_open", "text_pipe_end", "text_pipe_between"}
_WORDS_UNSURE = {"text_pipe_open", "text_pipe_end", "text_pipe_between", "text_pipe_mixed"}
_SHEET_UNSURE = {"text_pipe_open", "text_pipe_end", "text_pipe_between", "text_pipe_mixed"}
"""Layouts in which an empty cell of the statistics sheet leaves no trace."""
NUMBERS_LOST = {"text_markdown_exploded", "text_spaces_wrapped", "text_spaces_pages", "text_one_line"}
"""Layouts in which a row's serial number is told from its counts by nothing."""
_BROKEN_LABELS = {
    "text_deduplicated",
    "text_labels_lost",
    "text_lines_blank",
    "text_spaces_wrapped",
    "text_spaces_pages",
    "text_header_split",
}


def _prose(part: Part, draw: random.Random, marks: str) -> Lines:
    kind, content = part
    text = str(content)
    if marks == "markdown" and kind != "text":
        head = {"title": "#", "heading": "##"}[kind]
        return [f"{head} {text}", ""] if draw.random() < 0.8 else [f"**{text}**", ""]
    return ["　　" + text if kind == "text" and marks == "indent" else text, ""]


def _settled(report: Report) -> bool:
    """Whether every row of （三） adds up, so that its numbers can be placed without their labels."""
    rows = [[report.entries.get(("application", row, c)) for c in f.APPLICANTS] for row in f.denied_rows()]
    numbers = [[entry.value if entry else None for entry in row] for row in rows]
    return all(None not in row and row[-1] == sum(v for v in row[:-1] if v is not None) for row in numbers)


def write_text(report: Report, draw: random.Random, layout: str) -> Written:
    """The report as text in the named layout, in UTF-8 but for layouts named after another encoding."""
    sheet_writer = SHEETS[layout]
    marks = "markdown" if "markdown" in layout else draw.choice(("plain", "indent", "plain"))
    lines: Lines = []
    for part in report.parts():
        content = part[1]
        if isinstance(content, Sheet):
            lines += [*sheet_writer(content, draw), ""]
        elif layout in ("text_spaces_wrapped", "text_spaces_pages"):
            lines += text_pages.wrapped(str(content))
        else:
            lines += _prose(part, draw, marks)
    if layout == "text_one_line":
        lines = [" ".join(line for line in lines if line)]
    if layout == "text_deduplicated":
        lines = list(dict.fromkeys(line for line in lines if line))
    ambiguous = undecidable(report) if layout in _LOSES_BLANKS else frozenset()
    if layout == "text_deduplicated":
        ambiguous = frozenset(report.entries)
    elif layout == "text_labels_lost" and not _settled(report):
        ambiguous |= {key for key in report.entries if key[0] == "application" and key[1] in f.denied_rows()}
    if layout in _LEADING_UNSURE:
        ambiguous |= leading_blanks(report)
    if layout in NUMBERS_LOST and report.sheet_style.serial:
        ambiguous |= {key for key in report.entries if key[0] == TABLE}
    if layout in _SHEET_UNSURE:
        ambiguous |= {key for key in undecidable(report) if key[0] == TABLE}
    if layout in _WORDS_UNSURE:
        ambiguous |= undecidable(report, ("unreadable",))
    data = ("\n".join(lines) + "\n").encode(_ENCODINGS.get(layout, "utf-8"))
    return Written(data, ambiguous, layout not in _BROKEN_LABELS)
