"""One report as HTML, PDF, DOCX and text gives the same cells, to the digit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.factory import layouts, office
from tests.factory.report import Report
from tests.factory.site import Plan, file_name, reports
from tests.reports.comparison import Key, read_file, the_report

FORMATS = (
    "html", "pdf", "docx", "text_tab", "text_markdown", "html_word", "pdf_borderless", "docx_runs",
    "ofd", "ofd_letters", "ofd_filled", "ofd_scaled", "ofd_template", "ofd_two",
    "xlsx", "xlsx_plain", "xlsx_hidden", "xlsx_sheets", "xls", "xls_left", "zip",
)  # fmt: skip
REPORTS = tuple(reports(Plan(210, 11, counties=5, fault_share=0.5)))[3::23]
CONVERTED = REPORTS[::4]
"""Those that LibreOffice, too, writes and reads, a second each time."""


def _cells(report: Report, layout: str) -> dict[Key, tuple[str, Decimal | None]]:
    path = file_name(report, layout)
    filed = the_report(read_file(layouts.write(layout, report, "same").data, path, division=report.office.division))
    assert filed is not None, f"{path} was not read"
    return {(c.table, c.row, c.column): (c.status, c.value) for c in filed.report.cells}


@pytest.mark.parametrize("report", REPORTS, ids=[f"{r.office.name}-{r.year}" for r in REPORTS])
def test_the_same_report_in_every_format(report: Report) -> None:
    truth = {key: (entry.status, entry.value) for key, entry in report.entries.items()}
    converted = ("doc",) if office.PROGRAM and report in CONVERTED else ()
    for layout in (*FORMATS, *converted):
        assert _cells(report, layout) == truth, layout
