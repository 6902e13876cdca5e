"""Tables as the text of a PDF page leaves them: spaces between cells, labels wrapped around their numbers."""

from __future__ import annotations

import random

from tests.factory.sheets import Box, Sheet

Lines = list[str]


def wrapped(text: str, width: int = 37) -> Lines:
    """A paragraph in lines of a page's width, a blank line between all lines."""
    lines: Lines = []
    for start in range(0, len(text), width):
        lines += [text[start : start + width], ""]
    return lines


def spaces(sheet: Sheet, draw: random.Random) -> Lines:
    """A row a line, cells parted by one space, blank lines between; a blank cell leaves nothing."""
    lines: Lines = []
    for row in sheet.rows():
        words = [b.text for b in row if b.text]
        if words:
            lines += [" ".join(words), ""]
    return lines


def joined(sheet: Sheet, draw: random.Random) -> Lines:
    return [" ".join(b.text for row in sheet.rows() for b in row if b.text)]


def _around(label: str, numbers: str, draw: random.Random) -> Lines:
    """A label in pieces, its numbers behind the first, in the middle or under the last."""
    size = draw.randint(9, 14)
    pieces = [label[i : i + size] for i in range(0, len(label), size)]
    at = draw.randrange(len(pieces))
    if draw.random() < 0.4:
        return [*pieces, numbers]
    return [piece + (f" {numbers}" if i == at else "") for i, piece in enumerate(pieces)]


def _narrow(text: str, width: int) -> Lines:
    return [text[i : i + width] for i in range(0, len(text), width)]


def spaces_wrapped(sheet: Sheet, draw: random.Random) -> Lines:
    """Group labels run down a narrow column in lines of their own; long labels wrap around their numbers."""
    lines: Lines = []
    for row in sheet.rows():
        numbers = " ".join(b.text for b in row if b.key and b.text)
        labels = [b for b in row if not b.key]
        if not numbers or not labels:
            lines += [" ".join(b.text for b in row if b.text), ""] if any(b.text for b in row) else []
            continue
        for box in labels[:-1]:
            for piece in _narrow(box.text, 4):
                lines += [piece, ""]
        last = labels[-1].text
        if len(last) > 16:
            lines += [*_around(last, numbers, draw), ""]
        else:
            lines += [f"{last} {numbers}", ""]
    return lines


def spaces_pages(sheet: Sheet, draw: random.Random) -> Lines:
    """The same, with the foot and head of a page between two rows."""
    lines = spaces_wrapped(sheet, draw)
    if sheet.table != "application":
        return lines
    ends = [i for i, line in enumerate(lines) if not line and i and lines[i - 1][-1:].isdigit() and i > 30]
    at = draw.choice(ends[3:-3]) + 1
    number = draw.randint(2, 9)
    return [*lines[:at], draw.choice((f"— {number} —", f"- {number} -", f"第 {number} 页")), "", *lines[at:]]


def header_split(sheet: Sheet, draw: random.Random) -> Lines:
    """Bars between cells; the words of one header row stand on two (A29b)."""
    lines: Lines = []
    for index, row in enumerate(sheet.rows()):
        begins = {b.column: b for b in row}
        covered = {b.column for b in sheet.boxes if b.row < index < b.row + b.row_span}
        fields = [begins.get(c, Box(index, c, "")) for c in sorted(covered | begins.keys())]
        if sheet.table == "application" and index == 2:
            cuts = [len(b.text) // 2 if len(b.text) > 2 else 2 for b in fields]
            halves = [(b.text[:cut], b.text[cut:]) for b, cut in zip(fields, cuts, strict=True)]
            lines += [" | ".join(h[0] for h in halves), " | ".join(h[1] for h in halves)]
        else:
            lines.append(" | ".join(b.text for b in fields))
    return lines
