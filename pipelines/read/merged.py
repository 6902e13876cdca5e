"""Merged cells of table two that a converter wrote once for every column they spanned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipelines.model import Paragraph
from pipelines.read.headers import disclosure_header
from pipelines.read.labels import Labels, fold


def written_once(lines: Iterable[Paragraph], labels: Labels) -> Iterator[Paragraph]:
    """Lines of table two with each merged cell once: where a header fits a block of columns only without its
    repetitions, those are left out, and so are the values below that are the same in all the columns of one cell."""
    width, repeated = 0, frozenset[int]()
    for line in lines:
        fields = line.fields
        if disclosure_header(fields, labels):
            width = 0
        elif found := _repetitions(fields, labels):
            width, repeated = len(fields), found
        same = width == len(fields) and all(fields[i] == fields[i - 1] for i in repeated)
        yield replace(line, fields=_kept(fields, repeated)) if same else line


def _repetitions(fields: tuple[str, ...], labels: Labels) -> frozenset[int]:
    repeated = frozenset(i for i in range(1, len(fields)) if fields[i] and fold(fields[i]) == fold(fields[i - 1]))
    return repeated if repeated and disclosure_header(_kept(fields, repeated), labels) else frozenset()


def _kept(fields: tuple[str, ...], left_out: frozenset[int]) -> tuple[str, ...]:
    return tuple(field for i, field in enumerate(fields) if i not in left_out)
