"""The truth about a written report: a gold line, and which rules it breaks, worked out from the numbers alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from tests.factory import form as f
from tests.factory import statistics
from tests.factory.report import Report

Numbers = Mapping[f.Key, Decimal | None]
"""The cells of a report that show a number; None where a cell shows none."""

RULES = (
    "application_applicant_sum",
    "application_balance",
    "application_processed_sum",
    "carried_over",
    "cells_present",
    "count_valid",
    "form_mixed",
    "label_altered",
    "narrative_outcome",
    "narrative_received",
    "narrative_review",
    "review_total",
    "revised",
    "rules_competence",
    "statistics_sum",
    "stock",
    "tables_copied",
    "year_stated",
)
_GROUPS = {
    "granted": ("granted",),
    "granted_in_part": ("granted_in_part",),
    "denied": f.denied_rows(),
    "unavailable": f.unavailable_rows(),
    "rejected": f.rejected_rows(),
    "applications_processed": ("processed",),
    "applications_carried_out": ("carried_out",),
}


def _sum(numbers: Numbers, keys: Collection[f.Key]) -> Decimal | None:
    values = [numbers.get(key) for key in keys]
    return None if None in values else sum((v for v in values if v is not None), Decimal(0))


def _differ(left: Decimal | None, right: Decimal | None) -> bool:
    return left is not None and right is not None and left != right


def numbers_of(report: Report, unknown: Collection[f.Key] = ()) -> dict[f.Key, Decimal | None]:
    """What the report's cells show; cells that its layout leaves `unknown` show nothing."""
    return {key: None if key in unknown else entry.value for key, entry in report.entries.items()}


def broken(report: Report, numbers: Numbers, before: Numbers | None, whole: bool) -> set[str]:
    """The rules that these numbers, words and labels break. `before` are the numbers of the agency's year before;
    `whole` is False where the layout leaves cells that cannot be read."""
    modern = report.form in f.DISCLOSURE
    found = (_sums(report, numbers) if modern else _sheet_sums(numbers)) | _words(report, numbers)
    if not modern and not report.entries and report.year >= 2014:
        found.add("cells_present")
    official = [entry for key, entry in report.entries.items() if key[1] != statistics.LOCAL]
    if not whole or any(entry.status != "reported" for entry in official):
        found.add("cells_present")
    spared = ("change", "amount", *map(statistics.key_of, statistics.AMOUNTS))
    counts = (
        v
        for k, v in numbers.items()
        if k[2] not in spared and k not in spared and k[1] != statistics.LOCAL and v is not None
    )
    if any(v < 0 or v != v.to_integral_value() for v in counts):
        found.add("count_valid")
    if report.plant.single_other or report.plant.old_form:
        found.add("form_mixed")
    if report.labels:
        found.add("label_altered")
    if any(numbers.get(("disclosure", "rules", c)) for c in ("issued", "repealed", "in_force", "made", "public_total")):
        found.add("rules_competence")
    if report.revision:
        found.add("revised")
    return found | (_years(numbers, before) if before is not None else set())


def _sums(report: Report, numbers: Numbers) -> set[str]:
    found: set[str] = set()
    for column in f.APPLICANTS:
        left = _sum(numbers, [("application", row, column) for row in ("received", "carried_in")])
        if _differ(left, _sum(numbers, [("application", row, column) for row in ("processed", "carried_out")])):
            found.add("application_balance")
        outcomes = [("application", row, column) for row in f.outcome_rows(report.single_other)]
        if _differ(numbers.get(("application", "processed", column)), _sum(numbers, outcomes)):
            found.add("application_processed_sum")
    for row in f.application_rows(report.single_other):
        parts = _sum(numbers, [("application", row, column) for column in f.PEOPLE])
        if _differ(numbers.get(("application", row, "total")), parts):
            found.add("application_applicant_sum")
    for row in f.PROCEDURES:
        parts = _sum(numbers, [("review", row, c) for c in f.REVIEW_RESULTS if c != "total"])
        if _differ(numbers.get(("review", row, "total")), parts):
            found.add("review_total")
    return found


def _sheet_sums(numbers: Numbers) -> set[str]:
    wholes = {
        whole
        for whole, parts in statistics.SUMS.items()
        if _differ(numbers.get(statistics.key_of(whole)), _sum(numbers, [statistics.key_of(p) for p in parts]))
    }
    return {"statistics_sum"} if wholes else set()


def _words(report: Report, numbers: Numbers) -> set[str]:
    found: set[str] = set()
    groups = _GROUPS | {"other": f.other_rows(report.single_other)}
    received = numbers.get(("application", "received", "total"))
    carried = numbers.get(("application", "carried_in", "total"))
    if carried is None:
        carried = _sum(numbers, [("application", "carried_in", column) for column in f.APPLICANTS if column != "total"])
    reviews = {
        "reconsideration": _sum(numbers, [("review", "reconsideration", "total")]),
        "litigation": _sum(numbers, [("review", r, "total") for r in tuple(f.PROCEDURES)[1:]]),
    }
    for told in report.prose.statements:
        if told.kind == "applications_received" and received is not None:
            added = carried if told.with_carried_in else Decimal(0)
            if told.value != received and added is not None and told.value != received + added:
                found.add("narrative_received")
        elif told.kind in groups:
            if _differ(told.value, _sum(numbers, [("application", row, "total") for row in groups[told.kind]])):
                found.add("narrative_outcome")
        elif told.kind in reviews and _differ(told.value, reviews[told.kind]):
            found.add("narrative_review")
    if len(set(report.prose.years)) > 1:
        found.add("year_stated")
    return found


