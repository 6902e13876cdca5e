"""Files to be damaged of the formats that the factory does not write: separated values, OpenDocument, Excel's XML,
MHTML; each with a report's tables."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Callable

from tests.factory import layouts
from tests.factory.report import Report
from tests.unit.sheets_made import ods, ods_cell


def _rows(report: Report) -> list[list[str]]:
    """The report's words and tables, a line a row; what a merged cell covers is empty."""
    rows: list[list[str]] = []
    for kind, content in report.parts():
        if isinstance(content, str):
            rows.append([content])
            continue
        assert kind == "sheet"
        table = [[""] * content.column_count for _ in range(content.row_count)]
        for box in content.boxes:
            table[box.row][box.column] = box.text
        rows += table
    return rows


def _csv(report: Report) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(_rows(report))
    return buffer.getvalue().encode()


def _ods(report: Report) -> bytes:
    rows = (f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in _rows(report))
    return ods(f"<table:table>{''.join(rows)}</table:table>")


def _excel_xml(report: Report) -> bytes:
    def cell(text: str) -> str:
        return f'<Cell><Data ss:Type="String">{text}</Data></Cell>'

    rows = "".join(f"<Row>{''.join(map(cell, row))}</Row>" for row in _rows(report))
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        f'<Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="One"><Table>{rows}</Table></Worksheet>'
        "</Workbook>"
    ).encode()


def _mhtml(report: Report) -> bytes:
    page = base64.encodebytes(layouts.write("html", report, "fuzz").data).decode()
    head = 'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="part"\n\n--part\n'
    return f"{head}Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n{page}\n--part--\n".encode()


WRITERS: dict[str, Callable[[Report], bytes]] = {
    "csv": _csv,
    "ods": _ods,
    "excel_xml": _excel_xml,
    "mhtml": _mhtml,
}
