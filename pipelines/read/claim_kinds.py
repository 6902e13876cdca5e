"""What a number of the narrative counts: applications, their answers, disputes over them, fees, what was published."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.read.claim_disputes import dispute
from pipelines.read.claim_words import any_of, outcomes
from pipelines.read.clauses import Clause, Count


@dataclass(frozen=True, slots=True)
class Context:
    """What a clause inherits from what stands before it.

    `topic`: applications are spoken of; `dispute`: disputes over openness are. `part`: the numbers are parts of another
    one; `year`: whose they are; `since`: of several years; `months`: of a part of the year; `some`: of some of those
    who asked. `documents`: documents are
    counted; `other`: something else was, last. `apart`: the sentence counts kinds of applicants one by one; `answers`:
    it names groups of answers; `late`: it counts late ones; `asked`: it has named applications; `done`: it has counted
    those dealt with; `fee`: it has named the fee. `under`: the sentence stands below words on applications.
    """

    topic: bool
    dispute: bool
    part: bool = False
    year: int | None = None
    documents: bool = False
    other: bool = False
    since: bool = False
    months: bool = False
    some: bool = False
    apart: bool = False
    answers: bool = False
    late: bool = False
    asked: bool = False
    done: bool = False
    fee: bool = False
    under: bool = False


class Kind(NamedTuple):
    """`kind` of a claim, `disputes` for both kinds of disputes, `handled` for applications both received and dealt
    with, `unsure` where applications or answers may be meant; None where the number is none of a claim. `part`: whether
    it is a part of another number."""

    kind: str | None
    part: bool = False


NOTHING = Kind(None)

APPLICATION = any_of("applications")
OBJECT = f"(?:{APPLICATION}|{any_of('short_applications')})"
TOPIC = re.compile(r"依申请|信息公开的?申请|公开申请|申请公开|政府信息申请")
CARRIED_IN = re.compile(
    r"(?:上一?年度?|去年|20\d\d年度?)[^，。下]{0,6}(?:结转|转入|转接|转来|遗留|延续|顺延|未办结)|结转(?:自)?(?:上一?年|去年)"
)
CARRIED_OUT = re.compile(
    r"(?:结转|转入|转至|转到|转|顺延|延续|延至|留|跨)[^，。上]{0,6}(?:下一?年|次年|明年|来年)|结转(?:至|到)?20\d\d年(?:度)?(?:继续)?"
    r"|(?:下一?年度?|次年)继续(?:办理|答复)"
)
_FROM_YEAR_TO_YEAR = re.compile(r"20\d\d年度?[^，。]{0,6}结转(?:至|到)?(?:本|20\d\d)年")
_TAKEN = any_of("taken")
_RECEIVED = re.compile(rf"{_TAKEN}(?P<mid>[^，。]{{0,30}}?)(?:{OBJECT}(?P<tail>[^，。]{{0,18}}))?$")
_STRONG = re.compile(APPLICATION)
_STRONG_AHEAD = re.compile(rf"(?:的)?(?:政府信息|信息)?(?:的)?{APPLICATION}")
_PLAIN = re.compile(rf"(?:{any_of('filler')}|{any_of('anybody')}|{any_of('short_applications')}){{0,8}}")
_OTHER = re.compile(rf"{any_of('other_things')}(?!类(?:的)?申请)|不动产")
_CASES = re.compile("^(?:的)?(?:办件|案件|业务|登记)")
_CHANNEL = re.compile(any_of("channels"))
_CHANNEL_FIRST = re.compile(rf"(?:^|年|，)({any_of('channels')})(?:方式|渠道|形式|途径|共|上)*$")
_ALL_APPLICANTS = re.compile(
    "公民、法人(?:和|或|及|与|、)?(?:者)?其他组织|(?:自然人|个人|公民)、?(?:和|或)?(?:法人|单位|企业)(?:、?(?:和|或|及|与)?其他组织)?"
)
ALL_WAYS = re.compile(
    "线上(?:、|和|及|与)?线下|[^，。]{0,40}(?:和|及|或|等)其[他它](?:形式|方式|渠道|途径)|[^，。]{0,24}等(?:各种|多种|不同|各)?(?:形式|方式|渠道|途径)|(?:各种|多种|不同|各类)(?:形式|方式|渠道|途径)"
)
_THERE_ARE = re.compile("(?:共有|共|计|有)$")
_BY_CHANNEL = re.compile(rf"{any_of('channels')}[^，。]{{0,8}}申请(?:公开)?(?:共|共计)?$")
_UNSURE = re.compile(
    r"(?:依申请公开|信息公开申请|公开申请)(?:政府信息|信息|事项|的申请|申请|办件|受理|收件){0,2}(?:数量|数|总数|总量|量)?(?:共|共计|合计|为|是|总计)*$"
)
_AMOUNT = re.compile(rf"{OBJECT}(?:的)?(?:数量|总数|总量|件数|量)(?:共|共计|合计|计|为|是|有|达到?|升至|降至)*$")
_PROCESSED = re.compile(
    r"(?:办理结果|办结|办理完毕|办理答复|办理|答复|办复|处理|回复)(?:完毕|完成)?(?P<mid>[^，。]{0,24})$"
)
GROUPS = tuple((kind, re.compile(words)) for kind, words in outcomes().items())
_OUTCOMES = (*GROUPS, ("granted", re.compile(rf"(?<![不部分]){any_of('granted')}")))
_AMONG_OTHERS = (
    ("granted", re.compile("(?:其中|依法|作出|作了|结果)*公开(?:答复|决定)?(?:的|共|数|类)*")),
    ("denied", re.compile("(?:其中|依法|作出|作了|结果)*不公开(?:答复|决定)?(?:的|共|数|类)*")),
)
"""Words that mean a group of answers only where the sentence names other groups."""
_AHEAD = re.compile(
    r"(?:申请|的|为|属于|作出|作了|依法|系|被|决定|告知|由于|因|[^，。]{0,8}类){0,4}(?P<outcome>[^，。]{4})"
)
_BETWEEN = re.compile("[、，和及]")
_NO_OUTCOME = re.compile("制发|制作|公文|文件|属性")
_OF_DOCUMENTS = re.compile("(?:历史|政策|各类|行政)?(?:文件|公文)")
_REASON = re.compile(any_of("reasons"))
DOCUMENTS = re.compile(
    "(?:公文|文件|发文)(?:总?数量?|共|总计|共计|合计|累计|达|为|是)*$|制[发作](?:各类|政府|信息|公文|文件|的|共|共计)*$|属性"
    "|(?:保密审查|审核|审查)(?:各类|拟公开|政府|信息|稿件|公文|了|共)*$"
)
"""What leads to a number of documents: the parts that follow are theirs, and no answers to applications."""
_HANDLED = re.compile(
    rf"{_TAKEN}(?:并且?|、|和|及|且|后)(?:全部|按时|按期|及时|依法|依规|均|已)*(?:办结|答复|回复|办复)(?P<mid>[^，。]{{0,24}})$"
)
_ALL_DONE = re.compile(
    r"(?:政府信息公开|依申请公开|信息公开)?申请(?:件|事项|公开)?(?:已|均|全部|都|依法){1,4}[^，。]{0,20}(?:答复|办结|办理完毕|回复|办复)"
)
_ALL_OF_THEM = re.compile("(?:上述|以上|全部|所有|这|这些|对|该|共|其中)*")
_SOME = re.compile("延期|超期|逾期|转办|交办")
_JUST_CARRIED = re.compile("(?:剩余|其余|尚有|剩)?结转(?:了|的)?(?:申请|办理)?")
_FEE = re.compile(
    r"(?:信息处理费|信息公开处理费|处理费|(?:信息公开|依申请公开|申请公开)(?:收取)?(?:的)?(?:收费|费用))[^，。每]{0,14}$"
)
_FEE_AGAIN = re.compile(
    "(?:实际|共|依法|合计)?(?:收取|实收)(?:的)?(?:总)?(?:金额|费用)?(?:共计|共|为|是)*$|^(?:共计|合计|共|总计)$"
)
_NO_FEE_TAKEN = re.compile("标准|按量|减免|免收|应收|退还|支出|预算")
_DISCLOSED = re.compile(
    r"主动公开[^，。依]{0,24}$|(?:^|共|累计|全年|年度?|我.)公开(?:各类|了|的)*(?:政府|政务|重点领域)?(?:信息|内容)(?:共|共计|累计|达)*$"
)
_NORMATIVE = re.compile(r"(?:制发|制定|出台|印发|发布|制订)(?:了|的)?(?:行政)?规范性文件(?:共|共计)?$")


def counts_something_else(count: Count) -> bool:
    """Whether a number plainly is of something else than applications, so that what follows speaks of that."""
    led = count.before[-30:]
    if _STRONG_AHEAD.match(count.after):
        return False
    behind = _CASES.sub("", led[_strong(led) :], count=1)
    return bool(_OTHER.search(behind) or _OTHER.match(count.after))


def _strong(text: str) -> int:
    """Where the last word for an application ends; 0 where there is none."""
    return max((match.end() for match in _STRONG.finditer(text)), default=0)


def answers(text: str) -> bool:
    """Whether a text names two groups of answers or more: it speaks of applications, then, and of nothing else."""
    return sum(bool(pattern.search(text)) for _, pattern in _OUTCOMES) > 1 and not DOCUMENTS.search(text)


def names_answers(text: str) -> bool:
    """Whether a text names a group of answers that is not the granted ones, so that 公开 may mean those."""
    return any(pattern.search(text) for _, pattern in GROUPS) and not DOCUMENTS.search(text)


def kind_of(before: str, count: Count, clause: Clause, context: Context) -> Kind:
    """`before` is what leads to the number, without the word that says that it is a part."""
    if count.unit in ("元", "万元", "亿元"):
        fee = _FEE.search(before) or (context.fee and _FEE_AGAIN.search(before))
        rate = _NO_FEE_TAKEN.search(before) or count.after.startswith(("/", "每", "一件"))
        return Kind("information_fee" if fee and not rate and count.unit != "亿元" else None, context.part)
    if disputed := dispute(before, count, clause, context.dispute, context.part):
        return Kind(*disputed)
    if re.search("复议|诉讼", before + count.after[:8]):
        return NOTHING
    if count.unit in ("篇", "期", "人次", "笔"):
        return Kind("items_disclosed", True) if _DISCLOSED.search(before) else NOTHING
    if context.documents:
        return _published(before, count)
    if (context.topic or context.dispute) and not context.other:
        if carried := _carried(before, count, clause, context):
            return carried
        if context.topic and (group := _outcome(before, count, clause, context)):
            return group
    return _application(before, count, context) or _published(before, count)


def listed(clause: Clause, context: Context) -> list[tuple[Kind, Count]] | None:
    """The kinds of numbers that follow their names (行政复议、行政诉讼分别为5件、3件): None where none do, empty where
    there are fewer names than numbers."""
    if len(clause.counts) < 2 or (end := clause.counts[0].before.rfind("分别")) < 0:
        return None
    names = re.split("、|以及|和|及|与|或", clause.counts[0].before[:end])[-len(clause.counts) :]
    if len(names) < len(clause.counts):
        return []
    return [(kind_of(name, count, clause, context), count) for name, count in zip(names, clause.counts, strict=True)]


def _carried(before: str, count: Count, clause: Clause, context: Context) -> Kind | None:
    """What was carried out of the year, or into it; by what follows the number where nothing before it says more."""
    if CARRIED_OUT.search(before) and not _FROM_YEAR_TO_YEAR.search(before):
        return Kind("applications_carried_out")
    if CARRIED_IN.search(before):
        return Kind("applications_carried_in")
    if context.done and _JUST_CARRIED.fullmatch(before):
        return Kind("applications_carried_out")
    ahead = CARRIED_OUT.search(count.after[:24])
    if ahead and count is clause.counts[-1] and not re.search("|".join((_TAKEN, "办|答复|公开|提供|处理")), before):
        return Kind("applications_carried_out")
    return None


def _outcome(before: str, count: Count, clause: Clause, context: Context) -> Kind | None:
    """The group of answers that a number counts: named before it, or behind it where its list is written so."""
    if _NO_OUTCOME.search(before) or _OF_DOCUMENTS.match(count.after):
        return None
    pieces = _BETWEEN.split(before)
    if count is not clause.counts[0] and (len(pieces) > 1 or _names_follow(clause, context)):
        pieces = pieces[1:] or [""]
    led = pieces[-1]
    found = [kind for piece in pieces for kind in _groups(piece)]
    if not found and context.answers:
        found = [kind for kind, pattern in _AMONG_OTHERS if pattern.fullmatch(led)]
    if not found and _PLAIN.fullmatch(led.removeprefix("有")):
        found = _groups_ahead(count, context)
    if len(found) != 1:
        return NOTHING if found else None
    reasons = _REASON.findall(led)
    alone = bool(reasons) and "等" not in led
    return Kind(found[0], (context.part and clause.inside) or alone)


def _groups(text: str) -> list[str]:
    return [kind for kind, pattern in _OUTCOMES if pattern.search(text)]


def _groups_ahead(count: Count, context: Context) -> list[str]:
    named = (*_OUTCOMES, *_AMONG_OTHERS) if context.answers else _OUTCOMES
    if ahead := _AHEAD.match(_BETWEEN.split(count.after[:24])[0]):
        return [kind for kind, pattern in named if pattern.match(ahead["outcome"])]
    return []


def _names_follow(clause: Clause, context: Context) -> bool:
    """Whether a clause names its numbers behind them: `5件予以公开、3件部分公开`."""
    first = clause.counts[0]
    return not _groups(first.before) and bool(_groups_ahead(first, context))


def _application(before: str, count: Count, context: Context) -> Kind | None:
    """Applications that came in, or that were dealt with."""
    if context.topic and _ALL_OF_THEM.fullmatch(before) and _ALL_DONE.match(count.after):
        return Kind("applications_processed", context.part)
    if _handled(before, count, context):
        return Kind("handled", context.part)
    if match := _RECEIVED.search(before):
        between = match["mid"] + (match["tail"] or "")
        if _OTHER.search(between) or _OTHER.search(count.after[:10]):
            return NOTHING
        plain = bool(_PLAIN.fullmatch(match["mid"]) and _PLAIN.fullmatch(match["tail"] or ""))
        named = _STRONG.search(before, match.start()) or _STRONG_AHEAD.match(count.after)
        if named or (plain and (_STRONG.search(before) or (context.topic and not context.other))):
            fresh = "新收" in before or "新增" in before
            part = (context.part and not fresh) or _is_channel(before, match, context)
            return Kind("applications_received", part)
        asked = context.topic and not context.other and _CHANNEL.search(between)
        return Kind("applications_received", True) if asked else NOTHING
    if match := _PROCESSED.search(before):
        if _OTHER.search(match["mid"]) or _OTHER.search(count.after[:10]) or context.other or not context.topic:
            return NOTHING
        named = _STRONG.search(match["mid"]) or _STRONG_AHEAD.match(count.after)
        part = context.part or bool(_SOME.search(before) or (context.late and re.search("按[时期]", before)))
        return Kind("applications_processed", part) if named or _PLAIN.fullmatch(match["mid"]) else NOTHING
    if _BY_CHANNEL.search(before):
        return Kind("applications_received", True)
    if _THERE_ARE.search(before) and _STRONG_AHEAD.match(count.after):
        return Kind("applications_received", context.part)
    if _AMOUNT.search(before) and context.topic and not context.other and not _OTHER.search(before):
        return Kind("applications_received", context.part)
    if _UNSURE.search(before) and not re.search("制发|制作|公文|文件|属性", before):
        sure = bool(re.search("信息公开申请|公开申请|公开(?:办件|受理|收件)|新增", before))
        sure = sure or count.value == 0 or context.under
        return Kind("applications_received" if sure else "unsure", context.part)
    return None


def _handled(before: str, count: Count, context: Context) -> bool:
    """Whether one number is of applications received and dealt with: `受理并办结政府信息公开申请33件`."""
    match = _HANDLED.search(before)
    if match is None or _OTHER.search(match["mid"]) or _OTHER.search(count.after[:10]):
        return False
    if _STRONG.search(match["mid"]) or _STRONG_AHEAD.match(count.after):
        return True
    return context.topic and not context.other and bool(_PLAIN.fullmatch(match["mid"]))


def _is_channel(before: str, match: re.Match[str], context: Context) -> bool:
    """Whether only those who asked in one way, or one kind of applicant, are counted."""
    between = _ALL_APPLICANTS.sub("", ALL_WAYS.sub("", match["mid"]))
    ways = ALL_WAYS.sub("", before[: match.start()])
    ahead = re.search(r"(?:通过|以|采用|来自|经)([^，。]{1,14})$", ways) or _CHANNEL_FIRST.search(ways)
    alone = context.apart and "公民" in between
    return bool(alone or _CHANNEL.search(between) or (ahead and _CHANNEL.search(ahead[1])))


def _published(before: str, count: Count) -> Kind:
    if _NORMATIVE.search(before):
        return Kind("normative_issued")
    if _DISCLOSED.search(before) and "申请" not in before:
        return Kind("items_disclosed", bool(re.search("微信|微博|公众号|抖音|新媒体|公示栏|公报|头条", before)))
    return NOTHING
