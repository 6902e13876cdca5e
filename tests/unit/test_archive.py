"""The archive: bytes by their hash, documents of several parts, and what a full disk, a bomb or another writer does."""

from __future__ import annotations

import hashlib
import io
import multiprocessing
import os
import random
import uuid
import zipfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
import zstandard

from pipelines.archive import Archive, ArchiveError, Fetch, Part, blobs
from pipelines.extract import extract
from pipelines.model import Paragraph
from tests.unit.archived import fetched, files_no_larger_than

BYTES = "本年新收政府信息公开申请 13 件".encode() * 40


@pytest.fixture(params=["folder", "bucket"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Archive:
    """In a folder, and in what is no folder."""
    return Archive(tmp_path / "archive" if request.param == "folder" else f"memory://{uuid.uuid4().hex}/archive")


@pytest.fixture
def local(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def files(archive: Archive) -> list[str]:
    return list(archive.storage.names(""))


def code_of(error: pytest.ExceptionInfo[ArchiveError]) -> str:
    return error.value.code


@pytest.mark.parametrize("data", [BYTES, b"", b"\0" * 100_000], ids=["text", "nothing", "zeros"])
def test_bytes_come_back_and_are_kept_once(archive: Archive, data: bytes) -> None:
    sha256 = archive.put(data)
    assert sha256 == hashlib.sha256(data).hexdigest() == archive.put(data)
    assert archive.get(sha256) == archive.document(sha256) == data
    assert archive.document_size(sha256) == len(data)
    assert files(archive) == [f"blobs/{sha256[:2]}/{sha256}.zst"]


def test_bytes_are_compressed(local: Archive) -> None:
    sha256 = local.put(BYTES)
    assert Path(local.storage.path(files(local)[0])).stat().st_size < len(BYTES) / 10
    assert local.has(sha256) and not local.has("0" * 64)


@pytest.mark.parametrize("name", ["0" * 63, "../" * 20 + "etcd", "A" * 64, ""])
def test_what_is_no_hash_names_nothing(archive: Archive, name: str) -> None:
    for ask in (archive.get, archive.has, archive.document, archive.document_size):
        with pytest.raises(ArchiveError) as error:
            ask(name)
        assert code_of(error) == "bad_name"


def test_what_is_not_there_is_missing(archive: Archive) -> None:
    for ask in (archive.get, archive.document, archive.document_size):
        with pytest.raises(ArchiveError) as error:
            ask("0" * 64)
        assert code_of(error) == "missing"


@pytest.mark.parametrize(
    "damaged",
    [b"", b"no zstd", zstandard.compress(BYTES)[:-9], zstandard.compress(BYTES + b"!"), zstandard.compress(b"")],
    ids=["empty", "other format", "cut short", "other bytes", "nothing"],
)
def test_damage_is_seen_and_healed_by_the_same_bytes(archive: Archive, damaged: bytes) -> None:
    sha256 = archive.put(BYTES)
    archive.storage.write(blobs.blob_name(sha256), damaged)
    with pytest.raises(ArchiveError) as error:
        archive.get(sha256)
    assert code_of(error) == "damaged" and sha256 in str(error.value)
    archive.put(BYTES)
    assert archive.get(sha256) == BYTES


def test_a_storage_that_fails_is_no_damage(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a bucket that is away for a moment would be taken for a loss."""

    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, os.strerror(5))

    sha256 = archive.put(BYTES)
    monkeypatch.setattr(archive.storage, "open", lambda name: Failing())
    for ask in (archive.get, archive.document_size):
        with pytest.raises(ArchiveError) as error:
            ask(sha256)
        assert code_of(error) == "unreadable"
    with pytest.raises(ArchiveError) as error:
        archive.put(BYTES)
    assert code_of(error) == "unreadable"


def test_a_blob_of_another_program_has_its_size(archive: Archive) -> None:
    packing = zstandard.ZstdCompressor().compressobj()
    sha256 = hashlib.sha256(BYTES).hexdigest()
    archive.storage.write(blobs.blob_name(sha256), packing.compress(BYTES) + packing.flush())
    assert (archive.document_size(sha256), archive.get(sha256)) == (len(BYTES), BYTES)


def test_a_bomb_is_not_unpacked(archive: Archive) -> None:
    packed = zstandard.compress(b"\0" * (blobs.BLOB_BYTES + 1))
    assert len(packed) < 20_000
    sha256 = "0" * 64
    archive.storage.write(blobs.blob_name(sha256), packed)
    with pytest.raises(ArchiveError) as error:
        archive.get(sha256)
    assert code_of(error) == "too_large"


def test_a_blob_that_asks_for_too_much_memory_is_not_unpacked(local: Archive) -> None:
    """Its head claims a window of 2 GiB."""
    wide = zstandard.ZstdCompressionParameters(window_log=31, enable_ldm=True)
    packing = zstandard.ZstdCompressor(compression_params=wide).compressobj()
    local.storage.write(blobs.blob_name("0" * 64), packing.compress(b"x" * 4096) + packing.flush())
    with pytest.raises(ArchiveError) as error:
        local.get("0" * 64)
    assert "memory" in str(error.value)


def test_more_than_a_blob_may_hold_is_refused(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blobs, "BLOB_BYTES", 100)
    with pytest.raises(ArchiveError) as error:
        archive.put(b"x" * 101)
    assert code_of(error) == "too_large" and files(archive) == []
    archive.put(b"x" * 100)


def test_a_full_disk_leaves_no_half_blob(local: Archive) -> None:
    data = random.Random(7).randbytes(300_000)
    with files_no_larger_than(100_000), pytest.raises(ArchiveError) as error:
        local.put(data)
    assert code_of(error) == "full" and "make room" in str(error.value)
    assert files(local) == []
    assert local.get(local.put(data)) == data


def test_a_disk_that_is_full_at_the_last_moment(local: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ArchiveError) as error:
        local.put(BYTES)
    assert code_of(error) == "full" and files(local) == []


def test_a_blob_is_there_at_once_or_not_at_all(local: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped, pytest.raises(KeyboardInterrupt):
        stopped.setattr(Path, "replace", stop)
        local.put(BYTES)
    assert files(local) == []


def test_a_root_that_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("a file")
    archive = Archive(tmp_path / "archive")
    with pytest.raises(ArchiveError, match="Not a directory") as error:
        archive.put(BYTES)
    assert code_of(error) == "unreadable"
    with (
        pytest.raises(ArchiveError, match=r"Not a directory|File exists") as error,
        archive.ledger("a", "run-1") as ledger,
    ):
        ledger.append(fetched("http://made.example/", None, source="a"))
    assert code_of(error) == "unwritable"


def test_an_address_that_nothing_opens() -> None:
    with pytest.raises(ArchiveError) as error:
        Archive("nosuch://bucket/archive")
    assert code_of(error) == "unreadable"


def write_much(root: str, number: int) -> list[str]:
    """What one of several processes does: bytes of its own, and bytes that all put."""
    archive, draw = Archive(root), random.Random(number)
    own = [draw.randbytes(2000) for _ in range(25)]
    shared = [random.Random(f"shared {n}").randbytes(2000) for n in range(1, 26)]
    draw.shuffle(shared)
    with archive.ledger("henan", f"run-{number}") as ledger:
        for n, data in enumerate(own + shared):
            sha256 = archive.put(data)
            ledger.append(fetched(f"http://made.example/{number}/{n}", sha256, run=f"run-{number}"))
    return [hashlib.sha256(data).hexdigest() for data in own + shared]


def test_many_processes_write_at_once(local: Archive) -> None:
    with ProcessPoolExecutor(3, mp_context=multiprocessing.get_context("spawn")) as pool:
        written = {sha256 for each in pool.map(write_much, [local.root] * 3, range(1, 4)) for sha256 in each}
    assert len(written) == 3 * 25 + 25
    assert sum(name.startswith("blobs/") for name in files(local)) == len(written)
    fetches = list(local.fetches("henan"))
    assert len(fetches) == 3 * 50 and {fetch.sha256 for fetch in fetches} == written
    assert [fetch.moment for fetch in fetches] == sorted(fetch.moment for fetch in fetches)
    assert list(local.verify()) == []


def parts_of(archive: Archive, *named: tuple[str, bytes]) -> list[Part]:
    return [Part(name, archive.put(data), f"http://made.example/{number}") for number, (name, data) in enumerate(named)]


def test_a_page_and_its_attachments_are_one_document(archive: Archive) -> None:
    parts = parts_of(archive, ("index.html", b"<p>words</p>"), ("附件.TXT", "十三".encode()), ("a/../b", b"third"))
    sha256 = archive.put_document(parts)
    data = archive.document(sha256)
    assert hashlib.sha256(data).hexdigest() == sha256
    # The same on every machine and with every version of Python: the name of the document hangs on it.
    assert sha256 == "20f2edf540dd97149ef67137ff2c0f27b944fe6e401f9870a39d47adc9a4ecd0"
    assert archive.document_size(sha256) == len(data)
    assert not archive.has(sha256)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.namelist() == ["01.html", "02.txt", "03"]
        assert package.read("02.txt").decode() == "十三"


def test_names_and_addresses_make_no_other_document(archive: Archive) -> None:
    one = parts_of(archive, ("index.html", b"<p>words</p>"), ("a.xls", b"table"))
    sha256 = archive.put_document(one)
    renamed = [one[0], Part("b.xls", one[1].sha256, "http://made.example/a.xls?token=61")]
    assert archive.put_document(renamed) == sha256
    assert archive.put_document(one[::-1]) != sha256
    assert archive.put_document([*one, one[1]]) != sha256


def test_parts_are_read_in_their_order(archive: Archive) -> None:
    words = [f"part {number}" for number in range(1, 13)]
    parts = parts_of(archive, *((f"{999 - n}.txt", text.encode()) for n, text in enumerate(words)))
    document = extract(archive.document(archive.put_document(parts)))
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == words


def test_a_single_part_is_the_document(archive: Archive) -> None:
    parts = parts_of(archive, ("index.html", b"<p>words</p>"))
    assert archive.put_document(parts) == parts[0].sha256
    assert files(archive) == [blobs.blob_name(parts[0].sha256)]


def test_a_document_needs_its_parts(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    absent = Part("a.xls", "0" * 64, "http://made.example/a.xls")
    (page,) = parts_of(archive, ("index.html", b"<p>words</p>"))
    for parts in ([absent], [page, absent]):
        with pytest.raises(ArchiveError) as error:
            archive.put_document(parts)
        assert code_of(error) == "missing"
    with pytest.raises(ValueError, match="at least one"):
        archive.put_document([])
    with pytest.raises(ArchiveError) as error:
        archive.put_document([page] * 41)
    assert code_of(error) == "too_large"
    monkeypatch.setattr("pipelines.archive.documents.BLOB_BYTES", 300)
    with pytest.raises(ArchiveError) as error:
        archive.put_document([page] * 9)
    assert code_of(error) == "too_large"


def test_a_recipe_that_was_changed_is_damaged(archive: Archive) -> None:
    sha256 = archive.put_document(parts_of(archive, ("index.html", b"<p>words</p>"), ("a.xls", b"table")))
    name = next(name for name in files(archive) if name.startswith("documents/"))
    recipe = archive.storage.read(name, 10_000)
    for damaged in (recipe.replace(b"a.xls", b"a.csv"), recipe[:-5], b"[]"):
        archive.storage.write(name, damaged)
        with pytest.raises(ArchiveError) as error:
            archive.document(sha256)
        assert code_of(error) == "damaged"


def test_a_fetch_that_is_of_no_time() -> None:
    with pytest.raises(ValueError):
        fetched("http://made.example/", "0" * 64, at="yesterday")
    with pytest.raises(ValueError, match="UTC"):
        fetched("http://made.example/", "0" * 64, at="2026-01-02T03:04:05+08:00")
    assert isinstance(fetched("http://made.example/", "0" * 64, at="2026-01-02T03:04:05Z"), Fetch)
