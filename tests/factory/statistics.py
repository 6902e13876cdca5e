"""The statistics sheet of the reports of 2014-2018: its indicators, numbers that add up, and the ways to draw it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from tests.factory import form as f
from tests.factory.sheets import Box, Sheet

TABLE, VALUE, LOCAL = "statistics", "value", "local"


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row with a number: its code, marker, label and unit. `brief`: how it is printed in short, too."""

    code: str
    marker: str
    text: str
    unit: str
    brief: str = ""


Row = Indicator | str
"""An indicator, or the label of a row that only heads others."""

_CASES = "件"
ROWS: tuple[Row, ...] = (
    "一、主动公开情况",
    Indicator(
        "public_total",
        "（一）",
        "主动公开政府信息数（不同渠道和方式公开相同信息计1条）",
        "条",
        "主动公开政府信息数",
    ),
    Indicator("public_normative", "其中：", "主动公开规范性文件数", "条"),
    Indicator("normative_issued", "", "制发规范性文件总数", _CASES),
    "（二）通过不同渠道和方式公开政府信息的情况",
    Indicator("public_gazette", "1.", "政府公报公开政府信息数", "条"),
    Indicator("public_website", "2.", "政府网站公开政府信息数", "条"),
    Indicator("public_weibo", "3.", "政务微博公开政府信息数", "条"),
    Indicator("public_wechat", "4.", "政务微信公开政府信息数", "条"),
    Indicator("public_other", "5.", "其他方式公开政府信息数", "条"),
    "二、回应解读情况",
    Indicator(
        "response_total",
        "（一）",
        "回应公众关注热点或重大舆情数（不同方式回应同一热点或舆情计1次）",
        "次",
        "回应公众关注热点或重大舆情数",
    ),
    "（二）通过不同渠道和方式回应解读的情况",
    Indicator("press_total", "1.", "参加或举办新闻发布会总次数", "次"),
    Indicator("press_by_head", "其中：", "主要负责同志参加新闻发布会次数", "次"),
    Indicator("interview_total", "2.", "政府网站在线访谈次数", "次"),
    Indicator("interview_by_head", "其中：", "主要负责同志参加政府网站在线访谈次数", "次"),
    Indicator("interpretation_articles", "3.", "政策解读稿件发布数", "篇"),
    Indicator("response_social_media", "4.", "微博微信回应事件数", "次"),
    Indicator("response_other", "5.", "其他方式回应事件数", "次"),
    "三、依申请公开情况",
    Indicator("received_total", "（一）", "收到申请数", _CASES),
    Indicator("received_in_person", "1.", "当面申请数", _CASES),
    Indicator("received_fax", "2.", "传真申请数", _CASES),
    Indicator("received_online", "3.", "网络申请数", _CASES),
    Indicator("received_letter", "4.", "信函申请数", _CASES),
    Indicator("closed_total", "（二）", "申请办结数", _CASES),
    Indicator("closed_on_time", "1.", "按时办结数", _CASES),
    Indicator("closed_extended", "2.", "延期办结数", _CASES),
    Indicator("reply_total", "（三）", "申请答复数", _CASES),
    Indicator("reply_already_public", "1.", "属于已主动公开范围数", _CASES),
    Indicator("reply_granted", "2.", "同意公开答复数", _CASES),
    Indicator("reply_partial", "3.", "同意部分公开答复数", _CASES),
    Indicator("reply_denied", "4.", "不同意公开答复数", _CASES),
    Indicator("denied_state_secret", "其中：", "涉及国家秘密", _CASES),
    Indicator("denied_trade_secret", "", "涉及商业秘密", _CASES),
    Indicator("denied_privacy", "", "涉及个人隐私", _CASES),
    Indicator("denied_safety", "", "危及国家安全、公共安全、经济安全和社会稳定", _CASES),
    Indicator("denied_not_information", "", "不是《条例》所指政府信息", _CASES),
    Indicator("denied_other", "", "法律法规规定的其他情形", _CASES),
    Indicator("reply_not_ours", "5.", "不属于本行政机关公开数", _CASES),
    Indicator("reply_not_exist", "6.", "申请信息不存在数", _CASES),
    Indicator("reply_amend", "7.", "告知作出更改补充数", _CASES),
    Indicator("reply_other_channel", "8.", "告知通过其他途径办理数", _CASES),
    Indicator("reconsideration_total", "四、", "行政复议数量", _CASES),
    Indicator("reconsideration_upheld", "（一）", "维持具体行政行为数", _CASES),
    Indicator("reconsideration_corrected", "（二）", "被依法纠错数", _CASES),
    Indicator("reconsideration_other", "（三）", "其他情形数", _CASES),
    Indicator("litigation_total", "五、", "行政诉讼数量", _CASES),
    Indicator("litigation_upheld", "（一）", "维持具体行政行为或者驳回原告诉讼请求数", _CASES),
    Indicator("litigation_corrected", "（二）", "被依法纠错数", _CASES),
    Indicator("litigation_other", "（三）", "其他情形数", _CASES),
    Indicator("complaints", "六、", "举报投诉数量", _CASES),
    Indicator("fees", "七、", "依申请公开信息收取的费用", "万元"),
    "八、机构建设和保障经费情况",
    Indicator("offices", "（一）", "政府信息公开工作专门机构数", "个"),
    Indicator("access_points", "（二）", "设置政府信息公开查阅点数", "个"),
    Indicator("staff_total", "（三）", "从事政府信息公开工作人员数", "人"),
    Indicator("staff_full_time", "1.", "专职人员数（不包括政府公报及政府网站工作人员数）", "人", "专职人员数"),
    Indicator("staff_part_time", "2.", "兼职人员数", "人"),
    Indicator(
        "budget",
        "（四）",
        "政府信息公开专项经费（不包括用于政府公报编辑管理及政府网站建设维护等方面的经费）",
        "万元",
        "政府信息公开专项经费",
    ),
    "九、政府信息公开会议和培训情况",
    Indicator("meetings", "（一）", "召开政府信息公开工作会议或专题会议数", "次"),
    Indicator("trainings", "（二）", "举办各类培训班数", "次"),
    Indicator("trainees", "（三）", "接受培训人员数", "人次"),
)
INDICATORS = tuple(row for row in ROWS if isinstance(row, Indicator))
DENIED = tuple(i.code for i in INDICATORS if i.code.startswith("denied_"))
REPLIES = tuple(i.code for i in INDICATORS if i.code.startswith("reply_") and i.code != "reply_total")
SUMS: dict[str, tuple[str, ...]] = {
    "received_total": ("received_in_person", "received_fax", "received_online", "received_letter"),
    "closed_total": ("closed_on_time", "closed_extended"),
    "reply_total": REPLIES,
    "reply_denied": DENIED,
    "reconsideration_total": ("reconsideration_upheld", "reconsideration_corrected", "reconsideration_other"),
    "litigation_total": ("litigation_upheld", "litigation_corrected", "litigation_other"),
    "staff_total": ("staff_full_time", "staff_part_time"),
}
AMOUNTS = ("fees", "budget")

