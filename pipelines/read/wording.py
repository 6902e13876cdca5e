"""A text in the words that the readers know: simplified characters, no ruby, no Markdown, no spaces."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

_SHORT = 200
_RUBY = re.compile(r"(?<=[㐀-鿿])(?:[（(][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6}[)）])+")
_MARKDOWN = re.compile(r"^[\s>]*#{1,6}\s*|\*\*|__|`")


def simplified(text: str) -> str:
    """The text in simplified characters and without pinyin in brackets; as long as the text where it holds neither."""
    known = _wording()
    if not text.isascii() and not known.traditional.isdisjoint(text):
        text = _converter().convert(text)
        for printed, own in known.words.items():
            text = text.replace(printed, own)
    return _RUBY.sub("", text) if "(" in text or "（" in text else text


def squeezed(text: str) -> str:
    """The text simplified, without Markdown's marks and without any space: what patterns are matched against."""
    return _remembered(text) if len(text) <= _SHORT else _squeezed(text)


def _squeezed(text: str) -> str:
    return "".join(_MARKDOWN.sub("", simplified(text)).replace("\u200b", "").replace("\ufeff", "").split())


_remembered = lru_cache(maxsize=16384)(_squeezed)


@dataclass(frozen=True, slots=True)
class _Wording:
    """The characters that tell a traditional text, and the words that stand there for the forms' own."""

    traditional: frozenset[str]
    words: Mapping[str, str]


@cache
def _wording() -> _Wording:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = yaml.load(Path(__file__).with_suffix(".yml").read_text("utf-8"), Loader=loader)
    return _Wording(frozenset(data["traditional"] + data["also"]) - {" "}, data["words"])


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")
