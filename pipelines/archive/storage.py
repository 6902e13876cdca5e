"""Where the archive lies: a folder, or a bucket that fsspec reaches. Files are written whole and are never changed."""

from __future__ import annotations

import errno
import os
import posixpath
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, cast

import fsspec  # type: ignore[import-untyped]
from fsspec.implementations.local import LocalFileSystem  # type: ignore[import-untyped]

HALF = ".half"
"""The end of the name of a file that is being written; left behind where its writer died."""

_STAMPS = ("size", "ino", "mtime", "created", "ETag", "etag", "LastModified", "last_modified", "updated", "generation")
"""What file systems of fsspec tell of a file, each under its own names."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class ArchiveError(Exception):
    """Something that the archive cannot do; `code`: `missing`, `damaged`, `too_large`, `full`, `unwritable`,
    `unreadable`, `bad_name`; the text says what, where, and what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Storage:
    """Files below a root by their relative names. `root` is a folder or an address of fsspec (`s3://bucket/archive`).

    Every method raises ArchiveError: `missing` where there is no such file, `full`, `unwritable`, `unreadable`.
    """

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.root = os.fspath(root)
        try:
            # Others write to the bucket too: a remembered listing would hide what they wrote.
            self._system, self._path = fsspec.url_to_fs(self.root, use_listings_cache=False)
        except (ValueError, ImportError) as error:
            raise ArchiveError("unreadable", f"The archive {self.root!r} cannot be opened: {error}") from error

    @property
    def is_local(self) -> bool:
        return isinstance(self._system, LocalFileSystem)

    def path(self, name: str) -> str:
        """The file's path, for a person or for the operating system where the storage is local."""
        return posixpath.join(self._path, name)

    def write(self, name: str, data: bytes) -> None:
        """Puts the file there at once: nobody ever sees a part of it. Of two writers the last one's stays."""
        try:
            if self.is_local:
                self._write_locally(Path(self.path(name)), data)
            else:
                self._system.pipe_file(self.path(name), data)
        except OSError as error:
            raise unwritable(self.path(name), error) from error

    def read(self, name: str, limit: int) -> bytes:
        """The whole file. Raises ArchiveError `too_large` above `limit` bytes."""
        with self.open(name) as file:
            try:
                data = file.read(limit + 1)
            except OSError as error:
                raise self.unreadable(name, error) from error
        if len(data) > limit:
            raise ArchiveError("too_large", f"{self.path(name)} is larger than {limit} bytes, and is not read.")
        return data

    def open(self, name: str) -> BinaryIO:
        try:
            return cast(BinaryIO, self._system.open(self.path(name), "rb"))
        except FileNotFoundError as error:
            raise ArchiveError("missing", f"There is no {self.path(name)}.") from error
        except OSError as error:
            raise self.unreadable(name, error) from error

    def exists(self, name: str) -> bool:
        try:
            return bool(self._system.exists(self.path(name)))
        except OSError as error:
            raise self.unreadable(name, error) from error

    def names(self, folder: str) -> Iterator[str]:
        """The names of all files below a folder, in their order; one folder after the other is listed."""
        try:
            entries = self._system.ls(self.path(folder), detail=True)
        except FileNotFoundError:
            return
        except OSError as error:
            raise self.unreadable(folder, error) from error
        for base, kind in sorted((posixpath.basename(e["name"].rstrip("/")), e["type"]) for e in entries):
            name = posixpath.join(folder, base)
            if kind == "directory":
                yield from self.names(name)
            else:
                yield name

    def stamps(self, folder: str) -> dict[str, str]:
        """The names of the files right below a folder, each with what the storage tells of it: its size, and of times
        and tags what there is. A file whose stamp is as it was has the bytes that it had."""
        try:
            entries = self._system.ls(self.path(folder), detail=True)
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise self.unreadable(folder, error) from error
        return {
            posixpath.join(folder, posixpath.basename(e["name"])): " ".join(str(e[key]) for key in _STAMPS if key in e)
            for e in entries
            if e["type"] == "file"
        }

    def folders(self, folder: str) -> list[str]:
        """The names of the folders right below a folder."""
        try:
            entries = self._system.ls(self.path(folder), detail=True)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self.unreadable(folder, error) from error
        return sorted(posixpath.basename(e["name"].rstrip("/")) for e in entries if e["type"] == "directory")

    def _write_locally(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f"{path.name}.{uuid.uuid4().hex}{HALF}")
        try:
            with half.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            half.replace(path)
        except BaseException:
            with suppress(OSError):
                half.unlink()
            raise

    def unreadable(self, name: str, error: OSError) -> ArchiveError:
        """What to say of a file that could not be read, which is not yet a damage."""
        return ArchiveError("unreadable", f"{self.path(name)} cannot be read: {error.strerror or error}.")


def unwritable(path: str, error: OSError) -> ArchiveError:
    """What to say of a file that could not be written."""
    if error.errno in _FULL:
        return ArchiveError("full", f"There is no room to write {path}: make room, and start again where it stopped.")
    return ArchiveError("unwritable", f"{path} cannot be written: {error.strerror or error}.")
