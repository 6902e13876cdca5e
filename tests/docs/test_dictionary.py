"""The dictionary and the warehouse's columns, both ways."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.lake import Lake
from pipelines.quality import RESULTS, run_suites
from pipelines.warehouse import build_candidate, load_dictionary, sql_models
from tests.rules.builder import report


@pytest.fixture(scope="module")
def columns(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, tuple[str, str | None]]]:
    """Table -> column -> its type and comment, in a small warehouse."""
    home = tmp_path_factory.mktemp("dictionary")
    Lake(home / "lake").write([report()], reading_key="k")
    candidate = build_candidate(home / "lake", home / "candidate.duckdb").candidate
    run_suites(candidate, ())
    found: dict[str, dict[str, tuple[str, str | None]]] = {}
    with duckdb.connect(str(candidate), read_only=True) as connection:
        listed = connection.execute(
            "SELECT schema_name || '.' || table_name, column_name, data_type, comment FROM duckdb_columns() "
            "WHERE NOT internal ORDER BY column_index"
        ).fetchall()
        described = connection.execute(
            "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE comment IS NOT NULL UNION ALL "
            "SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE comment IS NOT NULL"
        ).fetchall()
    for table, column, kind, comment in listed:
        found.setdefault(table, {})[column] = (kind, comment)
    assert {row[0] for row in described} == set(found)
    return found


def test_tables_are_those_of_the_dictionary(columns: dict[str, dict[str, tuple[str, str | None]]]) -> None:
    assert set(columns) == set(load_dictionary()) == {m.table for m in sql_models()} | {RESULTS}


@pytest.mark.parametrize("table", sorted(load_dictionary()))
def test_columns_are_those_of_the_dictionary(table: str, columns: dict[str, dict[str, tuple[str, str | None]]]) -> None:
    words = load_dictionary()[table].columns
    assert list(columns[table]) == list(words)
    for column, (kind, comment) in columns[table].items():
        assert kind == words[column].type, f"{table}.{column}"
        assert comment and words[column].zh in comment and words[column].en in comment


def test_shared_words_are_used() -> None:
    import yaml

    from pipelines.paths import SQL

    data = yaml.safe_load((SQL / "dictionary.yml").read_text(encoding="utf-8"))
    listed = {column for table in data["tables"].values() for column in table["columns"]}
    assert set(data["columns"]) <= listed
