"""The asset `crawled` with the crawler itself, against a small site on loopback."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
import yaml

from pipelines.archive import Archive
from pipelines.defs import build_defs
from pipelines.defs.jobs import CRAWL
from pipelines.defs.partitions import over_years
from pipelines.defs.resources import Crawler, House
from pipelines.night.records import read_records
from pipelines.paths import SAMPLES

FILES = ("平坝区信访局.html", "平坝区兴隆镇人民政府.html")


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that is served, with a list of two reports; its card is the only one."""
    folder = tmp_path / "site"
    folder.mkdir()
    links = []
    for number, name in enumerate(FILES, 1):
        shutil.copyfile(SAMPLES / "520403" / "2023" / name, folder / f"{number}.html")
        links.append(f'<li><a href="{number}.html">{Path(name).stem}2023年政府信息公开工作年度报告</a></li>')
    text = f"<meta charset=utf-8><title>政府信息公开年报</title><ul>{''.join(links)}</ul>"
    (folder / "index.html").write_text(text, encoding="utf-8")
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        host = f"127.0.0.1:{server.server_port}"
        card = {
            "source": "small-site",
            "kind": "local",
            "publisher": "平坝区各部门",
            "division": "520403",
            "family": "generic",
            "lists": [f"http://{host}/index.html"],
            "hosts": [host],
            "pace": 0.01,
        }
        (tmp_path / "sources").mkdir()
        (tmp_path / "sources" / "52.yml").write_text(yaml.safe_dump([card], allow_unicode=True), encoding="utf-8")
        monkeypatch.setenv("GONGKAI_SOURCES", str(tmp_path / "sources"))
        monkeypatch.setenv("GONGKAI_HOME", str(tmp_path / "home"))
        monkeypatch.delenv("GONGKAI_ARCHIVE", raising=False)
        yield folder
        server.shutdown()


def crawl(home: Path) -> dict[str, dict[str, object]]:
    """Runs the job over two years; the metadata of each partition."""
    job = build_defs(crawler=Crawler(home=str(home))).resolve_job_def(CRAWL)
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(instance=instance, tags=over_years([2022, 2023]), run_config=quiet)
    found = result.asset_materializations_for_node("crawled")
    return {str(m.partition): {name: value.value for name, value in m.metadata.items()} for m in found}


def test_two_crawls_of_a_small_site(site: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = crawl(home)["52-2023"]
    assert {name: first[name] for name in ("sources", "found", "fetched", "unchanged", "failed")} == {
        "sources": 1,
        "found": 2,
        "fetched": 2,
        "unchanged": 0,
        "failed": 0,
    }
    (site / "2.html").unlink()
    second = crawl(home)
    assert (second["52-2023"]["fetched"], second["52-2023"]["unchanged"], second["52-2023"]["withdrawn"]) == (0, 1, 1)
    assert second["11-2023"]["sources"] == 0
    assert [record.run for record in read_records(Archive(home / "archive"))] == [
        first["run"],
        second["52-2023"]["run"],
    ]
    house = House(home=str(home))
    assert len(list(house.sources())) == 2, "what was withdrawn stays"
    withdrawn = house.crawl_relations()["crawl.document"]["withdrawn"]
    assert sorted(moment is not None for moment in withdrawn) == [False, True]
    assert len(list((home / "runs").glob("*.md"))) == 2
