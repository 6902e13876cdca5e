"""Contradictions that the factory plants, one a report. What they break is worked out from the numbers, in truth.py."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from decimal import Decimal

from tests.factory import form as f
from tests.factory.figures import Figures
from tests.factory.wording import Slips


@dataclass(frozen=True, slots=True)
class Plant:
    """How one report is spoilt: numbers changed, cells printed otherwise, labels changed, words off."""

    name: str = ""
    figures: Figures = field(default_factory=dict)
    printed: dict[f.Key, str] = field(default_factory=dict)
    labels: dict[tuple[str, str], str] = field(default_factory=dict)
    slips: Slips = field(default_factory=Slips)
    single_other: bool = False
    old_form: bool = False


NONE = Plant()

NAMES = (
    "balance",
    "processed_sum",
    "applicant_sum",
    "review_total",
    "negative",
    "fractional",
    "blank",
    "blank_organisations",
    "not_applicable",
    "unreadable",
    "year_title",
    "year_period",
    "year_narrative",
    "narrative_received",
    "narrative_outcome",
    "narrative_review",
    "carried_over",
    "stock",
    "tables_copied",
    "rules_competence",
    "single_other",
    "old_form",
    "label_altered",
    "revised",
)

MISPRINTS: tuple[tuple[tuple[str, str], str], ...] = (
    (("disclosure", "repealed"), "本年度止件数"),
    (("disclosure", "in_force"), "现行有效件"),
    (("application", "denied_by_law"), "2.其他法律法规禁止公开"),
    (("application", "carried_out"), "四、结转下一年度继续办理"),
    (("application", "denied_enforcement_file"), "7.属于行政执法案件"),
    (("application", "unavailable_not_ready"), "2.没有现成信息需另行制作"),
    (("application", "rejected_publication"), "3.要求提供公开出版物品"),
    (("application", "other_uncorrected"), "1.申请人逾期不补正、行政机关不再处理其政府信息公开申请"),
)


def plant(draw: random.Random, name: str, year: int, figures: Figures, before: Figures | None) -> Plant:
    """The named contradiction for a report with these (consistent) numbers; NONE where it cannot be planted.

    `before` are the numbers of the year before, where the agency has some.
    """
    step = Decimal(draw.randint(1, 7))
    if name in _SLIPS:
        return Plant(name, slips=_SLIPS[name](year, int(step)))
    if name in _NUMBERS:
        changed = _NUMBERS[name](draw, dict(figures), step, before)
        return NONE if changed is None else Plant(name, figures=changed)
    modern = ("disclosure", "rules", "issued") in figures
    if name in ("single_other", "old_form"):
        return Plant(name, single_other=name == "single_other", old_form=name == "old_form") if modern else NONE
    if name == "label_altered":
        return Plant(name, labels=dict([draw.choice(MISPRINTS if modern else MISPRINTS[2:7])]))
    if name == "revised":
        return Plant(name)
    return Plant(name, printed=_printed(draw, name, figures))


def _printed(draw: random.Random, name: str, figures: Figures) -> dict[f.Key, str]:
    keys = [key for key in figures if key[0] != "disclosure"]
    if name == "blank_organisations":
        rows = draw.sample(sorted({key[1] for key in keys if key[0] == "application"}), 5)
        return {("application", row, column): "" for row in rows for column in f.PEOPLE[1:]}
    shown = {"blank": ("",), "not_applicable": ("/", "-", "—", "无"), "unreadable": ("待核实", "见附件")}[name]
    text = draw.choice(shown)
    return dict.fromkeys(draw.sample(keys, draw.randint(1, 14) if name != "unreadable" else 1), text)


_SLIPS = {
    "year_title": lambda year, step: Slips(title_year=year - 1),
    "year_period": lambda year, step: Slips(period_year=year - 1),
    "year_narrative": lambda year, step: Slips(narrative_year=year - 1),
    "narrative_received": lambda year, step: Slips(received=step + 30),
    "narrative_outcome": lambda year, step: Slips(outcome=step + 30),
    "narrative_review": lambda year, step: Slips(review=step + 30),
}


def _add(figures: Figures, step: Decimal, *keys: f.Key) -> Figures:
    for key in keys:
        figures[key] += step
    return figures


def _application(row: str, *columns: str) -> tuple[f.Key, ...]:
    return tuple(("application", row, column) for column in columns)


def _balance(draw: random.Random, figures: Figures, step: Decimal, before: Figures | None) -> Figures:
    column = draw.choice(f.PEOPLE)
    return _add(figures, step, *_application("received", column, "total"))


def _processed_sum(draw: random.Random, figures: Figures, step: Decimal, before: Figures | None) -> Figures:
    row = draw.choice(f.denied_rows() + f.rejected_rows() + ("granted",))
    return _add(figures, step, *_application(row, draw.choice(f.PEOPLE), "total"))


def _applicant_sum(draw: random.Random, figures: Figures, step: Decimal, before: Figures | None) -> Figures:
    """Two outcome rows swap cases within a column: the columns still add up, the rows do not."""
    rows = draw.sample(f.outcome_rows(("application", "other", "total") in figures), 2)
    column = draw.choice(f.PEOPLE)
    if figures["application", rows[1], column] < step:
        return _add(figures, step, *_application(rows[0], "total"))
    _add(figures, step, *_application(rows[0], column))
    return _add(figures, -step, *_application(rows[1], column))


def _review_total(draw: random.Random, figures: Figures, step: Decimal, before: Figures | None) -> Figures:
    return _add(figures, step, ("review", draw.choice(tuple(f.PROCEDURES)), "total"))


def _negative(draw: random.Random, figures: Figures, step: Decimal, before: Figures | None) -> Figures:
    """A case too many in one outcome, taken away in another: every sum holds, one count is below zero."""
    rows = draw.sample(f.denied_rows(), 2)
    column = draw.choice(f.PEOPLE)
    shift = figures["application", rows[0], column] + step
    _add(figures, -shift, *_application(rows[0], column, "total"))
    return _add(figures, shift, *_application(rows[1], column, "total"))


def _fractional(draw: random.Random, figures: Figures, step: Decimal, before: Figures | None) -> Figures:
    row = draw.choice(("licensing", "penalty", "coercion"))
    return _add(figures, Decimal("0.5"), ("disclosure", row, "decisions"))


def _carried_over(draw: random.Random, figures: Figures, step: Decimal, before: Figures | None) -> Figures | None:
    if before is None:
        return None
    column = draw.choice(f.PEOPLE)
    keys = [key for row in ("carried_in", "granted", "processed") for key in _application(row, column, "total")]
    return _add(figures, step, *keys)


def _stock(draw: random.Random, figures: Figures, step: Decimal, before: Figures | None) -> Figures | None:
    key = ("disclosure", "normative_documents", "in_force")
    if before is None or key not in figures or key not in before:
        return None
    return _add(figures, step, key)


def _copied(draw: random.Random, figures: Figures, step: Decimal, before: Figures | None) -> Figures | None:
    if before is None or before.keys() != figures.keys() or not any(before.values()):
        return None
    return dict(before)


def _competence(draw: random.Random, figures: Figures, step: Decimal, before: Figures | None) -> Figures:
    column = "in_force" if ("disclosure", "rules", "in_force") in figures else "public_total"
    return _add(figures, step, ("disclosure", "rules", column))


_NUMBERS = {
    "balance": _balance,
    "processed_sum": _processed_sum,
    "applicant_sum": _applicant_sum,
    "review_total": _review_total,
    "negative": _negative,
    "fractional": _fractional,
    "carried_over": _carried_over,
    "stock": _stock,
    "tables_copied": _copied,
    "rules_competence": _competence,
}
