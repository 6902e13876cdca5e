"""What people say of a flag: that it is so, that it is none, or that we read it wrongly. A line of JSON a verdict, only
ever added to; the last one of a flag counts, as long as the flag says the same."""

from __future__ import annotations

import fcntl
import json
import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

import duckdb

VERDICTS = ("confirmed", "dismissed", "reader")
PENDING = "pending"
"""Of a flag that nobody has given a verdict on."""
TAKEN_BACK = "none"
LONGEST = 80
"""Letters of the name of whoever gives a verdict."""

_LOG = logging.getLogger("gongkai.dashboard")
_TABLE = """
CREATE TABLE IF NOT EXISTS memory.main.verdict (
    given TIMESTAMP, report_id VARCHAR, rule VARCHAR, instance VARCHAR, expected VARCHAR, observed VARCHAR,
    verdict VARCHAR, given_by VARCHAR
)
"""
_OF_REPORT = f"""
CREATE OR REPLACE TABLE memory.main.report_verdict AS
SELECT f.report_id, {", ".join(f"count(*) FILTER (w.verdict = '{verdict}') AS {verdict}" for verdict in VERDICTS)}
FROM memory.main.verdict AS w
JOIN warehouse.quality.flag AS f
    ON w.report_id = f.report_id AND w.rule = f.rule AND w.instance = f.instance
    AND w.expected IS NOT DISTINCT FROM f.expected AND w.observed IS NOT DISTINCT FROM f.observed
WHERE f.outcome = 'broken'
GROUP BY f.report_id
"""
_OF_NO_REPORT = f"""
CREATE OR REPLACE TABLE memory.main.report_verdict (report_id VARCHAR, {", ".join(f"{v} BIGINT" for v in VERDICTS)})
"""
_INSERT = "INSERT INTO memory.main.verdict VALUES (?, ?, ?, ?, ?, ?, ?, ?)"

Identity = tuple[int, int, int]


class BadVerdict(Exception):
    """Not a verdict that can be given."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """On one flag, with both sides as they were shown. `given` is UTC, as ISO 8601; `given_by` what the person calls
    themselves."""

    given: str
    report_id: str
    rule: str
    instance: str
    expected: str | None
    observed: str | None
    verdict: str
    given_by: str

    @property
    def flag(self) -> tuple[str, str, str]:
        return self.report_id, self.rule, self.instance


class Verdicts:
    """The verdicts of one file; a process that adds to it leaves no half line where another one reads."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def identity(self) -> Identity | None:
        """Changes with the file; None where there is none."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def give(self, flag: tuple[str, str, str], sides: tuple[str | None, str | None], verdict: str, by: str) -> None:
        """Adds a verdict of now. Raises BadVerdict for one that does not exist."""
        if verdict not in (*VERDICTS, TAKEN_BACK):
            raise BadVerdict(f"{verdict!r:.40} is no verdict: {', '.join((*VERDICTS, TAKEN_BACK))}.")
        name = "".join(letter for letter in by if letter.isprintable()).strip()[:LONGEST]
        given = Verdict(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}", *flag, *sides, verdict, name)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(json.dumps(asdict(given), ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def standing(self) -> Sequence[Verdict]:
        """The last verdict of each flag that has one and was not taken back."""
        last = {verdict.flag: verdict for verdict in self._all()}
        return [verdict for verdict in last.values() if verdict.verdict != TAKEN_BACK]

    def _all(self) -> Iterator[Verdict]:
        if self.identity is None:
            return
        names = [field.name for field in fields(Verdict)]
        with self.path.open(encoding="utf-8", errors="replace") as file:
            for number, line in enumerate(file, 1):
                try:
                    told = json.loads(line)
                    yield Verdict(*(told[name] for name in names))
                except (ValueError, KeyError, TypeError) as error:
                    _LOG.error("%s, line %d is no verdict and is left out: %r", self.path, number, error)


def load(connection: duckdb.DuckDBPyConnection, verdicts: Sequence[Verdict]) -> None:
    """Puts the verdicts beside the warehouse, as `memory.main.verdict`, in place of those that are there; and as
    `memory.main.report_verdict` how many of each stand on a report's flags."""
    rows = [[v.given, v.report_id, v.rule, v.instance, v.expected, v.observed, v.verdict, v.given_by] for v in verdicts]
    connection.execute("BEGIN")
    try:
        connection.execute(_TABLE)
        connection.execute("DELETE FROM memory.main.verdict")
        if rows:
            connection.executemany(_INSERT, rows)
        connection.execute(_OF_REPORT if rows else _OF_NO_REPORT)
    except duckdb.Error:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
