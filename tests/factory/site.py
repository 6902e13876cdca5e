"""Many reports: counties, agencies and years that tie together, each written as a file with its truth."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.factory import faults, layouts
from tests.factory.figures import SIZES, Figures, added, history
from tests.factory.places import COUNTIES, Office, offices
from tests.factory.report import Report, compose
from tests.factory.truth import gold_line, without_years
from tests.factory.written import Written

YEARS = tuple(range(2019, 2026))
READABLE = tuple(name for name in layouts.WRITERS if name not in layouts.UNREADABLE | layouts.ASKED_FOR)
QUICK = tuple(name for name in READABLE if name.startswith(("html", "text")))
SLOW = tuple(name for name in READABLE if name not in QUICK)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to write. `layouts`: those to choose from, all readable ones if empty; `slow_share`: that of PDF and DOCX;
    `fault_share`: the share of reports with a contradiction."""

    reports: int
    seed: int = 7
    layouts: tuple[str, ...] = ()
    years: tuple[int, ...] = YEARS
    counties: int = len(COUNTIES)
    slow_share: float = 0.06
    fault_share: float = 0.3
    faults: tuple[str, ...] = faults.NAMES


@dataclass(frozen=True, slots=True)
class Filed:
    """A report, its file's place under the folder, its bytes, its gold line."""

    report: Report
    layout: str
    file: str
    written: Written
    gold: dict[str, Any]


def reports(plan: Plan) -> Iterator[Report]:
    """The plan's reports, agency by agency, years in order; a county's government first, which sums up its agencies."""
    each = -(-plan.reports // (plan.counties * len(plan.years)))
    left = plan.reports
    for county in COUNTIES[: plan.counties]:
        draw = random.Random(f"{plan.seed} {county[0]}")
        bodies = offices(county, each)
        sizes = draw.choices(SIZES, (30, 36, 26, 8), k=len(bodies))
        histories = [history(random.Random(draw.random()), plan.years, size) for size in sizes]
        histories[0] = {year: added(h[year] for h in histories) for year in plan.years}
        for office, years in zip(bodies, histories, strict=True):
            for report in _agency(random.Random(f"{plan.seed} {office.name}"), plan, office, years):
                if left <= 0:
                    return
                left -= 1
                yield report


def _agency(draw: random.Random, plan: Plan, office: Office, years: dict[int, Figures]) -> Iterator[Report]:
    for year, figures in years.items():
        before = years.get(year - 1)
        plant = faults.NONE
        if draw.random() < plan.fault_share:
            plant = faults.plant(draw, draw.choice(plan.faults), year, figures, before)
        if plant.name == "revised":
            yield compose(draw, office, year, figures, published=f"{year + 1}-01-16")
            key = ("disclosure", "licensing", "decisions")
            later = figures | {key: figures[key] + draw.randint(1, 9)}
            yield compose(draw, office, year, later, plant, published=f"{year + 1}-03-05", revision=1)
        else:
            yield compose(draw, office, year, figures, plant)


def file_name(report: Report, layout: str) -> str:
    again = "（更正）" if report.revision else ""
    office = report.office
    return f"{office.division}/{report.year}/{office.name}{again}.{layouts.extension(layout)}"


def _pick(draw: random.Random, plan: Plan) -> str:
    if plan.layouts:
        return draw.choice(plan.layouts)
    return draw.choice(SLOW if draw.random() < plan.slow_share else QUICK)


def filed(plan: Plan, chosen: Iterable[Report] | None = None, in_turn: bool = False) -> Iterator[Filed]:
    """The plan's reports as files with their truth. `chosen` replaces the plan's own reports; `in_turn` lets the plan's
    layouts take turns instead of drawing one."""
    draw = random.Random(f"{plan.seed} layouts")
    years: dict[int, Filed] = {}
    last: Report | None = None
    for count, (report, following) in enumerate(_with_next(reports(plan) if chosen is None else chosen)):
        if last is None or last.office != report.office:
            years = {}
        layout = plan.layouts[count % len(plan.layouts)] if in_turn else _pick(draw, plan)
        if report.revision:
            layout = years[report.year].layout
        written = layouts.write(layout, report, f"{plan.seed} {report.office.name} {report.year}")
        before = years.get(report.year - 1)
        name = file_name(report, layout)
        gold = gold_line(
            report,
            name,
            layout,
            written.ambiguous,
            written.labels_whole,
            before.report if before else None,
            before.written.ambiguous if before else (),
        )
        near = (report, before.report if before else None, following)
        if any(r is not None and r.office == report.office and r.prose.years[0] != r.year for r in near):
            gold = without_years(gold)
        if following is not None and following.revision:
            gold = without_years(gold)
        years[report.year] = Filed(report, layout, name, written, gold)
        last = report
        yield years[report.year]


def _with_next(given: Iterable[Report]) -> Iterator[tuple[Report, Report | None]]:
    waiting: Report | None = None
    for report in given:
        if waiting is not None:
            yield waiting, report
        waiting = report
    if waiting is not None:
        yield waiting, None


def save(plan: Plan, folder: Path, gold: Path, chosen: Iterable[Report] | None = None) -> int:
    """Writes the plan's files under `folder` and their truth to `gold`; how many there are."""
    count = 0
    gold.parent.mkdir(parents=True, exist_ok=True)
    with gold.open("w", encoding="utf-8") as lines:
        for one in filed(plan, chosen):
            path = folder / one.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(one.written.data)
            lines.write(json.dumps(one.gold, ensure_ascii=False) + "\n")
            count += 1
    return count
