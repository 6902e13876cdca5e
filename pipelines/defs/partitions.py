"""How documents are shared out: by the province and the report year that their place claims."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import dagster as dg

UNKNOWN_PROVINCE = "00"
UNKNOWN_YEAR = "0000"
_NORTH = ("11", "12", "13", "14", "15", "21", "22", "23")
_SOUTH = ("31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44", "45", "46")
_WEST = ("50", "51", "52", "53", "54", "61", "62", "63", "64", "65")
PROVINCES = (UNKNOWN_PROVINCE, *_NORTH, *_SOUTH, *_WEST)
"""The first two digits of a division's code (GB/T 2260); `00` is the centre, and documents whose place says nothing."""

FIRST_YEAR = 2008
"""The first year that was reported, under the regulations of 2008."""


def all_keys(last_year: int) -> list[str]:
    """`<province>-<year>` for every province, from the first year to `last_year`, and years unknown."""
    years = (UNKNOWN_YEAR, *map(str, range(FIRST_YEAR, last_year + 1)))
    return [f"{province}-{year}" for province in PROVINCES for year in years]


KEYS = tuple(all_keys(date.today().year))
PARTITIONS = dg.StaticPartitionsDefinition(KEYS)
_KEYS = frozenset(KEYS)


def partition_key(province: str | None, year: int | None) -> str:
    """The partition of a place; a province or year that is none of ours counts as unknown."""
    known_province = province if province in PROVINCES else UNKNOWN_PROVINCE
    key = f"{known_province}-{year}"
    return key if key in _KEYS else f"{known_province}-{UNKNOWN_YEAR}"


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
