"""Every format that the factory can write: cells right, numbers silently wrong, and the time that reading takes."""

from __future__ import annotations

import importlib.util
import io
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from tests.bench import plain_ocr
from tests.factory import layouts, office, scan
from tests.factory.ofd import packed
from tests.factory.old import old_reports
from tests.factory.report import Report
from tests.factory.site import Filed, Plan, filed, reports
from tests.factory.workbook import LAYOUTS as WORKBOOKS
from tests.reports.comparison import Tally, compare, read_file, the_report

SEED = 31
SKIPPED = "skipped: "


@dataclass(frozen=True, slots=True)
class Format:
    """A line of the table. `layouts` take turns; `lacks` says what this machine needs for it and has not; `pages`
    counts them where a page is what costs; `made` makes the format of the layouts' bytes."""

    name: str
    layouts: tuple[str, ...]
    suffix: str = ""
    lacks: str = ""
    pages: Callable[[bytes], int] | None = None
    made: Callable[[bytes], bytes] | None = None
    old: bool = False
    scanned: bool = False


def _starting(prefix: str) -> tuple[str, ...]:
    names = (name for name in layouts.WRITERS if name.split("_")[0] == prefix)
    return tuple(name for name in names if name not in layouts.UNREADABLE)


def _pdf_pages(data: bytes) -> int:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        return len(document)
    finally:
        document.close()


def _extracted_pages(data: bytes) -> int:
    from pipelines.extract import extract

    return extract(data).page_count or 1


def _as_jpegs(tiff: bytes) -> bytes:
    """The pages of a scan as pictures in one archive, as a page with attached pictures comes."""
    from PIL import Image, ImageSequence

    pages: dict[str, bytes] = {}
    with Image.open(io.BytesIO(tiff)) as picture:
        for number, page in enumerate(ImageSequence.Iterator(picture), 1):
            buffer = io.BytesIO()
            page.convert("L").save(buffer, "JPEG", quality=80, dpi=(200, 200))
            pages[f"{number}.jpg"] = buffer.getvalue()
    return packed(pages)


def _jpeg_pages(data: bytes) -> int:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return len(archive.namelist())


def _lacks_for_scans() -> str:
    packages = [name for name in ("rapidocr", "onnxruntime", "cv2") if importlib.util.find_spec(name) is None]
    if packages:
        return f"the packages of `gongkai[ocr]` ({', '.join(packages)})"
    return "" if scan.has_font() else "a font with Chinese letters"


def every_format() -> tuple[Format, ...]:
    """In the order of the table."""
    office_lacks = "" if office.PROGRAM else "LibreOffice"
    scan_lacks = _lacks_for_scans()
    spreadsheets = {kind: tuple(n for n in WORKBOOKS if n.split("_")[0] == kind) for kind in ("xlsx", "xls")}
    return (
        Format("html", _starting("html")),
        Format("text", _starting("text")),
        Format("docx", _starting("docx")),
        Format("pdf", _starting("pdf"), pages=_pdf_pages),
        Format("ofd", _starting("ofd"), pages=_extracted_pages),
        Format("xlsx", spreadsheets["xlsx"]),
        Format("xls", spreadsheets["xls"]),
        Format("doc", ("doc",), lacks=office_lacks),
        Format("rtf", ("rtf",), lacks=office_lacks),
        Format("zip (page and workbook)", ("zip",)),
        Format("form 2014, html and docx", ("html", "html_word", "docx"), old=True),
        Format("form 2014, pdf", ("pdf", "pdf_cut"), pages=_pdf_pages, old=True),
        Format("form 2014, xls", ("xls", "xlsx"), old=True),
        Format("scan, 200 dpi", ("scan",), lacks=scan_lacks, pages=_pdf_pages, scanned=True),
        Format("scan without rules", ("scan_unruled",), lacks=scan_lacks, pages=_pdf_pages, scanned=True),
        Format("scan, rules faint or dotted", ("scan_faint",), lacks=scan_lacks, pages=_pdf_pages, scanned=True),
        Format("jpg pages, 200 dpi", ("scan_tiff",), "zip", scan_lacks, _jpeg_pages, _as_jpegs, scanned=True),
        Format("form 2014, scan", ("scan",), lacks=scan_lacks, pages=_pdf_pages, old=True, scanned=True),
    )


def _converted(format: Format) -> bool:
    return format.layouts[0] in office.LAYOUTS


def _reports(format: Format, count: int) -> Iterable[Report]:
    """Of one seed, without contradictions, spread over counties and years."""
    if format.old:
        return old_reports(count, SEED, 0)
    plan = Plan(40 * count, SEED, fault_share=0)
    return islice(reports(plan), 7, None, 37)


def files(format: Format, count: int) -> Iterator[Filed]:
    """The format's files with their truth."""
    chosen = islice(_reports(format, count), count)
    yield from filed(Plan(count, SEED, format.layouts, fault_share=0), chosen, in_turn=True)


@dataclass(frozen=True, slots=True)
class Measured:
    documents: int
    pages: int
    seconds: float
    tally: Tally


def measure(format: Format, given: list[Filed]) -> Measured:
    """Reads each file once, to cells, in this process."""
    tally, pages, seconds = Tally(), 0, 0.0
    for one in given:
        data = format.made(one.written.data) if format.made else one.written.data
        name = f"{one.file.rpartition('.')[0]}.{format.suffix}" if format.suffix else one.file
        began = time.perf_counter()
        readings = read_file(data, name, division=one.file.split("/")[0])
        seconds += time.perf_counter() - began
        pages += format.pages(data) if format.pages else 0
        compare(one.gold, the_report(readings), None, tally)
    return Measured(len(given), pages, seconds, tally)


HEAD = f"{'':34}{'documents':>9} {'cells':>7} {'right':>10} {'silent':>7} {'s a document':>13} {'s a page':>9}"


def line(name: str, m: Measured) -> str:
    """One line of the table."""
    page = f"{m.seconds / m.pages:9.3f}" if m.pages else f"{'':9}"
    return (
        f"  {name:32}{m.documents:9} {m.tally.readable:7} {m.tally.share:10.3%} {len(m.tally.silent):7} "
        f"{m.seconds / max(m.documents, 1):13.3f} {page}"
    )


def formats(count: int, converted: int, scans: int) -> Iterator[str]:
    """The table, line by line: so many reports of each format, fewer of those that another program writes, fewest of
    those that are recognised."""
    yield HEAD
    for format in every_format():
        if format.lacks:
            yield f"  {format.name:32}{SKIPPED}it takes {format.lacks}"
            continue
        given = list(files(format, scans if format.scanned else converted if _converted(format) else count))
        if not format.scanned:
            measure(format, given[:1])
        found = measure(format, given)
        yield line(format.name, found)
        yield from (f"      SILENT {text}" for text in found.tally.silent[:5])
        if format.scanned and not format.old and not format.made:
            yield from plain(given)


def plain(given: list[Filed]) -> Iterator[str]:
    """The OCR engine alone over the same pages."""
    found = plain_ocr.measure([(one.written.data, one.report) for one in given])
    yield (
        f"  {'  plain OCR, numbers by order':32}{len(given):9} {found.cells:7} {found.right / found.cells:10.3%} "
        f"{found.wrong:7} {found.seconds / len(given):13.3f} {found.seconds / found.pages:9.3f}"
    )
    yield (
        f"  {'  plain OCR, best alignment':32}{len(given):9} {found.cells:7} {found.aligned / found.cells:10.3%}"
        "         (were each number that it read put at the place that suits it best)"
    )
