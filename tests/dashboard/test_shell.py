"""What stands behind every page: the file, the words, addresses, numbers, and who may listen."""

from __future__ import annotations

import json
import re
import shutil
import socket
import string
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from dash import dcc, html
from plotly.utils import PlotlyJSONEncoder

from pipelines.cli import main
from pipelines.dashboard import make_app
from pipelines.dashboard.app import page_at
from pipelines.dashboard.listing import Column, Filter, Listing
from pipelines.dashboard.pages import PAGES
from pipelines.dashboard.pages.coverage import judged
from pipelines.dashboard.request import Page, address, parsed_query
from pipelines.dashboard.server import advice, needs_proxy
from pipelines.dashboard.still import Still
from pipelines.dashboard.store import NoWarehouse, Store
from pipelines.dashboard.values import http_address, percent, shown
from pipelines.dashboard.verdicts import Verdicts
from pipelines.dashboard.words import words
from pipelines.paths import DataHome


def store_of(path: Path) -> Store:
    return Store(path, Verdicts(path.with_name("verdicts.jsonl")))


def write(path: Path, number: int) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA quality")
        connection.execute(f"CREATE TABLE quality.build AS SELECT {number} AS built")


def test_a_file_that_takes_the_place_is_seen_and_the_old_one_ends_its_questions(tmp_path: Path) -> None:
    store = store_of(tmp_path / "warehouse.duckdb")
    write(store.path, 1)
    with store.cursor() as cursor:
        write(tmp_path / "new.duckdb", 2)
        (tmp_path / "new.duckdb").replace(store.path)
        assert store.rows("SELECT built FROM quality.build") == [{"built": 2}]
        assert cursor.execute("SELECT built FROM quality.build").fetchall() == [(1,)]


def test_nothing_is_written_nor_read_from_elsewhere(tmp_path: Path) -> None:
    store = store_of(tmp_path / "warehouse.duckdb")
    write(store.path, 1)
    (tmp_path / "other.csv").write_text("secret\n")
    for sql in ("DELETE FROM quality.build", f"FROM '{tmp_path}/other.csv'", "SET enable_external_access = true"):
        with pytest.raises(duckdb.Error):
            store.rows(sql)
    assert store.rows("SELECT built FROM quality.build") == [{"built": 1}]


def test_no_warehouse_is_said_in_words(tmp_path: Path) -> None:
    store = store_of(tmp_path / "warehouse.duckdb")
    with pytest.raises(NoWarehouse, match="gongkai build"):
        store.rows("SELECT 1")
    store.path.write_bytes(b"no database" * 1000)
    with pytest.raises(NoWarehouse, match="gongkai build"):
        store.rows("SELECT 1")
    page = page_at("/", None, store=store, home=DataHome(tmp_path))
    assert words()["page.no_warehouse"].zh in json.dumps(page, cls=PlotlyJSONEncoder, ensure_ascii=False)


@pytest.mark.parametrize("page", [page for page in PAGES if "<" not in page.path], ids=lambda page: page.path)
def test_pages_are_made_in_english(page: Page, home: DataHome) -> None:
    store = store_of(home.warehouse)
    made = page_at(page.path, "?lang=en&q=水利", store=store, home=home)
    text = json.dumps(made, cls=PlotlyJSONEncoder, ensure_ascii=False)
    assert words()[page.title].en in text
    assert '"role": "alert"' not in text
    links = re.findall(r'"href": "(/(?!release|download|assets)[^"]*)"', text)
    assert all("lang=en" in link for link in links if link != page.path + "?q=%E6%B0%B4%E5%88%A9")


def test_what_stands_still_is_text_and_speaks_to_no_callback() -> None:
    tree = Still(html.P(["<b>", html.A("x", href="/flags", **{"data-label": "y"}), None, 7], className="z")).tree
    link = ["a", {"href": "/flags", "data-label": "y"}, ["x"]]
    assert tree == ["p", {"className": "z"}, ["<b>", link, None, 7]]
    with pytest.raises(TypeError, match="stand still"):
        Still(html.P(dcc.Input(id="x")))


def test_both_languages_have_the_same_places() -> None:
    for name, word in words().items():
        assert word.zh and word.en, name
        places = [{field for _, field, _, _ in string.Formatter().parse(text) if field} for text in (word.zh, word.en)]
        assert places[0] == places[1], name


