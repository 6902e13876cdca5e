"""What lies in the archive is read as any file is: a page and its attachments as one report, each version of it."""

from __future__ import annotations

import io
import uuid
import zipfile
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from pipelines import manifest
from pipelines.archive import Archive, Part
from pipelines.archive.blobs import blob_name
from pipelines.cli import main
from pipelines.discovery import Unopenable, archived, read_bytes_of, snapshot_of
from pipelines.intake import read_all
from pipelines.lake import Lake
from pipelines.manifest import read_manifest, take, write_manifest
from pipelines.model import FiledReport, Refusal, Source
from pipelines.refresh import plan
from pipelines.registry import load_registry
from pipelines.registry.sources import Card
from tests.factory import layouts
from tests.factory.report import Report
from tests.factory.site import Plan, reports
from tests.unit.archived import fetched

CELL = ("application", "received", "total")
FIRST, SECOND = [
    report
    for report in reports(Plan(140, 41, counties=2, fault_share=0))
    if report.form == "2021" and (report.entries[CELL].value or 0) > 400
][:2]
PAGE = "http://made.example/2023/61.html"
CARD = Card("henan", "web", "河南省人民政府", division="410000")
TITLE = f"{FIRST.office.name}{FIRST.year}年政府信息公开工作年度报告"


