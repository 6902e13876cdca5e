"""Ends a crawl as a power cut does."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

from tests.factory.web.server import Request

_CRAWLER = b"pipelines.crawl.process"


def crawlers() -> list[int]:
    """The crawlers that this process has started and that run."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            command = (entry / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == os.getpid() and _CRAWLER in command:
            found.append(int(entry.name))
    return found


def kill_at(moment: int, answered: bool) -> Callable[[Request, bool], None]:
    """A watch of the web that kills the crawler when so many requests have come, before their answer or after it."""
    seen = 0

    def watch(request: Request, gone: bool) -> None:
        nonlocal seen
        if gone == answered:
            seen += 1
            if seen == moment:
                for crawler in crawlers():
                    os.kill(crawler, signal.SIGKILL)

    return watch
