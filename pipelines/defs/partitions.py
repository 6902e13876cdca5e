"""How documents are shared out: by the province and the report year that their place claims."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import dagster as dg

from pipelines.night.calendar import FIRST_YEAR

UNKNOWN_PROVINCE = "00"
UNKNOWN_YEAR = "0000"
_NORTH = ("11", "12", "13", "14", "15", "21", "22", "23")
_SOUTH = ("31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44", "45", "46")
_WEST = ("50", "51", "52", "53", "54", "61", "62", "63", "64", "65")
PROVINCES = (UNKNOWN_PROVINCE, *_NORTH, *_SOUTH, *_WEST)
"""The first two digits of a division's code (GB/T 2260); `00` is the centre, and documents whose place says nothing."""


def all_keys(last_year: int) -> list[str]:
    """`<province>-<year>` for every province, from the first year to `last_year`, and years unknown; year by year, so
    that one range of keys is all provinces over some years."""
    years = (UNKNOWN_YEAR, *map(str, range(FIRST_YEAR, last_year + 1)))
    return [f"{province}-{year}" for year in years for province in PROVINCES]


KEYS = tuple(all_keys(date.today().year))
PARTITIONS = dg.StaticPartitionsDefinition(KEYS)
_KEYS = frozenset(KEYS)


def partition_key(province: str | None, year: int | None) -> str:
    """The partition of a place; a province or year that is none of ours counts as unknown."""
    known_province = province if province in PROVINCES else UNKNOWN_PROVINCE
    key = f"{known_province}-{year}"
    return key if key in _KEYS else f"{known_province}-{UNKNOWN_YEAR}"


def parts(keys: Iterable[str]) -> tuple[tuple[str, ...], tuple[int, ...] | None]:
    """The provinces and the years of these partitions; None for the years where the unknown one is among them: a report
    of any year may turn out to be there."""
    split = [key.split("-") for key in keys]
    years = sorted({year for _, year in split})
    provinces = tuple(sorted({province for province, _ in split}))
    return provinces, None if UNKNOWN_YEAR in years else tuple(map(int, years))


def over_years(years: Iterable[int]) -> dict[str, str]:
    """The tags of a run over all provinces and these years, which follow each other."""
    first, *_ = rest = sorted(years)
    return {
        "dagster/asset_partition_range_start": f"{PROVINCES[0]}-{first}",
        "dagster/asset_partition_range_end": f"{PROVINCES[-1]}-{rest[-1]}",
    }


def narrowed(keys: Iterable[str]) -> dg.StaticPartitionsDefinition:
    """Of all partitions those named, so that a run spends nothing on others; the unknown one if none is."""
    wanted = set(keys)
    return dg.StaticPartitionsDefinition([key for key in KEYS if key in wanted] or [KEYS[0]])


def whole_range(partitions: dg.StaticPartitionsDefinition) -> dict[str, str]:
    """The tags of a run over all of these partitions at once."""
    keys = partitions.get_partition_keys()
    return {
        "dagster/asset_partition_range_start": keys[0],
        "dagster/asset_partition_range_end": keys[-1],
    }
