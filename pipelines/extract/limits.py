"""What a document may cost, and how an extractor refuses one.

The largest real reports are a few megabytes, some hundred rows and less than a hundred thousand characters; the bounds
leave two orders of magnitude and keep the worst document within seconds and a gigabyte.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

from pipelines.model import Issue

DOCUMENT_BYTES = 64 * 1024 * 1024
TEXT_CHARACTERS = 8_000_000
"""Of a document's text as it is given out."""
LINES = 400_000
BLOCK_DEPTH = 2_000
"""Nested elements of a markup tree."""
TABLE_DEPTH = 50
"""Tables within tables."""
MARKUP_TAGS = 400_000
MARKUP_BYTES = 32 * 1024 * 1024
TAG_ATTRIBUTES = 5_000
GRID_COLUMNS = 20_000
GRID_SLOTS = 4_000_000
"""Places that the cells of one grid may cover together."""
DOCUMENT_CELLS = 200_000
ZIP_MEMBERS = 10_000
ZIP_RATIO = 250
ZIP_TOTAL_BYTES = 512 * 1024 * 1024
XML_BYTES = 32 * 1024 * 1024
XML_TAGS = 1_500_000
ISSUES_OF_A_KIND = 50


RECOGNITION: ContextVar[Callable[[int], None] | None] = ContextVar("RECOGNITION", default=None)
"""Told how many pages are about to be recognised, which takes seconds a page; who bounds the time sets it."""


def announce_recognition(pages: int) -> None:
    """Says that so many pages are about to be recognised."""
    told = RECOGNITION.get()
    if told is not None:
        told(pages)


WAITING: ContextVar[Callable[[float], None] | None] = ContextVar("WAITING", default=None)
"""Told how many seconds a program that reads for this process was ready and got no processor; who bounds the time sets
it."""


def announce_waiting(seconds: float) -> None:
    """Says that another program waited so long for a processor."""
    told = WAITING.get()
    if told is not None:
        told(seconds)


class Unreadable(Exception):
    """A document that gives nothing; `issue` says why and what to do."""

    def __init__(self, code: str, message: str, where: str = "") -> None:
        super().__init__(f"{code}: {message}")
        self.issue = Issue(code, message, where)


def text_too_long() -> Unreadable:
    return Unreadable("too_large", f"The document holds more than {TEXT_CHARACTERS} characters of text; split it.")


def grid_too_large(where: str = "") -> Unreadable:
    return Unreadable("too_large", "A table is larger than any report prints; look at the document by hand.", where)
