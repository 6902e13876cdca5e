"""The line to the process that judges: each answer is of the candidate that was asked about."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from unittest.mock import Mock

import pytest

from pipelines import audit, quality
from pipelines.quality import QualityError, Result, load_expectations
from pipelines.quality import QualityResult as Answer

ONE, TWO, BAD, DEADLY = map(Path, ("one", "two", "bad", "deadly"))
EXPECTATION = load_expectations()[0]


def answer_for(candidate: Path) -> Answer | Exception:
    if candidate == BAD:
        return QualityError("an expectation could not run")
    return Answer({str(candidate): Result(EXPECTATION, len(candidate.name), 0, 0, ())})


def serve(line: Connection, asked: list[Path]) -> None:
    with line:
        while True:
            try:
                candidate = line.recv()
            except EOFError:
                return
            asked.append(candidate)
            if candidate == DEADLY:
                return
            line.send(answer_for(candidate))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Path]]:
    """What a judge was asked that answers at once, in a thread instead of a process."""
    told: list[Path] = []
    ours, theirs = Pipe()
    thread = threading.Thread(target=serve, args=(theirs, told))
    thread.start()
    monkeypatch.setattr(audit, "_judge", audit._Judge(Mock(), ours))
    yield told
    audit.end()
    thread.join()


def test_a_candidate_that_was_begun_is_not_judged_again(asked: list[Path]) -> None:
    audit.begin(ONE)
    assert audit.judge(ONE) == answer_for(ONE)
    assert asked == [ONE]
    assert audit.judge(ONE) == answer_for(ONE)
    assert asked == [ONE, ONE]


def test_the_answer_about_a_candidate_that_nobody_wants_any_more_is_nobodys(asked: list[Path]) -> None:
    audit.begin(ONE)
    audit.begin(TWO)
    assert audit.judge(TWO) == answer_for(TWO)
    audit.begin(ONE)
    assert audit.judge(TWO) == answer_for(TWO)
    assert asked == [ONE, TWO, ONE, TWO]


def test_what_the_judge_could_not_do_is_raised_where_it_is_asked_for(asked: list[Path]) -> None:
    audit.begin(BAD)
    with pytest.raises(QualityError, match="could not run"):
        audit.judge(BAD)
    assert audit.judge(TWO) == answer_for(TWO)


def test_a_judge_that_dies_says_so(asked: list[Path]) -> None:
    audit.begin(DEADLY)
    with pytest.raises(QualityError, match="has died"):
        audit.judge(DEADLY)


def test_the_judge_outlives_what_it_could_not_do_and_an_interruption(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C reaches every process of a terminal: it is for the build to end the judge."""
    heeded: list[object] = []

    def run_suites(candidate: Path) -> Answer:
        heeded.append(signal.getsignal(signal.SIGINT))
        answer = answer_for(candidate)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(quality, "preload", lambda: None)
    monkeypatch.setattr(quality, "run_suites", run_suites)
    line, before = Mock(recv=Mock(side_effect=[BAD, TWO, EOFError])), signal.getsignal(signal.SIGINT)
    try:
        audit.serve(line)
    finally:
        signal.signal(signal.SIGINT, before)
    (refused,), (answered,) = (call.args for call in line.send.call_args_list)
    assert isinstance(refused, QualityError) and answered == answer_for(TWO)
    assert heeded == [signal.SIG_IGN] * 2
