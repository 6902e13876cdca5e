"""What the SQL models read besides the lake (forms, registry, crawl, this run), and how rows get into DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import duckdb

from pipelines.forms.schema import Form
from pipelines.lake.rows import SEEN, TABLES, Columns

FORM_TABLES: dict[str, dict[str, str]] = {
    "form": {"form": "VARCHAR", "issued_as": "VARCHAR", "first_year": "SMALLINT", "last_year": "SMALLINT"},
    "measure": {
        "form": "VARCHAR",
        "table": "VARCHAR",
        "row": "VARCHAR",
        "column": "VARCHAR",
        "position": "SMALLINT",
        "table_title": "VARCHAR",
        "row_group": "VARCHAR",
        "row_label": "VARCHAR",
        "column_group": "VARCHAR",
        "column_label": "VARCHAR",
        "is_total": "BOOLEAN",
        "signed": "BOOLEAN",
        "amount": "BOOLEAN",
        "since": "SMALLINT",
        "until": "SMALLINT",
    },
    "identity": {
        "form": "VARCHAR",
        "rule": "VARCHAR",
        "instance": "VARCHAR",
        "variant": "VARCHAR",
        "preference": "SMALLINT",
        "table": "VARCHAR",
        "terms": "SMALLINT",
        "cells": "VARCHAR[][]",
    },
    "identity_term": {
        "form": "VARCHAR",
        "rule": "VARCHAR",
        "instance": "VARCHAR",
        "variant": "VARCHAR",
        "table": "VARCHAR",
        "row": "VARCHAR",
        "column": "VARCHAR",
        "weight": "TINYINT",
        "is_target": "BOOLEAN",
    },
}

REGISTRY_TABLES: dict[str, dict[str, str]] = {
    "division": {
        "division": "VARCHAR",
        "name": "VARCHAR",
        "level": "VARCHAR",
        "parent": "VARCHAR",
        "since": "SMALLINT",
        "until": "SMALLINT",
    },
    "agency": {
        "agency_id": "VARCHAR",
        "name": "VARCHAR",
        "division": "VARCHAR",
        "level": "VARCHAR",
        "kind": "VARCHAR",
        "functions": "VARCHAR[]",
    },
}

CRAWL_TABLES: dict[str, dict[str, str]] = {
    "document": {
        "sha256": "VARCHAR",
        "url": "VARCHAR",
        "source": "VARCHAR",
        "run": "VARCHAR",
        "published": "DATE",
        "first_seen": "TIMESTAMP",
        "last_seen": "TIMESTAMP",
        "withdrawn": "TIMESTAMP",
    },
    "source": {
        "source": "VARCHAR",
        "kind": "VARCHAR",
        "publisher": "VARCHAR",
        "division": "VARCHAR",
        "status": "VARCHAR",
        "path": "VARCHAR",
    },
    "expected": {"source": "VARCHAR", "year": "SMALLINT", "reports": "BIGINT"},
    "run": {
        "run": "VARCHAR",
        "source": "VARCHAR",
        "started": "TIMESTAMP",
        "ended": "TIMESTAMP",
        "outcome": "VARCHAR",
        "years": "VARCHAR",
        "found": "BIGINT",
        "fetched": "BIGINT",
        "unchanged": "BIGINT",
        "blocked": "BIGINT",
        "failed": "BIGINT",
        "refused": "BIGINT",
        "withdrawn": "BIGINT",
        "seconds": "DOUBLE",
        "problems": "VARCHAR[]",
    },
}
"""What the crawl knows: each version of each address (`run` brought it first; `withdrawn` is when the address was found
gone), the registered sources with what their cards assert (`path` of local files), and each run's figures a source."""

RUN = {"built_at": "TIMESTAMP", "digest": "VARCHAR"}
PREVIOUS_FLAG = {
    "report_id": "VARCHAR",
    "rule": "VARCHAR",
    "instance": "VARCHAR",
    "outcome": "VARCHAR",
    "first_seen": "TIMESTAMP",
}

PREVIOUS_COVERAGE = {"division": "VARCHAR", "year": "SMALLINT", "reports": "BIGINT"}
PREVIOUS_SOURCE_YEAR = {"source": "VARCHAR", "year": "SMALLINT", "reports": "BIGINT"}
PREVIOUS_RULE_RUN = {
    "built_at": "TIMESTAMP",
    "rule": "VARCHAR",
    "judged": "BIGINT",
    "holds": "BIGINT",
    "broken": "BIGINT",
    "unknown": "BIGINT",
}

