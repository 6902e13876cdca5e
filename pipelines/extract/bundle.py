"""ZIP with several files -> one Document.

A page and its attachments are one report: the narrative in one member, its tables in another. So a bundle gives the
blocks of its members one after the other, in the order of their names (numbers by their value), with the metadata of
the first that has it; where members are reports of their own, their titles part them again when they are read. Members
that cannot be read are issues, and archives within the archive are not opened.
"""

from __future__ import annotations

import posixpath
import re

from pipelines.extract import extract, sniffing
from pipelines.extract.joining import joined
from pipelines.extract.limits import DOCUMENT_BYTES, Unreadable
from pipelines.extract.package import Package, member_names
from pipelines.model import Document, Issue

FORMAT = "zip"

MEMBERS = 40
"""Files that one report may be made of; more are a collection, which is to be unpacked."""

_ARCHIVES = frozenset(("zip", "rar", "7z", "gzip", "zstd"))
_DEBRIS = re.compile(r"(?:^|/)(?:__MACOSX/|\.|Thumbs\.db$|desktop\.ini$|~\$)", re.IGNORECASE)
_DIGITS = re.compile(r"([0-9]+)")


def read_bundle(data: bytes) -> Document:
    """Raises Unreadable: `too_large`, `encrypted`, `damaged`; `empty` without members; what the only member, or the
    first of all, is refused for where none can be read."""
    package = Package(data)
    names = sorted((name for name in package.names if not name.endswith("/")), key=_in_order)
    names = [name for name in names if not _DEBRIS.search(name)]
    if len(names) > MEMBERS:
        raise Unreadable("too_large", f"The archive holds {len(names)} files; unpack it and read them one by one.")
    parts: list[tuple[str, Document]] = []
    issues: list[Issue] = []
    for name in names:
        try:
            parts.append((_shown(name), _member(package, name)))
        except Unreadable as error:
            where = _shown(name) + (f": {error.issue.where}" if error.issue.where else "")
            issues.append(Issue(error.issue.code, error.issue.message, where))
    if not parts:
        first = issues[0] if issues else Issue("empty", "The archive holds no files; fetch it anew.")
        raise Unreadable(first.code, first.message, first.where)
    document = joined(FORMAT, parts)
    return Document(FORMAT, document.blocks, document.metadata, (*issues, *document.issues), document.page_count)


def _member(package: Package, name: str) -> Document:
    content = package.read(name, DOCUMENT_BYTES) or b""
    inner = member_names(content) if sniffing.is_zip(content) else frozenset()
    if sniffing.format_of_bytes(content, inner) in _ARCHIVES:
        raise Unreadable("nested_archive", "An archive within the archive is not opened; unpack it.")
    return extract(content)


def _shown(name: str) -> str:
    """The member's name as its writer saw it: zip programs write names in the encoding of their system unmarked."""
    try:
        return name.encode("cp437").decode("gb18030")
    except UnicodeError:
        return name


def _in_order(name: str) -> tuple[str, list[tuple[int, str]]]:
    folder, base = posixpath.split(_shown(name))
    pieces = _DIGITS.split(base)
    return folder, [(int(piece[:18]), "") if place % 2 else (0, piece) for place, piece in enumerate(pieces)]
