"""The factory itself: deterministic, consistent, and truthful about what it breaks."""

from __future__ import annotations

import random

import docx
import pytest

from tests.factory import faults, form, layouts, samples
from tests.factory.figures import history
from tests.factory.places import COUNTIES, offices
from tests.factory.report import compose
from tests.factory.site import Plan, filed, reports
from tests.factory.truth import broken, numbers_of
from tests.factory.wording import chinese


def test_the_same_seed_gives_the_same_bytes() -> None:
    first, second = (list(filed(Plan(60, 5, slow_share=0.5))) for _ in range(2))
    assert [(f.file, f.layout, f.written.data, f.gold) for f in first] == [
        (f.file, f.layout, f.written.data, f.gold) for f in second
    ]
    assert {f.written.data for f in first} != {f.written.data for f in filed(Plan(60, 6, slow_share=0.5))}


def test_reports_without_a_contradiction_break_no_rule() -> None:
    last = None
    for report in reports(Plan(420, 9, fault_share=0)):
        same = last is not None and last.office == report.office and last.year == report.year - 1
        before = numbers_of(last) if same and last else None
        assert broken(report, numbers_of(report), before, whole=True) == set(), (report.office.name, report.year)
        last = report


_BREAKS = {
    "balance": "application_balance",
    "processed_sum": "application_processed_sum",
    "applicant_sum": "application_applicant_sum",
    "review_total": "review_total",
    "negative": "count_valid",
    "fractional": "count_valid",
    "blank": "cells_present",
    "blank_organisations": "cells_present",
    "not_applicable": "cells_present",
    "unreadable": "cells_present",
    "year_title": "year_stated",
    "year_period": "year_stated",
    "year_narrative": "year_stated",
    "narrative_received": "narrative_received",
    "narrative_outcome": "narrative_outcome",
    "narrative_review": "narrative_review",
    "carried_over": "carried_over",
    "stock": "stock",
    "tables_copied": "tables_copied",
    "rules_competence": "rules_competence",
    "single_other": "form_mixed",
    "old_form": "form_mixed",
    "label_altered": "label_altered",
}


@pytest.mark.parametrize("fault", sorted(_BREAKS))
def test_each_fault_breaks_its_rule(fault: str) -> None:
    office = offices(COUNTIES[0], 2)[1]
    for seed in range(5):
        draw = random.Random(seed)
        years = history(draw, (2022, 2023), "mid")
        plant = faults.plant(draw, fault, 2023, years[2023], years[2022])
        report = compose(draw, office, 2023, years[2023], plant)
        before = numbers_of(compose(draw, office, 2022, years[2022]))
        assert _BREAKS[fault] in broken(report, numbers_of(report), before, whole=True)


def test_a_county_reports_at_least_what_its_agencies_report() -> None:
    found = [r for r in reports(Plan(40, 2, counties=1, years=(2023,), fault_share=0)) if r.year == 2023]
    county, agencies = found[0], found[1:]
    assert county.office.kind == "government" and len(agencies) > 20
    for key in form.all_keys("2021", False):
        if key[0] != "disclosure" or key[1] != "rules":
            assert (county.entries[key].value or 0) >= sum(r.entries[key].value or 0 for r in agencies)


def test_samples_are_what_the_factory_writes() -> None:
    written = {one.file: one.written.data for one in samples.sample_files()}
    bundled = {str(p.relative_to(samples.FOLDER)): p.read_bytes() for p in samples.FOLDER.rglob("*") if p.is_file()}
    bundled = {name: data for name, data in bundled.items() if name.count("/") == 2}
    assert bundled.keys() == written.keys()
    assert [name for name, data in written.items() if bundled[name] != data] == []


def test_samples_hold_what_a_newcomer_should_see() -> None:
    found = samples.sample_files()
    assert len({one.report.office.division for one in found}) >= 3
    assert len({one.report.office.name for one in found}) >= 12
    assert len({one.report.year for one in found}) >= 4
    assert {one.report.form for one in found} == {"2019", "2021"}
    assert {layouts.extension(one.layout) for one in found} == {"html", "txt", "md", "pdf", "docx"}
    assert sum(len(one.written.data) for one in found) < 2 * 1024 * 1024
    assert len({rule for one in found for rule in one.gold["must_flag"]}) >= 10


def test_word_files_open_in_another_reader(tmp_path) -> None:  # type: ignore[no-untyped-def]
    one = next(f for f in filed(Plan(1, 3, ("docx",), fault_share=0)))
    (tmp_path / "one.docx").write_bytes(one.written.data)
    table = docx.Document(str(tmp_path / "one.docx")).tables[1]
    assert len(table.columns) == 10
    assert [c.text for c in table.rows[3].cells][-1] == one.report.entries["application", "received", "total"].text


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "零"),
        (7, "七"),
        (10, "十"),
        (15, "十五"),
        (20, "二十"),
        (103, "一百零三"),
        (2040, "二千零四十"),
        (3001, "三千零一"),
    ],
)
def test_chinese_numerals(number: int, words: str) -> None:
    assert chinese(number) == words
