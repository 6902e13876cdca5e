"""Word processors' older formats (DOC, WPS, RTF, ODT, Word XML) -> Document, through LibreOffice where there is one."""

from __future__ import annotations

import io
import struct
from dataclasses import replace

import olefile  # type: ignore[import-untyped]

from pipelines.extract.converter import converted
from pipelines.extract.docx import read_docx
from pipelines.extract.limits import Unreadable
from pipelines.model import Document

_ENCRYPTED = 0x0100
_BEFORE_97 = 0x00C1
_BROKEN = (OSError, struct.error, ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What olefile lets out of a broken file."""


def read_doc(data: bytes) -> Document:
    """DOC, and WPS of the same kind. Raises Unreadable: `converter_missing`, `converter_timeout`, `encrypted`,
    `damaged`, or what `read_docx` does."""
    return _read(data, "doc", _word_filter(data))


def read_rtf(data: bytes) -> Document:
    """Raises Unreadable as `read_doc` does."""
    return _read(data, "rtf", "Rich Text Format")


def read_odt(data: bytes) -> Document:
    """Raises Unreadable as `read_doc` does."""
    return _read(data, "odt", "writer8")


def read_word_xml(data: bytes) -> Document:
    """Word's XML of 2003. Raises Unreadable as `read_doc` does."""
    return _read(data, "xml", "MS Word 2003 XML")


def refuse_unknown(data: bytes) -> Document:
    """An OLE file that says of no format. Raises Unreadable: `damaged` where its directory is cut off, else
    `unsupported_format`."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as package:
            streams = ", ".join("/".join(entry) for entry in package.listdir()[:3])
    except _BROKEN as error:
        raise _damaged(error) from error
    raise Unreadable("unsupported_format", f"No report is kept in a file of this kind ({streams:.80}).")


def _read(data: bytes, suffix: str, filter_name: str) -> Document:
    return replace(read_docx(converted(data, suffix, filter_name)), format=suffix)


def _word_filter(data: bytes) -> str:
    """The filter for a DOC, by the version that its header states. Raises Unreadable `encrypted`, `damaged`."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as package:
            header = package.openstream("WordDocument").read(12)
        _, version, _, _, _, flags = struct.unpack("<6H", header)
    except _BROKEN as error:
        raise _damaged(error) from error
    if flags & _ENCRYPTED:
        raise Unreadable("encrypted", "The document asks for a password; get one without.")
    return "MS Word 97" if version >= _BEFORE_97 else "MS WinWord 6.0"


def _damaged(error: Exception) -> Unreadable:
    return Unreadable("damaged", f"The document is cut short or broken ({error!s:.80}); fetch it anew.")