LOCALS: tuple[tuple[str, str], ...] = (
    ("十、向公共图书馆移交信息数", "条"),
    ("其中：向国家档案馆移交信息数", "条"),
    ("政府信息公开目录更新次数", "次"),
    ("十一、网站专栏点击量", "次"),
    ("（五）政务公开体验点建设投入", "万元"),
)

MISPRINTS: dict[str, str] = {
    "received_online": "3.网络提交申请数",
    "closed_extended": "2.延期办结申请数",
    "reply_already_public": "1.属于主动公开范围数",
    "reply_not_exist": "6.申请的信息不存在数",
    "offices": "（一）政府信息公开专门机构数",
    "trainees": "（三）接受培训的人员数",
    "interpretation_articles": "3.政策解读稿件的发布数",
}


def key_of(code: str) -> f.Key:
    return TABLE, code, VALUE


def _split(draw: random.Random, whole: int, codes: tuple[str, ...]) -> dict[str, int]:
    parts = dict.fromkeys(codes, 0)
    weights = [1 + 9 * (i % 3 == 0) for i in range(len(codes))]
    for code in draw.choices(codes, weights, k=whole):
        parts[code] += 1
    return parts


def figures(draw: random.Random, size: str) -> dict[f.Key, Decimal]:
    """The numbers of one sheet: every sum holds."""
    asked = {"zero": 0, "small": draw.randint(1, 30), "mid": draw.randint(40, 160), "large": draw.randint(900, 2400)}
    received = asked[size]
    closed = received - draw.randint(0, received // 9)
    counts = _split(draw, received, SUMS["received_total"]) | _split(draw, closed, SUMS["closed_total"])
    counts |= _split(draw, closed, REPLIES)
    counts |= _split(draw, counts["reply_denied"], DENIED)
    disputes = 0 if size == "zero" else draw.randint(0, 3 + received // 30)
    counts |= _split(draw, disputes, SUMS["reconsideration_total"])
    counts |= _split(draw, disputes // 2, SUMS["litigation_total"])
    counts |= _split(draw, draw.randint(1, 60), SUMS["staff_total"])
    channels = {"zero": 40, "small": 900, "mid": 6000, "large": 90000}[size]
    for code in ("public_gazette", "public_website", "public_weibo", "public_wechat", "public_other"):
        counts[code] = draw.randint(0, channels)
    counts["public_total"] = max(counts[c] for c in counts if c.startswith("public_")) + draw.randint(0, 9)
    counts["public_normative"] = draw.randint(0, min(40, counts["public_total"]))
    for indicator in INDICATORS:
        if indicator.code in SUMS:
            counts[indicator.code] = sum(counts[part] for part in SUMS[indicator.code])
        elif indicator.code not in counts:
            counts[indicator.code] = draw.choice((0, draw.randint(1, 9), draw.randint(10, 400)))
    found = {key_of(i.code): Decimal(counts[i.code]) for i in INDICATORS}
    for code in AMOUNTS:
        found[key_of(code)] = Decimal(draw.choice((0, draw.randint(1, 60), draw.randint(1, 9999)))) / draw.choice(
            (1, 10, 100, 10000)
        )
    return found


@dataclass(frozen=True, slots=True)
class Style:
    """How the sheet is printed. `columns` are the heads of its count columns, and `whole` which of them counts (None:
    none does); `units`: a column of their own, glued to the label, in brackets behind it, or nowhere; `filler`: what
    stands in rows without numbers; `marks`: how items are marked."""

    head: str = "统计指标"
    columns: tuple[str, ...] = ("统计数",)
    whole: int | None = 0
    units: str = "column"
    unit_head: str = "单位"
    filler: str = ""
    marks: str = "form"
    brief: bool = False
    numbered_denials: bool = False
    indent: bool = False
    serial: bool = False


def style(draw: random.Random) -> Style:
    columns, whole = draw.choices(
        (
            (("统计数",), 0),
            (("数量",), 0),
            (("统计数据",), 0),
            (("合计", "政府", "部门", "乡镇"), 0),
            (("政府", "部门", "乡镇", "合计"), 3),
            (("政府", "部门", "乡镇"), None),
            (("县政府", "县直部门", "乡镇街道", "总计"), 3),
        ),
        (50, 10, 6, 6, 6, 5, 4),
    )[0]
    return Style(
        draw.choice(("统计指标", "统计指标", "指标", "指标名称")),
        columns,
        whole,
        draw.choices(("column", "glued", "bracket", "none"), (60, 8, 10, 10))[0],
        draw.choice(("单位", "计量单位")),
        draw.choice(("", "", "——", "/")),
        draw.choices(("form", "dun", "round", "wide"), (60, 10, 8, 8))[0],
        draw.random() < 0.3,
        draw.random() < 0.3,
        draw.random() < 0.3,
        draw.random() < 0.06,
    )


def _marked(marker: str, marks: str) -> str:
    if marks == "dun" and marker[:1].isdigit():
        return marker.replace(".", "、")
    if marks == "round" and marker[:1].isdigit():
        return f"（{marker[:-1]}）"
    if marks == "wide":
        return marker.replace(".", "．").replace("（", "(").replace("）", ")")
    return marker


def label_of(indicator: Indicator, printed: Style) -> str:
    """The label as this style prints it, without its unit."""
    marker = _marked(indicator.marker, printed.marks)
    if printed.numbered_denials and indicator.code in DENIED:
        marker = ("其中：" if indicator.code == DENIED[0] else "") + f"{DENIED.index(indicator.code) + 1}."
    text = indicator.brief if printed.brief and indicator.brief else indicator.text
    return marker + text


def _unit_behind(unit: str, printed: Style) -> str:
    return unit if printed.units == "glued" else f"（{unit}）" if printed.units == "bracket" and unit else ""


def local_label(label: str, printed: Style) -> str:
    """A local indicator's label as this style prints it, with its unit where that stands behind it."""
    return label + _unit_behind(dict(LOCALS)[label], printed)


def statistics_sheet(
    values: Mapping[f.Key, str],
    labels: Mapping[tuple[str, str], str],
    printed: Style,
    aside: Mapping[f.Key, tuple[str, ...]],
) -> Sheet:
    """`aside` are the numbers in the count columns that are not the whole's, from left to right."""
    boxes: list[Box] = []
    lead = 1 if printed.serial else 0
    unit_at = lead + 1 if printed.units == "column" else None
    first = lead + (2 if unit_at else 1)
    heads = [*(["序号"] if lead else []), printed.head, *([printed.unit_head] if unit_at else []), *printed.columns]
    boxes += [Box(0, i, text) for i, text in enumerate(heads)]
    row = 0

    def line(label: str, unit: str, key: f.Key | None) -> None:
        nonlocal row
        row += 1
        if lead:
            boxes.append(Box(row, 0, str(row)))
        glued = _unit_behind(unit, printed)
        depth = "　　" if printed.indent and not label.startswith(("一、", "（")) else ""
        boxes.append(Box(row, lead, depth + label + glued))
        if unit_at:
            boxes.append(Box(row, unit_at, unit or printed.filler))
        others = iter(aside.get(key, ()) if key else ())
        for i in range(len(printed.columns)):
            if key is None:
                boxes.append(Box(row, first + i, printed.filler))
            elif printed.whole == i:
                boxes.append(Box(row, first + i, values[key], key=key))
            else:
                boxes.append(Box(row, first + i, next(others), key=(TABLE, key[1], f"{key[2]} {i}")))

    for item in ROWS:
        if isinstance(item, str):
            line(item, "", None)
        elif key_of(item.code) in values:
            line(labels.get((TABLE, item.code), label_of(item, printed)), item.unit, key_of(item.code))
    units = dict(LOCALS)
    for key in values:
        if key[1] == LOCAL:
            line(key[2], units[key[2]], key)
    return Sheet(TABLE, row + 1, len(heads), tuple(boxes), header_rows=1)