def _years(numbers: Numbers, before: Numbers) -> set[str]:
    found: set[str] = set()
    for column in f.APPLICANTS:
        out = before.get(("application", "carried_out", column))
        if _differ(numbers.get(("application", "carried_in", column)), out):
            found.add("carried_over")
    for row in ("rules", "normative_documents"):
        held, was, issued, gone = (
            source.get(("disclosure", row, column))
            for source, column in (
                (numbers, "in_force"),
                (before, "in_force"),
                (numbers, "issued"),
                (numbers, "repealed"),
            )
        )
        if was is not None and issued is not None and gone is not None and _differ(held, was + issued - gone):
            found.add("stock")
    for key, value in numbers.items():
        if key[2] == "prior_items":
            prior = before.get(key)
            change = before.get((key[0], key[1], "change"))
            if prior is not None and change is not None and _differ(value, prior + change):
                found.add("stock")
    same = {k: v for k, v in numbers.items() if v is not None}
    if any(same.values()) and same == {k: v for k, v in before.items() if v is not None}:
        found.add("tables_copied")
    return found


def without_years(gold: Mapping[str, Any]) -> dict[str, Any]:
    """The gold line of a report that stands in the wrong year by its title, or next to one that does, or that a
    revision replaces: what rules that join years (or know the year's form) make of it, nobody can say."""
    joined = {"carried_over", "stock", "tables_copied", "revised", "form_mixed"}
    rules = {key: [rule for rule in gold[key] if rule not in joined] for key in ("must_flag", "must_not_flag")}
    return {**gold, **rules}


def _plain(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def gold_line(
    report: Report,
    file: str,
    kind: str,
    ambiguous: Collection[f.Key],
    labels_whole: bool,
    before: Report | None,
    before_ambiguous: Collection[f.Key] = (),
) -> dict[str, Any]:
    """The truth of one written report. `ambiguous` are the cells that this layout leaves undecidable; `labels_whole`
    says that the layout prints every label unbroken, so that an altered one can be told.

    A rule must be flagged if what can be read breaks it; it must not be flagged if not even the hidden truth does.
    """
    unknown = set(ambiguous)
    if report.sheet_style.whole is None:
        unknown |= set(report.entries)
    readable = numbers_of(report, unknown)
    earlier = None if before is None else numbers_of(before, before_ambiguous)
    must = broken(report, readable, earlier, not unknown)
    hidden = broken(report, numbers_of(report), None if before is None else numbers_of(before), not unknown)
    quiet = set(RULES) - must - hidden
    if report.plant.single_other or report.plant.old_form:
        quiet -= {"cells_present", "label_altered"}
    if not labels_whole:
        must.discard("label_altered")
        quiet.discard("label_altered")
    if report.published:
        quiet.discard("revised")
    sheet_labels = {
        i.code: report.labels.get((statistics.TABLE, i.code), statistics.label_of(i, report.sheet_style))
        for i in statistics.INDICATORS
    }
    told = {s.value for s in report.prose.statements if s.kind == "applications_received"}
    years = set(report.prose.years[:2]) | {report.year}
    return {
        "file": file,
        "kind": kind,
        "format_ext": file.rsplit(".", 1)[-1],
        "agency": report.office.name,
        "agency_any": list(dict.fromkeys(report.office.names)),
        "division": report.office.division,
        "division_any": [report.office.division],
        "year": report.year,
        "year_any": sorted(years),
        "title": report.prose.title,
        "form": report.form or None,
        "format": report.form or None,
        "cells": [
            {"table": k[0], "row": k[1], "column": k[2], "value": _plain(e.value), "status": e.status}
            for k, e in report.entries.items()
            if k not in unknown and k[0] != statistics.TABLE
        ],
        "ambiguous": [[*key, _plain(report.entries[key].value)] for key in report.entries if key in unknown],
        "statistics": [
            {
                "row": k[1],
                "label": statistics.local_label(k[2], report.sheet_style)
                if k[1] == statistics.LOCAL
                else sheet_labels[k[1]],
                "value": _plain(e.value),
                "status": e.status,
            }
            for k, e in report.entries.items()
            if k[0] == statistics.TABLE and k not in unknown
        ],
        "must_flag": sorted(must),
        "must_not_flag": sorted(quiet),
        "claims": {"applications_received": _plain(next(iter(told), None))},
        "tags": [report.plant.name] if report.plant.name else [],
        "partial": False,
    }
