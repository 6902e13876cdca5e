"""All that the warehouse knows of one report, in a few bounded questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipelines.dashboard.store import Row, Store
from pipelines.dashboard.values import number
from pipelines.model import Cell, Flag
from pipelines.printed_tables import Key, short_label
from pipelines.shown_report import in_order

CELLS = 5_000
"""A report's tables have some 400 cells, of all forms together."""
FLAGS = 300
ROWS = 200

_REPORT = """
SELECT r.*, a.name AS agency, v.name AS division_name, m.consistent
FROM dims.report AS r
LEFT JOIN dims.agency AS a ON a.agency_id = r.agency_id
LEFT JOIN dims.division AS v ON v.division = r.division
LEFT JOIN marts.agency_year AS m ON m.report_id = r.report_id
WHERE r.report_id = ?
"""
_CELLS = f"""
SELECT "table", "row", "column", status, value, raw, unit, form, reading
FROM facts.cell WHERE report_id = ?
ORDER BY array_position(['disclosure', 'application', 'review', 'statistics'], "table"), place_row, place_column
LIMIT {CELLS}
"""
_FLAGS = f"""
SELECT f.*, d.zh, d.en, w.verdict, w.given, w.given_by
FROM quality.flag AS f
JOIN dims.rule AS d ON d.rule = f.rule
LEFT JOIN memory.main.verdict AS w
    ON w.report_id = f.report_id AND w.rule = f.rule AND w.instance = f.instance
    AND w.expected IS NOT DISTINCT FROM f.expected AND w.observed IS NOT DISTINCT FROM f.observed
WHERE f.report_id = ?
ORDER BY f.outcome, CASE f.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, f.rule, f.instance
LIMIT {FLAGS}
"""
_TERMS = f"""
SELECT r.rule, r.instance, t."row", t."column", t.weight, t.is_target, c.value, m.row_label, m.column_label
FROM quality.residual AS r
JOIN dims.identity_term AS t
    ON t.form = r.form AND t.rule = r.rule AND t.instance = r.instance AND t.variant = r.variant
JOIN facts.cell AS c
    ON c.report_id = r.report_id AND c."table" = t."table" AND c."row" = t."row" AND c."column" = t."column"
LEFT JOIN dims.measure AS m
    ON m.form = r.form AND m."table" = t."table" AND m."row" = t."row" AND m."column" = t."column"
WHERE r.report_id = ? AND c.report_id = ? AND r.outcome = 'broken' AND c.value IS NOT NULL
LIMIT {CELLS}
"""
_BEFORE = (
    f'SELECT "table", "row", "column", value FROM facts.cell WHERE report_id = ? AND value IS NOT NULL LIMIT {CELLS}'
)
_CLAIMS = f"SELECT * FROM facts.claim WHERE report_id = ? ORDER BY ordinal LIMIT {ROWS}"
_ISSUES = f"SELECT stage, code, message, place FROM quality.issue WHERE report_id = ? ORDER BY code LIMIT {ROWS}"
_VERSIONS = f"""
SELECT report_id, revision, is_current, same_as, withdrawn, published, first_seen, numbers, format
FROM dims.report WHERE agency_id = ? AND year = ? ORDER BY revision, first_seen, report_id LIMIT {ROWS}
"""
_CHANGES = f"""
SELECT * FROM quality.revision
WHERE agency_id = ? AND year = ? AND (report_id = ? OR report_before = ?)
ORDER BY revision, "table", "row", "column" LIMIT {ROWS}
"""
_EARLIER = "SELECT report_id FROM dims.report WHERE agency_id = ? AND year = ? AND is_current"


@dataclass(frozen=True, slots=True)
class Term:
    """One number of a sum: its row's or its column's label, whichever tells it from the others."""

    label: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Sum:
    """Both sides of a sum, each of which adds up; the one with the number that is judged comes first."""

    left: tuple[Term, ...]
    right: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """The verdict that a person gave on a flag."""

    verdict: str
    given: object
    by: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """A flag, the rule's words, both sides where it is a sum, the verdict where there is one."""

    flag: Flag
    instance: str
    zh: str
    en: str
    sum: Sum | None
    given: Given | None


