"""What a run that goes on knows of its source, whoever has read the ledger meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.archive import Archive, Fetch
from pipelines.crawl.past import Past, recall
from tests.unit.archived import fetched

ONE, TWO = "http://made.example/1", "http://made.example/2"
A, B = "a" * 64, "b" * 64


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def happened(archive: Archive, run: str, *fetches: tuple[str, str, str | None]) -> None:
    """Address, outcome and body of what a run asked for, one after the other."""
    with archive.ledger("henan", run) as writer:
        for url, outcome, sha256 in fetches:
            headers = {"etag": f'"{sha256[0]}"'} if sha256 else {}
            writer.append(fetched(url, sha256, run=run, outcome=outcome, headers=headers))


def known(archive: Archive, run: str) -> Past:
    """The past of the run, which is the same when nobody has read the ledger before."""
    past = recall(archive, "henan", run)
    Path(archive.storage.path("balances/henan.zst")).unlink(missing_ok=True)
    assert recall(archive, "henan", run) == past
    return past


def test_a_run_knows_what_it_has_settled_and_no_other_run_has(archive: Archive) -> None:
    happened(archive, "first", (ONE, "fetched", A), (TWO, "retried", None))
    archive.balance("henan")
    happened(archive, "first", (TWO, "retried", None), (TWO, "failed", None))
    past = known(archive, "first")
    assert {url: fetch.outcome for (_, url), fetch in past.settled.items()} == {ONE: "fetched", TWO: "failed"}
    assert (past.requests, past.attempts["page", TWO], past.failing) == (4, 2, set())
    past = known(archive, "second")
    assert (past.settled, past.requests, past.failing) == ({}, 0, {TWO})
    assert past.held[ONE].conditions() == {"If-None-Match": '"a"'} and not past.attempts


def test_what_a_run_asked_for_in_vain_counts_for_the_next_one_alone(archive: Archive) -> None:
    silent: list[tuple[str, str, str | None]] = [(ONE, "failed", None)]
    happened(archive, "first", *silent)
    assert known(archive, "first").failing == set()
    assert known(archive, "second").failing == {ONE}
    happened(archive, "second", (ONE, "fetched", A))
    assert known(archive, "second").failing == {ONE}
    assert known(archive, "third").failing == set()
    happened(archive, "third", *silent)
    happened(archive, "second", *silent)
    assert known(archive, "third").failing == {ONE} == known(archive, "second").failing
    assert known(archive, "fourth").failing == {ONE}


def test_the_last_body_is_the_one_that_whichever_run_fetched_last(archive: Archive) -> None:
    happened(archive, "first", (ONE, "fetched", A))
    happened(archive, "second", (ONE, "fetched", B))
    past = known(archive, "first")
    assert past.held[ONE].sha256 == B
    settled: Fetch = past.settled["page", ONE]
    assert settled.sha256 == A
