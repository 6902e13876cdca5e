"""Issues of the reader and kinds of claims in Chinese, for people who know no code: `issue_words.yml` and
`claim_words.yml` have the words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipelines.forms import load_forms
from pipelines.printed_tables import place_words, row_words

WORDS = Path(__file__).with_suffix(".yml")
CLAIM_WORDS = Path(__file__).with_name("claim_words.yml")


def issue_in_chinese(code: str, message: str) -> str:
    """What an Issue of this code and message says. Without a pattern for the message it is what the code says of all
    of its kind; without words for the code, the message as it is."""
    for pattern, words in _patterns():
        if found := pattern.fullmatch(message):
            groups = found.groupdict()
            if "cell" in groups:
                groups["cell"] = _cell(groups["cell"])
            return words.format(**groups)
    codes: Mapping[str, str] = _words()["codes"]
    return codes.get(code, message)


def place_in_chinese(where: str) -> str:
    """The place of an Issue ("page 3, table 2, row 5")."""
    for entry in _words()["places"]:
        where = re.sub(entry["en"], entry["zh"], where)
    return where


def claim_in_chinese(kind: str) -> str:
    """What a claim of this kind states."""
    words: tuple[str, str] = _claims()[kind]
    return words[0]


def _cell(name: str) -> str:
    """A cell (`application.received.total`) or a row of a table by its labels."""
    parts = name.split(".")
    if len(parts) == 3:
        return place_words((parts[0], parts[1], parts[2]), load_forms())
    return row_words(parts[0], parts[1], load_forms()) if len(parts) == 2 else name


@cache
def _claims() -> Mapping[str, Any]:
    return dict(yaml.safe_load(CLAIM_WORDS.read_text(encoding="utf-8"))["claim"])


@cache
def _words() -> Mapping[str, Any]:
    return dict(yaml.safe_load(WORDS.read_text(encoding="utf-8")))


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(entry["en"], re.DOTALL), entry["zh"]) for entry in _words()["details"])
