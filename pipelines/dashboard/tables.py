"""Lists and small tables as HTML that works by keyboard, by link, and on a telephone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from dash import dcc, html

from pipelines.dashboard.listing import EVERYTHING, PAGE_ROWS, Column, Filter, Listing
from pipelines.dashboard.request import Request, address
from pipelines.dashboard.still import Still
from pipelines.dashboard.store import Row
from pipelines.dashboard.values import shown

SHORT = 16
CHOICES = 400
"""Choices that a filter offers at most; any other value can still be given in the address."""


def listed(
    request: Request, listing: Listing, fixed: Mapping[str, str] | None = None, without: Collection[str] = ()
) -> list[Any]:
    """The list as the address asks for it: filters, how many there are, a page of them, ways on, downloads. `fixed` are
    filters that the page sets itself (`rule` of `/rules/<rule>`), `without` columns that say nothing there."""
    fixed = fixed or {}
    query = {**request.query, **fixed}
    total = listing.count(request.store, query)
    rows = listing.rows(request.store, query)
    return [
        _filters(request, listing, fixed),
        *_narrowed(request, listing, fixed),
        html.Div(
            [
                html.P(request.say("list.count", total=total), role="status"),
                html.P([request.say("list.download"), " ", *_downloads(request, listing, query)]),
            ],
            className="above",
        ),
        _table(request, listing, query, rows, without),
        _pager(request, listing, query, total),
    ]


def small_table(headings: Sequence[Any], rows: Iterable[Sequence[Any]], *, numbers: Iterable[int] = ()) -> Still:
    """A table of a few rows; `numbers` are the columns that hold them. Cells are texts or components of `dash.html`."""
    right = set(numbers)
    labels = [heading if isinstance(heading, str) else "" for heading in headings]
    table = html.Div(
        html.Table(
            [
                html.Thead(
                    html.Tr(
                        [html.Th(h, scope="col", className="n" if n in right else "") for n, h in enumerate(headings)]
                    )
                ),
                html.Tbody(
                    [html.Tr([_cell(value, labels[n], n in right) for n, value in enumerate(row)]) for row in rows]
                ),
            ],
            className="list",
        ),
        className="wide",
    )
    return Still(table)


def _cell(value: Any, label: str, right: bool, text: str | None = None) -> html.Td:
    """`text` is what the cell shows in the end; a short one is kept on one line."""
    named: dict[str, Any] = {"data-label": label}
    words = text
    if words is None:
        words = value if isinstance(value, str) else getattr(value, "children", None)
    short = isinstance(words, str) and len(words) <= SHORT
    return html.Td(value, className=" ".join(["n"] * right + ["short"] * short), **named)


def _filters(request: Request, listing: Listing, fixed: Mapping[str, str]) -> html.Form:
    offered = [one for one in listing.filters if not one.hidden and one.name not in fixed]
    # A form is made anew with each address, or it would keep what was typed before.
    return html.Form(
        [
            *(_field(request, one) for one in offered),
            _order(request, listing, {**request.query, **fixed}),
            html.Button(request.say("list.filter"), type="submit"),
            html.A(request.say("list.reset"), href=address(request.path, {}, request.language)),
        ],
        action=request.here(page=None, sort=None, **{one.name: None for one in offered}),
        method="GET",
        className="filters",
        key=request.here(),
    )


def _narrowed(request: Request, listing: Listing, fixed: Mapping[str, str]) -> list[Any]:
    """Filters that came by a link and have no field: said in words, with a way to be rid of each."""
    links: list[Any] = []
    for one in listing.filters:
        value = one.asked(request.query)
        if one.hidden and value and one.name not in fixed:
            words = f"{request.say(f'filter.{one.name}')}: {request.code('filtered', shown(value))} ✕"
            links += [html.A(words, href=request.here(page=None, **{one.name: None})), " "]
    return [html.P([request.say("list.narrowed"), " ", *links], className="narrowed")] if links else []


def _field(request: Request, one: Filter) -> html.Div:
    identity = f"filter-{one.name}"
    asked = one.asked(request.query)
    control: Any
    if one.choices is None:
        control = dcc.Input(id=identity, name=one.name, value=asked, maxLength=100, debounce=True, type="text")
    else:
        choices = _choices(request, one)
        if asked and asked not in {value for value, _ in choices}:
            choices = [*choices, (asked, shown(asked))]
        nothing = EVERYTHING if one.default else ""
        control = html.Select(
            [
                html.Option(request.say("list.all"), value=nothing, selected=not asked),
                *(html.Option(label, value=value, selected=value == asked) for value, label in choices),
            ],
            id=identity,
            name=one.name,
        )
    return html.Div([html.Label(request.say(f"filter.{one.name}"), htmlFor=identity), control])


def _order(request: Request, listing: Listing, query: Mapping[str, str]) -> html.Div:
    """What the headings do by their links, for narrow screens, which show none."""
    by, descending = listing.sorted_by(query)
    asked = f"-{by.name}" if descending else by.name
    options = [
        html.Option(f"{request.say(column.word)} {arrow}", value=value, selected=value == asked)
        for column in listing.shown()
        for value, arrow in ((column.name, "▲"), (f"-{column.name}", "▼"))
    ]
    return html.Div(
        [html.Label(request.say("list.sort"), htmlFor="sort"), html.Select(options, id="sort", name="sort")],
        className="narrow",
    )


def _choices(request: Request, one: Filter) -> list[tuple[str, str]]:
    if isinstance(one.choices, str):
        found = request.store.rows(f"SELECT value, label FROM ({one.choices}) LIMIT {CHOICES}")
        pairs = [(str(row["value"]), row["label"]) for row in found]
    else:
        pairs = [(value, None) for value in one.choices or ()]
    return [(value, shown(label) or request.code(one.code or "", value)) for value, label in pairs]


def _downloads(request: Request, listing: Listing, query: Mapping[str, str]) -> list[Any]:
    kept = {name: value for name, value in query.items() if name != "page"}
    links: list[Any] = []
    for kind in ("csv", "xlsx"):
        href = address(f"/download/{listing.name}.{kind}", kept, request.language)
        links += [html.A(kind.upper(), href=href, download=f"{listing.name}.{kind}"), " "]
    return links


def _table(
    request: Request, listing: Listing, query: Mapping[str, str], rows: Sequence[Row], without: Collection[str]
) -> Still:
    columns = [column for column in listing.shown() if column.name not in without]
    by, descending = listing.sorted_by(query)
    region: dict[str, Any] = {"aria-label": request.say("list.table")}
    table = html.Div(
        html.Table(
            [
                html.Thead(html.Tr([_heading(request, column, column == by, descending) for column in columns])),
                html.Tbody([html.Tr([_value(request, column, row) for column in columns]) for row in rows]),
            ],
            className="list",
        ),
        className="wide",
        role="region",
        tabIndex="0",
        **region,
    )
    return Still(table)


def _heading(request: Request, column: Column, sorts: bool, descending: bool) -> html.Th:
    """A link that sorts by the column; once more, the other way round."""
    arrow = (" ▼" if descending else " ▲") if sorts else ""
    turned = f"-{column.name}" if sorts and not descending else column.name
    state: dict[str, Any] = {"aria-sort": "descending" if descending else "ascending"} if sorts else {}
    link = html.A(request.say(column.word) + arrow, href=request.here(sort=turned, page=None))
    return html.Th(link, scope="col", className="n" if column.number else "", **state)


def _value(request: Request, column: Column, row: Row) -> html.Td:
    value = row[column.name]
    if column.show is not None:
        content = column.show(request, row)
    elif column.code is not None and value is not None:
        content = request.code(column.code, str(value))
    else:
        content = shown(value)
    text = content if isinstance(content, str) else None
    href = column.link(request, row) if column.link else None
    if href:
        content = html.A(content or "–", href=href)
    return _cell(content, request.say(column.word), column.number, text)


def _pager(request: Request, listing: Listing, query: Mapping[str, str], total: int) -> html.Nav:
    page, last = listing.page(query), max(1, -(-total // PAGE_ROWS))
    links: list[Any] = []
    for word, to in (("list.first", 1), ("list.before", page - 1), ("list.next", page + 1), ("list.last", last)):
        if 1 <= to <= last and to != page:
            links.append(html.A(request.say(word), href=request.here(page=to)))
    named: dict[str, Any] = {"aria-label": request.say("list.pages")}
    return html.Nav([html.Span(request.say("list.page", page=page, last=last)), *links], className="pager", **named)
