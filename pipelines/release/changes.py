"""What changed since the release before: numbers by agency, year and measure; reports that came and went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.release.tables import write_csv

LISTED = 50
"""Changes that the notes name; all are in the file."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One number that is another now; `before` and `now` are None where none is shown."""

    agency: str
    agency_id: str
    year: int
    table: str
    row: str
    column: str
    before: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class Changes:
    """`reports` counts current reports by agency and year: `new`, `gone`, `revised`, `unchanged`. `numbers` counts the
    changed ones; `by_year` the same by year; `first` are some of them; `file` has all."""

    before: str
    reports: Mapping[str, int]
    numbers: int
    by_year: tuple[tuple[int, int], ...]
    first: tuple[Changed, ...]
    file: str


def changes_since(earlier: Path, warehouse: Path, folder: Path) -> Changes:
    """Compares the current reports of two warehouses, and writes every changed number to `changes.csv` of `folder`.
    `earlier` is the warehouse of the release before."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"ATTACH '{_quoted(earlier)}' AS before (READ_ONLY)")
        connection.execute(f"ATTACH '{_quoted(warehouse)}' AS now (READ_ONLY)")
        connection.execute(
            """
            CREATE TABLE report AS
            SELECT
                coalesce(n.agency_id, b.agency_id) AS agency_id, coalesce(n.year, b.year) AS year,
                b.report_id AS report_before, n.report_id,
                CASE
                    WHEN b.report_id IS NULL THEN 'new'
                    WHEN n.report_id IS NULL THEN 'gone'
                    WHEN b.numbers_digest IS DISTINCT FROM n.numbers_digest THEN 'revised'
                    ELSE 'unchanged'
                END AS state
            FROM (FROM before.dims.report WHERE is_current) AS b
            FULL JOIN (FROM now.dims.report WHERE is_current) AS n ON n.agency_id = b.agency_id AND n.year = b.year
            """
        )
        connection.execute(
            """
            CREATE TABLE number AS
            WITH
            old AS (
                SELECT r.agency_id, r.year, c."table", c."row", c."column", c.value
                FROM report AS r JOIN before.facts.cell AS c ON c.report_id = r.report_before
                WHERE r.state = 'revised'
            ),
            fresh AS (
                SELECT r.agency_id, r.year, c."table", c."row", c."column", c.value
                FROM report AS r JOIN now.facts.cell AS c ON c.report_id = r.report_id
                WHERE r.state = 'revised'
            )
            SELECT
                a.name AS agency, agency_id, year, "table", "row", "column", old.value AS value_before, fresh.value
            FROM old FULL JOIN fresh USING (agency_id, year, "table", "row", "column")
            LEFT JOIN now.dims.agency AS a USING (agency_id)
            WHERE old.value IS DISTINCT FROM fresh.value
            ORDER BY agency_id, year, "table", "row", "column"
            """
        )
        reports = dict(connection.execute("SELECT state, count(*) FROM report GROUP BY state").fetchall())
        by_year = connection.execute("SELECT year, count(*) FROM number GROUP BY year ORDER BY year").fetchall()
        first = connection.execute(f"FROM number LIMIT {LISTED}").fetchall()
        connection.execute("CREATE SCHEMA notes")
        connection.execute("CREATE VIEW notes.changes AS FROM number")
        written = write_csv(connection, "notes.changes", folder)
    return Changes(
        before=earlier.parent.name,
        reports={state: reports.get(state, 0) for state in ("new", "gone", "revised", "unchanged")},
        numbers=written.rows,
        by_year=tuple((int(year), int(count)) for year, count in by_year),
        first=tuple(
            Changed(str(agency or agency_id), str(agency_id), int(year), table, row, column, _number(b), _number(n))
            for agency, agency_id, year, table, row, column, b, n in first
        ),
        file=written.file,
    )


def _number(value: object) -> str | None:
    if value is None:
        return None
    text = str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
