"""Bytes by their sha256, compressed, each once: `blobs/ab/<sha256>.zst`."""

from __future__ import annotations

import hashlib
import re

import zstandard

from pipelines.archive.storage import ArchiveError, Storage

FOLDER = "blobs"
SUFFIX = ".zst"
BLOB_BYTES = 64 * 2**20
"""What one blob may hold; no more is ever unpacked."""

_HEAD_BYTES = 18
"""The longest head of a frame (RFC 8878, 3.1.1.1)."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


def is_sha256(text: str) -> bool:
    return _SHA256.fullmatch(text) is not None


def blob_name(sha256: str) -> str:
    """Where a blob lies. Raises ArchiveError `bad_name` for what is no sha256."""
    if not is_sha256(sha256):
        raise ArchiveError("bad_name", f"{sha256!r} is no sha256.")
    return f"{FOLDER}/{sha256[:2]}/{sha256}{SUFFIX}"


def put_blob(storage: Storage, data: bytes) -> str:
    """Keeps the bytes and gives their sha256. A damaged blob that stands in their place is replaced."""
    if len(data) > BLOB_BYTES:
        raise ArchiveError("too_large", f"{len(data)} bytes are more than the {BLOB_BYTES} that a blob may hold.")
    sha256 = hashlib.sha256(data).hexdigest()
    if not _stands(storage, sha256):
        storage.write(blob_name(sha256), zstandard.ZstdCompressor(level=9, write_checksum=True).compress(data))
    return sha256


def get_blob(storage: Storage, sha256: str) -> bytes:
    """The bytes, whose hash was checked. Raises ArchiveError: `missing`, `damaged`, `too_large`, `bad_name`,
    `unreadable`."""
    name = blob_name(sha256)
    with storage.open(name) as file:
        try:
            # Of its own accord zstd takes no window above 128 MiB.
            unpacked = zstandard.ZstdDecompressor().stream_reader(file)
            data = unpacked.read(BLOB_BYTES + 1)
        except zstandard.ZstdError as error:
            raise _damaged(storage, name, str(error)) from error
        except OSError as error:
            raise storage.unreadable(name, error) from error
    if len(data) > BLOB_BYTES:
        raise ArchiveError("too_large", f"{storage.path(name)} unpacks to more than {BLOB_BYTES} bytes.")
    if hashlib.sha256(data).hexdigest() != sha256:
        raise _damaged(storage, name, "its bytes have another sha256")
    return data


def blob_size(storage: Storage, sha256: str) -> int:
    """How many bytes a blob unpacks to, as its head says; the rest of it is not read."""
    name = blob_name(sha256)
    with storage.open(name) as file:
        try:
            size = zstandard.get_frame_parameters(file.read(_HEAD_BYTES)).content_size
        except zstandard.ZstdError as error:
            raise _damaged(storage, name, str(error)) from error
        except OSError as error:
            raise storage.unreadable(name, error) from error
    # Other programs may leave the size out; ours does not.
    return len(get_blob(storage, sha256)) if size == zstandard.CONTENTSIZE_UNKNOWN else size


def _stands(storage: Storage, sha256: str) -> bool:
    try:
        get_blob(storage, sha256)
    except ArchiveError as error:
        if error.code in ("missing", "damaged", "too_large"):
            return False
        raise
    return True


def _damaged(storage: Storage, name: str, why: str) -> ArchiveError:
    return ArchiveError("damaged", f"{storage.path(name)} is damaged ({why}).")
