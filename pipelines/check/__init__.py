"""A report before it is published: read, judged alone and against the agency's year before, and written up for the
clerk who can still correct it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pipelines.check.page import CheckedReport, page_of
from pipelines.discovery import source_of
from pipelines.evidence.finding import NoEvidence, wanted
from pipelines.intake import read_all
from pipelines.model import FiledReport, Reading, Refusal, Source
from pipelines.paths import DataHome

__all__ = ["CheckError", "Checked", "check"]


class CheckError(Exception):
    """The draft cannot be checked; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Checked:
    """`page` was written. `clean`: nothing that is an error or a warning is broken, and everything was read."""

    page: Path
    reports: tuple[CheckedReport, ...]
    refusals: tuple[Refusal, ...]

    @property
    def clean(self) -> bool:
        return not self.refusals and not any(report.to_mend for report in self.reports)


def check(draft: Path, home: DataHome, *, before: Path | None = None, out: Path | None = None) -> Checked:
    """Reads the draft, judges it together with the agency's report of the year before (the file `before`, else the one
    that the published warehouse knows), and writes a page in Chinese to `out` (else beside the current folder's name of
    the draft). Raises CheckError where there is no such file, or the page cannot be written."""
    if not draft.is_file():
        raise CheckError(f"There is no file {str(draft)!r}.")
    readings = _read(source_of(draft))
    filed = [reading for reading in readings if isinstance(reading, FiledReport)]
    refusals = tuple(reading for reading in readings if isinstance(reading, Refusal))
    earlier = [_before(report, home, before) for report in filed]
    from pipelines.warehouse import judge

    flags = judge([*filed, *(found for found, _ in earlier if found is not None)])
    reports = tuple(
        CheckedReport(report, flags[report.report_id], found, note)
        for report, (found, note) in zip(filed, earlier, strict=True)
    )
    target = out or Path(f"{draft.name}.check.html")
    try:
        target.write_text(page_of(draft.name, reports, refusals), encoding="utf-8")
    except OSError as error:
        raise CheckError(f"{str(target)!r} cannot be written: {error.strerror or error}.") from error
    return Checked(target, reports, refusals)


def _read(source: Source) -> Sequence[Reading]:
    with closing(read_all([source])) as results:
        return [reading for readings in results for reading in readings]


def _before(report: FiledReport, home: DataHome, given: Path | None) -> tuple[FiledReport | None, str]:
    """The agency's report of the year before, and where it is from, in words for the page."""
    there = _given(given) if given is not None else ()
    agency, year = report.agency, report.report.year
    if agency is None or year is None:
        return None, "认不出机关或年度，未与上年比较"
    if given is not None:
        for found in there:
            if found.agency is not None and (found.agency.agency_id, found.report.year) == (agency.agency_id, year - 1):
                return found, f"上年报告：{given.name}"
        return None, f"{given.name} 不是{agency.name}{year - 1}年度的报告，未与上年比较"
    report_id = _report_before(home, agency.agency_id, year - 1)
    if report_id is None:
        return None, f"数据库里没有该机关{year - 1}年度的报告，未与上年比较"
    try:
        source = wanted(report_id, home).source
    except NoEvidence as error:
        return None, f"上年报告 {report_id} 的原文找不到了（{error}），未与上年比较"
    same = [r for r in _read(source) if isinstance(r, FiledReport) and r.report_id == report_id]
    if not same:
        return None, f"上年报告 {report_id} 的原文变了，未与上年比较"
    return same[0], f"上年报告：{same[0].report.title or report_id}"


def _given(file: Path) -> list[FiledReport]:
    if not file.is_file():
        raise CheckError(f"There is no file {str(file)!r}.")
    found = [reading for reading in _read(source_of(file)) if isinstance(reading, FiledReport)]
    if not found:
        raise CheckError(f"No report could be read in {str(file)!r}, which is to be that of the year before.")
    return found


def _report_before(home: DataHome, agency_id: str, year: int) -> str | None:
    if not home.warehouse.is_file():
        return None
    import duckdb

    try:
        with duckdb.connect(str(home.warehouse), read_only=True) as connection:
            row = connection.execute(
                "SELECT report_id FROM dims.report WHERE agency_id = ? AND year = ? AND is_current", [agency_id, year]
            ).fetchone()
    except duckdb.Error as error:
        raise CheckError(f"The warehouse {str(home.warehouse)!r} cannot be read: {error!s:.200}") from error
    return str(row[0]) if row else None
