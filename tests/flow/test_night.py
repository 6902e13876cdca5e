"""The night in process: a crawl (of a web that is a dictionary), the warehouse after it, and what is told."""

from __future__ import annotations

import http.server
import json
import re
import shutil
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
import yaml

from pipelines import audit
from pipelines.archive import Archive, Fetch, Part, now
from pipelines.crawl import CrawlReport, SourceReport
from pipelines.defs import build_defs, warehousing
from pipelines.defs.jobs import CRAWL, JOB
from pipelines.defs.partitions import over_years, partition_key
from pipelines.defs.resources import Crawler, House
from pipelines.night import crawling, records
from pipelines.night.crawling import crawl_recorded
from pipelines.night.records import begin, read_records
from pipelines.paths import ROOT, SAMPLES
from pipelines.registry.sources import Card, load_cards

COUNTY = SAMPLES / "520403" / "2023"
SITE, OTHER = "http://127.0.0.1:1/gk/", "http://127.0.0.1:2/gk/"
SECTION = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Running it for real")[2]
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass
class Web:
    """What stands on the web, by source and address: title, year, bytes (None: gone). Once it dies after some pages."""

    pages: dict[str, dict[str, tuple[str, int, bytes | None]]] = field(default_factory=dict)
    walls: set[str] = field(default_factory=set)
    dies_after: int | None = None
    asked: list[tuple[str, frozenset[int] | None]] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)

    def crawl(
        self, cards: list[Card], archive: Archive, *, run: str, years: frozenset[int] | None, watch: Any, limits: Any
    ) -> CrawlReport:
        """As `pipelines.crawl.crawl` does it, as far as others can see: lines of the ledger and a report."""
        self.asked.append((run, years))
        reports = []
        for card in cards:
            counts = dict.fromkeys(("found", "fetched", "unchanged", "blocked", "withdrawn"), 0)
            settled = {f.url for f in archive.fetches(card.source) if f.run == run and f.kind == "document"}
            held = {f.url: f.sha256 for f in archive.fetches(card.source) if f.kind == "document"}
            with archive.ledger(card.source, run) as ledger:
                for url, (title, year, data) in self.pages.get(card.source, {}).items():
                    if years is not None and year not in years:
                        continue
                    counts["found"] += 1
                    told = {"run": run, "source": card.source, "url": url, "title": title, "year": year}
                    if card.source in self.walls:
                        counts["blocked"] += 1
                        ledger.append(
                            Fetch(at=now(), kind="page", outcome="blocked", status=412, reason="wall", **told)
                        )  # type: ignore[arg-type]
                        continue
                    if url in settled:
                        counts["fetched"] += 1
                        continue
                    if self.dies_after is not None and len(self.fetched) >= self.dies_after:
                        self.dies_after = None
                        return CrawlReport(run, (), stopped="the crawler died")
                    if data is None:
                        counts["withdrawn"] += held.get(url) is not None
                        ledger.append(Fetch(at=now(), kind="page", outcome="gone", status=404, **told))  # type: ignore[arg-type]
                        continue
                    self.fetched.append(url)
                    part = Part("page.html", archive.put(data), url)
                    sha256 = archive.put_document([part])
                    outcome = "unchanged" if held.get(url) == sha256 else "fetched"
                    counts[outcome] += 1
                    ledger.append(Fetch(at=now(), kind="page", outcome=outcome, status=200, sha256=part.sha256, **told))  # type: ignore[arg-type]
                    ledger.append(
                        Fetch(at=now(), kind="document", outcome=outcome, sha256=sha256, parts=(part,), **told)
                    )  # type: ignore[arg-type]
            problems = ("a wall",) if counts["blocked"] else ()
            reports.append(SourceReport(card.source, **counts, seconds=0.5, problems=problems, complete=not problems))
        return CrawlReport(run, tuple(reports))


@dataclass
class Night:
    home: Path
    sources: Path
    web: Web

    def cards(self, **expect: dict[int, int]) -> None:
        """Two sites, with what is expected of each."""
        cards = [
            {
                "source": source,
                "kind": "local",
                "publisher": f"{source}的网站",
                "division": "520403",
                "family": "generic",
                "lists": [address],
                "hosts": [address.split("/")[2]],
                "expect": expect.get(source.replace("-", "_"), {}),
            }
            for source, address in (("county-site", SITE), ("other-site", OTHER))
        ]
        self.sources.mkdir(exist_ok=True)
        (self.sources / "52.yml").write_text(yaml.safe_dump(cards, allow_unicode=True), encoding="utf-8")

    @property
    def archive(self) -> Archive:
        return Archive(self.home / "archive")

    @property
    def definitions(self) -> dg.Definitions:
        return build_defs(house=House(home=str(self.home)), crawler=Crawler(home=str(self.home), wait=0))

    def crawl(self, *years: int) -> dg.ExecuteInProcessResult:
        return self._run(CRAWL, over_years(years))

    def publish(self) -> dg.ExecuteInProcessResult:
        house = House(home=str(self.home))
        keys = sorted({partition_key(s.province, s.year) for s in house.sources()})
        defined = build_defs(house=house, partitions=dg.StaticPartitionsDefinition(keys))
        tags = {
            "dagster/asset_partition_range_start": keys[0],
            "dagster/asset_partition_range_end": keys[-1],
        }
        return self._run(JOB, tags, defined)

    def _run(
        self, job: str, tags: Mapping[str, str], definitions: dg.Definitions | None = None
    ) -> dg.ExecuteInProcessResult:
        with dg.DagsterInstance.ephemeral() as instance:
            return (
                (definitions or self.definitions)
                .resolve_job_def(job)
                .execute_in_process(instance=instance, tags=dict(tags), run_config=QUIET, raise_on_error=False)
            )

    def page(self) -> str:
        (file,) = [self.home / "runs" / f"{read_records(self.archive)[-1].run}.md"]
        return file.read_text(encoding="utf-8")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.home / "warehouse.duckdb"), read_only=True) as connection:
            return connection.execute(query).fetchall()


