"""The suites of `expectations/` over a candidate warehouse, through Great Expectations; only this module knows it."""

from __future__ import annotations

import json
import os
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from pipelines.paths import EXPECTATIONS

ROWS = 200_000
"""Rows of a table that are held as a frame at one time."""
SHOWN = 5
"""Places that a message names."""
PREDICATES = {"expect_table_row_count_to_be_between"}
"""Expectations of a table as a whole, which look at its number of rows and nothing else."""

RESULTS = "quality.expectation"
_COLUMNS = {
    "suite": "VARCHAR",
    "name": "VARCHAR",
    "rule": "VARCHAR",
    "table": "VARCHAR",
    "severity": "VARCHAR",
    "blocking": "BOOLEAN",
    "passed": "BOOLEAN",
    "evaluated": "BIGINT",
    "holds": "BIGINT",
    "broken": "BIGINT",
    "unknown": "BIGINT",
    "exception": "VARCHAR",
    "message": "VARCHAR",
}


class QualityError(RuntimeError):
    """An expectation could not run, or says something else than the rule's SQL: our defect, not the data's. Nothing
    may be published; the results are in the candidate's `quality.expectation`."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """One expectation of a suite. `name` is unique over all suites; `rule` is set where it judges a rule's column of
    quality.consistency; `index` are the columns that name a row. A `blocking` one holds publication back."""

    name: str
    suite: str
    table: str
    rule: str | None
    severity: str
    blocking: bool
    index: tuple[str, ...]
    zh: str
    en: str
    type: str
    kwargs: Mapping[str, Any]

    @property
    def description(self) -> str:
        return f"{self.en} | {self.zh}"


@dataclass(frozen=True, slots=True)
class Result:
    """`holds`, `broken` and `unknown` count rows; `unexpected` of them are broken, `places` are those rows by their
    index columns. `exception` says why it could not run."""

    expectation: Expectation
    holds: int
    broken: int
    unknown: int
    places: tuple[tuple[Any, ...], ...]
    exception: str | None = None

    @property
    def unexpected(self) -> int:
        return self.broken

    @property
    def passed(self) -> bool:
        return self.exception is None and self.broken == 0

    @property
    def message(self) -> str:
        if self.exception:
            return f"{self.expectation.name} could not run: {self.exception}"
        counts = f"holds {self.holds}, broken {self.broken}, unknown {self.unknown}"
        if not self.broken:
            return f"{self.expectation.en}: {counts}"
        named = "; ".join(
            ", ".join(f"{column} {value}" for column, value in zip(self.expectation.index, place, strict=False))
            for place in self.places[:SHOWN]
        )
        more = " ..." if len(self.places) > SHOWN else ""
        return f"{self.expectation.en}: {counts}: {named}{more}"


@dataclass(frozen=True, slots=True)
class QualityResult:
    """Every expectation's result by its name; `blocked` are the messages of those that hold publication back."""

    results: Mapping[str, Result]

    @property
    def blocked(self) -> tuple[str, ...]:
        return tuple(r.message for r in self.results.values() if r.expectation.blocking and not r.passed)


@dataclass(slots=True)
class _Tally:
    rows: int = 0
    broken: int = 0
    unknown: int = 0
    places: list[tuple[Any, ...]] = field(default_factory=list)
    exception: str | None = None


def load_expectations(folder: Path = EXPECTATIONS) -> tuple[Expectation, ...]:
    """Every expectation of every suite, without Great Expectations. Raises ValueError where two have one name."""
    found: dict[str, Expectation] = {}
    for path in sorted(folder.glob("*.json")):
        suite = json.loads(path.read_text(encoding="utf-8"))
        for entry in suite["expectations"]:
            meta = entry["meta"]
            if meta["name"] in found:
                raise ValueError(f"{path.name}: {meta['name']} is the name of another expectation")
            found[meta["name"]] = Expectation(
                name=meta["name"],
                suite=suite["name"],
                table=meta["table"],
                rule=meta.get("rule"),
                severity=entry["severity"],
                blocking=bool(suite["meta"]["blocking"]),
                index=tuple(meta["index"]),
                zh=meta["zh"],
                en=meta["en"],
                type=entry["type"],
                kwargs=entry["kwargs"],
            )
    return tuple(found.values())


def preload() -> None:
    """Loads Great Expectations, which takes seconds. In no thread beside others: its imports and theirs would meet half
    done."""
    _frame_definition()


@cache
def _frame_definition() -> Any:
    """What makes a batch of a whole frame. One for all frames, as making one takes time."""
    context = validated_by().get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    frames = context.data_sources.add_pandas("candidate").add_dataframe_asset("frame")
    return frames.add_batch_definition_whole_dataframe("whole")


def run_suites(candidate: Path, expectations: Sequence[Expectation] | None = None) -> QualityResult:
    """Judges the candidate and writes `quality.expectation` into it. Raises QualityError, after that, where an
    expectation could not run or the rows it finds are not those that quality.flag has."""
    wanted = load_expectations() if expectations is None else tuple(expectations)
    groups: dict[tuple[object, ...], list[Expectation]] = defaultdict(list)
    for e in wanted:
        groups[e.table, e.type in PREDICATES, _unique_columns(e)].append(e)
    with duckdb.connect(str(candidate)) as connection:
        results = {e.name: r for group in groups.values() for e, r in _judge(connection, group[0].table, group)}
        results = {e.name: _checked(connection, results[e.name]) for e in wanted}
        _write(connection, results.values())
    failures = [r.message for r in results.values() if r.exception]
    if failures:
        raise QualityError("; ".join(failures))
    return QualityResult(results)


