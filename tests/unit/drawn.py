"""Draws the forms' tables as grids and lines, with numbers that are all different, and the cells that a reader owes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipelines.forms import load_forms
from pipelines.forms.schema import Line
from pipelines.model import Block, Cell, Grid, GridCell, Paragraph, Section
from pipelines.read.labels import index_labels
from pipelines.read.tables import Tables, read_tables

LABELS = index_labels(load_forms())
Key = tuple[str, str, str]


def grid(rows: Sequence[Sequence[str | tuple[str, int, int]]], index: int = 0) -> Grid:
    """A grid from rows of texts, or (text, row span, column span), placed as browsers place them."""
    taken: set[tuple[int, int]] = set()
    cells = []
    for r, row in enumerate(rows):
        c = 0
        for item in row:
            text, down, across = item if isinstance(item, tuple) else (item, 1, 1)
            while (r, c) in taken:
                c += 1
            cells.append(GridCell(r, c, text, down, across))
            taken |= {(r + i, c + j) for i in range(down) for j in range(across)}
            c += across
    return Grid(index, len(rows), 1 + max(c for _, c in taken), tuple(sorted(cells, key=lambda x: (x.row, x.column))))


def applicants(table: str = "application") -> list[Line]:
    return list(load_forms()["2021"].table(table).columns)


def number(row: int, column: int) -> str:
    return str(1000 + row * 17 + column * 631)


def application_rows(form: str = "2021") -> list[Line]:
    return list(load_forms()[form].table("application").rows)


def application_cells(form: str = "2021") -> dict[Key, str]:
    return {
        ("application", line.code, column.code): number(r, c)
        for r, line in enumerate(application_rows(form))
        for c, column in enumerate(applicants())
    }


def application_grid(form: str = "2021", results_span: int | None = None) -> list[list[str | tuple[str, int, int]]]:
    """The rows of the printed table three; `results_span` is the row span of 三、本年度办理结果."""
    lines = application_rows(form)
    rows: list[list[str | tuple[str, int, int]]] = [
        [("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 3), ("申请人情况", 1, 7)],
        [("自然人", 2, 1), ("法人或其他组织", 1, 5), ("总计", 2, 1)],
        ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"],
    ]
    seen: set[str] = set()
    for r, line in enumerate(lines):
        row: list[str | tuple[str, int, int]] = []
        for depth, group in enumerate(line.groups):
            if group not in seen:
                seen.add(group)
                span = sum(group in other.groups for other in lines)
                row.append((group, results_span if depth == 0 and results_span else span, 1))
        row.append((line.label, 1, 3 - len(line.groups)))
        row += [number(r, c) for c in range(7)]
        rows.append(row)
    return rows


def read(blocks: Sequence[Block], code: str = "application", year: int | None = 2023) -> Tables:
    return read_tables((Section(code, "", tuple(blocks)),), LABELS, year)


def reported(tables: Tables, table: str = "application") -> dict[Key, str]:
    return {
        (c.table, c.row, c.column): str(c.value) for c in tables.cells if c.table == table and c.status == "reported"
    }


def cell(tables: Tables, *key: str) -> Cell:
    return next(c for c in tables.cells if (c.table, c.row, c.column) == key)


def lines(texts: Sequence[str]) -> list[Paragraph]:
    """Lines as the text extractor gives them."""
    out = []
    for i, text in enumerate(texts):
        if "\t" in text:
            fields = tuple(f.strip() for f in text.split("\t"))
        elif "|" in text:
            fields = tuple(f.strip() for f in text.strip().removeprefix("|").removesuffix("|").split("|"))
        else:
            fields = (text,)
        if text.strip():
            out.append(Paragraph(i, text, fields))
    return out


def second(grid_: Grid, index: int) -> Grid:
    return replace(grid_, index=index)


REVIEW_CODES = [
    (row.code, column.code) for row in LABELS.forms["2021"].table("review").rows for column in applicants("review")
]
