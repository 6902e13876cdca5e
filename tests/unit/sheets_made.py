"""Workbooks as the tests need them, and what is read from them."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
import xlsxwriter
import xlwt

from pipelines.extract import Unreadable, extract
from pipelines.model import Document, Grid, Paragraph

SHEET = "xl/worksheets/sheet1.xml"


def book(write: Any) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as target:
        write(target)
    return buffer.getvalue()


def shown(document: Document) -> list[Any]:
    """Texts of paragraphs, and of grids the rows of texts."""
    found: list[Any] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            found.append(block.text)
        else:
            rows: list[list[str]] = [[] for _ in range(block.row_count)]
            for cell in block.cells:
                rows[cell.row].append(cell.text)
            found.append(rows)
    return found


def grids(document: Document) -> list[Grid]:
    return [block for block in document.blocks if isinstance(block, Grid)]


def codes(document: Document) -> set[str]:
    return {issue.code for issue in document.issues}


def refusal(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        extract(data)
    return caught.value.issue.code


def table(sheet: Any, row: int, rows: list[list[Any]], shape: Any = None) -> None:
    for number, texts in enumerate(rows):
        for column, text in enumerate(texts):
            sheet.write(row + number, column, text, shape)


def replaced(data: bytes, member: str, old: bytes, new: bytes) -> bytes:
    """The package with one member's bytes changed; fails where there is nothing to change."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == member:
                assert old in content
                content = content.replace(old, new)
            target.writestr(name, content)
    return buffer.getvalue()


def small_book() -> bytes:
    return book(lambda target: table(target.add_worksheet(), 0, [["kind", "made"], ["rules", 71], ["fines", 72]]))


def xls_book() -> bytes:
    target = xlwt.Workbook()
    sheet = target.add_sheet("one")
    for row in range(20):
        for column in range(6):
            sheet.write(row, column, row * 10 + column if column else f"label {row}")
    sheet.write_merge(21, 22, 0, 3, "merged")
    buffer = io.BytesIO()
    target.save(buffer)
    return buffer.getvalue()


def ods(body: str, styles: str = "") -> bytes:
    names = " ".join(
        f'xmlns:{key}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for key, name in {"office": "office", "table": "table", "text": "text", "style": "style"}.items()
    )
    names += ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    content = (
        f"<office:document-content {names}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return buffer.getvalue()


def ods_cell(text: str, value: str | None = None, more: str = "") -> str:
    kind = f'office:value-type="float" office:value="{value}"' if value else 'office:value-type="string"'
    return f"<table:table-cell {kind} {more}><text:p>{text}</text:p></table:table-cell>"
