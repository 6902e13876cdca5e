"""A printed name to an agency: by its own words, by what the source and the text say of places, by the registry."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipelines.model import Agency, Issue, Source
from pipelines.registry.agencies import RegisteredAgency, load_agencies
from pipelines.registry.choice import Choice, choose
from pipelines.registry.divisions import Division, Divisions, load_divisions
from pipelines.registry.evidence import Token, gather
from pipelines.registry.gazetteer import Chain, Gazetteer
from pipelines.registry.normalise import normalise
from pipelines.registry.reading import ReadName, read_name
from pipelines.registry.vocabulary import Vocabulary, Words

FILES = ("divisions.csv", "short_names.csv", "vocabulary.yml", "agencies.yml")


@dataclass(frozen=True, slots=True)
class Resolution:
    """`agency` is None only where nothing was printed; its `division` is None where the name does not settle it."""

    agency: Agency | None
    issues: tuple[Issue, ...] = ()


@dataclass
class Registry:
    """Who files reports, as the data has it. `digest` changes with the data and with this code."""

    divisions: Divisions
    gazetteer: Gazetteer
    vocabulary: Vocabulary
    agencies: tuple[RegisteredAgency, ...]
    digest: str
    _named: dict[tuple[str, str], RegisteredAgency] = field(init=False)
    _cache: dict[str, Token] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._named = {}
        for agency in self.agencies:
            for name in (agency.name, *agency.aliases):
                self._named[self._place_and_key(name, agency)] = agency

    def resolve(self, printed: str | None, *, source: Source, places: tuple[str, ...], year: int | None) -> Resolution:
        """The agency that a report of `year` means by its printed name. Its division is never a guess: where it is not
        certain, it is None and an issue says why. Issues: agency_unnamed, agency_is_place, division_ambiguous,
        division_unknown, division_abolished, division_contradicted, division_from_context, division_misprint,
        division_of_host."""
        text = normalise(printed or "")
        if not text or self.vocabulary.nameless(text):
            return Resolution(None, (Issue("agency_unnamed", "No agency is named: name it in the source's hints."),))
        central = self._named.get(("", text))
        if central is not None and central.division is None:
            return Resolution(self._registered(central, None, self.vocabulary.functions(central.name), "national"))
        evidence = gather(source, places, year, self.gazetteer, self._cache)

        def corroborated(chain: Chain) -> bool:
            return bool(evidence.supported({row.lineage: row for row in chain.rows}, self.divisions))

        name = read_name(text, self.gazetteer, self.vocabulary, corroborated)
        if name is None:
            issue = Issue("division_unknown", f"{text!r} names neither a place nor an agency.")
            return Resolution(self._unplaced(text, Words(text, text, "other", ()), source), (issue,))
        choice = choose(name, evidence, year, self.gazetteer)
        if choice.division is None:
            return Resolution(self._unplaced(text, name.words, source), choice.issues)
        return Resolution(self._placed(name, choice, year), choice.issues)

    def _placed(self, name: ReadName, choice: Choice, year: int | None) -> Agency:
        division, words = choice.division, name.words
        assert division is not None
        key = name.above + words.key
        known = self._named.get((division.lineage, key))
        if known is not None and known.exists_in(year):
            return replace(self._registered(known, division, words.functions, division.level), kind=words.kind)
        return Agency(
            agency_id=f"{division.lineage}-{_hash(key)}",
            name=name.above + division.name + self._own_name(name, choice),
            division=division.code,
            level="township" if words.township else None if words.zone else division.level,
            kind=words.kind,
            functions=words.functions,
            registered=words.kind == "government",
        )

    def _own_name(self, name: ReadName, choice: Choice) -> str:
        words = name.words
        if words.kind in ("government", "township", "subdistrict"):
            return words.key
        text = words.text
        if choice.dropped and text.startswith(choice.dropped):
            return text[len(choice.dropped) :]
        if words.relative is None:
            return text
        text = text.removeprefix("本")
        return text.removeprefix(words.relative)

    def _unplaced(self, text: str, words: Words, source: Source) -> Agency:
        """Its id holds what the source claims, lest two of one name in two places become one."""
        place = source.division or source.province or ""
        return Agency(
            agency_id=f"000000-{_hash(place + text)}",
            name=text,
            division=None,
            level="township" if words.township else None,
            kind=words.kind,
            functions=words.functions,
        )

    def _registered(
        self, known: RegisteredAgency, division: Division | None, functions: tuple[str, ...], level: str
    ) -> Agency:
        return Agency(
            agency_id=known.agency_id,
            name=known.name,
            division=division.code if division else None,
            level=level,
            kind="department",
            functions=known.functions or functions,
            registered=True,
        )

    def _place_and_key(self, name: str, agency: RegisteredAgency) -> tuple[str, str]:
        if agency.division is None:
            return "", name
        lineage = self.divisions.by_code[agency.division][-1].lineage
        read = read_name(name, self.gazetteer, self.vocabulary, lambda _: True)
        return lineage, read.above + read.words.key if read else name


def _hash(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:10]


def read_registry(folder: Path) -> Registry:
    """The registry of a folder. Raises RegistryError with file, line and field where a file breaks its schema."""
    digest = hashlib.sha256()
    for path in (*(folder / name for name in FILES), *sorted(Path(__file__).parent.glob("*.py"))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    divisions = Divisions(load_divisions(folder / "divisions.csv"))
    gazetteer = Gazetteer(divisions, folder / "short_names.csv")
    vocabulary = Vocabulary(folder / "vocabulary.yml")
    agencies = load_agencies(folder / "agencies.yml", divisions)
    return Registry(divisions, gazetteer, vocabulary, agencies, digest.hexdigest())
