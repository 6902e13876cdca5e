"""What a writer gives back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tests.factory import form as f
from tests.factory.report import Report


@dataclass(frozen=True, slots=True)
class Written:
    """A file's bytes. `ambiguous` are the cells that nobody can tell from this file; `labels_whole` says that every
    label stands unbroken, to the letter."""

    data: bytes
    ambiguous: frozenset[f.Key] = frozenset()
    labels_whole: bool = True


def undecidable(report: Report, shown: Collection[str] = ("blank", "unreadable")) -> frozenset[f.Key]:
    """The cells of rows with a cell of these statuses, for layouts in which a blank leaves no trace and a word may as
    well belong to a label."""
    rows: dict[tuple[str, ...], list[f.Key]] = {}
    for key in report.entries:
        rows.setdefault(key[:1] if key[0] == "review" else key[:2], []).append(key)
    return frozenset(
        key for keys in rows.values() if any(report.entries[k].status in shown for k in keys) for key in keys
    )


def leading_blanks(report: Report, rows: Collection[str] | None = None) -> frozenset[f.Key]:
    """The cells of rows of table three that begin with a blank, for layouts in which empty fields before the first
    number may belong to the label. `rows`: only these."""
    return frozenset(
        key
        for key in report.entries
        if key[0] == "application"
        and (rows is None or key[1] in rows)
        and not report.entries["application", key[1], "natural_person"].text
    )
