"""How each host fares in a run: when it may be asked again, and whether it is left alone."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Literal


@dataclass(slots=True)
class Host:
    """One host. `turn`: who holds it may ask. `closed`: it is left alone for the rest of the run, with the outcome and
    the reason that its requests get."""

    name: str
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    closed: tuple[Literal["blocked", "failed"], str] | None = None
    _rests_until: float = 0.0
    _walls: int = 0
    _silences: int = 0

    async def rested(self) -> None:
        """Waits until the host may be asked again."""
        while (left := self._rests_until - time.monotonic()) > 0:
            await asyncio.sleep(left)

    def rest(self, seconds: float) -> None:
        self._rests_until = max(self._rests_until, time.monotonic() + seconds)

    def answered(self) -> None:
        self._walls = self._silences = 0

    def walled(self, limit: int) -> None:
        """A wall stood there; after `limit` of them in a row the host is left alone."""
        self._silences = 0
        self._walls += 1
        if self._walls >= limit:
            self.closed = ("blocked", "host_walled")

    def fell_silent(self, limit: int) -> None:
        """A request had no answer in all its attempts; after `limit` of them in a row the host is left alone."""
        self._silences += 1
        if self._silences >= limit:
            self.closed = ("failed", "host_silent")


class Hosts:
    """The hosts of a run, by name."""

    def __init__(self) -> None:
        self._hosts: dict[str, Host] = {}

    def __getitem__(self, name: str) -> Host:
        return self._hosts.setdefault(name, Host(name))


def retry_after(value: str | None, now: float) -> float | None:
    """Seconds that the header Retry-After asks for, given as seconds or as a date; `now` is seconds since 1970."""
    if value is None:
        return None
    if re.fullmatch(r"\s*[0-9]{1,9}\s*", value):
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, OverflowError):
        return None
