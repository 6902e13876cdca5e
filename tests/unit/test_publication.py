"""Whether the warehouse at its place is the one that would be made now."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from unittest.mock import Mock

import pytest

from pipelines import publication
from pipelines.lake import Lake
from pipelines.model import Issue, Refusal, Snapshot, Source
from pipelines.paths import EXPECTATIONS, DataHome
from pipelines.publication import Edition, draft, edition_of, is_published, remember

ROOTS = ["documents"]


@pytest.fixture
def home(tmp_path: Path) -> DataHome:
    return DataHome(tmp_path)


def published(home: DataHome) -> Edition:
    """The edition of a home's lake, with a file at the warehouse's place that is said to be it."""
    edition = edition_of(home, ROOTS, {})
    home.candidate.parent.mkdir(parents=True, exist_ok=True)
    home.candidate.write_bytes(b"tables")
    draft(home, edition)
    home.candidate.replace(home.warehouse)
    remember(home)
    return edition


def test_what_nobody_touched_is_published(home: DataHome) -> None:
    edition = published(home)
    assert edition_of(home, ROOTS, {}) == edition and is_published(home, edition)


def test_a_file_that_somebody_wrote_to_is_not(home: DataHome) -> None:
    edition = published(home)
    home.warehouse.write_bytes(b"others")
    os.utime(home.warehouse, ns=(1_700_000_000_000_000_000, 1_700_000_000_000_000_000))
    assert not is_published(home, edition)


def test_what_is_read_or_crawled_makes_another_edition(home: DataHome) -> None:
    first = published(home)
    crawled = edition_of(home, ROOTS, {"source_year": {"source": ["made"], "year": [2023]}})
    Lake(home.lake).write(
        [Refusal(Snapshot(Source("a.html"), "a" * 64, 7), Issue("not_a_report", "a list"))], reading_key="k"
    )
    read = edition_of(home, ROOTS, {})
    assert len({first.digest, crawled.digest, read.digest}) == 3


def test_another_registry_makes_another_edition(home: DataHome, monkeypatch: pytest.MonkeyPatch) -> None:
    first = edition_of(home, ROOTS, {})
    monkeypatch.setattr(publication, "load_registry", lambda: Mock(digest="another"))
    assert edition_of(home, ROOTS, {}) != first


def test_other_expectations_make_another_edition(
    home: DataHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = edition_of(home, ROOTS, {})
    folder = tmp_path / "expectations"
    shutil.copytree(EXPECTATIONS, folder)
    monkeypatch.setattr(publication, "EXPECTATIONS", folder)
    assert edition_of(home, ROOTS, {}) == first
    suite = folder / "structure.json"
    suite.write_text(suite.read_text().replace("critical", "warning", 1))
    assert edition_of(home, ROOTS, {}) != first
