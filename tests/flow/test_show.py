"""`gongkai show`: the place that a number was read from, drawn so that a look settles a doubt."""

from __future__ import annotations

import html
import random
import re
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from pipelines import evidence
from pipelines.cli import main
from pipelines.evidence import fonts
from pipelines.evidence.marking import COLOURS, marks_of
from pipelines.evidence.tables_page import MOST_ROWS, tables_page
from pipelines.model import Cell, Document, Grid, GridCell, Paragraph, Place, Report
from tests.factory import layouts
from tests.factory.site import Plan, reports
from tests.flow.command import gongkai

CELL = ("application", "received", "total")
REPORT = next(
    r
    for r in reports(Plan(140, 41, counties=2, fault_share=0))
    if r.form == "2021" and (r.entries[CELL].value or 0) > 400
)
PRINTED = REPORT.entries[CELL].text


@pytest.fixture
def made(tmp_path: Path) -> Callable[[str], Path]:
    """Writes the report in a layout."""

    def write(layout: str) -> Path:
        path = tmp_path / "documents" / f"{REPORT.office.name}.{layouts.extension(layout)}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(layouts.write(layout, REPORT, "show").data)
        return path

    return write


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["show", *map(str, arguments)])


class Page(HTMLParser):
    """What a page shows: elements, the text of what is marked, and what it would fetch or run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.marked: list[tuple[str, str]] = []
        self.outside: list[str] = []
        self._open: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.outside += [
            f"{tag} {name}" for name in given if name in ("src", "href", "srcset") or name.startswith("on")
        ]
        if tag in ("script", "img", "iframe", "link", "object", "svg", "base", "form"):
            self.outside.append(tag)
        classes = (given.get("class") or "").split()
        self._open = next((name for name in classes if name in COLOURS), None) if tag in ("td", "span", "p") else None
        if self._open and "title" in given:
            self.marked.append((" ".join(classes), ""))
        else:
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open:
            self.marked[-1] = (self.marked[-1][0], self.marked[-1][1] + data)

    def handle_endtag(self, tag: str) -> None:
        self._open = None


def framed(picture: Path, colour: str) -> tuple[int, int, int, int] | None:
    """The box around all that has that colour."""
    wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    with Image.open(picture) as image:
        same = (np.asarray(image.convert("RGB")) == wanted).all(axis=2)
    rows, columns = np.nonzero(same)
    return (columns.min(), rows.min(), columns.max(), rows.max()) if len(rows) else None


@pytest.mark.parametrize("layout", ["pdf", "pdf_rotated", "ofd", "ofd_letters"])
def test_a_page_shows_the_number_in_a_frame(layout: str, made: Callable[[str], Path], tmp_path: Path) -> None:
    out = tmp_path / "one.png"
    result = run(made(layout), *CELL, "--out", out)
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1] == str(out)
    with Image.open(out) as picture:
        width, height = picture.size
        assert min(width, height) > 900 and width * height < 8_000_000
        frame = framed(out, "#e0007a")
        assert frame is not None
        left, top, right, bottom = frame
        inner = picture.convert("L").crop((left + 9, top + 9, right - 9, bottom - 9))
    assert 0.01 * width < right - left < 0.2 * width and bottom - top < 0.06 * height
    darkest, _ = inner.getextrema()
    assert darkest < 120, "there is ink within the frame"
    if layout != "pdf_rotated":
        assert left > 0.6 * width, "the total is the last column"


def test_all_pages_show_every_number(made: Callable[[str], Path], tmp_path: Path) -> None:
    result = run(made("ofd_filled"), "--out", tmp_path / "pages")
    assert result.exit_code == 0, result.output
    files = sorted((tmp_path / "pages").iterdir())
    assert [str(file) for file in files] == result.output.splitlines()[-len(files) :]
    assert len(files) > 1
    assert all(re.fullmatch(r"evidence-[0-9a-f]{16}-0-page-\d+\.png", file.name) for file in files)
    assert all(framed(file, COLOURS["reported"]) for file in files)


@pytest.mark.parametrize("layout", ["html", "html_word", "docx", "text_tab", "text_markdown", "xlsx"])
def test_tables_show_the_cell_to_the_letter(layout: str, made: Callable[[str], Path], tmp_path: Path) -> None:
    out = tmp_path / "one.html"
    result = run(made(layout), *CELL, "--out", out)
    assert result.exit_code == 0, result.output
    page = Page(out.read_text(encoding="utf-8"))
    assert page.marked == [("reported chosen", PRINTED)]
    assert page.outside == []


def test_the_whole_document_marks_every_cell_by_its_status(made: Callable[[str], Path], tmp_path: Path) -> None:
    result = run(made("html"), "--out", tmp_path / "all.html")
    assert result.exit_code == 0, result.output
    page = Page((tmp_path / "all.html").read_text(encoding="utf-8"))
    shown = sorted(entry.text for entry in REPORT.entries.values())
    assert sorted(text for _, text in page.marked) == shown
    assert page.outside == []


def test_files_go_to_the_current_folder_unless_told(made: Callable[[str], Path], tmp_path: Path) -> None:
    document = made("html")
    ended = gongkai("show", document, *CELL, folder=tmp_path)
    assert ended.status == 0, ended.err
    (name,) = ended.out.decode().splitlines()
    assert re.fullmatch(r"evidence-[0-9a-f]{16}-0-application-received-total\.html", name)
    assert (tmp_path / name).is_file()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["documents", name]


def test_what_is_not_there_is_said(made: Callable[[str], Path], tmp_path: Path) -> None:
    document = made("html")
    for arguments, words in (
        ((tmp_path / "none.pdf",), "no file"),
        ((tmp_path,), "is a folder"),
        ((document, "application"), "TABLE ROW COLUMN"),
        ((document, "application", "received", "sum"), "no column 'sum'; it has natural_person"),
        ((document, "applications", "received", "total"), "no table 'applications'; it has"),
        (("0123456789abcdef-0",), "warehouse"),
    ):
        result = run(*arguments, "--out", tmp_path / "out")
        assert result.exit_code != 0 and words in result.output, result.output
        assert "Traceback" not in result.output and not (tmp_path / "out").exists()
    (tmp_path / "notes.txt").write_text("Nothing of the kind.")
    assert "not_a_report" in run(tmp_path / "notes.txt").output
    (tmp_path / "bomb.pdf").write_bytes(b"%PDF-1.7\n" + b"\0" * 90)
    assert run(tmp_path / "bomb.pdf").exit_code != 0


def test_a_cell_that_is_not_in_the_document_shows_what_was_read_of_its_table(
    made: Callable[[str], Path], tmp_path: Path
) -> None:
    lines = made("text_tab").read_text(encoding="utf-8").splitlines()
    (tmp_path / "cut.txt").write_text("\n".join(line for line in lines if "属于国家秘密" not in line), encoding="utf-8")
    ended = gongkai("show", tmp_path / "cut.txt", "application", "denied_state_secret", "total", folder=tmp_path)
    assert ended.status == 0 and "has no place in the document" in ended.err
    page = Page((tmp_path / ended.out.decode().strip()).read_text(encoding="utf-8"))
    others = [
        e.text for key, e in REPORT.entries.items() if key[0] == "application" and key[1] != "denied_state_secret"
    ]
    assert sorted(text for _, text in page.marked) == sorted(others)


def test_a_report_of_the_warehouse_is_found_by_its_id(made: Callable[[str], Path], tmp_path: Path) -> None:
    import duckdb

    document = made("html")
    name = gongkai("show", document, folder=tmp_path).out.decode().strip()
    report_id = name.removeprefix("evidence-").removesuffix(".html")
    home = tmp_path / "home"
    home.mkdir()
    with duckdb.connect(str(home / "warehouse.duckdb")) as warehouse:
        warehouse.execute("CREATE SCHEMA dims")
        warehouse.execute(
            "CREATE TABLE dims.report AS SELECT $1 AS report_id, $2 AS source", [report_id, str(document)]
        )
    ended = gongkai("show", report_id, *CELL, "--out", "one.html", folder=tmp_path, GONGKAI_HOME=str(home))
    assert ended.status == 0, ended.err
    assert Page((tmp_path / "one.html").read_text(encoding="utf-8")).marked == [("reported chosen", PRINTED)]
    document.write_bytes(document.read_bytes() + b"<!-- later -->")
    ended = gongkai("show", report_id, *CELL, folder=tmp_path, GONGKAI_HOME=str(home))
    assert ended.status != 0 and "has changed" in ended.err
    document.unlink()
    ended = gongkai("show", report_id, folder=tmp_path, GONGKAI_HOME=str(home))
    assert ended.status != 0 and "is not there" in ended.err


HOSTILE = '<script>alert(1)</script><img src=x onerror="a()">"\'&amp;\x00\u202e12\ud800'


def _report(*cells: Cell) -> Report:
    return Report(HOSTILE, None, 2021, None, "2021", None, cells)


def test_what_a_document_says_cannot_act_on_the_page() -> None:
    grid = Grid(0, 1, 2, (GridCell(0, 0, HOSTILE), GridCell(0, 1, "12")))
    cell = Cell("statistics", HOSTILE, "value", "unreadable", None, HOSTILE, place=Place("grid", 0, 0, 0))
    document = Document("html", (Paragraph(0, HOSTILE), grid), {"title": HOSTILE})
    text = tables_page(document, _report(cell), marks_of(document, [cell]), None, HOSTILE)
    page = Page(text)
    assert page.outside == [] and "<script>" not in text
    assert text.encode() and "\u202e" not in text and "⟨U+202E⟩" in text
    assert len(page.marked) == 1 and page.marked[0][1].startswith("<script>alert(1)</script>")
    assert html.escape(HOSTILE[:20]) in text


def test_a_large_table_is_shown_around_its_cell() -> None:
    cells = tuple(GridCell(row, 0, f"line {row}") for row in range(90_000))
    document = Document("xlsx", (Grid(0, 90_000, 9, cells),))
    cell = Cell("statistics", "fees", "value", "reported", None, "x", place=Place("grid", 0, 50_000, 0))
    text = tables_page(document, _report(cell), marks_of(document, [cell], cell), cell, "x")
    assert text.count("<tr>") <= MOST_ROWS
    assert Page(text).marked == [("reported chosen", "line 50000")]


def test_spans_and_holes_keep_their_columns() -> None:
    grid = Grid(
        0, 3, 4, (GridCell(0, 0, "a", 2, 1), GridCell(0, 2, "b", 1, 2), GridCell(1, 1, "c"), GridCell(2, 3, "d"))
    )
    text = tables_page(Document("html", (grid,)), _report(), [], None, "x")
    rows = [re.findall(r"<td([^>]*)>([^<]*)</td>", row) for row in re.findall(r"<tr>(.*)</tr>", text)]
    assert rows == [
        [(' rowspan="2"', "a"), (' class="hole"', ""), (' colspan="2"', "b")],
        [("", "c"), (' class="hole" colspan="2"', "")],
        [(' class="hole" colspan="3"', ""), ("", "d")],
    ]


def test_numbers_of_a_line_are_told_by_fields_or_words() -> None:
    parted = Paragraph(0, "label\t\t79\t14", ("label", "", "79", "14"))
    worded = Paragraph(1, "label 63 | 28", ("label 63 | 28",))
    unclear = Paragraph(2, "label 5 5", ("label 5 5",))
    cells = tuple(
        Cell("application", "received", f"c{n}", "reported", None, raw, place=Place("text", block, 0, column))
        for n, (block, column, raw) in enumerate(((0, 2, "79"), (1, 2, "28"), (2, 9, "5")))
    )
    document = Document("text", (parted, worded, unclear))
    page = Page(tables_page(document, _report(*cells), marks_of(document, cells), None, "x"))
    assert page.marked == [("reported", "79"), ("reported", "28"), ("reported", "label 5 5")]


def test_without_a_font_for_chinese_boxes_are_drawn_and_it_is_said(
    made: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.evidence.page_pictures import page_pictures
    from pipelines.extract import extract
    from pipelines.read import read

    data = made("ofd").read_bytes()
    document = extract(data)
    marks = marks_of(document, read(document, source=evidence.finding.source_of("x.ofd"))[0].cells)
    monkeypatch.setattr(fonts, "_FOLDERS", (str(tmp_path / "none"),))
    fonts.chinese_font.cache_clear()
    fonts.font_of_size.cache_clear()
    try:
        ((number, picture, notes),) = page_pictures(data, "ofd", [1], marks, "caption")
    finally:
        fonts.chinese_font.cache_clear()
        fonts.font_of_size.cache_clear()
    assert number == 1 and notes == (fonts.NO_FONT,)
    assert picture.convert("L").getextrema() == (0, 255)


def test_the_page_of_a_crashing_reader_is_only_refused(tmp_path: Path, made: Callable[[str], Path]) -> None:
    whole = made("pdf").read_bytes()
    broken = bytearray(whole)
    draw = random.Random(3)
    for _ in range(400):
        broken[draw.randrange(200, len(broken))] = draw.randrange(256)
    (tmp_path / "broken.pdf").write_bytes(bytes(broken))
    ended = gongkai("show", tmp_path / "broken.pdf", "--out", tmp_path / "out", folder=tmp_path)
    assert "Traceback" not in ended.err
    assert ended.status == 0 or ended.err.startswith("Error: ")
    shutil.rmtree(tmp_path / "out", ignore_errors=True)
