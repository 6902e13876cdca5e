"""What one would otherwise do with a scan: the plain OCR engine over each whole page, its boxes put in reading order,
the numbers among them filled into the report's cells by order."""

from __future__ import annotations

import functools
import re
import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import numpy as np
import pypdfium2
from numpy.typing import NDArray

from tests.factory.report import Report

DPI = 200
_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Measured:
    """Of `cells` printed, those `right` and `wrong` where numbers are filled in by order, and those right where each is
    put where it suits best (`aligned`); `seconds` over all `pages`."""

    cells: int
    right: int
    wrong: int
    aligned: int
    pages: int
    seconds: float


@functools.cache
def _engine() -> Any:
    import logging

    from rapidocr import RapidOCR

    engine = RapidOCR()
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return engine


def _pictures(pdf: bytes) -> Iterator[NDArray[np.uint8]]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            yield np.array(page.render(scale=DPI / 72).to_numpy()[..., :3])
    finally:
        document.close()


def _in_reading_order(boxes: Sequence[NDArray[np.float32]], texts: Sequence[str]) -> list[str]:
    """Lines from top to bottom, each from left to right; a box belongs to the line whose middle height it stands at."""
    placed = sorted(
        (float(b[:, 1].mean()), float(np.ptp(b[:, 1])), float(b[:, 0].min()), t)
        for b, t in zip(boxes, texts, strict=True)
    )
    lines: list[list[tuple[float, float, float, str]]] = []
    for one in placed:
        if lines and one[0] - lines[-1][0][0] < lines[-1][0][1] / 2:
            lines[-1].append(one)
        else:
            lines.append([one])
    return [text for line in lines for _, _, _, text in sorted(line, key=lambda one: one[2])]


def numbers_read(pdf: bytes) -> tuple[list[str], int]:
    """The boxes that hold a number and nothing else, in reading order over all pages; and how many pages there are."""
    found: list[str] = []
    pages = 0
    for picture in _pictures(pdf):
        pages += 1
        result = _engine()(picture)
        if result.boxes is None:
            continue
        for text in _in_reading_order(result.boxes, result.txts):
            plain = unicodedata.normalize("NFKC", text).replace(" ", "")
            if _NUMBER.fullmatch(plain):
                found.append(plain.replace(",", ""))
    return found, pages


def numbers_printed(report: Report) -> list[str]:
    """The numbers of the report's tables in the order of print."""
    boxes = (
        box for sheets in report.sheets().values() for sheet in sheets for row in sheet.rows() for box in row if box.key
    )
    values = (report.entries[box.key].value for box in boxes if box.key)
    return [format(value, "f") for value in values if value is not None]


def measure(scans: Sequence[tuple[bytes, Report]]) -> Measured:
    """Over scans as PDF with the reports that they show."""
    _engine()
    cells = right = wrong = aligned = pages = 0
    seconds = 0.0
    for data, report in scans:
        began = time.perf_counter()
        read, count = numbers_read(data)
        seconds += time.perf_counter() - began
        pages += count
        printed = numbers_printed(report)
        hits = sum(a == b for a, b in zip(printed, read, strict=False))
        cells += len(printed)
        right += hits
        wrong += min(len(printed), len(read)) - hits
        matched = SequenceMatcher(None, printed, read, autojunk=False).get_matching_blocks()
        aligned += sum(block.size for block in matched)
    return Measured(cells, right, wrong, aligned, pages, seconds)