def reports_of(*names: str) -> dict[str, bytes]:
    return {name: (COUNTY / name).read_bytes() for name in names}


GOVERNMENT, PETITIONS, TOWNSHIP = "平坝区人民政府.html", "平坝区信访局.html", "平坝区兴隆镇人民政府.html"


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Night]:
    files = reports_of(GOVERNMENT, PETITIONS, TOWNSHIP)
    web = Web(
        {
            "county-site": {
                SITE + "1.html": ("平坝区人民政府2023年政府信息公开工作年度报告", 2023, files[GOVERNMENT]),
                SITE + "2.html": ("平坝区信访局2023年政府信息公开工作年度报告", 2023, files[PETITIONS]),
            },
            "other-site": {OTHER + "3.html": ("兴隆镇2023年政府信息公开工作年度报告", 2023, files[TOWNSHIP])},
        }
    )
    made = Night(tmp_path / "home", tmp_path / "sources", web)
    made.cards()
    monkeypatch.setenv("GONGKAI_SOURCES", str(made.sources))
    monkeypatch.delenv("GONGKAI_ARCHIVE", raising=False)
    monkeypatch.delenv("GONGKAI_WEBHOOK", raising=False)
    monkeypatch.setattr(crawling, "crawl", web.crawl)
    yield made
    audit.end()


def changed(page: bytes) -> bytes:
    """The page with one number of its table of applications replaced."""
    head, mark, tail = page.decode("gb18030").rpartition("本年新收")
    assert mark
    tail, times = re.subn("<strong>[&#;0-9]+</strong>", "<strong>97</strong>", tail, count=1)
    assert times == 1
    return (head + mark + tail).encode("gb18030")


def test_two_nights(night: Night) -> None:
    assert night.crawl(2023).success
    assert "已采集" in night.page()
    first = night.publish()
    assert first.success, first
    assert night.rows(
        "SELECT source, outcome, years, found, fetched, unchanged, read, refused_to_read, reports FROM quality.run"
    ) == [
        ("county-site", "complete", "2023", 2, 2, 0, 2, 0, 2),
        ("other-site", "complete", "2023", 1, 1, 0, 1, 0, 1),
    ]
    assert night.rows("SELECT source, state, documents, reports FROM quality.source") == [
        ("county-site", "ok", 2, 2),
        ("other-site", "ok", 1, 1),
    ]
    assert night.rows("SELECT count(*), count(url), count(DISTINCT division) FROM dims.report") == [(3, 3, 1)]
    (told,) = first.asset_materializations_for_node("night")
    assert {name: told.metadata[name].value for name in ("found", "fetched", "read", "reports")} == {
        "found": 3,
        "fetched": 3,
        "read": 3,
        "reports": 3,
    }
    assert "已发布 published" in night.page() and "| 这次 this run | 3 | 3 | 0 |" in night.page()

    pages = night.web.pages["county-site"]
    pages[SITE + "1.html"] = (*pages[SITE + "1.html"][:2], changed(pages[SITE + "1.html"][2] or b""))
    pages[SITE + "2.html"] = (*pages[SITE + "2.html"][:2], None)
    night.web.walls.add("other-site")
    assert night.crawl(2023).success
    assert night.publish().success
    assert night.rows(
        "SELECT source, outcome, fetched, blocked, withdrawn, read FROM quality.run "
        "ORDER BY started DESC, source LIMIT 2"
    ) == [("county-site", "complete", 1, 0, 1, 1), ("other-site", "blocked", 0, 1, 0, 0)]
    assert night.rows("SELECT count(DISTINCT run) FROM quality.run") == [(2,)]
    assert night.rows("SELECT state FROM quality.source ORDER BY source") == [("ok",), ("blocked",)]
    assert night.rows(
        "SELECT title LIKE '%信访局%', is_current, revision FROM dims.report WHERE withdrawn IS NOT NULL"
    ) == [(True, True, 1)]
    assert night.rows("SELECT revision, is_current FROM dims.report WHERE title LIKE '%人民政府2023%' ORDER BY ALL")[
        -2:
    ] == [(1, False), (2, True)]
    assert night.rows("SELECT count(*) > 0, bool_and(value <> value_before) FROM quality.revision") == [(True, True)]
    page = night.page()
    assert "撤下 withdrawn: 平坝区信访局 2023" in page and "改版 revised: 平坝区人民政府 2023" in page
    assert "走完 complete → 被拦 blocked" in page and "| 上次 the run before | 3 | 3 | 0 |" in page
    assert "other\\-site的网站 | 被拦 blocked" in page
    last_night, changes = re.findall(r"^\*\*[A-Z].+?```sql\n(.+?)```", SECTION, re.DOTALL | re.MULTILINE)
    assert [row[:2] for row in night.rows(last_night)] == [("other-site", "blocked"), ("county-site", "complete")]
    assert all(row[-2] and row[-1] and row[4] != row[5] for row in night.rows(changes)) and night.rows(changes)


