"""The numbers that the narrative states, by kind, and of whom: the agency itself, more than it, a part of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from pipelines.model import Claim, Scope, Section
from pipelines.read.claim_kinds import (
    CARRIED_IN,
    CARRIED_OUT,
    DOCUMENTS,
    TOPIC,
    Context,
    Kind,
    answers,
    counts_something_else,
    kind_of,
    listed,
)
from pipelines.read.claim_words import any_of
from pipelines.read.claim_zeros import kinds_of_none
from pipelines.read.clauses import Clause, Count, Sentence, sentences
from pipelines.read.prose import prose
from pipelines.read.scopes import scope_of, speaks_of_itself
from pipelines.read.wording import squeezed

MOST_CLAIMS = 200

_WORTH = re.compile("申请|新收|办理|复议|诉讼|公开|结转|顺延|办结|答复|处理|提供|费用|规范性文件|受理|收到|接到|无")
_ELSEWHERE = re.compile("主动公开情况|^主动公开|政府信息管理|平台建设|监督保障")
_REFERS_BACK = re.compile("由此|因此|为此|据此")
_DISPUTE_ABOUT = re.compile("信息公开|政务公开|依申请|公开工作|公开申请|信息主动公开")
_COMPARED = re.compile(any_of("compared"))
_PAST = re.compile(any_of("past"))
_PLANNED = re.compile(
    "将(?:继续|进一步|从|以)|拟(?![制稿文定])|计划(?!生育)|力争|下一步|目标(?!考核|责任|管理|绩效)|预计|打算"
)
_FOR_OTHERS = re.compile(any_of("for_others"))
_MONTH = re.compile(r"(?:^|[^\d年至—-])(?:[1-9]|1[0-2])月份?(?!\d|底|末)|季度|半年")
_SINCE = re.compile(
    r"(?:条例|规定|办法|制度|网站|平台|专栏|系统|机构)[^，]{0,10}(?:施行|实施|开通|上线|运行|成立|公布)[^，]{0,4}以来|历年"
    r"|[近最][二三四五六七八九十两几]年|[二三四五六七八九十两几]年(?:以)?来|(?:自|从)?(?P<year>20\d\d)年[^，]{0,12}(?:以来|开始|起(?!至))"
)
_MARK = re.compile(r"[（(][一二三四五六七八九十\d]{1,2}[)）]|[一二三四五六七八九十]{1,2}、|\d{1,2}[、.．](?!\d)")
_SUM = re.compile("(?:总共|共计|合计|总计|共|以上)+")
_APPLICATIONS = re.compile("申请(?!公开)|收到|受理|答复|办结")


@dataclass(frozen=True, slots=True)
class _Found:
    claim: Claim
    fresh: bool = False
    year: int | None = None


@dataclass(frozen=True, slots=True)
class _Under:
    """The heading over a line: whether it is of applications, and how it is marked (`（）`, `、`, `.`)."""

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
            goes_on = bool(TOPIC.search(before) and (_REFERS_BACK.match(line) or before.endswith("；")))
            found += _line(line, section.code, agency, year, under.topic or goes_on)
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
    style = re.sub("[一二三四五六七八九十\\d]+", "", mark.group())
    if under.topic and style != under.style:
        return under
    return _Under(bool(TOPIC.search(re.split("[，。；]", plain[mark.end() :])[0][:24])), style)


def _line(line: str, code: str, agency: str | None, year: int | None, goes_on: bool) -> Iterator[_Found]:
    """The claims of a paragraph; `goes_on` where what stands above it speaks of applications."""
    topic, dispute = code == "application" or goes_on, code == "review"
    for sentence in sentences(line):
        if not _WORTH.search(sentence.plain):
            continue
        topic = topic or bool(TOPIC.search(sentence.plain)) or answers(sentence.plain)
        if topic and _ELSEWHERE.search(sentence.plain):
            topic = bool(TOPIC.search(sentence.plain))
        about = bool(_DISPUTE_ABOUT.search(sentence.plain))
        context = Context(topic, dispute or topic or about, apart=_counts_applicants(sentence))
        yield from _sentence(sentence, code, agency, year, context)
        dispute = dispute or (about and bool(re.search("复议|诉讼", sentence.plain)))


def _counts_applicants(sentence: Sentence) -> bool:
    """Whether citizens, and others than citizens, have a number each."""
    led: list[str] = []
    for clause in sentence.clauses:
        if clause.inside or clause.text.startswith("其中"):
            break
        led += [count.before for count in clause.counts]
    others = [before for before in led if re.search("法人|企业|组织|单位", before) and "公民" not in before]
    return bool(others) and any("公民" in before for before in led)


def _sentence(
    sentence: Sentence, code: str, agency: str | None, year: int | None, context: Context
) -> Iterator[_Found]:
    said = before = ""
    parts = Decimal(0)
    for clause in _led(sentence.clauses):
        if _PLANNED.search(clause.text):
            return
        context = _goes_on(clause, context, agency, year)
        if clause.text.startswith("其中") and not context.part:
            said = ""
        local = replace(context, part=context.part or clause.inside)
        for kind, value, part, count in _clause(clause, before, local):
            scope: Scope = (
                "part" if part else scope_of(said + clause.text, count.before if count else clause.text, agency)
            )
            if kind == "unsure":
                kind, scope = "applications_received", "part" if part else "unknown"
            if "备案" in clause.text:
                scope = "part"
            elif scope == "own" and _FOR_OTHERS.search(clause.text):
                scope = "unknown"
            if kind == "applications_received" and scope == "part":
                parts += value
            claim = Claim(kind, scope, value, sentence.printed, bool(count and count.approximate), code)
            yield _Found(claim, bool(count and re.search("新收|新增", count.before)), local.year)
        for count in clause.counts:
            if parts and count.value == parts and _SUM.fullmatch(count.before):
                claim = Claim("applications_received", "own", parts, sentence.printed, count.approximate, code)
                yield _Found(claim, False, local.year)
        said, before = clause.text + "，", clause.text


def _led(clauses: tuple[Clause, ...]) -> Iterator[Clause]:
    """The clauses, each number that a comma parts from what it counts (收到申请，共37件) led by that again."""
    ahead: Clause | None = None
    for clause in clauses:
        first = clause.counts[0] if clause.counts else None
        if first and ahead and not ahead.counts and _SUM.fullmatch(first.before):
            counts = (replace(first, before=ahead.text + first.before), *clause.counts[1:])
            clause = replace(clause, text=ahead.text + clause.text, counts=counts)
        yield clause
        ahead = clause


def _goes_on(clause: Clause, context: Context, agency: str | None, year: int | None) -> Context:
    """The context in which a clause's numbers stand, from that of the clause ahead of it."""
    years = re.findall(r"(?<!\d)(20[0-3]\d)年", clause.text)
    if years and not CARRIED_IN.search(clause.text) and not CARRIED_OUT.search(clause.text):
        context = replace(context, year=int(years[-1]), since=False)
    if (match := _SINCE.search(clause.text)) and (match["year"] is None or match["year"] != str(year)):
        context = replace(context, since=True)
    whole = clause.text.startswith("其中") and speaks_of_itself(clause.text, agency)
    context = replace(context, part=(context.part or clause.text.startswith("其中")) and not whole)
    if any(DOCUMENTS.search(count.before) for count in clause.counts):
        context = replace(context, documents=True)
    elif _APPLICATIONS.search(clause.text):
        context = replace(context, documents=False)
    if any(counts_something_else(count) for count in clause.counts):
        return replace(context, other=True)
    return replace(context, other=context.other and not TOPIC.search(clause.text))


def _clause(clause: Clause, ahead: str, context: Context) -> Iterator[tuple[str, Decimal, bool, Count | None]]:
    """Kind, value, whether it is a part of another number, and the number (None where words say zero)."""
    for absent in kinds_of_none(clause.text, ahead, context):
        yield absent, Decimal(0), False, None
    if context.since:
        return
    named = listed(clause, context)
    for (kind, part), count in _one_by_one(clause, context) if named is None else named:
        if kind == "disputes":
            yield "reconsideration", count.value, part, count
            yield "litigation", count.value, part, count
        elif kind is not None:
            value = count.value * 10_000 if kind == "information_fee" and count.unit == "万元" else count.value
            yield kind, value, part or bool(_MONTH.search(clause.text)), count


def _one_by_one(clause: Clause, context: Context) -> Iterator[tuple[Kind, Count]]:
    for count in clause.counts:
        before = count.before.removeprefix("其中").lstrip("，：")
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
