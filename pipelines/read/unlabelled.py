"""A block of rows whose labels are gone: the numbers of a whole group behind the group's own label."""

from __future__ import annotations

from pipelines.read.findings import Printed
from pipelines.read.labels import Labels, Match, fold
from pipelines.read.runs import Run, row_width


def unlabelled_block(
    table: str, run: Run, folded: str, following: str, labels: Labels
) -> list[tuple[Match, list[Printed]]] | None:
    """The rows of the group that the run's text ends in, each with its values: only where there are as many values as
    the group's rows take, all of them numbers, each row's last is the sum of the others, and the next group follows."""
    width = row_width(labels, table) if table == "application" else 0
    group = max((g for g in labels.groups[table] if folded.endswith(g)), key=len, default="")
    if not width or not group or any(v.number.value is None for v in run.values):
        return None
    rows = _rows_of(table, group, labels)
    if len(run.values) != width * len(rows) or len(rows) < 2:
        return None
    if not any(following.startswith(other) for other in labels.groups[table] if other != group):
        return None
    block = [(match, run.values[width * n :][:width]) for n, match in enumerate(rows)]
    return block if all(_adds_up(values) for _, values in block) else None


def _rows_of(table: str, group: str, labels: Labels) -> list[Match]:
    """The rows of a group, where every form that prints it has the same ones; none otherwise."""
    found: list[tuple[str, ...]] = []
    for form in labels.forms.values():
        lines = form.table(table).rows if form.prints(table) else ()
        own = tuple(line.code for line in lines if line.groups and fold(line.groups[-1]) == group)
        found += [own] if own else []
    if len(set(found)) != 1:
        return []
    forms = frozenset(code for code, form in labels.forms.items() if form.prints(table))
    return [Match(code, forms, frozenset()) for code in found[0]]


def _adds_up(values: list[Printed]) -> bool:
    numbers = [value.number.value for value in values]
    return numbers[-1] == sum(number for number in numbers[:-1] if number is not None)
