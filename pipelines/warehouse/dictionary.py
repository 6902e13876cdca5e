"""The data dictionary: every table and column once, in Chinese and English, as comments inside the warehouse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import yaml

from pipelines.paths import SQL
from pipelines.warehouse.models import SqlModel


class DictionaryError(ValueError):
    """A table or column that the dictionary does not have, or has without words."""


@dataclass(frozen=True, slots=True)
class Words:
    type: str
    zh: str
    en: str
    unit: str | None = None

    @property
    def comment(self) -> str:
        return f"{self.zh} | {self.en}" + (f" [{self.unit}]" if self.unit else "")


@dataclass(frozen=True, slots=True)
class TableWords:
    """`warnings` are what to know before using the table, in Chinese and English."""

    words: Words
    columns: Mapping[str, Words]
    warnings: tuple[tuple[str, str], ...] = ()


@cache
def load_dictionary(path: Path = SQL / "dictionary.yml") -> dict[str, TableWords]:
    """Table -> what it and its columns mean. A column that a table does not describe itself is looked up under
    `columns`, where names that mean one thing everywhere stand once. Raises DictionaryError where words are missing."""
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    shared = {name: _words(name, entry) for name, entry in data["columns"].items()}
    found: dict[str, TableWords] = {}
    for table, entry in data["tables"].items():
        own = {name: _words(f"{table}.{name}", words) for name, words in (entry.get("own") or {}).items()}
        columns = {}
        for name in entry["columns"]:
            if name not in own and name not in shared:
                raise DictionaryError(f"{table}.{name} has no words in {path.name}")
            columns[name] = own.get(name) or shared[name]
        if stray := own.keys() - columns.keys():
            raise DictionaryError(f"{table} describes columns that it does not list: {', '.join(sorted(stray))}")
        warnings = tuple((warning["zh"], warning["en"]) for warning in entry.get("warnings") or ())
        found[table] = TableWords(_words(table, entry), columns, warnings)
    return found


def comment_on(
    connection: duckdb.DuckDBPyConnection, dictionary: Mapping[str, TableWords], models: Iterable[SqlModel]
) -> None:
    """Writes the comments into the connection's current database. Raises DictionaryError for a table without words."""
    for model in models:
        _comment(connection, dictionary, model.table, "VIEW" if model.view else "TABLE")


def comment_table(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Comments on one table of the connection's current database."""
    _comment(connection, load_dictionary(), table, "TABLE")


def _comment(
    connection: duckdb.DuckDBPyConnection, dictionary: Mapping[str, TableWords], table: str, kind: str
) -> None:
    described = dictionary.get(table)
    if described is None:
        raise DictionaryError(f"{table} is not in sql/dictionary.yml")
    connection.execute(f"COMMENT ON {kind} {table} IS {_literal(described.words.comment)}")
    for column, words in described.columns.items():
        connection.execute(f'COMMENT ON COLUMN {table}."{column}" IS {_literal(words.comment)}')


def _words(name: str, entry: Mapping[str, str]) -> Words:
    if not entry.get("zh") or not entry.get("en"):
        raise DictionaryError(f"{name} lacks its Chinese or its English words")
    return Words(entry.get("type", "TABLE"), entry["zh"], entry["en"], entry.get("unit"))


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
