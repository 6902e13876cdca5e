"""The warehouse as a candidate file, made from the lake by the SQL models; published by one rename."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines.forms import forms_digest, load_forms
from pipelines.lake import Lake, LakeState
from pipelines.lake.rows import Columns
from pipelines.lake.views import make_lake_views
from pipelines.warehouse.dictionary import comment_on, load_dictionary
from pipelines.warehouse.judgement import OFFLINE
from pipelines.warehouse.models import SCHEMAS, SqlModel, make, sql_models
from pipelines.warehouse.relations import attach_inputs, form_relations, run_relations

log = logging.getLogger(__name__)


class WarehouseError(RuntimeError):
    """The published warehouse cannot be built on; the text says why, and what to do."""


CHUNK = 2_000
"""Documents whose facts are made at one time: what bounds memory."""
MEMORY = ("200MB", "400MB", "800MB", "1600MB")
"""What DuckDB may hold; the rest waits on disk beside the candidate. Where that does not suffice, the next is tried."""


@dataclass(frozen=True, slots=True)
class Build:
    """What a build did. `rows` counts each table's; `changed` and `removed` count documents; `carried` says that the
    rest was taken over from the warehouse that is published."""

    candidate: Path
    rows: Mapping[str, int]
    documents: int
    changed: int
    removed: int
    carried: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class _Plan:
    """`gone` are documents whose rows must leave the carried file, `fresh` those whose rows must be made."""

    carried: bool
    gone: Sequence[str]
    fresh: Sequence[str]


def build_candidate(
    lake_root: Path,
    candidate: Path,
    *,
    published: Path | None = None,
    registry: Mapping[str, Columns] | None = None,
    full: bool = False,
    memory_limit: str | None = None,
    threads: int | None = None,
    chunk: int = CHUNK,
    built_at: datetime | None = None,
) -> Build:
    """Makes the candidate from all that counts in the lake. Where `published` was made by the same models and forms,
    its rows of unchanged documents are carried over, unless `full`; then nothing that it covered need be there again.
    What it knows of earlier builds, and of when flags were first seen, is carried over either way. `registry` gives
    `registry.division` and `registry.agency`. The candidate is whole when this returns; anything at its place before
    is removed.

    `memory_limit` is in DuckDB's words (else GONGKAI_MEMORY, else MEMORY). Raises WarehouseError where it is too low.
    """
    given = memory_limit or os.environ.get("GONGKAI_MEMORY")
    limits = (given,) if given else MEMORY
    for limit in limits:
        try:
            return _build(lake_root, candidate, published, registry or {}, full, limit, threads, chunk, built_at)
        except duckdb.OutOfMemoryException as error:
            log.warning("DuckDB needs more memory than %s: %s", limit, error)
            failure = error
    raise WarehouseError(f"The tables need more memory than {limits[-1]}: set GONGKAI_MEMORY higher ({failure})")


def _build(
    lake_root: Path,
    candidate: Path,
    published: Path | None,
    registry: Mapping[str, Columns],
    full: bool,
    memory: str,
    threads: int | None,
    chunk: int,
    built_at: datetime | None,
) -> Build:
    """One try, within this memory. Raises duckdb.OutOfMemoryException."""
    started = time.perf_counter()
    remove_candidate(candidate)
    candidate.parent.mkdir(parents=True, exist_ok=True)
    digest, state = models_digest(), Lake(lake_root).state()
    now = (built_at or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None)
    spill = candidate.with_name(candidate.name + ".spill")
    settings = {
        **OFFLINE,
        "memory_limit": memory,
        "temp_directory": str(spill),
        "preserve_insertion_order": "false",
        **({"threads": threads} if threads else {}),
    }
    with duckdb.connect(":memory:", config=settings) as connection:
        given = {**form_relations(load_forms()), **run_relations(now, digest), **registry}
        attach_inputs(connection, given)
        plan = _begin(connection, candidate, published, state, digest, full)
        for schema in SCHEMAS:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS candidate.{schema}")
        _forget(connection, plan)
        for documents in _chunks(plan, chunk):
            _add(connection, state, documents)
        rows = _finish(connection, plan.carried)
        connection.execute("USE memory")
        connection.execute("CHECKPOINT candidate")
        connection.execute("DETACH candidate")
    shutil.rmtree(spill, ignore_errors=True)
    return Build(
        candidate, rows, len(state.live), len(plan.fresh), len(plan.gone), plan.carried, time.perf_counter() - started
    )


def publish(candidate: Path, target: Path) -> None:
    """Puts the candidate at the target's place by a rename, on disk before and after it: who has the old file open
    keeps it, and who opens the new one finds it whole."""
    _sync(candidate)
    candidate.replace(target)
    _sync(target.parent)


def remove_candidate(candidate: Path) -> None:
    """Removes a candidate and what stands beside it from an interrupted build."""
    for path in (candidate, candidate.with_name(candidate.name + ".wal")):
        path.unlink(missing_ok=True)
    shutil.rmtree(candidate.with_name(candidate.name + ".spill"), ignore_errors=True)


def models_digest() -> str:
    """A hash over what turns the lake into tables: SQL, forms and DuckDB."""
    digest = hashlib.sha256(f"{forms_digest()} {duckdb.__version__}".encode())
    for model in sql_models():
        digest.update(f"\0{model.table}\0{model.sql}".encode())
    return digest.hexdigest()


def _begin(
    connection: duckdb.DuckDBPyConnection,
    candidate: Path,
    published: Path | None,
    state: LakeState,
    digest: str,
    full: bool,
) -> _Plan:
    """Attaches the candidate: a copy of the published file where its rows can be carried over, else an empty file. The
    published one is only ever copied, so that nobody who has it open is in the way."""
    everything = _Plan(False, (), tuple(_in_order(state, state.live)))
    attach = f"ATTACH '{_quoted(candidate)}' AS candidate"
    if published is None or not published.exists():
        connection.execute(attach)
        return everything
    shutil.copyfile(published, candidate)
    try:
        connection.execute(attach)
        _carry_previous(connection, full)
        plan = None if full else _changes(connection, state, digest)
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        raise WarehouseError(f"{published} cannot be read ({error}): move it away, and build again") from error
    if plan is None:
        connection.execute("DETACH candidate")
        remove_candidate(candidate)
        connection.execute(attach)
    return plan or everything


def _changes(connection: duckdb.DuckDBPyConnection, state: LakeState, digest: str) -> _Plan | None:
    """What must be done to the copy of the published file; None where other models or forms made it."""
    if not _has(connection, "quality", "build", ["digest"]):
        return None
    if connection.execute("SELECT digest FROM candidate.quality.build").fetchall() != [(digest,)]:
        return None
    query = "SELECT sha256, any_value(reading_key) FROM candidate.quality.document GROUP BY sha256"
    held, live = dict(connection.execute(query).fetchall()), state.reading_keys
    fresh = tuple(_in_order(state, (s for s, key in live.items() if held.get(s) != key)))
    return _Plan(True, tuple(s for s, key in held.items() if live.get(s) != key), fresh)


def _has(connection: duckdb.DuckDBPyConnection, schema: str, table: str, columns: Sequence[str]) -> bool:
    """Whether the attached candidate has these columns."""
    found = connection.execute(
        "SELECT count(*) FROM duckdb_columns() WHERE database_name = 'candidate' AND schema_name = $1 "
        "AND table_name = $2 AND list_contains($3, column_name)",
        [schema, table, list(columns)],
    ).fetchall()
    return bool(found == [(len(columns),)])


def _in_order(state: LakeState, documents: Iterable[str]) -> list[str]:
    """Documents of one part stand together, so that a chunk opens few files."""
    place = {part.key: n for n, part in enumerate(state.parts)}
    return sorted(documents, key=lambda s: place[state.live[s][0].key])


def _chunks(plan: _Plan, size: int) -> Iterator[Sequence[str]]:
    """At least one chunk where nothing is carried over, so that every table is made."""
    starts = range(0, max(len(plan.fresh), 0 if plan.carried else 1), size)
    return (plan.fresh[start : start + size] for start in starts)


def _fine(models: Iterable[SqlModel]) -> list[SqlModel]:
    return [m for m in models if m.grain in ("report", "document")]


def _carry_previous(connection: duckdb.DuckDBPyConnection, full: bool) -> None:
    """Fills `previous.*`: the flags of the published warehouse, what each rule came to in every build up to it and,
    unless `full`, its coverage by place and by source."""
    history = (("quality", "flag"), ("quality", "rule_run"))
    covered = (("marts", "coverage"), ("quality", "source_year"))
    for schema, table in history if full else history + covered:
        columns = [row[0] for row in connection.execute(f"DESCRIBE previous.{table}").fetchall()]
        if _has(connection, schema, table, columns):
            names = ", ".join(columns)
            connection.execute(f"INSERT INTO previous.{table} SELECT {names} FROM candidate.{schema}.{table}")


def _forget(connection: duckdb.DuckDBPyConnection, plan: _Plan) -> None:
    """Takes out of the carried file the rows of documents that changed or are gone, and what is made of everything."""
    if not plan.carried:
        return
    connection.execute("CREATE TABLE memory.main.gone AS SELECT unnest($1::VARCHAR[]) AS sha256", [list(plan.gone)])
    connection.execute(
        "CREATE TABLE memory.main.gone_report AS "
        "SELECT report_id FROM candidate.facts.filing WHERE sha256 IN (SELECT sha256 FROM memory.main.gone)"
    )
    for model in _fine(sql_models()):
        if model.view or not plan.gone:
            continue
        gone = "SELECT sha256 FROM memory.main.gone"
        if model.key == "report_id":
            gone = "SELECT report_id FROM memory.main.gone_report"
        connection.execute(f"DELETE FROM candidate.{model.table} WHERE {model.key} IN ({gone})")
    kept = {m.table for m in _fine(sql_models()) if not m.view}
    listed = connection.execute(
        "SELECT schema_name || '.' || table_name, 'TABLE' FROM duckdb_tables() WHERE database_name = 'candidate' "
        "UNION ALL SELECT schema_name || '.' || view_name, 'VIEW' FROM duckdb_views() "
        "WHERE database_name = 'candidate' AND NOT internal"
    ).fetchall()
    for name, kind in listed:
        if name not in kept:
            connection.execute(f"DROP {kind} candidate.{name}")


def _add(connection: duckdb.DuckDBPyConnection, state: LakeState, documents: Sequence[str]) -> None:
    """Makes the models of the grain of reports and documents for these documents, and appends their rows."""
    make_lake_views(connection, state, documents)
    connection.execute("ATTACH ':memory:' AS scratch")
    connection.execute("USE scratch")
    for schema in SCHEMAS:
        connection.execute(f"CREATE SCHEMA scratch.{schema}")
    models = [m for m in sql_models() if m.grain != "all"]
    read_again = {name for model in models for name in model.depends_on}
    for model in models:
        if model.view:
            continue
        rows = model.sql
        if model.table in read_again:
            make(connection, model)
            rows = f"FROM scratch.{model.table}"
        if model.grain != "form":
            target = f"candidate.{model.table}"
            connection.execute(f"CREATE TABLE IF NOT EXISTS {target} AS SELECT * FROM ({rows}) LIMIT 0")
            connection.execute(f"INSERT INTO {target} {rows}")
    connection.execute("USE memory")
    connection.execute("DETACH scratch")


def _finish(connection: duckdb.DuckDBPyConnection, carried: bool) -> dict[str, int]:
    """Makes what depends on the whole, comments on what has no comments yet, and counts rows."""
    connection.execute("USE candidate")
    whole = [model for model in sql_models() if model.view or model.grain in ("all", "form")]
    for model in whole:
        make(connection, model)
    connection.execute("BEGIN")
    comment_on(connection, load_dictionary(), whole if carried else sql_models())
    connection.execute("COMMIT")
    return {
        model.table: connection.execute(f"SELECT count(*) FROM candidate.{model.table}").fetchall()[0][0]
        for model in sql_models()
        if not model.view
    }


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
