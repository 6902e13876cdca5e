"""Values that may stand above their labels instead of behind them."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.read.headers import header_at_end
from pipelines.read.labels import Labels
from pipelines.read.runs import Run, row_width
from pipelines.read.wrapped import groups_of, occurrences, orphans


class Shifts:
    """From a row of values that no label stands before, to the next label that no values stand behind, values on lines
    of their own may be those of the label below: those of the next label in any case, and all to the table's end where
    its very first values have no label."""

    def __init__(self, texts: Sequence[str], stretches: Sequence[Run], table: str, labels: Labels) -> None:
        self._texts, self._stretches, self._table, self._labels = texts, stretches, table, labels
        ends_bare = bool(stretches) and not stretches[-1].values
        self._orphans = sorted(orphans(texts, table, labels, ends_bare))
        self._ends_in_label = ends_bare and any(
            labels.rows[table].like(texts[-1][-length:]) for length in range(4, labels.rows[table].longest)
        )
        self._end = -1

    def look_at(self, number: int, text: str, row: str | None, first: bool) -> None:
        """Goes on to a run of values behind that folded text, which seems to name `row`; `first` where no row has been
        named before."""
        bare = row is None and self._bare(text)
        several = len(self._stretches[number].values) > 1 or (bare and self._table == "disclosure")
        overfull = len(self._stretches[number].values) > row_width(self._labels, self._table) > 0
        later = next((at for at in self._orphans if at > number), None)
        if row is None and first and several and (later is not None or self._ends_in_label):
            self._end = len(self._stretches)
        elif overfull or (bare and several):
            self._end = max(self._end, later or 0, number + 2 if row is None else 0)
        elif row and self._only_group(number, text):
            self._end = max(self._end, later or 0, number + 1)

    def hold(self, number: int) -> bool:
        """Whether the run's values may be those of the label below, or of the label behind them on their line."""
        run, behind = self._stretches[number], self._stretches[number + 1 : number + 2]
        alone = run.last_place is not None and run.last_place.block != run.values[0].place.block
        between = any(b.first_place and b.first_place.block == run.values[-1].place.block for b in behind)
        return number < self._end and (alone or between)

    def _bare(self, text: str) -> bool:
        if self._table == "disclosure":
            return header_at_end(text, self._labels) is not None
        groups = self._labels.groups[self._table]
        return not text or any(text.endswith(g[:length]) for g in groups for length in range(1, len(g) + 1))

    def _only_group(self, number: int, text: str) -> bool:
        """Whether the row's label is that of a group, too, and the group's own rows follow."""
        group = max((g for g in self._labels.groups[self._table] if text.endswith(g)), key=len, default="")
        if not group or number + 1 == len(self._texts):
            return False
        below = "".join(self._texts[number + 1 : number + 3])  # its label may be wrapped around its values
        start, _, match = next(occurrences(below, self._table, self._labels), (1, 1, None))
        return match is not None and start == 0 and group in groups_of(match, self._table, self._labels)
