"""What a document and its source say of places: the ground on which a name that fits several is decided."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePath

from pipelines.model import Source
from pipelines.registry.divisions import Division, Divisions
from pipelines.registry.gazetteer import Gazetteer
from pipelines.registry.normalise import normalise

_PARTS = re.compile(r"[>/\\\s_\-|·,，、;；:：()（）【】《》]+")
_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
_MOST = 400

Token = tuple[Division, ...]
"""What one mention may mean."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """`tiers` are the mentions of the source's own division, of the texts around the document, and of its text."""

    tiers: tuple[tuple[Token, ...], ...]
    located: tuple[tuple[Division, ...], ...]
    """For each tier the innermost divisions that are settled: one where it speaks of one place."""

    @property
    def stated(self) -> tuple[Division, ...]:
        """What the source says, before the text is asked."""
        return self.located[0] or self.located[1]

    def supported(self, lineages: dict[str, Division], divisions: Divisions) -> set[str] | None:
        """Of the lineages, those that all tiers which speak of any of them agree on; None where no tier does."""
        agreed: set[str] | None = None
        for tier in self.tiers:
            named = _named(tier, lineages, divisions)
            if named:
                agreed = named if agreed is None else agreed & named
        return agreed


def _named(tier: Iterable[Token], lineages: dict[str, Division], divisions: Divisions) -> set[str]:
    """The lineages that the tier names themselves, else by their prefecture, else by their province. A mention that
    may mean several of them is the very name in question (a city, and the county that was its seat): it tells nothing.
    """
    exact: set[str] = set()
    near: set[str] = set()
    far: set[str] = set()
    for token in tier:
        meant = {row.lineage for row in token}
        if len(meant) == 1:
            exact |= meant & lineages.keys()
        elif len(meant & lineages.keys()) > 1:
            continue
        codes = {code for row in token for code in divisions.codes(row)}
        for lineage, row in lineages.items():
            shared = codes & divisions.ancestors(row)
            if any(not code.endswith("0000") or code == row.parent for code in shared):
                near.add(lineage)
            elif shared:
                far.add(lineage)
    return exact or near or far


def gather(
    source: Source, places: Iterable[str], year: int | None, gazetteer: Gazetteer, cache: dict[str, Token]
) -> Evidence:
    """`cache` keeps what a text was read as, for many documents name the same places."""
    divisions = gazetteer.divisions

    def place(text: str) -> Token:
        if text not in cache:
            if len(cache) > 20_000:
                cache.clear()
            cache[text] = _place(text, gazetteer)
        return cache[text]

    def mentions(texts: Iterable[str], of: Callable[[str], Token] = place) -> tuple[Token, ...]:
        parts = (part for text in list(texts)[:_MOST] for part in _PARTS.split(text[:200]) if len(part) > 1)
        return tuple(token for part in parts if (token := of(part)))

    coded = [source.division] if source.division else []
    own = [(row,) for code in coded if (row := divisions.with_code(code, year))]
    if source.province and not own and (row := divisions.with_code(source.province + "0000", year)):
        own = [(row,)]
    # The path of what lies in the archive is a hash, in which digits mean nothing.
    texts = source.hints if source.archive else (*source.hints, PurePath(source.path).stem)
    codes = [(row,) for text in texts for code in _CODE.findall(text) if (row := divisions.with_code(code, year))]
    tiers = (tuple(own), (*codes, *mentions(texts)), mentions(places))
    return Evidence(tiers, tuple(_located(tier, tiers, year, divisions) for tier in tiers))


def _place(text: str, gazetteer: Gazetteer) -> Token:
    """The division that the text begins with, read as long as can be; without its type only as the whole text."""
    name = normalise(text)
    best: tuple[int, Token] = (0, ())
    for chain in gazetteer.chains(name):
        if (chain.form == "name" or chain.end == len(name)) and chain.end > best[0]:
            best = (chain.end, chain.rows)
    return best[1]


def _located(
    tier: tuple[Token, ...], tiers: tuple[tuple[Token, ...], ...], year: int | None, divisions: Divisions
) -> tuple[Division, ...]:
    everything = tuple(token for each in tiers for token in each)
    settled: dict[str, Division] = {}
    for token in tier:
        meant = {row.lineage: row for row in token}
        if len(meant) > 1 and year is not None:
            meant = {lineage: row for lineage, row in meant.items() if row.near(year)} or meant
        if len(meant) > 1:
            named = _named((other for other in everything if other is not token), meant, divisions)
            meant = {lineage: row for lineage, row in meant.items() if lineage in named}
        if len(meant) == 1:
            settled |= meant
    rows = list(settled.values())
    return tuple(row for row in rows if not any(divisions.contains(row, other) for other in rows))
