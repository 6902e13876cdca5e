"""One cell's text -> the number that it shows, exactly, or the reason why it shows none. Nothing is guessed."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from pipelines.model import Number

BLANK = Number("blank", None)
NOT_APPLICABLE = Number("not_applicable", None)
UNREADABLE = Number("unreadable", None)

MOST_CHARACTERS = 400
MOST_DIGITS = 24
_SHORT = 40

UNITS = "万元|亿元|元|人次|条次|件次|批次|条|件|次|项|个|份|宗|起|篇|期|封|例|笔|家|户|场|人|部|页|名"

_WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SPACES = dict.fromkeys((0x00A0, 0x2007, 0x2009, 0x202F, 0x3000), " ")
_INVISIBLE = dict.fromkeys(
    (0x00AD, 0x061C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A))
)
_INVISIBLE |= dict.fromkeys((*range(0xFE00, 0xFE10), 0xFEFF))
_MINUS = dict.fromkeys((0x2212, 0x2010, 0x2011, 0x2013, 0xFE63), "-")
_SIMPLIFIED = dict(zip(map(ord, "減無萬億條個項筆戶場頁沒淨兩"), "减无万亿条个项笔户场页没净两", strict=True))
_DRESS = str.maketrans({**_WIDTHS, **_SPACES, **_INVISIBLE, **_MINUS, **_SIMPLIFIED, 0xFFE5: "¥"})

_DASHES = re.compile(r"[-/\\—―─━‒_]+")
_NOTHING = re.compile(r"(?:无|暂无|没有|不适用|不涉及|未涉及|无此项|n/?a)[。.]?", re.I)
_FIGURE = (
    r"(?:[1-9][0-9]{0,2}(?:, ?[0-9]{3}){1,6}|[1-9][0-9]{0,2}(?: [0-9]{3}){1,6}|0|[1-9][0-9]{0,23})(?:\.[0-9]{1,12})?"
)
_NUMERAL = r"[零〇一二两三四五六七八九十百千万亿点]{1,20}"
_NUMBER = re.compile(
    rf"(?:(?P<sign>[+-])|(?P<word>净?增加?|新增|净?减少?) ?)?[¥]?"
    rf"(?:(?P<figure>{_FIGURE})|(?P<numeral>{_NUMERAL})) ?(?P<unit>{UNITS})?。?"
)
_TEXT_MARK = re.compile(r"['’‘`](?=[0-9+-])")
"""What a spreadsheet puts before a number that is kept as text."""
_WRAPPED = re.compile(r"[0-9.,]{3,24}(?:\n[0-9.,]{1,24})+")
_CHINESE = re.compile(r"[零一二三四五六七八九十百千万亿廿]{1,20}(?:点[零一二三四五六七八九]{1,12})?")


def read_number(text: str) -> Number:
    """A cell's text, as printed -> its number; `value` only where the text plainly is one.

    Unreadable on purpose: leading zeros (`007` is an index, or the zeros of three cells glued); a point without digits
    on one side (`.5`, `12.`: a digit may be lost); approximations (余, 约), ranges, dates, percentages; a multiplying
    万; a bare 一 (mostly a dash typed as a letter); digits parted by anything but one number's own line break or
    thousands space.
    """
    if len(text) > MOST_CHARACTERS:
        return UNREADABLE
    return _remembered(text) if len(text) <= _SHORT else _read(text)


def _read(text: str) -> Number:
    plain = _tidy(text)
    if mark := _TEXT_MARK.match(plain):
        plain = plain[mark.end() :]
    if not plain:
        return BLANK
    if _DASHES.fullmatch(plain) or _NOTHING.fullmatch(plain):
        return NOT_APPLICABLE
    match = _NUMBER.match(plain)
    if match is None:
        return UNREADABLE
    note = _note(plain[match.end() :])
    value = _value(match)
    if note is None or value is None:
        return UNREADABLE
    unit = match["unit"]
    if unit is None and re.fullmatch(UNITS, note):
        unit, note = note, ""
    return Number("reported", value, unit, note or None)


_remembered = lru_cache(maxsize=16384)(_read)


def chinese_number(text: str) -> Decimal | None:
    """A Chinese numeral (一百二十, 两, 十五, 三点五) -> its value; None for all else, digits in a row included."""
    plain = text.strip().replace("两", "二").replace("〇", "零")
    if plain in _DIGITS:
        return Decimal(_DIGITS[plain])
    if _CHINESE.fullmatch(plain) is None:
        return None
    from cn2an import cn2an  # type: ignore[import-untyped]

    whole, _, fraction = plain.partition("点")
    try:
        value = Decimal(str(cn2an(whole, "strict")))
        return value if not fraction else Decimal(f"{value}.{''.join(_DIGITS[digit] for digit in fraction)}")
    except ValueError:
        return None


_DIGITS = {letter: str(digit) for digit, letter in enumerate("零一二三四五六七八九")}


def _tidy(text: str) -> str:
    plain = text.replace("&nbsp;", " ").translate(_DRESS)
    lines = [" ".join(line.split()) for line in plain.splitlines()]
    plain = "\n".join(line for line in lines if line)
    if _WRAPPED.fullmatch(plain) and _wraps(plain.split("\n")):
        return plain.replace("\n", "")
    return re.sub(r"(?<![0-9.,])\n|\n(?![0-9.,])", " ", plain)


def _wraps(lines: list[str]) -> bool:
    """Whether the lines are one number that its cell broke: each line full, the last at most as long."""
    width = len(lines[0])
    return all(len(line) == width for line in lines[:-1]) and len(lines[-1]) <= width


def _value(match: re.Match[str]) -> Decimal | None:
    figure = match["figure"]
    if figure is None:
        value = None if match["numeral"] == "一" and not match["unit"] else chinese_number(match["numeral"])
    else:
        digits = re.sub("[, ]", "", figure)
        value = Decimal(digits) if len(digits) <= MOST_DIGITS else None
    if value is None:
        return None
    falls = match["sign"] == "-" or "减" in (match["word"] or "")
    return -value if falls and value else value


def _note(rest: str) -> str | None:
    """What stands in the brackets behind a number, "" for nothing; None where something stands outside of brackets."""
    rest = rest.strip()
    if not rest:
        return ""
    if rest[0] not in "([【〔":
        return None
    depth = 0
    for place, letter in enumerate(rest):
        if letter in "([【〔":
            depth += 1
        elif letter in ")]】〕":
            depth -= 1
            if depth == 0 and (after := rest[place + 1 :].strip()):
                inner = _note(after)
                return None if inner is None else f"{rest[1:place].strip()}; {inner}"
    return rest[1:].strip(")]】〕 ") if depth == 0 else rest[1:].strip()
