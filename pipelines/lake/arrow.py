"""The lake's tables as Arrow, with their schemas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa  # type: ignore[import-untyped]

from pipelines.lake.rows import DECIMALS, DIGITS, TABLES, Columns, rows_of
from pipelines.model import Reading

_TYPES: dict[str, pa.DataType] = {
    "VARCHAR": pa.string(),
    "VARCHAR[]": pa.list_(pa.string()),
    "SMALLINT": pa.int16(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "FLOAT[]": pa.list_(pa.float32()),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    f"DECIMAL({DIGITS},{DECIMALS})": pa.decimal128(DIGITS, DECIMALS),
}

SCHEMAS: dict[str, pa.Schema] = {
    table: pa.schema([pa.field(column, _TYPES[kind]) for column, kind in columns.items()])
    for table, columns in TABLES.items()
}


def arrow_tables(readings: Iterable[Reading]) -> dict[str, pa.Table]:
    """Every table of the lake for these readings, empty ones too."""
    return as_arrow(rows_of(readings))


def as_arrow(tables: Mapping[str, Columns]) -> dict[str, pa.Table]:
    return {name: pa.table(columns, schema=SCHEMAS[name]) for name, columns in tables.items()}
