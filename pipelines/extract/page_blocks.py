"""Printed pages to a Document's blocks: a Paragraph a printed line, a Grid a table, whatever file drew them.

A table that goes on over page breaks is one Grid: its rows go on, each cell keeps its own page and box, and a header
that is printed again is a row again. A cell that the page break cuts stays as its two pieces: one in the last row of a
page, one in the same columns in the first row of the next, with no rule between (`half a la` and `bel`, or all and
nothing); who reads labels joins them, and knows the break by the cells' pages.
Page numbers are left out, everything else that is printed is in the blocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from pipelines.extract.aligned import AlignedTable
from pipelines.extract.lines import Line, printed_lines
from pipelines.extract.page_flow import JoinedTable, PageLayout, flow
from pipelines.extract.page_flow import page_layout as laid_out
from pipelines.extract.printed_page import PrintedPage, ShownPage
from pipelines.extract.ruling import TooManyRulesError, ruled_tables
from pipelines.model import Block, Grid, GridCell, Issue, Paragraph


def page_layout(page: PrintedPage, number: int, issues: list[Issue]) -> PageLayout:
    """The page's lines and ruled tables; adds an issue `page_too_complex` where it has more strokes than tables do."""
    characters = page.marks.characters
    try:
        tables, owners = ruled_tables(page.marks.strokes, characters)
    except TooManyRulesError:
        message = "The page has more strokes than a table's; its tables were read as text."
        issues.append(Issue("page_too_complex", message, f"page {number}"))
        return PageLayout(number, page.marks.width, page.marks.height, printed_lines(characters), [])
    layout = laid_out(number, (page.marks.width, page.marks.height), characters, tables, owners)
    layout.slanted = printed_lines(page.slanted)
    return layout


def blocks_of(documents: Sequence[list[PageLayout]], pages: Mapping[int, ShownPage]) -> Iterator[Block]:
    """Lines and tables in reading order; `pages` by their numbers. No table goes on from document to document."""
    grids = paragraphs = 0
    last_page = next((layouts[0].number for layouts in documents if layouts), 1)
    for number, item in chain.from_iterable(map(flow, documents)):
        if not isinstance(item, Line):
            grid = _grid(item, grids, pages)
            grids += 1
            last_page = max(number, item.last_page)
            yield grid
            continue
        yield Paragraph(
            paragraphs,
            item.text,
            item.fields,
            page=number,
            box=pages[number].shown(item.box),
            page_break=number > last_page,
            reading=pages[number].reading,
        )
        paragraphs += 1
        last_page = max(last_page, number)


def _grid(table: JoinedTable | AlignedTable, index: int, pages: Mapping[int, ShownPage]) -> Grid:
    rows, placed = table.placed()
    cells = [
        GridCell(
            c.row, c.column, c.text, c.row_span, c.column_span, page, pages[page].shown(c.box),
            "ocr" if pages[page].reading == "ocr" else c.reading, c.candidates,
        )
        for page, c in placed
    ]  # fmt: skip
    ordered = tuple(sorted(cells, key=lambda cell: (cell.row, cell.column)))
    return Grid(index, rows, table.column_count, ordered, table.first_page)
