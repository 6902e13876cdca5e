"""A crawl as a person sees it: how far it is, and what came of each source."""

from __future__ import annotations

from collections import Counter

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from pipelines.crawl.report import CrawlReport, Event, SourceReport

COUNTS = ("found", "fetched", "unchanged", "blocked", "failed", "refused", "withdrawn")
_BAD = {"blocked", "failed", "withdrawn"}


class CrawlWatcher:
    """A bar over the sources with what they have given so far; where nobody looks on, a line for each source that ends.

    To be used as a context.
    """

    def __init__(self, console: Console, sources: int) -> None:
        self._console = console
        self._settled: Counter[str] = Counter()
        self._progress = Progress(
            TextColumn("Crawling"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._task = self._progress.add_task("", total=sources)

    def __enter__(self) -> CrawlWatcher:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def __call__(self, event: Event) -> None:
        if event.kind == "settled" and event.outcome is not None:
            self._settled[event.outcome] += 1
            told = ", ".join(f"{self._settled[name]} {name}" for name in COUNTS if self._settled[name])
            self._progress.update(self._task, description=told)
        elif event.kind == "ended" and event.report is not None:
            self._progress.advance(self._task)
            if not self._console.is_terminal:
                self._console.print(_printable(_line(event.report)), soft_wrap=True, markup=False, highlight=False)


def show(report: CrawlReport, console: Console) -> None:
    """The table of all sources, and below it what was wrong with which."""
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("source", overflow="fold")
    for name in (*COUNTS, "s"):
        table.add_column(name, justify="right", no_wrap=True)
    for source in report.sources:
        cells = [_count(name, getattr(source, name)) for name in COUNTS]
        style = "" if source.complete else "yellow"
        table.add_row(Text(source.source, style=style), *cells, f"{source.seconds:.0f}")
    console.print(table)
    for source in report.sources:
        for problem in source.problems:
            console.print(Text(_printable(f"{source.source}: {problem}"), style="yellow"), soft_wrap=True)
    if report.stopped is not None:
        console.print(Text(_printable(f"It ended early: {report.stopped}"), style="red"), soft_wrap=True)


def _count(name: str, count: int) -> Text:
    return Text(str(count) if count else "·", style="red" if count and name in _BAD else "" if count else "dim")


def _line(source: SourceReport) -> str:
    counts = ", ".join(f"{getattr(source, name)} {name}" for name in COUNTS if getattr(source, name))
    return f"{source.source}: {counts or 'nothing found'}{'' if source.complete else ' (not complete)'}"


def _printable(text: str) -> str:
    """Without what would steer a terminal."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
