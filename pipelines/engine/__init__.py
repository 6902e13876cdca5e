"""Where work runs: processes of this machine, or a cluster that exists. A document that crashes its reader, hangs it or
eats the memory is refused; all others are read."""

from __future__ import annotations

import importlib
import itertools
import logging
import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence, Sized
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from typing import TypeVar

from pipelines.engine.children import Children, Read, Readings, enlist, fork_server, no_main, read_bounded
from pipelines.engine.children import warm_up as warm_up
from pipelines.engine.guard import Limits
from pipelines.model import Refusal, Source

log = logging.getLogger(__name__)

Job = TypeVar("Job")
Result = TypeVar("Result")

BATCH = 50
FEW = 16
"""Up to this many documents each has a process of its own; more share the processes of a pool."""


class NoEngine(Exception):
    """The engine asked for is not there; the text says what to do."""


def map_documents(
    sources: Iterable[Source],
    *,
    read: Read,
    preload: Sequence[str] = (),
    ordered: bool = True,
    workers: int | None = None,
    batch: int = BATCH,
    limits: Limits | None = None,
    engine: str | None = None,
) -> Generator[Readings, None, None]:
    """What each source holds, in their order or as completed; memory does not grow with their number.

    `read` is a function of a module, `preload` the modules that every process needs; a refusal made here knows of its
    snapshot the source alone. `engine` (else GONGKAI_ENGINE) is `processes`, or the address of a dask scheduler
    (`tcp://host:port`, workers of one thread each). Raises `NoEngine`; never for a document's sake.
    """
    limits = limits or Limits()
    workers = workers or len(os.sched_getaffinity(0))
    remaining = iter(sources)
    first = list(itertools.islice(remaining, FEW + 1))
    few = len(first) <= FEW
    children = Children(read, limits, fork_server(preload))
    with ThreadPoolExecutor(workers) as threads:
        try:
            if few:
                for _, alone in _in_flight(lambda s: threads.submit(children.read, s), iter(first), FEW, ordered):
                    yield alone.result()
                return
            size = _batch_size(sources, workers, batch)
            batches = _batches(itertools.chain(first, remaining), size)
            name = engine or os.environ.get("GONGKAI_ENGINE") or "processes"
            with _Pool(name, workers, preload) as pool:
                jobs = _in_flight(lambda b: pool.submit(read_batch, read, b, limits), batches, 2 * workers, ordered)
                for sources_of, future in jobs:
                    yield from _settled(sources_of, future, children, threads)
        finally:
            children.end()


def read_batch(read: Read, sources: list[Source], limits: Limits) -> list[Readings]:
    """Runs in a worker: a batch, each document within the limits."""
    return [read_bounded(read, source, limits) for source in sources]


def _settled(
    batch: list[Source], future: Future[list[Readings]], children: Children, threads: ThreadPoolExecutor
) -> Iterator[Readings]:
    """The batch's readings; documents of a batch that was lost with its worker, or for which a worker had too little
    memory left, are read again in processes of their own."""
    error = future.exception()
    if error:
        log.warning("A worker was lost (%s); %d documents are read again one by one.", type(error).__name__, len(batch))
        yield from threads.map(children.read, batch)
        return
    for source, readings in zip(batch, future.result(), strict=True):
        short = any(isinstance(r, Refusal) and r.issue.code == "out_of_memory" for r in readings)
        yield children.read(source) if short else readings


def _in_flight(
    submit: Callable[[Job], Future[Result]], jobs: Iterator[Job], most: int, ordered: bool
) -> Iterator[tuple[Job, Future[Result]]]:
    """Jobs with their futures, done: at most `most` are under way."""
    waiting: deque[tuple[Job, Future[Result]]] = deque()
    while True:
        for job in itertools.islice(jobs, most - len(waiting)):
            waiting.append((job, submit(job)))
        if not waiting:
            return
        if not ordered:
            done, _ = wait([future for _, future in waiting], return_when=FIRST_COMPLETED)
            waiting = deque(sorted(waiting, key=lambda pair: pair[1] not in done))
        wait([waiting[0][1]])
        yield waiting.popleft()


def _batch_size(sources: Iterable[Source], workers: int, most: int) -> int:
    """Small enough that a short list keeps all workers busy."""
    return min(most, max(1, -(-len(sources) // (4 * workers)))) if isinstance(sources, Sized) else most


def _batches(sources: Iterator[Source], size: int) -> Iterator[list[Source]]:
    while batch := list(itertools.islice(sources, size)):
        yield batch


class _Pool:
    """An executor that is replaced when it breaks; its workers end with it."""

    def __init__(self, engine: str, workers: int, preload: Sequence[str]) -> None:
        self._engine, self._workers, self._preload = engine, workers, preload
        self._executor = self._open()

    def __enter__(self) -> _Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def submit(self, function: Callable[..., Result], *arguments: object) -> Future[Result]:
        with no_main():
            try:
                return self._executor.submit(function, *arguments)
            except BrokenExecutor:
                self._close()
                self._executor = self._open()
                return self._executor.submit(function, *arguments)

    def _open(self) -> Executor:
        if self._engine == "processes":
            return ProcessPoolExecutor(self._workers, mp_context=fork_server(self._preload), initializer=enlist)
        return _cluster(self._engine)

    def _close(self) -> None:
        if isinstance(self._executor, ProcessPoolExecutor):
            for process in list((self._executor._processes or {}).values()):
                process.kill()
            # A worker that dies while it writes leaves half a result: reading it ends once nobody can write the rest.
            self._executor._result_queue._writer.close()  # type: ignore[attr-defined]
        self._executor.shutdown(wait=True)


def _cluster(address: str) -> Executor:
    try:
        distributed = importlib.import_module("distributed")
    except ImportError:
        raise NoEngine(f"The engine {address} needs the package `distributed`.") from None
    try:
        executor: Executor = distributed.Client(address, timeout=10).get_executor(pure=False)
    except (OSError, ValueError) as error:
        raise NoEngine(f"No cluster answers at {address}: {error}") from None
    return executor
