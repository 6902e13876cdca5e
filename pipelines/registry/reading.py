"""A printed name, read as places and an agency's own words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pipelines.registry.gazetteer import Chain, Gazetteer
from pipelines.registry.vocabulary import Vocabulary, Words

_ABOVE = re.compile(r"(?:中华人民共和国|国家税务总局|国家统计局|中国共产党|中共)(?=.{4})")
"""Names of systems that stand before the place: 国家税务总局卢氏县税务局."""


@dataclass(frozen=True, slots=True)
class ReadName:
    """`above` stands before the places, `chain` is the places (None: none are named), `words` the rest."""

    text: str
    above: str
    chain: Chain | None
    words: Words


def read_name(
    text: str, gazetteer: Gazetteer, vocabulary: Vocabulary, corroborated: Callable[[Chain], bool]
) -> ReadName | None:
    """The likeliest reading of a normalised name: places as far as an agency's words follow. A place without its type
    counts only before such words, and where it is a word itself (平安) only if `corroborated`. None: no agency's name."""
    match = _ABOVE.match(text)
    above = match[0] if match else ""
    rest = text[len(above) :]
    best: tuple[tuple[bool, ...] | tuple[bool | int, ...], ReadName] | None = None
    for chain in (*gazetteer.chains(rest), None):
        end = chain.end if chain else 0
        if chain is not None and end == len(rest):
            words: Words | None = Words("人民政府", "人民政府", "government", (), standard=True)
            if chain.form == "stem":
                continue
        else:
            words = vocabulary.read(rest[end:])
        if words is None or (chain is not None and not _fits(chain, rest, words, vocabulary, corroborated)):
            continue
        sound = words.telling and not (chain and words.relative) and words.unknown_place is None
        score = (sound, end, chain is not None and chain.form == "name")
        if best is None or score > best[0]:
            best = (score, ReadName(text, above, chain, words))
    if best is None:
        return None
    if best[1].chain is None and above:
        words = vocabulary.read(text)
        return ReadName(text, "", None, words) if words else None
    return best[1]


def _fits(chain: Chain, rest: str, words: Words, vocabulary: Vocabulary, corroborated: Callable[[Chain], bool]) -> bool:
    if chain.form == "name":
        return True
    if not (words.standard or words.zone):
        return False
    is_word = len(chain.forms) == 1 and rest[: chain.end] in vocabulary.word_stems
    return not is_word or corroborated(chain)
