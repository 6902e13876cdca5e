"""A printed name, read as places and an agency's own words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pipelines.registry.gazetteer import Chain, Gazetteer
from pipelines.registry.vocabulary import Vocabulary, Words

_ABOVE = re.compile(r"(?:中华人民共和国|国家税务总局|国家统计局|中国共产党|中共)(?=.{4})")
"""Names of systems that stand before the place: 国家税务总局卢氏县税务局."""

_LOCAL = re.compile(r"[市区县][域直级]")


@dataclass(frozen=True, slots=True)
class ReadName:
    """`above` stands before the places, `chain` is the places (None: none are named), `words` the rest;
    not `sound` where no reading makes sense of every letter."""

    text: str
    above: str
    chain: Chain | None
    words: Words
    sound: bool = True


def read_name(
    text: str, gazetteer: Gazetteer, vocabulary: Vocabulary, corroborated: Callable[[Chain], bool]
) -> ReadName | None:
    """The likeliest reading of a normalised name: places as far as an agency's words follow. A place without its type
    counts only before such words, and where it is a word itself (平安) only if `corroborated`. None: no name."""
    match = _ABOVE.match(text)
    above = match[0] if match else ""
    rest = text[len(above) :]
    best: tuple[tuple[bool, int, bool], ReadName] | None = None
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
        sound = words.unknown_place is None and not (
            chain is not None and (words.relative or _cuts_a_word(chain, rest, words, vocabulary))
        )
        score = (sound, end, chain is not None and chain.form == "name")
        if best is None or score > best[0]:
            best = (score, ReadName(text, above, chain, words, sound))
    if best is None:
        return None
    if best[1].chain is None and above:
        words = vocabulary.read(text)
        return ReadName(text, "", None, words) if words else None
    return best[1]


def _cuts_a_word(chain: Chain, rest: str, words: Words, vocabulary: Vocabulary) -> bool:
    """Whether the place took a letter of the word that follows it: 朝阳市|场监督管理局, 河北区|域合作办公室."""
    if words.telling or chain.end == len(rest):
        return False
    joined = rest[chain.end - 1 :]
    whole = vocabulary.read(joined)
    return _LOCAL.match(joined) is not None or (whole is not None and whole.standard and whole.relative is None)


def _fits(chain: Chain, rest: str, words: Words, vocabulary: Vocabulary, corroborated: Callable[[Chain], bool]) -> bool:
    if chain.form == "name":
        return True
    if not (words.standard or words.zone):
        return False
    is_word = len(chain.forms) == 1 and rest[: chain.end] in vocabulary.word_stems
    return not is_word or corroborated(chain)
