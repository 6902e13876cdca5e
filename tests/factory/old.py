"""Reports before 2019: a narrative in the old sections, beside it the statistics sheet, or none."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from tests.factory import form as f
from tests.factory import statistics as s
from tests.factory.faults import NONE, Plant
from tests.factory.figures import SIZES
from tests.factory.places import COUNTIES, Office, offices
from tests.factory.report import Entry, Report, entry_of
from tests.factory.wording import PERIODS, TITLES, Prose, Slips, Statement

YEARS = tuple(range(2014, 2019))
FAULTS = (
    "statistics_sum",
    "negative",
    "fractional",
    "blank",
    "not_applicable",
    "unreadable",
    "label_altered",
    "year_title",
    "year_period",
)

_HEADINGS = (
    {
        "overview": "一、概述",
        "disclosure": "二、主动公开政府信息情况",
        "asked": "三、依申请公开政府信息情况",
        "disputes": "四、因政府信息公开申请行政复议、提起行政诉讼的情况",
        "problems": "五、存在的主要问题及改进措施",
    },
    {
        "overview": "一、总体情况",
        "disclosure": "二、主动公开情况",
        "asked": "三、依申请公开和不予公开情况",
        "fees": "四、政府信息公开的收费及减免情况",
        "disputes": "五、行政复议、行政诉讼情况",
        "problems": "六、主要问题和改进情况",
        "other": "七、其他需要报告的事项",
    },
    {"overview": "一、工作概况", "problems": "二、存在问题及下一步打算"},
)
_SHEET_HEADINGS = (
    "{year}年政府信息公开情况统计表",
    "附件：政府信息公开情况统计表",
    "政府信息公开情况统计表（{year}年度）",
    "附表：{year}年度政府信息公开情况统计表",
)


def _told(
    draw: random.Random, office: Office, year: int, received: int | None, figures: Mapping[f.Key, Decimal]
) -> str:
    mine = office.itself
    if received is None:
        return "依申请公开的受理点设在办公室，登记、审核、答复各有专人。"
    if received == 0:
        return draw.choice((f"{year}年，{mine}未收到政府信息公开申请。", f"{mine}全年没有收到政府信息公开申请。"))
    number = f"{year}年，{mine}共收到政府信息公开申请{received}件"
    if figures and draw.random() < 0.5:
        person, online = (int(figures[s.key_of(c)]) for c in ("received_in_person", "received_online"))
        return f"{number}，其中当面申请{person}件，网络申请{online}件。"
    return number + draw.choice(("，全部按期答复。", "。"))


def _prose(draw: random.Random, office: Office, year: int, figures: Mapping[f.Key, Decimal], slips: Slips) -> Prose:
    words = {"name": office.name, "year": str(slips.title_year or year)}
    headings = dict(draw.choice(_HEADINGS))
    received = int(figures[s.key_of("received_total")]) if figures else draw.randint(0, 40)
    told = received if draw.random() < 0.8 else None
    asked = _told(draw, office, year, told, figures)
    items = int(figures[s.key_of("public_total")]) if figures else draw.randint(20, 4000)
    published = draw.choice(
        (
            f"全年主动公开政府信息{items}条，以门户网站为主，公告栏和新媒体为辅。",
            "公开内容覆盖机构职能、财政资金、民生项目等方面，更新较为及时。",
        )
    )
    overview = (
        f"{year}年，{office.itself}认真执行《中华人民共和国政府信息公开条例》，明确一名分管领导和一名经办人员，"
        "各科室报送的信息逐条审核后发布。"
    )
    sections: dict[str, tuple[str, ...]] = {
        "overview": (overview,) if "asked" in headings else (overview, published, asked),
        "disclosure": (published,),
        "asked": (asked,),
        "fees": ("本机关提供政府信息没有收取任何费用。",),
        "disputes": ("因政府信息公开引起的行政复议和行政诉讼，处理结果见所附统计表。",),
        "problems": ("公开的深度还不够，少数栏目更新偏慢。下一年准备加密检查次数，把公开要求写进发文流程。",),
        "other": ("没有其他需要报告的事项。",),
    }
    if figures:
        headings["statistics"] = draw.choice(_SHEET_HEADINGS).format(year=year)
        sections["statistics"] = draw.choice(((), (f"填报单位（盖章）：{office.name}",), (f"（{year}年度）",)))
    period = draw.choice(PERIODS[:3]).format(year=slips.period_year or year)
    preamble = f"按照《中华人民共和国政府信息公开条例》的规定，{office.name}编制了本报告。{period}"
    statements = () if told is None else (Statement("applications_received", Decimal(received)),)
    years = (slips.title_year or year, slips.period_year or year, year)
    return Prose(
        draw.choice(TITLES).format(**words),
        (preamble,),
        {code: sections[code] for code in headings if code in sections},
        statements,
        years,
        headings=headings,
    )


def plant(draw: random.Random, name: str, year: int, figures: dict[f.Key, Decimal]) -> Plant:
    """The named contradiction for a sheet with these numbers."""
    changed = dict(figures)
    step = draw.randint(1, 7)
    if name == "statistics_sum":
        changed[s.key_of(draw.choice(list(s.SUMS)))] += step
        return Plant(name, figures=changed)
    if name == "negative":
        changed[s.key_of("complaints")] = Decimal(-step)
        return Plant(name, figures=changed)
    if name == "fractional":
        changed[s.key_of("meetings")] += Decimal("0.5")
        return Plant(name, figures=changed)
    if name == "label_altered":
        code = draw.choice(list(s.MISPRINTS))
        return Plant(name, labels={(s.TABLE, code): s.MISPRINTS[code]})
    if name.startswith("year_"):
        return Plant(name, slips=Slips(**{f"{name.removeprefix('year_')}_year": year - 1}))
    shown = {"blank": ("",), "not_applicable": ("/", "-", "—", "无"), "unreadable": ("待核实", "见附件")}[name]
    keys = draw.sample(sorted(figures), draw.randint(1, 9) if name != "unreadable" else 1)
    return Plant(name, printed=dict.fromkeys(keys, draw.choice(shown)))


def _dressed(style: str, value: Decimal) -> str:
    plain = format(value, "f")
    if style == "thousands" and value >= 1000:
        return f"{value:,}"
    if style == "wide":
        return plain.translate({ord(a): chr(ord(a) + 0xFEE0) for a in "0123456789."})
    return plain


def compose_old(
    draw: random.Random,
    office: Office,
    year: int,
    figures: Mapping[f.Key, Decimal],
    planted: Plant = NONE,
    printed: s.Style | None = None,
) -> Report:
    """The report of an agency and year before 2019; without `figures` it has no sheet."""
    numbers = dict(planted.figures or figures)
    style = printed or s.style(draw)
    if numbers and draw.random() < 0.3:
        for label, unit in draw.sample(s.LOCALS, draw.randint(1, 3)):
            fraction = draw.choice((1, 100)) if unit == "万元" else 1
            numbers[s.TABLE, s.LOCAL, label] = Decimal(draw.randint(3, 900)) / fraction
    dress = draw.choices(("plain", "thousands", "wide"), (80, 12, 8))[0]
    texts = {key: _dressed(dress, value) for key, value in numbers.items()} | dict(planted.printed)
    entries: dict[f.Key, Entry] = {
        key: entry_of(text, numbers[key], key in planted.printed) for key, text in texts.items()
    }
    count = len(style.columns) - (style.whole is not None)
    aside = {key: tuple(str(draw.randint(11, 2999)) for _ in range(count)) for key in numbers}
    return Report(
        office,
        year,
        "2014" if numbers else "",
        False,
        entries,
        planted.labels,
        _prose(draw, office, year, dict(figures), planted.slips),
        planted,
        sheet_style=style,
        aside=aside,
    )


def old_reports(
    count: int,
    seed: int,
    fault_share: float = 0.3,
    sheetless: float = 0.0,
    counties: int = len(COUNTIES),
    years: tuple[int, ...] = YEARS,
    printed: Mapping[str, object] | None = None,
) -> Iterator[Report]:
    """Reports of these years, agency by agency; the share `sheetless` has no sheet. `printed` fixes parts of the
    sheet's style."""
    left = count
    each = -(-count // (counties * len(years)))
    for county in COUNTIES[:counties]:
        draw = random.Random(f"{seed} old {county[0]}")
        for office in offices(county, each):
            for year in years:
                if left <= 0:
                    return
                left -= 1
                figures = {} if draw.random() < sheetless else s.figures(draw, draw.choice(SIZES))
                planted = NONE
                if draw.random() < fault_share:
                    name = draw.choice(FAULTS if figures else FAULTS[-2:])
                    planted = plant(draw, name, year, figures)
                style = replace(s.style(draw), **(printed or {}))  # type: ignore[arg-type]
                yield compose_old(draw, office, year, figures, planted, style)
