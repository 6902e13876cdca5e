"""The registry as the tables `registry.*` that the warehouse reads."""

from __future__ import annotations

from typing import Any

from pipelines.model import Source
from pipelines.registry.divisions import Division
from pipelines.registry.registry import Registry


def registry_relations(registry: Registry) -> dict[str, dict[str, list[Any]]]:
    """Table -> column -> values. A division is a row a code, under its latest name and parent; `since` is the first
    year of the code (None: before the lists begin), `until` the last one at whose end it was in force (None: still)."""
    latest: dict[str, Division] = {}
    first: dict[str, str] = {}
    for row in sorted(registry.divisions.rows, key=lambda row: row.valid_from):
        first.setdefault(row.code, row.valid_from)
        latest[row.code] = row
    divisions = [latest[code] for code in sorted(latest)]
    agencies = [
        (agency, registry.resolve(agency.name, source=Source(""), places=(), year=agency.until).agency)
        for agency in registry.agencies
    ]
    return {
        "registry.division": {
            "division": [row.code for row in divisions],
            "name": [row.name for row in divisions],
            "level": [row.level for row in divisions],
            "parent": [row.parent or None for row in divisions],
            "since": [_year(first[row.code]) for row in divisions],
            "until": [_last_year(row.valid_to) for row in divisions],
        },
        "registry.agency": {
            "agency_id": [agency.agency_id for agency, _ in agencies],
            "name": [agency.name for agency, _ in agencies],
            "division": [agency.division for agency, _ in agencies],
            "level": [found.level if found else None for _, found in agencies],
            "kind": [found.kind if found else None for _, found in agencies],
            "functions": [list(found.functions if found else agency.functions) for agency, found in agencies],
        },
    }


def _year(month: str) -> int | None:
    return int(month[:4]) if month else None


def _last_year(valid_to: str) -> int | None:
    """`valid_to` is the first month in which it is in force no more."""
    return int(valid_to[:4]) - 1 if valid_to else None
