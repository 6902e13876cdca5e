"""A run as a person sees it: the step it is at, and how many documents are read."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


class ConsoleWatcher:
    """A line for each step, with a bar where its length is known; where nobody looks on, a line each and no bar."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._task: TaskID | None = None
        self._step = ""

    def begin(self, step: str) -> None:
        if step == self._step:
            return
        self._step = step
        self._finish()
        if self._console.is_terminal:
            self._progress.start()
            self._task = self._progress.add_task(escape(step), total=None)
        else:
            self._console.print(escape(step))

    def advance(self, done: int, total: int) -> None:
        if self._task is not None:
            self._progress.update(self._task, completed=done, total=total)

    def fail(self, text: str) -> None:
        self._progress.stop()
        self._console.print(f"[red]{escape(text)}[/red]", soft_wrap=True)

    def end(self, lines: Iterable[str]) -> None:
        self._finish()
        self._progress.stop()
        for line in lines:
            self._console.print(escape(line), soft_wrap=True)

    def _finish(self) -> None:
        if self._task is not None:
            task = self._progress.tasks[-1]
            length = task.total if task.total is not None else 1
            self._progress.update(self._task, completed=length, total=length)
            self._task = None
