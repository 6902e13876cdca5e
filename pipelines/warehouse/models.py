"""The SQL models: a file under `sql/` is a table, its path the table's name, its text one SELECT."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Literal, cast

import duckdb

from pipelines.paths import SQL

Grain = Literal["all", "form", "report", "document"]

SCHEMAS = ("dims", "facts", "quality", "marts")

_FINER: dict[str, tuple[str, ...]] = {
    "all": ("all", "form", "report", "document"),
    "form": ("form",),
    "report": ("form", "report"),
    "document": ("form", "document"),
}
"""What a model of each grain may read."""

_REFERENCE = re.compile(r"\b(?:from|join)\s+([a-z_]+)\.([a-z_]+)", re.IGNORECASE)
_NOISE = re.compile(r"--[^\n]*|'(?:[^']|'')*'")
_DIRECTIVE = re.compile(r"^-- *(grain: *(?P<grain>\w+)|(?P<view>view)) *$", re.MULTILINE)


class ModelError(ValueError):
    """A model that refers to a table that is neither an input nor a model, or to one of a coarser grain."""


@dataclass(frozen=True, slots=True)
class SqlModel:
    """`grain` is what the rows of one unit depend on: `report` and `document` models can be made for some reports or
    documents alone, `form` models depend on the forms only, `all` on everything. `depends_on` names models."""

    schema: str
    name: str
    path: Path
    depends_on: tuple[str, ...]
    inputs: tuple[str, ...]
    sql: str
    grain: Grain = "all"
    view: bool = False

    @property
    def table(self) -> str:
        return f"{self.schema}.{self.name}"

    @property
    def key(self) -> str:
        """The column by which the rows of one unit are found."""
        return "sha256" if self.grain == "document" else "report_id"


@cache
def sql_models(root: Path = SQL) -> tuple[SqlModel, ...]:
    """Every model, in an order in which each comes after what it depends on."""
    models = {
        m.table: m for schema in SCHEMAS for path in sorted((root / schema).glob("*.sql")) for m in [_model(path)]
    }
    for model in models.values():
        for name in model.depends_on:
            _check(model, name, models)
    order = TopologicalSorter({name: model.depends_on for name, model in models.items()}).static_order()
    return tuple(models[name] for name in order)


def needed_for(tables: Iterable[str], models: tuple[SqlModel, ...]) -> tuple[SqlModel, ...]:
    """The models that these tables are made of, themselves included, in order."""
    wanted = set(tables)
    for model in reversed(models):
        if model.table in wanted:
            wanted.update(model.depends_on)
    return tuple(m for m in models if m.table in wanted)


def make(connection: duckdb.DuckDBPyConnection, model: SqlModel) -> None:
    """Makes the model's table or view in the connection's current database. Raises ModelError with the model's name."""
    try:
        connection.execute(f"CREATE {'VIEW' if model.view else 'TABLE'} {model.table} AS {model.sql}")
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
        raise ModelError(f"{model.path.name}: {error}") from error


def _model(path: Path) -> SqlModel:
    text = path.read_text(encoding="utf-8").strip()
    references = dict.fromkeys(_REFERENCE.findall(_NOISE.sub(" ", text)))
    directives = list(_DIRECTIVE.finditer(text))
    grain = next((m["grain"] for m in directives if m["grain"]), "all")
    if grain not in _FINER:
        raise ModelError(f"{path.name}: no such grain: {grain}")
    return SqlModel(
        schema=path.parent.name,
        name=path.stem,
        path=path,
        depends_on=tuple(f"{schema}.{name}" for schema, name in references if schema in SCHEMAS),
        inputs=tuple(f"{schema}.{name}" for schema, name in references if schema not in SCHEMAS),
        sql=text,
        grain=cast(Grain, grain),
        view=any(m["view"] for m in directives),
    )


def _check(model: SqlModel, name: str, models: dict[str, SqlModel]) -> None:
    if model.grain == "all" and any(name.startswith("lake.") for name in model.inputs):
        raise ModelError(f"{model.table} reads the lake, which is at hand only by the grain of reports or documents")
    if name not in models:
        raise ModelError(f"{model.table} reads {name}, which is no file under sql/")
    if models[name].grain not in _FINER[model.grain]:
        raise ModelError(f"{model.table} has the grain {model.grain} and reads {name}, whose grain is wider")
