"""Files that people drop: each is taken once, when it is whole, into a folder of its batch, where it stays."""

from __future__ import annotations

import errno
import json
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.discovery import discover

SETTLED = 60.0
"""Seconds without a change after which a file is taken to be whole."""
UNFINISHED = frozenset({".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".filepart"})
"""Ends of names that programs give to what they are still writing."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What was taken together: `name` is its folder's; `files` are their paths now."""

    name: str
    files: tuple[Path, ...]


def look(inbox: Path, seen: str | None) -> tuple[list[Path], str]:
    """The files that are whole: their size and times are those that `seen` (what the last look gave) tells, and nobody
    has written to them for a while; and what this look saw. The folder is made where there is none."""
    inbox.mkdir(parents=True, exist_ok=True)
    before: dict[str, list[int]] = json.loads(seen) if seen else {}
    now: dict[str, list[int]] = {}
    whole = []
    for source in discover([inbox]):
        path = Path(source.path)
        try:
            status = path.lstat()
        except OSError:
            continue
        if path.suffix.lower() in UNFINISHED or not path.is_file() or path.is_symlink():
            continue
        name = str(path.relative_to(inbox)).encode("utf-8", "replace").decode()
        now[name] = [status.st_size, status.st_mtime_ns, status.st_ctime_ns]
        if before.get(name) == now[name] and time.time_ns() - status.st_ctime_ns >= SETTLED * 1e9:
            whole.append(path)
    return whole, json.dumps(now)


def take(inbox: Path, files: list[Path], received: Path) -> Batch:
    """Moves the files to a folder of their own below `received`, under the names and folders that they have in the
    inbox: those say whose reports they are. A move is a rename; where it is interrupted, the rest is another batch."""
    name = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    taken = []
    for file in files:
        target = received / name / file.relative_to(inbox)
        target.parent.mkdir(parents=True, exist_ok=True)
        _move(file, target)
        taken.append(target)
    return Batch(name, tuple(taken))


def _move(file: Path, target: Path) -> None:
    try:
        file.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        # The inbox is on another disk: until the copy is whole it is hidden, and the file stays where it is.
        half = target.with_name(f".{target.name}.half")
        shutil.copyfile(file, half)
        half.rename(target)
        file.unlink()
