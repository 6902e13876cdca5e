"""The headings of a report's sections and its title, known by their words; numbering only tells how sure we are."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from pipelines.read.wording import simplified, squeezed

ORDER = ("preamble", "overview", "disclosure", "application", "review", "problems", "other", "statistics")

_LEAD = (
    r"(?:20\d\d年度?)?(?:我|本|全)?(?:局|县|市|区|镇|乡|办|委|街道|单位|机关|部门|年度)?"
    r"(?:政府)?(?:政务)?(?:信息)?(?:公开)?(?:年度)?(?:工作)?的?"
)
_STRONG = {
    "overview": (
        rf"{_LEAD}(?:总体|基本|整体|总的)(?:工作|公开)?(?:开展|推进|落实)?(?:工作)?情况|网站总体公开情况"
        rf"|{_LEAD}(?:总体)?(?:概述|概况|综述|总述)|{_LEAD}(?:开展|落实|推进|完成)情况"
    ),
    "disclosure": r"(?:本年度?)?(?:行政机关)?主动公开政府信息(?:的|公开|工作)?(?:总体)?情况",
    "application": (
        r"(?:本年度?)?(?:收到|受理)(?:和|及|与|并|、)?(?:处理|办理|答复)(?:的)?政府信息(?:公开申请|依申请公开)的?情况"
    ),
    "review": (
        r"因?政府信息公开(?:工作)?(?:的)?(?:被)?(?:申请|提起|引起|引发)?(?:的)?行政复议(?:和|、|及|与|以及)?"
        r"(?:被)?(?:提起)?(?:的)?行政诉讼的?情况"
    ),
    "problems": (
        rf"{_LEAD}(?:中|目前)?(?:存在|面临)(?:的|着)?(?:主要|突出)?(?:问题|困难|不足)(?:和不足|与不足|及不足)?"
        r"(?:(?:[、和及与]|以及){1,2}(?:下一步)?的?(?:主要)?(?:改进|整改|解决|努力|工作)?的?(?:改进|整改|主要|工作)?的?"
        r"(?:情况|措施|打算|方向|安排|计划|思路|建议|意见|办法|方案|举措))?"
    ),
    "other": r"(?:其他|其它|需要|应当)(?:需要|应当|需)?(?:报告|说明|公开)的?(?:其他|其它)?(?:事项|情况|内容|问题)",
    "statistics": r"(?:附?[表件]\d?[:：]?)?(?:20\d\d年度?)?政府信息公开(?:工作)?情况统计表",
}
_WEAK = {
    "disclosure": r"(?:政府信息|政务信息|信息)?主动公开(?:工作|信息|政务信息|政府信息)?的?(?:工作)?情况",
    "application": (
        r"(?:政府信息|信息)?依申请公开(?:政府信息|工作|办理|信息|申请){0,2}的?(?:工作)?(?:办理)?情况"
        r"|政府信息公开申请(?:的)?(?:办理|处理|受理)?情况"
    ),
    "review": r"(?:因政府信息公开)?(?:申请|被申请)?行政复议(?:和|、|及|与)?(?:提起)?(?:行政)?诉讼(?:和申诉)?的?情况",
    "problems": r"(?:主要)?(?:问题|困难|不足)(?:和|及|与)(?:改进|整改)(?:措施|情况)|下一步(?:工作)?(?:打算|计划|安排)",
    "other": r"其他(?:事项|情况|有关事项)",
}
_CHINESE_MARK = (
    r"(?:第[一二三四五六七八九十]{1,2}(?:部分|章|节)|[一二三四五六七八九十]{1,2}(?=[、.．,，:：]))[、.．,，:：]{0,2}"
)
_OTHER_MARK = (
    r"[（(][一二三四五六七八九十]{1,2}[)）][、.．]?|\d{1,2}[、.．]{1,2}|[一二三四五六七八九十](?:[)）]|(?=[^、]))"
)
_TAIL = r"[:：。.、；;]{0,2}(?:[（(【][^（）()]{0,40}[)）】])?[:：。]{0,1}"
_KEY = re.compile("情况|概述|概况|综述|总述|问题|困难|不足|事项|统计表|内容|打算")

_WHOLE = tuple(
    (code, tier, re.compile(rf"(?:{mark})(?:{words}){_TAIL}"))
    for tier, mark, table in (
        (1, _CHINESE_MARK, _STRONG),
        (2, "", _STRONG),
        (3, _OTHER_MARK, _STRONG),
        (3, _CHINESE_MARK, _WEAK),
    )
    for code, words in table.items()
)
_ANY = "|".join(f"(?P<{code}>{words})" for code, words in _STRONG.items())
_SPACED_MARK = r"(?:[一二三四五六七八九十]\s{0,2}[、.．]\s{0,2}、?|第[一二三四五六七八九十]部分\s{0,2}[、:：]?\s{0,2})"
_INLINE = re.compile(rf"{_SPACED_MARK}(?:{_ANY})(?:[（(][^（）()]{{0,40}}[)）])?[:：。]?")


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that heads a section. `tier`: 1 numbered and in the form's words, 2 its words alone, 3 doubtful."""

    code: str
    tier: int


