"""The command line. Commands import what they need when they run: the start stays below a second."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from pipelines.model import Reading, Source

PATHS = click.Path(path_type=str)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gongkai", prog_name="gongkai")
def main() -> None:
    """Annual reports on government information disclosure, read, checked and kept in one warehouse."""


def command() -> NoReturn:
    """The command `gongkai`: `main`, and an end that frees nothing. A process gives its memory back whole; freed object
    by object, that of a large build takes half a second."""
    status = 0
    try:
        main()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:  # Who read the output has gone.
        status = status or 1
    os._exit(status)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=PATHS)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each report.")
def parse(paths: tuple[str, ...], as_json: bool) -> None:
    """Read reports from files and folders and show their numbers, and what contradicts itself."""
    from pipelines.discovery import discover
    from pipelines.model import FiledReport, Refusal

    sources = list(discover(paths))
    if not sources:
        raise click.ClickException(f"There is no document in {', '.join(map(repr, paths))}.")
    # While other processes read, this one loads what judges.
    threading.Thread(target=import_module, args=("pipelines.warehouse",)).start()
    readings = list(_progress(sources))
    flags = {}
    if any(isinstance(reading, FiledReport) for reading in readings):
        from pipelines.warehouse import judge

        flags = judge(readings)
    if as_json:
        from pipelines.json_lines import json_line

        for reading in readings:
            found = flags.get(reading.report_id, ()) if isinstance(reading, FiledReport) else ()
            click.echo(json_line(reading, found))
    else:
        from pipelines.report_view import show

        show(readings, flags)
    if any(isinstance(reading, Refusal) for reading in readings):
        sys.exit(1)


@main.command()
@click.argument("paths", nargs=-1, type=PATHS)
@click.option("--full", is_flag=True, help="Read everything anew.")
def build(paths: tuple[str, ...], full: bool) -> None:
    """Bring the warehouse up to date: with given files and folders, or with the registered sources."""
    from pathlib import Path

    missing = [path for path in paths if not Path(path).exists()]
    if missing:
        raise click.ClickException(f"There is no {', '.join(map(repr, missing))}.")
    from pipelines.intake import warm_up

    # While other processes load what reads, this one loads what runs the job.
    warm_up()
    run = import_module("pipelines.defs.run")
    sys.exit(0 if run.build([Path(path) for path in paths], full=full) else 1)


@main.command()
@click.argument("report")
@click.argument("cell", nargs=-1, metavar="[TABLE ROW COLUMN]")
@click.option("--out", type=PATHS, help="Folder, or the name of the one file; else the current folder.")
def show(report: str, cell: tuple[str, ...], out: str | None) -> None:
    """Draw what a number was read from: the page, or the table, with its place marked.

    REPORT is a file, or the report_id of one in the warehouse; without a cell, all that was read is marked.
    """
    from pathlib import Path

    from pipelines.evidence import NoEvidence
    from pipelines.evidence import show as show_evidence
    from pipelines.paths import data_home

    if len(cell) not in (0, 3):
        raise click.UsageError("A cell has three names: TABLE ROW COLUMN.")
    try:
        shown = show_evidence(
            report, (cell[0], cell[1], cell[2]) if cell else None, Path(out) if out else None, data_home()
        )
    except NoEvidence as error:
        raise click.ClickException(str(error)) from None
    for note in shown.notes:
        click.echo(note, err=True)
    for file in shown.files:
        click.echo(file)


@main.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "--year",
    "years",
    multiple=True,
    type=click.IntRange(2000, 2100),
    help="Only reports of this year; may be repeated.",
)
@click.option("--run", "run_id", help="Go on with this run where it stopped; else a new one begins.")
def crawl(sources: tuple[str, ...], years: tuple[int, ...], run_id: str | None) -> None:
    """Fetch what the registered sources have published, into the archive: all of them, or the ones named.

    Ends with a non-zero status where a source was not read to its end.
    """
    from datetime import UTC, datetime

    from rich.console import Console

    from pipelines.archive import Archive, ArchiveError
    from pipelines.crawl import CrawlError
    from pipelines.crawl_view import CrawlWatcher
    from pipelines.crawl_view import show as show_crawl
    from pipelines.night.crawling import crawl_recorded
    from pipelines.paths import data_home
    from pipelines.registry.divisions import RegistryError
    from pipelines.registry.sources import load_cards

    console = Console(stderr=True)
    run = run_id or datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    again = " ".join(["gongkai crawl", *sources, *(f"--year {year}" for year in years), f"--run {run}"])
    try:
        cards = [card for card in load_cards() if card.lists and (card.source in sources or not sources)]
        known = {card.source for card in cards}
        if unknown := [source for source in sources if source not in known]:
            raise click.ClickException(
                f"No card with lists is named {', '.join(map(repr, unknown))} in data/registry/sources/."
            )
        with CrawlWatcher(console, len(cards)) as watcher:
            report = crawl_recorded(
                cards, Archive(data_home().archive), run=run, years=frozenset(years) or None, watch=watcher
            )
    except (CrawlError, ArchiveError, RegistryError) as error:
        raise click.ClickException(str(error)) from None
    except KeyboardInterrupt:
        raise click.ClickException(
            f"Stopped. What was fetched is kept; this goes on with the rest:\n  {again}"
        ) from None
    show_crawl(report, Console())
    if report.stopped is not None:
        click.echo(f"This goes on with the rest:\n  {again}", err=True)
    sys.exit(0 if report.complete else 1)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8050, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--write", is_flag=True, help="Let people give verdicts on flags.")
def dashboard(host: str, port: int, write: bool) -> None:
    """Show the published warehouse in a browser: what ran, what is there, and what contradicts itself."""
    from pipelines.dashboard import listening, make_app
    from pipelines.dashboard.server import advice, needs_proxy
    from pipelines.paths import data_home

    home = data_home()
    app = make_app(home.warehouse, home, write=write)
    if needs_proxy(host):
        click.echo(advice(write=write), err=True)
    shown = f"[{host}]" if ":" in host else host
    try:
        with listening(app, host, port) as server:
            click.echo(f"http://{shown}:{port}/ shows {home.warehouse}; Ctrl+C ends it.")
            server.serve_forever()
    except OSError as error:
        words = error.strerror or error
        raise click.ClickException(f"{host}:{port} cannot be listened on: {words}. Choose another --port.") from None
    except KeyboardInterrupt:
        click.echo("Ended.", err=True)


@main.group()
def archive() -> None:
    """What was ever fetched: prove it, and hand it on to those who preserve."""


@archive.command()
def verify() -> None:
    """Read every byte of the archive, and name what is not as it was fetched, with what to do.

    Ends with a non-zero status where something is lost.
    """
    from rich.console import Console

    from pipelines.archive import Archive, ArchiveError, Damage
    from pipelines.paths import data_home
    from pipelines.preservation import verify as verify_all

    def tell(damage: Damage) -> None:
        click.echo(f"{'note' if damage.harmless else 'LOST'} {damage.code}: {_printable(damage.path)}")
        click.echo(f"  {_printable(damage.message)}")

    try:
        files, lost = verify_all(Archive(data_home().archive), Console(stderr=True), tell)
    except ArchiveError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{files} files verified: {f'{lost} damages' if lost else 'every hash holds'}.")
    sys.exit(1 if lost else 0)


@archive.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=str), metavar="OUT.warc.gz")
@click.option("--source", "sources", multiple=True, help="Only this source; may be repeated.")
def export(out: str, sources: tuple[str, ...]) -> None:
    """Write what was fetched, and the whole ledger, as one WARC file (ISO 28500)."""
    from pathlib import Path

    from rich.console import Console

    from pipelines.archive import Archive, ArchiveError
    from pipelines.paths import data_home
    from pipelines.preservation import export_to

    try:
        done = export_to(Archive(data_home().archive), Path(out), sources, Console(stderr=True))
    except ArchiveError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror or error}.") from None
    click.echo(f"{out}: {done.responses} responses, {done.revisits} revisits, {done.lines} lines of the ledger.")
    if done.missing:
        raise click.ClickException(f"{done.missing} bodies are missing or damaged; see gongkai archive verify.")


@main.command()
@click.argument("file", type=PATHS)
@click.option("--before", type=PATHS, help="The agency's report of the year before; else the warehouse's.")
@click.option("--out", type=PATHS, help="The page; else FILE.check.html in the current folder.")
def check(file: str, before: str | None, out: str | None) -> None:
    """Check a report before it is published, and write a page (in Chinese) of what contradicts itself.

    Ends with status 0 where nothing does, else 1.
    """
    from pathlib import Path

    from pipelines.check import CheckError
    from pipelines.check import check as check_draft
    from pipelines.paths import data_home

    try:
        found = check_draft(
            Path(file), data_home(), before=Path(before) if before else None, out=Path(out) if out else None
        )
    except CheckError as error:
        raise click.ClickException(str(error)) from None
    for refusal in found.refusals:
        click.echo(f"Not read: {_printable(refusal.issue.message)} ({refusal.issue.code})", err=True)
    for report in found.reports:
        counted = f"{len(report.to_mend)} contradictions, {len(report.undecided)} rules undecided"
        click.echo(f"{_printable(report.filed.report.title or '(no title)')}: {counted}")
    click.echo(str(found.page))
    sys.exit(0 if found.clean else 1)


@main.command()
@click.option("--county", "division", required=True, help="The six digits of the division, as 411224.")
@click.option("--year", required=True, type=click.IntRange(2000, 2100), help="The year reported on.")
@click.option("--out", type=PATHS, help="Folder; else findings-COUNTY-YEAR in the current one.")
def findings(division: str, year: int, out: str | None) -> None:
    """What does not agree in a county's reports: a workbook, and a letter (in Chinese) for each agency."""
    from pathlib import Path

    from rich.console import Console

    from pipelines.findings import FindingsError
    from pipelines.findings import findings as write_findings
    from pipelines.paths import data_home

    console = Console(stderr=True, highlight=False)
    with console.status("") as status:
        try:
            found = write_findings(
                division,
                year,
                data_home(),
                Path(out or f"findings-{division}-{year}"),
                watch=lambda agency: status.update(_printable(agency)),
            )
        except FindingsError as error:
            raise click.ClickException(str(error)) from None
    for note in found.notes:
        click.echo(f"No picture: {_printable(note)}", err=True)
    click.echo(f"{found.findings} findings in {len(found.letters)} of {found.reports} reports: {found.folder}")
    if found.doubtful:
        click.echo(f"{found.doubtful} more may be the reader's fault: they stand in {found.workbook.name} alone.")


