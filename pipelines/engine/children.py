"""Processes that read: one a document, or the workers of a pool; what becomes of a document whose process dies."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess, parent_process
from multiprocessing.reduction import ForkingPickler
from types import ModuleType

from pipelines.engine.guard import Limits, OutOfTime, bounded, place_of
from pipelines.model import Issue, Reading, Refusal, Snapshot, Source

log = logging.getLogger(__name__)

Readings = tuple[Reading, ...]
Read = Callable[[Source], Readings]

_START = 4.0
"""Seconds that a process may take before it begins to read; its parent ends it after these and the limits."""

_swapping = threading.Lock()


def fork_server(preload: Sequence[str]) -> ForkServerContext:
    """Processes are forked from a server that has loaded the readers and has no threads, whatever the caller has."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(preload))
    return context


def warm_up(preload: Sequence[str]) -> None:
    """Starts that server now: it loads the readers while the caller is at something else. The terminal's interrupt is
    the caller's affair."""
    fork_server(preload)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def no_main() -> Iterator[None]:
    """Within it, new processes do not import the caller's script, which may be large, or start work when imported."""
    with _swapping:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


def read_bounded(read: Read, source: Source, limits: Limits) -> Readings:
    """Reads in this process. What goes wrong becomes a refusal: `timeout`, `out_of_memory`, `reader_failed`."""
    started = time.perf_counter()
    try:
        with bounded(limits):
            return read(source)
    except OutOfTime as error:
        issue = Issue("timeout", f"Reading it took more than {error.args[0]:g} s (at {place_of(error)}).")
    except MemoryError:
        issue = Issue("out_of_memory", f"Reading it takes more than {limits.memory // 2**20} MiB of memory.")
    except Exception as error:
        issue = Issue("reader_failed", f"{type(error).__name__} at {place_of(error)}: {error!s:.200}")
        log.warning("reader_failed: %r: %s", source.path, issue.message)
    return _refused(source, issue, time.perf_counter() - started)


def enlist() -> None:
    """A pool's worker begins: the terminal's interrupt is its parent's affair, and it ends when the parent does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


class Children:
    """Reads documents in processes of their own. `read` may be called from several threads; `end` stops all."""

    def __init__(self, read: Read, limits: Limits, context: ForkServerContext) -> None:
        self._read, self._limits, self._context = read, limits, context
        self._living: set[BaseProcess] = set()
        self._ended = False

    def read(self, source: Source) -> Readings:
        receiver, sender = self._context.Pipe(duplex=False)
        process = self._context.Process(target=_serve, args=(sender, self._read, source, self._limits), daemon=True)
        started = time.perf_counter()
        with no_main():
            if self._ended:
                return _refused(source, Issue("interrupted", "Reading was stopped."), 0.0)
            process.start()
            self._living.add(process)
        sender.close()
        try:
            if receiver.poll(_START + self._limits.longest + self._limits.grace):
                readings: Readings = receiver.recv()
                return readings
            issue = _late(time.perf_counter() - started)
        except (EOFError, OSError):
            process.join(self._limits.grace)
            issue = _death(process.exitcode, time.perf_counter() - started, self._limits)
        finally:
            receiver.close()
            process.kill()
            process.join()
            self._living.discard(process)
        return _refused(source, issue, time.perf_counter() - started)

    def end(self) -> None:
        """Stops what is being read."""
        with _swapping:
            self._ended = True
            for process in list(self._living):
                process.kill()


def _serve(sender: Connection, read: Read, source: Source, limits: Limits) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    readings = read_bounded(read, source, limits)
    try:
        message = ForkingPickler.dumps(readings)
    except Exception as error:
        issue = Issue("reader_failed", f"What was read cannot be handed on: {error!s:.200}")
        message = ForkingPickler.dumps(_refused(source, issue, 0.0))
    sender.send_bytes(message)


def _end_with(parent: BaseProcess) -> None:
    wait([parent.sentinel])
    os._exit(0)


def _refused(source: Source, issue: Issue, seconds: float) -> Readings:
    return (Refusal(Snapshot(source, "", 0), issue, seconds=seconds),)


def _late(seconds: float) -> Issue:
    return Issue("timeout", f"Reading it was not done after {seconds:.1f} s; its process was ended.")


def _death(exit_code: int | None, seconds: float, limits: Limits) -> Issue:
    if exit_code is None or (exit_code == 1 and seconds >= limits.seconds + limits.grace):
        return _late(seconds)
    if exit_code == -signal.SIGKILL:
        return Issue("out_of_memory", "The system ended the process that read it, most likely for its memory.")
    how = signal.Signals(-exit_code).name if exit_code < 0 else f"exit status {exit_code}"
    return Issue("reader_died", f"The process that read it died ({how}).")