def _judge(
    connection: duckdb.DuckDBPyConnection, table: str, group: Sequence[Expectation]
) -> Iterator[tuple[Expectation, Result]]:
    tallies = {e.name: _Tally() for e in group}
    try:
        if group[0].type in PREDICATES:
            _validate(connection.execute(f"SELECT 1 AS one FROM {table} LIMIT {ROWS}").df(), group, tallies)
        else:
            for frame in _frames(connection, table, group):
                _validate(frame, group, tallies)
    except duckdb.Error as error:
        for tally in tallies.values():
            tally.exception = tally.exception or f"{table} cannot be read: {error}"
    for e in group:
        t = tallies[e.name]
        yield e, Result(e, t.rows - t.broken - t.unknown, t.broken, t.unknown, tuple(t.places), t.exception)


def _frames(connection: duckdb.DuckDBPyConnection, table: str, group: Sequence[Expectation]) -> Iterator[Any]:
    """Frames of bounded length; rows that are equal in what must be unique are in one frame."""
    named = dict.fromkeys(c for e in group for c in (*read_columns(e), *e.index))
    columns = ", ".join(map(_quote, named))
    key = ", ".join(map(_quote, _unique_columns(group[0]) or group[0].index))
    cursor = connection.cursor()
    total = cursor.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
    frames = max(1, -(-total // ROWS))
    for n in range(frames):
        yield cursor.execute(f"SELECT {columns} FROM {table} WHERE hash({key}) % {frames} = {n}").df()


def _unique_columns(expectation: Expectation) -> tuple[str, ...]:
    return read_columns(expectation) if "unique" in expectation.type else ()


def read_columns(expectation: Expectation) -> tuple[str, ...]:
    """The columns that an expectation judges."""
    kwargs = expectation.kwargs
    return (*kwargs.get("column_list", ()), *((kwargs["column"],) if "column" in kwargs else ()))


def _quote(column: str) -> str:
    return f'"{column}"'


def _validate(frame: Any, group: Sequence[Expectation], tallies: Mapping[str, _Tally]) -> None:
    """Adds what Great Expectations finds in a frame. Its results come in an order of its own: `meta.name` tells whose
    each is. It names rows by their number, as it takes long to look up a row's columns one by one."""
    suite = validated_by().ExpectationSuite(
        name="frame",
        expectations=[
            {"type": e.type, "kwargs": dict(e.kwargs), "severity": e.severity, "meta": {"name": e.name}} for e in group
        ],
    )
    validated = _frame_definition().get_batch({"dataframe": frame}).validate(suite, result_format="COMPLETE")
    by_name = {e.name: e for e in group}
    for result in validated.results:
        name = result.expectation_config.meta["name"]
        _add(tallies[name], result, frame, by_name[name].index)


def _add(tally: _Tally, result: Any, frame: Any, index: Sequence[str]) -> None:
    if exception := _exception(result.exception_info):
        tally.exception = tally.exception or exception
        return
    found = result.result
    if "element_count" not in found:
        tally.rows += 1
        tally.broken += 0 if result.success else 1
        return
    tally.rows += found["element_count"]
    tally.unknown += found.get("missing_count") or 0
    tally.broken += found["unexpected_count"]
    if rows := found.get("unexpected_index_list"):
        places = frame.loc[rows, [column for column in index if column in frame.columns]].to_dict("records")
        tally.places += [tuple(place.get(column) for column in index) for place in places]


def _exception(info: Mapping[str, Any]) -> str | None:
    """GX gives one exception flat, and several by the metric they came from."""
    entries = [info] if "raised_exception" in info else list(info.values())
    return next((str(e["exception_message"]) for e in entries if e["raised_exception"]), None)


def _checked(connection: duckdb.DuckDBPyConnection, result: Result) -> Result:
    """The result of a rule, with an exception where the broken reports are not those that quality.flag has."""
    e = result.expectation
    if e.rule is None or result.exception:
        return result
    flagged = connection.execute(
        "SELECT DISTINCT report_id FROM quality.flag WHERE rule = $1 AND outcome = 'broken'", [e.rule]
    ).fetchall()
    if {row[0] for row in flagged} == {place[0] for place in result.places}:
        return result
    difference = f"finds {result.broken} reports, and quality.flag has {len(flagged)} others or fewer"
    return Result(e, result.holds, result.broken, result.unknown, result.places, difference)


def _write(connection: duckdb.DuckDBPyConnection, results: Iterable[Result]) -> None:
    from pipelines.warehouse.dictionary import comment_table

    described = ", ".join(f'"{column}" {kind}' for column, kind in _COLUMNS.items())
    connection.execute(f"CREATE OR REPLACE TABLE {RESULTS} ({described})")
    rows = [
        (
            r.expectation.suite,
            r.expectation.name,
            r.expectation.rule,
            r.expectation.table,
            r.expectation.severity,
            r.expectation.blocking,
            r.passed,
            r.holds + r.broken,
            r.holds,
            r.broken,
            r.unknown,
            r.exception,
            r.message,
        )
        for r in results
    ]
    if rows:
        marks = ", ".join("?" for _ in _COLUMNS)
        connection.executemany(f"INSERT INTO {RESULTS} VALUES ({marks})", rows)
    comment_table(connection, RESULTS)
    connection.execute("CHECKPOINT")


def validated_by() -> Any:
    """Great Expectations, loaded without its analytics."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations
    import tqdm  # type: ignore[import-untyped]

    # Its bars are off, and yet each asks for a lock that all processes share: a semaphore, left behind by who is ended.
    tqdm.tqdm.set_lock(threading.RLock())
    return great_expectations
