"""The factory's scans, read against their truth: what is given is right, and next to nothing is left out."""

from __future__ import annotations

import random

import pytest

from pipelines.extract.scan import PACKAGES, can_recognise
from pipelines.model import FiledReport
from tests.factory import scan
from tests.factory.report import Report
from tests.factory.site import Plan, filed, reports
from tests.reports.comparison import Tally, compare, read_file, the_report

pytestmark = [
    pytest.mark.skipif(not can_recognise(), reason=f"the optional packages {', '.join(PACKAGES)} are not installed"),
    pytest.mark.skipif(not scan.has_font(), reason="the system has no font for Chinese"),
]

LAYOUTS = ("scan_unruled", "scan_coarse", "scan_narrow", "scan_rough", "scan_faint")


def busy_reports(count: int) -> list[Report]:
    """Reports full of numbers of two digits and more."""
    every = (r for r in reports(Plan(300, 53, fault_share=0)) if not r.revision)
    busy = [r for r in every if sum(bool(e.value and e.value > 9) for e in r.entries.values()) > 25]
    return random.Random(53).sample(busy, count)


def test_scans_hold_their_truth() -> None:
    tally = Tally()
    for one in filed(Plan(len(LAYOUTS), 53, LAYOUTS, fault_share=0), busy_reports(len(LAYOUTS)), in_turn=True):
        report = the_report(read_file(one.written.data, one.file))
        assert isinstance(report, FiledReport), one.layout
        assert {cell.reading for cell in report.report.cells if cell.place} == {"ocr"}
        compare(one.gold, report, None, tally)
    assert not tally.silent, tally.lines()
    assert tally.share >= 0.99, tally.lines()
