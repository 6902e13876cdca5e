"""CSV: lines of text whose fields commas part, or semicolons, or tabs around quoted fields."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterator

from pipelines.extract.encoding import Decoded
from pipelines.extract.fields import plain, trimmed
from pipelines.extract.limits import LINES, TEXT_CHARACTERS, Unreadable, text_too_long
from pipelines.extract.line_ends import usual_line_ends
from pipelines.model import Document, Paragraph

FORMAT = "csv"

_SEPARATORS = (",", ";", "\t")
_SAMPLE_ROWS = 200
_FEWEST_ROWS = 5
_FEWEST_FIELDS = 3
_ALIKE = 0.8
_PAIRS = 20
"""Rows of two fields, all alike, that no prose has."""


def looks_like_csv(text: str) -> bool:
    """Whether almost all rows have the same number of fields, as a sheet that was saved as CSV has; of two, all."""
    return _separator(text) is not None


def _separator(text: str) -> str | None:
    """The mark that parts the fields of almost all rows alike: the one with the most fields. Tabs part text that is no
    CSV, too: they count where a field behind one is quoted."""
    found: dict[str, int] = {}
    for mark in _SEPARATORS:
        if (f'{mark}"' if mark == "\t" else mark) in text[:10_000] and (fields := _alike(text, mark)):
            found[mark] = fields
    return max(found, key=lambda mark: found[mark], default=None)


def _alike(text: str, mark: str) -> int:
    """How many fields almost all rows have, parted by that mark; 0 where they do not look like a sheet's."""
    try:
        rows = list(itertools.islice(_rows(text[:200_000], mark), _SAMPLE_ROWS))
    except Unreadable:
        return 0
    counts = Counter(len(row) for row in rows)
    fields, often = counts.most_common(1)[0] if counts else (0, 0)
    if fields == 2:
        return fields if often == len(rows) >= _PAIRS else 0
    alike = len(rows) >= _FEWEST_ROWS and fields >= _FEWEST_FIELDS and often >= _ALIKE * len(rows)
    return fields if alike else 0


def read_csv(decoded: Decoded) -> Document:
    """A paragraph a row that shows something, with its fields; a row of one filled field is that field's lines.

    Raises Unreadable: `too_large`, `damaged`, `empty`.
    """
    if len(decoded.text) > TEXT_CHARACTERS:
        raise text_too_long()
    blocks: list[Paragraph] = []
    for row in _rows(decoded.text, _separator(decoded.text) or ","):
        fields = tuple(trimmed(plain(field)) for field in row)
        filled = [field for field in fields if field]
        if len(filled) == 1 and (not fields[0] or len(fields) == 1 or "\n" in filled[0]):
            for line in filled[0].split("\n"):
                if trimmed(line):
                    blocks.append(Paragraph(len(blocks), trimmed(line), (trimmed(line),)))
        elif filled:
            flat = tuple(" ".join(field.split("\n")) for field in fields)
            blocks.append(Paragraph(len(blocks), trimmed("\t".join(flat)), flat))
        if len(blocks) > LINES:
            raise Unreadable("too_large", f"The text has more than {LINES} lines; split it.")
    if not blocks:
        raise Unreadable("empty", "The document shows no text.")
    return Document(FORMAT, tuple(blocks), issues=decoded.issues)


def _rows(text: str, mark: str) -> Iterator[list[str]]:
    csv.field_size_limit(TEXT_CHARACTERS)
    lines = io.StringIO(usual_line_ends(text), newline="")
    try:
        for row in csv.reader(lines, delimiter=mark):
            if row:
                yield row
    except csv.Error as error:
        raise Unreadable("damaged", f"The rows cannot be told ({error!s:.80}); fetch the file anew.") from error
