"""The word lists of `claims.yml`, each as the alternatives of a pattern."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml


def any_of(*names: str) -> str:
    """The words of one list or several as a group of alternatives, the longest first."""
    return _alternatives(word for name in names for word in _lists()[name])


def outcomes() -> dict[str, str]:
    """The groups of answers, each with its words as a group of alternatives."""
    return {kind: _alternatives(words) for kind, words in _lists()["outcomes"].items()}


def _alternatives(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(re.escape(word) for word in sorted(words, key=len, reverse=True))})"


@cache
def _lists() -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    lists: dict[str, Any] = yaml.load(Path(__file__).with_name("claims.yml").read_text("utf-8"), Loader=loader)
    return lists
