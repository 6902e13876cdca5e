"""The rules that an agency's years decide."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pipelines.model import FiledReport, Flag
from pipelines.warehouse import judge
from tests.rules.builder import BUREAU, Name, broken, consistent_numbers, report, unknown, with_agency

NUMBERS = consistent_numbers()
COLUMNS = [column for table, row, column in NUMBERS if (table, row) == ("application", "carried_in")]


def next_year(changes: Mapping[Name, Any] | None = None, **options: Any) -> FiledReport:
    """A report of 2024 that goes on from the builder's report of 2023."""
    following: dict[Name, Any] = {}
    for column in COLUMNS:
        carried = NUMBERS["application", "carried_out", column]
        following["application", "carried_in", column] = carried
        following["application", "received", column] = (
            NUMBERS["application", "processed", column] + NUMBERS["application", "carried_out", column] - carried
        )
    before = NUMBERS["disclosure", "normative_documents", "in_force"]
    following |= {
        ("disclosure", "normative_documents", "issued"): 6,
        ("disclosure", "normative_documents", "repealed"): 4,
        ("disclosure", "normative_documents", "in_force"): before + 2,
    }
    return report({**following, **(changes or {})}, year=2024, **options)


def flags_of(last: FiledReport, *others: FiledReport) -> tuple[Flag, ...]:
    return judge([*others, last])[last.report_id]


def test_years_that_go_on_from_each_other_raise_nothing() -> None:
    assert flags_of(next_year(), report()) == ()


def test_what_was_carried_out_comes_in() -> None:
    name = ("application", "carried_in", "research")
    (flag,) = broken(flags_of(next_year({name: 77}), report()))["carried_over"]
    assert (flag.expected, flag.observed, flag.cells) == (
        str(NUMBERS["application", "carried_out", "research"]),
        "77",
        (name,),
    )


def test_nothing_is_carried_where_a_number_is_lacking() -> None:
    name = ("application", "carried_in", "research")
    flags = flags_of(next_year({name: "blank"}), report())
    assert "carried_over" in unknown(flags) and "carried_over" not in broken(flags)
    before = report({("application", "carried_out", "total"): "not_applicable"})
    assert "carried_over" in unknown(flags_of(next_year(), before))


def test_years_apart_or_of_others_are_not_compared() -> None:
    other = with_agency(
        report(name="other"), BUREAU.__class__("a-0002", "云岭县水务局", "990124", "county", "department")
    )
    changed = next_year({("application", "carried_in", "research"): 77})
    assert not {"carried_over", "stock", "tables_copied"} & {f.rule for f in flags_of(changed, other)}
    assert not {"carried_over", "stock", "tables_copied"} & {f.rule for f in flags_of(changed, report(year=2022))}


def test_stock_of_documents() -> None:
    name = ("disclosure", "normative_documents", "in_force")
    (flag,) = broken(flags_of(next_year({name: 3}), report()))["stock"]
    assert flag.observed == "3" and flag.severity == "warning"
    assert "stock" in unknown(flags_of(next_year({name: "blank"}), report()))


def test_stock_of_items_on_the_form_of_2019() -> None:
    first = report(form="2019", year=2019)
    numbers = consistent_numbers("2019")
    kept: dict[Name, Any] = {
        ("disclosure", row, "prior_items"): numbers["disclosure", row, "prior_items"]
        + numbers["disclosure", row, "change"]
        for row in ("licensing", "other_services", "penalty", "coercion", "fees")
    }
    assert "stock" not in {f.rule for f in flags_of(report(kept, form="2019", year=2020), first)}
    kept["disclosure", "penalty", "prior_items"] += 9
    (flag,) = broken(flags_of(report(kept, form="2019", year=2020), first))["stock"]
    assert "(penalty)" in flag.message


def test_tables_copied_from_the_year_before() -> None:
    (flag,) = broken(flags_of(report(year=2024), report()))["tables_copied"]
    assert report().report_id in flag.message
    assert "tables_copied" not in broken(flags_of(next_year(), report()))


def test_the_same_stock_and_nothing_else_is_no_copy() -> None:
    quiet: dict[Name, Any] = {**dict.fromkeys(NUMBERS, 0), ("disclosure", "normative_documents", "in_force"): 5}
    flags = flags_of(report(quiet, year=2024), report(quiet))
    assert "tables_copied" not in {f.rule for f in flags}


def test_nothing_is_a_copy_where_no_number_was_read() -> None:
    empty: dict[Name, Any] = dict.fromkeys(NUMBERS, "blank")
    assert "tables_copied" in unknown(flags_of(report(empty, year=2024), report()))


def test_a_copy_of_all_there_is_in_public_is_none_on_the_form_of_2019() -> None:
    quiet: dict[Name, Any] = dict.fromkeys(consistent_numbers("2019"), 0)
    quiet["disclosure", "rules", "public_total"] = 5
    flags = flags_of(report(quiet, form="2019", year=2020), report(quiet, form="2019", year=2019))
    assert "tables_copied" not in {f.rule for f in flags}


def test_a_report_of_the_year_before_that_was_revised_is_no_measure() -> None:
    stale: dict[Name, Any] = {
        ("application", "carried_out", "company"): 77,
        ("disclosure", "normative_documents", "in_force"): 3,
    }
    old = report(stale, name="old", published=date(2024, 1, 9))
    now = report(published=date(2024, 4, 9))
    assert not {"carried_over", "stock"} & {f.rule for f in flags_of(next_year(), old, now)}
    assert {"carried_over", "stock"} <= broken(flags_of(next_year(), old)).keys()
    wrong = next_year({("application", "carried_in", "company"): 78}, name="wrong", published=date(2025, 1, 9))
    judged = judge([now, wrong, next_year(published=date(2025, 4, 9))])
    assert not [flag for found in judged.values() for flag in found if flag.rule == "carried_over"]


def test_a_second_report_with_other_numbers_is_a_revision() -> None:
    name = ("disclosure", "penalty", "decisions")
    first = report(published=date(2024, 1, 20))
    second = report({name: 999}, name="again", published=date(2024, 5, 2))
    judged = judge([first, second])
    (flag,) = broken(judged[second.report_id])["revised"]
    assert flag.cells == (name,) and first.report_id in (flag.expected or "")
    assert "revised" not in {f.rule for f in judged[first.report_id]}


def test_the_same_report_in_two_files_is_none() -> None:
    flags = judge([report(), report(name="twin")])
    assert all(f.rule != "revised" for found in flags.values() for f in found)


def test_a_file_of_which_less_can_be_read_is_unknown() -> None:
    twin = report({("disclosure", "penalty", "decisions"): "unreadable"}, name="twin", published=date(2024, 5, 2))
    flags = flags_of(twin, report(published=date(2024, 1, 20)))
    assert "revised" in unknown(flags) and "revised" not in broken(flags)
