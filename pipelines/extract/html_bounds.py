"""Refuses, before it is parsed, markup whose tree would be absurdly large or deep."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.extract.limits import BLOCK_DEPTH, MARKUP_BYTES, MARKUP_TAGS, TAG_ATTRIBUTES, Unreadable

_TOKEN = re.compile(
    r"<!--[\s\S]*?(?:-->|\Z)"
    r"|<(?P<raw>script|style|textarea|title|xmp|iframe|noembed|noframes)(?=[\s/>])[\s\S]*?(?:</(?P=raw)|\Z)"
    r"|<(?P<closing>/?)(?P<name>[a-zA-Z][^\s/>]*+)"
    r"(?P<attributes>(?:[^>=]++|=\s*+\"[^\"]*+(?:\"|\Z)|=\s*+'[^']*+(?:'|\Z)|=)*+)(?:>|\Z)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"=\s*(?:\"[^\"]*\"|'[^']*')")
_ATTRIBUTE = re.compile(r"[^\s/]+")
_FORMATTING = frozenset(
    {
        "a",
        "b",
        "big",
        "code",
        "em",
        "font",
        "i",
        "nobr",
        "s",
        "small",
        "strike",
        "strong",
        "tt",
        "u",
    }
)
_ENDS_BY_ITSELF = frozenset(
    {
        "p",
        "li",
        "td",
        "th",
        "tr",
        "tbody",
        "thead",
        "tfoot",
        "dt",
        "dd",
        "option",
        "optgroup",
        "col",
        "colgroup",
        "caption",
        "html",
        "head",
        "body",
        "area",
        "base",
        "br",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "rb",
        "rt",
        "rtc",
        "rp",
    }
)
_SAFE_TAGS = 1_000
_SAFE_CHARACTERS = 1_000_000
_LONG_TAG = 8 * 1024
_REOPENED = 1_000_000
_KEPT_ALIKE = 3
"""The standard keeps three alike formatting elements open, however often they are opened."""


def check_markup(source: str) -> None:
    """Raises Unreadable `too_large` or `too_deep`.

    Counts what a tree builder of HTML5 multiplies: nesting, and unclosed formatting elements, which are opened anew in
    every later block.
    """
    if len(source) > MARKUP_BYTES:
        raise Unreadable("too_large", f"The page is longer than {MARKUP_BYTES} characters.")
    brackets = source.count("<")
    if brackets > MARKUP_TAGS:
        raise Unreadable("too_large", f"The page has more than {MARKUP_TAGS} tags.")
    if brackets < _SAFE_TAGS and len(source) < _SAFE_CHARACTERS:
        return
    open_tags: dict[str, int] = {}
    formatting: dict[str, list[str]] = {}
    depth = active = reopened = 0
    for closing, name, attributes in _tags(source):
        if len(attributes) > _LONG_TAG and _attribute_count(attributes) > TAG_ATTRIBUTES:
            raise Unreadable("too_large", f"A tag has more than {TAG_ATTRIBUTES} attributes.")
        if name in _FORMATTING:
            alike = formatting.setdefault(name, [])
            if closing and alike:
                alike.pop()
                active -= 1
            elif not closing and alike[-_KEPT_ALIKE:].count(attributes) < _KEPT_ALIKE:
                alike.append(attributes)
                active += 1
        elif name not in _ENDS_BY_ITSELF:
            before = open_tags.get(name, 0)
            after = max(before - 1, 0) if closing else before + 1
            open_tags[name] = after
            depth += after - before
        if not closing and name not in _FORMATTING:
            reopened += active
        if depth + active > 5 * BLOCK_DEPTH:
            raise Unreadable("too_deep", f"The page nests more than {5 * BLOCK_DEPTH} tags.")
        if reopened > _REOPENED:
            raise Unreadable("too_deep", "Unclosed formatting tags multiply through the page.")


def _tags(source: str) -> Iterator[tuple[bool, str, str]]:
    for token in _TOKEN.finditer(source):
        if name := token["name"]:
            yield bool(token["closing"]), name.lower(), token["attributes"]


def _attribute_count(attributes: str) -> int:
    return len(_ATTRIBUTE.findall(_QUOTED.sub("", attributes)))
