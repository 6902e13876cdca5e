"""From the paths that a person names to sources: which files, in which order, and what their folders say of them."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.model import Issue, Snapshot, Source

if TYPE_CHECKING:
    from pipelines.archive import Archive, Holding
    from pipelines.registry.sources import Card

ARCHIVED = "archive:"
"""Before the sha256 of a document that lies in the archive: its path."""

MAX_BYTES = 64 * 2**20
"""Documents above this are not opened."""

LEFT_OUT_NAMES = frozenset({"readme.md", "readme.txt", "license", "license.txt", "robots.txt", "sitemap.xml"})
LEFT_OUT_SUFFIXES = frozenset(
    f".{suffix}"
    for kind in (
        "json jsonl ndjson yml yaml toml ini cfg lock log py pyc sql sh sha256 duckdb wal parquet",
        "css js mjs map svg ico gif woff woff2 ttf eot mp3 mp4",
    )
    for suffix in kind.split()
)
"""What lies beside reports in a folder and is none. A file that is named itself is always taken."""

_PROVINCE = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12]")
_DIVISION = re.compile(r"(?<!\d)\d{6}(?!\d)")
_YEAR = re.compile(r"((?:19|20)\d\d)\s*年?度?")


class Unopenable(Exception):
    """A path that gives no bytes: `not_found`, `not_a_file`, `unopenable`, `too_large`; of the archive, what it says
    with `archive_` before it (`archive_missing`, `archive_damaged`)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.issue = Issue(code, message)


def discover(paths: Iterable[str | os.PathLike[str]]) -> Iterator[Source]:
    """Files as named, folders with all below them, by name; hidden files, links that lead out of a folder, and what
    the tables above name are left out. A path that does not exist is a source too: reading it gives the error."""
    for path in paths:
        if Path(path).is_dir():
            yield from (source_of(file) for file in _files_below(Path(path)))
        else:
            yield source_of(path)


def archived(archive: Archive, cards: Iterable[Card]) -> Iterator[Source]:
    """Every version of every page that the archive holds, source by source; also those that were withdrawn, and those
    of sources that have no card any more. Two pages that gave the same bytes are two sources of one path."""
    by_name = {card.source: card for card in cards}
    for name in archive.sources():
        for holding in archive.balance(name).pages.values():
            yield from _versions(holding, by_name.get(name), archive.root)


def _versions(holding: Holding, card: Card | None, root: str) -> Iterator[Source]:
    hints = (card.publisher if card else None, holding.column, holding.title)
    for version in holding.versions:
        yield Source(
            path=ARCHIVED + version.sha256,
            hints=tuple(hint for hint in hints if hint),
            division=card.division if card else None,
            province=card.province if card else None,
            year=holding.year,
            url=holding.url,
            archive=root,
        )


def source_of(path: str | os.PathLike[str]) -> Source:
    """A source with what the names of its folders say: a division's six digits, a year; the innermost counts."""
    name = os.fspath(path)
    folder, slash, _ = name.rstrip("/").rpartition("/")
    folders, division, year = _told_by(Path() if name.startswith("/") else Path.cwd(), folder + slash)
    return Source(name, folders, division, division[:2] if division else None, year)


@lru_cache(maxsize=1024)
def _told_by(here: Path, folder: str) -> tuple[tuple[str, ...], str | None, int | None]:
    """The names of all folders down to this one, with the division and the year that they tell."""
    names = (here / folder).parts[1:]
    divisions = [code for name in names if (code := _division_of(name))]
    years = [int(match[1]) for name in names if (match := _YEAR.fullmatch(name.strip()))]
    return names, divisions[-1] if divisions else None, years[-1] if years else None


