"""Documents of several parts: a page and its attachments are one report.

What is kept is the parts, and a recipe: `documents/ab/<sha256>.json`. The document itself is the stored ZIP that the
recipe makes, the same bytes on any machine; its sha256 names it. Members are called by their place in the recipe and
their kind (`01.html`, `02.xls`), so that the page stands first, and so that an attachment's address, which some sites
change with every visit, makes no new document.
"""

from __future__ import annotations

import functools
import hashlib
import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.archive.blobs import BLOB_BYTES, get_blob, is_sha256
from pipelines.archive.fetch import Part
from pipelines.archive.storage import ArchiveError, Storage

if TYPE_CHECKING:
    from pydantic import TypeAdapter

FOLDER = "documents"
SUFFIX = ".json"
RECIPE_BYTES = 2**20
MOST_PARTS = 40

_KIND = re.compile(r"\.[a-z0-9]{1,5}")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX, _FILE_MODE = 3, 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Recipe:
    """The parts of a document, in the order in which they are read, and the document's size in bytes."""

    size: int
    parts: tuple[Part, ...]


def recipe_name(sha256: str) -> str:
    """Where a recipe lies. Raises ArchiveError `bad_name` for what is no sha256."""
    if not is_sha256(sha256):
        raise ArchiveError("bad_name", f"{sha256!r} is no sha256.")
    return f"{FOLDER}/{sha256[:2]}/{sha256}{SUFFIX}"


def put_document(storage: Storage, parts: Sequence[Part]) -> str:
    """The sha256 of the document that the parts make, whose blobs are kept already; of one part, its own.

    Raises ArchiveError: `missing`, `damaged` where a part is so; `too_large` for more than a document may have.
    """
    if not parts:
        raise ValueError("a document has at least one part")
    if len(parts) > MOST_PARTS:
        raise ArchiveError("too_large", f"A document has at most {MOST_PARTS} parts, not {len(parts)}.")
    if len(parts) == 1:
        get_blob(storage, parts[0].sha256)
        return parts[0].sha256
    data = zipped(parts, functools.partial(get_blob, storage))
    sha256 = hashlib.sha256(data).hexdigest()
    name = recipe_name(sha256)
    if not storage.exists(name):
        storage.write(name, _recipes().dump_json(Recipe(len(data), tuple(parts)), indent=1))
    return sha256


def get_document(storage: Storage, sha256: str) -> bytes:
    """The document that a recipe makes. Raises ArchiveError: `missing`, `damaged`, `too_large`."""
    data = zipped(get_recipe(storage, sha256).parts, functools.partial(get_blob, storage))
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ArchiveError("damaged", f"{storage.path(recipe_name(sha256))} makes other bytes than its name says.")
    return data


def get_recipe(storage: Storage, sha256: str) -> Recipe:
    """Raises ArchiveError: `missing`, `damaged`, `too_large`."""
    name = recipe_name(sha256)
    try:
        return _recipes().validate_json(storage.read(name, RECIPE_BYTES))
    except ValueError as error:
        raise ArchiveError("damaged", f"{storage.path(name)} is damaged: it is no recipe of a document.") from error


def zipped(parts: Sequence[Part], get: Callable[[str], bytes]) -> bytes:
    """The parts as a stored ZIP: the same parts give the same bytes, always. `get` gives a part's bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as target:
        for number, part in enumerate(parts, 1):
            member = zipfile.ZipInfo(f"{number:02d}{_kind(part.name)}", _EPOCH)
            member.create_system, member.external_attr = _UNIX, _FILE_MODE
            target.writestr(member, get(part.sha256))
            if buffer.tell() > BLOB_BYTES:
                raise ArchiveError("too_large", f"The parts are more than the {BLOB_BYTES} bytes of a document.")
    return buffer.getvalue()


def _kind(name: str) -> str:
    """The end of a file's name that tells its kind, or nothing."""
    suffix = posixpath.splitext(name)[1].lower()
    return suffix if _KIND.fullmatch(suffix) else ""


@functools.cache
def _recipes() -> TypeAdapter[Recipe]:
    from pydantic import TypeAdapter

    return TypeAdapter(Recipe)
