"""The archive: bytes, documents and the ledger under one root."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence

from pipelines.archive import blobs, documents
from pipelines.archive.balance import Balance, balance_of
from pipelines.archive.fetch import Fetch, Part
from pipelines.archive.ledger import FOLDER, Ledger
from pipelines.archive.ledger_lines import LedgerFile, Unread, fetches_of, ledger_files, warn
from pipelines.archive.storage import ArchiveError, Storage
from pipelines.archive.verification import Damage, damages, file_count


class Archive:
    """What was ever fetched. `root` is a folder, or an address that fsspec knows (`s3://bucket/archive`).

    Any number of processes may read and write at once. Methods raise ArchiveError with words that say what to do.
    """

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.storage = Storage(root)

    @property
    def root(self) -> str:
        return self.storage.root

    def put(self, data: bytes) -> str:
        """Keeps the bytes, once, and gives their sha256."""
        return blobs.put_blob(self.storage, data)

    def get(self, sha256: str) -> bytes:
        """The bytes, whose hash was checked. Raises ArchiveError: `missing`, `damaged`, `too_large`."""
        return blobs.get_blob(self.storage, sha256)

    def has(self, sha256: str) -> bool:
        """Whether the bytes are kept: only then may a server be asked whether they have changed."""
        return self.storage.exists(blobs.blob_name(sha256))

    def put_document(self, parts: Sequence[Part]) -> str:
        """Keeps which parts, in this order, make a document, and gives its sha256; of one part, the part's own."""
        return documents.put_document(self.storage, parts)

    def document(self, sha256: str) -> bytes:
        """A document's bytes: a blob's, or the ZIP of the parts. Raises ArchiveError: `missing`, `damaged`,
        `too_large`."""
        if self.has(sha256):
            return self.get(sha256)
        try:
            return documents.get_document(self.storage, sha256)
        except ArchiveError as error:
            if error.code == "missing" and not self.storage.exists(documents.recipe_name(sha256)):
                raise ArchiveError("missing", f"The archive {self.root!r} holds no document {sha256}.") from error
            raise

    def document_size(self, sha256: str) -> int:
        """A document's size in bytes, without opening more of it than its head. Raises ArchiveError as `document`."""
        if self.has(sha256):
            return blobs.blob_size(self.storage, sha256)
        return documents.get_recipe(self.storage, sha256).size

    def ledger(self, source: str, run: str) -> Ledger:
        """A writer of what a run does with a source, for `with`."""
        return Ledger(self.storage, source, run)

    def fetches(self, source: str, unread: Unread = warn, *, files: Iterable[str] | None = None) -> Iterator[Fetch]:
        """All of a source, or of these files of its ledger, in order of time. Lines that hold no fetch (the torn last
        one of a writer that was killed) are passed over, and told to `unread`."""
        names = ledger_files(self.storage, source) if files is None else files
        yield from fetches_of((LedgerFile(self.storage, name) for name in names), unread)

    def balance(self, source: str, unread: Unread = warn) -> Balance:
        """What a source's fetches come to. Only those are read that came since somebody last asked; and only of those
        are lines that hold no fetch told to `unread`."""
        return balance_of(self.storage, source, unread)

    def sources(self) -> list[str]:
        """The sources that have a ledger, by name."""
        return self.storage.folders(FOLDER)

    def verify(self, checked: Callable[[], None] = lambda: None) -> Iterator[Damage]:
        """Reads everything, and yields what is not what it was. `checked` is called after each of `file_count` files.
        Others may write meanwhile."""
        return damages(self.storage, checked)

    def file_count(self) -> int:
        """How many files the archive has, by listing them."""
        return file_count(self.storage)