@main.command()
@click.option("--nightly", is_flag=True, help="Move only the pointer `nightly`, in place of the nightly one before.")
def release(nightly: bool) -> None:
    """Make an immutable release of the published warehouse: data, dictionary, notes of what changed, checksums."""
    from rich.console import Console

    from pipelines.data_docs import write_data_docs
    from pipelines.paths import data_home
    from pipelines.release import ReleaseError
    from pipelines.release import release as make_release

    console = Console(stderr=True, highlight=False)
    with console.status("") as status:
        try:
            made = make_release(
                data_home(),
                channel="nightly" if nightly else "latest",
                watch=status.update,
                data_docs=write_data_docs,
            )
        except ReleaseError as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"{made.folder}: {made.files} files, {made.size / 2**20:.1f} MiB. Open {made.folder / 'index.html'}.")
    if made.changes:
        click.echo(f"Since {made.changes.before}: {made.changes.numbers} numbers changed; see notes.html.")


def _printable(text: str) -> str:
    """Without what would steer a terminal."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def _progress(sources: list[Source]) -> Iterator[Reading]:
    """All readings in the order of the sources; says how far it is where a person looks on."""
    from pipelines.engine import NoEngine
    from pipelines.intake import read_all

    try:
        with closing(read_all(sources)) as results:
            if len(sources) == 1 or not sys.stderr.isatty():
                for readings in results:
                    yield from readings
                return
            from rich.console import Console
            from rich.progress import track

            for readings in track(results, "Reading", total=len(sources), console=Console(stderr=True), transient=True):
                yield from readings
    except NoEngine as error:
        raise click.ClickException(str(error)) from None
