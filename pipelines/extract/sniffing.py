"""Which file format bytes are, by what they hold; a file's name is never asked."""

from __future__ import annotations

import re

from pipelines.extract.csv_text import looks_like_csv

PDF = b"%PDF-"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "rtf"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n", "png"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PAR1", "parquet"),
)
_ZIP_MEMBERS: tuple[tuple[str, str], ...] = (
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
    ("ppt/presentation.xml", "pptx"),
    ("OFD.xml", "ofd"),
    ("content.xml", "odf"),
)
_OLE2_STREAMS: tuple[tuple[str, str], ...] = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
)
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|frameset)[\s>/]", re.IGNORECASE)
_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)
_CELL = re.compile(r"<t[dh][\s>]", re.IGNORECASE)
_CLOSED_BLOCK = re.compile(r"</(?:p|div|td|tr|table|li|ul|h[1-6]|section|article|center)\s*>", re.IGNORECASE)
_WORD_XML = re.compile(r"<\?mso-application\s+progid=|<(?:w:wordDocument|Workbook|pkg:package)[\s>]")
_HEAD_CHARACTERS = 64 * 1024


def format_of_bytes(data: bytes, zip_members: frozenset[str] = frozenset()) -> str | None:
    """A format's name (`pdf`, `docx`, `encrypted` ...) by magic bytes; None for what may be text."""
    head = data[:1024]
    if PDF in head and b"<" not in head[: head.index(PDF)]:
        return "pdf"
    if data.startswith(_ZIP):
        return next((name for member, name in _ZIP_MEMBERS if member in zip_members), "zip")
    if data.startswith(_OLE2):
        return next((name for stream, name in _OLE2_STREAMS if f"{stream}\0".encode("utf-16-le") in data), "ole2")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data.startswith(b"BM") and (len(data) < 18 or data[14:18] not in (b"\x28\0\0\0", b"\x0c\0\0\0", b"\x7c\0\0\0")):
        return None
    return next((name for magic, name in _SIGNATURES if data.startswith(magic)), None)


def is_zip(data: bytes) -> bool:
    return data.startswith(_ZIP)


def format_of_text(text: str) -> str:
    """`html`, `html_lines` (lines of text with HTML tables between them), `mhtml`, `office_xml`, `csv` or `text`."""
    head = text[:_HEAD_CHARACTERS]
    start = head.lstrip()[:512]
    if start[:13].lower() == "mime-version:" or (start[:5].lower() == "from:" and "multipart/related" in head):
        return "mhtml"
    if start.startswith("<?xml") and _WORD_XML.search(head):
        return "office_xml"
    if _PAGE.search(head):
        return "html"
    blocks = len(_CLOSED_BLOCK.findall(head))
    lines = sum(1 for line in head.splitlines() if line.strip())
    if blocks >= 3 and (start.startswith("<") or blocks * 3 > lines):
        return "html" if not _TABLE.search(head) or start.startswith("<") else "html_lines"
    if (table := _TABLE.search(text)) and _CELL.search(text, table.end()):
        return "html_lines"
    return "csv" if looks_like_csv(text) else "text"