def test_an_address_is_bounded_and_keeps_its_language() -> None:
    query, language = parsed_query("?lang=en&q=" + "x" * 500 + "&sort=-year")
    assert (len(query["q"]), query["sort"], language) == (200, "-year", "en")
    assert parsed_query("?" + "&".join(f"a{n}=1" for n in range(200))) == ({}, "zh")
    assert address("/flags", {"q": "a&b=", "page": None}, "en") == "/flags?q=a%26b%3D&lang=en"


def test_a_listing_sorts_only_by_what_it_shows() -> None:
    listing = Listing(
        "x", "FROM t", (Column("a", "t.a"), Column("b", "t.b", hidden=True)), (Filter("q", "t.a = ?"),), "-a", "t.k"
    )
    for asked in ("b", "a; DROP TABLE t", "--a", ""):
        assert listing.selection({"sort": asked}) == (
            'SELECT t.a AS "a", t.b AS "b" FROM t ORDER BY t.a DESC NULLS LAST, t.k', []
        )  # fmt: skip
    sql, values = listing.selection({"sort": "a", "q": "' --"})
    assert values == ["' --"] and "--" not in sql and "WHERE (t.a = ?) ORDER BY t.a ASC" in sql
    assert [listing.page({"page": asked}) for asked in ("3", "0", "-2", "²", "9" * 30)] == [3, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("12.000000"), "12"),
        (Decimal("120.000000"), "120"),
        (Decimal("0.250000"), "0.25"),
        (1e-7, "1e-07"),
        (None, ""),
        (True, "✓"),
        ("a\u202eb\x07", "a\ufffdb\ufffd"),
        (["甲", "乙"], "甲、乙"),
    ],
)
def test_values_are_shown_as_they_are(value: object, text: str) -> None:
    assert shown(value) == text


def test_a_share_is_never_rounded_to_all_or_nothing() -> None:
    assert [percent(n, 20000) for n in (0, 1, 246, 19999, 20000)] == ["0%", "<0.1%", "1.2%", ">99.9%", "100%"]
    assert percent(0, 0) == "–"


def test_only_web_addresses_are_led_to() -> None:
    assert http_address("HTTPS://a.gov.cn/1") == "HTTPS://a.gov.cn/1"
    assert [http_address(text) for text in ("javascript:alert(1)", "data:text/html,x", " https://a", None)] == [
        None
    ] * 4


def test_a_square_is_green_only_where_all_is_known_to_be_well() -> None:
    row = {"due": 7, "found": 5, "dated": 4, "read": 5, "consistent": 3, "late": 0, "late_unknown": 1, "missing": 2}
    assert {m: judged(m, row) for m in ("found", "dated", "read", "consistent", "late", "missing")} == {
        "found": ("5/7", "warn"),
        "dated": ("4/5", "warn"),
        "read": ("5/5", "good"),
        "consistent": ("3/5", "warn"),
        "late": ("0 + 1?", "none"),
        "missing": ("2", "warn"),
    }
    assert judged("found", row | {"found": 0, "due": 2}) == ("0/2", "bad")
    assert judged("read", row | {"found": 0, "read": 0}) == ("–", "none")
    assert judged("late", row | {"late_unknown": 0}) == ("0", "good")


def test_a_taken_address_is_said_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = CliRunner().invoke(main, ["dashboard", "--port", str(taken.getsockname()[1])])
    assert ended.exit_code == 1
    assert "cannot be listened on" in ended.output and "--port" in ended.output


def test_a_question_is_bounded(home: DataHome) -> None:
    with make_app(home.warehouse, home).server.test_client() as client:
        answer = client.post("/_dash-update-component", data=b"[" * 300_000, content_type="application/json")
    assert answer.status_code == 413


def test_who_opens_it_to_others_is_told_what_a_proxy_must_do() -> None:
    assert [needs_proxy(h) for h in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "10.0.0.7", "name.example")] == [
        False, False, False, True, True, True, True
    ]  # fmt: skip
    assert "TLS" in advice(write=False) and "verdicts" not in advice(write=False)
    assert "verdicts" in advice(write=True)


def test_pages_ask_nothing_of_a_copy(home: DataHome, tmp_path: Path) -> None:
    """The dashboard writes nothing beside the warehouse by showing pages."""
    copy = DataHome(tmp_path)
    shutil.copyfile(home.warehouse, copy.warehouse)
    for page in PAGES:
        if "<" not in page.path:
            page_at(page.path, None, store=store_of(copy.warehouse), home=copy)
    assert [path.name for path in tmp_path.iterdir()] == ["warehouse.duckdb"]
