"""Several documents as one, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipelines.extract.limits import DOCUMENT_CELLS, LINES, Unreadable, grid_too_large
from pipelines.model import Block, Document, Grid, Issue


def joined(kind: str, parts: Sequence[tuple[str, Document]]) -> Document:
    """The blocks of named documents in their order, with paragraphs, grids and pages counted through.

    Of the metadata the first document that states a key counts. Issues say which document they are of. Raises
    Unreadable `too_large`.
    """
    blocks: list[Block] = []
    issues: list[Issue] = []
    metadata: dict[str, str] = {}
    grids = paragraphs = cells = pages = 0
    for name, document in parts:
        first_grid, first_paragraph = grids, paragraphs
        for block in document.blocks:
            if isinstance(block, Grid):
                cells += len(block.cells)
                grids = max(grids, first_grid + block.index + 1)
                blocks.append(_moved(block, first_grid, pages))
            else:
                paragraphs = max(paragraphs, first_paragraph + block.index + 1)
                page = block.page + pages if block.page is not None else None
                blocks.append(replace(block, index=first_paragraph + block.index, page=page))
        if cells > DOCUMENT_CELLS:
            raise grid_too_large(name)
        if paragraphs > LINES:
            raise Unreadable("too_large", f"The documents have more than {LINES} lines together; split them.", name)
        for key, value in document.metadata.items():
            metadata.setdefault(key, value)
        issues += [replace(issue, where=f"{name}: {issue.where}" if issue.where else name) for issue in document.issues]
        pages += document.page_count or 0
    return Document(kind, tuple(blocks), metadata, tuple(issues), pages or None)


def _moved(grid: Grid, first: int, pages: int) -> Grid:
    if grid.page is None or not pages:
        return replace(grid, index=first + grid.index)
    cells = tuple(replace(c, page=c.page + pages if c.page is not None else None) for c in grid.cells)
    return replace(grid, index=first + grid.index, cells=cells, page=grid.page + pages)
