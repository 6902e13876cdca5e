"""Lists taken away: read back by what people open them with, with nothing in them that runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import duckdb
import openpyxl
import pytest
from flask.testing import FlaskClient

from pipelines.dashboard import downloads, make_app
from pipelines.dashboard.listing import Listing
from pipelines.dashboard.pages import PAGES
from pipelines.dashboard.store import Store
from pipelines.dashboard.verdicts import Verdicts
from pipelines.paths import DataHome

LISTINGS = [page.listing for page in PAGES if page.listing]
NAMES = [listing.name for listing in LISTINGS]


@pytest.fixture(scope="module")
def client(home: DataHome) -> Iterator[FlaskClient]:
    with make_app(home.warehouse, home).server.test_client() as client:
        yield client


@pytest.fixture
def store(home: DataHome) -> Store:
    return Store(home.warehouse, Verdicts(home.root / "verdicts.jsonl"))


def rows_of(client: FlaskClient, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


@pytest.mark.parametrize("name", NAMES)
def test_a_list_is_the_same_in_both_formats(name: str, client: FlaskClient) -> None:
    found = rows_of(client, f"/download/{name}.csv")
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/download/{name}.xlsx").data))
    names, words, *rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(rows) == len(found)
    assert all(words)
    if found:
        assert list(names) == list(found[0])


@pytest.mark.parametrize("listing", LISTINGS, ids=NAMES)
def test_a_lists_key_tells_its_rows_apart(listing: Listing, store: Store) -> None:
    """Else rows that sort alike could stand on two pages, or on none."""
    shown = ", ".join(column.sql for column in listing.columns)
    one = store.row(f"SELECT count(*) AS n FROM (SELECT DISTINCT {listing.key} {listing.source})")
    other = store.row(f"SELECT count(*) AS n FROM (SELECT DISTINCT {listing.key}, {shown} {listing.source})")
    assert one == other


def test_a_download_is_narrowed_and_sorted_as_the_page_is(client: FlaskClient, home: DataHome) -> None:
    rows = rows_of(client, "/download/flags.csv?rule=carried_over&sort=-difference&page=7")
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        wanted = connection.execute(
            "SELECT count(*) FROM quality.flag WHERE rule = 'carried_over' AND outcome = 'broken'"
        ).fetchall()[0][0]
    assert len(rows) == wanted > 3
    differences = [float(row["difference"]) for row in rows]
    assert differences == sorted(differences, reverse=True)


def test_a_formula_is_text_in_both(client: FlaskClient) -> None:
    (row,) = rows_of(client, "/download/reports.csv?q=HYPERLINK")
    assert row["title"].startswith("'=HYPERLINK(")
    assert "\x07" not in row["title"]
    book = openpyxl.load_workbook(io.BytesIO(client.get("/download/reports.xlsx?q=HYPERLINK").data))
    cell = book.worksheets[0]["A3"]
    assert cell.data_type == "s"
    assert cell.value.startswith("=HYPERLINK(")
    assert cell.hyperlink is None


def test_more_than_is_given_at_once_is_refused_in_words(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "ROWS", 5)
    answer = client.get("/download/agencies.csv?lang=en")
    assert answer.status_code == 413
    assert "filter first" in answer.text


@pytest.mark.parametrize("address", ["/download/nothing.csv", "/download/flags.exe", "/release/../../etc/passwd"])
def test_what_is_not_there_is_not_found(address: str, client: FlaskClient) -> None:
    assert client.get(address).status_code == 404


def test_values_of_an_address_never_become_sql(client: FlaskClient) -> None:
    attacks: list[dict[str, Any]] = [
        {"q": "' OR 1=1 --"},
        {"year": "2023; DROP TABLE quality.flag"},
        {"sort": "rule; DROP TABLE quality.flag"},
        {"page": "-1"},
    ]
    for attack in attacks[:2]:
        assert rows_of(client, f"/download/flags.csv?{'&'.join(f'{k}={v}' for k, v in attack.items())}") == []
    everything = len(rows_of(client, "/download/flags.csv"))
    for attack in attacks[2:]:
        assert (
            len(rows_of(client, f"/download/flags.csv?{'&'.join(f'{k}={v}' for k, v in attack.items())}")) == everything
        )
