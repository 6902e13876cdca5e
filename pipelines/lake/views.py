"""The lake as DuckDB views: `lake.<table>`, of all live documents or of some."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

from pipelines.lake.parts import LakeState
from pipelines.lake.rows import DOCUMENT_TABLES, SEEN, TABLES


def make_lake_views(
    connection: duckdb.DuckDBPyConnection, state: LakeState, documents: Iterable[str] | None = None
) -> None:
    """Makes the views and `lake.seen` in the attached catalog `lake`, replacing those of an earlier call.

    Whole parts are read as they are; of a part whose documents do not all count only the rows of those that do.
    """
    whole: list[str] = []
    partial: list[str] = []
    chosen: list[tuple[str | None, ...]] = []
    seen: list[tuple[str | None, ...]] = []
    by_part = state.by_part(documents)
    for part, kept in by_part.items():
        seen += [(k.sha256, k.reading_key, k.first_seen, k.read_at) for k in kept]
        if len(kept) == len(part.documents):
            whole.append(part.key)
        else:
            partial.append(part.key)
            chosen += [(part.key, k.sha256, report_id) for k in kept for report_id in k.reports or (None,)]
    _fill(connection, "lake.chosen", {"part": "VARCHAR", "sha256": "VARCHAR", "report_id": "VARCHAR"}, chosen)
    _fill(connection, "lake.seen", SEEN, seen)
    files = {(part.key, table): part.file(state.root, table) for part in by_part for table in part.tables}
    for table, columns in TABLES.items():
        selected = ", ".join(f'"{column}"' for column in columns)
        of_file = ", ".join(f'f."{column}"' for column in columns)
        key = "sha256" if table in DOCUMENT_TABLES else "report_id"
        queries = []
        if paths := [files[part, table] for part in whole if (part, table) in files]:
            queries.append(f"SELECT {selected} FROM {_read(paths)}")
        if paths := [files[part, table] for part in partial if (part, table) in files]:
            queries.append(
                f"SELECT {of_file} FROM {_read(paths)} AS f SEMI JOIN lake.chosen AS c "
                f"ON parse_filename(f.filename, true) = c.part AND f.{key} = c.{key}"
            )
        if not queries:
            nothing = ", ".join(f'NULL::{kind} AS "{column}"' for column, kind in columns.items())
            queries.append(f"SELECT {nothing} WHERE false")
        connection.execute(f"CREATE OR REPLACE VIEW lake.{table} AS {' UNION ALL '.join(queries)}")


def _read(paths: Iterable[Path]) -> str:
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    return f"read_parquet([{listed}], filename = true, hive_partitioning = false)"


def _fill(
    connection: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, str], rows: Sequence[tuple[str | None, ...]]
) -> None:
    described = ", ".join(f"{column} {kind}" for column, kind in columns.items())
    connection.execute(f"CREATE OR REPLACE TABLE {name} ({described})")
    if rows:
        selected = ", ".join(f"unnest(${n}::{kind}[])" for n, kind in enumerate(columns.values(), 1))
        connection.execute(
            f"INSERT INTO {name} SELECT {selected}", [list(values) for values in zip(*rows, strict=True)]
        )
