"""`gongkai findings`: a county's workbook and letters."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from pipelines.cli import main
from pipelines.discovery import discover
from pipelines.findings import Findings, FindingsError, findings
from pipelines.intake import read_all
from pipelines.lake import Lake
from pipelines.model import FiledReport
from pipelines.paths import SAMPLES, DataHome
from pipelines.warehouse import build_candidate, publish


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> DataHome:
    """A warehouse of one county of the samples, one report's title turned into a formula."""
    home = DataHome(tmp_path_factory.mktemp("home"))
    readings = []
    for found in read_all(list(discover([SAMPLES / "320813"]))):
        for reading in found:
            if isinstance(reading, FiledReport) and "统计局" in (reading.report.title or ""):
                reading = replace(reading, report=replace(reading.report, title="=1+1<script>alert(7)</script>"))
            readings.append(reading)
    Lake(home.lake).write(readings, reading_key="k")
    publish(build_candidate(home.lake, home.candidate).candidate, home.warehouse)
    return home


@pytest.fixture(scope="module")
def of_2022(home: DataHome, tmp_path_factory: pytest.TempPathFactory) -> Findings:
    return findings("320813", 2022, home, tmp_path_factory.mktemp("findings") / "out")


def test_a_letter_has_both_sides_the_place_and_a_picture(of_2022: Findings) -> None:
    assert (of_2022.findings, of_2022.reports, of_2022.notes) == (1, 4, ())
    (letter,) = of_2022.letters
    page = letter.read_text(encoding="utf-8")
    assert "应为 41；实为 47" in page and "行政规范性文件·现行有效件数" in page
    assert re.findall(r'class="broken"[^>]*>(\d+)<', page) == ["1", "6", "47"]
    (picture,) = re.findall(r'src="data:image/png;base64,([^"]+)"', page)
    assert len(picture) > 10_000


def test_the_workbook_has_a_row_a_finding_and_no_formula(home: DataHome, tmp_path: Path) -> None:
    found = findings("320813", 2023, home, tmp_path)
    sheet = openpyxl.load_workbook(found.workbook).active
    assert sheet is not None
    header, *rows = sheet.iter_rows(values_only=True)
    by_rule = {row[header.index("规则")]: row for row in rows}
    review = by_rule["review_total"]
    assert (review[header.index("应为")], review[header.index("实为")]) == ("4", "5")
    assert review[header.index("报告")] == "=1+1<script>alert(7)</script>"
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    (letter,) = [p for p in found.letters if "alert(7)" in p.read_text(encoding="utf-8")]
    assert "<script" not in letter.read_text(encoding="utf-8")


def test_what_the_reader_may_have_caused_is_sent_to_nobody(home: DataHome, tmp_path: Path) -> None:
    import duckdb

    doubted = DataHome(tmp_path / "home")
    doubted.root.mkdir()
    doubted.warehouse.write_bytes(home.warehouse.read_bytes())
    with duckdb.connect(str(doubted.warehouse)) as connection:
        connection.execute("UPDATE quality.flag SET cause = 'reader'")
    found = findings("320813", 2022, doubted, tmp_path / "out")
    assert (found.letters, found.findings, found.doubtful) == ((), 0, 1)
    sheet = openpyxl.load_workbook(found.workbook).active
    assert sheet is not None and "可能是识读有误" in [cell.value for row in sheet.iter_rows() for cell in row]


def test_a_county_without_reports_says_so(home: DataHome, tmp_path: Path) -> None:
    with pytest.raises(FindingsError, match="no report of 320813 for 2019"):
        findings("320813", 2019, home, tmp_path)
    with pytest.raises(FindingsError, match="build one first"):
        findings("320813", 2022, DataHome(tmp_path / "nothing"), tmp_path)


def test_the_command(home: DataHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_HOME", str(home.root))
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["findings", "--county", "320813", "--year", "2023"])
    assert done.exit_code == 0 and (tmp_path / "findings-320813-2023" / "320813-2023.xlsx").exists(), done.output
