"""The agencies of `agencies.yml`: those that have an id, former names or an end of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.registry.divisions import Divisions, RegistryError
from pipelines.registry.normalise import normalise
from pipelines.registry.vocabulary import load_yaml

_FIELDS = {"id", "name", "division", "since", "until", "aliases", "functions", "succeeds"}


@dataclass(frozen=True, slots=True)
class RegisteredAgency:
    """`name` and `aliases` are full, with the place; `since` and `until` are years, None where not stated."""

    agency_id: str
    name: str
    division: str | None
    since: int | None = None
    until: int | None = None
    aliases: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    succeeds: tuple[str, ...] = ()

    def exists_in(self, year: int | None) -> bool:
        return year is None or ((self.since or year) <= year <= (self.until or year))


def load_agencies(path: Path, divisions: Divisions) -> tuple[RegisteredAgency, ...]:
    """Raises RegistryError with file, entry and field."""
    entries = load_yaml(path).get("agencies")
    if not isinstance(entries, list):
        raise RegistryError(f"{path.name}, agencies: must be a list")
    agencies: dict[str, RegisteredAgency] = {}
    for number, entry in enumerate(entries, 1):
        agency = _agency(path.name, number, entry, divisions)
        if agency.agency_id in agencies:
            raise RegistryError(f"{path.name}, agency {number}, id: {agency.agency_id!r} stands twice")
        agencies[agency.agency_id] = agency
    for number, agency in enumerate(agencies.values(), 1):
        for before in agency.succeeds:
            if before not in agencies:
                raise RegistryError(f"{path.name}, agency {number}, succeeds: {before!r} is no agency's id")
    return tuple(agencies.values())


def _agency(file: str, number: int, entry: object, divisions: Divisions) -> RegisteredAgency:
    place = f"{file}, agency {number}"
    if not isinstance(entry, Mapping):
        raise RegistryError(f"{place}: must be a mapping")
    if unknown := set(entry) - _FIELDS:
        raise RegistryError(f"{place}, {sorted(unknown)[0]}: no such field")
    for field in ("id", "name"):
        if not isinstance(entry.get(field), str) or not entry[field]:
            raise RegistryError(f"{place}, {field}: must be a text")
    for field in ("since", "until"):
        if not isinstance(entry.get(field), int | None):
            raise RegistryError(f"{place}, {field}: must be a year")
    division = entry.get("division")
    if division is not None and str(division) not in divisions.by_code:
        raise RegistryError(f"{place}, division: {division!r} is no code of the list")
    return RegisteredAgency(
        agency_id=entry["id"],
        name=normalise(entry["name"]),
        division=None if division is None else str(division),
        since=entry.get("since"),
        until=entry.get("until"),
        aliases=tuple(normalise(alias) for alias in _texts(place, entry, "aliases")),
        functions=_texts(place, entry, "functions"),
        succeeds=_texts(place, entry, "succeeds"),
    )


def _texts(place: str, entry: Mapping[str, Any], field: str) -> tuple[str, ...]:
    value = entry.get(field, [])
    if not isinstance(value, list) or not all(isinstance(text, str) and text for text in value):
        raise RegistryError(f"{place}, {field}: must be a list of texts")
    return tuple(value)
