"""What a clause of the narrative inherits from the ones ahead of it: the year, the whole, the thing that is counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pipelines.read.claim_answers import names_answers
from pipelines.read.claim_kinds import counts_something_else
from pipelines.read.claim_terms import APPLICATION, CARRIED_IN, CARRIED_OUT, DOCUMENTS, TOPIC, Context
from pipelines.read.claim_words import any_of
from pipelines.read.clauses import Clause, Sentence
from pipelines.read.scopes import speaks_of_itself

SUM = re.compile("(?:全[市县区省州]|全年|两项|三项|总共|共计|合计|总计|共|以上)+")
"""What leads to the sum of the numbers ahead of it."""

_LEAD = re.compile(
    r"(?:20\d\d年度?|全年|本年度?|今年|年内|总共|共计|合计|总计|共有|共|以上|总数|数量|件数|计|为|是|有|达到?)*+"
)
_COMPARISON = re.compile(
    r"(?:连续|持续|逐年|大幅|有所|明显|稳步)[^，。]{0,4}(?:增长|上升|下降|增加|减少)$"
    r"|(?:增长|上升|下降)(?:了|约)?\d{1,4}(?:\.\d+)?[%％]$|[是为](?:上年|去年|20\d\d年)的?\d{1,4}(?:\.\d+)?倍$|(?:同比|环比|[比较](?:上年|去年|20\d\d年))[^，。]{0,24}$"
)
_LONGEST_TITLE = 16
_FULL_YEAR = re.compile(r"全年|年度|(?:本|今)年|20\d\d年(?!\d{1,2}月|[上下]半年|第?[一二三四]季度)")
_MONTHS = re.compile(
    r"(?:^|[^\d年至到—-])(?:[1-9]|1[0-2])月份?(?!\d|底|末|[-—至到])|季度|半年|(?<!\d)1月?份?(?:[-—~～]{1,2}|至|到)(?:[2-9]|1[01])月"
    r"|截[至止到](?:20\d\d年)?(?:[1-9]|1[01])月"
)
_SINCE = re.compile(
    r"(?:条例|规定|办法|制度|网站|平台|专栏|系统|机构)[^，]{0,10}(?:施行|实施|开通|上线|运行|成立|公布)[^，]{0,4}以来|历年|“?十[二三四五]五”?(?:期间|时期|以来)"
    r"|[近最][二三四五六七八九十两几]年|[二三四五六七八九十两几]年(?:以)?来|(?:自|从)?(?P<year>20\d\d)年[^，]{0,12}(?:以来|开始|起(?!至))"
)
_YEARS = re.compile(r"(?<!\d)(20\d\d)年?度?(?:[-—~～]{1,2}|至|到)(20\d\d)年")
_APPLICATIONS = re.compile("申请(?!公开)|收到|受理|答复|办结")
_ASKED = re.compile(rf"{any_of('taken')}(?:了|共|共计)?申请")
_BY_NATURE = ("主动公开", "依申请公开", "不予公开")
_NATURE = re.compile("公文|属性")
_SOME_WAY = any_of("ways", "applicants")
_OF_SOME = re.compile(
    rf"^对[^，。]{{0,10}}{_SOME_WAY}[^，。]{{0,16}}申请$|{_SOME_WAY}[^，。]{{0,8}}申请(?:件|事项)?当?中$"
    r"|(?:涉及|关于)[^，。]{1,16}申请(?:件|事项)?当?中"
)
_ONE_APPLICANT = re.compile("(?:同一|单个|一名|1名|某|一位)(?:申请人|公民|企业|自然人)")
_LEFT_OUT = re.compile("除[^，。]{0,20}(?:结转|转入|转至|顺延)[^，。]{0,14}外")
_LATE = re.compile(r"(?:延期|超期|逾期)(?:答复|办结|办理|回复)的?\d")
_JOINT = re.compile(r"争议[^，。\d]{0,8}\d|复议[^，。\d]{0,8}诉讼[^，。\d]{0,8}\d")
_FEE = re.compile("处理费|(?:信息公开|依申请公开|申请公开)[^，。]{0,8}(?:收费|费用)")


def opening(sentence: Sentence, topic: bool, dispute: bool, under: bool) -> Context:
    """The context in which a sentence begins. `topic`: applications are spoken of; `dispute`: disputes over openness
    are; `under`: it stands below words on applications."""
    return Context(
        topic,
        dispute,
        under=(under or names_answers(sentence.plain)) and "主动公开" not in sentence.plain,
        rest=bool(_LEFT_OUT.search(sentence.plain)),
        late=bool(_LATE.search(sentence.plain)),
        apart=_counts_applicants(sentence),
        answers=names_answers(sentence.plain),
        documents=_counts_by_nature(sentence),
    )


def goes_on(clause: Clause, context: Context, agency: str | None, year: int | None) -> Context:
    """The context in which a clause's numbers stand, from that of the clause ahead of it; `agency` and `year` are the
    report's own."""
    context = _timed(clause, context, year)
    whole = clause.text.startswith("其中") and speaks_of_itself(clause.text, agency)
    part = context.part or (clause.text.startswith("其中") and not context.joint)
    some = context.some or bool(_OF_SOME.search(clause.text) or _ONE_APPLICANT.search(clause.text))
    context = replace(context, part=part and not whole, some=some, fee=context.fee or bool(_FEE.search(clause.text)))
    if clause.counts:
        context = replace(context, joint=bool(_JOINT.search(clause.text)))
    if any(DOCUMENTS.search(count.before) for count in clause.counts) or _NATURE.search(clause.text):
        context = replace(context, documents=True)
    elif _APPLICATIONS.search(clause.text):
        context = replace(context, documents=False)
    if any(counts_something_else(count) for count in clause.counts):
        context = replace(context, other=True)
    elif TOPIC.search(clause.text) or (context.asked and _ASKED.search(clause.text)):
        context = replace(context, other=False)
    return replace(context, asked=context.asked or bool(re.search(APPLICATION, clause.text)))


