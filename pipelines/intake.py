"""One document's bytes to readings: extract, read, and the registry's word on whose report it is. The readers are
imported where they run: who only hands out work does not load them."""

from __future__ import annotations

import functools
import hashlib
import logging
import time
from collections.abc import Generator, Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from pipelines import engine
from pipelines.discovery import Unopenable, read_bytes_of, snapshot_of
from pipelines.discovery import discover as discover
from pipelines.engine.guard import excuse, grant, place_of
from pipelines.model import Document, FiledReport, Issue, Reading, Refusal, Report, Snapshot, Source

if TYPE_CHECKING:
    from pipelines.forms.schema import Form
    from pipelines.registry import Registry

log = logging.getLogger(__name__)

_PACKAGE = Path(__file__).parent
_NEEDED = "pipelines.warm"
_READERS = ("model.py", "intake.py", "extract", "read", "forms")
_LIBRARIES = (
    "pypdfium2", "pdfplumber", "selectolax", "webencodings", "lxml", "python-docx", "xlrd", "olefile", "opencc", "cn2an"
)  # fmt: skip
_OPTIONAL = ("rapidocr", "onnxruntime", "opencv-python-headless", "pillow")
"""What is installed of them decides whether pictures are read."""


def read_all(
    sources: Iterable[Source], *, ordered: bool = True, workers: int | None = None
) -> Generator[tuple[Reading, ...], None, None]:
    """What each source holds, in their order or as completed, read by the engine: a document that crashes or hangs its
    reader is a refusal."""
    few = isinstance(sources, list) and len(sources) <= 1
    preload = [_NEEDED] if few else _every_reader()
    results = engine.map_documents(sources, read=read_source, preload=preload, ordered=ordered, workers=workers)
    with closing(results):
        for readings in results:
            yield tuple(_identified(reading) for reading in readings)


def warm_up() -> None:
    """Begins to load the readers, where there will be documents to read soon."""
    engine.warm_up(_every_reader())


def _every_reader() -> list[str]:
    return [_NEEDED, *(f"pipelines.extract.{file.stem}" for file in sorted((_PACKAGE / "extract").glob("[a-z]*.py")))]


def read_source(source: Source) -> tuple[Reading, ...]:
    """Opens the source and reads it with the project's forms and registry. Never raises for a document's sake."""
    try:
        data, snapshot = read_bytes_of(source)
    except Unopenable as error:
        return (Refusal(Snapshot(source, "", 0), error.issue),)
    from pipelines.extract.limits import RECOGNITION, WAITING

    recognising, waiting = RECOGNITION.set(grant), WAITING.set(excuse)
    try:
        return read_bytes(data, snapshot, load_forms_once(), load_registry_once())
    finally:
        RECOGNITION.reset(recognising)
        WAITING.reset(waiting)


def read_bytes(data: bytes, snapshot: Snapshot, forms: Mapping[str, Form], registry: Registry) -> tuple[Reading, ...]:
    """The document's reports, or one refusal that says why there is none. Never raises for a document's sake: what a
    reader did not foresee is a refusal `reader_failed` that names the place in our code."""
    from pipelines.extract import Unreadable, extract
    from pipelines.read import NotAReport, read

    started = time.perf_counter()
    document: Document | None = None
    try:
        document = extract(data, PurePath(snapshot.source.path).name)
        # Of the project's own forms `read` keeps its index of labels; of others it makes one for each document.
        own = None if forms is load_forms_once() else forms
        reports = read(document, source=snapshot.source, forms=own)
        filed = [_file(report, ordinal, document, snapshot, registry) for ordinal, report in enumerate(reports)]
    except (Unreadable, NotAReport) as error:
        issue = error.issue
    except MemoryError:
        issue = Issue("out_of_memory", "Reading it takes more memory than a document may have.")
    except RecursionError as error:
        issue = Issue("too_deep", f"It is nested deeper than a reader follows ({place_of(error)}).")
    except Exception as error:
        issue = Issue("reader_failed", f"{type(error).__name__} at {place_of(error)}: {error!s:.200}")
        log.warning("reader_failed: %r: %s", snapshot.source.path, issue.message)
        log.debug("reader_failed: %r", snapshot.source.path, exc_info=True)
    else:
        if filed:
            seconds = (time.perf_counter() - started) / len(filed)
            return tuple(replace(report, seconds=seconds) for report in filed)
        issue = Issue("not_a_report", "No annual report stands in it.")
    seconds = time.perf_counter() - started
    return (Refusal(snapshot, issue, document.format if document else None, seconds),)


@functools.cache
def load_forms_once() -> Mapping[str, Form]:
    from pipelines.forms import load_forms

    return load_forms()


@functools.cache
def load_registry_once() -> Registry:
    from pipelines.registry import load_registry

    return load_registry()


@functools.cache
def reader_digest() -> str:
    """Changes with the code, the libraries and the converter that turn bytes into reports: a part of a reading's cache
    key."""
    from importlib import metadata

    from pipelines.extract.converter import program

    digest = hashlib.sha256()
    for file in sorted(_reader_files()):
        digest.update(f"{file.relative_to(_PACKAGE).as_posix()}\0".encode() + file.read_bytes() + b"\0")
    for library in _LIBRARIES:
        digest.update(f"{library} {metadata.version(library)}\0".encode())
    for library in _OPTIONAL:
        with suppress(metadata.PackageNotFoundError):
            digest.update(f"{library} {metadata.version(library)}\0".encode())
    digest.update(f"converter {program() is not None}\0".encode())
    return digest.hexdigest()


def _reader_files() -> list[Path]:
    named = [_PACKAGE / name for name in _READERS]
    below = (file for folder in named if folder.is_dir() for file in folder.rglob("*"))
    return [path for path in named if path.is_file()] + [file for file in below if file.suffix in (".py", ".yml")]


def _identified(reading: Reading) -> Reading:
    """A refusal for a reader that died knows its bytes too, so that the same bytes need not be tried again."""
    if isinstance(reading, Refusal) and not reading.snapshot.sha256:
        return replace(reading, snapshot=snapshot_of(reading.snapshot.source))
    return reading


def _file(report: Report, ordinal: int, document: Document, snapshot: Snapshot, registry: Registry) -> FiledReport:
    resolution = registry.resolve(report.agency, source=snapshot.source, places=report.places, year=report.year)
    return FiledReport(
        report_id=f"{snapshot.sha256[:16]}-{ordinal}",
        snapshot=snapshot,
        ordinal=ordinal,
        format=document.format,
        report=report,
        agency=resolution.agency,
        issues=resolution.issues,
    )
