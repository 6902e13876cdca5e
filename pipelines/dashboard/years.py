"""An agency's or a division's years: counts, rates with the number behind them, and where peers stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipelines.dashboard.store import Row, Store

FEW_CASES = 30
"""A rate of fewer cases is an observation, no more."""
FEW_PEERS = 5
"""Fewer are no peers to compare with."""
OUTCOMES = ("granted", "granted_in_part", "denied", "unavailable", "rejected", "other")
RATES = ("disclosure_substantive", "denied", "unavailable", "rejected", "carried_over")
RESULTS = ("upheld", "corrected", "other", "pending")
PROCEDURES = ("reconsideration", "litigation")
SPAN = 40
"""Years that are shown at most; a year that was misread must not stretch the pictures."""

_AGENCY = f"""
SELECT
    year, report_id, form, consistent, received, {", ".join(OUTCOMES)},
    {", ".join(f"reconsideration_{result}" for result in RESULTS)},
    {", ".join(f"litigation_direct_{r} + litigation_after_reconsideration_{r} AS litigation_{r}" for r in RESULTS)}
FROM marts.agency_year WHERE agency_id = ? AND year IS NOT NULL ORDER BY year
"""
_SHEET = """
SELECT r.year, s.indicator, s.value FROM dims.report AS r JOIN facts.statistic AS s ON s.report_id = r.report_id
WHERE r.agency_id = ? AND r.is_current AND r.form = '2014' AND s.value IS NOT NULL
    AND (s.indicator = 'received_total' OR starts_with(s.indicator, 'reconsideration_')
        OR starts_with(s.indicator, 'litigation_'))
"""
_AGENCY_RATES = "SELECT year, rate, value, n FROM marts.application_rate WHERE agency_id = ?"
_COUNTY = """
SELECT
    year, reports, inconsistent_reports, received, processed, granted, granted_in_part, denied, unavailable, rejected,
    other, reconsideration_total, litigation_direct_total + litigation_after_reconsideration_total AS litigation_total
FROM marts.county_year WHERE division = ? AND basis = ? AND year IS NOT NULL ORDER BY year
"""
_COUNTY_RATES = "SELECT year, rate, value, n FROM marts.county_rate WHERE division = ? AND basis = ?"
_PEERS = """
SELECT year, measure, compared, lower_quartile, median, upper_quartile FROM marts.peers
WHERE basis = ? AND level IS NOT DISTINCT FROM ? AND kind IS NOT DISTINCT FROM ?
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """`n` is what it was divided by; `value` is None where it cannot be said."""

    value: float | None
    n: Decimal | None

    @property
    def is_observation(self) -> bool:
        return self.value is not None and (self.n is None or self.n < FEW_CASES)


@dataclass(frozen=True, slots=True)
class Peers:
    """Of all of one level and kind in a year: how many are compared, their quartiles."""

    compared: int
    lower: float
    median: float
    upper: float


ByYear = Mapping[int, Decimal | None]


@dataclass(frozen=True, slots=True)
class Years:
    """`years` has no gaps; `rows` is what the marts know of each, by year. `counts`, `rates` and `peers` are by the
    measure's name; what has no number is None or not there."""

    years: Sequence[int]
    rows: Mapping[int, Row]
    counts: Mapping[str, ByYear]
    rates: Mapping[str, Mapping[int, Rate]]
    peers: Mapping[str, Mapping[int, Peers]]


def agency_years(store: Store, agency_id: str, level: str | None, kind: str | None) -> Years:
    """What marts.application_long has of one agency: that view is made for all of them and takes too long."""
    rows = store.rows(_AGENCY, [agency_id])
    results = [f"{procedure}_{result}" for procedure in PROCEDURES for result in RESULTS]
    counts = {name: _column(rows, name) for name in ("received", *OUTCOMES, *results)}
    for row in store.rows(_SHEET, [agency_id]):
        measure = "received" if row["indicator"] == "received_total" else row["indicator"]
        counts.setdefault(measure, {})[row["year"]] = row["value"]
    rates = _rates(store.rows(_AGENCY_RATES, [agency_id]))
    return Years(_span(rows), _by_year(rows), counts, rates, _peers(store.rows(_PEERS, ["agency", level, kind])))


def county_years(store: Store, division: str, basis: str, level: str | None) -> Years:
    """`basis` is `government`, its own report, or `agencies`, the sum of those of its agencies."""
    rows = store.rows(_COUNTY, [division, basis])
    measures = ("received", *OUTCOMES, *(f"{procedure}_total" for procedure in PROCEDURES))
    counts = {name: _column(rows, name) for name in measures}
    rates = _rates(store.rows(_COUNTY_RATES, [division, basis]))
    return Years(_span(rows), _by_year(rows), counts, rates, _peers(store.rows(_PEERS, [basis, level, None])))


def _span(rows: Sequence[Row]) -> range:
    if not rows:
        return range(0)
    last = rows[-1]["year"]
    return range(max(rows[0]["year"], last - SPAN + 1), last + 1)


def _by_year(rows: Sequence[Row]) -> dict[int, Row]:
    return {row["year"]: row for row in rows}


def _column(rows: Sequence[Row], name: str) -> dict[int, Decimal | None]:
    return {row["year"]: row[name] for row in rows}


def _rates(rows: Sequence[Row]) -> dict[str, dict[int, Rate]]:
    rates: dict[str, dict[int, Rate]] = {}
    for row in rows:
        rates.setdefault(row["rate"], {})[row["year"]] = Rate(row["value"], row["n"])
    return rates


def _peers(rows: Sequence[Row]) -> dict[str, dict[int, Peers]]:
    peers: dict[str, dict[int, Peers]] = {}
    for row in rows:
        if row["compared"] >= FEW_PEERS:
            found = Peers(row["compared"], row["lower_quartile"], row["median"], row["upper_quartile"])
            peers.setdefault(row["measure"], {})[row["year"]] = found
    return peers
