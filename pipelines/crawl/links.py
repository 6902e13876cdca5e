"""Which links are annual reports on information disclosure, and of which year: by the words of `links.yml`."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from pipelines.registry.checked_yaml import Pattern, load_checked

TITLE_CHARACTERS = 500

_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_CHINESE_YEAR = re.compile(r"[二2][〇○零OoО0Ｏ◯][一二三四五六七八九〇○零OoО0Ｏ◯]{2}(?=年)")
_CHINESE_DIGITS = str.maketrans("〇○零OoОＯ◯一二三四五六七八九", "00000000123456789")
_DATE = re.compile(r"20\d\d年\d{1,2}月(?:\d{1,2}日)?|20\d\d([-./])\d{1,2}\1\d{1,2}(?!\d)")
_SPAN = re.compile(r"20\d\d年?(?:度)?[-–—~至到]+20\d\d(?!\d)")
_CUT = re.compile(r"(?:…|⋯|\.{2,}|。{2,})+$")
_ENDING = re.compile(r"\.(?:s?html?|pdf|docx?|wps|xlsx?|et|ofd|zip|rar|txt)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a link is taken for a report, of which year by its title (None where that says none or several), and why:
    the words that decided."""

    taken: bool
    year: int | None
    reason: str


def judge(title: str, url: str) -> Verdict:
    """By the title, and by the address where it names reports."""
    words = _words()
    text, year = plain_title(title), year_of(title)
    if other := words.never.search(text) or _after_subject(text):
        return Verdict(False, year, other[0])
    if named := words.address.search(url):
        return Verdict(True, year or int(named["year"]), named[0])
    if report := words.reports.search(text):
        return Verdict(True, year, report[0])
    if bare := words.bare.fullmatch(text):
        return Verdict(True, year, bare[0])
    if is_cut(title) and year is not None and (cut := words.cut.search(text)):
        return Verdict(True, year, f"{cut[0]}…")
    return Verdict(False, year, "no annual report" if text else "no title")


def _after_subject(text: str) -> re.Match[str] | None:
    subject = _words().subject.search(text)
    return _words().afterwards.search(text, subject.end()) if subject else None


def belongs(title: str) -> bool:
    """Whether a file that a report's page links to, somewhere, is called like a part of the report."""
    text = plain_title(title)
    return judge(title, "").taken or bool(_words().attached.search(text) and not _words().never.search(text))


def plain_title(title: str) -> str:
    """The title in half-width characters, without spaces, the end of a file's name and the dots of a cut."""
    text = "".join(unicodedata.normalize("NFKC", title[:TITLE_CHARACTERS].replace("…", "...")).split())
    return _ENDING.sub("", _CUT.sub("", text))


def is_cut(title: str) -> bool:
    """Whether a list has cut the title short."""
    return bool(_CUT.search(title.strip()))


def year_of(title: str) -> int | None:
    """The year that a report's title names. Dates of publication do not count; of several years it is the last before
    the words for the report; None where a span of years is named, or no year at all."""
    text = _CHINESE_YEAR.sub(lambda found: found[0].translate(_CHINESE_DIGITS).replace("二", "2"), plain_title(title))
    if _SPAN.search(text):
        return None
    text = _DATE.sub("", text)
    subject = _words().subject.search(text)
    years = list(_YEAR.finditer(text))
    before = [found for found in years if subject is not None and found.end() <= subject.start()]
    chosen = before[-1] if before else years[0] if years else None
    return int(chosen[0]) if chosen else None


Patterns = Annotated[tuple[Pattern, ...], Field(min_length=1)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: Patterns
    never: Patterns
    afterwards: Patterns
    reports: Patterns
    bare: Patterns
    cut: Patterns
    attached: Patterns
    address: Patterns


@dataclass(frozen=True, slots=True)
class _Words:
    subject: re.Pattern[str]
    never: re.Pattern[str]
    afterwards: re.Pattern[str]
    reports: re.Pattern[str]
    bare: re.Pattern[str]
    cut: re.Pattern[str]
    attached: re.Pattern[str]
    address: re.Pattern[str]


@cache
def _words() -> _Words:
    file = load_checked(Path(__file__).with_suffix(".yml"), TypeAdapter(_File))
    return _Words(**{name: re.compile("|".join(patterns), re.IGNORECASE) for name, patterns in file})
