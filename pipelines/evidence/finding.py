"""Which document is meant: a file, one of the archive, or a report that the published warehouse knows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pipelines.discovery import ARCHIVED, source_of
from pipelines.model import Source
from pipelines.paths import ROOT, DataHome

_REPORT_ID = re.compile(r"[0-9a-f]{16}-\d{1,6}")
_ARCHIVED = re.compile(rf"{ARCHIVED}[0-9a-f]{{64}}")


class NoEvidence(Exception):
    """Nothing can be shown; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document, and of its reports the one with that id; all of them where it is None."""

    source: Source
    report_id: str | None = None


def wanted(report: str, home: DataHome) -> Wanted:
    """Raises `NoEvidence` for what is neither a file nor a known report."""
    if Path(report).is_file():
        return Wanted(source_of(report))
    if Path(report).is_dir():
        raise NoEvidence(f"{report!r} is a folder; name one of its files.")
    if _ARCHIVED.fullmatch(report):
        return Wanted(Source(report, archive=home.archive))
    if not _REPORT_ID.fullmatch(report):
        raise NoEvidence(f"There is no file {report!r}, and it is no report_id either.")
    path = _source_in(home.warehouse, report)
    if _ARCHIVED.fullmatch(path):
        return Wanted(Source(path, archive=home.archive), report)
    found = next((place for place in (Path(path), ROOT / path) if place.is_file()), None)
    if found is None:
        message = f"The document of {report}, {path!r}, is not there: go to the folder in which the warehouse was built"
        raise NoEvidence(f"{message}, or name the file itself.")
    return Wanted(source_of(found), report)


def _source_in(warehouse: Path, report_id: str) -> str:
    if not warehouse.is_file():
        raise NoEvidence(f"There is no warehouse at {str(warehouse)!r} to look {report_id} up in: build one first.")
    import duckdb

    try:
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            row = connection.execute("SELECT source FROM dims.report WHERE report_id = ?", [report_id]).fetchone()
    except duckdb.Error as error:
        raise NoEvidence(f"The warehouse {str(warehouse)!r} cannot be read: {error!s:.200}") from error
    if row is None:
        raise NoEvidence(f"The warehouse {str(warehouse)!r} knows no report {report_id}.")
    return str(row[0])
