"""Readers beside the libraries that one would otherwise take, over the same factory files in one run."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.factory.sheets import Sheet
from tests.factory.site import Filed, Plan, filed

PDF_LAYOUTS = ("pdf", "pdf_cut", "pdf_landscape", "pdf_vertical", "pdf_narrow")
PDF_UNRULED = ("pdf_borderless", "pdf_rotated")
HTML_LAYOUTS = ("html", "html_word", "html_trs", "html_wrong_rowspan", "html_entities", "html_review3")


@dataclass(frozen=True, slots=True)
class Measured:
    """Best seconds of some runs over the same files, and the share of cells right, if it was asked for."""

    name: str
    seconds: float
    units: int
    megabytes: float
    right: float | None = None

    def line(self, unit: str) -> str:
        share = "" if self.right is None else f"   {self.right:8.3%} of cells right"
        each = 1000 * self.seconds / self.units
        return f"  {self.name:44} {each:8.2f} ms a {unit}   {self.megabytes / self.seconds:7.2f} MB/s{share}"


def _best(work: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def files(layouts: Sequence[str], count: int) -> list[Filed]:
    """Reports without contradictions, the layouts in turn."""
    plan = Plan(count, 31, tuple(layouts), fault_share=0)
    return list(filed(plan, in_turn=True))


def _megabytes(given: Sequence[Filed]) -> float:
    return sum(len(f.written.data) for f in given) / 1e6


def _read_all(given: Sequence[Filed]) -> None:
    from tests.reports.comparison import read_file

    for one in given:
        read_file(one.written.data, one.file)


def _extract_all(given: Sequence[Filed]) -> None:
    from pipelines.extract import extract

    for one in given:
        extract(one.written.data, one.file)


def _share(given: Sequence[Filed]) -> float:
    from tests.reports.comparison import Tally, compare, read_file, the_report

    tally = Tally()
    for one in given:
        compare(one.gold, the_report(read_file(one.written.data, one.file)), None, tally)
    return tally.share


def _plain(text: str | None) -> str:
    return re.sub(r"\s", "", text or "")


def share_of_tables(given: Sequence[Filed], tables: Callable[[bytes], list[list[list[str | None]]]]) -> float:
    """The share of numbers that a table reader put, in order, behind (or under) the label that they were printed at."""
    right = total = 0
    for one in given:
        rows = [[_plain(c) for c in row if c is not None] for table in tables(one.written.data) for row in table]
        for sheets in one.report.sheets().values():
            for sheet in sheets:
                found, asked = _rows_right(sheet, rows)
                right += found
                total += asked
    return right / total


def _rows_right(sheet: Sheet, rows: list[list[str]]) -> tuple[int, int]:
    right = total = 0
    for boxes in sheet.rows():
        numbers = [_plain(b.text) for b in boxes if b.key]
        labels = [_plain(b.text) for b in boxes if not b.key]
        if not numbers:
            continue
        total += len(numbers)
        near = [row for row in rows if not labels or labels[-1] in row]
        behind = [row[row.index(labels[-1]) + 1 :] if labels else row for row in near]
        right += max((sum(a == b for a, b in zip(row, numbers, strict=False)) for row in behind), default=0)
    return right, total


def _plumber(data: bytes) -> list[list[list[str | None]]]:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as document:
        return [table for page in document.pages for table in page.extract_tables()]


def _frames(data: bytes) -> list[list[list[str | None]]]:
    import pandas as pd

    frames = pd.read_html(io.BytesIO(data), encoding="gb18030" if b"charset=gb2312" in data else "utf-8")
    return [[[None if v is None else str(v) for v in row] for row in frame.itertuples(index=False)] for frame in frames]


def pdf(count: int) -> list[str]:
    """PDF against pdfplumber's tables over the same pages."""
    import pypdfium2

    given = files(PDF_LAYOUTS, count)
    pages = sum(len(pypdfium2.PdfDocument(f.written.data)) for f in given)
    size = _megabytes(given)
    _extract_all(given[:2])
    ours = Measured("extract (characters, rules, grids)", _best(lambda: _extract_all(given), 3), pages, size)
    whole = Measured(
        "extract, read and file (to cells)", _best(lambda: _read_all(given), 2), pages, size, _share(given)
    )
    began = time.perf_counter()
    share = share_of_tables(given, _plumber)
    other = Measured("pdfplumber extract_tables", time.perf_counter() - began, pages, size, share)
    unruled = files(PDF_UNRULED, max(2, count // 4))
    return [
        f"PDF: {len(given)} reports, {pages} pages, {size:.1f} MB",
        *(m.line("page") for m in (ours, whole, other)),
        f"  pdfplumber / extract {other.seconds / ours.seconds:.1f} (goal: at least 8)"
        f"   pdfplumber / to cells {other.seconds / whole.seconds:.1f}",
        f"  borderless and turned pages: {_share(unruled):.3%} of cells right, "
        f"pdfplumber {share_of_tables(unruled, _plumber):.3%}",
    ]


def html(count: int) -> list[str]:
    """HTML against pandas.read_html, and against bytes in."""
    given = files(HTML_LAYOUTS, count)
    size = _megabytes(given)
    _extract_all(given[:2])

    def frames() -> None:
        for one in given:
            _frames(one.written.data)

    ours = Measured("extract (paragraphs and grids)", _best(lambda: _extract_all(given), 3), len(given), size)
    whole = Measured(
        "extract, read and file (to cells)", _best(lambda: _read_all(given), 2), len(given), size, _share(given)
    )
    other = Measured("pandas.read_html", _best(frames, 2), len(given), size)
    return [
        f"HTML: {len(given)} reports, {size:.1f} MB",
        *(m.line("report") for m in (ours, whole, other)),
        f"  pandas / extract {other.seconds / ours.seconds:.1f}"
        f"   pandas / to cells {other.seconds / whole.seconds:.1f}",
    ]


def text(count: int) -> list[str]:
    """Text in every layout, and DOCX, against bytes in."""
    from tests.factory.docx import LAYOUTS
    from tests.factory.site import READABLE

    lines = []
    for name, layouts in (("text", tuple(name for name in READABLE if name.startswith("text"))), ("DOCX", LAYOUTS)):
        given = files(layouts, count)
        size = _megabytes(given)
        _extract_all(given[:2])
        ours = Measured("extract", _best(lambda given=given: _extract_all(given), 3), len(given), size)
        whole = Measured(
            "extract, read and file (to cells)",
            _best(lambda given=given: _read_all(given), 2),
            len(given),
            size,
            _share(given),
        )
        lines += [f"{name}: {len(given)} reports, {size:.1f} MB", *(m.line("report") for m in (ours, whole))]
    return lines
