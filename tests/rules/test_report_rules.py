"""Each rule that one report decides: kept, broken, and unknown where a number is lacking."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from pipelines.model import Agency, Claim, Flag, Issue, Label, YearMention
from pipelines.warehouse import judge
from tests.rules.builder import BUREAU, Name, broken, consistent_numbers, report, unknown

NUMBERS = consistent_numbers()
RECEIVED = ("application", "received", "total")
ONE_ROW: dict[Name, Any] = {
    **{
        ("application", row, column): None
        for row in ("other_uncorrected", "other_unpaid", "other_remaining")
        for (table, r, column) in NUMBERS
        if table == "application" and r == "received"
    },
    **{
        ("application", "other", column): sum(
            NUMBERS["application", row, column] for row in ("other_uncorrected", "other_unpaid", "other_remaining")
        )
        for (table, r, column) in NUMBERS
        if table == "application" and r == "received"
    },
}


def judged(changes: Mapping[Name, Any] | None = None, **options: Any) -> tuple[Flag, ...]:
    filed = report(changes, **options)
    return judge([filed])[filed.report_id]


def off(*name: str, by: int = 1) -> dict[Name, Decimal]:
    table, row, column = name
    return {(table, row, column): NUMBERS[table, row, column] + by}


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_a_consistent_report_raises_nothing(form: str) -> None:
    assert judged(form=form, year=2020 if form == "2019" else 2023) == ()


def test_balance_names_the_cells_and_both_sides() -> None:
    (flag,) = broken(judged(off("application", "carried_out", "company")))["application_balance"]
    received = NUMBERS["application", "received", "company"]
    assert (flag.expected, flag.observed) == (str(received + 1), str(received))
    assert ("application", "carried_out", "company") in flag.cells and len(flag.cells) == 4
    assert (flag.severity, flag.cause) == ("error", "agency")


def test_a_sum_that_lacks_a_number_is_unknown_and_says_what_zero_would_give() -> None:
    changes: dict[Name, Any] = {**off("application", "granted", "research", by=-5)}
    changes["application", "granted", "research"] = "blank"
    flags = judged(changes)
    assert "application_processed_sum" not in broken(flags)
    (flag,) = unknown(flags)["application_processed_sum"]
    assert "would not hold were the blanks zero" in flag.message
    assert ("application", "granted", "research") in flag.cells


def test_blanks_that_mean_zero_are_unknown_too() -> None:
    zero: dict[Name, Any] = {("review", "reconsideration", c): 0 for c in ("upheld", "corrected", "other", "pending")}
    zero |= {("review", "reconsideration", "total"): 0, ("review", "reconsideration", "pending"): "blank"}
    (flag,) = unknown(judged(zero))["review_total"]
    assert "would hold were the blanks zero" in flag.message


@pytest.mark.parametrize(
    ("rule", "changes", "instance"),
    [
        ("application_processed_sum", off("application", "granted", "legal_service"), "legal_service"),
        ("application_applicant_sum", off("application", "denied_inquiry", "total"), "denied_inquiry"),
        ("review_total", off("review", "litigation_direct", "total"), "litigation_direct"),
    ],
)
def test_sums_break_at_their_place(rule: str, changes: Mapping[Name, Any], instance: str) -> None:
    found = broken(judged(changes))[rule]
    assert any(f"({instance})" in flag.message for flag in found)


def test_the_sixth_group_may_be_one_row() -> None:
    flags = judged(ONE_ROW)
    assert set(broken(flags)) == {"form_mixed"}
    assert broken(judged({**ONE_ROW, **off("application", "processed", "company")})).keys() >= {
        "application_processed_sum"
    }
    assert "cells_present" in broken(judged({**ONE_ROW, ("application", "other", "company"): "blank"}))


@pytest.mark.parametrize("value", ["-3", "12.5"])
def test_counts_are_whole_and_not_negative(value: str) -> None:
    (flag,) = broken(judged({("disclosure", "penalty", "decisions"): Decimal(value)}))["count_valid"]
    assert flag.observed == value
    assert flag.cells == (("disclosure", "penalty", "decisions"),)


def test_changes_may_be_negative_and_amounts_have_decimals() -> None:
    changes: dict[Name, Any] = {
        ("disclosure", "licensing", "change"): Decimal(-35),
        ("disclosure", "procurement", "amount"): Decimal("152790.55"),
    }
    assert "count_valid" not in broken(judged(changes, form="2019", year=2020))
    assert "count_valid" in broken(judged({("disclosure", "fees", "amount"): Decimal("-1.5")}))
    assert "count_valid" not in broken(judged({("disclosure", "fees", "amount"): Decimal("1.5")}))


@pytest.mark.parametrize("status", ["blank", "not_applicable", "missing", "unreadable", "ambiguous", None])
def test_a_cell_without_a_number_is_not_present(status: str | None) -> None:
    name = ("disclosure", "penalty", "decisions")
    (flag,) = broken(judged({name: status}))["cells_present"]
    assert flag.cells == (name,)
    assert (status or "missing") in flag.message
    cause = {"blank": "agency", "not_applicable": "agency", "unreadable": "reader", "ambiguous": "reader"}
    assert flag.cause == cause.get(status or "missing", "unknown")


def test_a_table_that_is_not_there_is_one_flag() -> None:
    (flag,) = broken(judged(tables={"review": "absent"}))["cells_present"]
    assert len(flag.cells) == 15 and "not in the document" in flag.message


def test_a_section_that_says_none_is_unknown() -> None:
    flags = judged(tables={"review": "stated_none"})
    assert "cells_present" not in broken(flags)
    assert "says 无" in unknown(flags)["cells_present"][0].message


@pytest.mark.parametrize(
    ("mentions", "outcome"),
    [
        ((("title", 2023), ("period", 2023), ("narrative", 2023)), None),
        ((("title", 2023),), None),
        ((("title", 2023), ("period", 2022)), "broken"),
        ((("title", 2023), ("narrative", 2021)), "broken"),
        ((), "unknown"),
    ],
)
def test_years(mentions: tuple[tuple[Any, int], ...], outcome: str | None) -> None:
    flags = judged(years=tuple(YearMention(role, year, f"{year}年") for role, year in mentions))
    assert [f.outcome for f in flags if f.rule == "year_stated"] == ([outcome] if outcome else [])


def claim(kind: str, value: int | Decimal, quote: str = "", scope: Any = "own", approximate: bool = False) -> Claim:
    return Claim(kind, scope, Decimal(value), quote, approximate)


TOTAL = int(NUMBERS[RECEIVED])
WITH_CARRIED = TOTAL + int(NUMBERS["application", "carried_in", "total"])


@pytest.mark.parametrize(
    ("stated", "outcome"),
    [
        (claim("applications_received", TOTAL, "收到申请"), None),
        (claim("applications_received", WITH_CARRIED, "共受理申请"), None),
        (claim("applications_received", WITH_CARRIED, "收到申请"), "broken"),
        (claim("applications_received", WITH_CARRIED, "新收申请，上年结转"), "broken"),
        (claim("applications_received", TOTAL + 2, "共受理申请"), "broken"),
        (claim("applications_received", TOTAL + 2, "全市收到申请", scope="wider"), None),
        (claim("applications_received", TOTAL + 2, "收到申请余件", approximate=True), None),
        (claim("applications_received", TOTAL * 3, "收到申请余件", approximate=True), "unknown"),
    ],
)
def test_narrative_received(stated: Claim, outcome: str | None) -> None:
    flags = judged(claims=(stated,))
    assert [f.outcome for f in flags if f.rule == "narrative_received"] == ([outcome] if outcome else [])


def test_narrative_received_adds_the_columns_of_those_carried_in_where_their_total_is_blank() -> None:
    blank = {("application", "carried_in", "total"): "blank"}
    told = claim("applications_received", WITH_CARRIED, "共受理申请")
    assert "narrative_received" not in {f.rule for f in judged(blank, claims=(told,))}
    wrong = claim("applications_received", WITH_CARRIED + 3, "共受理申请")
    assert "narrative_received" in broken(judged(blank, claims=(wrong,)))
    lost = {**blank, ("application", "carried_in", "research"): "blank"}
    assert "narrative_received" in unknown(judged(lost, claims=(wrong,)))


def test_narrative_received_is_unknown_without_a_number() -> None:
    flags = judged({RECEIVED: "blank"}, claims=(claim("applications_received", TOTAL, "收到申请"),))
    assert "narrative_received" in unknown(flags) and "narrative_received" not in broken(flags)


def total(*rows: str) -> Decimal:
    return sum((NUMBERS["application", row, "total"] for row in rows), Decimal(0))


DENIED = tuple(
    row for table, row, column in NUMBERS if table == "application" and column == "total" and "denied" in row
)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("granted", total("granted")),
        ("granted", total("granted", "granted_in_part")),
        ("granted_in_part", total("granted_in_part")),
        ("denied", total(*DENIED)),
        ("unavailable", total("unavailable_not_held", "unavailable_not_ready", "unavailable_unclear")),
        ("other", total("other_uncorrected", "other_unpaid", "other_remaining")),
        ("applications_processed", total("processed")),
        ("applications_carried_out", total("carried_out")),
        ("applications_carried_in", total("carried_in")),
    ],
)
def test_narrative_outcome(kind: str, value: Decimal) -> None:
    assert judged(claims=(claim(kind, value),)) == ()
    (flag,) = broken(judged(claims=(claim(kind, value + 1000),)))["narrative_outcome"]
    assert flag.observed == str(value + 1000)


@pytest.mark.parametrize(
    ("quote", "holds"), [("共办理申请", True), ("办结申请（含上年结转）", True), ("办结申请，上年结转", False)]
)
def test_what_was_dealt_with_may_be_all_that_came_in(quote: str, holds: bool) -> None:
    flags = judged(claims=(claim("applications_processed", WITH_CARRIED, quote),))
    assert ("narrative_outcome" not in broken(flags)) == holds


def test_narrative_outcome_is_unknown_without_a_number() -> None:
    flags = judged({("application", "denied_safety", "total"): "blank"}, claims=(claim("denied", total(*DENIED)),))
    assert "narrative_outcome" in unknown(flags)


def test_what_a_blank_may_make_up_for_is_unknown() -> None:
    blank: dict[Name, Any] = {("application", "granted_in_part", "total"): "blank"}
    outcomes = {}
    for value in (total("granted"), total("granted") + 2, total("granted") - 1):
        flags = judged(blank, claims=(claim("granted", value),))
        outcomes[value - total("granted")] = [f.outcome for f in flags if f.rule == "narrative_outcome"]
    assert outcomes == {0: [], 2: ["unknown"], -1: ["broken"]}


def of_review(row: str, column: str) -> Decimal:
    return NUMBERS["review", row, column]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("reconsideration", of_review("reconsideration", "total")),
        ("reconsideration", of_review("reconsideration", "total") - of_review("reconsideration", "pending")),
        ("litigation", of_review("litigation_direct", "total")),
        (
            "litigation",
            of_review("litigation_direct", "total") + of_review("litigation_after_reconsideration", "total"),
        ),
    ],
)
def test_narrative_review(kind: str, value: Decimal) -> None:
    assert judged(claims=(claim(kind, value),)) == ()
    assert "narrative_review" in broken(judged(claims=(claim(kind, value + 500),)))


def test_narrative_review_is_unknown_without_a_table() -> None:
    flags = judged(tables={"review": "absent"}, claims=(claim("litigation", 3),))
    assert "narrative_review" in unknown(flags) and "narrative_review" not in broken(flags)


def government(level: str | None, kind: Any = "government") -> Agency:
    return Agency("a-9", "某地人民政府", "990000", level, kind)


@pytest.mark.parametrize(
    ("agency", "outcome"),
    [
        (government("province"), None),
        (government("prefecture"), None),
        (government("county"), "broken"),
        (government("prefecture", "department"), "broken"),
        (government(None, "township"), "broken"),
        (government(None, "department"), "unknown"),
        (None, "unknown"),
    ],
)
def test_who_may_issue_rules(agency: Agency | None, outcome: str | None) -> None:
    flags = judged({("disclosure", "rules", "in_force"): 7}, agency=agency)
    assert [f.outcome for f in flags if f.rule == "rules_competence"] == ([outcome] if outcome else [])


def test_nobody_needs_competence_for_zero() -> None:
    assert judged(agency=BUREAU) == ()
    assert "rules_competence" in unknown(judged({("disclosure", "rules", "issued"): "blank"}))


def test_a_form_of_another_year_is_mixed() -> None:
    assert "form_mixed" in broken(judged(form="2019", year=2022))
    assert "form_mixed" in unknown(judged(year=None, years=()))
    assert "form_mixed" in broken(judged(cell_form={"licensing": "2019", "penalty": "2021"}))


def test_an_altered_label_shows_both_labels() -> None:
    label = Label("disclosure", "column", "repealed", "本年度止件数", "本年废止件数", True)
    (flag,) = broken(judged(labels=(label,)))["label_altered"]
    assert (flag.expected, flag.observed) == ("本年废止件数", "本年度止件数")
    assert judged(labels=(Label("disclosure", "column", "repealed", "本年废止件数", "本年废止件数", False),)) == ()


def test_a_doubt_of_the_reader_keeps_the_cause_open() -> None:
    issues = (Issue("unknown_label", "a row that no form has", "page 3"),)
    (flag,) = broken(judged(off("review", "reconsideration", "total"), issues=issues))["review_total"]
    assert flag.cause == "unknown"
