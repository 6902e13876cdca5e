"""The words between who decides what is asked for and who carries the bytes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Ask:
    """One HTTP request; it is sent once, and no redirect is followed."""

    url: str
    host: str
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host answered: names of headers in lower case, the body decompressed. `verified`: whether its certificate
    was checked, None over plain http."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    verified: bool | None = None


OF_TLS = ("tls_failed", "certificate_untrusted", "certificate_name")


class NoAnswer(Exception):
    """There was no whole answer.

    `timeout`, `unresolved`, `connection_refused`, `connection_lost`, `wrong_length`, `damaged`: may go better later;
    `too_large`: will not; `private`: the host's name leads to an address that is not public; `tls_failed`: no encrypted
    connection was agreed on; `certificate_untrusted`, `certificate_name`: the host is not proved to be who it says.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def passing(self) -> bool:
        return self.reason not in ("too_large", "private", *OF_TLS)

    @property
    def silent(self) -> bool:
        """Whether the host itself seems to be away."""
        return self.reason in ("timeout", "unresolved", "connection_refused", "connection_lost")


Transport = Callable[[Ask], Awaitable[Answer]]
