"""What was fetched: bytes by sha256, documents of several parts, and an append-only ledger, in a folder or a bucket."""

from pipelines.archive.archive import Archive
from pipelines.archive.fetch import Fetch, FetchKind, FetchOutcome, Part, now
from pipelines.archive.holdings import Holding, Version, holdings
from pipelines.archive.ledger import Ledger, UnreadLine
from pipelines.archive.storage import ArchiveError
from pipelines.archive.verification import Damage

__all__ = [
    "Archive",
    "ArchiveError",
    "Damage",
    "Fetch",
    "FetchKind",
    "FetchOutcome",
    "Holding",
    "Ledger",
    "Part",
    "UnreadLine",
    "Version",
    "holdings",
    "now",
]
