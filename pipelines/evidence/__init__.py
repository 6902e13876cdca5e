"""What a number was read from, to look at: the page with the number's box marked, or the table with its cell."""

from __future__ import annotations

import functools
import shutil
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pipelines import engine
from pipelines.evidence.finding import NoEvidence, Wanted, wanted
from pipelines.evidence.worker import draw, drawn_in
from pipelines.model import Refusal
from pipelines.paths import DataHome

__all__ = ["NoEvidence", "Shown", "show"]


@dataclass(frozen=True, slots=True)
class Shown:
    """The files that were written, and what to know of them."""

    files: tuple[Path, ...]
    notes: tuple[str, ...]


def show(report: str, cell: tuple[str, str, str] | None, out: Path | None, home: DataHome) -> Shown:
    """Draws the evidence of a report (a file, or the `report_id` of one in the published warehouse): of one cell
    (table, row, column), or of all its cells.

    Files go to `out`: a folder, or the file's own name where there is one file; else to the current folder, named
    `evidence-<report_id>...`. The document is read and drawn in a process of its own, within the engine's limits.
    Raises `NoEvidence` with words that say what to do.
    """
    asked = wanted(report, home)
    with tempfile.TemporaryDirectory(prefix="gongkai-evidence-") as folder:
        _in_a_process(asked, cell, Path(folder))
        drawn = drawn_in(Path(folder))
        return Shown(tuple(_placed([Path(folder) / name for name in drawn.files], out)), drawn.notes)


def _in_a_process(asked: Wanted, cell: tuple[str, str, str] | None, folder: Path) -> None:
    read = functools.partial(draw, report_id=asked.report_id, cell=cell, folder=str(folder))
    with closing(engine.map_documents([asked.source], read=read, preload=["pipelines.warm"])) as results:
        for readings in results:
            for reading in readings:
                if isinstance(reading, Refusal):
                    raise NoEvidence(f"{asked.source.path}: {reading.issue.message} ({reading.issue.code})")


def _placed(files: list[Path], out: Path | None) -> list[Path]:
    """Moves the files to where they were asked for."""
    try:
        if out is not None and len(files) == 1 and out.suffix == files[0].suffix and not out.is_dir():
            out.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(files[0], out)
            return [out]
        target = out or Path()
        target.mkdir(parents=True, exist_ok=True)
        for file in files:
            shutil.copyfile(file, target / file.name)
    except OSError as error:
        raise NoEvidence(f"Nothing can be written to {str(out or Path().absolute())!r}: {error.strerror}.") from error
    return [target / file.name for file in files]
