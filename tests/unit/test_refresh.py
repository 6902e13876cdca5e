"""What is read, what is left alone, what is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines import refresh
from pipelines.lake import Lake, LakeState
from pipelines.model import Issue, Refusal, Snapshot, Source
from pipelines.refresh import MOST_TRIES, Figures, carry_out, plan

KEY = "forms and readers of today"


def at(path: str, content: str, province: str = "52", year: int = 2023) -> Snapshot:
    return Snapshot(Source(path=path, province=province, year=year), sha256=content * 64, size=7)


def lake_of(root: Path, *snapshots: Snapshot, key: str = KEY) -> LakeState:
    lake = Lake(root)
    lake.write([Refusal(s, Issue("not_a_report", "a list"), "html", 0.25) for s in snapshots], reading_key=key)
    return lake.state()


def test_what_a_busy_machine_may_have_refused_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow, list_page = at("slow.pdf", "a"), at("list.html", "b")
    codes = {slow.source.path: "timeout", list_page.source.path: "not_a_report"}

    def refuse(sources: list[Source]) -> Iterator[tuple[Refusal, ...]]:
        for source in sources:
            snapshot = slow if source == slow.source else list_page
            yield (Refusal(snapshot, Issue(codes[source.path], "no report")),)

    monkeypatch.setattr(refresh, "read_all", refuse)
    lake = Lake(tmp_path)
    tries = []
    for _ in range(MOST_TRIES + 2):
        work = plan(lake.state(), [slow, list_page], KEY)
        tries.append(len(list(carry_out(lake, work, KEY))))
    assert tries == [2, *[1] * (MOST_TRIES - 1), 0, 0]
    assert plan(lake.state(), [slow], "other readers").pending == {slow.sha256: (slow,)}
    codes[slow.source.path] = "encrypted"
    work = plan(lake.state(), [slow], KEY, full=True)
    assert len(list(carry_out(lake, work, KEY))) == 1
    assert plan(lake.state(), [slow], KEY).unchanged == (slow,)


def test_what_is_held_is_left_alone(tmp_path: Path) -> None:
    one, two = at("a.html", "a"), at("b.html", "b")
    work = plan(lake_of(tmp_path, one, two), [one, two], KEY)
    assert (work.pending, work.gone, work.unchanged) == ({}, (), (one, two))


def test_new_bytes_are_read_and_old_ones_forgotten(tmp_path: Path) -> None:
    old, new = at("a.html", "a"), at("a.html", "c")
    work = plan(lake_of(tmp_path, old), [new], KEY)
    assert (work.pending, work.gone, work.unchanged) == ({new.sha256: (new,)}, (old.sha256,), ())


def test_other_readers_read_everything_again(tmp_path: Path) -> None:
    one = at("a.html", "a")
    state = lake_of(tmp_path, one, key="readers of yesterday")
    assert plan(state, [one], KEY).pending == {one.sha256: (one,)}
    assert plan(lake_of(tmp_path, one), [one], KEY, full=True).pending == {one.sha256: (one,)}


def test_a_document_that_moved_is_read_again_and_not_forgotten(tmp_path: Path) -> None:
    there, here = at("52/a.html", "a"), at("41/a.html", "a", province="41")
    work = plan(lake_of(tmp_path, there), [here], KEY)
    assert (work.pending, work.gone) == ({here.sha256: (here,)}, ())


def test_a_document_whose_place_is_of_another_province_or_year_is_read_again(tmp_path: Path) -> None:
    held = at("archive:a", "a")
    state = lake_of(tmp_path, held)
    for moved in (at("archive:a", "a", province="41"), at("archive:a", "a", year=2022)):
        assert plan(state, [moved], KEY).pending == {held.sha256: (moved,)}
    nowhere = Snapshot(Source("archive:b"), "b" * 64, 7)
    assert plan(lake_of(tmp_path / "nowhere", nowhere), [nowhere], KEY).unchanged == (nowhere,)


def test_copies_are_one_document(tmp_path: Path) -> None:
    one, copy = at("a.html", "a"), at("copy.html", "a")
    assert plan(lake_of(tmp_path / "new"), [one, copy], KEY).pending == {one.sha256: (one, copy)}
    assert plan(lake_of(tmp_path / "held", one), [one, copy], KEY).unchanged == (one, copy)


def test_the_reading_of_a_copy_is_of_the_place_of_the_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, copy = at("a.html", "a"), at("copy.html", "a", year=2021)
    monkeypatch.setattr(refresh, "read_all", lambda sources: ((Refusal(s, Issue("no", "a list")),) for s in [one]))
    lake = Lake(tmp_path)
    yielded = list(carry_out(lake, plan(lake.state(), [one, copy], KEY), KEY))
    assert [(snapshot, reading.snapshot) for snapshot, (reading,) in yielded] == [(one, one), (copy, copy)]


def test_a_name_that_is_no_unicode_is_not_read_for_ever(tmp_path: Path) -> None:
    odd = at("odd\udce9.html", "a")
    assert plan(lake_of(tmp_path, odd), [odd], KEY).unchanged == (odd,)


def test_a_part_of_the_work_forgets_nothing_elsewhere(tmp_path: Path) -> None:
    here, elsewhere = at("a.html", "a"), at("b.html", "b", province="41")
    state = lake_of(tmp_path, here, elsewhere)
    assert plan(state, [], KEY, covers=lambda province, year: province == "52").gone == (here.sha256,)
    assert set(plan(state, [], KEY).gone) == {here.sha256, elsewhere.sha256}


def test_a_document_that_nobody_can_open_is_not_read_for_ever(tmp_path: Path) -> None:
    closed = Snapshot(Source(path="closed.html"), sha256="", size=0)
    assert plan(lake_of(tmp_path, closed), [closed], KEY).unchanged == (closed,)


def test_parts_that_no_longer_count_leave_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two, gone = at("a.html", "a"), at("b.html", "b"), at("c.html", "c", province="41")
    before = lake_of(tmp_path, one, two, gone, key="readers of yesterday")
    files = {part.file(tmp_path, "document") for part in before.parts}
    assert len(files) == 2 and all(file.exists() for file in files)
    monkeypatch.setattr(
        refresh, "read_all", lambda sources: ((Refusal(s, Issue("not_a_report", "a list")),) for s in (one, two))
    )
    lake = Lake(tmp_path)
    assert len(list(carry_out(lake, plan(before, [one, two], KEY), KEY))) == 2
    assert not any(file.exists() for file in files)
    assert lake.state().reading_keys == {one.sha256: KEY, two.sha256: KEY}


def test_figures_count_refusals_by_code() -> None:
    figures = Figures()
    figures.add((Refusal(at("a", "a"), Issue("encrypted", "a password"), "pdf", 0.5),))
    figures.add((Refusal(at("b", "b"), Issue("empty", "no bytes"), None, 0.25),))
    assert (figures.read, figures.refused, figures.reports, figures.seconds) == (2, 2, 0, 0.75)
    assert figures.refusals == {"encrypted": 1, "empty": 1} and figures.formats == {"pdf": 1, "unknown": 1}
