"""A text as sentences and clauses, and the counts in them: what comes before each number, and behind it.

A number alone in brackets (申请数量（25件）) is read as if it stood without them; of two that tell how one became the
other (由8件减少到6件) only the latter is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from pipelines.read.numbers import chinese_number
from pipelines.read.wording import simplified

LONGEST_SENTENCE = 1200

_STOP = re.compile(r"[^。；;！!？?\n]{1,4000}")
_MARKER = re.compile(
    r"^(?:[（(][一二三四五六七八九十\d]{1,2}[)）]|[一二三四五六七八九十]{1,2}、|\d{1,2}[、.．](?!\d)|[①-⑩])"
)
_ONE_COUNT = re.compile(r"[（(](?P<count>(?:共|共计|计|合计)?\d{1,9}(?:件次|人次|件|条|次|宗|起|项|封|份|例|笔))[)）]")
_BARE_BRACKETS = re.compile(r"[（(](\d{1,9})[)）](?=件|条|次|宗|起|项|份|例)")
_SHARE = re.compile(r"(?:约)?占(?!用|有)[^，。；\d]{0,10}\d{1,3}(?:\.\d{1,4})?[%％]")
_TURNED = re.compile(
    r"(?:由|从)(?:上年|去年|20\d\d年)?度?的?\d{1,9}(?:件|条|次|宗|起|项|份|例|元)[^，。；\d]{0,10}?[到至为](?:今年|本年|20\d\d年)?度?的?(?=\d)"
)
_BRACKETS = re.compile(r"[（(\[【]([^（()）\[\]【】]{0,160})[)）\]】]")
_COMMA = re.compile(
    r"(?:(?<!\d)[，,：:]|[，,：:](?!\d{3}(?!\d)))|(?<=[\d零〇一二两三四五六七八九十百千万余多][件条次宗起项封份个元])[、和及](?=[^\d])"
)
_WIDE = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)}
_UNIT = "万元|亿元|元|人次|条次|件次|批次|条|件|次|宗|起|项|封|份|个|篇|例|期|笔"
_COUNT = re.compile(
    rf"(?<![第\d.A-Za-z〔（—-])(?<![每逐任某另这那同统唯进专零〇一二两三四五六七八九十百千])(?P<near>约|近|超过|超|逾|将近|达到?近|不足)?"
    rf"(?P<figure>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d{{1,12}}(?:\.\d{{1,6}})?|[零〇一二两三四五六七八九十百千万]{{1,12}})"
    rf"(?P<times>[万亿](?!元))?(?P<more>余|多|几)?(?P<late>[万亿](?!元))?(?P<unit>{_UNIT})(?P<about>左右|以上|上下)?"
)
_BARE = re.compile(
    r"(?:(?<=[请为是数])|(?<=予以公开|部分公开|不予公开|无法提供|不予处理|其他处理))(?P<near>约|近)?(?P<figure>\d{1,3}(?:,\d{3})+|\d{1,9}|零)(?P<times>万)?(?P<more>余)?(?P<late>$^)?(?P<unit>)(?P<about>)$"
)
_FIGURE = rf"(?:\d{{1,9}}|[零〇一二两三四五六七八九十百千]{{1,8}})(?:{_UNIT})?"
_LIST = re.compile(
    rf"(?P<lead>分别(?:为|是|有|达|共)?)(?P<list>{_FIGURE}(?:(?:[，、,]|和|及|以及|与){_FIGURE}){{1,8}})"
)
_IN_LIST = re.compile(rf"(?P<figure>\d{{1,9}}|[零〇一二两三四五六七八九十百千]{{1,8}})(?P<unit>{_UNIT})?")
_TIMES = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}


@dataclass(frozen=True, slots=True)
class Count:
    """A number with its unit in a clause: `before` and `after` reach to the neighbouring numbers."""

    value: Decimal
    unit: str
    approximate: bool
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause without spaces, in simplified characters. `inside`: it stands in brackets."""

    text: str
    inside: bool
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """`printed` is the sentence to the letter; `plain` the same without spaces, simplified, without its item marker."""

    printed: str
    plain: str
    clauses: tuple[Clause, ...]


def sentences(line: str) -> Iterator[Sentence]:
    """A paragraph's sentences, parted at full stops and semicolons; without those longer than any agency writes."""
    for match in _STOP.finditer(line):
        printed = match.group().strip()
        if printed and len(printed) <= LONGEST_SENTENCE:
            plain = _MARKER.sub("", "".join(simplified(printed).translate(_WIDE).split()))
            whole = _SHARE.sub("", plain)
            counted = _TURNED.sub("", _ONE_COUNT.sub(r"\g<count>", _BARE_BRACKETS.sub(r"\1", whole)))
            yield Sentence(printed, plain, tuple(_clauses(_LIST.sub(_spelt, counted))))


def _spelt(match: re.Match[str]) -> str:
    """A list of numbers behind 分别 in digits, each with its unit, so that it stays in one clause."""
    found = list(_IN_LIST.finditer(match["list"]))
    unit = found[-1]["unit"] or ""
    values = [figure if figure[0].isdigit() else chinese_number(figure) for figure in (one["figure"] for one in found)]
    if None in values or not unit:
        return match.group()
    return match["lead"] + "、".join(f"{value}{one['unit'] or unit}" for value, one in zip(values, found, strict=True))


def _clauses(plain: str) -> Iterator[Clause]:
    at = 0
    main = ""
    for match in _BRACKETS.finditer(plain):
        main += plain[at : match.start()]
        if re.search("\\d|其中|[一二三四五六七八九十]件", match[1]):
            yield from _split(main, inside=False)
            main = ""
            yield from _split(match[1], inside=True)
        at = match.end()
    yield from _split(main + plain[at:], inside=False)


def _split(text: str, inside: bool) -> Iterator[Clause]:
    for part in _COMMA.split(text):
        if part:
            yield Clause(part, inside, tuple(_counts(part)))


def _counts(clause: str) -> Iterator[Count]:
    found = list(_COUNT.finditer(clause)) or list(_BARE.finditer(clause))
    for place, match in enumerate(found):
        value = _value(match)
        if value is None:
            continue
        yield Count(
            value=value,
            unit=match["unit"],
            approximate=bool(match["near"] or match["more"] or match["about"]),
            before=clause[found[place - 1].end() if place else 0 : match.start()],
            after=clause[match.end() : found[place + 1].start() if place + 1 < len(found) else len(clause)],
        )


def _value(match: re.Match[str]) -> Decimal | None:
    figure = match["figure"].replace(",", "")
    value = Decimal(figure) if figure[0].isdigit() else chinese_number(figure)
    if value is None:
        return None
    for letter in (match["times"], match["late"]):
        value *= _TIMES.get(letter or "", Decimal(1))
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value
