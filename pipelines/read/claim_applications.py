"""The applications that a number of the narrative counts: those that came in, were dealt with, were carried over."""

from __future__ import annotations

import re

from pipelines.read.claim_terms import (
    ALL_WAYS,
    CARRIED_IN,
    CARRIED_OUT,
    CASES,
    CHANNEL,
    NOTHING,
    OBJECT,
    OTHER,
    PLAIN,
    RECEIVED,
    STRONG,
    STRONG_AHEAD,
    TAKEN,
    Context,
    Kind,
)
from pipelines.read.claim_words import any_of
from pipelines.read.clauses import Clause, Count

_FROM_YEAR_TO_YEAR = re.compile(r"20\d\d年度?[^，。]{0,6}结转(?:至|到)?(?:本|20\d\d)年")
_CHANNEL_FIRST = re.compile(rf"(?:^|年|，)({any_of('ways', 'applicants')})(?:方式|渠道|形式|途径|共|上)*$")
_ALL_APPLICANTS = re.compile(
    "公民、法人(?:和|或|及|与|、)?(?:者)?其他组织|(?:自然人|个人|公民)、?(?:和|或)?(?:法人|单位|企业)(?:、?(?:和|或|及|与)?其他组织)?"
)
_THERE_ARE = re.compile("(?:共有|共|计|有|提出|提交|递交)了?$")
_BY_CHANNEL = re.compile(rf"{any_of('ways', 'applicants')}[^，。]{{0,8}}申请(?:公开)?(?:共|共计)?$")
_UNSURE = re.compile(
    r"(?:依申请公开|信息公开申请|公开申请|(?<!依)申请公开(?:政府|有关|相关)?信息)(?:政府信息|信息|事项|的申请|申请|办件|受理|收件){0,2}(?:情况|方面|工作)?(?:数量|数|总数|总量|量)?(?:全年|本年度?|20\d\d年度?|共|共计|合计|为|是|总计)*$"
)
_AMOUNT = re.compile(
    rf"{OBJECT}(?:的)?(?:数量|总数|总量|件数|量|数)(?:全年|本年度?|20\d\d年度?|共|共计|合计|计|为|是|有|达到?|升至|降至)*$"
)
_PROCESSED = re.compile(
    r"(?:办理结果|办结|办理完毕|办理答复|办理|(?:出具|作出|制作|送达)[^，。]{0,10}?答复(?:告知)?书|(?<!类)答复|办复|处理|回复)(?:完毕|完成)?(?P<mid>[^，。]{0,24})$"
)
_HANDLED = re.compile(
    rf"{TAKEN}(?:并且?|、|和|及|且|后)(?:全部|按时|按期|及时|依法|依规|均|已)*(?:办结|答复|回复|办复)(?P<mid>[^，。]{{0,24}})$"
)
_ALL_DONE = re.compile(
    r"(?:政府信息公开|依申请公开|信息公开)?申请(?:件|事项|公开)?(?:已|均|全部|都|依法){1,4}[^，。]{0,20}(?:答复|办结|办理完毕|回复|办复)"
)
_ALL_OF_THEM = re.compile("(?:上述|以上|全部|所有|这|这些|对|该|共|其中)*")
_AMONG = re.compile("在?(?:上述|以上|全部|所有|收到的|受理的)?")
_SOME = re.compile("提前|告知|延期|超期|逾期|转办|交办")
_NOT_DONE = re.compile(
    "(?:不予|不再|尚?未|(?<![相对])应|需|正在|尚在|仍在|待)(?:受理|办理|登记|处理|答复|办结|回复)|在办"
)
_THE_REST = re.compile("(?:其余|其他|剩余)(?:的)?")
_REST_DONE = re.compile("(?:申请)?(?:已|均|全部|都|依法|按时|按期){1,4}(?:答复|办结|办理完毕|回复|办复)")
_JUST_CARRIED = re.compile("(?:剩余|其余|尚有|剩)?结转(?:了|的)?(?:申请|办理)?(?:数量|件数|数)?")


