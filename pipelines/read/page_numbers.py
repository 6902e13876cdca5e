"""Page numbers between the lines of a flattened table, and lines of values that look like them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.model import Issue, Paragraph
from pipelines.read.headings import title
from pipelines.read.labels import Labels, fold
from pipelines.read.words import is_value

_WORDED = re.compile(
    r"\s*(?:第\s*\d{1,4}\s*页.{0,12}|p(?:age)?[ .]{0,2}\d{1,4}(?:\s*of\s*\d{1,4})?|"
    r"[（(]?\s*(?:续上?表|表续|续|接上[页表]|[转见]下[页表])\s*[）)]?)\s*",
    re.I,
)
"""A page number in words, or what says that a table goes on."""
_LIKE_VALUES = re.compile(r"\s*(?:[-—–－―─·•~]+\s*\d{1,4}\s*[-—–－―─·•~]+|\d{1,3}\s*/\s*\d{1,3})\s*")
"""`- 3 -` and `3 / 12`: a page number, or values with a mark for a blank."""
_MARKS = "-—–|·"
_LONGEST_HEAD = 200
_NAMES_ITSELF = 4
_LABEL_LINES = 4


def without_page_numbers(
    table: str, paragraphs: Sequence[Paragraph], labels: Labels, issues: list[Issue]
) -> list[Paragraph]:
    """The lines of one table's section that are no page numbers or heads and do not say that it goes on. A number that
    stands where a row's values should, behind a whole label and before other words than values, may be those: it is
    left out too, with an issue `row_ambiguous`."""
    kept: list[Paragraph] = []
    left_out: list[tuple[int, Paragraph]] = []
    for line in paragraphs:
        if _WORDED.fullmatch(line.text) or _is_page_head(line.text):
            continue
        if _LIKE_VALUES.fullmatch(line.text):
            left_out.append((len(kept), line))
        else:
            kept.append(line)
    for at, line in left_out:
        label = "".join(before.text for before in kept[max(at - _LABEL_LINES, 0) : at])
        following = kept[at].text.split() if at < len(kept) else []
        lacks_values = not following or not is_value(following[0])
        if lacks_values and any(length >= _NAMES_ITSELF for length, _ in labels.rows[table].ending(fold(label))):
            issues.append(
                Issue(
                    "row_ambiguous",
                    f"{line.text.strip()!r} behind {label[-30:]!r} may be its values or a page number; it was left "
                    "out: compare with the document",
                    f"line {line.index + 1}",
                )
            )
    return kept


def _is_page_head(text: str) -> bool:
    """Whether a line is the report's title, with a page number or without, as each page may have it above its text."""
    words = [word.strip(_MARKS) for word in text[:_LONGEST_HEAD].split()]
    shown = [word for word in words if word]
    behind = shown[1:] if shown and shown[0].isdecimal() else shown
    before = shown[:-1] if shown and shown[-1].isdecimal() else shown
    return len(text) <= _LONGEST_HEAD and any(title(["".join(part)]) is not None for part in (shown, behind, before))
