"""The numbers that the narrative states, by kind, and of whom: the agency itself, more than it, a part of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from pipelines.model import Claim, Scope, Section
from pipelines.read.clauses import Clause, Count, Sentence, sentences
from pipelines.read.prose import prose
from pipelines.read.scopes import scope_of, speaks_of_itself

MOST_CLAIMS = 200

_WORTH = re.compile("申请|复议|诉讼|公开|结转|办结|答复|处理费|费用|规范性文件|受理|收到|无")
_OBJECT = r"(?:依申请公开|(?:政府信息|信息)?公开的?申请|申请公开|申请政府信息|申请事项|申请件|申请)"
_TOPIC = re.compile(r"依申请|信息公开的?申请|公开申请|申请公开|政府信息申请")
_REFERS_BACK = re.compile("由此|因此|为此|据此")
_TAKEN = r"(?:新收到?|共收到?|收到|受理|接到|接收到?|接受|收悉|收件|登记)"
_RECEIVED = re.compile(rf"{_TAKEN}(?P<mid>[^，。]{{0,30}}?)(?:{_OBJECT}(?P<tail>[^，。]{{0,18}}))?$")
_BUT_OBJECT = re.compile(
    "咨询|投诉|来信|留言|举报|信件|建议|提案|来电|热线|工单|意见|评议|诉求|复议|诉讼|备案|信访|监督|反馈|线索|表彰|许可|业务|办件|"
    "补贴|求助|审批|登记|案件线索|不服|处理费"
)
_CHANNEL = re.compile(
    "自然人|法人|企业|公民|科研|公益|律师|法律服务|网络|网上|网站|在线|线上|线下|信函|邮寄|邮件|邮政|当面|现场|传真|平台|书面|"
    "微信|电话|窗口|个人|其他组织|其他"
)
_FILLER = re.compile(
    r"(?:共|共计|合计|总计|累计|各类|有效|的|了|书面|群众|公民|此类|相关|该类|达|数量|数|为|是|计|、|法人|或|和|其他组织|社会|公众|"
    r"提出|要求|政府信息|信息|件数|事项|件|方面|各种|总数|总量|到|约){0,8}"
)
_COMPARED = re.compile("同比|环比|比上|较上|较去|比去|比20|较20|上升|下降|增长|增加|减少|增幅|多出|提高|每|超过|占")
_PLANNED = re.compile("将(?:继续|进一步|从|以)|拟|计划(?!生育)|力争|下一步|目标|预计|打算")
_PAST = re.compile("上年度?|上一年度?|去年|往年|前年|历年|同期")
_MONTH = re.compile(r"(?:^|[^\d年至—-])(?:[1-9]|1[0-2])月份?(?!\d|底|末)|季度|半年")
_CARRIED_IN = re.compile(
    r"(?:上一?年度?|去年|20\d\d年度?)[^，。下]{0,6}(?:结转|转入|转接|转来|遗留|延续|顺延|未办结)|结转(?:自)?(?:上一?年|去年)"
)
_CARRIED_OUT = re.compile(
    r"(?:结转|转入|转至|转到|转|顺延|延续|延至|留|跨)[^，。上]{0,6}(?:下一?年|次年|明年|来年)|结转20\d\d年(?:度)?(?:继续)?"
    r"|(?:下一?年度?|次年)继续(?:办理|答复)"
)
_PROCESSED = re.compile(r"(?:办结|办理完毕|办理|答复|办复|处理|回复)(?:完毕|完成)?(?P<mid>[^，。]{0,24})$")
_OUTCOMES = (
    ("granted_in_part", re.compile(r"部分公开|区分处理")),
    ("denied", re.compile(r"不予公开|不同意公开")),
    ("granted", re.compile(r"(?<![不部分])(?:予以公开|同意公开|准予公开|全部公开|完全公开)")),
    ("unavailable", re.compile(r"无法提供")),
    ("rejected", re.compile(r"不予处理")),
    ("other", re.compile(r"其他处理|作其他处理")),
)
_NO_OUTCOME = re.compile("制发|制作|公文|文件|属性")
_DOCUMENTS = re.compile(
    "(?:公文|文件|发文)(?:总?数量?|共|总计|共计|合计|累计|达|为|是)*$|制[发作](?:各类|政府|信息|公文|文件|的|共|共计)*$|属性"
)
"""What leads to a number of documents: the parts that follow are theirs, and no answers to applications."""
_APPLICATIONS = re.compile("申请(?!公开)|收到|受理|答复|办结")
_RESULT = re.compile("维持|纠正|撤销|驳回|确认违法|审结|终止|败诉|胜诉|纠错|责令|履行")
_NOT = r"(?:未|没有|没|尚未|暂未|从未|未曾|未有)"
_NOTHING = r"(?:无(?!正当|法|效|偿|关|论|障|需)|暂无|没有|未有|不存在|零)"
_NONE_TAKEN = re.compile(
    rf"{_NOT}(?:有)?(?:接?收到|接到|受理|接收到?|收悉|发生|产生|涉及|办理)(?:过)?(?P<mid>[^，。]{{0,28}}?){_OBJECT}(?P<tail>.{{0,12}})$"
)
_NONE_THERE = re.compile(
    rf"(?:{_NOTHING}|{_NOT}有)(?:任何|政府|信息|的|人|群众|公民|法人|自然人|其他组织|组织|企业|本年度?|新增|新收|个人|单位|或者?|和|及|、|"
    rf"向[^，。；提]{{1,10}}?|提出|提交){{0,10}}{_OBJECT}"
    r"(?:公开|政府信息|信息|公开信息)?(?:的)?(?:事项|件|情况|内容|案件|信息|办件|业务|数据|数量|记录|发生|情形|申请)?$"
)
_NONE_ALONE = re.compile(
    rf"(?:本年度?|今年|全年|20\d\d年度?|我.{{1,4}}|本机关|本单位|本部门|截至.{{2,14}})*(?:共|均|也)?{_NOT}(?:收到|接到|受理)(?:过)?"
    r"(?:相关|此类|该类|任何|有关|公民|群众|公众|社会)*(?:的)?(?:申请|事项|情况|内容|申请件|申请信息)?"
)
_NONE_BAD = re.compile(
    "复议|诉讼|不服|投诉|举报|逾期|超期|不予|费|不规范|过期|拒|违法|责任|延期|引[发起]|渠道|线上|网上|网络|信函|当面|现场"
)
_ZERO_SUBJECT = re.compile(
    r"(?:依申请公开|申请)(?:数量|数|件数|办件|总数|情况)?(?:均)?(?:为|是)零$|零申请|^依申请公开(?:情况|事项|信息)?无$"
)
_DISPUTE_ABOUT = re.compile("信息公开|政务公开|依申请|公开工作|公开申请|信息主动公开")
_NO_DISPUTE = re.compile(rf"(?:{_NOTHING}|{_NOT}|未)[^，。]{{0,44}}?(?P<what>复议|诉讼)")
_FEE = re.compile(
    r"(?:信息处理费|信息公开处理费|处理费|(?:信息公开|依申请公开|申请公开)(?:收取)?(?:的)?(?:收费|费用))[^，。每]{0,14}$"
)
_NO_FEE = re.compile(
    r"(?:未|没有|无|未曾|从未)[^，。每]{0,20}(?:处理费|(?:信息公开|依申请公开|申请公开|申请人|任何|相关)[^，。]{0,8}费用?)|"
    r"(?:处理费|(?:依申请公开|信息公开)[^，。]{0,6}费用?)[^，。每]{0,6}(?:未|没有|无)(?:收取|产生|发生)?$"
)
_NO_FEE_ALONE = re.compile(r"(?:均|也|全部|都)?(?:未|没有)(?:收取|产生|发生)(?:过)?(?:任何|相关|信息|处理|公开)*费用?")
_DISCLOSED = re.compile(
    r"主动公开[^，。依]{0,24}$|(?:^|共|累计|全年|年度?|我.)公开(?:各类|了|的)*(?:政府|政务|重点领域)?(?:信息|内容)(?:共|共计|累计|达)*$"
)
_NORMATIVE = re.compile(r"(?:制发|制定|出台|印发|发布|制订)(?:了|的)?(?:行政)?规范性文件(?:共|共计)?$")
_NEW = re.compile("新收|新增")


@dataclass(frozen=True, slots=True)
class _Found:
    claim: Claim
    fresh: bool = False
    year: int | None = None


@dataclass(frozen=True, slots=True)
class _Context:
    """What a clause inherits: its paragraph is about applications or disputes over them, its sentence speaks of a
    year, of a part, of documents."""

    topic: bool
    dispute: bool
    part: bool
    year: int | None
    documents: bool = False


def claims(sections: tuple[Section, ...], agency: str | None, year: int | None) -> tuple[Claim, ...]:
    """The claims of a report's prose, in its order; `agency` and `year` are the report's own.

    A claim whose reach is in doubt has the scope `unknown`; so have claims of one kind that contradict each other.
    """
    found: list[_Found] = []
    for section in sections:
        if section.code in ("statistics", "problems"):
            continue
        before = ""
        for line in prose(section).splitlines():
            goes_on = _REFERS_BACK.match(line) is not None and _TOPIC.search(before) is not None
            found += _line(line, section.code, agency, goes_on)
            before = line
            if len(found) > MOST_CLAIMS:
                break
    return _settled(found[:MOST_CLAIMS], year)


def _line(line: str, code: str, agency: str | None, goes_on: bool) -> Iterator[_Found]:
    """The claims of a paragraph; `goes_on` with what the one before said of applications."""
    topic, dispute = code == "application" or goes_on, code == "review"
    for sentence in sentences(line):
        if not _WORTH.search(sentence.plain):
            continue
        topic = topic or bool(_TOPIC.search(sentence.plain))
        if topic and re.search("主动公开情况|^主动公开|政府信息管理|平台建设|监督保障", sentence.plain):
            topic = bool(_TOPIC.search(sentence.plain))
        context = _Context(topic, dispute or topic or bool(_DISPUTE_ABOUT.search(sentence.plain)), False, None)
        yield from _sentence(sentence, code, agency, context)


def _sentence(sentence: Sentence, code: str, agency: str | None, context: _Context) -> Iterator[_Found]:
    if _PLANNED.search(sentence.plain):
        return
    said = ""
    for clause in sentence.clauses:
        years = re.findall(r"(?<!\d)(20[0-3]\d)年", clause.text)
        if years and not _CARRIED_IN.search(clause.text) and not _CARRIED_OUT.search(clause.text):
            context = replace(context, year=int(years[-1]))
        ours = clause.text.startswith("其中") and speaks_of_itself(clause.text, agency)
        if ours:
            said = ""
        context = replace(context, part=(context.part or clause.text.startswith("其中")) and not ours)
        if any(_DOCUMENTS.search(count.before) for count in clause.counts):
            context = replace(context, documents=True)
        elif _APPLICATIONS.search(clause.text):
            context = replace(context, documents=False)
        local = replace(context, part=context.part or clause.inside)
        for kind, value, part, count in _clause(clause, local):
            scope: Scope = (
                "part" if part else scope_of(said + clause.text, count.before if count else clause.text, agency)
            )
            if kind == "unsure":
                kind, scope = "applications_received", "part" if part else "unknown"
            if re.search("备案", clause.text):
                scope = "part"
            claim = Claim(kind, scope, value, sentence.printed, bool(count and count.approximate), code)
            yield _Found(claim, bool(count and _NEW.search(count.before)), local.year)
        said = clause.text + "，"


def _clause(clause: Clause, context: _Context) -> Iterator[tuple[str, Decimal, bool, Count | None]]:
    """Kind, value, whether it is a part of another number, and the number (None where words say zero)."""
    none = Decimal(0)
    for absent in _nothing(clause.text, context):
        yield absent, none, False, None
    for count in clause.counts:
        before = count.before.removeprefix("其中").lstrip("，：")
        if _COMPARED.search(before) or (_PAST.search(before) and not _CARRIED_IN.search(before)):
            continue
        kind, part = _kind(before, count, clause, context)
        if kind == "disputes":
            yield "reconsideration", count.value, part, count
            yield "litigation", count.value, part, count
        elif kind is not None:
            value = count.value * 10_000 if kind == "information_fee" and count.unit == "万元" else count.value
            yield kind, value, part or bool(_MONTH.search(clause.text)), count


def _kind(before: str, count: Count, clause: Clause, context: _Context) -> tuple[str | None, bool]:
    if count.unit in ("元", "万元", "亿元"):
        fee = _FEE.search(before) and not re.search("标准|按件|按量", before)
        return ("information_fee" if fee and count.unit != "亿元" else None), False
    if dispute := _dispute(before, count, clause, context):
        return dispute
    if re.search("复议|诉讼", before + count.after[:8]):
        return None, False
    if count.unit in ("篇", "期", "人次", "笔"):
        return ("items_disclosed", True) if _DISCLOSED.search(before) else (None, False)
    if context.documents:
        return _published(before, count)
    if context.topic or context.dispute:
        if _CARRIED_OUT.search(before):
            return "applications_carried_out", False
        if _CARRIED_IN.search(before):
            return "applications_carried_in", False
        for kind, pattern in _OUTCOMES:
            if context.topic and pattern.search(before) and not _NO_OUTCOME.search(before):
                return kind, context.part and clause.inside
    return _application(before, count, context) or _published(before, count)


def _application(before: str, count: Count, context: _Context) -> tuple[str, bool] | None:
    about = _OBJECT_AT_END.search(before) or _OBJECT_AHEAD.match(count.after)
    if match := _RECEIVED.search(before):
        between = match["mid"] + (match["tail"] or "")
        if _BUT_OBJECT.search(between) or _BUT_OBJECT.search(count.after[:10]):
            return None
        if about or re.search(_OBJECT, before) or (context.topic and _FILLER.fullmatch(between)):
            fresh = bool(_NEW.search(before))
            return "applications_received", (context.part and not fresh) or _is_channel(before, match)
        return ("applications_received", True) if context.topic and _CHANNEL.search(between) else None
    if match := _PROCESSED.search(before):
        if _BUT_OBJECT.search(match["mid"]) or _BUT_OBJECT.search(count.after[:10]):
            return None
        if context.topic and (about or _FILLER.fullmatch(match["mid"]) or re.search(_OBJECT, match["mid"])):
            return "applications_processed", context.part
        return None
    if re.search(rf"(?:{_CHANNEL.pattern})[^，。]{{0,8}}申请(?:公开)?(?:共|共计)?$", before):
        return "applications_received", True
    if re.search(
        r"(?:依申请公开|信息公开申请|公开申请)(?:政府信息|信息|事项|的申请|申请|办件)?(?:数量|数|总数)?(?:共|共计|合计|为|是|总计)*$",
        before,
    ):
        return ("unsure" if not re.search("信息公开申请|公开申请", before) else "applications_received"), context.part
    return None


_OBJECT_AT_END = re.compile(
    rf"{_OBJECT}(?:的)?(?:事项|件|信息|数量|政府信息|公开)?(?:共|共计|合计|总计|累计|数|为|是|达)*$"
)
_OBJECT_AHEAD = re.compile(rf"(?:的)?(?:政府信息|信息)?(?:的)?{_OBJECT}")


def _is_channel(before: str, match: re.Match[str]) -> bool:
    """Whether only those who asked in one way, or one kind of applicant, are counted."""
    between = re.sub(
        "公民、法人(?:和|或|及|与|、)?(?:者)?其他组织|(?:自然人|个人)、?(?:和|或)?(?:法人|单位|企业)", "", match["mid"]
    )
    ahead = re.search(r"(?:通过|以|采用|来自|经)([^，。]{1,14})$", before[: match.start()])
    return bool(_CHANNEL.search(between) or (ahead and _CHANNEL.search(ahead[1])))


def _published(before: str, count: Count) -> tuple[str | None, bool]:
    if _NORMATIVE.search(before):
        return "normative_issued", False
    if _DISCLOSED.search(before) and "申请" not in before:
        return "items_disclosed", bool(re.search("微信|微博|公众号|抖音|新媒体|公示栏|公报|头条", before))
    return None, False


def _dispute(before: str, count: Count, clause: Clause, context: _Context) -> tuple[str | None, bool] | None:
    if not context.dispute or count.unit not in ("件", "起", "宗", "次", "例", "个", "项", ""):
        return None
    if _RESULT.search(before) or _RESULT.search(count.after[:6]):
        return None
    if re.search("办理|审理|审结|代理|应诉|出庭", before) and re.search("复议|诉讼", before):
        return None
    at, lawsuit = before.rfind("复议"), max(before.rfind("诉讼"), before.rfind("起诉"))
    ahead = re.match(r"(?:政府信息公开)?(?:的)?(?:行政)?(复议|诉讼)", count.after)
    taken = count is not clause.counts[0] and re.match("(?:行政)?(?:复议|诉讼)", before)
    if (at < 0 and lawsuit < 0) or (taken and ahead):
        if ahead is None:
            return None
        return ("reconsideration" if ahead[1] == "复议" else "litigation"), context.part
    tail = before[max(at, lawsuit) :]
    if len(tail) > 16:
        return None
    if re.search("复议后|直接起诉|未经复议", before):
        return "litigation", True
    if at >= 0 and lawsuit >= 0:
        joint = count.value == 0 or re.search("[各均]|分别", tail)
        return ("disputes" if joint else None), context.part
    return ("reconsideration" if at >= 0 else "litigation"), context.part


def _nothing(text: str, context: _Context) -> Iterator[str]:
    """The kinds of which a clause says in words that there were none."""
    if match := _NO_DISPUTE.search(text):
        if context.dispute and not _RESULT.search(text) and not re.search(r"\d", text):
            yield "reconsideration" if match["what"] == "复议" else "litigation"
            rest = text[match.end() :]
            if match["what"] == "复议" and re.search("诉讼|起诉", rest):
                yield "litigation"
    elif match := _NONE_TAKEN.search(text):
        if not _NONE_BAD.search(match["mid"] + match["tail"]) and not re.search(r"\d", match["mid"]):
            yield "applications_received"
    elif not _NONE_BAD.search(text) and (
        _NONE_THERE.search(text) or _ZERO_SUBJECT.search(text) or (context.topic and _NONE_ALONE.fullmatch(text))
    ):
        yield "applications_received"
    if _NO_FEE.search(text) or (context.topic and _NO_FEE_ALONE.fullmatch(text)):
        yield "information_fee"


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
