"""`gongkai archive verify`: every damage is named, with what to do; what is harmless is told apart."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from click.testing import CliRunner, Result

from pipelines.archive import Archive, Damage, Part
from pipelines.archive.blobs import blob_name
from pipelines.archive.documents import recipe_name
from pipelines.cli import main
from tests.unit.archived import fetched

PAGE = "http://made.example/2023/61.html"


@pytest.fixture(params=["folder", "bucket"])
def archive(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """Sound: a page with an attachment, and one without."""
    made = Archive(tmp_path / "archive" if request.param == "folder" else f"memory://{uuid.uuid4().hex}/archive")
    monkeypatch.setenv("GONGKAI_ARCHIVE", made.root)
    parts = tuple(Part(name, made.put(name.encode()), f"{PAGE}/{name}") for name in ("index.html", "a.xls"))
    with made.ledger("henan", "run-1") as ledger:
        for part in parts:
            ledger.append(fetched(part.url, part.sha256))
        ledger.append(fetched(PAGE, made.put_document(parts), kind="document", parts=parts))
        ledger.append(fetched(PAGE + "?2", made.put(b"another page")))
        ledger.append(fetched(PAGE + "?3", None, outcome="gone", status=404))
    return made


def found(archive: Archive) -> list[tuple[str, str, bool]]:
    return [(damage.code, damage.path.rpartition("/")[2], damage.harmless) for damage in archive.verify()]


def names(archive: Archive, folder: str) -> list[str]:
    return list(archive.storage.names(folder))


def verify() -> Result:
    return CliRunner().invoke(main, ["archive", "verify"])


def test_a_sound_archive(archive: Archive) -> None:
    assert list(archive.verify()) == []
    result = verify()
    assert (result.exit_code, result.stdout) == (0, "5 files verified: every hash holds.\n")


def test_each_file_is_counted_once(archive: Archive) -> None:
    checked: list[None] = []
    list(archive.verify(lambda: checked.append(None)))
    assert len(checked) == archive.file_count() == 5


def remove(archive: Archive, name: str) -> None:
    archive.storage._system.rm(archive.storage.path(name))


def flip(archive: Archive, name: str) -> None:
    data = bytearray(archive.storage.read(name, 10_000))
    data[len(data) // 2] ^= 8
    archive.storage.write(name, bytes(data))


def swap(archive: Archive, name: str) -> None:
    archive.storage.write(name, zstandard.compress(b"other bytes"))


@pytest.mark.parametrize("spoil", [flip, swap])
def test_a_damaged_blob(archive: Archive, spoil: Callable[[Archive, str], None]) -> None:
    lost = blob_name(archive.put(b"another page"))
    spoil(archive, lost)
    assert found(archive) == [("damaged", lost.rpartition("/")[2], False)]
    result = verify()
    assert result.exit_code == 1
    assert f"LOST damaged: {archive.storage.path(lost)}" in result.stdout
    assert "crawl again" in result.stdout and "5 files verified: 1 damages." in result.stdout


def test_a_damaged_part_damages_its_document(archive: Archive) -> None:
    sha256 = archive.put(b"a.xls")
    flip(archive, blob_name(sha256))
    document = names(archive, "documents")[0].rpartition("/")[2]
    assert found(archive) == [("damaged", f"{sha256}.zst", False), ("damaged", document, False)]


def test_a_blob_that_is_gone(archive: Archive) -> None:
    sha256 = archive.put(b"another page")
    remove(archive, blob_name(sha256))
    (damage,) = archive.verify()
    assert (damage.code, damage.harmless) == ("missing", False)
    assert all(words in damage.message for words in (PAGE + "?2", sha256, "crawl henan again"))
    assert verify().exit_code == 1


def test_a_part_that_is_gone(archive: Archive) -> None:
    sha256 = archive.put(b"a.xls")
    remove(archive, blob_name(sha256))
    document = names(archive, "documents")[0].rpartition("/")[2]
    assert found(archive) == [("missing", document, False), ("missing", "henan", False)]


def test_a_recipe_that_is_gone_or_changed(archive: Archive) -> None:
    (name,) = names(archive, "documents")
    recipe = archive.storage.read(name, 10_000)
    changed = json.loads(recipe)
    changed["parts"].reverse()
    archive.storage.write(name, json.dumps(changed).encode())
    assert found(archive) == [("damaged", name.rpartition("/")[2], False)]
    remove(archive, name)
    ((code, _, harmless),) = found(archive)
    assert (code, harmless) == ("missing", False)


def test_a_hash_in_the_ledger_that_is_none(archive: Archive) -> None:
    with archive.ledger("guizhou", "run-1") as ledger:
        ledger.append(fetched(PAGE, "../../61", source="guizhou"))
    assert found(archive) == [("missing", "guizhou", False)]


def test_lines_that_cannot_be_read(archive: Archive) -> None:
    (name,) = names(archive, "ledger")
    lines = archive.storage.read(name, 10_000).splitlines(keepends=True)
    archive.storage.write(name, b"".join([b"{}\n", *lines, lines[0][:40]]))
    file = name.rpartition("/")[2]
    assert found(archive) == [("unread_line", file, False), ("torn_line", file, True)]
    assert verify().exit_code == 1
    archive.storage.write(name, b"".join([*lines, lines[0][:40]]))
    result = verify()
    assert result.exit_code == 0 and "note torn_line" in result.stdout and "Leave it" in result.stdout


def test_what_does_not_belong_there(archive: Archive) -> None:
    sha256 = archive.put(b"another page")
    packed = archive.storage.read(blob_name(sha256), 10_000)
    strangers = ["blobs/ff/notes.txt", f"blobs/{'0' if sha256[0] != '0' else '1'}0/{sha256}.zst", "documents/readme"]
    for name in strangers:
        archive.storage.write(name, packed)
    halves = [f"{blob_name(sha256)}.61.half", f"{recipe_name('0' * 64)}.62.half"]
    for name in halves:
        archive.storage.write(name, packed[:9])
    assert {(code, harmless) for code, _, harmless in found(archive)} == {("stranger", True), ("half", True)}
    paths = {damage.path for damage in archive.verify()}
    assert paths == {archive.storage.path(name) for name in (*strangers, *halves)}
    assert verify().exit_code == 0


def test_a_file_that_cannot_be_read(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = archive.storage.open
    refused = blob_name(archive.put(b"another page"))

    def open_(name: str) -> object:
        if name == refused:
            raise archive.storage.unreadable(name, OSError(5, "Input/output error"))
        return opened(name)

    monkeypatch.setattr(archive.storage, "open", open_)
    (damage,) = archive.verify()
    assert (damage.code, damage.path) == ("unreadable", archive.storage.path(refused))
    assert "may be sound" in damage.message and "delete" not in damage.message


def test_a_ledger_that_cannot_be_read(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(io.BytesIO):
        def readline(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    opened = archive.storage.open
    monkeypatch.setattr(archive.storage, "open", lambda name: Failing() if name.startswith("ledger/") else opened(name))
    (damage,) = archive.verify()
    assert damage.code == "unreadable" and "Input/output error" in damage.message


def test_other_folders_of_the_data_home_are_left_alone(archive: Archive) -> None:
    archive.storage.write("manifests/41-2023.jsonl", b"{}\n")
    archive.storage.write("runs/run-1.json", b"{}")
    assert list(archive.verify()) == [] and archive.file_count() == 5


def test_an_archive_of_nothing_is_not_called_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_ARCHIVE", str(tmp_path / "none"))
    result = verify()
    assert result.exit_code == 1 and "nothing was fetched yet" in result.output


def test_what_would_steer_a_terminal_is_not_printed(archive: Archive) -> None:
    archive.storage.write("blobs/ff/\x1b[2J", b"")
    assert "\x1b" not in verify().stdout
    assert any("\x1b" in damage.path for damage in archive.verify() if isinstance(damage, Damage))
