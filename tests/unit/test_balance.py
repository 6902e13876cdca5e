"""What a ledger comes to, carried forward: never anything else than what all of its lines together come to."""

from __future__ import annotations

import logging
import threading
import uuid
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from pipelines.archive import Archive, ArchiveError, Balance, Fetch, Ledger, balance
from pipelines.archive.storage import Storage
from tests.unit.archived import fetched, files_no_larger_than

A, B, C = ("a" * 64, "b" * 64, "c" * 64)
KEPT = "balances/henan.zst"


@pytest.fixture(params=["folder", "bucket"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive") if request.param == "folder" else bucket()


@pytest.fixture
def local(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files of ledgers that are opened."""
    names: list[str] = []
    real = Storage.open

    def listening(self: Storage, name: str) -> object:
        if name.startswith("ledger/"):
            names.append(name)
        return real(self, name)

    monkeypatch.setattr(Storage, "open", listening)
    return names


def bucket() -> Archive:
    return Archive(f"memory://{uuid.uuid4().hex}/archive")


def at(minute: int) -> str:
    return f"2026-01-02T{minute // 60:02d}:{minute % 60:02d}:00.000+00:00"


def page(minute: int, sha256: str | None = A, **fields: object) -> Fetch:
    return fetched(f"http://made.example/{minute % 3}", sha256, at=at(minute), **fields)


def written(archive: Archive, *fetches: Fetch) -> str:
    """The name of the new file with these."""
    before = set(archive.storage.names("ledger"))
    with archive.ledger("henan", fetches[0].run) as writer:
        for fetch in fetches:
            writer.append(fetch)
    (name,) = set(archive.storage.names("ledger")) - before
    return name


def night(number: int, **fields: object) -> list[Fetch]:
    """Two pages with their documents."""
    run, first = f"run-{number}", 10 * number
    return [
        page(first, run=run, headers={"etag": f'"{number}"'}, **fields),
        page(first + 1, B, run=run, kind="document", title=f"报告{number}"),
        page(first + 2, None, run=run, outcome="failed", status=None, reason="timeout"),
    ]


def all_lines(archive: Archive) -> Balance:
    """What the whole ledger comes to."""
    whole = Balance()
    for fetch in archive.fetches("henan"):
        whole.learn(fetch)
    return whole


def is_right(archive: Archive) -> bool:
    return archive.balance("henan").says_the_same(all_lines(archive))


def rewrite(archive: Archive, name: str, data: bytes) -> None:
    archive.storage.write(name, data)


def content(archive: Archive, name: str) -> bytes:
    return archive.storage.read(name, 10**6)


def test_only_what_is_new_is_read(archive: Archive, opened: list[str]) -> None:
    first, second = written(archive, *night(1)), written(archive, *night(2))
    assert len(archive.balance("henan").pages) == 3 and opened == [first, second]
    opened.clear()
    assert len(archive.balance("henan").pages) == 3 and opened == []
    third = written(archive, *night(3))
    whole = Archive(archive.root).balance("henan")
    assert opened == [third] and whole.says_the_same(all_lines(archive))
    titles = {holding.title for holding in whole.pages.values()}
    assert {"报告1", "报告2", "报告3"} >= titles and "报告3" in titles
    assert whole.files_of("run-2") == [second]


def test_a_source_without_a_ledger_comes_to_nothing(archive: Archive) -> None:
    assert archive.balance("henan").pages == {} and not archive.storage.exists(KEPT)
    with pytest.raises(ArchiveError):
        archive.balance("../henan")


def test_a_file_that_grew_is_read_from_where_it_was_read_to(local: Archive) -> None:
    with local.ledger("henan", "run-1") as writer:
        for number, fetch in enumerate(fetch for n in range(1, 6) for fetch in night(n)):
            writer.append(replace(fetch, run="run-1"))
            if number % 4 == 1:
                assert is_right(local)
    (name,) = local.storage.names("ledger")
    assert is_right(local) and local.balance("henan").files[name].read.size == len(content(local, name))


@pytest.mark.parametrize("change", ["other_bytes", "shorter", "gone", "other_time"])
def test_where_the_ledger_is_not_what_was_counted_it_wins(archive: Archive, change: str) -> None:
    name, other = written(archive, *night(1)), written(archive, *night(2))
    before = archive.balance("henan")
    data = content(archive, name)
    if change == "other_bytes":
        rewrite(archive, name, data.replace(B.encode(), C.encode()))
    elif change == "shorter":
        rewrite(archive, name, data[: data.rindex(b"\n", 0, -1) + 1])
    elif change == "gone":
        archive.storage._system.rm(archive.storage.path(name))
    else:
        rewrite(archive, name, data.replace(b"02T00:10", b"02T00:50"))
    assert is_right(archive)
    assert not archive.balance("henan").says_the_same(before)
    assert other in archive.balance("henan").files


def test_a_line_of_an_earlier_time_is_put_in_its_place(archive: Archive) -> None:
    """A clock that went back, or a writer whose lines came late."""
    written(archive, *night(2))
    archive.balance("henan")
    written(archive, *night(1))
    assert is_right(archive)
    assert {holding.title for holding in archive.balance("henan").pages.values()} >= {"报告2"}


def test_where_the_clock_went_back_a_later_line_may_still_be_earlier_than_one_that_is_counted(archive: Archive) -> None:
    written(archive, *(page(minute, title=f"{minute}") for minute in (10, 31, 20)))
    archive.balance("henan")
    written(archive, page(25, run="run-2", title="25"))
    assert is_right(archive)
    assert archive.balance("henan").pages["http://made.example/1"].title == "31"


def test_a_torn_line_is_read_once_it_is_whole(local: Archive) -> None:
    name = written(local, *night(1))
    whole = content(local, name)
    path = Path(local.storage.path(name))
    for cut in (len(whole) - 30, len(whole) - 1):
        path.write_bytes(whole[:cut])
        assert is_right(local)
    path.write_bytes(whole)
    assert is_right(local)
    path.write_bytes(whole[:-1])
    assert is_right(local)
    path.write_bytes(whole[:-1] + b"x\n")
    assert is_right(local) and len(local.balance("henan").pages) == 2
    path.write_bytes(whole + b"{}\n")
    assert is_right(local) and local.balance("henan").files[name].read.size == len(whole) + 3


def test_a_line_that_holds_no_fetch_is_told_once(local: Archive, caplog: pytest.LogCaptureFixture) -> None:
    name = written(local, *night(1))
    Path(local.storage.path(name)).write_bytes(content(local, name) + b"{}\n")
    assert is_right(local)
    caplog.clear()
    assert len(local.balance("henan").pages) == 3 and not caplog.records


@pytest.mark.parametrize("damage", [b"", b"no balance", b"torn"])
def test_a_damaged_balance_is_made_again(archive: Archive, damage: bytes, caplog: pytest.LogCaptureFixture) -> None:
    written(archive, *night(1))
    right = archive.balance("henan")
    packed = content(archive, KEPT)
    archive.storage.write(KEPT, packed[: len(packed) // 2] if damage == b"torn" else damage)
    assert archive.balance("henan").says_the_same(right) and "made again from the ledger" in caplog.text
    assert content(archive, KEPT) == packed


def test_a_balance_of_another_program_is_made_again(
    archive: Archive, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = written(archive, *night(1))
    archive.balance("henan")
    opened.clear()
    monkeypatch.setattr(balance, "_program", lambda: "another")
    archive.balance("henan")
    assert opened == [name]


def test_a_balance_that_unpacks_to_more_than_is_allowed_is_not_used(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    written(archive, *night(1))
    monkeypatch.setattr(balance, "BALANCE_BYTES", 500)
    assert is_right(archive) and not archive.storage.exists(KEPT) and "is not kept" in caplog.text
    archive.storage.write(KEPT, zstandard.ZstdCompressor().compress(b" " * 10**6))
    assert is_right(archive)


def test_a_full_disk_costs_only_time(local: Archive, caplog: pytest.LogCaptureFixture) -> None:
    written(local, *night(1))
    with files_no_larger_than(0):
        found = local.balance("henan")
    assert found.says_the_same(all_lines(local)) and "its balance is not kept" in caplog.text
    assert list(local.storage.names("balances")) == []
    assert is_right(local) and local.storage.exists(KEPT)


def test_who_is_killed_while_it_keeps_a_balance_leaves_half_a_file_that_nobody_reads(local: Archive) -> None:
    written(local, *night(1))
    local.balance("henan")
    half = Path(local.storage.path(f"{KEPT}.0123456789abcdef.half"))
    half.write_bytes(b"half")
    assert is_right(local)
    (damage,) = [one for one in local.verify() if one.code == "half"]
    assert damage.harmless and damage.path == str(half)


def test_a_balance_that_says_something_else_is_found(archive: Archive) -> None:
    written(archive, *night(1))
    archive.balance("henan")
    assert "wrong_balance" not in {damage.code for damage in archive.verify()}
    unpacked = zstandard.ZstdDecompressor().decompress(content(archive, KEPT))
    archive.storage.write(KEPT, zstandard.ZstdCompressor().compress(unpacked.replace(B.encode(), C.encode())))
    (damage,) = [one for one in archive.verify() if one.code == "wrong_balance"]
    assert not damage.harmless and "Delete it" in damage.message


def test_readers_and_writers_at_once(local: Archive) -> None:
    """Several writers of one source, whose lines come when they come, and readers who keep what they have read."""
    wrong: list[str] = []

    def write(run: str) -> None:
        with local.ledger("henan", run) as writer:
            for number in range(40):
                writer.append(fetched(f"http://made.example/{number}", A if number % 2 else None, run=run))

    def read() -> None:
        while any(thread.is_alive() for thread in writers):
            try:
                local.balance("henan")
            except Exception as error:
                wrong.append(repr(error))

    writers = [threading.Thread(target=write, args=(f"run-{number}",)) for number in range(2)]
    readers = [threading.Thread(target=read) for _ in range(2)]
    for thread in (*writers, *readers):
        thread.start()
    for thread in (*writers, *readers):
        thread.join()
    assert wrong == [] and is_right(local) and len(local.balance("henan").pages) == 40


STEPS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 40),
        st.sampled_from(["page", "document", "attachment", "withdrawn"]),
        st.sampled_from(["fetched", "unchanged", "failed", "gone", "retried"]),
        st.sampled_from([A, B]),
        st.booleans(),
    ),
    max_size=14,
)


@given(STEPS, st.booleans())
def test_whoever_reads_when_it_comes_to_the_same(steps: list[tuple[int, int, str, str, str, bool]], ends: bool) -> None:
    """Three writers in any order of time, and a reader after some of the lines."""
    archive = bucket()
    with ExitStack() as stack:
        writers = [stack.enter_context(archive.ledger("henan", f"run-{number}")) for number in range(3)]
        for writer, minute, kind, outcome, sha256, read in steps:
            has_body = outcome in ("fetched", "unchanged")
            _append(writers[writer], minute, kind, outcome, sha256 if has_body else None)
            if read:
                assert is_right(archive)
    assert not ends or is_right(archive)


def _append(writer: Ledger, minute: int, kind: str, outcome: str, sha256: str | None) -> None:
    etag = {"etag": f'"{minute}"'} if sha256 and minute % 2 else {}
    writer.append(page(minute, sha256, run=writer.run, kind=kind, outcome=outcome, headers=etag))
    writer.flush()


def test_the_log_says_why_all_is_read_again(archive: Archive, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    written(archive, *night(2))
    archive.balance("henan")
    written(archive, *night(1))
    archive.balance("henan")
    assert "is not later than what is counted" in caplog.text
