"""The printed forms, as data: one YAML file a generation, beside this module."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipelines.forms.schema import Form, Identity, Line, Table, Term

HERE = Path(__file__).parent
Node = Mapping[str, Any]


class FormError(ValueError):
    """A form's file that does not say what it must; the message names the file and the place in it."""


@cache
def load_forms() -> dict[str, Form]:
    """Every generation, by its code. Raises FormError where a file is not as `schema.py` wants it."""
    forms = (_form(path) for path in sorted(HERE.glob("*.yml")))
    return {form.code: form for form in forms}


@cache
def forms_digest() -> str:
    """A hash over all the forms' files: readings made with other forms are stale."""
    digest = hashlib.sha256()
    for path in sorted(HERE.glob("*.yml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _form(path: Path) -> Form:
    try:
        data = _data(path.stem)
        tables = tuple(_table(_unlike(t)) for t in data["tables"])
        sums = data.get("sums", ())
        return Form(
            code=str(data["form"]),
            issued_as=data["issued_as"],
            first_year=data["first_year"],
            last_year=data["last_year"],
            tables=tables,
            identities=tuple(
                i
                for s in (_data(sums["like"])["sums"] if isinstance(sums, dict) else sums)
                for i in _identities(str(data["form"]), s, tables)
            ),
        )
    except (KeyError, TypeError, StopIteration) as error:
        raise FormError(f"{path.name}: {type(error).__name__} {error}; see pipelines/forms/schema.py") from error


@cache
def _data(form: str) -> Node:
    text = (HERE / f"{form}.yml").read_text(encoding="utf-8")
    data: Node = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return data


def _unlike(table: Node) -> Node:
    """A table that is `like` another form's: that one's, with other rows `instead` of some of its groups."""
    if "like" not in table:
        return table
    model = next(t for t in _data(table["like"])["tables"] if t["code"] == table["code"])
    return {**model, "rows": _replaced(model["rows"], table.get("instead", {}))}


def _replaced(nodes: Sequence[Node], instead: Node) -> list[Node]:
    rows: list[Node] = []
    for node in nodes:
        if "rows" not in node:
            rows.append(node)
        elif node["group"] in instead:
            rows += instead[node["group"]]
        else:
            rows.append({**node, "rows": _replaced(node["rows"], instead)})
    return rows


def _table(data: Node) -> Table:
    return Table(
        code=data["code"],
        title=data["title"],
        rows=tuple(_lines(data["rows"], ())),
        columns=tuple(_lines(data["columns"], ())),
        signed=tuple(data.get("signed", ())),
        amounts=tuple((row, column) for row, column in data.get("amounts", ())),
    )


def _lines(nodes: Sequence[Node], groups: tuple[str, ...]) -> Iterator[Line]:
    for node in nodes:
        inner = (*groups, node["group"]) if "group" in node else groups
        if "rows" in node:
            yield from _lines(node["rows"], inner)
        else:
            yield Line(
                code=node["code"],
                label=node["label"],
                variants=tuple(node.get("variants", ())),
                misprints=tuple(node.get("misprints", ())),
                groups=inner,
                columns=tuple(node.get("columns", ())),
                unit=node.get("unit"),
            )


def _identities(form: str, data: Node, tables: tuple[Table, ...]) -> Iterator[Identity]:
    table = next(t for t in tables if t.code == data["table"])
    by_column = data["each"] == "column"
    instances = [line.code for line in (table.columns if by_column else table.rows)]
    instances += [code for code in data.get("also", ()) if code not in instances]

    def term(place: str, code: str, weight: int) -> Term:
        return Term(table.code, code, place, weight) if by_column else Term(table.code, place, code, weight)

    for place in instances:
        for variant, more in (data.get("variants") or {"": ()}).items():
            left = tuple(term(place, code, 1) for code in data["left"])
            right = tuple(term(place, code, -1) for code in (*data["right"], *more))
            yield Identity(form, data["rule"], data.get("name", place), variant, left[0], left + right)