@pytest.fixture(params=["folder", "bucket"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive" if request.param == "folder" else f"memory://{uuid.uuid4().hex}/archive")


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    made = Archive(tmp_path / "archive")
    monkeypatch.setenv("GONGKAI_ARCHIVE", made.root)
    return made


def parts_of(archive: Archive, report: Report) -> tuple[Part, ...]:
    """The report as a page with the words, and a workbook with the tables."""
    with zipfile.ZipFile(io.BytesIO(layouts.write("zip", report, "archive").data)) as package:
        files = [(name, package.read(name)) for name in package.namelist()]
    assert [name for name, _ in files] == ["正文.html", "附件1.xls"]
    return tuple(Part(name, archive.put(data), f"{PAGE}/{number}") for number, (name, data) in enumerate(files))


def keep(archive: Archive, *documents: tuple[Part, ...], url: str = PAGE, source: str = "henan") -> list[str]:
    """Writes down that the page gave these documents, one after the other."""
    kept = []
    with archive.ledger(source, "run-1") as ledger:
        for day, parts in enumerate(documents, 1):
            at = f"2026-02-{day:02d}T03:04:05+00:00"
            kept.append(archive.put_document(parts))
            told = {"title": TITLE, "year": FIRST.year, "column": "年报", "source": source, "parts": parts}
            ledger.append(fetched(url, kept[-1], at=at, kind="document", status=None, **told))
    return kept


def received(filed: FiledReport) -> object:
    (cell,) = [cell for cell in filed.report.cells if (cell.table, cell.row, cell.column) == CELL]
    return cell.value


def test_a_page_and_its_tables_are_one_report(local: Archive) -> None:
    (sha256,) = keep(local, parts_of(local, FIRST))
    (source,) = archived(local, [CARD])
    ((filed,),) = read_all([source])
    assert isinstance(filed, FiledReport), filed
    assert (filed.format, filed.snapshot.sha256, filed.report_id) == ("zip", sha256, f"{sha256[:16]}-0")
    read = {(cell.table, cell.row, cell.column): cell.value for cell in filed.report.cells}
    printed = {key: entry.value for key, entry in FIRST.entries.items()}
    assert read == printed and sum(value is not None for value in printed.values()) > 150
    assert filed.report.year == FIRST.year
    assert {claim.kind for claim in filed.report.claims} == {"litigation", "reconsideration"}
    assert filed.agency is not None and filed.agency.name == FIRST.office.name


def test_every_version_of_every_page_is_a_source(archive: Archive) -> None:
    versions = keep(archive, parts_of(archive, FIRST), parts_of(archive, SECOND), parts_of(archive, FIRST)[:1])
    other = keep(archive, parts_of(archive, SECOND)[:1], url="http://other.example/", source="retired")
    sources = list(archived(archive, [CARD]))
    assert [source.path for source in sources] == [f"archive:{sha256}" for sha256 in versions + other]
    assert sources[0] == Source(
        f"archive:{versions[0]}",
        hints=("河南省人民政府", "年报", TITLE),
        division="410000",
        province="41",
        year=FIRST.year,
        url=PAGE,
        archive=archive.root,
    )
    stranger = sources[-1]
    assert (stranger.division, stranger.province, stranger.hints) == (None, None, ("年报", TITLE))


def test_bytes_and_snapshot_agree(archive: Archive) -> None:
    keep(archive, parts_of(archive, FIRST), parts_of(archive, FIRST)[:1])
    for source in archived(archive, [CARD]):
        data, snapshot = read_bytes_of(source)
        assert snapshot == snapshot_of(source)
        assert (snapshot.sha256, snapshot.size) == (source.path.removeprefix("archive:"), len(data))


def test_what_is_lost_is_a_refusal_that_says_so(archive: Archive) -> None:
    parts = parts_of(archive, FIRST)
    keep(archive, parts, parts[:1])
    archive.storage.write(blob_name(parts[0].sha256), b"damaged")
    whole, page = archived(archive, [CARD])
    absent = Source("archive:" + "0" * 64, archive=archive.root)
    for source, code in ((whole, "archive_damaged"), (page, "archive_damaged"), (absent, "archive_missing")):
        with pytest.raises(Unopenable) as error:
            read_bytes_of(source)
        assert error.value.issue.code == code
    assert snapshot_of(absent).sha256 == ""


def test_a_document_that_is_lost_does_not_stop_the_others(local: Archive) -> None:
    keep(local, parts_of(local, FIRST))
    absent = Source("archive:" + "0" * 64, archive=local.root)
    ((lost,), (filed,)) = read_all([absent, *archived(local, [CARD])])
    assert isinstance(lost, Refusal) and lost.issue.code == "archive_missing"
    assert isinstance(filed, FiledReport) and received(filed) == FIRST.entries[CELL].value


def test_a_hash_says_nothing_of_a_place() -> None:
    """In a file's name 411224 is a hint; among the digits of a hash it is chance."""
    path = f"archive:{'a' * 29}411224{'b' * 29}"
    of_a_file, of_the_archive = (
        load_registry().resolve("商务局", source=Source(path, archive=root), places=(), year=2023).agency
        for root in (None, "archive")
    )
    assert of_a_file is not None and of_a_file.division == "411224"
    assert of_the_archive is not None and of_the_archive.division is None


def test_a_manifest_opens_nothing_of_the_archive_twice(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(archive, parts_of(archive, FIRST))
    (source,) = archived(archive, [CARD])
    (entry,) = take([source], {})
    assert (entry.snapshot, entry.stamp) == (snapshot_of(source), None)
    write_manifest(tmp_path / "m", "41-2023", [entry])
    before = read_manifest(tmp_path / "m", "41-2023")
    assert before == {source.path: entry}
    opened: list[Source] = []
    monkeypatch.setattr(manifest, "snapshot_of", lambda source: opened.append(source) or entry.snapshot)
    moved = Source(source.path, archive="elsewhere", year=2022)
    (again,) = take([moved], before)
    assert (again.snapshot.source, again.snapshot.sha256, again.snapshot.size) == (
        moved, entry.snapshot.sha256, entry.snapshot.size,
    )  # fmt: skip
    assert opened == []
    lost = manifest.Entry(manifest.Snapshot(source, "", 0), None, entry.hashed_at)
    list(take([source], {source.path: lost}))
    assert opened == [source]


def test_what_was_read_is_not_read_again(local: Archive, tmp_path: Path) -> None:
    keep(local, parts_of(local, FIRST))
    (source,) = archived(local, [CARD])
    ((filed,),) = read_all([source])
    lake = Lake(tmp_path / "lake")
    lake.write([filed], reading_key="readers of today")
    work = plan(lake.state(), [snapshot_of(source)], "readers of today")
    assert (work.pending, work.gone, len(work.unchanged)) == ({}, (), 1)


@pytest.mark.parametrize("by", ["report_id", "path"])
def test_an_archived_report_is_shown(local: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str) -> None:
    (sha256,) = keep(local, parts_of(local, FIRST))
    monkeypatch.setenv("GONGKAI_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    with duckdb.connect(str(tmp_path / "home" / "warehouse.duckdb")) as warehouse:
        warehouse.execute("CREATE SCHEMA dims")
        row = [f"{sha256[:16]}-0", f"archive:{sha256}"]
        warehouse.execute("CREATE TABLE dims.report AS SELECT $1 AS report_id, $2 AS source", row)
    asked = row[0] if by == "report_id" else row[1]
    result = CliRunner().invoke(main, ["show", asked, *CELL, "--out", str(tmp_path / "one.html")])
    assert result.exit_code == 0, result.output
    page = (tmp_path / "one.html").read_text(encoding="utf-8")
    assert 'class="reported chosen" title="' in page and f">{FIRST.entries[CELL].text}<" in page
    Path(local.storage.path(blob_name(parts_of(local, FIRST)[1].sha256))).unlink()
    result = CliRunner().invoke(main, ["show", asked, "--out", str(tmp_path / "two")])
    assert result.exit_code == 1 and "archive_missing" in result.output
