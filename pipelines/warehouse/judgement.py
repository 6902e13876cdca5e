"""Judges readings by the warehouse's own SQL, in memory."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import duckdb

from pipelines.forms import load_forms
from pipelines.lake.rows import rows_of
from pipelines.model import FiledReport, Flag, Reading
from pipelines.warehouse.models import make, needed_for, sql_models
from pipelines.warehouse.relations import attach_inputs, form_relations, run_relations

OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def judge(readings: Iterable[Reading]) -> dict[str, tuple[Flag, ...]]:
    """What the rules say of each report: broken ones place by place, undecided ones once a rule. Rules over an agency's
    years see the reports given here and no others. Every report has an entry."""
    given = tuple(readings)
    flags: dict[str, list[Flag]] = {r.report_id: [] for r in given if isinstance(r, FiledReport)}
    if not flags:
        return {}
    now = datetime.now(UTC).replace(tzinfo=None)
    lake = {f"lake.{table}": columns for table, columns in rows_of(given).items()}
    documents = list(dict.fromkeys(lake["lake.document"]["sha256"]))
    times = [now] * len(documents)
    lake["lake.seen"] = {"sha256": documents, "first_seen": times, "last_seen": times}
    with duckdb.connect(":memory:", config=OFFLINE) as connection:
        attach_inputs(connection, {**lake, **form_relations(load_forms()), **run_relations(now)})
        for schema in ("dims", "facts", "quality"):
            connection.execute(f"CREATE SCHEMA {schema}")
        for model in needed_for(["quality.flag"], sql_models()):
            make(connection, model)
        found = connection.execute(
            "SELECT report_id, rule, severity, outcome, cells, expected, observed, message, cause, message_zh "
            "FROM quality.flag"
        ).fetchall()
    for report_id, rule, severity, outcome, cells, *words in found:
        places = tuple((table, row, column) for table, row, column in cells)
        flags[report_id].append(Flag(report_id, rule, severity, outcome, places, *words))
    return {report_id: tuple(found_flags) for report_id, found_flags in flags.items()}
