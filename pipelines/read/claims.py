"""The numbers that the narrative states, by kind, and of whom: the agency itself, more than it, a part of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from pipelines.model import Claim, Scope, Section
from pipelines.read.claim_answers import answers
from pipelines.read.claim_context import SUM, goes_on, led, opening
from pipelines.read.claim_disputes import OPENNESS
from pipelines.read.claim_kinds import kind_of, listed
from pipelines.read.claim_terms import CARRIED_IN, CARRIED_OUT, TOPIC, Context, Kind
from pipelines.read.claim_words import any_of
from pipelines.read.claim_zeros import kinds_of_none
from pipelines.read.clauses import Clause, Count, Sentence, sentences
from pipelines.read.prose import prose
from pipelines.read.scopes import scope_of, speaks_of_itself
from pipelines.read.wording import squeezed

MOST_CLAIMS = 200
_LONGEST_NAME = 24

_WORTH = re.compile(
    "申请|新收|办理|复议|诉讼|公开|结转|转结|顺延|办结|答复|处理|提供|费用|规范性文件|受理|收到|接到|无"
)
_ELSEWHERE = re.compile("主动公开情况|^主动公开|政府信息管理|平台建设|监督保障")
_REFERS_BACK = re.compile("由此|因此|为此|据此")
_COMPARED = re.compile(any_of("compared"))
_PAST = re.compile(any_of("past"))
_PLANNED = re.compile(
    "将(?:继续|进一步|从|以)|拟(?![制稿文定])|计划(?!生育)|力争|下一步|目标(?!考核|责任|管理|绩效)|预计|打算"
)
_FOR_OTHERS = re.compile(any_of("for_others"))
_MARK = re.compile(r"[（(][一二三四五六七八九十\d]{1,2}[)）]|[一二三四五六七八九十]{1,2}、|\d{1,2}[、.．](?!\d)")
_THEN_CARRIED = re.compile("(?:按规定|按要求|依法|已|将|需|均|故|因此|应|并)*(?:顺延|延续|跨|结转|转入|转至|转到|留)")
_OPENNESS_AMONG = re.compile(r"其中[^，。\d]{0,6}(?:政府)?信息公开[^，。\d]{0,10}\d")
_BESIDE = re.compile("相比|的?基础上|增加到|减少到")
_NOT_ONE = re.compile("(?:未|没有|无)(?:曾|有)?(?:接?收到|接到|接收到|受理|发生|出现|引发)?过?(?:任何)?$")
_PLAINEST = (re.compile("新收|新增"), re.compile("办结|答复|办复|回复"))
_DONE = ("applications_processed",)
_JOINT = {
    "disputes": ("reconsideration", "litigation"),
    "all": ("applications_received", "reconsideration", "litigation"),
    "handled": ("applications_received", "applications_processed"),
}


@dataclass(frozen=True, slots=True)
class _Found:
    claim: Claim
    fresh: bool = False
    year: int | None = None


@dataclass(frozen=True, slots=True)
class _Under:
    """The heading over a line: whether it is of applications, and how it is marked (`（一）`, `（1）`, `一、`)."""

    topic: bool = False
    style: str = ""


def claims(sections: tuple[Section, ...], agency: str | None, year: int | None) -> tuple[Claim, ...]:
    """The claims of a report's prose, in its order; `agency` and `year` are the report's own.

    A claim whose reach is in doubt has the scope `unknown`; so have claims of one kind that contradict each other.
    """
    found: list[_Found] = []
    for section in sections:
        if section.code in ("statistics", "problems"):
            continue
        under, before = _Under(), ""
        for line in prose(section).splitlines():
            under = _headed(line, under)
            continued = bool(TOPIC.search(before) and (_REFERS_BACK.match(line) or before.endswith("；")))
            found += _line(line, section.code, agency, year, under.topic or continued, before)
            before = line
            if len(found) > MOST_CLAIMS:
                break
    return _settled(found[:MOST_CLAIMS], year)


def _headed(line: str, under: _Under) -> _Under:
    """The heading under which a line stands: its own, or the one above it. Items of another style lie within."""
    plain = squeezed(line)[:60]
    mark = _MARK.match(plain)
    if mark is None:
        if len(plain) > 16 or re.search("[，。；：\\d]", plain):
            return under
        return _Under(bool(TOPIC.search(plain)), "")
    style = re.sub(r"\d+", "1", re.sub("[一二三四五六七八九十]+", "一", mark.group()))
    if under.topic and style != under.style:
        return under
    return _Under(bool(TOPIC.search(re.split("[，。；]", plain[mark.end() :])[0][:24])), style)


def _line(line: str, code: str, agency: str | None, year: int | None, continued: bool, before: str) -> Iterator[_Found]:
    """The claims of a paragraph. `continued`: what stands above it speaks of applications; `before`: the one above."""
    topic, dispute = code == "application" or continued, code == "review"
    for sentence in sentences(line):
        ahead, before = before, sentence.plain
        named = len(ahead) <= _LONGEST_NAME and _WORTH.search(ahead)
        if not named and not _WORTH.search(sentence.plain):
            continue
        under = topic
        topic = topic or bool(TOPIC.search(sentence.plain)) or answers(sentence.plain)
        if topic and _ELSEWHERE.search(sentence.plain):
            topic = bool(TOPIC.search(sentence.plain))
        about = bool(OPENNESS.search(sentence.plain))
        context = opening(sentence, topic, dispute or topic or about, under)
        yield from _sentence(sentence, code, agency, year, context, ahead)
        dispute = dispute or (about and bool(re.search("复议|诉讼", sentence.plain)))


def _sentence(
    sentence: Sentence, code: str, agency: str | None, year: int | None, context: Context, before: str
) -> Iterator[_Found]:
    """The claims of a sentence; `before` is what stands ahead of it."""
    said = ""
    parts = Decimal(0)
    narrowed = bool(_OPENNESS_AMONG.search(sentence.plain))
    loose: Count | None = None
    left: Decimal | None = None
    whole: tuple[str, ...] = ()
    for clause in led(sentence.clauses, _MARK.sub("", squeezed(before))):
        if _PLANNED.search(clause.text):
            return
        local = goes_on(clause, context, agency, year)
        if not clause.inside:
            context, left = _split_up(clause, local, left)
        if clause.text.startswith("其中") and not local.part:
            said = ""
        local = replace(local, part=local.part or (clause.inside and not context.joint))
        if loose and _THEN_CARRIED.match(clause.text) and CARRIED_OUT.search(clause.text) and not clause.counts:
            reach = scope_of(said + clause.text, clause.text, agency)
            yield _Found(Claim("applications_carried_out", reach, loose.value, sentence.printed, False, code))
        loose = _loose(clause, local)
        if whole and (own := _own_share(clause, agency, narrowed)):
            yield from (_Found(Claim(k, "own", own.value, sentence.printed, own.approximate, code)) for k in whole)
            continue
        whole = ()
        for kind, value, part, count in _clause(clause, before, local):
            if narrowed and count and kind in _JOINT["disputes"]:
                if not OPENNESS.search(count.before):
                    whole = (*whole, kind)
                    continue
                part = False
            scope: Scope = (
                "part" if part else scope_of(said + clause.text, count.before if count else clause.text, agency)
            )
            if kind == "unsure":
                kind, scope = "applications_received", "part" if part else "unknown"
            if "备案" in clause.text:
                scope = "part"
            elif scope == "own" and _FOR_OTHERS.search(clause.text):
                scope = "unknown"
            if kind == "applications_received" and scope in ("part", "narrower"):
                parts += value
            if kind == "applications_processed":
                context = replace(context, done=True)
            if scope == "wider" and count:
                whole = (*whole, kind)
            claim = Claim(kind, scope, value, sentence.printed, bool(count and count.approximate), code)
            yield _Found(claim, bool(count and _PLAINEST[kind in _DONE].search(count.before)), local.year)
        for count in clause.counts:
            if parts and count.value == parts and SUM.fullmatch(count.before):
                reach = scope_of(clause.text, count.before, agency)
                claim = Claim("applications_received", reach, parts, sentence.printed, count.approximate, code)
                yield _Found(claim, False, local.year)
        said, before = clause.text + "，", clause.text


def _split_up(clause: Clause, context: Context, left: Decimal | None) -> tuple[Context, Decimal | None]:
    """The context behind a clause, and what is left of the number that it splits up or states. Where the parts behind
    其中 add up to the whole, what follows is none of its parts."""
    counted = sum((count.value for count in clause.counts), Decimal(0))
    if not context.part:
        return context, clause.counts[-1].value if clause.counts else left
    rest = None if left is None else left - counted
    return replace(context, part=context.part and rest != 0), rest


def _own_share(clause: Clause, agency: str | None, narrowed: bool) -> Count | None:
    """The number that is meant behind that of a wider whole, where it says nothing but whose it is (`其中我局2件`) or,
    if `narrowed`, that it is of openness (`其中涉及政府信息公开2件`)."""
    only = clause.counts[0] if len(clause.counts) == 1 and clause.text.startswith("其中") else None
    short = only and len(only.before) <= _LONGEST_NAME and not only.after
    about = narrowed and OPENNESS.search(clause.text) and not re.search("复议|诉讼", clause.text)
    itself = speaks_of_itself(clause.text, agency) and not _WORTH.search(clause.text)
    return only if short and (about or itself) else None


def _loose(clause: Clause, context: Context) -> Count | None:
    """The last number of a clause about applications, where it names neither what it counts nor what became of it."""
    last = clause.counts[-1] if clause.counts else None
    if last is None or not context.topic or context.other or context.documents or clause.text.startswith("其中"):
        return None
    return last if kind_of(last.before, last, clause, context).kind is None else None


def _clause(clause: Clause, ahead: str, context: Context) -> Iterator[tuple[str, Decimal, bool, Count | None]]:
    """Kind, value, whether it is a part of another number, and the number (None where words say zero)."""
    for absent in kinds_of_none(clause.text, ahead, context):
        yield absent, Decimal(0), context.months or context.some, None
    if context.since:
        return
    named = listed(clause, context)
    for (kind, part), count in _one_by_one(clause, context) if named is None else named:
        value = count.value * 10_000 if kind == "information_fee" and count.unit == "万元" else count.value
        for one in _JOINT.get(kind, (kind,)) if kind else ():
            some = context.some and one != "information_fee"
            yield one, value, part or context.months or some, count


def _one_by_one(clause: Clause, context: Context) -> Iterator[tuple[Kind, Count]]:
    for count in clause.counts:
        before = count.before.removeprefix("其中").lstrip("，：")
        if _BESIDE.match(count.after) or (count.value == 1 and _NOT_ONE.search(count.before)):
            continue
        if not _COMPARED.search(before) and (CARRIED_IN.search(before) or not _PAST.search(before)):
            yield kind_of(before, count, clause, context), count


def _settled(found: list[_Found], year: int | None) -> tuple[Claim, ...]:
    """The claims once they know of each other: another year's are dropped where this year has its own, twins are one,
    and where several own ones of a kind differ, those of applications newly received win, or none."""
    kept = [f for f in found if not _stale(f, found, year)]
    result: dict[tuple[str, Scope, Decimal], Claim] = {}
    for kind in dict.fromkeys(f.claim.kind for f in kept):
        own = [f for f in kept if f.claim.kind == kind and f.claim.scope == "own"]
        values = {f.claim.value for f in own}
        sure = values if len(values) < 2 else {f.claim.value for f in own if f.fresh}
        for one in kept:
            claim = one.claim
            if claim.kind != kind:
                continue
            if claim.scope == "own" and (len(sure) != 1 or claim.value not in sure):
                claim = replace(claim, scope="unknown")
            result.setdefault((claim.kind, claim.scope, claim.value), claim)
    order = [f.claim.quote for f in found]
    return tuple(sorted(result.values(), key=lambda claim: order.index(claim.quote)))


def _stale(one: _Found, found: list[_Found], year: int | None) -> bool:
    if year is None or one.year in (None, year):
        return False
    return any(f.claim.kind == one.claim.kind and f.year in (None, year) for f in found)
