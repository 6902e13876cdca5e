"""robots.txt: what a host asks of robots (RFC 9309)."""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego

ROBOTS_BYTES = 512 * 1024
"""A parser reads at least 500 KiB of it (RFC 9309, 2.5)."""
_TRANSIENT = {429}


@dataclass(frozen=True, slots=True)
class Rules:
    """What one origin allows. `closed` is why nothing of it may be asked for in this run."""

    agent: str
    parsed: Protego | None = None
    closed: str | None = None

    def refusal(self, url: str) -> str | None:
        """Why the address may not be asked for, None where it may."""
        if self.closed is not None:
            return self.closed
        if self.parsed is not None and not self.parsed.can_fetch(url, self.agent):
            return "robots"
        return None

    def delay(self) -> float:
        """Seconds between two requests that the host asks for, 0 where it asks for nothing."""
        delay = self.parsed.crawl_delay(self.agent) if self.parsed is not None else None
        return max(0.0, float(delay or 0))


def rules(agent: str, status: int | None, body: bytes) -> Rules:
    """The rules of the answer to /robots.txt; `status` None means that there was no answer.

    Who has no such file allows everything (4xx). Who cannot answer (5xx, none at all) is left alone for this run.
    """
    if status is None or status >= 500 or status in _TRANSIENT:
        return Rules(agent, closed="robots_unknown")
    if status >= 400 or not body:
        return Rules(agent)
    return Rules(agent, parsed=Protego.parse(body[:ROBOTS_BYTES].decode("utf-8", errors="replace")))