def application_of(before: str, count: Count, context: Context) -> Kind | None:
    """Applications that came in, or that were dealt with."""
    if context.topic and _ALL_OF_THEM.fullmatch(before) and _ALL_DONE.match(count.after):
        return Kind("applications_processed", context.part)
    if context.topic and context.rest and _THE_REST.fullmatch(before) and _REST_DONE.match(count.after):
        return Kind("applications_processed", context.part)
    if _AMONG.fullmatch(before) and (ahead := STRONG_AHEAD.match(count.after)) and count.after[ahead.end() :] == "中":
        return Kind("applications_received", context.part)
    if _NOT_DONE.search(before):
        return NOTHING
    if _handled(before, count, context):
        return Kind("handled", context.part)
    if match := RECEIVED.search(before):
        between = match["mid"] + CASES.sub("", match["tail"] or "", count=1)
        if OTHER.search(between) or OTHER.search(count.after[:10]):
            return NOTHING
        plain = bool(PLAIN.fullmatch(match["mid"]) and PLAIN.fullmatch(match["tail"] or ""))
        named = STRONG.search(before, match.start()) or STRONG_AHEAD.match(count.after)
        if named or (plain and (STRONG.search(before) or (context.topic and not context.other))):
            fresh = "新收" in before or "新增" in before
            part = (context.part and not fresh) or _is_channel(before, match, context)
            return Kind("applications_received", part)
        asked = context.topic and not context.other and CHANNEL.search(between)
        return Kind("applications_received", True) if asked else NOTHING
    if match := _PROCESSED.search(before):
        if OTHER.search(match["mid"]) or OTHER.search(count.after[:10]) or context.other or not context.topic:
            return NOTHING
        named = STRONG.search(match["mid"]) or STRONG_AHEAD.match(count.after)
        part = context.part or bool(_SOME.search(before) or (context.late and re.search("按[时期]", before)))
        return Kind("applications_processed", part) if named or PLAIN.fullmatch(match["mid"]) else NOTHING
    if _BY_CHANNEL.search(before):
        return Kind("applications_received", True)
    plainly = context.topic and not context.other and count.after == "申请"
    if _THERE_ARE.search(before) and (STRONG_AHEAD.match(count.after) or plainly):
        return Kind("applications_received", context.part)
    if _AMOUNT.search(before) and context.topic and not context.other and not OTHER.search(before):
        return Kind("applications_received", context.part)
    if _UNSURE.search(before) and not re.search("制发|制作|公文|文件|属性", before):
        sure = bool(re.search("信息公开申请|公开申请|(?<!依)申请公开|公开(?:办件|受理|收件)|新增", before))
        sure = sure or count.value == 0 or context.under
        return Kind("applications_received" if sure else "unsure", context.part)
    return None


def _handled(before: str, count: Count, context: Context) -> bool:
    """Whether one number is of applications received and dealt with: `受理并办结政府信息公开申请33件`."""
    match = _HANDLED.search(before)
    if match is None or OTHER.search(match["mid"]) or OTHER.search(count.after[:10]):
        return False
    if STRONG.search(match["mid"]) or STRONG_AHEAD.match(count.after):
        return True
    return context.topic and not context.other and bool(PLAIN.fullmatch(match["mid"]))


def _is_channel(before: str, match: re.Match[str], context: Context) -> bool:
    """Whether only those who asked in one way, or one kind of applicant, are counted."""
    between = _ALL_APPLICANTS.sub("", ALL_WAYS.sub("", match["mid"]))
    ways = ALL_WAYS.sub("", before[: match.start()])
    ahead = re.search(r"(?:通过|以|采用|来自|经)([^，。]{1,14})$", ways) or _CHANNEL_FIRST.search(ways)
    alone = context.apart and "公民" in between
    return bool(alone or CHANNEL.search(between) or (ahead and CHANNEL.search(ahead[1])))


def carried_of(before: str, count: Count, clause: Clause, context: Context) -> Kind | None:
    """What was carried out of the year, or into it; by what follows the number where nothing before it says more."""
    if CARRIED_OUT.search(before) and not _FROM_YEAR_TO_YEAR.search(before):
        return Kind("applications_carried_out")
    if CARRIED_IN.search(before):
        return Kind("applications_carried_in")
    if context.done and _JUST_CARRIED.fullmatch(before):
        return Kind("applications_carried_out")
    ahead = CARRIED_OUT.search(count.after[:24])
    if ahead and count is clause.counts[-1] and not re.search("|".join((TAKEN, "办|答复|公开|提供|处理")), before):
        return Kind("applications_carried_out")
    return None
