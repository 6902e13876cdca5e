"""Verdicts: only where writing is on, only from our own pages, and only as long as a flag says the same."""

from __future__ import annotations

import csv
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask.testing
import pytest
from playwright.sync_api import expect

from pipelines.dashboard import make_app
from pipelines.dashboard.store import Store
from pipelines.dashboard.verdicts import BadVerdict, Verdicts
from pipelines.paths import DataHome
from tests.dashboard.conftest import Visitor, served

BROKEN = "411224/2022/卢氏县水利局"
FLAG = {"rule": "application_balance", "instance": "total"}
HERE = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
SHOWN = """
SELECT f.instance, w.verdict, w.given_by FROM quality.flag AS f
JOIN memory.main.verdict AS w
    ON w.report_id = f.report_id AND w.rule = f.rule AND w.instance = f.instance
    AND w.expected IS NOT DISTINCT FROM f.expected AND w.observed IS NOT DISTINCT FROM f.observed
"""


@pytest.fixture
def client(home: DataHome, tmp_path: Path) -> flask.testing.FlaskClient:
    """The dashboard of an operator who switched writing on."""
    return make_app(home.warehouse, DataHome(tmp_path), write=True).server.test_client()


def given(client: flask.testing.FlaskClient, report_id: str, verdict: str, **headers: str) -> Any:
    data = {"verdict": verdict, "by": "李\x07 科员"}
    return client.post(f"/verdict/{report_id}", query_string=FLAG, data=data, headers=HERE | headers)


def test_a_verdict_is_given_shown_listed_and_taken_back(
    home: DataHome, reports: dict[str, str], tmp_path: Path, visitor: Visitor
) -> None:
    with served(make_app(home.warehouse, DataHome(tmp_path), write=True)) as address:
        visitor.address = address
        page = visitor.open(f"/report/{reports[BROKEN]}")
        form = page.locator("form.verdict").last
        form.locator("input[name=by]").fill("审核员甲")
        form.locator("button", has_text="确认").click()
        page.wait_for_selector("text=审核员甲 于")
        assert page.locator(".given").all_inner_texts() == ["确认"]
        page = visitor.open("/flags?verdict=confirmed")
        assert page.locator("td[data-label=人工判断]").all_inner_texts() == ["确认"]
        page = visitor.open("/reports?verdict=confirmed")
        assert page.locator("td[data-label=人工判断]").all_inner_texts() == ["确认 1"]
        page = visitor.open(f"/report/{reports[BROKEN]}")
        with page.expect_navigation():
            page.locator("button", has_text="撤回").click()
        page.wait_for_selector("form.verdict")
        expect(page.locator(".given")).to_have_count(0)
        visitor.leave()
    lines = [json.loads(line) for line in (tmp_path / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["verdict"] for line in lines] == ["confirmed", "none"]
    assert {(line["expected"], line["observed"]) for line in lines} == {("8", "9")}


def test_without_writing_nothing_is_offered_or_taken(
    home: DataHome, reports: dict[str, str], tmp_path: Path, visitor: Visitor
) -> None:
    page = visitor.open(f"/report/{reports[BROKEN]}")
    assert page.locator("ol.findings > li").count() == 2 and page.locator("form.verdict").count() == 0
    client = make_app(home.warehouse, DataHome(tmp_path)).server.test_client()
    answer = given(client, reports[BROKEN], "confirmed")
    assert answer.status_code == 403 and "--write" in answer.text
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://elsewhere.invalid"}, {"Origin": ""}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_another_sites_form_gives_no_verdict(
    headers: dict[str, str], client: flask.testing.FlaskClient, reports: dict[str, str], tmp_path: Path
) -> None:
    assert given(client, reports[BROKEN], "confirmed", **headers).status_code == 403
    assert list(tmp_path.iterdir()) == []
    assert given(client, reports[BROKEN], "confirmed").status_code == 303


