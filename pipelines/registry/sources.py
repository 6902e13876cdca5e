"""The registered sources: a card each, in `data/registry/sources/*.yml`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipelines.paths import REGISTRY, ROOT
from pipelines.registry.divisions import RegistryError

_FIELDS = {"source", "kind", "publisher", "path"}
_KINDS = ("local",)


@dataclass(frozen=True, slots=True)
class Card:
    """A source: its name, its kind (`local`: files and folders), who publishes it, and where it is."""

    source: str
    kind: str
    publisher: str
    path: Path


def load_cards(folder: Path = REGISTRY / "sources", root: Path = ROOT) -> tuple[Card, ...]:
    """Every card, in the order of the files' names; relative paths are from `root`.

    Raises RegistryError that names the file, the card and the field where one is not as it must be.
    """
    cards = [_card(path.name, n, entry, root) for path in sorted(folder.glob("*.yml")) for n, entry in _entries(path)]
    names = [card.source for card in cards]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise RegistryError(f"sources: {', '.join(twice)} is registered twice")
    return tuple(cards)


def _entries(path: Path) -> list[tuple[int, Any]]:
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise RegistryError(f"sources/{path.name}: no sound YAML: {error}") from error
    if not isinstance(entries, list):
        raise RegistryError(f"sources/{path.name}: is to be a list of cards")
    return list(enumerate(entries, 1))


def _card(file: str, number: int, entry: Any, root: Path) -> Card:
    where = f"sources/{file}, card {number}"
    if not isinstance(entry, dict):
        raise RegistryError(f"{where}: is to be a mapping with the fields {', '.join(sorted(_FIELDS))}")
    if wrong := sorted(_FIELDS ^ entry.keys()):
        raise RegistryError(f"{where}: field {wrong[0]} is {'missing' if wrong[0] in _FIELDS else 'not known'}")
    for name, value in entry.items():
        if not isinstance(value, str) or not value.strip():
            raise RegistryError(f"{where}: field {name} is to be a text")
    if entry["kind"] not in _KINDS:
        raise RegistryError(f"{where}: field kind is {entry['kind']!r}, and is to be one of {', '.join(_KINDS)}")
    return Card(entry["source"], entry["kind"], entry["publisher"], root / entry["path"])