def test_a_source_below_its_assertion_holds_publication_back_and_is_told_once(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    night.cards(county_site={2023: 2}, other_site={2023: 5})
    with listening() as (address, heard):
        monkeypatch.setenv("GONGKAI_WEBHOOK", address)
        night.crawl(2023)
        assert heard == []
        assert not night.publish().success
        assert not (night.home / "warehouse.duckdb").exists()
        assert "没有发布" in night.page() and "source\\_assertions\\_hold" in night.page()
        assert "source other\\-site, year 2023, expected 5, reports 1" in night.page()
        assert [told["state"]["publication"] for told in heard] == ["held_back"]
        assert heard[0]["state"]["source other-site"] == "below"
        assert not night.publish().success
        assert len(heard) == 1
        night.cards(county_site={2023: 2}, other_site={2023: 1})
        assert night.publish().success
        assert [told["state"] for told in heard[1:]] == [{"publication": "published"}]


def test_a_build_that_fails_says_so(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("no room on the disk")

    night.crawl(2023)
    monkeypatch.setattr(warehousing, "build_candidate", full)
    assert not night.publish().success
    assert "失败 failed" in night.page() and "- warehouse: no room on the disk" in night.page()


def test_a_crawl_that_dies_goes_on_under_its_name(night: Night) -> None:
    night.web.dies_after = 1
    assert night.crawl(2022, 2023).success
    (record,) = read_records(night.archive)
    assert night.web.asked == [(record.run, frozenset({2022, 2023}))] * 2
    assert sorted(night.web.fetched) == [SITE + "1.html", SITE + "2.html", OTHER + "3.html"]
    assert record.ended is not None and record.stopped is None
    assert [s.fetched for s in record.sources] == [2, 1]


def test_a_crawl_that_goes_on_dying_fails_and_says_so(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object, run: str, **__: object) -> CrawlReport:
        return CrawlReport(run, (), stopped="the crawler died")

    monkeypatch.setattr(crawling, "crawl", dies)
    assert not night.crawl(2023).success
    assert "失败 failed" in night.page() and "the crawler died" in night.page()
    monkeypatch.setattr(crawling, "crawl", night.web.crawl)
    assert night.crawl(2023).success
    assert [record.stopped for record in read_records(night.archive)] == [None]


def test_an_archive_put_back_elsewhere_gives_the_same_warehouse(night: Night, tmp_path: Path) -> None:
    night.crawl(2023)
    assert night.publish().success
    reports = night.rows("SELECT report_id, first_seen, url FROM dims.report ORDER BY ALL")
    again = Night(tmp_path / "again", night.sources, night.web)
    shutil.copytree(night.home / "archive", again.home / "archive")
    assert list(again.archive.verify()) == []
    assert again.publish().success
    assert again.rows("SELECT report_id, first_seen, url FROM dims.report ORDER BY ALL") == reports != []


def test_which_run_is_gone_on_with(night: Night) -> None:
    archive, start = night.archive, datetime(2026, 2, 3, 4, tzinfo=UTC)
    scope: dict[str, Any] = {"provinces": ("52",), "years": (2025,), "planned": ("county-site",)}
    first = begin(archive, run=None, now=start, **scope)
    assert begin(archive, run=None, now=start + timedelta(hours=5), **scope).run == first.run
    other = begin(archive, run=None, now=start + timedelta(hours=5), **{**scope, "years": (2024,)})
    late = begin(archive, run=None, now=start + records.GOES_ON, **scope)
    assert len({first.run, other.run, late.run}) == 3
    assert begin(archive, run=first.run, now=start + timedelta(days=30), **scope) == first


def test_only_what_is_asked_for_is_crawled(night: Night) -> None:
    cards = load_cards()
    crawl_recorded(crawling.cards_of(cards, {"52"}), night.archive, years={2022})
    assert night.web.fetched == [] and night.web.asked[0][1] == frozenset({2022})
    assert crawling.cards_of(cards, {"41", "00"}) == []


class _Hook(http.server.BaseHTTPRequestHandler):
    heard: list[dict[str, Any]]

    def do_POST(self) -> None:
        self.heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


class listening:  # noqa: N801
    """A web hook on loopback: its address, and what it heard."""

    def __enter__(self) -> tuple[str, list[dict[str, Any]]]:
        handler = type("Handler", (_Hook,), {"heard": []})
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}/hook", handler.heard

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
