"""Factory reports in every layout against their truth."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipelines.model import FiledReport, Reading
from tests.factory.layouts import UNREADABLE, WRITERS
from tests.factory.site import Filed, Plan, filed
from tests.reports.comparison import Tally, compare, flags_of, read_file, the_report

SEEDS = (3, 41)
ENOUGH = 14
"""Reports a layout and seed: two agencies of seven years, so that the rules over years have something to judge."""


def _plan(layout: str, seed: int) -> Plan:
    return Plan(ENOUGH, seed, (layout,), counties=1, fault_share=0.6)


def _read(files: list[Filed]) -> Iterator[tuple[Filed, tuple[Reading, ...]]]:
    for one in files:
        division, year, _ = one.file.split("/")
        yield one, read_file(one.written.data, one.file, (division, year), division)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("layout", WRITERS)
def test_a_layout_is_read_without_silent_error(layout: str, seed: int) -> None:
    read = list(_read(list(filed(_plan(layout, seed)))))
    readings = [reading for _, found in read for reading in found]
    flags = flags_of(readings)
    tally = Tally()
    for one, found in read:
        report = the_report(found)
        compare(one.gold, report, flags.get(report.report_id, ()) if report else (), tally)
    assert not tally.silent, tally.lines()
    assert tally.share >= 0.999, tally.lines()
    assert not (tally.missed or tally.false), tally.lines()
    assert not tally.other, tally.lines()
    assert layout in UNREADABLE or all(isinstance(reading, FiledReport) for reading in readings)


def test_two_reports_in_one_file_are_two() -> None:
    first, second = list(filed(Plan(2, 8, ("text_tab",), counties=1, years=(2023,), fault_share=0)))
    found = read_file(first.written.data + b"\n\n" + second.written.data, "411224/2023/two.txt", division="411224")
    assert [r.report.agency for r in found if isinstance(r, FiledReport)] == [
        first.report.office.name,
        second.report.office.name,
    ]
    for one, reading in zip((first, second), found, strict=True):
        tally = Tally()
        assert isinstance(reading, FiledReport)
        compare(one.gold, reading, None, tally)
        assert not (tally.silent or tally.unread or tally.other), tally.lines()
