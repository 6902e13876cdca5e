"""`gongkai check`: a draft, its contradictions, and the page for the clerk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from pipelines.check import CheckError, check
from pipelines.cli import main
from pipelines.finding_words import WORDS, in_chinese, translated
from pipelines.forms import load_forms
from pipelines.paths import SAMPLES, SQL, DataHome

BROKEN = SAMPLES / "411224" / "2022" / "卢氏县水利局.html"
COPIED = SAMPLES / "520403" / "2023" / "平坝区兴隆镇人民政府.html"
BEFORE = SAMPLES / "520403" / "2022"


@pytest.fixture
def empty(tmp_path: Path) -> DataHome:
    return DataHome(tmp_path / "home")


def year_before() -> Path:
    (found,) = BEFORE.glob("平坝区兴隆镇人民政府.*")
    return found


def test_a_broken_sum_is_listed_with_both_sides_and_marked(empty: DataHome, tmp_path: Path) -> None:
    found = check(BROKEN, empty, out=tmp_path / "page.html")
    assert not found.clean
    (report,) = found.reports
    assert {flag.rule for flag in report.to_mend} == {"application_balance"}
    page = found.page.read_text(encoding="utf-8")
    assert "应为 6；实为 7" in page and "应为 8；实为 9" in page
    marked = re.findall(r'<td class="broken"[^>]*>(\d+)<sup>([\d,]+)</sup>', page)
    assert len(marked) == 8 and {number for _, mark in marked for number in mark.split(",")} == {"1", "2"}
    assert "没有该机关2021年度的报告" in page


def test_the_year_before_is_judged_with_it(empty: DataHome, tmp_path: Path) -> None:
    alone = check(COPIED, empty, out=tmp_path / "alone.html")
    assert alone.clean
    found = check(COPIED, empty, before=year_before(), out=tmp_path / "page.html")
    assert {flag.rule for flag in found.reports[0].to_mend} == {"carried_over", "stock", "tables_copied"}
    page = found.page.read_text(encoding="utf-8")
    assert "应为 12；实为 1；" in page and "没有发现自相矛盾之处" not in page


@pytest.mark.parametrize("other", ["兴隆镇人民政府.html", "信访局.txt"])
def test_a_report_of_another_year_or_agency_is_no_year_before(empty: DataHome, tmp_path: Path, other: str) -> None:
    (given,) = [file for file in SAMPLES.glob("520403/202[23]/*") if file.name == f"平坝区{other}"]
    found = check(COPIED, empty, before=given, out=tmp_path / "page.html")
    assert found.clean and found.reports[0].before is None
    assert "不是平坝区兴隆镇人民政府2022年度的报告，未与上年比较" in found.page.read_text(encoding="utf-8")


def test_the_year_before_comes_from_the_warehouse(empty: DataHome, tmp_path: Path) -> None:
    from pipelines.discovery import discover
    from pipelines.intake import read_all
    from pipelines.lake import Lake
    from pipelines.warehouse import build_candidate, publish

    readings = [reading for found in read_all(list(discover([BEFORE]))) for reading in found]
    Lake(empty.lake).write(readings, reading_key="k")
    publish(build_candidate(empty.lake, empty.candidate).candidate, empty.warehouse)
    found = check(COPIED, empty, out=tmp_path / "page.html")
    assert {flag.rule for flag in found.reports[0].to_mend} == {"carried_over", "stock", "tables_copied"}
    assert "上年报告：" in found.page.read_text(encoding="utf-8")


def test_a_draft_that_cannot_be_read_is_not_clean(empty: DataHome, tmp_path: Path) -> None:
    draft = tmp_path / "list.txt"
    draft.write_text("采购公告\n本项目预算 71 万元。\n", encoding="utf-8")
    found = check(draft, empty, out=tmp_path / "page.html")
    assert not found.clean and "读不了" in found.page.read_text(encoding="utf-8")
    with pytest.raises(CheckError, match="no file"):
        check(tmp_path / "absent.docx", empty)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)


def test_what_the_draft_says_is_text(empty: DataHome, tmp_path: Path) -> None:
    draft = tmp_path / "x.html"
    text = BROKEN.read_text(encoding="utf-8")
    draft.write_text(text.replace("水利局", "水利局&lt;img src=x onerror=alert(7)&gt;"), encoding="utf-8")
    page = check(draft, empty, out=tmp_path / "page.html").page.read_text(encoding="utf-8")
    tags = _Tags()
    tags.feed(page)
    assert "onerror=alert(7)" in page and not tags.seen & {"img", "script"}


def test_the_command_says_clean_or_not(empty: DataHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_HOME", str(empty.root))
    monkeypatch.chdir(tmp_path)
    clean = CliRunner().invoke(main, ["check", str(COPIED)])
    assert clean.exit_code == 0 and (tmp_path / f"{COPIED.name}.check.html").exists()
    broken = CliRunner().invoke(main, ["check", str(BROKEN), "--out", "b.html"])
    assert broken.exit_code == 1 and "2 contradictions" in broken.output


def notes_in_sql() -> Iterator[tuple[str, str]]:
    """Notes and sides that the rules' SQL writes in English."""
    for file in sorted((SQL / "quality").glob("*.sql")):
        for text in re.findall(r"'((?:[^'\n]|'')*)'", re.sub(r"--[^\n]*", "", file.read_text(encoding="utf-8"))):
            if re.search(r"[a-z]{2,} [a-z]{2,}", text) and file.stem not in ("flag", "published_late"):
                yield file.stem, text.replace("''", "'")


@pytest.mark.parametrize(("rule", "text"), [*notes_in_sql()])
def test_every_note_of_the_rules_has_chinese_words(rule: str, text: str) -> None:
    known = "\n".join(entry["en"] for entry in yaml.safe_load(WORDS.read_text(encoding="utf-8")))
    assert text in ("as the form",) or text.strip(", ") in known, f"{rule}: {text}"


def test_findings_in_chinese() -> None:
    forms = load_forms()
    message = "每一列：甲＝乙（natural_person）；应为 12；实为 1；the year before: report 0123456789abcdef-0"
    expected = "每一列：甲＝乙（自然人）；应为 12；实为 1；与上年报告（0123456789abcdef-0）相比"
    assert in_chinese(message, forms) == expected
    assert translated("would hold were the blanks zero; with those carried over") == "如果空白是 0 则成立；含上年结转"
    assert translated("title 2023, period 2022") == "标题 2023、统计期间 2022"
    assert translated("unheard of") == "unheard of"


def test_every_flag_of_the_samples_is_all_chinese(empty: DataHome) -> None:
    from pipelines.discovery import discover
    from pipelines.intake import read_all
    from pipelines.model import FiledReport
    from pipelines.warehouse import judge

    forms = load_forms()
    readings = [reading for found in read_all(list(discover([SAMPLES]))) for reading in found]
    flags = [flag for found in judge(readings).values() for flag in found]
    assert len([r for r in readings if isinstance(r, FiledReport)]) > 50 and len(flags) > 20
    for flag in flags:
        words = re.sub(r"[0-9a-f]{16}-\d+", "", in_chinese(flag.message_zh, forms))
        assert not re.search(r"[A-Za-z_]{3,}", words), words
