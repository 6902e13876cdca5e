"""The whole way, `gongkai build` over a folder: time, memory, and what a second run costs when little has changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tests.factory.site import Plan, save

ROOT = Path(__file__).resolve().parents[2]
CHANGED = 0.01


@dataclass(frozen=True, slots=True)
class Run:
    """Wall seconds, and the most memory in MB that the process and all it started held at once (shared pages once)."""

    seconds: float
    peak: float


@dataclass(frozen=True, slots=True)
class Flow:
    reports: int
    writing: float
    first: Run
    second: Run
    steady: bool
    """Whether the readers' code stayed the same between the runs; otherwise the second one reads everything anew."""


def _descendants(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        process = waiting.pop()
        found.append(process)
        waiting += children.get(process, [])
    return found


def _memory(processes: list[int]) -> float:
    total = 0
    for process in processes:
        try:
            rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        total += next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)
    return total / 1024


@contextmanager
def watched(process: int, itself: bool = True) -> Iterator[list[float]]:
    """Samples the memory of a process and its descendants, or of these alone, until the block ends."""
    seen, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(0.4):
            seen.append(_memory(_descendants(process)[0 if itself else 1 :]))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()


def build(folder: Path, home: Path) -> Run:
    """Runs `gongkai build` over the folder into `home`. RuntimeError with its output if it fails."""
    command = [str(Path(sys.executable).with_name("gongkai")), "build", str(folder)]
    environment = os.environ | {"GONGKAI_HOME": str(home)}
    log = home / "build.log"
    home.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
        with watched(process.pid) as seen:
            status = process.wait()
    if status not in (0, 1):
        raise RuntimeError(f"gongkai build ended with {status}:\n{log.read_text(errors='replace')[-3000:]}")
    return Run(time.perf_counter() - began, max(seen))


def _readers() -> str:
    command = [sys.executable, "-c", "from pipelines.intake import reader_digest; print(reader_digest())"]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def change(folder: Path, share: float) -> int:
    """Changes the bytes of every n-th page and text below the folder; how many were changed."""
    files = sorted(p for p in folder.rglob("*") if p.suffix in (".html", ".txt", ".md"))
    chosen = files[:: max(1, round(1 / share))]
    for path in chosen:
        data = path.read_bytes()
        wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
        path.write_bytes(data + ("\n\n".encode("utf-16-le") if wide else b"\n\n"))
    return len(chosen)


def flow(reports: int) -> Flow:
    """Writes so many factory reports, builds, changes one in a hundred, builds again."""
    place = Path(tempfile.mkdtemp(prefix="gongkai-bench-"))
    try:
        began = time.perf_counter()
        save(Plan(reports, 13), place / "site", place / "gold.jsonl")
        writing = time.perf_counter() - began
        readers = _readers()
        first = build(place / "site", place / "home")
        change(place / "site", CHANGED)
        second = build(place / "site", place / "home")
        return Flow(reports, writing, first, second, readers == _readers())
    finally:
        shutil.rmtree(place)


def table(flows: list[Flow]) -> list[str]:
    """The flows as lines: absolute figures, then the ratios that are goals."""
    cores = len(os.sched_getaffinity(0))
    lines = [f"gongkai build, {cores} cores"]
    for f in flows:
        rate = f.reports / f.first.seconds
        lines.append(
            f"  {f.reports:6} reports   written in {f.writing:5.1f} s   first run {f.first.seconds:7.1f} s = "
            f"{rate:6.1f} reports a second, {rate / cores:5.1f} a core   peak {f.first.peak:6.0f} MB   "
            f"1 % changed {f.second.seconds:6.1f} s = {f.second.seconds / f.first.seconds:6.1%} (goal: at most 5 %)"
        )
        if not f.steady:
            lines.append("         the readers' code changed meanwhile: the second run read everything anew")
    for small, large in pairwise(flows):
        time_ratio = (large.first.seconds / large.reports) / (small.first.seconds / small.reports)
        lines.append(
            f"  {small.reports} -> {large.reports}: cost a report x {time_ratio:.2f} (linear: 1.00), "
            f"peak memory x {large.first.peak / small.first.peak:.2f} (flat: 1.00)"
        )
    return lines