def read_bytes_of(source: Source) -> tuple[bytes, Snapshot]:
    """The document's bytes and their identity. Raises `Unopenable`; never waits on a pipe or a device."""
    if source.archive is not None:
        return _from_archive(source, source.archive)
    with _open(source.path) as descriptor:
        data = bytearray()
        while chunk := os.read(descriptor.number, 2**20):
            data += chunk
            if len(data) > MAX_BYTES:
                raise _too_large(len(data))
    content = bytes(data)
    return content, Snapshot(source, hashlib.sha256(content).hexdigest(), len(content))


def snapshot_of(source: Source) -> Snapshot:
    """The identity of the document's bytes; an empty sha256 where it cannot be opened or is too large. What lies in the
    archive is named by its hash, and is not read for it."""
    if source.archive is not None:
        return _named_in_archive(source, source.archive)
    digest, size = hashlib.sha256(), 0
    try:
        with _open(source.path) as descriptor:
            while chunk := os.read(descriptor.number, 2**20):
                digest.update(chunk)
                size += len(chunk)
    except Unopenable:
        return Snapshot(source, "", 0)
    return Snapshot(source, digest.hexdigest(), size)


def _from_archive(source: Source, root: str) -> tuple[bytes, Snapshot]:
    from pipelines.archive import Archive, ArchiveError

    sha256 = source.path.removeprefix(ARCHIVED)
    try:
        content = Archive(root).document(sha256)
    except ArchiveError as error:
        raise Unopenable(f"archive_{error.code}", str(error)) from error
    return content, Snapshot(source, sha256, len(content))


def _named_in_archive(source: Source, root: str) -> Snapshot:
    from pipelines.archive import Archive, ArchiveError

    sha256 = source.path.removeprefix(ARCHIVED)
    try:
        return Snapshot(source, sha256, Archive(root).document_size(sha256))
    except ArchiveError:
        return Snapshot(source, "", 0)


class _open:  # noqa: N801
    """A regular file of at most MAX_BYTES, as a descriptor that does not block."""

    def __init__(self, path: str) -> None:
        try:
            self.number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            raise Unopenable("not_found", "No such file.") from None
        except (OSError, ValueError) as error:
            raise Unopenable("unopenable", f"The file cannot be opened: {_reason(error)}.") from None
        status = os.fstat(self.number)
        problem = None
        if not stat.S_ISREG(status.st_mode):
            problem = Unopenable("not_a_file", "This is no regular file.")
        elif status.st_size > MAX_BYTES:
            problem = _too_large(status.st_size)
        if problem:
            os.close(self.number)
            raise problem

    def __enter__(self) -> _open:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.number)


def _too_large(size: int) -> Unopenable:
    return Unopenable("too_large", f"The file has {size / 2**20:.0f} MiB; at most {MAX_BYTES // 2**20} MiB are read.")


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__


def _division_of(folder: str) -> str | None:
    match = _DIVISION.match(folder)
    return match[0] if match and _PROVINCE.match(match[0]) else None


def _files_below(root: Path) -> Iterator[str]:
    inside = root.resolve()
    waiting: list[str | os.DirEntry[str]] = [str(root)]
    while waiting:
        entry = waiting.pop()
        if not isinstance(entry, str) and not entry.is_dir(follow_symlinks=False):
            if _is_taken(entry, inside):
                yield _named(entry)
            continue
        try:
            with os.scandir(entry) as found:
                entries = sorted(found, key=lambda e: e.name, reverse=True)
        except OSError:
            yield entry if isinstance(entry, str) else _named(entry)
            continue
        waiting.extend(e for e in entries if not e.name.startswith("."))


def _named(entry: os.DirEntry[str]) -> str:
    return entry.path.removeprefix("./")


def _is_taken(entry: os.DirEntry[str], inside: Path) -> bool:
    name = entry.name.lower()
    _, dot, suffix = name.rpartition(".")
    if name in LEFT_OUT_NAMES or dot + suffix in LEFT_OUT_SUFFIXES:
        return False
    if not entry.is_symlink():
        return entry.is_file()
    path = Path(entry.path)
    return path.is_file() and path.resolve().is_relative_to(inside)
