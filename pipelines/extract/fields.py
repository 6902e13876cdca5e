"""A line of text as its writer parted it: tabs, pipes, wide gaps."""

from __future__ import annotations

import re
from collections.abc import Sequence

_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
_UNBROKEN = "\u00a0\u2009\u202f"
"""Spaces with which numbers are written so that no line breaks within them."""
_SPACE = re.compile("[\u00a0\u2002-\u200a\u202f\u205f]")
_BLANK = " \t\r\n\f\v\u3000"
_UNESCAPED_PIPE = re.compile(r"(?<!\\)[|\uff5c]")
_DRAWN_PIPES = str.maketrans("\uff5c│┃┆┇┊┋║", "||||||||")
_BOX_RULE = re.compile(r"[\s|─-╿]*[─-╿]{3,}[\s|─-╿]*")
_FEW = 4
_BOLD = re.compile(r"(?<!\*)\*\*([^*\s](?:[^*]{0,400}[^*\s])?)\*\*(?!\*)")
_QUOTED = re.compile(r'\A"([^"]*)"\Z')
_WIDE_GAP = re.compile(r"[ \u3000]{2,}")
_RULE = re.compile(r"[\s|:\uff5c+=_-]*(?:-{3}|={3}|:-|-:)[\s|:\uff5c+=_-]*")
_LONG_DASH = 5


def plain(text: str) -> str:
    """`text` without characters that have no ink or width; every kind of space but the ideographic one is a space."""
    return _SPACE.sub(" ", _INVISIBLE.sub("", text))


def whole_thousands(text: str) -> str:
    """`text` without the unbroken spaces before the thousands of its numbers, if such a space parts nothing else."""
    for space in filter(text.__contains__, _UNBROKEN):
        numbers = re.findall(rf"\d+(?:{space}\d+)+", text)
        if all(re.fullmatch(rf"[1-9]\d{{0,2}}(?:{space}\d{{3}})+", number) for number in numbers):
            text = re.sub(rf"(?<=\d){space}(?=\d)", "", text)
    return text


def unemphasised(text: str) -> str:
    """`text` without the double asterisks around what Markdown prints in bold; a row of them (`****`) masks a name and
    stays."""
    return _BOLD.sub(r"\1", text) if "**" in text else text


def with_pipes(text: str) -> str:
    """`text` with the upright lines of drawn boxes as pipes."""
    return text.translate(_DRAWN_PIPES)


def trimmed(text: str) -> str:
    return text.strip(_BLANK)


def is_rule(text: str) -> bool:
    """Whether the line only draws: `| --- | :-: |`, `+====+`, `├──┼──┤`, `-----  ---`. Cells that say `-` or `--` are
    values."""
    if _BOX_RULE.fullmatch(text):
        return True
    dashes = text.split()
    if any(len(word) >= _LONG_DASH for word in dashes) and not any(word.strip("-=_") for word in dashes):
        return True
    drawn = ("-" in text or "=" in text) and ("|" in text or "\uff5c" in text or "+" in text)
    return drawn and _RULE.fullmatch(text.strip()) is not None


def closes_rows(lines: Sequence[str]) -> bool:
    """Whether a pipe at the end of these lines only closes a row: it does unless more than few of the lines with pipes
    between their cells have none there. Else it stands before an empty cell."""
    piped = [line for line in map(trimmed, lines) if line.strip("|").count("|") > 1]
    return sum(not line.endswith("|") for line in piped) * _FEW <= len(piped)


def split_fields(text: str, closed: bool = True) -> tuple[str, ...]:
    """The fields of a line, without the spaces around them; an empty field is an empty string.

    Tabs part it if a tab stands within or after the text (leading tabs alone are indentation), and double quotes around
    a whole field between tabs are no part of it; else pipes, without the
    outer ones; else runs of two spaces or more (one ideographic space counts when it is one of them). A line of pipes
    alone gives empty fields only. Where rows are not `closed` by a pipe, the one at the end is no outer one, unless the
    line begins with one: an empty first cell has its space before the pipe. An ideographic space behind the last pipe
    is an empty cell. Tabs around pipes are their spaces.
    """
    if "\t|" in text or "|\t" in text:
        text = " | ".join(part.strip(" \t") for part in text.split("|")).lstrip(" ")
    if "\t" in text:
        body = text.strip("\r\n")
        if "\t" in body.lstrip(_BLANK):
            return tuple(_QUOTED.sub(r"\1", trimmed(field)) for field in body.split("\t"))
    line = trimmed(text)
    if "|" in line or "\uff5c" in line:
        fields = _UNESCAPED_PIPE.split(line)
        if len(fields) > 1:
            outer = (closed or text.startswith(("|", "\uff5c"))) and not text.rstrip(" \t\r\n").endswith("\u3000")
            return tuple(trimmed(field.replace("\\|", "|")) for field in _without_outer(fields, outer))
    return tuple(_WIDE_GAP.split(line))


def _without_outer(fields: list[str], closed: bool) -> list[str]:
    start = 1 if not fields[0].strip(_BLANK) else 0
    outer = closed and len(fields) - 1 > start and not fields[-1].strip(_BLANK)
    end = len(fields) - 1 if outer else len(fields)
    return fields[start:end]
