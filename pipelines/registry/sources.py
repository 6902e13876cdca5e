"""The registered sources: a card each, in `data/registry/sources/*.yml`.

A card says who publishes, where the lists of reports are, of which family the site is, and what may be fetched there.
`data/README.md` explains each field to those who write one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, model_validator

from pipelines.paths import REGISTRY, ROOT
from pipelines.registry.checked_yaml import Text, line_of, load_checked
from pipelines.registry.divisions import RegistryError, load_divisions

FOLDER = REGISTRY / "sources"
FAMILIES = REGISTRY / "families.yml"
PACE = 3.0
"""Seconds between the starts of two requests to one host, where a card does not say."""
LEAST_PACE = 1.0
"""No card of the public web may ask for less."""

Kind = Literal["web", "local"]
Status = Literal["unverified", "verified", "retired"]
Tls = Literal["verified", "unverified"]
Parameters = Mapping[str, tuple[str, ...]]

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HOST = re.compile(r"(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::[1-9]\d{0,4})?")
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Card:
    """A source.

    `kind` is `web`, or `local`: files and folders at `path`, or a site on hosts that need not be public. `division` has
    six digits, None for the central government. `family` names one of `families.yml`; `lists` are addresses of lists,
    `hosts` the hosts (`host`, or `host:port`) that may be fetched. `pace` is how many seconds lie between the starts of
    two requests to one host, at least. `tls` is whether the hosts' certificates must be right. `parameters` are what
    the family's address templates need. `expect` is how many reports there are of a year, at least.
    """

    source: str
    kind: Kind
    publisher: str
    division: str | None = None
    path: Path | None = None
    family: str | None = None
    lists: tuple[str, ...] = ()
    hosts: frozenset[str] = frozenset()
    pace: float = PACE
    tls: Tls = "verified"
    parameters: Parameters = field(default_factory=dict)
    expect: Mapping[int, int] = field(default_factory=dict)
    status: Status = "unverified"
    note: str | None = None

    @property
    def province(self) -> str | None:
        """The first two digits of the division."""
        return self.division[:2] if self.division else None


def load_cards(folder: Path | None = None, root: Path = ROOT) -> tuple[Card, ...]:
    """Every card, in the order of the files' names; relative paths are from `root`. The folder is GONGKAI_SOURCES where
    that is set, and nothing else is said.

    Raises RegistryError that names the file, the line and the field where a card is not as it must be.
    """
    chosen = folder or Path(os.environ.get("GONGKAI_SOURCES") or FOLDER)
    if not chosen.is_dir():
        raise RegistryError(f"{chosen}: is no folder of source cards")
    cards: list[Card] = []
    first: dict[str, str] = {}
    for path in sorted(chosen.glob("*.yml")):
        entries: list[_Entry] = load_checked(path, _ENTRIES)
        for number, entry in enumerate(entries):
            if entry.source in first:
                line = line_of(path, (number, "source"))
                raise RegistryError(
                    f"{path.name}, line {line}, field source: {entry.source} is registered twice, "
                    f"and was in {first[entry.source]}"
                )
            first[entry.source] = path.name
            cards.append(entry.card(root))
    return tuple(cards)


def _source_name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise ValueError(f"is {text!r}, and is to be small letters, digits and single hyphens")
    return text


def _division_code(text: str) -> str:
    if text not in _divisions():
        raise ValueError(f"is {text!r}, which is no code of divisions.csv")
    return text


def _family_name(text: str) -> str:
    if text not in _families():
        raise ValueError(f"is {text!r}, and is to be one of {', '.join(_families())}")
    return text


def _list_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or any(character <= " " for character in text):
        raise ValueError(f"is {text!r}, and is to be a whole address with http:// or https://")
    if parts.username is not None or parts.password is not None:
        raise ValueError("is not to hold a user's name or password")
    host_of(text)
    return text


def _host_name(text: str) -> str:
    if not _HOST.fullmatch(text):
        raise ValueError(f"is {text!r}, and is to be a host or host:port in small letters, without http://")
    return text


def _digits(value: object) -> object:
    """YAML reads bare digits as a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def host_of(url: str) -> str:
    """The host of an address as cards write it: with its port where that is not the scheme's own."""
    parts = urlsplit(url)
    name = parts.hostname or ""
    host = f"[{name}]" if ":" in name else name
    port = parts.port
    return host if port is None or port == _DEFAULT_PORTS.get(parts.scheme) else f"{host}:{port}"


Digits = Annotated[Text, BeforeValidator(_digits)]
ReportYear = Annotated[int, Field(ge=2003, le=2099)]


class _Entry(BaseModel):
    """A card as it is written."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)

    source: Annotated[Text, AfterValidator(_source_name)]
    kind: Kind
    publisher: Text
    division: Annotated[Digits, AfterValidator(_division_code)] | None = None
    path: Text | None = None
    family: Annotated[Text, AfterValidator(_family_name)] | None = None
    lists: tuple[Annotated[Text, AfterValidator(_list_address)], ...] = ()
    hosts: frozenset[Annotated[Text, AfterValidator(_host_name)]] = frozenset()
    pace: Annotated[float, Field(ge=0, le=3600)] = PACE
    tls: Tls = "verified"
    parameters: dict[Text, Annotated[tuple[Digits, ...], Field(min_length=1)]] = {}
    expect: dict[ReportYear, Annotated[int, Field(ge=1)]] = {}
    status: Status = "unverified"
    note: Text | None = None

    @model_validator(mode="after")
    def _whole(self) -> _Entry:
        """What the fields are to be together."""
        if self.kind == "web" and self.path is not None:
            raise ValueError("path is for local cards; a web card has lists")
        if self.path is not None and (self.lists or self.family or self.hosts):
            raise ValueError("a card has a path, or lists with a family and hosts; not both")
        if self.path is None:
            for name in ("lists", "family", "hosts"):
                if not getattr(self, name):
                    raise ValueError(f"{name} is missing" + ("" if self.kind == "web" else ", or a path"))
        for address in self.lists:
            if host_of(address) not in self.hosts:
                raise ValueError(f"hosts is to name {host_of(address)}, where the list {address} is")
        if self.kind == "web" and self.pace < LEAST_PACE:
            raise ValueError(f"pace is {self.pace}, and is to be {LEAST_PACE} or more seconds on the public web")
        return self

    def card(self, root: Path) -> Card:
        return Card(
            source=self.source,
            kind=self.kind,
            publisher=self.publisher,
            division=self.division,
            path=None if self.path is None else root / self.path,
            family=self.family,
            lists=self.lists,
            hosts=self.hosts,
            pace=self.pace,
            tls=self.tls,
            parameters=self.parameters,
            expect=self.expect,
            status=self.status,
            note=self.note,
        )


_ENTRIES: TypeAdapter[list[_Entry]] = TypeAdapter(list[_Entry])


@cache
def _divisions() -> frozenset[str]:
    return frozenset(division.code for division in load_divisions(REGISTRY / "divisions.csv"))


@cache
def _families() -> tuple[str, ...]:
    """The names alone; what a family is, the crawl knows."""
    return tuple(yaml.load(FAMILIES.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))["families"])
