"""What the pipeline made of a document, beside the truth: every difference, sorted by how bad it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pipelines.forms import load_forms
from pipelines.intake import read_bytes
from pipelines.model import FiledReport, Flag, Reading, Snapshot, Source
from pipelines.read.labels import fold
from pipelines.registry import load_registry
from pipelines.warehouse import judge

Key = tuple[str, str, str]
TABLES = ("disclosure", "application", "review", "statistics")


@dataclass
class Tally:
    """`silent`: a number given that the document does not show. `unread`: a number shown and not given. `missed`,
    `false`: rules. The rest is told in `other`."""

    readable: int = 0
    right: int = 0
    silent: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    status: list[str] = field(default_factory=list)
    rules: int = 0
    missed: list[str] = field(default_factory=list)
    held: int = 0
    false: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.right / self.readable if self.readable else 1.0

    def lines(self) -> str:
        """Everything that differs, for an assertion's message."""
        found = (("SILENT", self.silent), ("unread", self.unread), ("status", self.status), ("missed", self.missed))
        rest = (("false alarm", self.false), ("other", self.other))
        return "\n".join(f"{name}: {text}" for name, texts in (*found, *rest) for text in texts[:40])


def read_file(data: bytes, path: str, hints: tuple[str, ...] = (), division: str | None = None) -> tuple[Reading, ...]:
    """The document's readings, as intake gives them for a file at that path."""
    source = Source(path, hints=hints, division=division)
    snapshot = Snapshot(source, hashlib.sha256(data).hexdigest(), len(data))
    return read_bytes(data, snapshot, load_forms(), load_registry())


def the_report(readings: Iterable[Reading]) -> FiledReport | None:
    """The report with the most numbers, or None if there is none."""
    reports = [r for r in readings if isinstance(r, FiledReport)]
    return max(reports, key=lambda r: sum(c.value is not None for c in r.report.cells), default=None)


def flags_of(readings: Iterable[Reading]) -> Mapping[str, tuple[Flag, ...]]:
    return judge(tuple(readings))


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def compare(gold: Mapping[str, Any], filed: FiledReport | None, flags: Iterable[Flag] | None, tally: Tally) -> None:
    """Adds to the tally how the report differs from its gold line; `flags` None leaves the rules out. No report
    is right where nothing can be read."""
    name = f"{gold['file']} ({gold['kind']})"
    gold = {**gold, "cells": [*gold["cells"], *_sheet(gold)]}
    if filed is None and not gold["cells"] and (gold["ambiguous"] or not gold["year_any"]):
        return
    if filed is None:
        tally.readable += sum(c["status"] == "reported" for c in gold["cells"])
        tally.unread.append(f"{name}: no report")
        return
    given = {
        (c.table, c.row, _local(c.column) if c.row == "local" else c.column): (c.status, c.value)
        for c in filed.report.cells
    }
    _cells(gold, given, name, tally)
    _identity(gold, filed, name, tally)
    if flags is not None:
        broken = {flag.rule for flag in flags if flag.outcome == "broken"}
        tally.rules += len(gold["must_flag"])
        tally.held += len(gold["must_not_flag"])
        tally.missed += [f"{name}: {rule}" for rule in gold["must_flag"] if rule not in broken]
        tally.false += [f"{name}: {rule}" for rule in gold["must_not_flag"] if rule in broken]


def _local(label: str) -> str:
    """A local indicator's label without the unit that may stand behind it."""
    return fold(label).removesuffix("万元").rstrip("条次")


def _sheet(gold: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The indicators of the statistics sheet as cells."""
    return [
        {
            "table": "statistics",
            "row": s["row"],
            "column": _local(s["label"]) if s["row"] == "local" else "value",
            "value": s["value"],
            "status": s.get("status", "reported"),
        }
        for s in gold["statistics"]
    ]


def _cells(gold: Mapping[str, Any], given: Mapping[Key, tuple[str, Decimal | None]], name: str, tally: Tally) -> None:
    known: set[Key] = set()
    for cell in gold["cells"]:
        key = (cell["table"], cell["row"], cell["column"])
        known.add(key)
        status, value = given.get(key, ("missing", None))
        want = _decimal(cell["value"])
        where = f"{name}: {'.'.join(key)}"
        if cell["status"] == "reported":
            tally.readable += 1
            if status == "reported" and value == want:
                tally.right += 1
            elif status == "reported":
                tally.silent.append(f"{where} shows {want}, given {value}")
            else:
                tally.unread.append(f"{where} shows {want}, given {status}")
        elif status == "reported":
            tally.silent.append(f"{where} shows {cell['status']}, given {value}")
        elif status != cell["status"]:
            tally.status.append(f"{where} is {cell['status']}, given {status}")
    for *place, hidden in ([*a, None][:4] for a in gold["ambiguous"]):
        key = (place[0], place[1], place[2])
        known.add(key)
        status, value = given.get(key, ("missing", None))
        if status == "reported" and value != _decimal(hidden):
            tally.silent.append(f"{name}: {'.'.join(key)} is undecidable, given {value}")
    for key, (status, value) in given.items():
        if key not in known and key[0] in TABLES and status == "reported" and gold["cells"]:
            tally.silent.append(f"{name}: {'.'.join(key)} is not there, given {value}")


def _identity(gold: Mapping[str, Any], filed: FiledReport, name: str, tally: Tally) -> None:
    report = filed.report
    division = filed.agency.division if filed.agency else None
    if gold["agency_any"] and report.agency not in gold["agency_any"]:
        tally.other.append(f"{name}: agency {report.agency} != {gold['agency']}")
    if gold["division_any"] and division not in gold["division_any"]:
        tally.other.append(f"{name}: division {division} != {gold['division_any']}")
    if gold["year_any"] and report.year not in gold["year_any"]:
        tally.other.append(f"{name}: year {report.year} != {gold['year_any']}")
    if report.form != gold["form"]:
        tally.other.append(f"{name}: form {report.form} != {gold['form']}")
    want = _decimal(gold["claims"]["applications_received"])
    told = {c.value for c in report.claims if c.kind == "applications_received" and c.scope == "own"}
    if told != (set() if want is None else {want}):
        tally.other.append(f"{name}: applications_received {sorted(told)} != {want}")
