"""The header of table four in a drawn grid: which results of which procedure it names, and over which columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pipelines.model import GridCell
from pipelines.read.headers import procedure_of
from pipelines.read.labels import Labels, fold

_CHINESE = re.compile("[\u4e00-\u9fff]")

Header = Mapping[int, Sequence[GridCell]]
"""The header cells over each column of the grid, from top to bottom."""


def headed(cells: Sequence[GridCell]) -> str:
    """The text over a column, whose headers are Chinese throughout: what else was recognised beside them in a picture
    is dirt."""
    return "".join(
        "".join(_CHINESE.findall(cell.text)) or fold(cell.text) if cell.reading == "ocr" else fold(cell.text)
        for cell in cells
    )


def is_headed(header: Header, cell: GridCell, labels: Labels) -> bool:
    """Whether some result is named over the cell."""
    index = labels.columns["review"]
    over = (header.get(column, ()) for column in range(cell.column, cell.column + cell.column_span))
    return any(next(index.ending(headed(cells)), None) for cells in over)


def results_named(header: Header, labels: Labels) -> list[str]:
    """The results that the header names, from left to right, each time it does."""
    index = labels.columns["review"]
    cells = dict.fromkeys(cells[-1] for _, cells in sorted(header.items()) if cells)
    return [match.code for cell in cells for match in index.exact(cell.text)[:1]]


def is_procedure(texts: Sequence[str], labels: Labels) -> bool:
    """Whether these cells are a procedure behind its group: 行政诉讼 | 复议后起诉."""
    groups, index = labels.groups["review"], labels.rows["review"]
    return all(fold(t) in groups for t in texts[:-1]) and bool(index.exact(texts[-1]))


def result_of(
    header: Header, cell: GridCell, procedure: str | None, before: str, labels: Labels
) -> tuple[str, str] | None:
    """The procedure and the result that a cell stands for; None where its columns say several or nothing. The procedure
    is that of its row, else the one that the header names, else the text `before` the table."""
    keys = set()
    for column in range(cell.column, cell.column + cell.column_span):
        path = headed(header.get(column, ()))
        result = next((m.code for _, m in labels.columns["review"].ending(path)), None)
        of = procedure or procedure_of(path, labels) or procedure_of(before, labels)
        if result and of:
            keys.add((of, result))
    return keys.pop() if len(keys) == 1 else None