def test_what_is_no_verdict_or_no_flag_is_refused(
    client: flask.testing.FlaskClient, reports: dict[str, str], tmp_path: Path
) -> None:
    assert given(client, reports[BROKEN], "perhaps").status_code == 400
    assert given(client, "0000000000000000-0", "confirmed").status_code == 409
    assert list(tmp_path.iterdir()) == []


def test_a_verdict_that_cannot_be_kept_is_told(
    client: flask.testing.FlaskClient, reports: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "verdicts.jsonl").mkdir()
    answer = given(client, reports[BROKEN], "confirmed")
    assert answer.status_code == 500 and "verdicts.jsonl cannot be written" in answer.text


def test_the_language_is_kept_after_a_verdict(client: flask.testing.FlaskClient, reports: dict[str, str]) -> None:
    answer = client.post(
        f"/verdict/{reports[BROKEN]}", query_string=FLAG | {"lang": "en"}, data={"verdict": "reader"}, headers=HERE
    )
    assert answer.headers["Location"] == f"/report/{reports[BROKEN]}?lang=en"


@pytest.fixture
def store(home: DataHome, tmp_path: Path) -> Iterator[Store]:
    yield Store(home.warehouse, Verdicts(tmp_path / "verdicts.jsonl"))


def test_the_last_verdict_counts_while_the_flag_says_the_same(store: Store, reports: dict[str, str]) -> None:
    flag = (reports[BROKEN], "application_balance", "total")
    assert store.rows(SHOWN) == []
    store.verdicts.give(flag, ("8", "9"), "confirmed", "甲")
    store.verdicts.give(flag, ("8", "9"), "reader", "乙")
    assert store.rows(SHOWN) == [{"instance": "total", "verdict": "reader", "given_by": "乙"}]
    store.verdicts.give(flag, ("8", "7"), "dismissed", "丙")
    assert store.rows(SHOWN) == []


def test_a_line_that_is_no_verdict_is_told_and_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    verdicts = Verdicts(tmp_path / "verdicts.jsonl")
    verdicts.give(("a-0", "stock", "rules"), (None, "3"), "dismissed", "\x07 丁" + "长" * 200)
    with verdicts.path.open("a", encoding="utf-8") as file:
        file.write('{"given": "2026-\n[]\n')
    verdicts.give(("b-0", "stock", "rules"), ("1", None), "confirmed", "")
    with caplog.at_level(logging.ERROR):
        standing = verdicts.standing()
    assert [(one.report_id, one.verdict, len(one.given_by)) for one in standing] == [
        ("a-0", "dismissed", 80),
        ("b-0", "confirmed", 0),
    ]
    assert "line 2" in caplog.text and "line 3" in caplog.text
    with pytest.raises(BadVerdict):
        verdicts.give(("c-0", "stock", "rules"), ("1", "2"), "maybe", "")


def test_reports_are_narrowed_by_verdicts_and_downloads_carry_them(
    client: flask.testing.FlaskClient, reports: dict[str, str]
) -> None:
    def listed(verdict: str) -> dict[str, str]:
        answer = client.get(f"/download/reports.csv?verdict={verdict}&current=all")
        rows = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
        return {row["title"]: row["verdict"] for row in rows}

    title = "卢氏县水利局2022年度政府信息公开工作年度报告"
    pending = listed("pending")
    assert pending[title] == "" and listed("dismissed") == {}
    for instance in ("total", "natural_person"):
        client.post(
            f"/verdict/{reports[BROKEN]}",
            query_string=FLAG | {"instance": instance},
            data={"verdict": "dismissed"},
            headers=HERE,
        )
    assert listed("dismissed") == {title: "dismissed 2"}
    assert listed("pending").keys() == pending.keys() - {title}
    flags = client.get("/download/flags.csv?verdict=dismissed").data.decode("utf-8-sig")
    assert [row["verdict"] for row in csv.DictReader(io.StringIO(flags))] == ["dismissed"] * 2
