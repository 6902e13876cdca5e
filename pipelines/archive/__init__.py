"""What was fetched: bytes by sha256, documents of several parts, and an append-only ledger, in a folder or a bucket."""

from pipelines.archive.archive import Archive
from pipelines.archive.fetch import Fetch, FetchKind, FetchOutcome, Part, now
from pipelines.archive.holdings import Body, Holding, Version, holdings, last_bodies
from pipelines.archive.ledger import Ledger, UnreadLine
from pipelines.archive.storage import ArchiveError

__all__ = [
    "Archive",
    "ArchiveError",
    "Body",
    "Fetch",
    "FetchKind",
    "FetchOutcome",
    "Holding",
    "Ledger",
    "Part",
    "UnreadLine",
    "Version",
    "holdings",
    "last_bodies",
    "now",
]
