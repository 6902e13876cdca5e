"""`gongkai build`: the assets of this house, run in this process, with a person looking on."""

from __future__ import annotations

import logging
import os
import shlex
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
from dagster_shared.error import SerializableErrorInfo
from rich.console import Console

from pipelines import audit
from pipelines.defs import build_defs
from pipelines.defs.jobs import JOB
from pipelines.defs.partitions import narrowed, partition_key, whole_range
from pipelines.defs.progress import ConsoleWatcher
from pipelines.defs.resources import BusyError, House, Watcher, alone_in
from pipelines.lake import Lake
from pipelines.manifest import manifest_keys
from pipelines.summary import Contents, contents

FIRST_QUERY = "SELECT division_name, year, basis, received, granted, processed FROM marts.county_year"
INTERRUPTIONS = ("KeyboardInterrupt", "DagsterExecutionInterruptedError")
INTERRUPTED_QUERY = "RuntimeError: Query interrupted"
"""What DuckDB makes of a signal that comes while it answers."""
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class BuildError(Exception):
    """A build that did not end with a published warehouse; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a build did: documents read now, left alone, and no longer there; whether it published; `warnings` are
    checks that did not pass and block nothing; `held` is what the warehouse holds at the end."""

    read: int
    unchanged: int
    gone: int
    published: bool
    warnings: tuple[str, ...]
    held: Contents
    warehouse: Path
    seconds: float


def build(paths: Sequence[str | os.PathLike[str]], *, full: bool = False, console: Console | None = None) -> bool:
    """Brings the warehouse up to date with the documents under `paths` (none: the house's own), and says so on the
    console. `full` reads and builds everything anew. Whether the warehouse holds what there is now."""
    house = House(paths=[os.fspath(path) for path in paths], full=full)
    watcher = ConsoleWatcher(console or Console(stderr=True, highlight=False))
    summary = None
    if house.data.warehouse.exists():
        # Something has changed, most likely: what judges is loaded while this process finds out what.
        audit.prepare()
    try:
        summary = bring_up_to_date(house, watcher)
    except (BuildError, BusyError) as error:
        watcher.fail(str(error))
    except KeyboardInterrupt:
        kept = f"What was read is kept, and {_shown(house.data.warehouse)} is as it was; build again to go on."
        watcher.fail(f"Interrupted. {kept}")
    finally:
        audit.end()
    if summary:
        watcher.end(summary_lines(summary))
    return summary is not None


def bring_up_to_date(house: House, watcher: Watcher) -> Summary:
    """Runs the job over the partitions that have documents, or had. Raises BuildError, BusyError, KeyboardInterrupt."""
    started = time.perf_counter()
    logging.getLogger("dagster._core.execution.plan.active").setLevel(logging.ERROR)
    watcher.begin("Looking for documents")
    with alone_in(house.data.root):
        keys = {partition_key(source.province, source.year) for source in house.sources()}
        keys |= set(manifest_keys(house.data.manifests))
        keys |= {partition_key(p.province, p.year) for p, _ in Lake(house.data.lake).state().live.values()}
    partitions = narrowed(keys)
    job = build_defs(house=house, watcher=watcher, partitions=partitions).resolve_job_def(JOB)
    with _instance() as instance:
        result = job.execute_in_process(
            run_config=QUIET, instance=instance, tags=whole_range(partitions), raise_on_error=False
        )
    checks = result.get_asset_check_evaluations()
    failed = {check.check_name: _words(check) for check in checks if not check.passed}
    if not result.success:
        if any(map(_is_interruption, _errors(result))):
            raise KeyboardInterrupt
        raise BuildError(_failure(result, [failed[check.check_name] for check in checks if _blocks(check)], house))
    figures = [m.metadata for m in result.asset_materializations_for_node("reports")]
    if not house.data.warehouse.exists():
        raise BuildError("There is nothing to build a warehouse from.")

    def total(name: str) -> int:
        return sum(int(str(metadata[name].value)) for metadata in figures)

    return Summary(
        read=total("read"),
        unchanged=total("unchanged"),
        gone=total("gone"),
        published=bool(result.asset_materializations_for_node("flags")),
        warnings=tuple(failed.values()),
        held=contents(house.data.warehouse),
        warehouse=house.data.warehouse,
        seconds=time.perf_counter() - started,
    )


def summary_lines(summary: Summary) -> Iterator[str]:
    """The end of a run, in a few lines."""
    held = summary.held
    if not summary.read and not summary.gone:
        yield f"Nothing new: none of {summary.unchanged} documents was read."
    else:
        gone = f", {summary.gone} no longer there" if summary.gone else ""
        yield f"{summary.read} documents read, {summary.unchanged} unchanged{gone}."
    yield f"{held.reports} reports with {held.numbers} numbers, from {held.documents} documents."
    yield "Reports that break a rule: " + (_counted(held.flagged) or "none")
    yield "Issues: " + (_counted(held.issues) or "none")
    state = "published" if summary.published else "unchanged"
    yield f"{_shown(summary.warehouse)}: {state}, in {summary.seconds:.1f} s. Try:"
    yield ""
    yield f"  {_command(summary.warehouse)}"


def _command(warehouse: Path) -> str:
    """A first query that can be pasted into a shell."""
    call = f"print(duckdb.connect({_shown(warehouse)!r}, read_only=True).sql({FIRST_QUERY!r}))"
    return f"{shlex.quote(_shown(Path(sys.executable)))} -c {_quoted('import duckdb; ' + call)}"


def _shown(path: Path) -> str:
    """The path from here where it lies below, else in full."""
    relative = os.path.relpath(path)
    return str(Path(path).absolute()) if relative.startswith(os.pardir) else relative


def _quoted(text: str) -> str:
    return shlex.quote(text) if set(text) & set('"$`\\!') else f'"{text}"'


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


@contextmanager
def _instance() -> Iterator[dg.DagsterInstance]:
    """The instance of DAGSTER_HOME, which `make dev` shows; one in memory where that is not set."""
    if os.environ.get("DAGSTER_HOME"):
        with dg.DagsterInstance.get() as instance:
            yield instance
    else:
        with dg.DagsterInstance.ephemeral(settings={"telemetry": {"enabled": False}}) as instance:
            yield instance


def _blocks(check: dg.AssetCheckEvaluation) -> bool:
    return not check.passed and check.severity == dg.AssetCheckSeverity.ERROR


def _words(check: dg.AssetCheckEvaluation) -> str:
    return f"{check.check_name}: {check.description}" if check.description else check.check_name


def _failure(result: dg.ExecuteInProcessResult, blocking: Sequence[str], house: House) -> str:
    if blocking:
        kept = (
            "The warehouse that is published stays as it is"
            if house.data.warehouse.exists()
            else "Nothing is published"
        )
        return "\n".join([f"Not published: what must hold does not. {kept}.", *blocking])
    return "\n".join(dict.fromkeys(error.message.strip() for error in _errors(result))) or "The build failed."


def _is_interruption(error: SerializableErrorInfo) -> bool:
    return error.cls_name in INTERRUPTIONS or error.message.strip() == INTERRUPTED_QUERY


def _errors(result: dg.ExecuteInProcessResult) -> Iterator[SerializableErrorInfo]:
    """What failed, each by its first cause."""
    for event in result.all_events:
        error = getattr(event.event_specific_data, "error", None) if event.is_failure else None
        while error and error.cause:
            error = error.cause
        if error:
            yield error
