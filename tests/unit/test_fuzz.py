"""Damaged files and senseless documents: nothing but what the interfaces allow, and no number that is not printed.

`GONGKAI_FUZZ=2000 pytest tests/unit/test_fuzz.py` tries so many examples a test, other ones each time."""

from __future__ import annotations

import functools
import os
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.extract import Unreadable, extract
from pipelines.model import Cell, Document, Grid, Paragraph, Source
from pipelines.read import NotAReport, read
from pipelines.read.numbers import read_number
from tests.factory import layouts, office
from tests.factory.old import old_reports
from tests.factory.site import Plan, reports
from tests.processor_time import at_most
from tests.unit import fuzz_seeds
from tests.unit.mutations import TEXTS, Step, byte_steps, changed, document_steps, documents, mutated

LONG = int(os.environ.get("GONGKAI_FUZZ", "0"))
SECONDS = 10.0
FORMATS = {
    "html": 12,
    "html_utf16": 6,
    "html_nested": 8,
    "text_tab": 8,
    "text_spaces": 8,
    "text_gb18030": 6,
    "docx": 8,
    "docx_tracked": 6,
    "pdf": 6,
    "pdf_borderless": 4,
    "xlsx": 8,
    "xls": 10,
    "ofd": 6,
    "ofd_letters": 4,
    "zip": 6,
    "csv": 8,
    "ods": 8,
    "excel_xml": 8,
    "mhtml": 8,
    "doc": 2,
    "rtf": 2,
}
"""Layouts whose bytes are damaged, with the examples that the suite tries of each."""
PACKAGES = ("docx", "xlsx", "ofd", "zip", "ods")
SEEDS = ("html", "html_review3", "html_nested", "text_tab", "text_lines", "text_spaces", "pdf", "pdf_borderless", "xls")


@pytest.fixture(autouse=True)
def _without_recognition(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page whose damage leaves only its picture takes seconds to recognise, which has bounds of its own."""
    monkeypatch.setattr("pipelines.extract.recognition.can_recognise", lambda: False)


def _settings(examples: int) -> settings:
    return settings(
        max_examples=LONG or examples,
        derandomize=not LONG,
        suppress_health_check=list(HealthCheck),
    )


@functools.cache
def _seed(layout: str, form: str = "2021") -> bytes:
    if form == "2014":
        report = next(iter(old_reports(1, 5, 0)))
    else:
        year = 2023 if form == "2021" else 2019
        report = next(iter(reports(Plan(1, 5, years=(year,), fault_share=0))))
    if layout in fuzz_seeds.WRITERS:
        return fuzz_seeds.WRITERS[layout](report)
    return layouts.write(layout, report, "fuzz").data


@functools.cache
def _document(layout: str, form: str) -> Document:
    return extract(_seed(layout, form))


def _bearable(data: bytes) -> Document | None:
    try:
        with at_most(SECONDS):
            document = extract(data)
    except Unreadable as error:
        assert error.issue.code and error.issue.message
        return None
    assert isinstance(document, Document)
    return document


@pytest.mark.parametrize("layout", FORMATS)
def test_damaged_bytes_are_a_document_or_unreadable(layout: str) -> None:
    if layout in office.LAYOUTS and not office.PROGRAM:
        pytest.skip("LibreOffice is not installed (libreoffice-writer-nogui)")

    @_settings(FORMATS[layout])
    @given(byte_steps, st.none() | st.integers(0, 30) if layout.split("_")[0] in PACKAGES else st.none())
    def damage(steps: list[Step], member: int | None) -> None:
        document = _bearable(mutated(_seed(layout), steps, member))
        if document is not None:
            _judge(document)

    damage()


@_settings(60)
@given(
    st.binary(max_size=400),
    st.sampled_from((b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html>")),
)
def test_noise_is_a_document_or_unreadable(noise: bytes, magic: bytes) -> None:
    document = _bearable(magic + noise)
    if document is not None:
        _judge(document)


@pytest.mark.parametrize("form", ["2021", "2019", "2014"])
def test_changed_documents_show_every_number_that_is_reported(form: str) -> None:
    @_settings(70)
    @given(st.sampled_from(SEEDS), document_steps)
    def judge(layout: str, steps: list[Step]) -> None:
        _judge(changed(_document(layout, form), steps))

    judge()


@_settings(80)
@given(documents())
def test_senseless_documents_show_every_number_that_is_reported(document: Document) -> None:
    _judge(document)


def test_a_numeral_between_the_values_of_a_row_keeps_its_own_place() -> None:
    """Found by the test above: a word that joins the values beside it was said to stand behind the one before it."""
    document = changed(_document("text_lines", "2021"), [Step("text", 102, 0, TEXTS.index("十二"))])
    (report,) = read(document, Source("made"))
    (cell,) = (c for c in report.cells if c.raw == "十二")
    assert cell.place is not None and (cell.value, cell.place.block, cell.place.column) == (12, 102, 0)


def _judge(document: Document) -> None:
    try:
        found = read(document, Source("made"))
    except NotAReport as error:
        assert error.issue.code in ("not_a_report", "blank_form")
        return
    grids = {b.index: b for b in document.blocks if isinstance(b, Grid)}
    paragraphs = {b.index: b for b in document.blocks if isinstance(b, Paragraph)}
    taken: dict[tuple[int, int, int], Cell] = {}
    for report in found:
        for cell in report.cells:
            assert (cell.value is None) == (cell.status != "reported"), cell
            if cell.status != "reported":
                continue
            assert cell.place is not None, cell
            assert cell.value in _values(cell.raw), cell
            if cell.place.kind == "grid":
                key = (cell.place.block, cell.place.row, cell.place.column)
                assert key not in taken, (taken[key], cell)
                taken[key] = cell
                assert cell.raw in _texts(grids[cell.place.block], cell.place.row, cell.place.column), cell
            else:
                paragraph = paragraphs[cell.place.block]
                assert cell.raw in paragraph.text or cell.raw in paragraph.fields, (cell, paragraph)


def _values(raw: str) -> set[Decimal | None]:
    """What a text says, and what it says where its cell broke one number into lines."""
    return {read_number(raw).value, read_number("".join(raw.split())).value}


def _texts(grid: Grid, row: int, column: int) -> list[str]:
    """The text at a place, and the same with what a page break cut off below it."""
    at = {(c.row, c.column): c.text for c in grid.cells}
    own = at[row, column]
    return [own, own + "\n" + at.get((row + 1, column), "")]
