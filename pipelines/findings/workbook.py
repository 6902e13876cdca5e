"""The county's findings as one workbook: a row a finding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]

from pipelines.finding_words import in_chinese
from pipelines.findings.stored import Stored
from pipelines.forms import load_forms
from pipelines.printed_tables import place_words
from pipelines.shown_report import in_order

COLUMNS = {
    "机关": 24,
    "年度": 6,
    "报告": 36,
    "轻重": 6,
    "规则": 22,
    "不一致之处": 60,
    "应为": 10,
    "实为": 10,
    "位置": 40,
    "原因": 14,
    "网址": 30,
    "文件": 30,
    "报告编号": 20,
}
"""Headings and widths, in letters."""
SEVERITIES = {"error": "错误", "warning": "存疑"}
CAUSES = {"agency": "报告自身", "reader": "可能是识读有误", "unknown": "未定，请先对照原文"}


def write_workbook(path: Path, reports: Sequence[Stored]) -> Path:
    """Every finding of the reports; texts are texts, whatever they look like."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    try:
        sheet = book.add_worksheet("不一致清单")
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for column, (name, width) in enumerate(COLUMNS.items()):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, bold)
        for row, values in enumerate(_rows(reports), 1):
            for column, value in enumerate(values):
                if isinstance(value, int):
                    sheet.write_number(row, column, value, wrapped)
                elif value:
                    sheet.write_string(row, column, value, wrapped)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(1, sum(len(r.flags) for r in reports)), len(COLUMNS) - 1)
    finally:
        book.close()
    return path


def _rows(reports: Sequence[Stored]) -> Iterable[tuple[str | int | None, ...]]:
    forms = load_forms()
    for report in reports:
        for flag in in_order(report.flags):
            yield (
                report.agency,
                report.year,
                report.title,
                SEVERITIES[flag.severity],
                flag.rule,
                in_chinese(flag.message_zh, forms),
                flag.expected,
                flag.observed,
                "；".join(dict.fromkeys(place_words(cell, forms) for cell in flag.cells)),
                CAUSES[flag.cause],
                report.url,
                report.source,
                report.report_id,
            )
