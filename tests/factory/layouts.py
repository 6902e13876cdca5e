"""Every way in which the factory can write a report, by name."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

from tests.factory import docx, html, ofd, office, pdf, scan, text, workbook
from tests.factory.report import Report
from tests.factory.written import Written

Writer = Callable[[Report, random.Random], Written]


def _html(style: html.Style, report: Report, draw: random.Random) -> Written:
    return html.write_html(report, draw, style)


def _text(layout: str, report: Report, draw: random.Random) -> Written:
    return text.write_text(report, draw, layout)


def _docx(layout: str, report: Report, draw: random.Random) -> Written:
    return docx.write_docx(report, draw, layout)


def _workbook(layout: str, report: Report, draw: random.Random) -> Written:
    return workbook.write_workbook(report, draw, layout)


def _office(layout: str, report: Report, draw: random.Random) -> Written:
    return office.write_office(report, draw, layout)


def _pdf(style: pdf.Style, report: Report, draw: random.Random) -> Written:
    return pdf.write_pdf(report, draw, style)


def _scan(style: scan.Style, report: Report, draw: random.Random) -> Written:
    return scan.write_scan(report, draw, style)


def _ofd(style: ofd.Style, report: Report, draw: random.Random) -> Written:
    return ofd.write_ofd(report, draw, style)


WRITERS: dict[str, Writer] = {
    **{name: partial(_html, style) for name, style in html.STYLES.items()},
    **{name: partial(_text, name) for name in text.SHEETS},
    **{name: partial(_docx, name) for name in docx.LAYOUTS},
    **{name: partial(_pdf, style) for name, style in pdf.STYLES.items()},
    **{name: partial(_ofd, style) for name, style in ofd.STYLES.items()},
    **{name: partial(_scan, style) for name, style in scan.STYLES.items()},
    **{name: partial(_workbook, name) for name in workbook.LAYOUTS},
    **{name: partial(_office, name) for name in office.LAYOUTS if office.PROGRAM},
    "zip": workbook.write_bundle,
}

UNREADABLE = frozenset({"text_deduplicated"})
"""Layouts that lose numbers for good: a report of unknown cells, or none. Only who asks for them gets them."""

ASKED_FOR = frozenset((*ofd.STYLES, *scan.STYLES, *workbook.LAYOUTS, *office.LAYOUTS, "zip"))
"""Layouts that only who asks for them gets: what a plan draws from must not hang on what is installed, and the bundled
samples not on what the factory learns."""


def extension(layout: str) -> str:
    """The file name's ending for a layout."""
    family = layout.split("_", 1)[0]
    if family == "text":
        return "md" if "markdown" in layout else "txt"
    return scan.STYLES[layout].kind if family == "scan" else family


def write(layout: str, report: Report, seed: str) -> Written:
    """The report in a layout; the same seed gives the same bytes. KeyError for a layout that is not known."""
    return WRITERS[layout](report, random.Random(f"{seed} {layout}"))
