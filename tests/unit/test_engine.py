"""A document that kills its reader costs itself, and nothing else."""

from __future__ import annotations

import ctypes
import faulthandler
import hashlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.engine import FEW, NoEngine, guard, map_documents
from pipelines.engine.guard import Limits, OutOfTime, bounded, excuse, grant
from pipelines.model import Issue, Refusal, Snapshot, Source

QUICK = Limits(seconds=0.8, grace=0.4)
LARGE = 3 * 2**30


def misbehave(source: Source) -> tuple[Refusal, ...]:
    """Does what the source's name says, and gives back its name."""
    match Path(source.path).stem.split("-")[0]:
        case "segfault":
            ctypes.string_at(0)
        case "exit":
            os._exit(3)
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "sleep":
            time.sleep(600)
        case "spin":
            while True:
                pass
        case "deaf":  # native code that never comes back to the interpreter, which alone raises exceptions
            lock = ctypes.create_string_buffer(64)  # a mutex, which no signal ends the wait for as it ends a sleep
            for _ in range(2):
                ctypes.PyDLL(None).pthread_mutex_lock(lock)
        case "hungry":
            bytearray(LARGE)
        case "native_hungry":
            libc = ctypes.CDLL(None)
            libc.malloc.restype = ctypes.c_void_p
            libc.malloc.argtypes = [ctypes.c_size_t]
            if not libc.malloc(LARGE):
                libc.abort()
        case "wrong":
            raise ZeroDivisionError("a bug of ours")
        case "lambda":
            return (Refusal(Snapshot(source, "", 0), Issue("unpicklable", lambda: 0)),)  # type: ignore[arg-type]
    return (Refusal(Snapshot(source, "", 0), Issue("read", source.path)),)


ENDS = {
    "segfault": "reader_died",
    "exit": "reader_died",
    "killed": "out_of_memory",
    "sleep": "timeout",
    "spin": "timeout",
    "deaf": "timeout",
    "hungry": "out_of_memory",
    "native_hungry": "reader_died",
    "wrong": "reader_failed",
    "lambda": "reader_failed",
}


def codes(names: list[str], *, ordered: bool = True) -> list[str]:
    """What became of each: its code, or its name where it was read."""
    results = map_documents([Source(name) for name in names], read=misbehave, limits=QUICK, ordered=ordered, batch=10)
    refusals = [reading for readings in results for reading in readings]
    return [r.issue.message if r.issue.code == "read" else r.issue.code for r in refusals if isinstance(r, Refusal)]


@pytest.mark.parametrize("kind", ENDS)
def test_few_documents_lose_only_the_culprit(kind: str) -> None:
    assert codes(["a", kind, "b"]) == ["a", ENDS[kind], "b"]


def test_a_pool_loses_only_the_culprits_and_keeps_the_order() -> None:
    names = [f"good-{number}" for number in range(4 * FEW)]
    for place, kind in zip(
        (3, 17, 21, 40, 41, 63), ("segfault", "hungry", "deaf", "wrong", "exit", "spin"), strict=True
    ):
        names[place] = kind
    assert codes(names) == [ENDS.get(name, name) for name in names]


def test_as_completed_gives_every_document_once() -> None:
    names = [f"good-{number}" for number in range(3 * FEW)]
    assert sorted(codes(names, ordered=False)) == sorted(names)


def test_sources_are_taken_as_they_are_needed() -> None:
    taken = 0

    def endless() -> Iterator[Source]:
        nonlocal taken
        while True:
            taken += 1
            yield Source(f"good-{taken}")

    results = map_documents(endless(), read=misbehave, workers=2, batch=5)
    first = [next(results) for _ in range(20)]
    results.close()
    assert [r.issue.message for (r,) in first if isinstance(r, Refusal)] == [f"good-{n}" for n in range(1, 21)]
    assert taken < 100


def test_no_documents_give_no_readings() -> None:
    assert codes([]) == []


