"""Text, Markdown and tables that lost their rules: a paragraph a line."""

from __future__ import annotations

from pipelines.extract.commas import comma_fields
from pipelines.extract.encoding import Decoded
from pipelines.extract.fields import (
    closes_rows,
    is_rule,
    plain,
    split_fields,
    trimmed,
    unemphasised,
    whole_thousands,
    with_pipes,
)
from pipelines.extract.limits import LINES, TEXT_CHARACTERS, Unreadable, text_too_long
from pipelines.extract.line_ends import usual_line_ends
from pipelines.extract.line_numbers import without_line_numbers
from pipelines.extract.ruled_lines import ruled_rows
from pipelines.model import Document, Paragraph

FORMAT = "text"
_MARKDOWN_HEADING = "#"


def read_text(decoded: Decoded) -> Document:
    """The lines that show something, numbered as in the file from 0, each with its fields.

    A form feed starts a page. Lines that only draw a table (`|---|`) are dropped. A leading `#` marks a heading and
    stays in the text. Rows with commas between their values have tabs there instead, and so have rows whose cells went
    on over several lines between drawn rules. Numbers of the lines themselves are left out.
    """
    if len(decoded.text) > TEXT_CHARACTERS:
        raise text_too_long()
    lines = whole_thousands(usual_line_ends(decoded.text)).split("\n")
    if len(lines) > LINES:
        raise Unreadable("too_large", f"The text has more than {LINES} lines; split it.")
    lines = [unemphasised(line) for line in without_line_numbers(lines)]
    closed = closes_rows([with_pipes(line) for line in lines])
    parted = {**comma_fields(lines), **ruled_rows(lines)}
    blocks: list[Paragraph] = []
    pages, page_break = 1, False
    for number, line in enumerate(lines):
        for part, piece in enumerate(line.split("\f")):
            if part:
                pages, page_break = pages + 1, True
            shown = with_pipes(plain(piece))
            if not trimmed(shown) or is_rule(shown):
                continue
            given = parted.get(number) if "\f" not in line else None
            if given == ():
                continue
            text = "\t".join(given) if given else trimmed(shown)
            blocks.append(
                Paragraph(
                    number,
                    text,
                    given or split_fields(shown, closed),
                    heading=text.startswith(_MARKDOWN_HEADING),
                    page_break=page_break,
                )
            )
            page_break = False
    if not blocks:
        raise Unreadable("empty", "The document shows no text.")
    return Document(FORMAT, tuple(blocks), issues=decoded.issues, page_count=pages if pages > 1 else None)
