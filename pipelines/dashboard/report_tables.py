"""A report's tables as printed: every number leads to its picture, broken ones have the numbers of their findings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from pipelines.dashboard.evidence_view import asked_cell
from pipelines.dashboard.report_data import ReportData
from pipelines.dashboard.request import Request
from pipelines.dashboard.still import Still
from pipelines.dashboard.tables import small_table
from pipelines.dashboard.values import clean
from pipelines.model import Cell
from pipelines.shown_report import ShownCell, ShownPart, ShownRow, shown_tables

LOCAL = ("statistics", "local")
"""Table and row of the indicators that no form declares; their column is the printed label."""


def tables_of(request: Request, data: ReportData) -> list[Any]:
    flags = [found.flag for found in data.broken]
    declared = [cell for cell in data.cells if (cell.table, cell.row) != LOCAL]
    shown: list[Any] = []
    for table in shown_tables(declared, data.row["form"], flags, data.earlier):
        shown += [html.H3(table.title), *(_part(request, table.title, part) for part in table.parts)]
    if local := [cell for cell in data.cells if (cell.table, cell.row) == LOCAL]:
        shown += [html.H3(request.say("report.local")), _local(request, local)]
    return shown


def cell_link(request: Request, key: Sequence[str]) -> str:
    """The address that shows where a number stands."""
    return request.link("report", request.parts["report_id"], table=key[0], row=key[1], column=key[2])


def _part(request: Request, title: str, part: ShownPart) -> Still:
    named: dict[str, Any] = {"aria-label": title}
    heading = html.Tr(
        [
            html.Th(html.Span(request.say("report.row"), className="unseen"), scope="col"),
            *(html.Th(label, scope="col") for label in part.columns),
        ]
    )
    table = html.Div(
        html.Table([html.Thead(heading), html.Tbody([_row(request, row) for row in part.rows])], className="printed"),
        className="wide",
        role="region",
        tabIndex="0",
        **named,
    )
    return Still(table)


def _row(request: Request, row: ShownRow) -> html.Tr:
    groups = [html.Span(f"{' / '.join(row.groups)} / ", className="soft")] if row.groups else []
    return html.Tr([html.Th([*groups, row.label], scope="row"), *(_value(request, cell) for cell in row.cells)])


def _value(request: Request, cell: ShownCell) -> html.Td:
    kinds = (
        ["broken"] * bool(cell.marks) + ["none"] * (not cell.reported) + ["asked"] * (asked_cell(request) == cell.key)
    )
    link = html.A(clean(cell.text), href=cell_link(request, cell.key), title=clean(cell.raw))
    parts: list[Any] = [link]
    if cell.marks:
        numbers: list[Any] = []
        for mark in cell.marks:
            numbers += [",", html.A(str(mark), href=f"#finding-{mark}")]
        parts.append(html.Sup(numbers[1:]))
    if cell.before is not None:
        parts.append(html.Span(request.say("report.before", n=cell.before), className="before"))
    return html.Td(parts, className=" ".join(kinds))


def _local(request: Request, cells: Sequence[Cell]) -> Still:
    rows = [
        (
            clean(cell.column),
            html.A(clean(cell.raw) or "–", href=cell_link(request, (cell.table, cell.row, cell.column))),
        )
        for cell in cells
    ]
    return small_table([request.say("report.row"), request.say("report.value")], rows, numbers=[1])
