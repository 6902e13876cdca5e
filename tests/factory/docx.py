"""Reports as DOCX, written as XML by hand: the same bytes every time, and every oddity of Word's at hand."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape

from tests.factory.report import Report
from tests.factory.sheets import Sheet
from tests.factory.written import Written

_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)

Runs = Callable[[str, bool, random.Random], str]
"""Text of a paragraph as runs; the flag says that it is a number of a table."""


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""


def whole_runs(text: str, number: bool, draw: random.Random) -> str:
    return _run(text)


def letter_runs(text: str, number: bool, draw: random.Random) -> str:
    """A run a letter, bookmarks and spelling marks between."""
    return '<w:proofErr w:type="spellStart"/>'.join(_run(c) for c in text)


def tracked_runs(text: str, number: bool, draw: random.Random) -> str:
    """Changes that were tracked: what was struck out still stands in the file, what was put in counts."""
    if not number or draw.random() < 0.6:
        return _run(text)
    gone = f'<w:del w:id="7" w:author="a"><w:r><w:delText>{draw.randint(11, 98)}</w:delText></w:r></w:del>'
    return f'{gone}<w:ins w:id="8" w:author="a">{_run(text)}</w:ins>'


def control_runs(text: str, number: bool, draw: random.Random) -> str:
    """Numbers typed into content controls."""
    if not number:
        return _run(text)
    return f"<w:sdt><w:sdtPr/><w:sdtContent>{_run(text)}</w:sdtContent></w:sdt>"


def _paragraph(inner: str) -> str:
    return f"<w:p>{inner}</w:p>"


def _cell(properties: str, inner: str) -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def table(sheet: Sheet, runs: Runs, draw: random.Random) -> str:
    """A table with gridSpan and vMerge."""
    begins = {(b.row, b.column): b for b in sheet.boxes}
    covered = {(b.row + i, b.column): b for b in sheet.boxes for i in range(1, b.row_span)}
    rows = []
    for row in range(sheet.row_count):
        cells, column = [], 0
        while column < sheet.column_count:
            box = begins.get((row, column)) or covered.get((row, column))
            if box is None:
                cells.append(_cell("", _paragraph("")))
                column += 1
                continue
            span = f'<w:gridSpan w:val="{box.column_span}"/>' if box.column_span > 1 else ""
            if box.row < row:
                cells.append(_cell(span + "<w:vMerge/>", _paragraph("")))
            else:
                merge = '<w:vMerge w:val="restart"/>' if box.row_span > 1 else ""
                cells.append(_cell(span + merge, _paragraph(runs(box.text, box.key is not None, draw))))
            column += box.column_span
        rows.append(f"<w:tr>{''.join(cells)}</w:tr>")
    grid = '<w:gridCol w:w="900"/>' * sheet.column_count
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _nest(inner: str) -> str:
    """A table of one cell around another table."""
    grid = '<w:tblGrid><w:gridCol w:w="9000"/></w:tblGrid>'
    return f"<w:tbl><w:tblPr/>{grid}<w:tr>{_cell('', inner + _paragraph(''))}</w:tr></w:tbl>"


_RUNS: dict[str, Runs] = {
    "docx": whole_runs,
    "docx_runs": letter_runs,
    "docx_tracked": tracked_runs,
    "docx_controls": control_runs,
    "docx_nested": whole_runs,
}
LAYOUTS = tuple(_RUNS)


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP archive that is the same every time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def write_docx(report: Report, draw: random.Random, layout: str) -> Written:
    """The report as a DOCX in the named layout."""
    runs = _RUNS[layout]
    split = layout in ("docx_runs", "docx_controls")
    pieces = []
    for _, content in report.parts(split_disclosure=split):
        if isinstance(content, Sheet):
            inner = table(content, runs, draw)
            pieces.append((_nest(inner) if layout == "docx_nested" else inner) + _paragraph(""))
        else:
            pieces.append(_paragraph(runs(content, False, draw)))
    if layout == "docx_controls":
        pieces[0] = f"<w:sdt><w:sdtContent>{pieces[0]}</w:sdtContent></w:sdt>"
    body = "".join(pieces)
    document = f"{_HEAD}<w:document {_NAMESPACE}><w:body>{body}</w:body></w:document>"
    return Written(packed({"[Content_Types].xml": _TYPES, "_rels/.rels": _RELATIONS, "word/document.xml": document}))
