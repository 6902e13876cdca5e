"""Runs in a process of its own: reads the document, draws it, and leaves the files and a list of them in a folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePath

from pipelines.discovery import Unopenable, read_bytes_of
from pipelines.engine.guard import excuse, grant
from pipelines.evidence.marking import marks_of, told
from pipelines.extract import Unreadable, extract
from pipelines.extract.limits import RECOGNITION, WAITING
from pipelines.model import Cell, Document, Reading, Refusal, Report, Snapshot, Source
from pipelines.read import NotAReport, read

MOST_FILES = 60
_LIST = "drawn.json"
_DRAWN = frozenset(("pdf", "ofd", "image"))
"""Formats whose pages are drawn; of all others the tables are."""


@dataclass(slots=True)
class Drawn:
    files: list[str] = field(default_factory=list)
    notes: tuple[str, ...] = ()


def drawn_in(folder: Path) -> Drawn:
    """What `draw` left in the folder."""
    found = json.loads((folder / _LIST).read_text(encoding="utf-8"))
    return Drawn(list(found["files"]), tuple(found["notes"]))


def draw(
    source: Source, *, report_id: str | None, cell: tuple[str, str, str] | None, folder: str
) -> tuple[Reading, ...]:
    """Draws the evidence; nothing, or a refusal that says why there is none."""
    try:
        data, snapshot = read_bytes_of(source)
    except Unopenable as error:
        return (Refusal(Snapshot(source, "", 0), error.issue),)
    recognising, waiting = RECOGNITION.set(grant), WAITING.set(excuse)
    try:
        document = extract(data, PurePath(source.path).name)
        reports = read(document, source=source)
        drawn = Drawn()
        for number, report in _chosen(reports, snapshot, report_id, cell):
            found = _cell(report, cell) if cell else None
            _draw(data, document, report, found, f"{snapshot.sha256[:16]}-{number}", source, Path(folder), drawn)
    except (Unreadable, NotAReport) as error:
        return (Refusal(snapshot, error.issue),)
    finally:
        RECOGNITION.reset(recognising)
        WAITING.reset(waiting)
    (Path(folder) / _LIST).write_text(json.dumps(asdict(drawn)), encoding="utf-8")
    return ()


def _chosen(
    reports: tuple[Report, ...], snapshot: Snapshot, report_id: str | None, cell: tuple[str, str, str] | None
) -> Iterator[tuple[int, Report]]:
    """The document's reports that were asked for, with their ordinals. Raises `Unreadable` where there is none."""
    numbered = list(enumerate(reports))
    if report_id is not None:
        key, _, ordinal = report_id.partition("-")
        if key != snapshot.sha256[:16]:
            message = f"The file has changed since {report_id} was read from it: build the warehouse anew."
            raise Unreadable("file_changed", message)
        numbered = [(number, report) for number, report in numbered if number == int(ordinal)]
    if cell is not None:
        having = [(number, report) for number, report in numbered if _cell(report, cell)]
        if numbered and not having:
            raise Unreadable("no_such_cell", _what_there_is(numbered[0][1], cell))
        numbered = having
    if not numbered:
        raise Unreadable("no_such_report", f"The file holds {len(reports)} reports, none of that number.")
    yield from numbered


def _cell(report: Report, name: tuple[str, str, str]) -> Cell | None:
    return next((c for c in report.cells if (c.table, c.row, c.column) == name), None)


def _what_there_is(report: Report, name: tuple[str, str, str]) -> str:
    table, row, column = name
    tables = dict.fromkeys(c.table for c in report.cells)
    rows = dict.fromkeys(c.row for c in report.cells if c.table == table)
    columns = dict.fromkeys(c.column for c in report.cells if c.table == table and (c.row == row or row not in rows))
    for kind, asked, known in (("table", table, tables), ("row", row, rows), ("column", column, columns)):
        if asked not in known:
            return f"The report has no {kind} {asked!r}; it has {', '.join(known) or 'none'}."
    return f"The report has no cell {table} {row} {column}."


def _draw(
    data: bytes,
    document: Document,
    report: Report,
    chosen: Cell | None,
    report_id: str,
    source: Source,
    folder: Path,
    drawn: Drawn,
) -> None:
    """Adds the files of one report to the folder."""
    stem = f"evidence-{report_id}"
    cells = report.cells
    if chosen is not None:
        stem += f"-{_safe(chosen.table)}-{_safe(chosen.row)}-{_safe(chosen.column)}"
        if chosen.place is not None:
            cells = tuple(cell for cell in report.cells if cell.place is not None and cell.place == chosen.place)
        else:
            drawn.notes += (f"{told(chosen)}: it has no place in the document; what was read of its table is marked.",)
            cells = tuple(cell for cell in report.cells if cell.table == chosen.table)
    marks = marks_of(document, cells, chosen)
    caption = f"{told(chosen)}   raw: {chosen.raw}" if chosen else f"{report_id}: {len(report.cells)} cells"
    if document.format in _DRAWN and any(mark.page for mark in marks):
        from pipelines.evidence.page_pictures import page_pictures

        pages = sorted({mark.page for mark in marks if mark.page})
        if len(pages) > MOST_FILES:
            drawn.notes += (f"Only the first {MOST_FILES} of {len(pages)} pages are shown.",)
        for number, picture, notes in page_pictures(data, document.format, pages[:MOST_FILES], marks, caption):
            name = f"{stem}.png" if chosen and len(pages) == 1 else f"{stem}-page-{number}.png"
            picture.save(folder / name, optimize=False)
            drawn.files.append(name)
            drawn.notes += tuple(note for note in notes if note not in drawn.notes)
        return
    from pipelines.evidence.tables_page import tables_page

    page = tables_page(document, report, marks, chosen, f"{source.path} ({document.format}, {report_id})")
    (folder / f"{stem}.html").write_text(page, encoding="utf-8")
    drawn.files.append(f"{stem}.html")


def _safe(name: str) -> str:
    """A code as part of a file's name."""
    return "".join(c if c.isalnum() or c in "_-" else "_" for c in name)[:60]
