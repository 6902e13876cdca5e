"""CSV: lines of text whose fields commas part."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterator

from pipelines.extract.encoding import Decoded
from pipelines.extract.fields import plain, trimmed
from pipelines.extract.limits import LINES, TEXT_CHARACTERS, Unreadable, text_too_long
from pipelines.model import Document, Paragraph

FORMAT = "csv"

_SAMPLE_ROWS = 200
_FEWEST_ROWS = 5
_FEWEST_FIELDS = 3
_ALIKE = 0.8
_PAIRS = 20
"""Rows of two fields, all alike, that no prose has."""


def looks_like_csv(text: str) -> bool:
    """Whether almost all rows have the same number of fields, as a sheet that was saved as CSV has; of two, all."""
    if "," not in text[:10_000]:
        return False
    try:
        rows = list(itertools.islice(_rows(text[:200_000]), _SAMPLE_ROWS))
    except Unreadable:
        return False
    counts = Counter(len(row) for row in rows)
    fields, often = counts.most_common(1)[0] if counts else (0, 0)
    if fields == 2:
        return often == len(rows) >= _PAIRS
    return len(rows) >= _FEWEST_ROWS and fields >= _FEWEST_FIELDS and often >= _ALIKE * len(rows)


def read_csv(decoded: Decoded) -> Document:
    """A paragraph a row that shows something, with its fields; a row of one filled field is that field's lines.

    Raises Unreadable: `too_large`, `damaged`, `empty`.
    """
    if len(decoded.text) > TEXT_CHARACTERS:
        raise text_too_long()
    blocks: list[Paragraph] = []
    for row in _rows(decoded.text):
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


def _rows(text: str) -> Iterator[list[str]]:
    csv.field_size_limit(TEXT_CHARACTERS)
    lines = io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"), newline="")
    try:
        for row in csv.reader(lines):
            if row:
                yield row
    except csv.Error as error:
        raise Unreadable("damaged", f"The rows cannot be told ({error!s:.80}); fetch the file anew.") from error
