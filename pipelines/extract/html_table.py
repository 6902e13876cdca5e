"""The tables of a page while it is walked, whichever way they are drawn: by table elements, flex rows or a grid."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pipelines.extract.boxes import Box, layout_of_grid, layout_of_rows
from pipelines.extract.flow import Flow
from pipelines.extract.limits import TABLE_DEPTH, Unreadable
from pipelines.extract.spans import Layout, Spanning, place
from pipelines.extract.tables import table_items

Group = Literal["head", "body", "foot"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as written. `width` and `inner` matter in rows of boxes only."""

    content: Flow
    row_span: int = 1
    column_span: int = 1
    width: tuple[str, float] | None = None
    inner: tuple[tuple[Box, ...], ...] = ()

    def spanning(self) -> Spanning[Flow]:
        return Spanning(self.content, self.row_span, self.column_span)


@dataclass(slots=True)
class OpenTable:
    """`flow` is where the table stands; `presentation` says that the page calls it a layout; `columns` is not 0 for a
    grid of that many columns into which cells flow; `implied` that no element of its own holds its rows."""

    flow: Flow
    presentation: bool = False
    columns: int = 0
    implied: bool = False
    groups: list[tuple[Group, list[list[Cell]]]] = field(default_factory=list)
    row: list[Cell] | None = None
    boxes: bool = False
    """Whether a row of boxes was met, whose widths decide where the columns are."""

    def start_group(self, kind: Group) -> None:
        self.groups.append((kind, []))
        self.row = None

    def start_row(self, boxes: bool = False) -> None:
        if not self.groups:
            self.start_group("body")
        self.row = []
        self.boxes = self.boxes or boxes
        self.groups[-1][1].append(self.row)

    def add(self, cell: Cell) -> None:
        if self.row is None:
            self.start_row()
        assert self.row is not None
        self.row.append(cell)

    def layout(self) -> Layout[Flow]:
        """Where the cells stand. Raises Unreadable `too_large`."""
        groups = self._ordered()
        if self.columns:
            cells = [(cell.content, cell.row_span, cell.column_span) for rows in groups for row in rows for cell in row]
            return layout_of_grid(cells, self.columns)
        if self.boxes:
            return layout_of_rows(self.box_rows())
        return place(
            [
                [[Spanning(cell.content, cell.row_span, cell.column_span) for cell in row] for row in rows]
                for rows in groups
            ]
        )

    def box_rows(self) -> tuple[tuple[Box, ...], ...]:
        """The rows as boxes, which a row around this table can take apart."""
        return tuple(
            tuple(Box(cell.content, cell.width, cell.inner) for cell in row)
            for rows in self._ordered()
            for row in rows
            if row
        )

    def _ordered(self) -> list[list[list[Cell]]]:
        """The row groups as shown: the first head on top, the first foot at the bottom."""
        head = next((i for i, (kind, _) in enumerate(self.groups) if kind == "head"), None)
        foot = next((i for i, (kind, _) in enumerate(self.groups) if kind == "foot"), None)
        middle = [rows for i, (_, rows) in enumerate(self.groups) if i not in (head, foot)]
        top = [self.groups[head][1]] if head is not None else []
        return [*top, *middle, *([self.groups[foot][1]] if foot is not None else [])]


@dataclass(slots=True)
class Page:
    """Where the walk stands: the flows and tables that are open, innermost last."""

    root: Flow = field(default_factory=Flow)
    flows: list[Flow] = field(default_factory=list)
    contexts: list[Flow | OpenTable] = field(default_factory=list)
    stacks: dict[int, tuple[int, tuple[tuple[Box, ...], ...]]] = field(default_factory=dict)
    """Of flows that one table of boxes began: how many items it gave, and its rows."""

    def __post_init__(self) -> None:
        self.flows.append(self.root)
        self.contexts.append(self.root)

    @property
    def flow(self) -> Flow:
        return self.flows[-1]

    @property
    def table(self) -> OpenTable | None:
        """The table in which a row or cell may begin here; None inside a cell and outside of tables."""
        context = self.contexts[-1]
        return context if isinstance(context, OpenTable) else None

    @property
    def in_table(self) -> bool:
        return len(self.contexts) > 1

    def open_table(self, table: OpenTable) -> None:
        """Raises Unreadable `too_deep`."""
        if sum(isinstance(context, OpenTable) for context in self.contexts) >= TABLE_DEPTH:
            raise Unreadable("too_deep", f"The page nests more than {TABLE_DEPTH} tables.")
        self.contexts.append(table)

    def close_table(self) -> None:
        table = self.contexts.pop()
        assert isinstance(table, OpenTable)
        items = list(table_items(table.layout(), table.presentation))
        if table.boxes and not table.flow.items:
            self.stacks[id(table.flow)] = (len(items), table.box_rows())
        table.flow.items.extend(items)

    def open_caption(self, table: OpenTable) -> None:
        self.contexts.append(table.flow)

    def close_caption(self) -> None:
        self.contexts.pop()

    def open_cell(self) -> None:
        self.flows.append(Flow())
        self.contexts.append(self.flows[-1])

    def close_cell(self, spans: tuple[int, int], width: tuple[str, float] | None, keep_empty: bool) -> None:
        """`keep_empty` says that the cell takes its place even if it shows nothing."""
        self.contexts.pop()
        content = self.flows.pop()
        content.end_line()
        count, rows = self.stacks.pop(id(content), (0, ()))
        table = self.table
        assert table is not None
        if keep_empty or content.items:
            inner = rows if table.boxes and count == len(content.items) else ()
            table.add(Cell(content, spans[0], spans[1], width, inner))
