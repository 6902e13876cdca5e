"""The crawl's process: what it is told on its way, and what it tells."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from pipelines.crawl.lock import CrawlError
from pipelines.crawl.report import CrawlLimits, Event
from pipelines.registry.sources import Card

if TYPE_CHECKING:
    from pydantic import TypeAdapter

CONTACT = "GONGKAI_CONTACT"
"""The environment's variable with a mail address or a page, by which a host's keeper reaches who crawls."""

_TELLABLE = re.compile(r"[\x21-\x7e]{3,200}")


@dataclass(frozen=True, slots=True)
class Job:
    """A run: whose lists, into which archive. `agent` is what hosts are told."""

    cards: tuple[Card, ...]
    archive: str
    run: str
    years: frozenset[int] | None
    limits: CrawlLimits
    agent: str


def user_agent(cards: Sequence[Card]) -> str:
    """Who asks, and how to reach them. Raises CrawlError where hosts of the public web would not be told how."""
    contact = os.environ.get(CONTACT, "").strip()
    if not contact and all(card.kind == "local" for card in cards):
        return f"gongkai/{version('gongkai')}"
    if not _TELLABLE.fullmatch(contact):
        message = f"Set {CONTACT} to a mail address or a page: each host is told whom to ask about the crawl."
        raise CrawlError(message)
    return f"gongkai/{version('gongkai')} (+{contact})"


def job_line(job: Job) -> bytes:
    return _jobs().dump_json(job) + b"\n"


def job_of(line: bytes) -> Job:
    """Raises ValueError for what is no job."""
    return _jobs().validate_json(line)


def event_line(event: Event) -> bytes:
    return _events().dump_json(event) + b"\n"


def event_of(line: bytes) -> Event:
    """Raises ValueError for what is no event."""
    return _events().validate_json(line)


@functools.cache
def _jobs() -> TypeAdapter[Job]:
    from pydantic import TypeAdapter

    return TypeAdapter(Job)


@functools.cache
def _events() -> TypeAdapter[Event]:
    from pydantic import TypeAdapter

    return TypeAdapter(Event)
