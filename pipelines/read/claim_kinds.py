"""What a number of the narrative counts: applications, their answers, disputes over them, fees, what was published."""

from __future__ import annotations

import re

from pipelines.read.claim_answers import group_of
from pipelines.read.claim_applications import application_of, carried_of
from pipelines.read.claim_disputes import dispute
from pipelines.read.claim_terms import (
    CASES,
    CHANNEL,
    NOTHING,
    OTHER,
    PLAIN,
    RECEIVED,
    STRONG,
    STRONG_AHEAD,
    Context,
    Kind,
)
from pipelines.read.clauses import Clause, Count

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
_NORMATIVE = re.compile(
    r"(?:制发|制定|出台|印发|发布|制订)(?:公布|发布|印发)?(?:了|的)?(?:行政)?规范性文件(?:共|共计)?$|规范性文件制发(?:件数|数量|数)?(?:共|为|是)*$"
)


def kind_of(before: str, count: Count, clause: Clause, context: Context) -> Kind:
    """`before` is what leads to the number, without the word that says that it is a part."""
    if count.unit in ("元", "万元", "亿元"):
        fee = _FEE.search(before) or (context.fee and _FEE_AGAIN.search(before))
        rate = _NO_FEE_TAKEN.search(before) or count.after.startswith(("/", "每", "一件"))
        return Kind("information_fee" if fee and not rate and count.unit != "亿元" else None, context.part)
    if disputed := dispute(before, count, clause, context.dispute, context.part):
        return disputed
    if re.search("复议|诉讼", before + count.after[:8]):
        return NOTHING
    if count.unit == "人次" and RECEIVED.search(before) and STRONG.search(before):
        return application_of(before, count, context) or NOTHING
    if count.unit in ("篇", "期", "人次", "笔"):
        return Kind("items_disclosed", True) if _DISCLOSED.search(before) else NOTHING
    if context.documents:
        return _published(before, count)
    if (context.topic or context.dispute) and not context.other:
        if carried := carried_of(before, count, clause, context):
            return carried
        if context.topic and (group := group_of(before, count, clause, context)):
            return group
    return application_of(before, count, context) or _published(before, count)


def listed(clause: Clause, context: Context) -> list[tuple[Kind, Count]] | None:
    """The kinds of numbers that follow their names (行政复议、行政诉讼分别为5件、3件): None where none do, empty where
    there are fewer names than numbers."""
    if len(clause.counts) < 2 or (end := clause.counts[0].before.rfind("分别")) < 0:
        return None
    names = re.split("、|以及|和|及|与|或", clause.counts[0].before[:end])[-len(clause.counts) :]
    if len(names) < len(clause.counts):
        return []
    return [(kind_of(name, count, clause, context), count) for name, count in zip(names, clause.counts, strict=True)]


def counts_something_else(count: Count) -> bool:
    """Whether a number plainly is of something else than applications, so that what follows speaks of that."""
    led = count.before[-30:]
    if STRONG_AHEAD.match(count.after):
        return False
    if _takes_something_else(led, count):
        return True
    behind = CASES.sub("", led[_strong(led) :], count=1)
    return bool(OTHER.search(behind) or OTHER.match(count.after))


def _takes_something_else(led: str, count: Count) -> bool:
    """Whether what is taken has a name that is none of an application's: `受理补贴申报47件`."""
    taken = RECEIVED.search(led)
    if taken is None or "分别" in led or STRONG.search(led, taken.start()) or CHANNEL.search(taken["mid"]):
        return False
    named = taken["mid"].endswith("的") or PLAIN.fullmatch(taken["mid"])
    return not named or not PLAIN.fullmatch(CASES.sub("", taken["tail"] or "", count=1))


def _strong(text: str) -> int:
    """Where the last word for an application ends; 0 where there is none."""
    return max((match.end() for match in STRONG.finditer(text)), default=0)


def _published(before: str, count: Count) -> Kind:
    if _NORMATIVE.search(before):
        return Kind("normative_issued")
    if _DISCLOSED.search(before) and "申请" not in before:
        return Kind("items_disclosed", bool(re.search("微信|微博|公众号|抖音|新媒体|公示栏|公报|头条", before)))
    return NOTHING
