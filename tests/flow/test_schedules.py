"""Schedules and the inbox's sensor, ticked."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from pipelines.defs import build_defs, defs
from pipelines.defs.jobs import CRAWL, JOB, crawling, inbox, publishing
from pipelines.defs.partitions import KEYS, PROVINCES, parts
from pipelines.defs.resources import Crawler, House
from pipelines.night import inbox as inbox_files

START, END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"


def ticked(year: int, month: int, day: int) -> dg.RunRequest | dg.SkipReason:
    night = datetime(year, month, day, 20, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    found = crawling(dg.build_schedule_context(scheduled_execution_time=night))
    assert isinstance(found, dg.RunRequest | dg.SkipReason)
    return found


def keys_of(request: dg.RunRequest | dg.SkipReason) -> list[str]:
    assert isinstance(request, dg.RunRequest)
    return list(KEYS[KEYS.index(request.tags[START]) : KEYS.index(request.tags[END]) + 1])


@pytest.mark.parametrize(
    ("night", "years"),
    [
        ((2026, 1, 5), (2025,)),
        ((2026, 4, 30), (2025,)),
        ((2026, 2, 7), (2024, 2025)),
        ((2026, 8, 15), (2024, 2025)),
    ],
)
def test_a_night_crawls_all_provinces_over_its_years(night: tuple[int, int, int], years: tuple[int, ...]) -> None:
    keys = keys_of(ticked(*night))
    assert parts(keys) == (tuple(sorted(PROVINCES)), years)
    assert len(keys) == len(PROVINCES) * len(years)


def test_most_nights_of_summer_are_quiet() -> None:
    assert [isinstance(ticked(2026, 6, day), dg.SkipReason) for day in range(1, 8)] == [
        True, True, False, True, True, False, True
    ]  # fmt: skip


def test_the_morning_publishes_everything() -> None:
    request = publishing(dg.build_schedule_context())
    assert isinstance(request, dg.RunRequest)
    assert (request.tags[START], request.tags[END]) == (KEYS[0], KEYS[-1])


def test_jobs_hold_what_they_are_to_hold() -> None:
    crawl, build = defs.resolve_job_def(CRAWL), defs.resolve_job_def(JOB)
    assert crawl.asset_layer.selected_asset_keys == {dg.AssetKey("crawled")}
    assert build.asset_layer.selected_asset_keys == defs.resolve_asset_graph().get_all_asset_keys() - {
        dg.AssetKey("crawled"),
        dg.AssetKey("release"),
    }
    graph = defs.resolve_asset_graph()
    crawled = graph.get(dg.AssetKey("crawled"))
    assert crawled.pools == {"hosts"}
    assert crawled.backfill_policy == dg.BackfillPolicy.single_run()
    assert crawled.partitions_def == graph.get(dg.AssetKey("snapshots")).partitions_def


def test_a_night_is_one_run_over_its_partitions() -> None:
    """The tags name keys that stand side by side: Dagster takes them for one range."""
    keys = keys_of(ticked(2026, 2, 7))
    job = build_defs().resolve_job_def(CRAWL)
    assert job.partitions_def is not None
    assert list(job.partitions_def.get_partition_keys_in_range(dg.PartitionKeyRange(keys[0], keys[-1]))) == keys


def test_nothing_runs_until_it_is_switched_on() -> None:
    assert os.environ.get("GONGKAI_SCHEDULES") != "on"
    assert {one.default_status.value for one in [*(defs.schedules or ()), *(defs.sensors or ())]} == {"STOPPED"}


def test_the_crawl_begins_in_chinas_evening_and_the_morning_finds_what_it_brought() -> None:
    schedules = [one for one in defs.schedules or () if isinstance(one, dg.ScheduleDefinition)]
    assert len(schedules) == len(list(defs.schedules or ())) == 3
    assert {one.execution_timezone for one in schedules} == {"Asia/Shanghai"}
    minutes = {one.name: [int(part) for part in str(one.cron_schedule).split()[:2]] for one in schedules}
    at = {name: (hour + minute / 60 - 12) % 24 for name, (minute, hour) in minutes.items()}
    assert 6 <= at["crawl_nightly"] < at["publish_nightly"] < at["release_nightly"] < 20, "hours after noon"


def test_switched_on_by_the_environment() -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore",
            "-c",
            "from pipelines.defs import defs\n"
            "print(*{s.default_status.value for s in [*defs.schedules, *defs.sensors]})",
        ],
        env={**os.environ, "GONGKAI_SCHEDULES": "on"},
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert told.stdout.split() == ["RUNNING"]


def test_building_given_paths_knows_no_crawl(tmp_path: Path) -> None:
    """`make run` and `gongkai build PATH` load nothing of the crawl, and look into no archive."""
    (tmp_path / "home" / "archive" / "ledger" / "s").mkdir(parents=True)
    program = (
        "import sys\n"
        "from pipelines.defs.run import build_defs\n"
        "from pipelines.defs.resources import House\n"
        f"house = House(home={str(tmp_path / 'home')!r}, paths=['data/samples/520403'])\n"
        "build_defs(house=house)\n"
        "assert list(house.sources()) and house.crawl_relations() == {} and house.roots == ['data/samples/520403']\n"
        "print(*{'scrapy', 'twisted', 'fsspec', 'pipelines.archive', 'pipelines.crawl'} & sys.modules.keys())"
    )
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert told.stdout.split() == []


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(inbox_files, "SETTLED", 0.0)
    monkeypatch.delenv("GONGKAI_ARCHIVE", raising=False)
    return House(home=str(tmp_path / "home"))


def tick(house: House, cursor: str | None) -> dg.SensorResult:
    found = inbox(dg.build_sensor_context(cursor=cursor, resources={"crawler": Crawler(home=house.home)}))
    assert isinstance(found, dg.SensorResult)
    return found


def dropped(house: House, name: str, text: str) -> Path:
    path = house.data.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def received(house: House) -> dict[str, str]:
    files = (path for path in house.data.received.rglob("*") if path.is_file())
    return {str(p.relative_to(house.data.received).as_posix()).partition("/")[2]: p.read_text() for p in files}


def test_files_are_taken_once_whole_a_run_a_batch(house: House) -> None:
    first = tick(house, None)
    assert house.data.inbox.is_dir() and not first.run_requests
    dropped(house, "520403/2023/a.txt", "whole")
    growing = dropped(house, "520403/2023/b.txt", "half")
    seen = tick(house, first.cursor)
    assert not seen.run_requests, "nobody knows yet whether they grow"
    growing.write_text("half and more")
    taken = tick(house, seen.cursor)
    (request,) = taken.run_requests or ()
    assert received(house) == {"520403/2023/a.txt": "whole"}
    assert (request.tags[START], request.tags[END]) == (KEYS[0], KEYS[-1])
    rest = tick(house, taken.cursor)
    (second,) = rest.run_requests or ()
    assert received(house) == {"520403/2023/a.txt": "whole", "520403/2023/b.txt": "half and more"}
    assert request.run_key != second.run_key
    assert not tick(house, rest.cursor).run_requests


def test_what_was_taken_is_a_source(house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    monkeypatch.setenv("GONGKAI_SOURCES", str(tmp_path / "sources"))
    dropped(house, "520403/2023/a.txt", "whole")
    assert list(house.sources()) == []
    tick(house, tick(house, None).cursor)
    (source,) = house.sources()
    assert (source.division, source.year) == ("520403", 2023)


def test_what_is_still_written_or_no_document_stays(house: House, tmp_path: Path) -> None:
    names = ("a.html.part", "b.tmp", ".hidden.html", "README.md", "c.json")
    for name in names:
        dropped(house, name, "x")
    (house.data.inbox / "link.html").symlink_to(dropped(house, "520403/real.html", "y"))
    tick(house, tick(house, None).cursor)
    assert received(house) == {"520403/real.html": "y"}
    assert {path.name for path in house.data.inbox.iterdir()} >= {*names, "link.html"}


def test_a_file_of_the_same_name_is_another_batch(house: House) -> None:
    for text in ("first", "second"):
        dropped(house, "a.txt", text)
        tick(house, tick(house, None).cursor)
    assert sorted(path.read_text() for path in house.data.received.rglob("a.txt")) == ["first", "second"]


def test_a_file_that_was_written_to_just_now_waits(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_files, "SETTLED", 60.0)
    dropped(house, "a.txt", "whole")
    assert not tick(house, tick(house, None).cursor).run_requests
