"""Formats are found in the bytes, never in the name; what cannot be read says why."""

from __future__ import annotations

import io
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pipelines.extract import Unreadable, extract
from pipelines.model import Grid

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


def code(data: bytes, name: str = "report") -> str:
    with pytest.raises(Unreadable) as refusal:
        extract(data, name)
    assert refusal.value.issue.message
    return refusal.value.issue.code


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\0" * 5000, b"\xef\xbb\xbf"])
def test_empty(data: bytes) -> None:
    assert code(data) == "empty"


@pytest.mark.parametrize(
    ("data", "format_"),
    [
        (zipped("ppt/presentation.xml"), "pptx"),
        (b"Rar!\x1a\x07\0" + b"x" * 50, "rar"),
    ],
)
def test_known_formats_that_are_not_read_are_named(data: bytes, format_: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        extract(data, "report.pdf")
    assert refusal.value.issue.code == "unsupported_format"
    assert f" {format_} " in refusal.value.issue.message
    assert refusal.value.issue.where == "report.pdf"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (OLE2 + "EncryptedPackage\0".encode("utf-16-le"), "encrypted"),
        (OLE2 + "WordDocument\0".encode("utf-16-le"), "damaged"),
        (OLE2 + "Workbook\0".encode("utf-16-le"), "damaged"),
        (OLE2, "damaged"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "empty"),
        (zipped(), "empty"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n\nx", "damaged"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "empty"),
    ],
)
def test_office_files_without_a_document(data: bytes, expected: str) -> None:
    assert code(data) == expected


def test_noise() -> None:
    assert code(random.Random(7).randbytes(5_000)) == "unknown_format"
    assert code(b"PK\x03\x04" + random.Random(8).randbytes(5_000)) == "damaged"


def test_too_large() -> None:
    assert code(b"x" * (64 * 1024 * 1024 + 1)) == "too_large"


@pytest.mark.parametrize(
    "source",
    [
        "<!DOCTYPE html><p>x<table><tr><td>a<td>11</table>",
        "\ufeff\n <!-- c --><HTML><body>x<table><tr><td>a<td>11</table>",
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><table><tr><td>a</td><td>11</td></tr></table></html>',
        "<div><p>x</p><p>y</p></div><table><tr><td>a</td><td>11</td></tr></table>",
        "<table><tr><td>a<td>11</table>",
    ],
)
@pytest.mark.parametrize("name", ["r.doc", "r.txt", "r.html", "r"])
def test_html_under_any_name(source: str, name: str) -> None:
    document = extract(source.encode(), name)
    assert document.format == "html"
    (grid,) = [block for block in document.blocks if isinstance(block, Grid)]
    assert [cell.text for cell in grid.cells] == ["a", "11"]


def test_markdown_with_html_tables_keeps_its_lines() -> None:
    document = extract(b"# title\n\nline one\nline two\n\n<table><tr><td>a</td><td>12</td></tr></table>\n\nlast\n")
    shown = [block.text if not isinstance(block, Grid) else [c.text for c in block.cells] for block in document.blocks]
    assert shown == ["# title", "line one", "line two", ["a", "12"], "last"]


@pytest.mark.parametrize(
    "text",
    [
        "a < b and c > d",
        "| a<br>b | 13 |",
        "x <p and y",
        "rest</span> of a page\nand more\n" * 5,
        "<2023 report>\nline",
    ],
)
def test_text_with_angle_brackets_is_text(text: str) -> None:
    assert extract(text.encode()).format == "text"


def test_importing_is_light() -> None:
    script = (
        "import sys, pipelines.extract; "
        "heavy = {'lxml', 'selectolax', 'pypdfium2', 'pdfplumber', 'docx', 'numpy'} & set(sys.modules); "
        "sys.exit(repr(heavy) if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the made reports are not here")
@pytest.mark.parametrize(
    "path", sorted(p for p in SHARED.glob("made/*") if p.suffix in (".html", ".htm", ".docx")), ids=lambda p: p.name
)
def test_made_reports_keep_their_great_table(path: Path) -> None:
    document = extract(path.read_bytes(), path.name)
    assert document.format == ("docx" if path.suffix == ".docx" else "html")
    largest = max((block for block in document.blocks if isinstance(block, Grid)), key=lambda grid: grid.row_count)
    assert (largest.row_count, largest.column_count) in {(28, 10), (26, 10), (66, 3)}