@dataclass(frozen=True, slots=True)
class ReportData:
    """`row` is that of dims.report with names. `before` is the report of the year before, `earlier` its numbers;
    `versions` are all of the agency and year, `changes` the cells that differ from the one before or after."""

    row: Row
    cells: tuple[Cell, ...]
    broken: tuple[Found, ...]
    unknown: tuple[Found, ...]
    before: str | None
    earlier: Mapping[Key, Decimal]
    claims: Sequence[Row]
    issues: Sequence[Row]
    versions: Sequence[Row]
    changes: Sequence[Row]


def report_data(store: Store, report_id: str) -> ReportData | None:
    """None where the warehouse has no such report."""
    row = store.row(_REPORT, [report_id])
    if row is None:
        return None
    found = _found(store, report_id)
    of_year = [row["agency_id"], row["year"]]
    known = None not in of_year
    before = store.row(_EARLIER, [row["agency_id"], row["year"] - 1]) if known else None
    earlier = store.rows(_BEFORE, [before["report_id"]]) if before else []
    return ReportData(
        row,
        tuple(map(_cell, store.rows(_CELLS, [report_id]))),
        tuple(one for one in found if one.flag.outcome == "broken"),
        tuple(one for one in found if one.flag.outcome == "unknown"),
        before["report_id"] if before else None,
        {(c["table"], c["row"], c["column"]): plain(c["value"]) for c in earlier},
        store.rows(_CLAIMS, [report_id]),
        store.rows(_ISSUES, [report_id]),
        store.rows(_VERSIONS, of_year) if known else [],
        store.rows(_CHANGES, [*of_year, report_id, report_id]) if known else [],
    )


def _found(store: Store, report_id: str) -> list[Found]:
    """The report's flags, as a page numbers them: errors first."""
    sums = _sums(store.rows(_TERMS, [report_id, report_id]))
    by_flag: dict[int, Found] = {}
    flags = []
    for row in store.rows(_FLAGS, [report_id]):
        flag = _flag(row)
        given = Given(row["verdict"], row["given"], row["given_by"]) if row["verdict"] else None
        by_flag[id(flag)] = Found(
            flag, row["instance"], row["zh"], row["en"], sums.get((row["rule"], row["instance"])), given
        )
        flags.append(flag)
    return [by_flag[id(flag)] for flag in in_order(flags)]


def _sums(rows: Sequence[Row]) -> dict[tuple[str, str], Sum]:
    """The sums by rule and instance. Weights add up to zero: terms of the other sign stand on the other side."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in sorted(rows, key=lambda row: not row["is_target"]):
        groups.setdefault((row["rule"], row["instance"]), []).append(row)
    sums = {}
    for place, group in groups.items():
        own = group[0]["weight"]
        axis = "row" if len({row["column"] for row in group}) == 1 else "column"
        left, right = (
            tuple(
                Term(short_label(row[f"{axis}_label"] or row[axis]), plain(row["value"]))
                for row in group
                if (row["weight"] == own) is first
            )
            for first in (True, False)
        )
        sums[place] = Sum(left, right)
    return sums


def plain(value: Decimal) -> Decimal:
    """The number without the zeros that its column's type adds behind it."""
    return Decimal(number(value))


def _cell(row: Row) -> Cell:
    return Cell(
        row["table"],
        row["row"],
        row["column"],
        row["status"],
        plain(row["value"]) if row["value"] is not None else None,
        row["raw"] or "",
        row["unit"],
        row["form"],
        None,
        row["reading"],
    )


def _flag(row: Row) -> Flag:
    cells = tuple((cell[0], cell[1], cell[2]) for cell in row["cells"] or ())
    return Flag(
        row["report_id"],
        row["rule"],
        row["severity"],
        row["outcome"],
        cells,
        row["expected"],
        row["observed"],
        row["message"],
        row["cause"],
        row["message_zh"],
    )
