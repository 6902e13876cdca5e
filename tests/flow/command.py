"""Runs `gongkai` as a user does: a process, what it printed, how much processor time it and its children took, and the
most memory one process held."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Ended:
    status: int
    out: bytes
    err: str
    seconds: float
    """Processor time of all its processes, which a busy machine does not lengthen."""
    peak: int
    """Bytes: the largest resident set of any one of its processes."""

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line, parse_float=Decimal) for line in self.out.splitlines()]


def gongkai(*arguments: str | Path, folder: Path | None = None, **environment: str) -> Ended:
    """The command with these arguments, its output not a terminal."""
    command = [sys.executable, "-c", "from pipelines.cli import command; command()", *map(str, arguments)]
    with subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        start_new_session=True,
    ) as process:
        peaks: dict[int, int] = {}
        spent: dict[int, float] = {}
        watch = threading.Thread(target=_watch, args=(process, peaks, spent))
        watch.start()
        out, err = process.communicate()
        watch.join()
    return Ended(process.returncode, out, err.decode(), sum(spent.values()), max(peaks.values(), default=0))


def session(leader: int) -> Iterator[int]:
    """The processes of a session that still run."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == leader and fields[0] != "Z":
                yield int(entry.name)


def _watch(process: subprocess.Popen[bytes], peaks: dict[int, int], spent: dict[int, float]) -> None:
    tick = os.sysconf("SC_CLK_TCK")
    while process.poll() is None:
        for number in session(process.pid):
            try:
                status = Path(f"/proc/{number}/status").read_text()
                times = (Path(f"/proc/{number}/stat").read_text()).rpartition(")")[2].split()[11:13]
            except OSError:
                continue
            spent[number] = sum(map(int, times)) / tick
            _, found, rest = status.partition("VmHWM:")
            if found:
                peaks[number] = max(peaks.get(number, 0), int(rest.split()[0]) * 1024)
        time.sleep(0.05)
