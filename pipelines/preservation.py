"""What the command does with the archive, with a person looking on: proves it, and hands it on."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pipelines.archive import Archive, ArchiveError, Damage
from pipelines.archive.warc import Exported, export


def verify(archive: Archive, console: Console, tell: Callable[[Damage], None]) -> tuple[int, int]:
    """Verifies everything, and tells each damage as it is met. How many files there are, and how many of the damages
    are a loss. Raises ArchiveError where there is no archive."""
    total, lost = archive.file_count(), 0
    if not total:
        raise ArchiveError("missing", f"There is no archive at {archive.root!r}, or nothing was fetched yet.")
    with _progress(console, "Verifying", total) as advance:
        for damage in archive.verify(advance):
            tell(damage)
            lost += not damage.harmless
    return total, lost


def export_to(archive: Archive, out: Path, sources: Sequence[str], console: Console) -> Exported:
    """Writes the sources' fetches (of none: all of them) to a WARC file, which is there at once and whole. Raises
    ArchiveError, also for a source that the archive does not know; OSError where the file cannot be written."""
    known = archive.sources()
    if strangers := sorted(set(sources) - set(known)):
        message = (
            f"The archive {archive.root!r} has no source {', '.join(strangers)}; it has {', '.join(known) or 'none'}."
        )
        raise ArchiveError("missing", message)
    half = out.with_name(f"{out.name}.{uuid.uuid4().hex}.half")
    try:
        with half.open("xb") as target, _progress(console, "Writing", None) as advance:
            exported = export(archive, target, list(dict.fromkeys(sources)) or known, advance)
        half.replace(out)
    finally:
        half.unlink(missing_ok=True)
    return exported


@contextmanager
def _progress(console: Console, what: str, total: int | None) -> Iterator[Callable[[], None]]:
    """A bar on the console where a person looks on; a pulse without a total."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=total)
        yield lambda: progress.advance(task)
