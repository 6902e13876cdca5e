"""The kinds of which a narrative says in words that there were none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.read.claim_answers import GROUPS
from pipelines.read.claim_disputes import APPLICATIONS_FIRST, RESULT
from pipelines.read.claim_terms import ALL_WAYS, CARRIED_IN, CARRIED_OUT, OBJECT, Context
from pipelines.read.claim_words import any_of

_LONGEST_NAME = 40
_NOT = r"(?:未(?!经)|没有|没|尚未|暂未|从未|未曾|未有)"
_NOTHING = r"(?:无(?!正当|法|效|偿|关|论|障|需|条件)|暂无|没有|未有|不存在|零)"
_NONE_TAKEN = re.compile(
    rf"{_NOT}(?:有)?(?:接?收到|接到|受理|接收到?|收悉|发生|产生|出现|涉及|办理)(?:过)?(?P<mid>[^，。]{{0,48}}?)(?:{OBJECT}|要求公开的?(?:其[他它]方面)?(?:政府)?信息)(?P<tail>.{{0,12}})$"
)
_NONE_THERE = re.compile(
    rf"(?:{_NOTHING}|{_NOT}有)(?:任何|相关|有关|政府|信息|的|人|申请人|群众|公民|公众|法人|自然人|其他组织|组织|企业|本年度?|新增|新收|个人|单位|或者?|和|及|、|"
    rf"向[^，。；提]{{1,10}}?|提出|提交){{0,10}}{OBJECT}"
    r"(?:和不予公开|公开|的|政府信息|信息|公开信息)*(?:办理|事项|件|情况|内容|案件|信息|办件|业务|数据|数量|记录|发生|情形|申请|诉求)*$"
)
_NONE_ALONE = re.compile(
    rf"(?:本年度?|今年|全年|20\d\d年度?|我.{{1,4}}|本机关|本单位|本部门|截至.{{2,14}}){{0,4}}(?:共|均|也)?{_NOT}(?:收到|接到|受理)(?:过)?"
    r"(?:相关|此类|该类|任何|有关|公民|群众|公众|社会|要求公开)*(?:的)?(?:申请|事项|情况|内容|申请件|申请信息|信息|政府信息)?"
)
_NONE_BAD = re.compile(
    "复议|诉讼|不服|投诉|举报|逾期|超期|不予(?!公开的政府信息)|费|不规范|过期|拒|违法|责任|延期|引[发起]|渠道|线上|网上|网络|信函|当面|现场"
    "|信访|重复|大量|反复"
)
_EITHER_WAY = re.compile(rf"(?:{any_of('ways')}(?:、|或者?)){{1,6}}{any_of('ways')}(?:的|等)*")
_SOME_APPLICANTS = re.compile("法人|企业|组织")
_ANYBODY = re.compile("公民|自然人|个人|群众|公众|任何")
_IS_NONE = re.compile(
    "(?P<named>[^，。]{2,40}?)(?:均|都|也|数量|件数|总额|金额){0,4}(?:(?:为|是)(?:零|无)|[均都皆]无|(?:未|没有)(?:发生|出现|产生))"
)
_NO_APPLICATIONS = re.compile("零(?:依)?申请(?!公开)")
_JUST_NONE = re.compile(r"(?:20\d\d年度?|全年|本年度?|今年)?(?:均|都|也|暂|仍|数量|件数)*(?:为|是)?(?:无|零|没有)")
_NO_ANSWERS = re.compile(
    rf"(?<!信息)(?:{_NOTHING}|{_NOT})(?:有|发生|出现|涉及|一例|一件)*(?P<what>[^，。]{{4,6}}?)(?:的)?(?:申请|答复)?(?:情形|情况|事项|件|现象)*(?:发生)?$"
)
_NO_DOCUMENTS = re.compile(
    rf"(?:{_NOTHING}|{_NOT})(?:新)?(?:制发|制定|出台|印发|发布|制订)[^，。]{{0,12}}规范性文件(?:的情况)?$"
)
_ZERO_SUBJECT = re.compile(
    r"(?:依申请公开|申请)(?:受理)?(?:数量|数|件数|办件|总数|情况)?(?:均)?(?:为|是)零$|零申请|依申请公开“?零(?:受理|收件)|^依申请公开(?:情况|事项|信息)?无$"
)
_NO_DISPUTE = re.compile(rf"(?:{_NOTHING}|{_NOT}|未(?!经))[^，。]{{0,44}}?(?P<what>复议|诉讼)")
_NOR_LAWSUITS = re.compile(
    r"(?:也|亦|及|和|或者?|被|未|无|没有)*(?:提起|引发|发生)?(?:的)?(?:行政)?(?:诉讼|起诉)(?:的)?(?:案件|情况|情形)*(?:的)?(?:情况)?(?:发生)?"
)
_BOTH = re.compile(
    rf"(?:{_NOTHING}|{_NOT})(?:有|被|发生|收到|产生|引发|出现|申请)*(?:行政)?复议(?:案件)?(?:、|和|及|与|或|或者)?"
    r"(?:被)?(?:提起)?(?:行政)?诉讼(?:案件)?(?:的)?(?:情况|发生)*"
)
_NO_FEE = re.compile(
    r"(?:未|没有|无|未曾|从未)[^，。每]{0,20}(?:处理费|(?:信息公开|依申请公开|申请公开|申请人|任何|相关|检索|复制|邮寄)[^，。]{0,8}(?:费用?|收费))|"
    r"(?:处理费|(?:依申请公开|信息公开)[^，。]{0,6}费用?)[^，。每]{0,6}(?:未|没有|无)(?:收取|产生|发生)?(?:情况|行为|事项)?$|"
    r"(?:依申请公开|信息公开)[^，。]{0,6}(?:未|没有|无)收费(?:情况|行为|事项)?$"
)
_NO_FEE_ALONE = re.compile(r"(?:均|也|全部|都)?(?:未|没有)(?:收取|产生|发生)(?:过)?(?:任何|相关|信息|处理|公开)*费用?")
_NONE_CARRIED = re.compile(
    rf"^(?:也|且|均|亦|本年度?|全年|20\d\d年度?)*(?:{_NOTHING}|{_NOT})[^，。]{{0,12}}?(?:申请|事项|件|办理|情况|继续)*$"
)
_CARRIED_NONE = re.compile("结转[^，。]{0,12}(?:为零|为无|无|零)(?:件)?$")


def kinds_of_none(text: str, before: str, context: Context) -> Iterator[str]:
    """The kinds of which a clause says in words that there were none; `before` is the clause ahead of it."""
    undated = re.sub(r"20\d\d年度?|[“”]", "", text)
    if match := _NO_DISPUTE.search(undated):
        told = context.dispute or _BOTH.fullmatch(re.sub("^(?:我.|全年|本年度?|本机关)+", "", undated))
        if told and not RESULT.search(undated) and not re.search(r"\d", undated):
            yield "reconsideration" if match["what"] == "复议" else "litigation"
            rest = undated[match.end() :]
            if match["what"] == "复议" and re.search("诉讼|起诉", rest):
                yield "litigation"
            if APPLICATIONS_FIRST.search(match.group()):
                yield "applications_received"
    elif before and _NOR_LAWSUITS.fullmatch(text) and "litigation" not in before and _denied_reviews(before, context):
        yield "litigation"
    elif match := _NONE_TAKEN.search(text):
        said = _EITHER_WAY.sub("", ALL_WAYS.sub("", match["mid"])) + match["tail"]
        if not _of_some_applicants(said) and not _NONE_BAD.search(said) and not re.search(r"\d", said):
            yield "applications_received"
    elif (
        (_NONE_CARRIED.match(text) or _CARRIED_NONE.search(text))
        and (context.topic or context.dispute)
        and _carried(text)
    ):
        yield from _carried_kinds(text)
    elif _JUST_NONE.fullmatch(text):
        yield from _none_of(before)
    elif match := _IS_NONE.fullmatch(text):
        yield from _none_of(match["named"])
    elif (
        not _NONE_BAD.search(text)
        and not _of_some_applicants(text)
        and (_NONE_THERE.search(text) or _ZERO_SUBJECT.search(text) or (context.topic and _NONE_ALONE.fullmatch(text)))
    ):
        yield "applications_received"
    elif context.topic and not re.search(r"\d", undated) and (match := _NO_ANSWERS.search(undated)):
        yield from (kind for kind, pattern in GROUPS if pattern.fullmatch(match["what"]))
    if _NO_APPLICATIONS.search(text) and re.search("复议|诉讼", text) and not re.search("网上|线上|信函", text):
        yield "applications_received"
    if _NO_DOCUMENTS.search(text):
        yield "normative_issued"
    if _NO_FEE.search(text) or (context.topic and _NO_FEE_ALONE.fullmatch(text)):
        yield "information_fee"


def _carried_kinds(text: str) -> Iterator[str]:
    if CARRIED_IN.search(text):
        yield "applications_carried_in"
    if CARRIED_OUT.search(text):
        yield "applications_carried_out"


def _of_some_applicants(text: str) -> bool:
    return bool(_SOME_APPLICANTS.search(text)) and not _ANYBODY.search(text)


def _none_of(named: str) -> Iterator[str]:
    """The kind that a heading or a clause names, behind which only 无 stands."""
    if len(named) > _LONGEST_NAME or RESULT.search(named):
        return
    if APPLICATIONS_FIRST.search(named):
        yield "applications_received"
    if re.search("复议|诉讼", named):
        yield from (kind for kind, word in (("reconsideration", "复议"), ("litigation", "诉讼")) if word in named)
    elif CARRIED_OUT.search(named) or CARRIED_IN.search(named):
        yield from _carried_kinds(named)
    elif re.search("处理费", named):
        yield "information_fee"
    elif re.search(OBJECT, named) and not re.search("渠道|主动公开|投诉|建议", named):
        yield "applications_received"


def _denied_reviews(text: str, context: Context) -> bool:
    """Whether a clause says that there were no reconsiderations, so that the next one goes on about lawsuits."""
    match = _NO_DISPUTE.search(text)
    return bool(context.dispute and match and match["what"] == "复议" and not RESULT.search(text))


def _carried(text: str) -> bool:
    return not re.search(r"\d", text) and bool(CARRIED_OUT.search(text) or CARRIED_IN.search(text))
