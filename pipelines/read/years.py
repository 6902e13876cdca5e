"""The years that a report states of itself: in its title, as the period of its statistics, in its text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.model import YearMention

_DIGITS = {letter: digit for digit, letters in enumerate(("〇○零Oo0", *"一二三四五六七八九")) for letter in letters}
_TITLE_YEAR = re.compile(
    r"(?<!\d)(20[0-3]\d)(?=年|度|政府|政务|信息|[)）]|$)|(二[〇○零Oo0][〇○零Oo0一二三四五六七八九]{2})(?=年)"
    r"|(?<!\d)(20[0-3]\d)(?!\d|[-/.])"
)
_PERIOD = re.compile(
    r"(?<!\d)(20[0-3]\d)年?0?1月?0?1日?(?:零时|起|始)?[，,]?(?:至|到|[-—–~－～]{1,2})(?:(20[0-3]\d)年?|当年|同年)?(?:底|12月?(?:31日?|底))"
)
_PERIOD_END = re.compile(r"(?:至|截至|截止|截止到)(20[0-3]\d)年?12月?31日")
_PERIOD_YEAR = re.compile(r"统计(?:的)?(?:期限|时限|时间|周期|区间|范围)[^。\d]{0,8}(20[0-3]\d)年度?(?![\d]{1,2}月)")
_STATISTICS = re.compile("统计|期限|时限|所列数据|数据")
_QUOTED = re.compile("《[^《》]{0,120}》|〔20[0-3]\\d〕|[（(][^（）()]{0,80}[)）]")
_YEAR = re.compile(r"(?<!\d)(20[0-3]\d)年(?!\d{1,2}月)")
_BEGINS = re.compile(
    r"(?:[（(]?[一二三四五六七八九十\d]{1,2}[)）、.．]|[㐀-鿿]{2,16}情况[。:：，]|[㐀-鿿]{2,10}[:：]){0,3}(?:截至|截止|在)?(20[0-3]\d)年"
    r"(?:(?:12月(?:底|31日)?)|度|全年|期间|(?!\d))"
)
_NOT_THIS_YEAR = re.compile(
    "将|拟|计划|下一步|打算|力争|目标|努力|以来|修订|修正|印发|出台|成立|起施行|实施以来|同比|相比|上年|上一年|去年|往年|次年|明年|"
    "比20|较20|规划|版|届|第[一二三四]季度|[一二三四五六七八九十\\d]{1,2}月"
)
_MENDED = re.compile("整改|改进|解决|克服|针对|回头看")
"""What was done about problems: they may be those of the year before."""
_ABOUT = re.compile(
    "公开|信息|政务|我[局县市区镇乡委办院厅街]|本(?:机关|单位|部门|局|级|辖区)|收到|受理|新收|依申请|条例|领导下|申请|工作"
)
_REPORT = re.compile(
    r"(?:公布|发布|编制|现将|报告|向社会公开)[^。；]{0,40}?(20[0-3]\d)年度?(?:的)?(?:政府信息公开|政务公开|信息公开)(?:工作)?(?:的)?"
    r"(?:年度)?(?:情况)?(?:年度)?(?:工作)?(?:报告|年报)"
)


def title_year(title: str) -> int | None:
    """The year in a title without spaces, in digits or Chinese numerals."""
    match = _TITLE_YEAR.search(title)
    if match is None:
        return None
    if match[2]:
        return int("".join(str(_DIGITS[letter] if letter != "二" else 2) for letter in match[2]))
    return int(match[1] or match[3])


def period_years(text: str) -> Iterator[YearMention]:
    """The statistics period's year, damaged dates included; both years where it begins in one and ends in another."""
    for sentence in _sentences(text):
        if "20" not in sentence or not _STATISTICS.search(sentence):
            continue
        if match := _PERIOD.search(sentence):
            for year in dict.fromkeys(filter(None, match.groups())):
                yield YearMention("period", int(year), sentence[:200])
        elif re.search("统计|期限|时限", sentence) and (
            match := _PERIOD_END.search(sentence) or _PERIOD_YEAR.search(sentence)
        ):
            yield YearMention("period", int(match[1]), sentence[:200])


def narrative_years(code: str, text: str) -> Iterator[YearMention]:
    """The years that a section (by its code) states as the reported one.

    Only what plainly does: the sentence that publishes the report, and sentences about the work that begin with the
    year. Plans, comparisons, laws, events of a month and sentences with two years state nothing.
    """
    for sentence in _sentences(text):
        if "20" not in sentence or _PERIOD.search(sentence):
            continue
        bare = _QUOTED.sub("", sentence)
        years = set(_YEAR.findall(bare)) | set(re.findall(r"截[至止](20[0-3]\d)年12月", bare))
        if len(years) != 1:
            continue
        year = int(next(iter(years)))
        if _REPORT.search(bare) and not re.search("关于做好|通知", bare):
            yield YearMention("narrative", year, sentence[:200])
            continue
        begins = _BEGINS.match(bare)
        if begins is None or (code == "problems" and ("存在" not in bare or _MENDED.search(bare))):
            continue
        clause = bare[begins.end() : begins.end() + 60]
        if _ABOUT.search(clause) and not _NOT_THIS_YEAR.search(clause):
            yield YearMention("narrative", year, sentence[:200])


def _sentences(text: str) -> Iterator[str]:
    for sentence in re.split("[。；;！!\n]", text):
        if sentence:
            yield sentence
