"""Factory reports of 2009-2018 in every layout against their truth: narrative, with a sheet or without."""

from __future__ import annotations

import pytest

from pipelines.forms import load_forms
from pipelines.model import FiledReport
from tests.factory import layouts
from tests.factory.old import old_reports
from tests.factory.site import Plan, filed
from tests.factory.text import NUMBERS_LOST
from tests.reports.comparison import Tally, compare, flags_of, read_file, the_report

LAYOUTS = tuple(
    name for name in layouts.WRITERS if name.split("_")[0] not in ("doc", "rtf", "wps", "scan", "jpg", "png")
)
REPORTS = 10
MEASURED = {
    "pdf_borderless": 0.95,
    "ofd_borderless": 0.95,
    "text_spaces_wrapped": 0.97,
    "text_spaces_pages": 0.97,
    "text_one_line": 0.99,
}
"""Layouts without lines, where a wrapped label does not always say which number is its own: least share read."""


def _judged(layout: str, seed: int, years: tuple[int, ...], sheetless: float) -> Tally:
    printed = {"serial": False} if layout in NUMBERS_LOST else {}
    given = old_reports(REPORTS, seed, 0.5, sheetless, counties=1, years=years, printed=printed)
    files = list(filed(Plan(0, seed, (layout,)), given))
    read = [(one, read_file(one.written.data, one.file, division=one.file.split("/")[0])) for one in files]
    flags = flags_of([reading for _, found in read for reading in found])
    tally = Tally()
    for one, found in read:
        report = the_report(found)
        compare(one.gold, report, flags.get(report.report_id, ()) if report else (), tally)
    return tally


@pytest.mark.parametrize("layout", [name for name in LAYOUTS if name not in layouts.UNREADABLE])
def test_the_sheet_is_read_without_silent_error(layout: str) -> None:
    tally = _judged(layout, 90 + LAYOUTS.index(layout), (2014, 2015, 2016, 2017, 2018), 0)
    assert not tally.silent, tally.lines()
    assert tally.share >= MEASURED.get(layout, 0.999), tally.lines()
    assert not tally.other, tally.lines()
    if layout not in MEASURED:
        assert not (tally.missed or tally.false), tally.lines()


def test_a_sheet_that_lost_its_repeated_lines_is_refused() -> None:
    tally = _judged("text_deduplicated", 7, (2016, 2017), 0)
    assert not tally.silent, tally.lines()


@pytest.mark.parametrize("layout", ["html", "html_word", "docx", "pdf", "text_tab", "text_spaces_wrapped"])
@pytest.mark.parametrize("years", [(2009, 2011, 2013), (2015, 2017)])
def test_a_report_in_words_alone_is_a_report(layout: str, years: tuple[int, ...]) -> None:
    """Before 2014 no table is due; from 2014 on the sheet's absence is flagged."""
    tally = _judged(layout, 31, years, 1)
    assert not (tally.silent or tally.missed or tally.false or tally.other), tally.lines()


def test_several_columns_without_a_whole_stay_ambiguous() -> None:
    indicators = len(load_forms()["2014"].table("statistics").rows)
    style = {"columns": ("政府", "部门", "乡镇"), "whole": None}
    for one in filed(Plan(0, 3, ("html",)), old_reports(3, 3, 0, counties=1, printed=style)):
        (reading,) = read_file(one.written.data, one.file, division="411224")
        assert isinstance(reading, FiledReport)
        sheet = [c for c in reading.report.cells if c.table == "statistics" and c.row != "local"]
        assert {c.status for c in sheet} == {"ambiguous"}
        assert len(sheet) == indicators
