"""Values of the warehouse as a person reads them."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
LONGEST = 400
"""Letters of a text that a cell shows."""


def shown(value: object) -> str:
    """12 for 12.000000, times without seconds, lists joined; texts without what would turn or hide their letters."""
    match value:
        case None:
            return ""
        case bool():
            return "✓" if value else "✗"
        case Decimal() | float():
            return number(value)
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case list() | tuple():
            return clean("、".join(map(str, value)))
        case _:
            return clean(str(value))


def clean(text: str) -> str:
    """A text that came out of a document, made harmless to look at; Dash escapes what is left."""
    text = _CONTROLS.sub("\ufffd", text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def number(value: Decimal | float) -> str:
    """The number to its last digit that is not 0."""
    text = f"{value:f}" if isinstance(value, Decimal) else repr(value)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def percent(part: int, whole: int) -> str:
    """`12.3%`; nothing of nothing is no share. What is not all is never shown as 100, nor what is not none as 0."""
    if not whole:
        return "–"
    share = 100 * part / whole
    if part and share < 0.1:
        return "<0.1%"
    if part != whole and share > 99.9:
        return ">99.9%"
    return f"{share:.1f}%".replace(".0%", "%")


def http_address(text: str | None) -> str | None:
    """The address, where it is one that a browser may be led to; else None."""
    return text if text and re.match(r"https?://", text, re.IGNORECASE) else None
