"""What does not agree in a county's reports of a year, ready to send: a workbook for the county, and for each agency a
letter with both sides, the places, and pictures of them."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.evidence import NoEvidence, show
from pipelines.findings.stored import Stored, flagged_reports
from pipelines.findings.workbook import write_workbook
from pipelines.model import Flag
from pipelines.paths import DataHome
from pipelines.shown_report import findings_of, in_order, shown_tables
from pipelines.templating import render

__all__ = ["Findings", "FindingsError", "findings"]

TEMPLATE = Path(__file__).parent / "templates" / "letter.html.j2"
MOST_PICTURES = 6
"""Of one letter; the tables show every place."""
LARGEST_PICTURE = 4 * 2**20


class FindingsError(Exception):
    """There is nothing to write findings from; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page's picture with the place of a finding marked; `number` is the finding's."""

    number: int
    data: str


@dataclass(frozen=True, slots=True)
class Findings:
    """`letters` are one an agency; `reports` counts the county's reports of the year. `doubtful` counts the findings
    that the reader may have caused: they stand in the workbook alone. `notes` say what could not be drawn."""

    folder: Path
    workbook: Path
    letters: tuple[Path, ...]
    reports: int
    findings: int
    doubtful: int
    notes: tuple[str, ...]


def findings(
    division: str, year: int, home: DataHome, out: Path, *, watch: Callable[[str], None] = lambda step: None
) -> Findings:
    """Writes the findings of a division (six digits) and year into the folder `out`. Raises FindingsError where the
    warehouse has no report of them, or the folder cannot be written to."""
    if not home.warehouse.is_file():
        raise FindingsError(f"There is no warehouse at {home.warehouse}: build one first (gongkai build).")
    reports, everything = flagged_reports(home.warehouse, division, year)
    if not everything:
        raise FindingsError(f"The warehouse has no report of {division} for {year}.")
    try:
        out.mkdir(parents=True, exist_ok=True)
        workbook = write_workbook(out / f"{division}-{year}.xlsx", reports)
        letters: list[Path] = []
        notes: list[str] = []
        sent = doubtful = 0
        for report in reports:
            sure = in_order(flag for flag in report.flags if flag.cause != "reader")
            doubtful += len(report.flags) - len(sure)
            if sure:
                watch(report.agency)
                sent += len(sure)
                letters.append(_letter(report, sure, home, out, notes))
    except OSError as error:
        raise FindingsError(f"{str(out)!r} cannot be written to: {error.strerror or error}.") from error
    return Findings(out, workbook, tuple(letters), everything, sent, doubtful, tuple(notes))


def _letter(report: Stored, flags: Sequence[Flag], home: DataHome, out: Path, notes: list[str]) -> Path:
    page = render(
        TEMPLATE,
        {
            "report": report,
            "findings": list(findings_of(flags)),
            "tables": list(shown_tables(report.cells, report.form, flags, {})),
            "pictures": _pictures(report, flags, home, notes),
        },
    )
    target = out / f"{report.report_id}.html"
    target.write_text(page, encoding="utf-8")
    return target


def _pictures(report: Stored, flags: Sequence[Flag], home: DataHome, notes: list[str]) -> list[Picture]:
    """Of reports that have pages (PDF, OFD, scans) the place that each finding is about; other formats have their
    tables."""
    found: list[Picture] = []
    paged = {(cell.table, cell.row, cell.column) for cell in report.cells if cell.place and cell.place.page is not None}
    for number, flag in enumerate(flags, 1):
        cell = next((cell for cell in flag.cells if cell in paged), None)
        if cell is None or len(found) == MOST_PICTURES:
            continue
        with tempfile.TemporaryDirectory(prefix="gongkai-findings-") as folder:
            try:
                shown = show(report.report_id, cell, Path(folder), home)
            except NoEvidence as error:
                notes.append(f"{report.agency}: {error}")
                return found
            for file in shown.files:
                if file.suffix == ".png" and file.stat().st_size <= LARGEST_PICTURE:
                    found.append(Picture(number, base64.b64encode(file.read_bytes()).decode("ascii")))
    return found
