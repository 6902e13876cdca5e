"""From the lake to one checked DuckDB file: the SQL models in order, and the same rules over single reports."""

from __future__ import annotations

from pipelines.warehouse.judgement import judge
from pipelines.warehouse.models import ModelError, SqlModel, sql_models

__all__ = ["ModelError", "SqlModel", "judge", "sql_models"]
