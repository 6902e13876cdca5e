"""The running text of a section, without the lines of its tables: wrapped lines joined, one paragraph a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.model import Paragraph, Section
from pipelines.read.wording import squeezed

_LABELS = """
信息内容 本年制发件数 本年度制发件数 本年废止件数 本年度止件数 现行有效件数 规章 行政规范性文件 规范性文件
第二十条第一项 第二十条第五项 第二十条第六项 第二十条第八项 第二十条第九项 本年处理决定数量 行政许可 行政处罚
行政强制 本年收费金额单位万元保留4位小数 本年收费金额单位万元 本年收费金额 行政事业性收费 本年新制作数量
本年新公开数量 对外公开总数量 上一年项目数量 本年增减 处理决定数量 其他对外管理服务事项 采购项目数量 采购总金额
政府集中采购 本列数据的勾稽关系为第一项加第二项之和等于第三项加第四项之和
本列数据的钩稽关系为第一项加第二项之和等于第三项加第四项之和 申请人情况 自然人 法人或其他组织 商业企业 科研机构
社会公益组织 法律服务机构 其他 总计 合计 一本年新收政府信息公开申请数量 二上年结转政府信息公开申请数量
三本年度办理结果 一予以公开 二部分公开区分处理的只计这一情形不计其他情形 三不予公开 1属于国家秘密
2其他法律行政法规禁止公开 3危及三安全一稳定 4保护第三方合法权益 5属于三类内部事务信息 6属于四类过程性信息
7属于行政执法案卷 8属于行政查询事项 四无法提供 1本机关不掌握相关政府信息 2没有现成信息需要另行制作
3补正后申请内容仍不明确 五不予处理 1信访举报投诉类申请 2重复申请 3要求提供公开出版物 4无正当理由大量反复申请
5要求行政机关确认或重新出具已获取信息 六其他处理 1申请人无正当理由逾期不补正行政机关不再处理其政府信息公开申请
2申请人逾期未按收费通知要求缴纳费用行政机关不再处理其政府信息公开申请 3其他 七总计 四结转下年度继续办理 行政复议
行政诉讼 未经复议直接起诉 复议后起诉 结果维持 结果纠正 其他结果 尚未审结 统计指标 单位 统计数 主动公开政府信息数
主动公开规范性文件数 制发规范性文件总数 政府公报公开政府信息数 政府网站公开政府信息数 政务微博公开政府信息数
政务微信公开政府信息数 其他方式公开政府信息数 收到申请数 申请办结数 申请答复数 行政复议数量 行政诉讼数量
举报投诉数量
"""
_NAMES = tuple(_LABELS.split())
_ALL = "|".join(re.sub("[0-9]", "", name) for name in _NAMES)
_DISTINCT = tuple(
    sorted({re.sub("^[一二三四五六七0-9]", "", name) for name in _NAMES if len(name) >= 6}, key=len, reverse=True)
)
_LABEL = re.compile(
    "|".join(sorted({re.sub("^[一二三四五六七]|[0-9]", "", name) for name in _NAMES}, key=len, reverse=True))
)
_NUMBERS = re.compile(r"[\d\s.,，/\\|+—–-]+|[-—－\s]{0,4}第?\d{1,3}页?[-—－\s]{0,4}(?:共\d{1,3}页)?")
_STOP = "。；！？;!?"
_ITEM = re.compile(
    r"(?:[（(][一二三四五六七八九十\d]{1,2}[)）]|[一二三四五六七八九十]{1,2}、|\d{1,2}[、.．](?!\d)|第[一二三四五六]|[①-⑩])"
)
_TABLES = ("disclosure", "application", "review", "statistics")


def prose(section: Section) -> str:
    """A section's text outside its tables: one line a paragraph, lines that the page broke joined without a space."""
    joined: list[str] = []
    open_line = False
    for paragraph in _running(section):
        text = " ".join(paragraph.text.replace("**", "").lstrip("# ").split())
        if open_line and not _ITEM.match(text):
            joined[-1] = _glued(joined[-1], text)
        else:
            joined.append(text)
        open_line = _goes_on(joined[-1], text) and not _is_heading(paragraph, text)
    return "\n".join(joined)


def _is_heading(paragraph: Paragraph, text: str) -> bool:
    """Whether a line heads a part of the section: marked as a heading, or an item without any stop or comma."""
    marked = paragraph.heading or paragraph.text.lstrip().startswith(("#", "**"))
    return marked or (len(text) <= 40 and bool(_ITEM.match(text)) and not re.search("[，。：；,:;]", text))


def is_table_line(text: str) -> bool:
    """Whether a line or a cell is a label of one of the printed tables, long enough to be nothing else."""
    if len(text) > 120 or len(text) < 4:
        return False
    line = re.sub(r"[^㐀-鿿]", "", squeezed(text))
    return 4 <= len(line) <= 60 and any(line.startswith(name) or name == line[1:] for name in _starting(line[:2]))


def is_sentence(text: str) -> bool:
    """Whether a text runs: long enough, with a stop or a comma, and no label."""
    return len(text) >= 20 and any(c in text for c in "。，；,") and not is_table_line(text)


def _starting(head: str) -> tuple[str, ...]:
    return _BY_HEAD.get(head, ())


_BY_HEAD: dict[str, tuple[str, ...]] = {}
for _name in _DISTINCT:
    _bare = re.sub("[0-9]", "", _name)
    _BY_HEAD[_bare[:2]] = (*_BY_HEAD.get(_bare[:2], ()), _bare)


def _running(section: Section) -> Iterator[Paragraph]:
    """The paragraphs that are text: no rows of a flattened table, no page numbers."""
    tabular = section.code in _TABLES
    follows = False
    for block in section.blocks:
        if not isinstance(block, Paragraph) or not (line := squeezed(block.text)):
            continue
        if _NUMBERS.fullmatch(line):
            continue
        running = not _in_table(block, line, tabular, follows)
        if running:
            yield block
        follows = running and _goes_on(line, line)


def _in_table(block: Paragraph, line: str, tabular: bool, follows: bool) -> bool:
    if re.fullmatch(r"无[。.]?", line):
        return False
    if sum(1 for field in block.fields if field.strip()) >= 2 and ("\t" in block.text or "|" in block.text):
        return True
    letters = re.sub(r"[^㐀-鿿]", "", line)
    stopped = any(c in line for c in "。；！？;") or (line.count("，") + line.count("：") > 1)
    if (len(letters) >= 4 or (tabular and letters)) and letters in _ALL and not (follows and stopped):
        return True
    if not stopped and (is_table_line(line) or _only_labels(letters) or re.match("附?表[一二三四][:：]", line)):
        return True
    if not tabular or follows:
        return False
    return not (len(letters) >= 8 and (stopped or any(c in line for c in "，：,:"))) or _is_label_with_comma(letters)


def _only_labels(letters: str) -> bool:
    return 4 <= len(letters) <= 120 and len(_LABEL.sub("", letters)) <= 1


def _is_label_with_comma(letters: str) -> bool:
    return letters[:12] in _ALL or letters[-12:] in _ALL


def _goes_on(line: str, last: str) -> bool:
    """Whether a paragraph's last line was broken by the page's width and not by its end."""
    return bool(line) and line[-1] not in _STOP and len("".join(last.split())) >= 14


def _glued(before: str, after: str) -> str:
    latin = before[-1:].isascii() and after[:1].isascii() and before[-1:].isalpha() and after[:1].isalpha()
    return f"{before} {after}" if latin else before + after
