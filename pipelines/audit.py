"""The suites in a process of their own: loading Great Expectations takes seconds, in which this one reads."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from pipelines import quality


@dataclass(slots=True)
class _Judge:
    """`asked` is the candidate whose answer is awaited."""

    process: BaseProcess
    line: Connection
    asked: Path | None = None


_judge: _Judge | None = None


def prepare() -> None:
    """Begins to load what judges, as soon as it is known that there will be a candidate. It stays for further runs, and
    ends with this process however that ends."""
    global _judge
    if _judge is None:
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=serve, args=(theirs,), name="audit", daemon=True)
        process.start()
        theirs.close()
        _judge = _Judge(process, ours)


def begin(candidate: Path) -> None:
    """Has the candidate judged meanwhile: `judge` then waits for the answer. Nobody else may have the file open."""
    prepare()
    assert _judge is not None
    if _judge.asked is not None:
        _answer(_judge)
    _tell(_judge, candidate)


def judge(candidate: Path) -> quality.QualityResult:
    """`quality.run_suites`, over there; raises QualityError as it does."""
    if _judge is None or _judge.asked != candidate:
        begin(candidate)
    assert _judge is not None
    answer = _answer(_judge)
    if isinstance(answer, Exception):
        raise answer
    assert isinstance(answer, quality.QualityResult)
    return answer


def _tell(judge: _Judge, candidate: Path) -> None:
    try:
        judge.line.send(candidate)
    except OSError as error:
        raise _died() from error
    judge.asked = candidate


def _answer(judge: _Judge) -> object:
    try:
        answer: object = judge.line.recv()
    except (EOFError, OSError) as error:
        raise _died() from error
    judge.asked = None
    return answer


def _died() -> quality.QualityError:
    end()
    return quality.QualityError("The process that judges has died: too little memory? Build again.")


def end() -> None:
    """Ends the process at once, whatever it is at: it holds nothing that outlives it but the candidate."""
    global _judge
    if _judge is not None:
        _judge.line.close()
        _judge.process.kill()
        _judge.process.join()
        _judge = None


def serve(line: Connection) -> None:
    """What that process does: judges one candidate after another, until nobody is there to ask."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    quality.preload()
    while True:
        try:
            candidate = line.recv()
        except EOFError:
            return
        try:
            line.send(quality.run_suites(candidate))
        except Exception as error:
            line.send(error)
