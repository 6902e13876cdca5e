"""A crawl, as who wants one sees it: cards and an archive in, a report out. The work is done by a process of its
own."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from pipelines.archive import Archive
from pipelines.crawl.job import Job, event_of, job_line, user_agent
from pipelines.crawl.lock import CrawlError, only_crawl
from pipelines.crawl.report import CrawlLimits, CrawlReport, Event, SourceReport, Watch
from pipelines.paths import ROOT, data_home
from pipelines.process_group import end_group
from pipelines.registry.sources import Card

GRACE = 10.0
"""Seconds that the process has to write down what it was about, once it is to stop."""
DIED = "the crawler ended without a word"
_TOLD_OF_LOG = 2000


def ignore(event: Event) -> None:
    """Watches nothing."""


def crawl(
    cards: Sequence[Card],
    archive: Archive,
    *,
    run: str,
    years: frozenset[int] | None = None,
    watch: Watch = ignore,
    limits: CrawlLimits | None = None,
    log: Path | None = None,
) -> CrawlReport:
    """Crawls the cards that have lists, for reports of these years (None: all) and those that name no year.

    What the ledger says to be settled under the same `run` is not asked for again: a run that stopped goes on. The log
    goes to `log`, else to the data home's `logs/crawl-<run>.log`. Raises CrawlError where it cannot begin; whatever
    interrupts it ends the process first, which writes down what it was about.
    """
    listed = tuple(card for card in cards if card.lists)
    started = time.monotonic()
    if not listed:
        return CrawlReport(run, ())
    root = (
        str(Path(archive.root).absolute()) if archive.storage.is_local and "://" not in archive.root else archive.root
    )
    job = Job(listed, root, run, years, limits or CrawlLimits(), user_agent(listed))
    path = log or data_home().root / "logs" / f"crawl-{run}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    with only_crawl(archive) as lock, path.open("ab") as log_file:
        process = _started(job, lock, log_file)
        try:
            reports, stopped = _followed(process, watch)
        except BaseException:
            _end(process)
            raise
        stopped = _why_ended(_end(process), stopped, path)
    missing = "was not reached" if stopped else "gave no report"
    return CrawlReport(
        run,
        tuple(
            reports.get(card.source, SourceReport(card.source, problems=(missing,), complete=False)) for card in listed
        ),
        round(time.monotonic() - started, 3),
        stopped,
    )


def _started(job: Job, lock: int, log_file: IO[bytes]) -> subprocess.Popen[bytes]:
    """The process, with its job. It is in a session of its own: an interrupt of the terminal is for who watches, and
    its standard input stays open as long as somebody wants the run."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pipelines.crawl.process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log_file,
        cwd=ROOT,
        pass_fds=(lock,),
        start_new_session=True,
    )
    assert process.stdin is not None
    try:
        process.stdin.write(job_line(job))
        process.stdin.flush()
    except BrokenPipeError:
        pass  # It died before it read its job; `_end` says of what.
    return process


def _followed(process: subprocess.Popen[bytes], watch: Watch) -> tuple[dict[str, SourceReport], str | None]:
    """Passes its events on until it is over: the sources' reports, and why it ended early if it did."""
    reports: dict[str, SourceReport] = {}
    stopped: str | None = DIED
    assert process.stdout is not None
    for line in process.stdout:
        try:
            event = event_of(line)
        except ValueError:
            break  # The torn last line of a process that was killed.
        if event.kind == "finished":
            stopped = event.reason
            continue
        if event.report is not None:
            reports[event.source] = event.report
        watch(event)
    return reports, stopped


def _end(process: subprocess.Popen[bytes]) -> int:
    """Hangs up, lets it write down what it was about, and ends it. Its status, 0 where it was not waited for."""
    try:
        process.communicate(timeout=GRACE)
        return process.returncode
    except subprocess.TimeoutExpired:
        return 0
    finally:
        end_group(process)  # A browser that it started included.


def _why_ended(code: int, stopped: str | None, log: Path) -> str | None:
    """Why it ended early, None where it did not. Raises CrawlError where it never began."""
    if code < 0:
        return f"the crawler was killed ({signal.Signals(-code).name}); the same run goes on where it stopped"
    if code > 0:
        tail = log.read_bytes()[-_TOLD_OF_LOG:].decode("utf-8", "replace").strip()
        raise CrawlError(f"The crawler ended with status {code}; its log {log} says:\n{tail}")
    return f"{DIED}; its log {log} tells why" if stopped == DIED else stopped