def heading(text: str) -> Heading | None:
    """The section that a whole line heads, if any."""
    if len(text) > 160 or not _KEY.search(line := squeezed(text)) or len(line) > 90:
        return None
    for code, tier, pattern in _WHOLE:
        if pattern.fullmatch(line):
            return Heading(code, tier)
    return None


def cut_at_headings(text: str) -> tuple[str, ...]:
    """A text that carries numbered headings inside, cut before and behind each; (text,) where it carries none.

    Headings that follow each other with nearly nothing between are a list of contents and are left alone.
    """
    if not _KEY.search(known := simplified(text)):
        return (text,)
    source = text if len(known) == len(text) else known
    found = [m for m in _INLINE.finditer(known) if _stands_free(known, m)]
    if not found or (len(found) == 1 and not known[: found[0].start()].strip(" #*") and found[0].end() >= len(known)):
        return (text,)
    gaps = [after.start() - before.end() for before, after in itertools.pairwise(found)]
    if gaps and sum(gap <= 2 for gap in gaps) * 2 >= len(gaps):
        return (text,)
    pieces, at = [], 0
    for match in found:
        pieces += [source[at : match.start()], source[match.start() : match.end()]]
        at = match.end()
    return tuple(piece.strip() for piece in (*pieces, source[at:]) if piece.strip(" #*\t\n"))


def _stands_free(text: str, match: re.Match[str]) -> bool:
    before = text[: match.start()][-3:].rstrip()
    after = text[match.end() : match.end() + 1]
    return (not before or before[-1] not in "括由含为及和、“《") and after not in ("、", "”", "》", "六")


_YEAR = r"(?:[12]\d{3}|[二一][〇○零Oo0一二三四五六七八九]{3})"
_OPEN = r"(?:政府信息|政务信息|信息|政务|政府信息与政务)(?:主动)?公开"
_REPORT = (
    rf"(?:工作)?的?(?:情况)?的?(?:{_YEAR}年?度?)?(?:年度?)?(?:工作)?的?(?:年度?)?(?:情况)?的?"
    r"(?:总结)?(?:报告|年报|告年度报|年度报吿)"
)
_TITLE = re.compile(
    r"(?:(?:标题|名称|题目|信息名称|文件名称|附件)[:：])?(?:[^《，。；]{0,30}关于(?:印发|公布|发布|公开)《|《)?"
    rf"(?P<body>[^《》，。；！？,;!?]{{0,60}}?{_OPEN}{_REPORT})(?P<note>(?:[（(【\[][^（）()]{{1,14}}[)）】\]]){{0,2}})"
    r"(?:》(?:的(?:通知|公告))?)?"
)
_LOOSE_TITLE = re.compile(
    rf"(?P<body>[^，。；！？,;!?、]{{2,40}}?{_YEAR}年?度?{_OPEN}(?:工作)?(?:情况)?|{_YEAR}年?度?[^，。；！？、]{{2,30}}{_OPEN})"
)
_INLINE_TITLE = re.compile(
    rf"^[\s#*]{{0,8}}[^，。；！？,;!?]{{0,80}}?{_OPEN}{_REPORT}(?=\s|根据|按照|本报告|现将|为|依据|发布|来源|\*\*|[（(])"
)
_NO_TITLE = re.compile(
    "通知|图解|读懂|解读|指南|格式|模板|招标|采购|汇总|意见|要求|编制(?!委|办)|填报|发布了|关于做好|一览|列表|目录|更多|专栏"
    "|^(?:现(?:公布|将|发布)|特(?:此|向|编)|本(?:报告|年|机关|单位|部门|局)|根据|按照|将(?!乐)|及|的|并|发布机构|[上下]一[篇条])"
)


def title(lines: list[str]) -> str | None:
    """The title that these lines, joined, are; without spaces, and without the notice around it that issues it.
    Brackets behind it belong to it only where they hold its year. None where they are no title of a report."""
    joined = "".join(squeezed(line) for line in lines)
    if len(joined) > 100 or ("报" not in joined and "告" not in joined):
        return None
    match = _TITLE.fullmatch(joined)
    if match is None or _NO_TITLE.search(match["body"]):
        return None
    dated = re.search(_YEAR, match["note"]) and not re.search(_YEAR, match["body"])
    return match["body"] + match["note"] if dated else match["body"]


def loose_title(line: str) -> str | None:
    """A title without the word report (`某县 2020年政府信息公开`); to be trusted only above a body."""
    joined = squeezed(line)
    match = _LOOSE_TITLE.fullmatch(joined) if len(joined) <= 50 and joined[-2:] in ("公开", "工作", "情况") else None
    return None if match is None or _NO_TITLE.search(joined) else match["body"]


def cut_behind_title(text: str) -> tuple[str, ...]:
    """A text that begins with a title and runs on, cut behind it; (text,) otherwise."""
    if len(text) < 12 or (len(text) <= 60 and " " not in text and "\u3000" not in text):
        return (text,)
    known = simplified(text[:160])
    match = _INLINE_TITLE.match(known)
    if match is None or len(known) != min(160, len(text)) or title([match.group()]) is None:
        return (text,)
    return tuple(piece for piece in (text[: match.end()].strip(), text[match.end() :].strip()) if piece)