def _timed(clause: Clause, context: Context, year: int | None) -> Context:
    """The context with the time of which a clause speaks."""
    years = re.findall(r"(?<!\d)(20[0-3]\d)年", clause.text)
    if years and not CARRIED_IN.search(clause.text) and not CARRIED_OUT.search(clause.text):
        context = replace(context, year=int(years[-1]), since=False)
    since = _SINCE.search(clause.text)
    between = _YEARS.search(clause.text)
    if (since and (since["year"] is None or since["year"] != str(year))) or (between and between[1] != between[2]):
        context = replace(context, since=True)
    if _MONTHS.search(clause.text):
        return replace(context, months=True)
    return replace(context, months=context.months and not _FULL_YEAR.search(clause.text))


def led(clauses: tuple[Clause, ...], title: str) -> Iterator[Clause]:
    """The clauses, each number that a comma or a colon parts from what it counts (收到申请，共37件；予以公开：21件) led
    by that again. `title` is what stands ahead of the first clause; a short one may be what that counts."""
    named = len(title) <= _LONGEST_TITLE and not re.search(r"\d", title)
    ahead, heads = (Clause(title, False, ()) if named else None), True
    for clause in clauses:
        first = clause.counts[0] if clause.counts else None
        unclaimed = ahead and (not ahead.counts or _COMPARISON.search(ahead.text))
        alone = first and (not first.after or (first.before and not heads))
        if first and ahead and unclaimed and alone and _LEAD.fullmatch(first.before):
            lead = _COMPARISON.sub("", ahead.text)
            counts = (replace(first, before=lead + first.before), *clause.counts[1:])
            clause = replace(clause, text=lead + clause.text, counts=counts)
        yield clause
        ahead, heads = clause, False


def _counts_applicants(sentence: Sentence) -> bool:
    """Whether citizens, and others than citizens, have a number each."""
    led_by: list[str] = []
    for clause in sentence.clauses:
        if clause.inside or clause.text.startswith("其中"):
            break
        led_by += [count.before for count in clause.counts]
    others = [before for before in led_by if re.search("法人|企业|组织|单位", before) and "公民" not in before]
    return bool(others) and any("公民" in before for before in led_by)


def _counts_by_nature(sentence: Sentence) -> bool:
    """Whether documents are counted by what may be done with them: open to all, on application, not at all."""
    led_by = [count.before for clause in sentence.clauses for count in clause.counts]
    return all(any(name in before for before in led_by) for name in _BY_NATURE)