INPUTS: dict[str, dict[str, dict[str, str]]] = {
    "lake": {**TABLES, "seen": SEEN},
    "forms": FORM_TABLES,
    "registry": REGISTRY_TABLES,
    "crawl": CRAWL_TABLES,
    "run": {"info": RUN},
    "previous": {
        "flag": PREVIOUS_FLAG,
        "coverage": PREVIOUS_COVERAGE,
        "source_year": PREVIOUS_SOURCE_YEAR,
        "rule_run": PREVIOUS_RULE_RUN,
    },
}
"""Catalog -> table -> column -> SQL type: all that a model may read besides other models."""


def create_table(connection: duckdb.DuckDBPyConnection, name: str, types: Mapping[str, str], columns: Columns) -> None:
    """Makes the table `name` of plain Python values; a column that is not given is NULL throughout."""
    selected = ", ".join(
        f'unnest(${n}::{kind}[]) AS "{column}"' if column in columns else f'NULL::{kind} AS "{column}"'
        for n, (column, kind) in enumerate(types.items(), 1)
    )
    if not any(columns.values()):
        described = ", ".join(f'"{column}" {kind}' for column, kind in types.items())
        connection.execute(f"CREATE TABLE {name} ({described})")
        return
    values = {str(n): columns[column] for n, column in enumerate(types, 1) if column in columns}
    connection.execute(f"CREATE TABLE {name} AS SELECT {selected}", values)


def attach_inputs(connection: duckdb.DuckDBPyConnection, given: Mapping[str, Columns]) -> None:
    """Attaches a catalog in memory for each kind of input and fills its tables; those not given are empty, and those of
    `lake` that are not given are left to be made as views."""
    for catalog, tables in INPUTS.items():
        connection.execute(f"ATTACH ':memory:' AS {catalog}")
        for table, types in tables.items():
            name = f"{catalog}.{table}"
            if catalog != "lake" or name in given:
                create_table(connection, name, types, given.get(name, {}))


def form_relations(forms: Mapping[str, Form]) -> dict[str, Columns]:
    """The forms as the tables `forms.*`."""
    identities = [i for f in forms.values() for i in f.identities]
    preferences: dict[tuple[str, str, str], int] = {}
    identity_rows = []
    for i in identities:
        place = (i.form, i.rule, i.instance)
        preferences[place] = preferences.get(place, -1) + 1
        cells = [[t.table, t.row, t.column] for t in i.terms]
        identity_rows.append((*place, i.variant, preferences[place], i.target.table, len(i.terms), cells))
    term_rows = [
        (i.form, i.rule, i.instance, i.variant, t.table, t.row, t.column, t.weight, t == i.target)
        for i in identities
        for t in i.terms
    ]
    return {
        "forms.form": _columns("form", ((f.code, f.issued_as, f.first_year, f.last_year) for f in forms.values())),
        "forms.measure": _columns("measure", (row for f in forms.values() for row in _measures(f))),
        "forms.identity": _columns("identity", identity_rows),
        "forms.identity_term": _columns("identity_term", term_rows),
    }


def run_relations(built_at: datetime, digest: str | None = None) -> dict[str, Columns]:
    """This run as the table `run.info`; `digest` tells the models and forms it is made with."""
    return {"run.info": {"built_at": [built_at], "digest": [digest]}}


def _measures(form: Form) -> Iterator[tuple[Any, ...]]:
    for table in form.tables:
        position = 0
        for row in table.rows:
            for column in table.columns_of(row):
                position += 1
                yield (
                    form.code,
                    table.code,
                    row.code,
                    column.code,
                    position,
                    table.title,
                    " / ".join(row.groups) or None,
                    row.label,
                    " / ".join(column.groups) or None,
                    column.label,
                    column.code == "total" or row.code == "processed",
                    column.code in table.signed,
                    (row.code, column.code) in table.amounts,
                    form.first_year,
                    form.last_year,
                )


def _columns(table: str, rows: Iterable[tuple[Any, ...]]) -> Columns:
    names = FORM_TABLES[table]
    return {name: list(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)}