def test_limits_are_taken_back() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(OutOfTime), bounded(Limits(seconds=0.05)):
        time.sleep(20)
    with pytest.raises(MemoryError), bounded(Limits()):
        bytearray(LARGE)
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert len(bytearray(LARGE // 2)) == LARGE // 2


def test_an_engine_that_is_not_there_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_ENGINE", "tcp://127.0.0.1:9")
    many = [Source(f"good-{number}") for number in range(FEW + 1)]
    with pytest.raises(NoEngine, match=re.escape("tcp://127.0.0.1:9")):
        list(map_documents(many, read=misbehave))


PARENT = """
import sys
from pipelines.engine import map_documents
from pipelines.model import Source
from tests.unit.test_engine import misbehave
for readings in map_documents([Source(f"good-{n}") for n in range(40)] + [Source("sleep")] * 8, read=misbehave):
    print(len(readings), flush=True)
"""


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_running_when_the_caller_ends(ending: signal.Signals) -> None:
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", PARENT],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as parent:
        assert parent.stdout is not None and parent.stdout.readline() == b"1\n"
        parent.send_signal(ending)
        parent.wait(60)
        deadline = time.monotonic() + 60
        while in_session(parent.pid) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert in_session(parent.pid) == []


def in_session(session: int) -> list[int]:
    """The processes of a session that still run."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == session and fields[0] != "Z":
                found.append(int(entry.name))
    return found


def test_pages_to_recognise_are_granted_time() -> None:
    with bounded(Limits(seconds=0.1, page_seconds=9)):
        grant(1)
        time.sleep(0.2)
    with pytest.raises(OutOfTime) as late, bounded(Limits(seconds=0.1, page_seconds=9, most_seconds=0.3)):
        grant(40)
        time.sleep(20)
    assert late.value.args == (0.3,)


def test_time_without_a_processor_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_waited", time.monotonic)
    with bounded(Limits(seconds=0.1, patience=90)):
        time.sleep(0.2)
    monkeypatch.setattr(guard, "_waited", lambda: 0.0)
    with pytest.raises(OutOfTime), bounded(Limits(seconds=0.1, patience=90)):
        time.sleep(20)


def test_time_in_which_another_program_waited_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_waited", lambda: 0.0)
    with bounded(Limits(seconds=0.1)):
        excuse(20)
        time.sleep(0.2)
    with pytest.raises(OutOfTime), bounded(Limits(seconds=0.1)):
        excuse(0.1)
        time.sleep(20)
    excuse(1)


def test_every_thread_may_wait_for_a_processor() -> None:
    """One that waits while another, on the same processor, works."""
    enough, processors = guard._waited() + 0.02, os.sched_getaffinity(0)
    ends = time.monotonic() + 20
    seen = threading.Event()

    def works() -> None:
        os.sched_setaffinity(0, {min(processors)})
        while not seen.is_set() and time.monotonic() < ends:
            hashlib.sha256(bytes(2**22)).digest()
            if guard._waited() >= enough:
                seen.set()

    threads = [threading.Thread(target=works) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen.is_set()


def test_what_an_ended_thread_has_waited_still_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    told = iter([0.0, 0.0, 30.0])
    monkeypatch.setattr(guard, "_waited", lambda: next(told, 0.0))
    with bounded(Limits(seconds=0.1, patience=90)):
        time.sleep(0.3)


def test_what_takes_long_to_recognise_may_be_deaf_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[float] = []
    monkeypatch.setattr(faulthandler, "dump_traceback_later", lambda seconds, **_: told.append(seconds))
    with bounded(Limits(seconds=10, grace=1, page_seconds=20)):
        grant(2)
    assert told[0] == pytest.approx(11, abs=1) and told[1] == pytest.approx(10 + 40 + 1 + 20, abs=1)


def test_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_waited", time.monotonic)
    began = time.monotonic()
    with pytest.raises(OutOfTime), bounded(Limits(seconds=0.1, patience=2)):
        time.sleep(20)
    assert time.monotonic() - began > 0.25
