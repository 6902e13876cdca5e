"""What was fetched: bytes by sha256, documents of several parts, and an append-only ledger, in a folder or a bucket."""

from pipelines.archive.answered import Held
from pipelines.archive.archive import Archive
from pipelines.archive.balance import Balance
from pipelines.archive.fetch import Fetch, FetchKind, FetchOutcome, Part, now
from pipelines.archive.holdings import Holding, Version
from pipelines.archive.ledger import Ledger
from pipelines.archive.ledger_lines import UnreadLine
from pipelines.archive.storage import ArchiveError
from pipelines.archive.verification import Damage

__all__ = [
    "Archive",
    "ArchiveError",
    "Balance",
    "Damage",
    "Fetch",
    "FetchKind",
    "FetchOutcome",
    "Held",
    "Holding",
    "Ledger",
    "Part",
    "UnreadLine",
    "Version",
    "now",
]
