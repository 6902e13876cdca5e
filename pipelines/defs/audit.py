"""The suites in a process of their own: loading Great Expectations takes seconds, in which this one reads."""

from __future__ import annotations

import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from pipelines import quality

_process: ProcessPoolExecutor | None = None


def prepare() -> None:
    """Begins to load what judges, as soon as it is known that there will be a candidate. It stays for further runs."""
    global _process
    if _process is None:
        _process = ProcessPoolExecutor(
            1, mp_context=get_context("spawn"), initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN)
        )
        _process.submit(quality.preload)


def judge(candidate: Path) -> quality.QualityResult:
    """`quality.run_suites`, over there; raises what it raises."""
    prepare()
    assert _process is not None
    return _process.submit(quality.run_suites, candidate).result()


def end(*, at_once: bool = False) -> None:
    """Ends the process, once it is done or at once."""
    global _process
    if _process is not None:
        for worker in list((_process._processes or {}).values()) if at_once else ():
            worker.kill()
        _process.shutdown(wait=True, cancel_futures=True)
        _process = None
