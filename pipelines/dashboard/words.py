"""The words of the interface, Chinese first: words.yml, its neighbours words_*.yml, and those of claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import yaml

from pipelines.issue_words import CLAIM_WORDS

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True, slots=True)
class Word:
    """One phrase in both languages; `{name}` in it stands for a value."""

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


@cache
def words() -> Mapping[str, Word]:
    """Every phrase by its name. A group's phrases have its name before theirs: `state.dead`."""
    files = [*sorted(Path(__file__).parent.glob("words*.yml")), CLAIM_WORDS]
    return {
        f"{group}.{name}": Word(str(pair[0]), str(pair[1]))
        for file in files
        for group, pairs in yaml.safe_load(file.read_text(encoding="utf-8")).items()
        for name, pair in pairs.items()
    }


def say(name: str, language: Language, /, **values: object) -> str:
    """The phrase with its values put in. Raises KeyError where words.yml has no such phrase: our defect."""
    return words()[name].in_language(language).format(**values)


def say_code(group: str, code: str | None, language: Language) -> str:
    """The word for a code of the warehouse (`severity`, `error`); one without a word stands for itself."""
    word = words().get(f"{group}.{code}")
    return word.in_language(language) if word else code or ""
