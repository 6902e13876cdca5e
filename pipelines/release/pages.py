"""Pages of a release: front page, dictionary, rules, forms, notes. What is put into them is escaped; they need no
server, no script and no other host."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.forms.schema import Form
from pipelines.templating import render
from pipelines.warehouse import SqlModel, TableWords

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A cell of a form: its codes, the labels as printed, its position in the table."""

    row: str
    column: str
    row_label: str
    column_label: str
    position: int
    unit: str | None


@dataclass(frozen=True, slots=True)
class PrintedTable:
    form: str
    code: str
    title: str
    cells: tuple[PrintedCell, ...]


def write_pages(folder: Path, values: Mapping[str, Any]) -> None:
    """Writes every page of a release into the folder: a template a page, `values` are what they show."""
    for template in sorted(TEMPLATES.glob("[a-z]*.j2")):
        (folder / template.name.removesuffix(".j2")).write_text(render(template, values), encoding="utf-8")


def printed_tables(forms: Mapping[str, Form]) -> Iterator[PrintedTable]:
    """Every table of every form, cell by cell in printed order."""
    for form in forms.values():
        for table in form.tables:
            cells: list[PrintedCell] = []
            for row in table.rows:
                for column in table.columns_of(row):
                    cells.append(
                        PrintedCell(
                            row=row.code,
                            column=column.code,
                            row_label=" / ".join((*row.groups, row.label)),
                            column_label=" / ".join((*column.groups, column.label)),
                            position=len(cells) + 1,
                            unit=row.unit or column.unit,
                        )
                    )
            yield PrintedTable(form.code, table.code, table.title, tuple(cells))


def described_tables(
    dictionary: Mapping[str, TableWords], models: Sequence[SqlModel]
) -> list[tuple[str, TableWords, SqlModel | None]]:
    """Tables in the order of the schemas, with their words and the SQL that makes them."""
    by_name = {model.table: model for model in models}
    order = {"marts": 0, "facts": 1, "dims": 2, "quality": 3}
    names = sorted(dictionary, key=lambda name: (order[name.split(".")[0]], name))
    return [(name, dictionary[name], by_name.get(name)) for name in names]
