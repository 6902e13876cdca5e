"""What is there in the morning: the night's report as a page, and told to whoever wants to hear of changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines.archive import Archive
from pipelines.night.page import page
from pipelines.night.records import RunRecord, read_records
from pipelines.night.report import NightReport, Publication, night_report
from pipelines.night.webhook import tell
from pipelines.paths import DataHome


def morning(home: DataHome, publication: Publication, why: Sequence[str] = ()) -> NightReport:
    """Writes `runs/<run>.md` of the last crawl, and tells it. What is held back is told from the candidate, what is
    published from the warehouse. Where nothing was ever crawled the report is of the build alone."""
    records = read_records(Archive(home.archive))
    if not records:
        now = datetime.now(UTC)
        records = [RunRecord(now.strftime("%Y%m%dT%H%M%SZ"), now.isoformat(), (), None, (), now.isoformat())]
    file = {"published": home.warehouse, "held_back": home.candidate}.get(publication)
    report = night_report(records, publication=publication, why=why, warehouse=file)
    home.runs.mkdir(parents=True, exist_ok=True)
    half = page_file(home, report).with_suffix(".half")
    half.write_text(page(report), encoding="utf-8")
    half.replace(page_file(home, report))
    if publication != "pending":
        tell(report, home.runs)
    return report


def page_file(home: DataHome, report: NightReport) -> Path:
    return home.runs / f"{report.run}.md"


def held_back(candidate: Path) -> list[str]:
    """What must hold and does not, as the candidate's own results say: name, colon, words."""
    if not candidate.exists():
        return []
    with duckdb.connect(str(candidate), read_only=True) as connection:
        query = "SELECT name || ': ' || message FROM quality.expectation WHERE blocking AND NOT passed ORDER BY name"
        try:
            return [row[0] for row in connection.execute(query).fetchall()]
        except duckdb.CatalogException:
            return []
