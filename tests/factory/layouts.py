"""Every way in which the factory can write a report, by name."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

from tests.factory import docx, html, pdf, text
from tests.factory.report import Report
from tests.factory.written import Written

Writer = Callable[[Report, random.Random], Written]


def _html(style: html.Style, report: Report, draw: random.Random) -> Written:
    return html.write_html(report, draw, style)


def _text(layout: str, report: Report, draw: random.Random) -> Written:
    return text.write_text(report, draw, layout)


def _docx(layout: str, report: Report, draw: random.Random) -> Written:
    return docx.write_docx(report, draw, layout)


def _pdf(style: pdf.Style, report: Report, draw: random.Random) -> Written:
    return pdf.write_pdf(report, draw, style)


WRITERS: dict[str, Writer] = {
    **{name: partial(_html, style) for name, style in html.STYLES.items()},
    **{name: partial(_text, name) for name in text.SHEETS},
    **{name: partial(_docx, name) for name in docx.LAYOUTS},
    **{name: partial(_pdf, style) for name, style in pdf.STYLES.items()},
}

UNREADABLE = frozenset({"text_deduplicated"})
"""Layouts that lose numbers for good: a report of unknown cells, or none. Only who asks for them gets them."""


def extension(layout: str) -> str:
    """The file name's ending for a layout."""
    family = layout.split("_", 1)[0]
    if family == "text":
        return "md" if "markdown" in layout else "txt"
    return family


def write(layout: str, report: Report, seed: str) -> Written:
    """The report in a layout; the same seed gives the same bytes. KeyError for a layout that is not known."""
    return WRITERS[layout](report, random.Random(f"{seed} {layout}"))
