"""Readings as Parquet parts, by province and year: Arrow is loaded only where parts are written."""

from __future__ import annotations

from pipelines.lake.parts import Kept, Lake, LakeState, Part
from pipelines.lake.rows import TABLES, rows_of

__all__ = ["TABLES", "Kept", "Lake", "LakeState", "Part", "rows_of"]
