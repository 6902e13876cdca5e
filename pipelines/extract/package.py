"""Zip packages (DOCX and the like), bounded before anything of them is unpacked or parsed."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from lxml import etree

from pipelines.extract.limits import XML_BYTES, XML_TAGS, ZIP_MEMBERS, ZIP_RATIO, ZIP_TOTAL_BYTES, Unreadable

_SMALL = 1024 * 1024
_ENCRYPTED_FLAG = 0x1
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
)
"""What zipfile lets out of a broken member."""


class Package:
    """An opened package, for documents of many members. Raises Unreadable: `damaged`, `encrypted`, or `too_large` for
    a package that unpacks to more than it may."""

    def __init__(self, data: bytes) -> None:
        self._archive = _opened(data)
        self._members = _members(self._archive)

    @property
    def names(self) -> frozenset[str]:
        """Of its members, those that would leave it (`../x`, `/x`) left out."""
        return frozenset(self._members)

    def read(self, name: str, limit: int = XML_BYTES) -> bytes | None:
        """One member's bytes, None where the package has none. Raises Unreadable: `damaged`, `too_large`."""
        info = self._members.get(name)
        if info is None:
            return None
        try:
            with self._archive.open(info) as member:
                content = member.read(limit + 1)
        except _BROKEN as error:
            message = f"The package cannot be unpacked ({error}); fetch it anew."
            raise Unreadable("damaged", message, name) from error
        if len(content) > limit:
            raise Unreadable("too_large", f"A part of the package is larger than {limit} bytes.", name)
        return content


def member_names(data: bytes) -> frozenset[str]:
    """Names of the members of a package, as `Package.names`. Raises Unreadable as `Package` does."""
    return Package(data).names


def read_member(data: bytes, name: str, limit: int = XML_BYTES) -> bytes | None:
    """One member's bytes, None where the package has none. Raises Unreadable as `Package` does."""
    return Package(data).read(name, limit)


def parse_xml(content: bytes, name: str) -> etree._Element:
    """The root of a member's XML, parsed without entities, document types or network.

    Raises Unreadable `damaged`, `too_large`, or `too_deep` beyond 256 nested elements.
    """
    if content.count(b"<") > XML_TAGS:
        raise Unreadable("too_large", f"A part of the package has more than {XML_TAGS} tags.", name)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        code = "too_deep" if "depth" in str(error) else "damaged"
        raise Unreadable(code, f"A part of the package is no sound XML ({error.msg}).", name) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable(
            "damaged", "A part of the package declares a document type; no office program writes one.", name
        )
    return root


def _opened(data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable("damaged", f"The package is cut short or broken ({error}); fetch it anew.") from error


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    infos = archive.infolist()
    if len(infos) > ZIP_MEMBERS:
        raise Unreadable("too_large", f"The package has more than {ZIP_MEMBERS} members.")
    if sum(info.file_size for info in infos) > ZIP_TOTAL_BYTES:
        raise Unreadable("too_large", f"The package unpacks to more than {ZIP_TOTAL_BYTES} bytes.")
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = info.filename.replace("\\", "/")
        if info.file_size > _SMALL and info.file_size > ZIP_RATIO * max(info.compress_size, 1):
            raise Unreadable("too_large", "The package is packed tighter than any document.", name)
        if info.flag_bits & _ENCRYPTED_FLAG:
            raise Unreadable("encrypted", "The package asks for a password; get one without.", name)
        if not name.startswith("/") and ".." not in name.split("/"):
            members.setdefault(name, info)
    return members
