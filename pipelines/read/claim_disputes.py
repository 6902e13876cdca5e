"""What a number of the narrative counts of disputes over openness: reconsiderations, lawsuits, both or a part."""

from __future__ import annotations

import re

from pipelines.read.claim_terms import Kind
from pipelines.read.claim_words import any_of
from pipelines.read.clauses import Clause, Count

RESULT = re.compile(any_of("results"))
APPLICATIONS_FIRST = re.compile(r"(?:依申请公开|公开申请|申请公开)(?:申请|事项|受理|数量|件数|数)*、[^，。\d]{0,8}复议")
"""What counts applications beside disputes over them: `依申请公开、行政复议、行政诉讼均为0件`."""
OPENNESS = re.compile("信息公开|政务公开|依申请|公开工作|公开申请|公开答复")
_OVER_OTHER_THINGS = re.compile(any_of("disputed_otherwise"))
_ALL_ENDED = re.compile("全部|均|都|皆")
_THEY_DECIDE = re.compile("复议(?:机构|机关|部门)|法院|司法")
_HANDLED = re.compile("办理|审理|审结|代理|出庭")
_UNITS = ("件", "起", "宗", "次", "例", "个", "项", "件次", "人次", "")
_LAWSUIT = ("诉讼", "起诉", "被诉")
_LONGEST_TAIL = 16
_AHEAD = re.compile(
    "(?:涉及?|因|关于|针对)?(?:政府信息公开|信息公开|政务公开)?(?:工作|方面|答复|类|引发|引起|产生)*(?:的)?(?:行政)?(复议|诉讼)"
)
_BROUGHT = re.compile(r"[^，。\d]{0,24}?(?:申请|提起|提出|引发|引起|发生)(?:了|的)?(?:行政)?(复议|诉讼)")
_AFTERWARDS = re.compile("复议后|直接起诉|未经复议")


def dispute(before: str, count: Count, clause: Clause, told: bool, part: bool) -> Kind | None:
    """The disputes that a number counts; None where it speaks of none. `told`: disputes over openness are spoken of,
    else only none at all is taken, which holds of all disputes. `part`: the number is a part of another one."""
    if count.unit not in _UNITS or not (told or count.value == 0):
        return None
    ended = RESULT.search(count.after[:6]) and not _ALL_ENDED.match(count.after)
    if RESULT.search(before) or ended:
        return None
    named = re.search("复议|诉讼", before)
    others = _THEY_DECIDE.search(before) or _OVER_OTHER_THINGS.search(before)
    if named and (_HANDLED.search(before) or (others and not OPENNESS.search(before))):
        return None
    at, lawsuit = before.rfind("复议"), max(before.rfind(word) for word in _LAWSUIT)
    ahead = _AHEAD.match(count.after)
    taken = count is not clause.counts[0] and re.match("(?:行政)?(?:复议|诉讼)", before)
    if (at < 0 and lawsuit < 0) or (taken and ahead):
        ahead = ahead or _BROUGHT.match(count.after)
        if ahead is None or not told:
            return None
        return Kind("reconsideration" if ahead[1] == "复议" else "litigation", part)
    tail = before[max(at, lawsuit) :]
    if len(tail) > _LONGEST_TAIL:
        return None
    if _AFTERWARDS.search(before):
        return Kind("litigation", True)
    if at >= 0 and lawsuit >= 0:
        if count.value == 0 and APPLICATIONS_FIRST.search(before):
            return Kind("all", part)
        joint = count.value == 0 or re.search("[各均]", tail)
        return Kind("disputes" if joint else None, part)
    return Kind("reconsideration" if at >= 0 else "litigation", part)
