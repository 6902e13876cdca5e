"""Releases by name: immutable folders named by the calendar (CalVer), and the pointers `latest` and `nightly`."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

Channel = Literal["latest", "nightly"]

CHECKSUMS = "SHA256SUMS"
_NAME = re.compile(r"(?P<year>\d{4})\.(?P<month>\d{1,2})\.(?P<day>\d{1,2})(?:\.(?P<number>\d+))?(?P<nightly>-nightly)?")


class ReleaseError(Exception):
    """No release can be made; the text says why and what to do."""


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """`2026.11.21`, a second one of that day `2026.11.21.1`; nightly ones end in `-nightly`."""

    day: date
    number: int = 0
    nightly: bool = False

    def __str__(self) -> str:
        number = f".{self.number}" if self.number else ""
        return f"{self.day.year}.{self.day.month}.{self.day.day}{number}{'-nightly' if self.nightly else ''}"


def version_of(name: str) -> Version | None:
    """The version that a folder's name says; None for other names."""
    found = _NAME.fullmatch(name)
    if not found:
        return None
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None
    return Version(day, int(found["number"] or 0), bool(found["nightly"]))


def versions(root: Path) -> list[Version]:
    """Every version below the folder of releases, oldest first."""
    names = (path.name for path in root.iterdir() if path.is_dir() and not path.is_symlink()) if root.is_dir() else ()
    return sorted(version for version in map(version_of, names) if version)


def next_version(root: Path, today: date, channel: Channel) -> Version:
    """The first version of today that no folder has taken."""
    nightly = channel == "nightly"
    taken = {v.number for v in versions(root) if v.day == today and v.nightly == nightly}
    return Version(today, next(n for n in range(len(taken) + 1) if n not in taken), nightly)


def pointed_at(root: Path, channel: Channel) -> Path | None:
    """The release that the pointer names; None where there is none."""
    target = root / channel
    return target.resolve() if target.is_symlink() and target.is_dir() else None


def point(root: Path, channel: Channel, version: Version) -> None:
    """Moves the pointer in one step."""
    half = root / f".{channel}.half"
    half.unlink(missing_ok=True)
    half.symlink_to(str(version), target_is_directory=True)
    half.replace(root / channel)


def seal(folder: Path) -> None:
    """Writes the checksums of all files, then takes everybody's right to write to them away."""
    lines = [f"{sha256_of(file)}  {file.relative_to(folder).as_posix()}\n" for file in files_of(folder)]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8")
    for file in files_of(folder):
        file.chmod(file.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))


def verify(folder: Path) -> list[str]:
    """Files of the release that its checksums do not vouch for, or that are missing."""
    listed: dict[str, str] = {}
    for line in (folder / CHECKSUMS).read_text(encoding="utf-8").splitlines():
        digest, name = line.split("  ", 1)
        listed[name] = digest
    there = {file.relative_to(folder).as_posix(): file for file in files_of(folder) if file.name != CHECKSUMS}
    wrong = [name for name, digest in listed.items() if name not in there or sha256_of(there[name]) != digest]
    return sorted({*wrong, *(there.keys() - listed.keys())})


def files_of(folder: Path) -> Iterator[Path]:
    """Every file below, by name."""
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def remove(folder: Path) -> None:
    """Removes a release or what an interrupted one left."""
    shutil.rmtree(folder, ignore_errors=False)


def sha256_of(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sync(folder: Path) -> None:
    """Sees a folder's entries onto the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
