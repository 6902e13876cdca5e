"""What a source's ledger comes to, carried forward from reader to reader: `balances/<source>.zst`.

A ledger is written for years; who wants to know what it comes to reads only what was added since somebody last did.
The ledger alone is the truth. A balance says of which bytes of which files it was made and by which program, and may be
deleted at any time. Where the ledger has other bytes by now, or a line that is earlier than what is counted, or where
the balance is damaged or was made by another program, the whole ledger is read again.
"""

from __future__ import annotations

import functools
import hashlib
import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import zstandard

from pipelines.archive import holdings
from pipelines.archive.answered import Answered
from pipelines.archive.fetch import Fetch
from pipelines.archive.holdings import Holding
from pipelines.archive.ledger import SUFFIX, source_folder
from pipelines.archive.ledger_lines import LedgerFile, OtherBytes, Read, Unread, UnreadLine, fetches_of
from pipelines.archive.storage import ArchiveError, Storage

if TYPE_CHECKING:
    from pydantic import TypeAdapter

FOLDER = "balances"
BALANCE_SUFFIX = ".zst"
BALANCE_BYTES = 2**29
"""No larger balance is kept, nor unpacked."""

_CODE = ("fetch.py", "answered.py", "holdings.py", "ledger_lines.py", "balance.py")
_BEGINNING = datetime.min.replace(tzinfo=UTC)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Counted:
    """A file of the ledger that is in the balance: how far, and what the storage told of it before it was read."""

    read: Read
    stamp: str


@dataclass(slots=True)
class Balance:
    """`pages` and `answered`: what the ledger comes to, by address; `until`: the time of the latest line in it;
    `files`: of what it was made, by name; `made_by`: by which program."""

    pages: dict[str, Holding] = field(default_factory=dict)
    answered: Answered = field(default_factory=Answered)
    until: datetime = _BEGINNING
    files: dict[str, Counted] = field(default_factory=dict)
    made_by: str = ""

    def files_of(self, run: str) -> list[str]:
        """The files that a run wrote, in order of their first fetch."""
        return sorted(name for name, counted in self.files.items() if counted.read.run == run)

    def learn(self, fetch: Fetch) -> None:
        """Takes one fetch in, which is later than all before it."""
        holdings.learn(self.pages, fetch)
        self.answered.learn(fetch)

    def says_the_same(self, other: Balance) -> bool:
        return self.pages == other.pages and self.answered == other.answered


class _Disagrees(Exception):
    """The ledger is not one that the balance could be carried forward to."""


def balance_name(source: str) -> str:
    return f"{FOLDER}/{source}{BALANCE_SUFFIX}"


def balance_of(storage: Storage, source: str, unread: Unread) -> Balance:
    """What the source's ledger comes to now. Lines that hold no fetch are told to `unread` by whoever is the first to
    read them. The balance is kept, where it can be, for who comes next. Raises ArchiveError where the ledger cannot be
    read."""
    stamps, kept = _stamps(storage, source), _kept(storage, source)
    told: list[UnreadLine] = []
    try:
        balance, changed = _carried_forward(storage, kept or Balance(made_by=_program()), stamps, told.append)
    except (_Disagrees, OtherBytes) as why:
        log.info("%s: the ledger is read again from its beginning: %s", source, why)
        told.clear()
        balance, changed = _carried_forward(storage, Balance(made_by=_program()), stamps, told.append)
    for line in told:
        unread(line)
    if changed:
        _keep(storage, source, balance)
    return balance


def current_balance(storage: Storage, source: str) -> Balance | None:
    """The balance that is kept, where it is of the whole ledger; nothing is read for it but its files' stamps."""
    kept = _kept(storage, source)
    stamps = {name: counted.stamp for name, counted in kept.files.items()} if kept else {}
    return kept if kept and stamps == _stamps(storage, source) else None


def _stamps(storage: Storage, source: str) -> dict[str, str]:
    """The files of the ledger, in order of their first fetch, with what the storage tells of them."""
    listed = storage.stamps(source_folder(source))
    return {name: listed[name] for name in sorted(listed) if name.endswith(SUFFIX)}


def _carried_forward(
    storage: Storage, balance: Balance, stamps: dict[str, str], unread: Unread
) -> tuple[Balance, bool]:
    """The balance with what was added since; and whether that is another one. Raises _Disagrees, OtherBytes."""
    if lost := balance.files.keys() - stamps.keys():
        raise _Disagrees(f"{min(lost)} is gone")
    new = {name: stamp for name, stamp in stamps.items() if name not in balance.files}
    touched = {name: stamp for name, stamp in stamps.items() if name not in new and balance.files[name].stamp != stamp}
    if not new and not touched:
        return balance, False
    counted = balance.until if balance.files else None
    files = {
        name: LedgerFile(storage, name, balance.files[name].read if name in touched else None)
        for name in sorted(new | touched)
    }
    for fetch in fetches_of(files.values(), unread):
        moment = fetch.moment
        if counted is not None and moment <= counted:
            raise _Disagrees(f"a line of {fetch.at} is not later than what is counted")
        balance.until = max(balance.until, moment)
        balance.learn(fetch)
    balance.files |= {name: Counted(file.read, stamps[name]) for name, file in files.items()}
    return balance, True


def _kept(storage: Storage, source: str) -> Balance | None:
    """The balance that somebody kept; None where there is none that could be trusted."""
    name = balance_name(source)
    try:
        with storage.open(name) as file:
            unpacked = zstandard.ZstdDecompressor().stream_reader(file).read(BALANCE_BYTES + 1)
        balance = _balances().validate_json(unpacked)
    except (ArchiveError, OSError, ValueError, zstandard.ZstdError) as error:
        if not (isinstance(error, ArchiveError) and error.code == "missing"):
            log.warning("%s cannot be used, and is made again from the ledger: %s", storage.path(name), error)
        return None
    return balance if balance.made_by == _program() else None


def _keep(storage: Storage, source: str, balance: Balance) -> None:
    """Puts the balance there. Where that cannot be, nothing is lost: the next reader reads more."""
    data = _balances().dump_json(balance)
    if len(data) > BALANCE_BYTES:
        log.warning("%s: its balance has more than %d bytes, and is not kept", source, BALANCE_BYTES)
        return
    try:
        storage.write(balance_name(source), zstandard.ZstdCompressor(level=3, write_checksum=True).compress(data))
    except ArchiveError as error:
        log.warning("%s: its balance is not kept, and the next reader reads its ledger again: %s", source, error)


@functools.cache
def _program() -> str:
    """Changes with whatever makes a balance out of a ledger."""
    digest = hashlib.sha256()
    for name in _CODE:
        digest.update(Path(__file__).with_name(name).read_bytes())
    return digest.hexdigest()


@functools.cache
def _balances() -> TypeAdapter[Balance]:
    from pydantic import TypeAdapter

    return TypeAdapter(Balance)
