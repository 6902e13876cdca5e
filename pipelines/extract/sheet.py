"""A spreadsheet's sheet: what its cells show, which are merged or framed, and what it hides."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from pipelines.extract.fields import plain, trimmed
from pipelines.extract.limits import (
    DOCUMENT_CELLS,
    GRID_COLUMNS,
    ISSUES_OF_A_KIND,
    TEXT_CHARACTERS,
    grid_too_large,
    text_too_long,
)
from pipelines.model import Issue

Slot = tuple[int, int]
"""Row and column, from 0."""

BLANK_FRAMES = 20_000
"""Framed cells without text that are remembered of a sheet."""


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range, its last row and column included."""

    row: int
    column: int
    last_row: int
    last_column: int

    @property
    def size(self) -> int:
        return (self.last_row - self.row + 1) * (self.last_column - self.column + 1)


@dataclass(slots=True)
class Sheet:
    """A sheet as its file tells it. `texts` are what the cells show, none of them blank; `framed` the cells with a
    border; hidden rows and columns count as not there."""

    name: str
    texts: dict[Slot, str] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    framed: set[Slot] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    blank_frames: int = 0
    characters: int = 0

    def write(self, row: int, column: int, text: str, framed: bool) -> None:
        """Raises Unreadable `too_large`."""
        shown = trimmed(plain(text))
        if shown:
            self.texts[row, column] = shown
            self.characters += len(shown)
            if len(self.texts) > DOCUMENT_CELLS or column >= GRID_COLUMNS:
                raise grid_too_large(f"sheet {self.name}")
            if self.characters > TEXT_CHARACTERS:
                raise text_too_long()
        elif framed:
            self.blank_frames += 1
        if framed and (shown or self.blank_frames <= BLANK_FRAMES):
            self.framed.add((row, column))


def without_hidden(sheet: Sheet) -> tuple[Sheet, int]:
    """The sheet without its hidden rows and columns, the others counted anew; and how many texts that leaves out.

    What a merged range shows stays as long as a part of the range does.
    """
    rows, columns = _Shown(sheet.hidden_rows), _Shown(sheet.hidden_columns)
    shown = Sheet(sheet.name)
    texts = dict(sheet.texts)
    for merge in sheet.merges:
        top, bottom = rows.number(merge.row), rows.number(merge.last_row + 1) - 1
        left, right = columns.number(merge.column), columns.number(merge.last_column + 1) - 1
        if top <= bottom and left <= right:
            shown.merges.append(Merge(top, left, bottom, right))
            if text := texts.pop((merge.row, merge.column), None):
                shown.texts[top, left] = text
    left_out = 0
    for (row, column), text in texts.items():
        if row in sheet.hidden_rows or column in sheet.hidden_columns:
            left_out += 1
        else:
            shown.texts.setdefault((rows.number(row), columns.number(column)), text)
    shown.framed = {
        (rows.number(row), columns.number(column))
        for row, column in sheet.framed
        if row not in sheet.hidden_rows and column not in sheet.hidden_columns
    }
    return shown, left_out


class _Shown:
    """Rows or columns once the hidden ones are gone."""

    def __init__(self, hidden: set[int]) -> None:
        self._hidden = sorted(hidden)

    def number(self, before: int) -> int:
        """The new number of the first one that is shown at or behind the one that was number `before`."""
        return before - bisect_left(self._hidden, before)


def add_issue(issues: list[Issue], issue: Issue) -> None:
    """Adds it unless there are enough of its kind."""
    if sum(other.code == issue.code for other in issues) < ISSUES_OF_A_KIND:
        issues.append(issue)
