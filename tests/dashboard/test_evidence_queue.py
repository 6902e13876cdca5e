"""Pictures are drawn one at a time, once each, and only of what the warehouse knows."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipelines.dashboard import evidence_queue
from pipelines.dashboard.evidence_queue import Busy, EvidenceQueue
from pipelines.dashboard.store import Store
from pipelines.dashboard.verdicts import Verdicts
from pipelines.evidence import NoEvidence, Shown
from pipelines.paths import DataHome
from pipelines.printed_tables import Key

PATIENCE = 120
"""Seconds: a busy machine is slow, and is no failure."""
REPORT = "411224/2022/卢氏县水利局"
CELLS: tuple[Key, ...] = tuple(("application", "received", column) for column in ("total", "company", "research"))


class Drawing:
    """Draws nothing, but notes how many draw at once; waits until it may go on."""

    def __init__(self, size: int = 10) -> None:
        self.size = size
        self.may_go_on = threading.Event()
        self.begun = threading.Semaphore(0)
        self.drawn: list[Key] = []
        self.at_once = self.most_at_once = 0
        self._lock = threading.Lock()

    def __call__(self, report: str, cell: Key, out: Path, home: DataHome) -> Shown:
        with self._lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            self.drawn.append(cell)
        self.begun.release()
        assert self.may_go_on.wait(PATIENCE)
        with self._lock:
            self.at_once -= 1
        file = out / "evidence.html"
        file.write_bytes(b"x" * self.size)
        return Shown((file,), ("a note",))


@pytest.fixture
def drawing(monkeypatch: pytest.MonkeyPatch) -> Drawing:
    drawing = Drawing()
    monkeypatch.setattr(evidence_queue, "show", drawing)
    return drawing


@pytest.fixture
def queue(home: DataHome, tmp_path: Path) -> EvidenceQueue:
    return EvidenceQueue(Store(home.warehouse, Verdicts(tmp_path / "verdicts.jsonl")), home)


def test_ten_who_ask_at_once_start_one_after_the_other_and_each_picture_once(
    queue: EvidenceQueue, drawing: Drawing, reports: dict[str, str]
) -> None:
    with ThreadPoolExecutor(10) as people:
        asked = [people.submit(queue.picture, reports[REPORT], CELLS[n % 2]) for n in range(10)]
        assert drawing.begun.acquire(timeout=PATIENCE)
        drawing.may_go_on.set()
        pictures = [one.result(timeout=PATIENCE) for one in asked]
    assert drawing.most_at_once == 1
    assert sorted(drawing.drawn) == sorted(CELLS[:2])
    assert {(len(picture.data), picture.is_page, picture.notes) for picture in pictures} == {(10, False, ("a note",))}


def test_whoever_comes_when_too_many_wait_is_told(
    queue: EvidenceQueue, drawing: Drawing, reports: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_queue, "WAITING", 1)
    with ThreadPoolExecutor(1) as people:
        first = people.submit(queue.picture, reports[REPORT], CELLS[0])
        assert drawing.begun.acquire(timeout=PATIENCE)
        with pytest.raises(Busy):
            queue.picture(reports[REPORT], CELLS[1])
        drawing.may_go_on.set()
        first.result(timeout=PATIENCE)
    assert queue.picture(reports[REPORT], CELLS[1]).data


def test_old_pictures_go_once_they_take_too_much(
    queue: EvidenceQueue, drawing: Drawing, reports: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_queue, "KEPT_BYTES", 25)
    drawing.may_go_on.set()
    for cell in (*CELLS[:2], CELLS[0], CELLS[2], CELLS[0], CELLS[1]):
        queue.picture(reports[REPORT], cell)
    assert drawing.drawn == [CELLS[0], CELLS[1], CELLS[2], CELLS[1]]


@pytest.mark.parametrize("report_id", ["README.md", "0000000000000000-0"])
def test_only_numbers_of_the_warehouse_are_drawn(report_id: str, queue: EvidenceQueue, drawing: Drawing) -> None:
    drawing.may_go_on.set()
    with pytest.raises(NoEvidence, match="knows no number"):
        queue.picture(report_id, CELLS[0])
    assert drawing.drawn == []


def test_a_failure_keeps_nobody_waiting(
    queue: EvidenceQueue, drawing: Drawing, reports: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_queue, "WAITING", 1)
    drawing.may_go_on.set()
    for _ in range(2):
        with pytest.raises(NoEvidence):
            queue.picture(reports[REPORT], ("application", "nothing", "total"))
    assert queue.picture(reports[REPORT], CELLS[0]).data
