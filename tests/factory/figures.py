"""The numbers of one agency over the years: each year's tables hold, and the years join on to each other."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from decimal import Decimal

from tests.factory import form as f

Figures = dict[f.Key, Decimal]

SIZES = ("zero", "small", "mid", "large")
_RECEIVED = {"zero": (0, 0), "small": (1, 24), "mid": (55, 140), "large": (1200, 3400)}
_SHARE = {
    "natural_person": 70,
    "company": 14,
    "research": 3,
    "public_welfare": 3,
    "legal_service": 7,
    "other_organisation": 3,
}
_WEIGHT = {
    "granted": 40,
    "granted_in_part": 9,
    "unavailable_not_held": 14,
    "unavailable_not_ready": 4,
    "rejected_petition": 6,
    "rejected_repeat": 3,
    "denied_internal": 3,
    "denied_enforcement_file": 3,
}


def form_of(year: int) -> str:
    """The form that is printed for a year's report (2019 and later)."""
    return "2019" if year < 2021 else "2021"


def split(draw: random.Random, whole: int, weights: Mapping[str, int]) -> dict[str, int]:
    """`whole` in parts that add up to it, roughly by weight."""
    parts = dict.fromkeys(weights, 0)
    codes, chances = list(weights), list(weights.values())
    bulk = whole - 40
    if bulk > 0:
        total = sum(chances)
        for code, chance in weights.items():
            parts[code] = int(bulk * chance * draw.uniform(0.6, 1.0) / total)
    for code in draw.choices(codes, chances, k=whole - sum(parts.values())) if whole else ():
        parts[code] += 1
    return parts


def history(draw: random.Random, years: Iterable[int], size: str) -> dict[int, Figures]:
    """An agency's tables of consecutive years: sums hold, what one year carries out the next carries in."""
    low, high = _RECEIVED[size]
    carried = split(draw, draw.randint(0, max(0, low // 20) + (2 if size != "zero" else 0)), _SHARE)
    normative = 0 if size == "zero" else draw.randint(2, 90)
    items = {row: draw.randint(5, 300) for row in ("licensing", "other_services", "penalty", "coercion", "fees")}
    result: dict[int, Figures] = {}
    for year in years:
        figures: Figures = {}
        received = split(draw, draw.randint(low, high), _SHARE)
        carried = _applications(draw, figures, form_of(year) == "2019", received, carried)
        _reviews(draw, figures, size)
        if form_of(year) == "2021":
            normative = _disclosure_2021(draw, figures, size, normative)
        else:
            items = _disclosure_2019(draw, figures, size, normative, items)
        result[year] = figures
    return result


def _applications(
    draw: random.Random, figures: Figures, single: bool, received: dict[str, int], carried: dict[str, int]
) -> dict[str, int]:
    rows = f.outcome_rows(single)
    weights = {row: _WEIGHT.get(row, 1) for row in rows}
    out: dict[str, int] = {}
    cells: dict[tuple[str, str], int] = {}
    for column in f.PEOPLE:
        waiting = received[column] + carried[column]
        out[column] = min(waiting, draw.randint(0, waiting // 6 + 1)) if waiting else 0
        parts = split(draw, waiting - out[column], weights)
        cells |= {(row, column): parts[row] for row in rows}
        cells["received", column] = received[column]
        cells["carried_in", column] = carried[column]
        cells["processed", column] = waiting - out[column]
        cells["carried_out", column] = out[column]
    for row in f.application_rows(single):
        cells[row, "total"] = sum(cells[row, column] for column in f.PEOPLE)
    for (row, column), value in cells.items():
        figures["application", row, column] = Decimal(value)
    return out


def _reviews(draw: random.Random, figures: Figures, size: str) -> None:
    high = {"zero": 0, "small": 3, "mid": 9, "large": 140}[size]
    for row in f.PROCEDURES:
        parts = [draw.randint(0, high) for _ in range(4)]
        for column, value in zip(f.REVIEW_RESULTS, [*parts, sum(parts)], strict=True):
            figures["review", row, column] = Decimal(value)


def _fee(draw: random.Random) -> Decimal:
    places = draw.randint(0, 4)
    return Decimal(draw.randint(1, 900 * 10**places)).scaleb(-places)


def _disclosure_2021(draw: random.Random, figures: Figures, size: str, stock: int) -> int:
    quiet = size == "zero"
    issued = 0 if quiet else draw.randint(0, 14)
    repealed = 0 if quiet else draw.randint(0, min(stock + issued, 12))
    stock += issued - repealed
    for column in ("issued", "repealed", "in_force"):
        figures["disclosure", "rules", column] = Decimal(0)
    for column, value in (("issued", issued), ("repealed", repealed), ("in_force", stock)):
        figures["disclosure", "normative_documents", column] = Decimal(value)
    for row, high in (("licensing", 5200), ("penalty", 4100), ("coercion", 380)):
        figures["disclosure", row, "decisions"] = Decimal(0 if quiet else draw.randint(1, high))
    figures["disclosure", "fees", "amount"] = Decimal(0) if quiet else _fee(draw)
    return stock


def _disclosure_2019(
    draw: random.Random, figures: Figures, size: str, stock: int, items: dict[str, int]
) -> dict[str, int]:
    quiet = size == "zero"
    for column in ("made", "disclosed", "public_total"):
        figures["disclosure", "rules", column] = Decimal(0)
    made = 0 if quiet else draw.randint(1, 14)
    for column, value in (("made", made), ("disclosed", made), ("public_total", stock)):
        figures["disclosure", "normative_documents", column] = Decimal(value)
    after: dict[str, int] = {}
    for row, prior in items.items():
        change = 0 if quiet else draw.randint(-min(prior, 40), 60)
        after[row] = prior + change
        figures["disclosure", row, "prior_items"] = Decimal(0 if quiet else prior)
        figures["disclosure", row, "change"] = Decimal(change)
        if row != "fees":
            figures["disclosure", row, "decisions"] = Decimal(0 if quiet else draw.randint(1, 2900))
    figures["disclosure", "procurement", "projects"] = Decimal(0 if quiet else draw.randint(1, 64))
    figures["disclosure", "procurement", "amount"] = Decimal(0) if quiet else Decimal(draw.randint(20_000, 90_000_000))
    return after


def added(parts: Iterable[Figures]) -> Figures:
    """The sum of several agencies' tables, cell by cell: what a government prints of all of them."""
    whole: Figures = {}
    for figures in parts:
        for key, value in figures.items():
            whole[key] = whole.get(key, Decimal(0)) + value
    return whole
