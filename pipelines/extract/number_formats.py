"""What a spreadsheet's stored number shows: all its digits, and percent, unit or date as its number format says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache

GENERAL = "General"
BUILT_IN: dict[int, str] = {
    9: "0%",
    10: "0.00%",
    **dict.fromkeys((14, 15, 16, 17, *range(27, 37), *range(50, 59)), "yyyy-mm-dd"),
    **dict.fromkeys((18, 19, 20, 21, 45, 46, 47), "hh:mm:ss"),
    22: "yyyy-mm-dd hh:mm",
}
"""Format numbers that files use without spelling them out, as far as they change what a number means."""

_DIGITS = 15
"""Significant digits that a spreadsheet keeps; what a double holds beyond them is rounding."""
_LARGEST_PLAIN = Decimal(10) ** 30
_LAST_DAY = 2_958_466
_EPOCH = datetime(1899, 12, 30)
_DAYS_OF_1904 = 1462

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|[_*].|\[(?P<bracket>[^\]]*)\]?|(?P<general>General|G/[^\x00-\x7f]*)'
    r"|(?P<end>;)|(?P<digit>[0#?@])|(?P<percent>%)|(?P<date>AM/PM|A/P|[ymdhsYMDHS])|(?P<other>.)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Section:
    """One of a format's sections: letters (units) before and after the digits."""

    before: str = ""
    after: str = ""
    percent: bool = False
    dated: bool = False
    conditional: bool = False


def shown_number(value: float, code: str = GENERAL, *, from_1904: bool = False) -> str:
    """The stored number as text: all its digits and no more, `%` and letters (a unit) as its format prints them, an ISO
    date or time where the format is one. Grouping and rounding of the format are left out."""
    sections = _sections(code)
    section = sections[0]
    if any(other.conditional for other in sections):
        section = _Section(percent=section.percent)
    elif len(sections) > 1 and value < 0:
        section = sections[1]
    elif len(sections) > 2 and value == 0:
        section = sections[2]
    if section.dated and (shown := _shown_date(value, from_1904)):
        return shown
    number = exact(value)
    if section.percent:
        return f"{section.before}{plain_digits(number * 100)}%{section.after}"
    return f"{section.before}{plain_digits(number)}{section.after}"


def exact(value: float) -> Decimal:
    """The number that a spreadsheet shows for a stored double: 0.1 + 0.2 is 0.3."""
    return Decimal(format(value, f".{_DIGITS}g"))


def plain_digits(value: Decimal) -> str:
    """Digits without an exponent or closing zeros; with an exponent only where no table could mean it."""
    if not value.is_finite() or abs(value) >= _LARGEST_PLAIN:
        return str(value)
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _shown_date(value: float, from_1904: bool) -> str | None:
    days = value + _DAYS_OF_1904 if from_1904 else value
    if not 0 <= days < _LAST_DAY:
        return None
    moment = _EPOCH + timedelta(seconds=round(days * 86400))
    if days < 1:
        return moment.strftime("%H:%M:%S")
    return moment.strftime("%Y-%m-%d %H:%M" if moment.hour or moment.minute else "%Y-%m-%d")


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[_Section, ...]:
    sections: list[_Section] = []
    before, after, digits, flags = "", "", False, set[str]()
    for match in _TOKEN.finditer(code[:400] + ";"):
        kind = match.lastgroup or ""
        letters = _letters(match.group(kind)) if kind in ("quoted", "escaped", "other") else ""
        if kind == "end":
            dated = "date" in flags and not digits
            sections.append(_Section(before, after, "percent" in flags, dated, "conditional" in flags))
            before, after, digits, flags = "", "", False, set()
        elif kind in ("digit", "general"):
            digits, after = True, ""
        elif kind == "bracket":
            flags |= _meant_by(match.group(kind))
        elif digits:
            after += letters
        else:
            before += letters
        flags.add(kind)
    return tuple(sections)


def _letters(text: str) -> str:
    """Only what is no mere layout: letters beyond ASCII, as units are."""
    return text if not text.isascii() else ""


def _meant_by(bracket: str) -> set[str]:
    if re.fullmatch(r"[hHmMsS]+", bracket):
        return {"date"}
    return {"conditional"} if bracket[:1] in "<>=" and bracket else set()
