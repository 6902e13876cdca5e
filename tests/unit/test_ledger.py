"""The ledger: nothing that was written is lost, whoever dies, and all of it comes back in order of time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.archive import Archive, ArchiveError, Fetch, UnreadLine, ledger
from pipelines.archive.fetch import LINE_BYTES
from tests.unit.archived import fetched, files_no_larger_than

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=["folder", "bucket"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive" if request.param == "folder" else f"memory://{uuid.uuid4().hex}/archive")


@pytest.fixture
def local(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def at(minute: int) -> str:
    return f"2026-01-02T{minute // 60:02d}:{minute % 60:02d}:00.000+00:00"


def page(minute: int, **fields: object) -> Fetch:
    return fetched(f"http://made.example/{minute}", None, at=at(minute), **fields)


def minutes(fetches: Iterator[Fetch]) -> list[int]:
    return [int(fetch.url.rpartition("/")[2]) for fetch in fetches]


def files(archive: Archive) -> list[Path]:
    return [Path(archive.storage.path(name)) for name in archive.storage.names("ledger")]


def test_a_fetch_comes_back_as_it_was(archive: Archive) -> None:
    whole = fetched(
        "http://made.example/公开/61.html?a=1&b=%20",
        "ab" * 32,
        final_url="http://made.example/62.html",
        reason="a\nreason\u2028of two lines",
        headers={"etag": '"13"', "last-modified": "Fri, 02 Jan 2026 03:04:05 GMT"},
        size=61,
        seconds=0.125,
        title="卢氏县水利局2025年度报告",
        listed_date="2026-01-02",
        year=2025,
        listed_in="http://made.example/list.html",
        column="年报",
        parts=(),
    )
    with archive.ledger("henan", "run-1") as writer:
        writer.append(whole)
    assert list(archive.fetches("henan")) == [whole]
    assert archive.sources() == ["henan"]


def test_what_is_no_text_becomes_a_question_mark(archive: Archive) -> None:
    with archive.ledger("henan", "run-1") as writer:
        writer.append(page(1, title="报告\ud800"))
    assert [fetch.title for fetch in archive.fetches("henan")] == ["报告?"]


@pytest.mark.parametrize("name", ["", "..", "a/b", "Henan", "a" * 101, "-a", "河南"])
def test_a_name_that_leads_elsewhere_is_refused(archive: Archive, name: str) -> None:
    with pytest.raises(ArchiveError) as error:
        archive.ledger(name, "run-1")
    assert error.value.code == "bad_name"
    with pytest.raises(ArchiveError):
        list(archive.fetches(name))


def test_a_ledger_takes_only_its_own(archive: Archive) -> None:
    with archive.ledger("henan", "run-1") as writer:
        for other in (page(1, run="run-2"), page(1, source="guizhou")):
            with pytest.raises(ValueError, match="in the ledger of henan, run-1"):
                writer.append(other)
        with pytest.raises(ValueError, match="longer than"):
            writer.append(page(1, title="长" * LINE_BYTES))
        with pytest.raises(ValueError):
            writer.append(page(1, kind="other"))
    assert archive.sources() == []


def test_all_writers_together_are_in_order_of_time(archive: Archive) -> None:
    writers = [archive.ledger("henan", f"run-{number}") for number in range(1, 4)]
    for minute in range(60):
        number = minute * 7 % 3
        writers[number].append(page(minute, run=f"run-{number + 1}"))
    for writer in writers:
        writer.close()
    assert minutes(archive.fetches("henan")) == list(range(60))


def test_what_a_writer_wrote_stays_in_its_order_where_the_clock_goes_back(archive: Archive) -> None:
    with archive.ledger("henan", "run-1") as one, archive.ledger("henan", "run-2") as two:
        for minute in (10, 5, 20):
            one.append(page(minute))
        two.append(page(12, run="run-2"))
    assert minutes(archive.fetches("henan")) == [10, 5, 12, 20]


def test_few_files_are_open_at_once(local: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    for night in range(30):
        with local.ledger("henan", "run-1") as writer:
            writer.append(page(2 * night))
            writer.append(page(2 * night + 1))
    folder = str(Path(local.root) / "ledger")

    def opened() -> int:
        links = list(Path("/proc/self/fd").iterdir())
        return sum(link.is_symlink() and str(link.readlink()).startswith(folder) for link in links)

    read, most = [], 0
    for fetch in local.fetches("henan"):
        read.append(fetch)
        most = max(most, opened())
    assert minutes(iter(read)) == list(range(60))
    assert 1 <= most <= 2


def test_a_torn_last_line_is_passed_over_and_told(local: Archive, caplog: pytest.LogCaptureFixture) -> None:
    with local.ledger("henan", "run-1") as writer:
        for minute in range(3):
            writer.append(page(minute))
    (file,) = files(local)
    whole = file.read_bytes()
    cut = len(whole) - len(whole.splitlines()[-1]) // 2
    file.write_bytes(whole[:cut])
    with local.ledger("henan", "run-2") as writer:
        writer.append(page(9, run="run-2"))
    unread: list[UnreadLine] = []
    assert minutes(local.fetches("henan", unread.append)) == [0, 1, 9]
    assert [(line.file, line.number, line.torn) for line in unread] == [(str(file), 3, True)]
    assert not caplog.records
    assert minutes(local.fetches("henan")) == [0, 1, 9]
    assert "line 3 is passed over: torn" in caplog.text


def test_a_damaged_line_costs_only_itself(archive: Archive) -> None:
    with archive.ledger("henan", "run-1") as writer:
        for minute in range(4):
            writer.append(page(minute))
    (name,) = archive.storage.names("ledger")
    lines = archive.storage.read(name, 10_000).splitlines(keepends=True)
    lines[1] = lines[1].replace(b'"page"', b'"cage"')
    lines[2] = b"x" * (LINE_BYTES + 100) + b"\n"
    archive.storage.write(name, b"".join(lines))
    unread: list[UnreadLine] = []
    assert minutes(archive.fetches("henan", unread.append)) == [0, 3]
    assert {line.number for line in unread} == {2, 3} and not any(line.torn for line in unread)


def test_a_field_of_the_future_is_passed_over(archive: Archive) -> None:
    with archive.ledger("henan", "run-1") as writer:
        writer.append(page(7))
    (name,) = archive.storage.names("ledger")
    line = archive.storage.read(name, 10_000)
    archive.storage.write(name, line.replace(b'{"at"', b'{"colour":"red","at"'))
    assert list(archive.fetches("henan")) == [page(7)]


def test_a_full_disk_loses_only_what_it_refused(local: Archive) -> None:
    with local.ledger("henan", "run-1") as writer:
        with files_no_larger_than(2000), pytest.raises(ArchiveError) as error:
            for minute in range(100):
                writer.append(page(minute))
        assert error.value.code == "full"
        assert 1900 - len(files(local)[0].read_bytes()) < 200
        writer.append(page(99))
    unread: list[UnreadLine] = []
    read = minutes(local.fetches("henan", unread.append))
    assert read == [*range(len(read) - 1), 99] and len(read) > 5 and not unread


def test_each_line_is_on_the_disk_before_the_next(local: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: sizes.append(os.fstat(descriptor).st_size))
    with local.ledger("henan", "run-1") as writer:
        for minute in range(3):
            writer.append(page(minute))
            assert sizes[minute:] == [files(local)[0].stat().st_size]


def test_threads_share_a_ledger(archive: Archive) -> None:
    with archive.ledger("henan", "run-1") as writer:

        def write(first: int) -> None:
            for minute in range(first, first + 40):
                writer.append(page(minute))

        threads = [threading.Thread(target=write, args=(first,)) for first in (0, 40, 80)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(minutes(archive.fetches("henan"))) == list(range(120))


def test_a_bucket_gets_a_file_for_many_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(f"memory://{uuid.uuid4().hex}/archive")
    monkeypatch.setattr(ledger, "SEGMENT_LINES", 10)
    with archive.ledger("henan", "run-1") as writer:
        for minute in range(25):
            writer.append(page(minute))
        assert minutes(archive.fetches("henan")) == list(range(20))
        writer.flush()
        assert minutes(archive.fetches("henan")) == list(range(25))
        monkeypatch.setattr(ledger, "SEGMENT_SECONDS", 0.0)
        writer.append(page(25))
        assert minutes(archive.fetches("henan")) == list(range(26))
    assert len(files(archive)) == 4


WRITER = """
import sys
from pipelines.archive import Archive
from tests.unit.archived import fetched
archive = Archive(sys.argv[1])
with archive.ledger("henan", "run-1") as ledger:
    for number in range(100_000):
        sha256 = archive.put(b"%d" % number * 500)
        ledger.append(fetched(f"http://made.example/{number}", sha256, title="报告" * 200))
        print(number, flush=True)
"""


def test_a_killed_writer_loses_nothing(local: Archive) -> None:
    """It is killed at some moment, three times; whatever it had told to be written is there."""
    for told_before in (7, 30, 61):
        earlier = set(files(local))
        command = [sys.executable, "-c", WRITER, local.root]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            told = [int(process.stdout.readline()) for _ in range(told_before)]
            process.send_signal(signal.SIGKILL)
            told += [int(line) for line in process.stdout.read().splitlines() if line.strip()]
        (newest,) = set(files(local)) - earlier
        kept = newest.read_bytes().count(b"\n")
        assert kept >= len(told) >= told_before
    assert {damage.code for damage in local.verify()} <= {"half", "torn_line"}
    assert len(list(local.fetches("henan"))) >= 7 + 30 + 61
