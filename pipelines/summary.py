"""What stands in a warehouse, in a few lines."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True, slots=True)
class Contents:
    """`flagged` counts the reports that break a rule, by rule; `issues` counts issues by code."""

    reports: int
    documents: int
    numbers: int
    flagged: dict[str, int]
    issues: dict[str, int]


def contents(warehouse: Path) -> Contents:
    """Counts what the warehouse holds."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:

        def counts(sql: str) -> dict[str, int]:
            return dict(connection.execute(sql).fetchall())

        totals = counts(
            "SELECT 'reports', count(*) FROM dims.report UNION ALL SELECT 'documents', count(*) FROM quality.document "
            "UNION ALL SELECT 'numbers', count(value) FROM facts.cell"
        )
        return Contents(
            **totals,
            flagged=counts(
                "SELECT rule, count(DISTINCT report_id) FROM quality.flag WHERE outcome = 'broken' "
                "GROUP BY 1 ORDER BY 2 DESC, 1"
            ),
            issues=counts("SELECT code, count(*) FROM quality.issue GROUP BY 1 ORDER BY 2 DESC, 1"),
        )
