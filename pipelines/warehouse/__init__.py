"""From the lake to one checked DuckDB file: the SQL models in order, and the same rules over single reports."""

from __future__ import annotations

from pipelines.warehouse.build import Build, build_candidate, publish, remove_candidate
from pipelines.warehouse.dictionary import TableWords, load_dictionary
from pipelines.warehouse.judgement import judge
from pipelines.warehouse.models import ModelError, SqlModel, sql_models

__all__ = [
    "Build",
    "ModelError",
    "SqlModel",
    "TableWords",
    "build_candidate",
    "judge",
    "load_dictionary",
    "publish",
    "remove_candidate",
    "sql_models",
]
