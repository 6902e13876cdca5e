"""A release, made of small warehouses and read back with other tools."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import frictionless
import openpyxl
import pandas as pd
import pytest

from pipelines.lake import Lake
from pipelines.paths import DataHome
from pipelines.quality import run_suites
from pipelines.release import Release, ReleaseError, release
from pipelines.release.pages import TEMPLATES
from pipelines.release.versions import Version, pointed_at, verify, version_of, versions
from pipelines.templating import environment, markdown
from pipelines.warehouse import build_candidate, load_dictionary, publish
from tests.rules.builder import Agency, report

HOSTILE = Agency("a-0002", '=HYPERLINK("http://x","云岭县水务局")', "990124", "county", "department")
SCRIPT = Agency("a-0003", "<script>alert(7)</script>\x07局", "990125", "county", "department")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def published(home: DataHome, received: int) -> DataHome:
    """A warehouse of three reports, one of which says this of applications received."""
    changed = report({("application", "received", "total"): received}, name=f"first-{received}")
    lake = Lake(home.lake)
    gone = list(lake.state().live) if home.lake.exists() else []
    lake.retire(gone)
    others = [report(agency=HOSTILE, name="hostile"), report(agency=SCRIPT, name="script")]
    lake.write([changed, *others], reading_key=f"k{received}")
    candidate = build_candidate(home.lake, home.candidate).candidate
    run_suites(candidate)
    publish(candidate, home.warehouse)
    return home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> DataHome:
    return published(DataHome(tmp_path_factory.mktemp("home")), 731)


@pytest.fixture(scope="module")
def first(home: DataHome) -> Release:
    return release(home, now=NOON)


def test_its_own_tool_finds_the_package_valid(first: Release) -> None:
    found = frictionless.validate(str(first.folder / "datapackage.json"))
    assert found.valid, found.flatten(["title", "note"])
    tables = {task.name for task in found.tasks if task.type == "table"}
    assert "csv-marts-agency-year-csv" in tables


def test_the_package_would_be_found_wrong(first: Release, tmp_path: Path) -> None:
    descriptor = json.loads((first.folder / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["resources"] = [r for r in descriptor["resources"] if r["path"] == "csv/marts.agency_year.csv"]
    (tmp_path / "csv").mkdir()
    text = (first.folder / "csv" / "marts.agency_year.csv").read_text(encoding="utf-8")
    (tmp_path / "csv" / "marts.agency_year.csv").write_text(text.replace(",2023,", ",mmxxiii,"), encoding="utf-8")
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    assert not frictionless.validate(str(tmp_path / "datapackage.json")).valid


def test_the_same_numbers_in_every_format(first: Release) -> None:
    query = "SELECT agency_id, received, granted, fees_amount FROM marts.agency_year ORDER BY agency_id"
    with duckdb.connect(str(first.folder / "gongkai.duckdb"), read_only=True) as connection:
        expected = [(a, *map(float, numbers)) for a, *numbers in connection.execute(query).fetchall()]
    assert len(expected) == 3 and expected[0][1] == 731
    names = ["agency_id", "received", "granted", "fees_amount"]
    parquet = pd.read_parquet(first.folder / "parquet" / "marts.agency_year.parquet")
    csv = pd.read_csv(first.folder / "csv" / "marts.agency_year.csv", encoding="utf-8-sig")
    for frame in (parquet, csv):
        rows = frame.sort_values("agency_id")[names].itertuples(index=False)
        assert [(row[0], *map(float, row[1:])) for row in rows] == expected
    sheet = openpyxl.load_workbook(first.folder / "xlsx" / "marts.agency_year.xlsx").active
    assert sheet is not None
    header, words, *rows = sheet.iter_rows(values_only=True)
    places = [header.index(name) for name in names]
    assert sorted((row[places[0]], *(float(row[p]) for p in places[1:])) for row in rows) == expected
    assert words[places[1]] == load_dictionary()["marts.agency_year"].columns["received"].zh


def test_every_table_is_there_with_its_rows_and_columns(first: Release) -> None:
    with duckdb.connect(str(first.folder / "gongkai.duckdb"), read_only=True) as connection:
        tables = connection.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables()").fetchall()
        for (table,) in tables:
            file = first.folder / "parquet" / f"{table}.parquet"
            counts = [connection.execute(f"SELECT count(*) FROM {t}").fetchone() for t in (table, f"'{file}'")]
            assert counts[0] == counts[1], table
    assert len(tables) > 30


def test_what_documents_say_is_text_everywhere(first: Release) -> None:
    csv = (first.folder / "csv" / "marts.agency_year.csv").read_text(encoding="utf-8-sig")
    assert "'=HYPERLINK" in csv and not re.search(r'(^|,)"?=HYPERLINK', csv) and "\x07" not in csv
    sheet = openpyxl.load_workbook(first.folder / "xlsx" / "marts.agency_year.xlsx").active
    assert sheet is not None
    (formula,) = [c for row in sheet.iter_rows() for c in row if str(c.value).startswith("=HYPERLINK")]
    assert formula.data_type == "s" and formula.hyperlink is None


def test_what_an_issue_says_is_escaped_on_pages(first: Release) -> None:
    page = environment(TEMPLATES, "notes.html.j2").from_string("{{ text }}").render(text="<script>alert(7)</script>")
    assert page == "&lt;script&gt;alert(7)&lt;/script&gt;"
    assert markdown("a|b\n<i>[x](http://y)") == "a\\|b &lt;i&gt;\\[x\\](http://y)"


def test_it_is_sealed(first: Release) -> None:
    assert verify(first.folder) == []
    target = first.folder / "index.html"
    assert not target.stat().st_mode & 0o222
    target.chmod(0o644)
    before = target.read_bytes()
    target.write_bytes(before + b" ")
    assert verify(first.folder) == ["index.html"]
    target.write_bytes(before)
    target.chmod(0o444)


def test_pages_open_from_disk_and_their_links_hold(first: Release) -> None:
    pages = list(first.folder.glob("*.html"))
    assert {page.name for page in pages} == {"index.html", "dictionary.html", "forms.html", "rules.html", "notes.html"}
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "<script" not in text and "http" not in re.sub(r"http-equiv", "", text.split("</head>")[0])
        for link in re.findall(r'href="([^"#]+)"', text):
            assert (first.folder / link).exists(), f"{page.name}: {link}"
    dictionary = (first.folder / "dictionary.html").read_text(encoding="utf-8")
    assert all(f'id="{table}"' in dictionary for table in load_dictionary())
    assert "只计这一情形，不计其他情形" in (first.folder / "forms.html").read_text(encoding="utf-8")


def test_the_next_release_says_what_changed(home: DataHome, first: Release) -> None:
    assert first.changes is None and pointed_at(home.releases, "latest") == first.folder.resolve()
    published(home, 733)
    second = release(home, now=NOON)
    assert second.folder.name == "2026.11.21.1" and first.folder.exists()
    changes = second.changes
    assert changes is not None and changes.before == "2026.11.21"
    assert changes.reports == {"new": 0, "gone": 0, "revised": 1, "unchanged": 2}
    (number,) = changes.first
    assert (number.table, number.row, number.column) == ("application", "received", "total")
    assert (number.before, number.now, number.year) == ("731", "733", 2023)
    listed = pd.read_csv(second.folder / changes.file, encoding="utf-8-sig")
    assert listed[["value_before", "value"]].values.tolist() == [[731, 733]]
    assert "733" in (second.folder / "notes.md").read_text(encoding="utf-8")
    nightly = release(home, channel="nightly", now=NOON)
    assert pointed_at(home.releases, "latest") == second.folder.resolve()
    assert pointed_at(home.releases, "nightly") == nightly.folder.resolve()
    again = release(home, channel="nightly", now=NOON)
    assert again.folder.exists() and not nightly.folder.exists() and second.folder.exists()


def test_an_interrupted_release_leaves_nothing(tmp_path: Path) -> None:
    home = published(DataHome(tmp_path), 739)

    def stop(step: str) -> None:
        if step == "Sealing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        release(home, now=NOON, watch=stop)
    assert versions(home.releases) == [] and pointed_at(home.releases, "latest") is None
    assert release(home, now=NOON).folder.name == "2026.11.21"
    assert not list(home.releases.glob(".half-*"))


def test_nothing_published_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="build one first"):
        release(DataHome(tmp_path))


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("2026.11.21", Version(datetime(2026, 11, 21).date())),
        ("2026.1.2.13", Version(datetime(2026, 1, 2).date(), 13)),
        ("2026.11.21.3-nightly", Version(datetime(2026, 11, 21).date(), 3, True)),
        ("2026.13.40", None),
        ("latest", None),
    ],
)
def test_names_of_versions(name: str, version: Version | None) -> None:
    assert version_of(name) == version
    assert version is None or str(version) == name


def test_data_docs_fetch_nothing_and_run_nothing(home: DataHome, tmp_path: Path) -> None:
    from pipelines.data_docs import write_data_docs

    index = tmp_path / write_data_docs(home.warehouse, tmp_path)
    pages = [page for page in tmp_path.rglob("*.html") if "validations" in page.parts]
    assert len(pages) >= 10 and all(f"{page.parent.parent.parent.name}" in index.read_text() for page in pages)
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "<script" not in text and 'src="http' not in text and 'href="http' not in text
    (consistency,) = [page for page in pages if "consistency-quality-consistency" in page.name]
    assert "application_balance" in consistency.read_text(encoding="utf-8")
