"""Bytes -> Document, by what the bytes are; every format is a module of its own. No word of Chinese."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from pipelines.extract.limits import DOCUMENT_BYTES, Unreadable
from pipelines.model import Document

__all__ = ["Unreadable", "extract"]

_BINARY_READERS: dict[str, str] = {
    "pdf": "pipelines.extract.pdf:read_pdf",
    "docx": "pipelines.extract.docx:read_docx",
    "ofd": "pipelines.extract.ofd:read_ofd",
    "xlsx": "pipelines.extract.xlsx:read_xlsx",
    "xls": "pipelines.extract.xls:read_xls",
    "doc": "pipelines.extract.office:read_doc",
    "rtf": "pipelines.extract.office:read_rtf",
    "ole2": "pipelines.extract.office:refuse_unknown",
    "odf": "pipelines.extract.ods:read_opendocument",
    "zip": "pipelines.extract.bundle:read_bundle",
    **dict.fromkeys(("png", "jpeg", "tiff", "bmp"), "pipelines.extract.image:read_image"),
}
"""Readers of bytes: format -> module:function, imported when first needed."""

_TEXT_READERS: dict[str, str] = {
    "html": "pipelines.extract.html:read_html",
    "html_lines": "pipelines.extract.html:read_html_lines",
    "text": "pipelines.extract.text:read_text",
    "csv": "pipelines.extract.csv_text:read_csv",
    "mhtml": "pipelines.extract.mhtml:read_mhtml",
    "office_xml": "pipelines.extract.excel_xml:read_office_xml",
}
"""Readers of decoded text."""


def extract(data: bytes, name: str = "") -> Document:
    """The document in `data`. `name` only helps messages; the format is found in the content.

    Raises Unreadable with a coded issue: `empty`, `too_large`, `too_deep`, `encrypted`, `damaged`, `unknown_format`,
    `unsupported_format`, or what a format's reader adds.
    """
    from pipelines.extract import sniffing

    if not data.strip(b" \t\r\n\f\v\0"):
        raise Unreadable("empty", "The file holds nothing; fetch it anew.", name)
    if len(data) > DOCUMENT_BYTES:
        raise Unreadable("too_large", f"The file is larger than {DOCUMENT_BYTES} bytes.", name)
    members: frozenset[str] = frozenset()
    if sniffing.is_zip(data):
        from pipelines.extract.package import member_names

        members = member_names(data)
    kind = sniffing.format_of_bytes(data, members)
    if kind == "encrypted":
        raise Unreadable("encrypted", "The file asks for a password; get one without.", name)
    if kind is not None:
        return _reader(_BINARY_READERS, kind, name)(data)
    from pipelines.extract.encoding import decode

    decoded = decode(data)
    return _reader(_TEXT_READERS, sniffing.format_of_text(decoded.text), name)(decoded)


def _reader(table: dict[str, str], kind: str, name: str) -> Callable[..., Document]:
    if kind not in table:
        message = f"Files of the format {kind} are not read yet; find the report in another one."
        raise Unreadable("unsupported_format", message, name)
    module, _, function = table[kind].partition(":")
    reader: Callable[..., Document] = getattr(import_module(module), function)
    return reader
