"""Documents that mean harm, or are none: every one small enough to make here."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import cache

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

MIB = 2**20

DOCX_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
DOCX_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(document: bytes, **more: bytes) -> bytes:
    """A package with this main part."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", DOCX_TYPES)
        package.writestr("_rels/.rels", DOCX_RELATIONS)
        package.writestr("word/document.xml", document)
        for name, data in more.items():
            package.writestr(name, data)
    return file.getvalue()


def word(body: str, doctype: str = "") -> bytes:
    return f'<?xml version="1.0"?>{doctype}<w:document {WORD}><w:body>{body}</w:body></w:document>'.encode()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def pdf(pages: int = 1, password: str | None = None) -> bytes:
    file = io.BytesIO()
    lock = StandardEncryption(password, ownerPassword="owner", strength=128) if password else None
    canvas = Canvas(file, encrypt=lock)
    for page in range(pages):
        canvas.drawString(72, 720, f"page {page + 1} of many, with 17 and 23 in it")
        canvas.line(72, 700, 300, 700)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def raw_pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
ONE_PAGE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"


def stream(content: bytes, more: str = "") -> bytes:
    return f"<< /Length {len(content)} {more} >>\nstream\n".encode() + content + b"\nendstream"


def deflated(unit: bytes, times: int) -> bytes:
    """`unit` many times over, compressed, without ever holding it."""
    packer = zlib.compressobj(9)
    block = unit * max(1, MIB // len(unit))
    parts = [packer.compress(block) for _ in range(max(1, len(unit) * times // len(block)))]
    return b"".join(parts) + packer.flush()


def pdf_with(content: bytes, more: str = "/Filter /FlateDecode", resources: str = "", *objects: bytes) -> bytes:
    page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << {resources} >> >>"
    return raw_pdf(CATALOGUE, ONE_PAGE, page.encode(), stream(content, more), *objects)


def image_bomb_pdf() -> bytes:
    side = 60_000
    image = stream(
        deflated(b"\0", 200 * MIB),
        f"/Type /XObject /Subtype /Image /Width {side} /Height {side} /ColorSpace /DeviceRGB /BitsPerComponent 8 "
        "/Filter /FlateDecode",
    )
    return pdf_with(b"q 500 0 0 700 40 40 cm /Bomb Do Q", "", "/XObject << /Bomb 5 0 R >>", image)


@cache
def png_bomb() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    pixels = deflated(b"\0", 300 * MIB)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def zip_bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", DOCX_TYPES)
        package.writestr("_rels/.rels", DOCX_RELATIONS)
        with package.open("word/document.xml", "w", force_zip64=True) as part:
            part.write(f"<w:document {WORD}><w:body>".encode())
            for _ in range(600):
                part.write(b"<w:p/>" * (MIB // 6))
            part.write(b"</w:body></w:document>")
    return file.getvalue()


def many_members() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("[Content_Types].xml", DOCX_TYPES)
        package.writestr("_rels/.rels", DOCX_RELATIONS)
        package.writestr("word/document.xml", word(paragraph("17")))
        for number in range(40_000):
            package.writestr(f"word/media/{number}", b"")
    return file.getvalue()


def locked_package() -> bytes:
    """An office file under a password: a compound file whose one stream is the encrypted package."""
    end, free, sectors = 0xFFFFFFFE, 0xFFFFFFFF, 8

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16-le") + b"\0\0"
        links = struct.pack("<HBBIII", len(text), kind, 1, free, free, child)
        return text.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)

    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *[free] * 108)
    chain = [0xFFFFFFFD, end, *range(3, 2 + sectors), end]
    table = struct.pack("<128I", *chain, *[free] * (128 - len(chain)))
    folder = entry("Root Entry", 5, 1, end, 0) + entry("EncryptedPackage", 2, free, 2, 512 * sectors)
    return header + table + folder.ljust(512, b"\0") + noise(512 * sectors)


LAUGHS = "<!DOCTYPE d [<!ENTITY a0 'ha'>{}]>".format(
    "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
)
QUADRATIC = f"<!DOCTYPE d [<!ENTITY a '{'x' * 100_000}'>]>"
OUTSIDE = "<!DOCTYPE d [<!ENTITY a SYSTEM 'file:///etc/hostname'><!ENTITY % b SYSTEM 'http://127.0.0.1:9/x.dtd'>%b;]>"

ACTIVE_HTML = """<!doctype html><html><head><title>x</title><base href="file:///etc/">
<script src="http://127.0.0.1:9/x.js"></script><script>while(true){}</script>
<link rel=stylesheet href="file:///etc/hostname"><meta http-equiv=refresh content="0;url=file:///etc/passwd">
<style>@import url("http://127.0.0.1:9/y.css")</style></head>
<body onload="alert(1)"><img src="file:///etc/passwd"><iframe src="http://127.0.0.1:9/"></iframe>
<object data="file:///etc/passwd"></object><p>17 and 23</p></body></html>"""

ACTIVE_PDF = raw_pdf(
    b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /Launch /F (/bin/sh) >> /AA << /WC << /S /URI "
    b"/URI (http://127.0.0.1:9/) >> >> >>",
    ONE_PAGE,
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Annots [<< /Type /Annot /Subtype /Link "
    b"/Rect [0 0 9 9] /A << /S /GoToR /F (file:///etc/passwd) >> >>] >>",
    stream(b"BT ET", "/F (/etc/passwd) /FFilter /FlateDecode"),
)


def noise(size: int) -> bytes:
    return random.Random(20231).randbytes(size)


MAKERS: dict[str, Callable[[], bytes]] = {
    "empty.html": lambda: b"",
    "white.txt": lambda: b" \r\n\t" * 1000,
    "zeros.bin": lambda: bytes(5 * MIB),
    "truncated.pdf": lambda: pdf(9)[:4000],
    "header_only.pdf": lambda: b"%PDF-1.7\n",
    "truncated.docx": lambda: docx(word(paragraph("17") * 999))[:-300],
    "pdf_named.html": lambda: pdf(2),
    "docx_named.pdf": lambda: docx(word(paragraph("23"))),
    "html_named.docx": lambda: b"<html><body><table><tr><td>17<td>23</table></body></html>",
    "password.pdf": lambda: pdf(2, password="secret"),
    "password.docx": locked_package,
    "noise.bin": lambda: noise(3 * MIB),
    "noise.pdf": lambda: b"%PDF-1.4\n" + noise(MIB),
    "noise.docx": lambda: b"PK\x03\x04" + noise(MIB),
    "noise.html": lambda: b"<html><body>" + noise(MIB),
    "junk_tags.html": lambda: b"<html><body>" + b"<p><b>17<i></p>" * (30 * MIB // 15),
    "junk_open.html": lambda: b"<html><body>" + b"<" * (30 * MIB),
    "junk_text.html": lambda: b"<html><body>" + b"17 23 " * (5 * MIB),
    "junk_cells.html": lambda: b"<html><table>" + b"<tr><td>17<td>23" * (2 * MIB),
    "junk_attributes.html": lambda: b"<html><p " + b"a17=23 " * (4 * MIB) + b">",
    "junk_entities.html": lambda: b"<html><p>" + b"&amp;&#23;&notanentity;" * MIB,
    "junk_lines.txt": lambda: b"17\n" * (10 * MIB),
    "junk_one_line.txt": lambda: b"17" * (15 * MIB),
    "junk_tabs.txt": lambda: b"17\t" * (10 * MIB),
    "junk_pipes.txt": lambda: b"|17" * (10 * MIB),
    "junk_ideographs.txt": lambda: "一、总体情况本年".encode() * MIB,
    "nested_tags.html": lambda: b"<html><body>" + b"<div>" * 20_000 + b"17" + b"</div>" * 20_000,
    "nested_spans.html": lambda: b"<p>" + b"<font>" * 20_000 + b"17",
    "nested_tables.html": lambda: b"<html><body>" + b"<table><tr><td>" * 20_000 + b"17",
    "huge_spans.html": lambda: b"<table>" + b"<tr><td colspan=999999999 rowspan=999999999>17<td>23" * 500 + b"</table>",
    "many_pages.pdf": lambda: pdf(2000),
    "zip_bomb.docx": zip_bomb,
    "many_members.docx": many_members,
    "entities.docx": lambda: docx(word(paragraph("&a11;"), LAUGHS)),
    "quadratic.docx": lambda: docx(word(paragraph("&a;" * 50_000), QUADRATIC)),
    "outside.docx": lambda: docx(word(paragraph("&a;"), OUTSIDE)),
    "entities.html": lambda: f"{LAUGHS}<html><body><p>&a11;</p></body></html>".encode(),
    "nested.docx": lambda: docx(word("<w:sdt><w:sdtContent>" * 20_000 + "</w:sdtContent></w:sdt>" * 20_000)),
    "nested_tables.docx": lambda: docx(word("<w:tbl><w:tr><w:tc>" * 20_000 + "</w:tc></w:tr></w:tbl>" * 20_000)),
    "image_bomb.pdf": image_bomb_pdf,
    "image_bomb.docx": lambda: docx(word(paragraph("17")), **{"word/media/image1.png": png_bomb()}),
    "image_bomb.png": png_bomb,
    "stream_bomb.pdf": lambda: pdf_with(deflated(b"0 0 m 9 9 l S\n", 70 * MIB)),
    "text_bomb.pdf": lambda: pdf_with(
        deflated(b"BT /F 9 Tf 17 23 Td (17171717) Tj ET\n", 5 * MIB),
        "/Filter /FlateDecode",
        "/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>",
    ),
    "filters_bomb.pdf": lambda: pdf_with(
        zlib.compress(zlib.compress(deflated(b"0 0 m 9 9 l S\n", 70 * MIB))),
        "/Filter [/FlateDecode /FlateDecode /FlateDecode]",
    ),
    "page_circle.pdf": lambda: raw_pdf(CATALOGUE, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 99999999 >>"),
    "nested_arrays.pdf": lambda: raw_pdf(CATALOGUE, ONE_PAGE, b"[" * 200_000 + b"]" * 200_000),
    "forms_circle.pdf": lambda: pdf_with(
        b"/A Do /A Do",
        "",
        "/XObject << /A 5 0 R >>",
        stream(
            b"/A Do /A Do", "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /A 5 0 R >> >>"
        ),
    ),
    "huge_page.pdf": lambda: raw_pdf(
        CATALOGUE, ONE_PAGE, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1e30 -1e30] /Rotate 45 /UserUnit 1e9 >>"
    ),
    "active.html": lambda: ACTIVE_HTML.encode(),
    "active.pdf": lambda: ACTIVE_PDF,
    "quo'te\"s and\nline breaks.html": lambda: b"<html><body><p>17</p></body></html>",
    "\udcff\udcfe.html": lambda: b"<html><body><p>23</p></body></html>",
}
"""By file name: what makes it. None of them is a report."""
