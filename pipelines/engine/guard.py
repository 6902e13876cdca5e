"""Bounds around the reading of one document, inside the process that reads it."""

from __future__ import annotations

import faulthandler
import os
import resource
import signal
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import BinaryIO

_PACKAGE = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Limits:
    """`seconds` (wall) after which reading is interrupted, `grace` (seconds) after which the process that did not
    heed this is ended, `memory` in bytes of private data: with the libraries' code it stays below 1 GiB.

    Time in which the process was ready and a busy machine gave it no processor does not count, up to `patience` times
    the limit: whether a document is read must not depend on what else runs.

    Pages whose text must be recognised take seconds each: `page_seconds` are added for each of them once the reader
    has found them, up to `most_seconds` in all.
    """

    seconds: float = 7.5
    grace: float = 1.0
    memory: int = 832 * 2**20
    page_seconds: float = 12.0
    most_seconds: float = 180.0
    patience: float = 3.0

    @property
    def longest(self) -> float:
        """Seconds after which nothing is being read any more."""
        return max(self.seconds, self.most_seconds) * (1 + self.patience)


@dataclass(slots=True)
class _Bound:
    """The bound that is in force. `nowhere` swallows what the watchdog says."""

    limits: Limits
    started: float
    waited_before: float
    allowed: float
    nowhere: BinaryIO
    interrupts: bool
    elsewhere: float = 0.0
    waited: float = 0.0

    @property
    def left(self) -> float:
        """Seconds until the limit, as far as can be told now."""
        # A thread that has ended takes its waiting along.
        self.waited = max(self.waited, _waited() - self.waited_before)
        waited = min(self.waited + self.elsewhere, self.allowed * self.limits.patience)
        return self.started + self.allowed + waited - time.monotonic()

    def arm(self) -> None:
        left = max(self.left, 0.01)
        # The networks that recognise text do not return for long where the processor is shared: the longer a document
        # may take, the longer it may be deaf.
        grace = self.limits.grace + (self.allowed - self.limits.seconds) / 2
        faulthandler.dump_traceback_later(left + grace, exit=True, file=self.nowhere)
        if self.interrupts:
            # Again and again: an exception raised inside a native callback is lost.
            signal.setitimer(signal.ITIMER_REAL, left, 0.5)


_bound: _Bound | None = None


def grant(pages: int) -> None:
    """Gives the document that is being read the time to recognise so many pages; nothing outside of `bounded`."""
    if _bound is not None:
        limits = _bound.limits
        _bound.allowed = max(_bound.allowed, min(_bound.allowed + pages * limits.page_seconds, limits.most_seconds))
        _bound.arm()


def excuse(seconds: float) -> None:
    """Counts so many seconds as waited, in which a program that the document needs got no processor; nothing outside of
    `bounded`."""
    if _bound is not None:
        _bound.elsewhere += seconds
        _bound.arm()


class OutOfTime(BaseException):
    """Reading took longer than its limit, which is the argument, in seconds. No `Exception`, so that no reader mistakes
    it for the document's fault."""


@contextmanager
def bounded(limits: Limits) -> Iterator[None]:
    """Within it, time and memory are limited: raises `OutOfTime` (in a main thread), `MemoryError`; ends the process
    where native code does not return."""
    global _bound
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    interrupts = threading.current_thread() is threading.main_thread()
    armed = True

    def interrupt(number: int, frame: FrameType | None) -> None:
        if armed and _bound is not None:
            if _bound.left > 0:
                _bound.arm()
            else:
                raise OutOfTime(_bound.allowed)

    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
        before = signal.signal(signal.SIGALRM, interrupt) if interrupts else None
        _bound = _Bound(limits, time.monotonic(), _waited(), limits.seconds, nowhere, interrupts)
        resource.setrlimit(resource.RLIMIT_DATA, (_lower(limits.memory, hard), hard))
        try:
            try:
                _bound.arm()
                yield
            finally:
                armed = False
        finally:
            _bound = None
            resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
            faulthandler.cancel_dump_traceback_later()
            if interrupts:
                signal.setitimer(signal.ITIMER_REAL, 0)
                signal.signal(signal.SIGALRM, before)


def _waited() -> float:
    """Seconds that the threads of this process, those that live, have waited for a processor, together; 0 where the
    system does not tell."""
    nanoseconds = 0
    for statistics in Path("/proc/self/task").glob("*/schedstat"):
        try:
            nanoseconds += int(statistics.read_bytes().split()[1])
        except (OSError, IndexError, ValueError):
            continue
    return nanoseconds / 1e9


def _lower(wanted: int, hard: int) -> int:
    return wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)


def place_of(error: BaseException) -> str:
    """The innermost place in our own code that an exception passed: `read/grids.py:120`."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if f.filename.startswith(f"{_PACKAGE}/") and f.filename != __file__]
    if not ours:
        return "an unknown place"
    return f"{Path(ours[-1].filename).relative_to(_PACKAGE).as_posix()}:{ours[-1].lineno}"
