"""A line of the ledger: one thing that was asked for, and what came of it."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pydantic import TypeAdapter

LINE_BYTES = 2**20
"""A line of the ledger is at most this long."""

FetchKind = Literal["list", "page", "attachment", "robots", "document", "withdrawn"]
FetchOutcome = Literal["fetched", "unchanged", "blocked", "failed", "refused", "gone", "redirected", "retried"]
"""`redirected` and `retried` settle nothing: another request follows, with a line of its own."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a document: its name as the page gives it, its bytes, and where they came from."""

    name: str
    sha256: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """One request and its answer; or, of kind `document`, what a page and its attachments came to, with the document's
    sha256; or, of kind `withdrawn`, that a page which was held is gone.

    `at` is a time of UTC as ISO writes it; `url` is canonical, `final_url` what answered in the end; `headers` are the
    few that matter, by lower-case names; `sha256` and `size` are those of the body, which is kept, also of one that is
    unchanged; `verified` is whether the certificate of the host that answered was checked, None over plain http;
    `title`, `listed_date`, `year`, `column` and `listed_in` (the list's address) are what the link to it
    said. Raises ValueError where `at` is no such time.
    """

    at: str
    run: str
    source: str
    kind: FetchKind
    url: str
    outcome: FetchOutcome
    final_url: str | None = None
    status: int | None = None
    reason: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    sha256: str | None = None
    size: int | None = None
    seconds: float = 0.0
    verified: bool | None = None
    title: str | None = None
    listed_date: str | None = None
    year: int | None = None
    listed_in: str | None = None
    column: str | None = None
    parts: tuple[Part, ...] = ()

    def __post_init__(self) -> None:
        if self.moment.utcoffset() != timedelta(0):
            raise ValueError(f"{self.at!r} is no time of UTC")

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)


def now() -> str:
    """The time as a fetch tells it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def line_of(fetch: Fetch) -> bytes:
    """The fetch as a line of JSON, with its end. What is no text (half a character) becomes a question mark.

    Raises ValueError for what could not be read back.
    """
    told = {name: value for name, value in asdict(fetch).items() if value not in (None, (), {})}
    line = json.dumps(told, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8", "replace")
    fetch_of(line)
    return line + b"\n"


def fetch_of(line: bytes) -> Fetch:
    """The fetch that a line holds; fields that are not known are passed over. Raises ValueError for any other line."""
    if len(line.rstrip(b"\n")) > LINE_BYTES:
        raise ValueError(f"longer than {LINE_BYTES} bytes")
    return _lines().validate_json(line)


@functools.cache
def _lines() -> TypeAdapter[Fetch]:
    from pydantic import TypeAdapter

    return TypeAdapter(Fetch)
