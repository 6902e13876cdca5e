"""Readings as Parquet parts, by province and year."""

from __future__ import annotations

from pipelines.lake.rows import TABLES, rows_of

__all__ = ["TABLES", "rows_of"]
