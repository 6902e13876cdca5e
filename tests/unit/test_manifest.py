"""Which documents there are, and when their bytes are hashed again."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines import manifest
from pipelines.discovery import source_of
from pipelines.manifest import Entry, manifest_keys, read_manifest, take, write_manifest

LONG_AGO = 1_600_000_000


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "520403" / "2023" / '报告 "一"\n二.txt'
    path.parent.mkdir(parents=True)
    path.write_text("十三件", encoding="utf-8")
    return path


def taken(document: Path, before: dict[str, Entry]) -> Entry:
    (entry,) = take([source_of(document)], before)
    return entry


def settled(entry: Entry) -> dict[str, Entry]:
    """The entry as if its bytes had been hashed long after their last change."""
    later = entry.hashed_at + 10 * manifest.SETTLED
    return {entry.snapshot.source.path: replace(entry, hashed_at=later)}


def test_a_manifest_gives_back_what_was_written(document: Path, tmp_path: Path) -> None:
    entry = taken(document, {})
    assert write_manifest(tmp_path / "m", "52-2023", [entry]) == 1
    assert read_manifest(tmp_path / "m", "52-2023") == {str(document): entry}
    assert manifest_keys(tmp_path / "m") == ["52-2023"]
    assert entry.snapshot.source.province == "52" and entry.snapshot.source.year == 2023


def test_a_manifest_of_nothing_is_no_file(document: Path, tmp_path: Path) -> None:
    write_manifest(tmp_path / "m", "52-2023", [taken(document, {})])
    write_manifest(tmp_path / "m", "52-2023", [])
    assert manifest_keys(tmp_path / "m") == [] and read_manifest(tmp_path / "m", "52-2023") == {}


def test_an_untouched_file_is_not_opened(document: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = settled(taken(document, {}))
    opened: list[str] = []
    monkeypatch.setattr(manifest, "snapshot_of", lambda source: opened.append(source.path))
    assert taken(document, before).snapshot == before[str(document)].snapshot
    assert not opened


def test_a_file_hashed_in_the_moment_of_its_change_is_hashed_again(document: Path) -> None:
    entry = taken(document, {})
    wrong = replace(entry, snapshot=replace(entry.snapshot, sha256="0" * 64))
    assert taken(document, {str(document): wrong}).snapshot.sha256 == entry.snapshot.sha256


def test_other_bytes_of_the_same_length_and_date_are_noticed(document: Path) -> None:
    os.utime(document, (LONG_AGO, LONG_AGO))
    before = settled(taken(document, {}))
    document.write_text("十四件", encoding="utf-8")
    os.utime(document, (LONG_AGO, LONG_AGO))
    assert document.stat().st_mtime == LONG_AGO
    assert taken(document, before).snapshot.sha256 != before[str(document)].snapshot.sha256


def test_a_file_that_is_not_there_is_an_entry_without_a_hash(tmp_path: Path) -> None:
    missing = tmp_path / "none.html"
    entry = taken(missing, {})
    assert (entry.snapshot.sha256, entry.stamp) == ("", None)
    assert taken(missing, settled(entry) if entry.stamp else {str(missing): entry}).snapshot.sha256 == ""


def test_an_entry_that_still_holds_is_written_as_it_stood(document: Path, tmp_path: Path) -> None:
    write_manifest(tmp_path, "52-2023", settled(taken(document, {})).values())
    file = tmp_path / "52-2023.jsonl"
    spaced = file.read_text(encoding="ascii").replace(", ", ",  ")
    file.write_text(spaced, encoding="ascii")
    before = read_manifest(tmp_path, "52-2023")
    write_manifest(tmp_path, "52-2023", take([source_of(document)], before))
    assert file.read_text(encoding="ascii") == spaced
    (changed,) = settled(before[str(document)]).values()
    write_manifest(tmp_path, "52-2023", [changed])
    assert read_manifest(tmp_path, "52-2023") == {str(document): changed}
