"""The terms in which the narrative's numbers are read: kinds, what a clause inherits, and the patterns of several."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.read.claim_words import any_of


@dataclass(frozen=True, slots=True)
class Context:
    """What a clause inherits from what stands before it.

    `topic`: applications are spoken of; `dispute`: disputes over openness are. `part`: the numbers are parts of another
    one; `year`: whose they are; `since`: of several years; `months`: of a part of the year; `some`: of some of those
    who asked. `documents`: documents are counted; `other`: something else was, last.

    Of the sentence: `apart`: it counts kinds of applicants one by one; `answers`: it names groups of answers; `late`:
    it counts late ones; `rest`: it leaves out those carried over; `under`: it stands below words on applications.

    What was said in it before: `asked`: applications were named; `done`: those dealt with were counted; `fee`: the fee
    was named; `joint`: reconsiderations and lawsuits had one number.
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
    rest: bool = False
    asked: bool = False
    done: bool = False
    fee: bool = False
    joint: bool = False
    under: bool = False


class Kind(NamedTuple):
    """`kind` of a claim, `disputes` for both kinds of disputes, `all` for applications as well, `handled` for
    applications both received and dealt with, `unsure` where applications or answers may be meant; None where the
    number is none of a claim. `part`: whether it is a part of another number."""

    kind: str | None
    part: bool = False


NOTHING = Kind(None)

APPLICATION = any_of("applications")
OBJECT = f"(?:{APPLICATION}|{any_of('short_applications')})"
TOPIC = re.compile(r"依申请|信息公开的?申请|公开申请|申请公开|政府信息申请")
CARRIED_IN = re.compile(
    r"(?:上一?年度?|去年|20\d\d年度?)[^，。下]{0,6}(?:结转|转结|转入|转接|转来|遗留|延续|顺延|未办结)|结转(?:自)?(?:上一?年|去年)"
)
CARRIED_OUT = re.compile(
    r"(?:结转|转结|转入|转至|转到|转|顺延|延续|延至|留|跨)[^，。上]{0,6}(?:下一?年|次年|明年|来年)|(?:结转|转结)(?:至|到)?20\d\d年(?:度)?(?:继续)?"
    r"|(?:下一?年度?|次年)(?:继续(?:办理|答复)|结转)"
)
TAKEN = any_of("taken")
RECEIVED = re.compile(
    rf"{TAKEN}(?:(?:、|和|及|并)(?:{TAKEN}|办理|处理|登记))?(?P<mid>[^，。]{{0,30}}?)(?:{OBJECT}(?P<tail>[^，。]{{0,18}}))?$"
)
STRONG = re.compile(APPLICATION)
STRONG_AHEAD = re.compile(rf"(?:的)?(?:政府信息|信息)?(?:的)?{APPLICATION}")
PLAIN = re.compile(rf"(?:{any_of('filler')}|{any_of('anybody')}|{any_of('short_applications')}){{0,8}}")
OTHER = re.compile(rf"{any_of('other_things')}(?!类(?:的)?申请)|不动产")
CASES = re.compile("^(?:的)?(?:办件|案件|业务|登记)")
"""What may stand behind a word for an application and is then no other thing."""
CHANNEL = re.compile(any_of("ways", "applicants"))
ALL_WAYS = re.compile(
    "线上(?:、|和|及|与)?线下|[^，。]{0,40}(?:和|及|或|等)其[他它](?:形式|方式|渠道|途径)|[^，。]{0,24}等(?:各种|多种|不同|各)?(?:形式|方式|渠道|途径)|(?:各种|多种|不同|各类)(?:形式|方式|渠道|途径)"
)
DOCUMENTS = re.compile(
    "(?:公文|文件|发文)(?:总?数量?|共|总计|共计|合计|累计|达|为|是)*$|(?:制[发作]|形成)(?:各类|政府|信息|公文|文件|的|共|共计)*$|属性"
    "|(?:保密审查|审核|审查)(?:各类|拟公开|政府|信息|稿件|公文|了|共)*$"
)
"""What leads to a number of documents: the parts that follow are theirs, and no answers to applications."""
