"""Parts of the night: which years, the page, the web hook, what the warehouse is told."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.archive import Archive, ArchiveError, Fetch, Part
from pipelines.crawl import SourceReport
from pipelines.night import webhook
from pipelines.night.calendar import years_for
from pipelines.night.page import page
from pipelines.night.records import RunRecord, outcome_of, read_records, write_record
from pipelines.night.relations import crawl_relations
from pipelines.night.report import COUNTS, NightReport, night_report
from pipelines.registry.sources import Card

START = "2026-02-03T12:00:00.000+00:00"
REPORT = SourceReport(
    "county", found=7, fetched=3, unchanged=2, blocked=1, failed=4, refused=5, withdrawn=6, seconds=8.5
)


def record(run: str = "r1", **changes: object) -> RunRecord:
    made = RunRecord(
        run, START, ("52",), (2025,), ("county",), ended="2026-02-03T13:00:00.000+00:00", sources=(REPORT,)
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("night", "years"),
    [
        (date(2026, 1, 1), (2025,)),
        (date(2026, 4, 30), (2025,)),
        (date(2026, 5, 1), ()),
        (date(2026, 5, 2), (2024, 2025)),
        (date(2026, 12, 31), ()),
        (date(2027, 1, 1), (2026,)),
    ],
)
def test_years_for_a_night(night: date, years: tuple[int, ...]) -> None:
    assert years_for(night) == years


def test_every_old_year_has_its_turn() -> None:
    summer = [date(2026, 5, 1) + timedelta(days=n) for n in range(245)]
    old = [years_for(night)[0] for night in summer if night.weekday() == 2]
    assert set(old) == set(range(2008, 2024))
    assert all(len(years_for(night)) == 1 for night in summer if night.weekday() == 2)


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"complete": True}, "complete"),
        ({"complete": False}, "partial"),
        ({"complete": False, "fetched": 0}, "partial"),
        ({"complete": False, "fetched": 0, "unchanged": 0}, "blocked"),
        ({"complete": False, "fetched": 0, "unchanged": 0, "blocked": 0}, "failed"),
        ({"complete": False, "fetched": 0, "unchanged": 0, "blocked": 0, "failed": 0}, "refused"),
    ],
)
def test_what_came_of_a_source(changes: dict[str, object], outcome: str) -> None:
    assert outcome_of(replace(REPORT, **changes)) == outcome  # type: ignore[arg-type]


def test_records_are_read_back_and_a_damaged_one_is_named(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    later = record("r0", started="2026-02-04T12:00:00.000+00:00", ended=None, years=None, stopped="killed")
    for one in (later, record()):
        write_record(archive, one)
    assert read_records(archive) == [record(), later]
    (tmp_path / "runs" / "r1.json").write_text("{", encoding="utf-8")
    with pytest.raises(ArchiveError, match=r"runs/r1\.json is no record"):
        read_records(archive)


def fetched(at: str, url: str, data: bytes, archive: Archive, run: str) -> Fetch:
    part = Part("a.html", archive.put(data), url)
    return Fetch(
        at=at,
        run=run,
        source="county",
        kind="document",
        url=url,
        outcome="fetched",
        sha256=archive.put_document([part]),
        listed_date="2026-01-19",
        parts=(part,),
    )


def test_the_warehouse_is_told_every_version_and_run(tmp_path: Path) -> None:
    archive, url = Archive(tmp_path), "http://a.gov.cn/1.html"
    first = fetched("2026-02-03T12:00:01.000+00:00", url, b"first", archive, "r1")
    second = fetched("2026-02-09T12:00:01.000+00:00", url, b"second", archive, "r2")
    gone = Fetch(
        at="2026-02-11T12:00:01.000+00:00", run="r3", source="county", kind="page", url=url, outcome="gone", status=404
    )
    for fetch in (first, replace(first, at="2026-02-05T12:00:01.000+00:00", run="r9"), second, gone):
        with archive.ledger("county", fetch.run) as ledger:
            ledger.append(fetch)
    write_record(archive, record())
    write_record(archive, record("r2", started="2026-02-09T12:00:00.000+00:00", ended=None, stopped="killed"))
    card = Card("county", "web", "某县", "520403", lists=("http://a.gov.cn/",), expect={2025: 3, 2024: 2})
    told = crawl_relations([card], archive)
    document = told["crawl.document"]
    assert list(
        zip(document["sha256"], document["run"], document["first_seen"], document["last_seen"], strict=True)
    ) == [
        (first.sha256, "r1", datetime(2026, 2, 3, 12, 0, 1), datetime(2026, 2, 5, 12, 0, 1)),
        (second.sha256, "r2", datetime(2026, 2, 9, 12, 0, 1), datetime(2026, 2, 9, 12, 0, 1)),
    ]
    assert document["published"] == [date(2026, 1, 19)] * 2
    assert document["withdrawn"] == [datetime(2026, 2, 11, 12, 0, 1)] * 2
    assert told["crawl.expected"] == {"source": ["county"] * 2, "year": [2024, 2025], "reports": [2, 3]}
    run = told["crawl.run"]
    assert run["outcome"] == ["complete", "running"] and run["problems"] == [[], ["killed"]]
    assert [run[name][0] for name in COUNTS] == [getattr(REPORT, name) for name in COUNTS]
    assert run["years"] == ["2025", "2025"] and run["ended"][1] is None


def test_no_archive_no_crawl() -> None:
    told = crawl_relations([Card("samples", "local", "某县", path=Path("data/samples"))], None)
    assert told["crawl.source"]["path"] == ["data/samples"]
    assert {table for table, columns in told.items() if any(columns.values())} == {"crawl.source"}


def test_the_page_shows_hostile_words_as_words() -> None:
    hostile = replace(REPORT, problems=("<script>alert(1)</script> | [x](javascript:y)\n# 标题\u202e",), complete=False)
    text = page(night_report([record(sources=(hostile,))], publication="pending"))
    (line,) = (line for line in text.splitlines() if "alert" in line)
    assert line.startswith("- county: \\<script\\>alert\\(1\\)\\</script\\> \\| \\[x\\]\\(javascript:y\\) \\# 标题")
    assert "\u202e" not in text


def test_the_page_counts_and_compares() -> None:
    earlier = record("r0", started="2026-02-02T12:00:00.000+00:00", sources=(replace(REPORT, found=9, complete=False),))
    other = record("rx", started="2026-02-02T18:00:00.000+00:00", years=(2024,))
    text = page(night_report([earlier, other, record()], publication="published"))
    assert text.startswith("# 夜间报告 Report of the night · 2026-02-03 20:00\n")
    assert "| 这次 this run | 7 | 3 | 2 | 1 | 4 | 5 | 6 |" in text
    assert "| 上次 the run before | 9 | 3 | 2 | 1 | 4 | 5 | 6 |" in text
    assert "没有变化 Nothing." in text
    assert "有缺 partial → 走完 complete" in page(night_report([earlier, record()], publication="published"))


def failing(why: str) -> NightReport:
    return night_report([record()], publication="failed", why=[why])


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/hook", "file:///etc/hosts", "no address"])
def test_a_hook_that_fails_is_logged_and_tried_again(
    address: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "gongkai"):
        assert not webhook.tell(failing("crawled: x"), tmp_path, address)
    assert "was not told" in caplog.text
    assert not (tmp_path / "told.json").exists()


def test_only_a_change_of_state_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    posted: list[dict[str, object]] = []
    monkeypatch.setattr(webhook, "_post", lambda address, body: posted.append(body))
    nights = [failing("reports: one"), failing("reports: two"), failing("crawled: three"), failing("crawled: three")]
    assert [webhook.tell(night, tmp_path, "http://hook") for night in nights] == [True, False, True, False]
    assert [body["state"] for body in posted] == [
        {"publication": "failed", "why reports": "failed"},
        {"publication": "failed", "why crawled": "failed"},
    ]
    assert json.dumps(posted, ensure_ascii=False)
    (tmp_path / "told.json").write_text("{", encoding="utf-8")
    assert webhook.tell(nights[0], tmp_path, "http://hook")


def test_without_an_address_nobody_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GONGKAI_WEBHOOK", raising=False)
    assert not webhook.tell(failing("x"), tmp_path)
