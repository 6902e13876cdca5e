"""Whether everything that the archive holds is what it was when it was fetched."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipelines.archive import balance, blobs, documents, ledger
from pipelines.archive.balance import Balance, balance_name, current_balance
from pipelines.archive.ledger_lines import LedgerFile, UnreadLine, fetches_of, ledger_files
from pipelines.archive.storage import HALF, ArchiveError, Storage

_LOST = "Put it back from a backup; or delete it and crawl again, and it is asked for anew."
_AWAY = "It may be sound: look at the disk, the bucket and who may read it, and verify again."


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that is not as it should be: a stable code, the file, and what it is and what to do. Of what is
    `harmless` nothing is lost that was ever kept."""

    code: str
    path: str
    message: str
    harmless: bool = False


def file_count(storage: Storage) -> int:
    """How many files there are to verify."""
    return sum(1 for folder in (blobs.FOLDER, documents.FOLDER, ledger.FOLDER) for _ in storage.names(folder))


def damages(storage: Storage, checked: Callable[[], None]) -> Iterator[Damage]:
    """Reads every byte of the archive, and yields what is wrong: blobs and documents that are not what their name says,
    lines of the ledger that cannot be read, what the ledger names and nobody holds, and balances that are not what
    their ledger comes to. `checked` is called after each file. May run while others write. Memory grows with the pages
    of one source, and with what is wrong."""
    yield from _wrong_files(storage, blobs.FOLDER, blobs.SUFFIX, _check_blob, checked)
    yield from _wrong_files(storage, documents.FOLDER, documents.SUFFIX, documents.get_document, checked)
    yield from _wrong_ledgers(storage, checked)


def _check_blob(storage: Storage, sha256: str) -> bytes:
    return blobs.get_blob(storage, sha256)


def _wrong_files(
    storage: Storage, folder: str, suffix: str, get: Callable[[Storage, str], bytes], checked: Callable[[], None]
) -> Iterator[Damage]:
    for name in storage.names(folder):
        base = posixpath.basename(name)
        sha256 = base.removesuffix(suffix)
        if base.endswith(HALF):
            yield _left_behind(storage, name)
        elif not base.endswith(suffix) or not blobs.is_sha256(sha256) or name != f"{folder}/{sha256[:2]}/{base}":
            yield Damage("stranger", storage.path(name), "No file of the archive: move it away.", harmless=True)
        else:
            try:
                get(storage, sha256)
            except ArchiveError as error:
                advice = _AWAY if error.code == "unreadable" else _LOST
                yield Damage(error.code, storage.path(name), f"{error} {advice}")
        checked()


def _wrong_ledgers(storage: Storage, checked: Callable[[], None]) -> Iterator[Damage]:
    for source in storage.folders(ledger.FOLDER):
        try:
            yield from _wrong_ledger(storage, source)
        except ArchiveError as error:
            yield Damage(error.code, storage.path(f"{ledger.FOLDER}/{source}"), f"{error} {_AWAY}")
        for name in storage.names(f"{ledger.FOLDER}/{source}"):
            if name.endswith(HALF):
                yield _left_behind(storage, name)
            checked()
    for name in storage.names(balance.FOLDER):
        if name.endswith(HALF):
            yield _left_behind(storage, name)


def _wrong_ledger(storage: Storage, source: str) -> Iterator[Damage]:
    unread: list[UnreadLine] = []
    missed: set[str] = set()
    files = (LedgerFile(storage, name) for name in ledger_files(storage, source))
    kept, counted = current_balance(storage, source), Balance()
    for fetch in fetches_of(files, unread.append):
        yield from map(_of_line, unread)
        unread.clear()
        counted.learn(fetch)
        sha256 = fetch.sha256
        if sha256 and sha256 not in missed and not _is_held(storage, sha256):
            missed.add(sha256)
            what = f"{source} fetched {fetch.url} at {fetch.at}, and its bytes ({sha256}) are not there."
            path = storage.path(f"{ledger.FOLDER}/{source}")
            yield Damage("missing", path, f"{what} Put them back from a backup, or crawl {source} again.")
    yield from map(_of_line, unread)
    if kept is not None and not kept.says_the_same(counted) and kept == current_balance(storage, source):
        message = f"It is not what the ledger of {source} comes to. Delete it: it is made again from the ledger."
        yield Damage("wrong_balance", storage.path(balance_name(source)), message)


def _is_held(storage: Storage, sha256: str) -> bool:
    if not blobs.is_sha256(sha256):
        return False
    return storage.exists(blobs.blob_name(sha256)) or storage.exists(documents.recipe_name(sha256))


def _of_line(line: UnreadLine) -> Damage:
    if line.torn:
        message = f"Line {line.number} is torn: its writer was killed, or writes now. Leave it: it is passed over."
        return Damage("torn_line", line.file, message, harmless=True)
    message = f"Line {line.number} cannot be read ({line.why}). Put the file back from a backup; the rest counts."
    return Damage("unread_line", line.file, message)


def _left_behind(storage: Storage, name: str) -> Damage:
    message = "Half a file: its writer was killed, or writes now. Delete it while nothing is being fetched."
    return Damage("half", storage.path(name), message, harmless=True)
