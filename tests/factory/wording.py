"""What a report says in prose, and which of it states a number."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal

from tests.factory import form as f
from tests.factory.figures import Figures
from tests.factory.places import Office


@dataclass(frozen=True, slots=True)
class Statement:
    """A number of the report's own scope that the prose states. `with_carried_in`: may count carried ones, too."""

    kind: str
    value: Decimal
    with_carried_in: bool = False


@dataclass(frozen=True, slots=True)
class Prose:
    """`sections` maps a section's code to its paragraphs; `years` are the years that title, period and prose state."""

    title: str
    preamble: tuple[str, ...]
    sections: dict[str, tuple[str, ...]]
    statements: tuple[Statement, ...]
    years: tuple[int, ...]
    closing: tuple[str, ...] = ()
    headings: dict[str, str] | None = None
    """Headings other than the form's, by code."""


@dataclass(frozen=True, slots=True)
class Slips:
    """What the prose gets wrong: years in place of the right one, and what it adds to the numbers that it states."""

    title_year: int | None = None
    period_year: int | None = None
    narrative_year: int | None = None
    received: int = 0
    outcome: int = 0
    review: int = 0

    @property
    def speaks(self) -> bool:
        """A slip that shows only where the prose states numbers."""
        return bool(self.received or self.outcome or self.review or self.narrative_year)


TITLES = (
    "{name}{year}年政府信息公开工作年度报告",
    "{name}{year}年度政府信息公开工作年度报告",
    "{year}年{name}政府信息公开工作年度报告",
    "{name} {year} 年政府信息公开年度报告",
    "{name}{year}年度政府信息公开工作报告",
    "{name}关于{year}年度政府信息公开工作的年度报告",
)
UNDATED = "{name}政府信息公开工作年度报告"
PERIODS = (
    "文中数据的统计时段为{year}年1月1日到{year}年12月31日。",
    "所列数据的统计期限从{year}年1月1日起，到{year}年12月31日止。",
    "数据统计时间为 {year} 年 1 月 1 日至 {year} 年 12 月 31 日。",
    "统计时限：{year}年1月1日—{year}年12月31日。",
)
PREAMBLES = (
    "依照《中华人民共和国政府信息公开条例》的有关要求，{name}编写了这份年度报告，并向社会公布。",
    "为便于公众了解和监督，{name}按照条例规定的六个方面汇总了一年的工作，形成本报告。",
    "本报告由{name}编写，内容以本机关掌握的台账为准。",
)
CONTACTS = (
    "读者如有疑问，可致电{name}办公室，电话0{a}-{b}。",
    "联系部门：{name}办公室（{city}民生路{c}号，邮编{d}）。",
    "",
)
DISCLOSED = (
    "全年在门户网站发布各类信息{n}余条，其中解读材料{m}篇。",
    "年内主动公开政府信息{n}条，政务新媒体转发{m}条。",
    "围绕群众关心的事项，主动公开信息{n}条次。",
    "坚持能公开的尽量公开，目录更新及时，内容完整。",
)
MANAGED = (
    "信息上网前由科室初审、分管负责人复审、主要负责人终审，全年没有发生泄密事件。",
    "对存量文件逐件核对公开属性，属性变化的及时调整并说明理由。",
)
PLATFORM = (
    "网站专栏设{m}个栏目，办事窗口摆放纸质资料供取阅。",
    "以门户网站为主阵地，公示栏和新媒体作补充，渠道保持畅通。",
)
SUPERVISED = (
    "办公室每季度抽查一次，发现的问题列单整改；全年组织培训{m}次。",
    "公布了监督电话，年内没有接到相关投诉。",
)
PROBLEMS = (
    "回头看，工作中还有三点不足：公开的主动性不强，解读的形式偏少，人员变动后业务不熟。",
    "目前的短板主要是目录更新不够快，个别科室报送不及时。",
)
IMPROVE = (
    "{next}年，打算从培训、督查、考核三方面入手，逐项补齐。",
    "下一步将完善台账，做到每周一查、每月一报。",
    "与{before}年相比，栏目维护有进步，但与群众期待仍有距离，{next}年继续改进。",
)
OTHERS = (
    "年内没有收取信息处理费，也没有其他要报告的事项。",
    "本年度收取信息处理费{fee}元。",
    "没有需要另行报告的事项。",
)
SILENT = ("依申请公开的接收、登记、办理、送达各环节运转正常。", "申请渠道通畅，答复文书使用统一格式。")

_DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """A count below ten thousand in Chinese numerals (十五, 一百零三, 二千零四十)."""
    if not 0 <= number < 10_000:
        raise ValueError(f"no numeral for {number}")
    if number < 10:
        return _DIGITS[number]
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + name
            gap = False
        else:
            gap = True
    return text[1:] if 10 <= number < 20 else text


class _Teller:
    def __init__(self, draw: random.Random, figures: Figures, single: bool, slips: Slips) -> None:
        self.draw, self.figures, self.single, self.slips = draw, figures, single, slips
        self.statements: list[Statement] = []

    def total(self, *rows: str) -> int:
        return int(sum(self.figures["application", row, "total"] for row in rows))

    def say(self, kind: str, value: int, with_carried_in: bool = False) -> int:
        self.statements.append(Statement(kind, Decimal(value), with_carried_in))
        return value

    def applications(self, office: Office, year: int) -> str:
        received, carried = self.total("received"), self.total("carried_in")
        mine = f"{office.itself}"
        if self.slips.received:
            return self._counted(mine, year, received + self.slips.received, self.draw.randrange(3))
        if self.slips.outcome:
            return self._outcomes(mine, received)
        if received == carried == 0:
            return self._nothing(mine, year)
        choice = self.draw.randrange(12)
        if choice < 3:
            return self._counted(mine, year, received, choice)
        if choice == 3 and received + carried:
            closed = self.say("applications_processed", self.total("processed"))
            whole = self.say("applications_received", received + carried, True)
            return f"连同上年结转在内，{mine}共受理政府信息公开申请{whole}件，办结{closed}件。"
        if choice == 4:
            return self.draw.choice(SILENT)
        if choice == 5 and office.kind != "government":
            self.say("applications_received", received)
            wider = f"全{office.county[-1]}共收到政府信息公开申请{received * 3 + 31}件"
            return f"{wider}{self.draw.choice(('，其中', '；'))}{mine}收到{received}件。"
        if choice == 6 and received >= 3:
            self.say("applications_received", received)
            online = received // 2
            return f"{mine}共收到政府信息公开申请{received}件，其中网上提交{online}件，寄信提交{received - online}件。"
        if choice == 7 and received < 10_000:
            self.say("applications_received", received)
            return f"{year}年，{mine}收到政府信息公开申请{chinese(received)}件。"
        if choice < 10:
            return self._flow(mine, received)
        return self._outcomes(mine, received)

    def _nothing(self, mine: str, year: int) -> str:
        choice = self.draw.randrange(6)
        if choice == 5:
            return self.draw.choice(SILENT)
        self.say("applications_received", 0)
        return (
            f"{year}年{mine}未收到政府信息公开申请。",
            f"全年没有公民、法人和其他组织向{mine}提出政府信息公开申请。",
            f"{mine}本年度新收政府信息公开申请0件。",
            f"{year}年，{mine}没有收到依申请公开事项。",
            f"年内{mine}受理政府信息公开申请 0 件。",
        )[choice]

    def _counted(self, mine: str, year: int, number: int, choice: int) -> str:
        self.say("applications_received", number)
        return (
            f"{year}年，{mine}共收到政府信息公开申请{number}件。",
            f"全年新收政府信息公开申请 {number} 件，均登记在册。",
            f"{mine}本年度收到依申请公开{number}件，比{year - 1}年有所变化。",
        )[choice]

    def _flow(self, mine: str, received: int) -> str:
        self.say("applications_received", received)
        carried = self.say("applications_carried_in", self.total("carried_in"))
        closed = self.say("applications_processed", self.total("processed"))
        out = self.say("applications_carried_out", self.total("carried_out"))
        return (
            f"{mine}新收政府信息公开申请{received}件，上年结转{carried}件；办结{closed}件，结转下年度继续办理{out}件。"
        )

    def _outcomes(self, mine: str, received: int) -> str:
        self.say("applications_received", received)
        parts = (
            ("granted", "予以公开", ("granted",)),
            ("granted_in_part", "部分公开", ("granted_in_part",)),
            ("denied", "不予公开", f.denied_rows()),
            ("unavailable", "无法提供", f.unavailable_rows()),
            ("rejected", "不予处理", f.rejected_rows()),
            ("other", "其他处理", f.other_rows(self.single)),
        )
        slip = self.slips.outcome
        told = []
        for kind, words, rows in parts:
            number = self.say(kind, self.total(*rows) + (slip if kind == "granted" else 0))
            told.append(f"{words}{number}件")
        return f"{mine}收到政府信息公开申请{received}件。从办理结果看，{'、'.join(told)}。"

    def reviews(self) -> str:
        first = int(self.figures["review", "reconsideration", "total"])
        second = int(
            self.figures["review", "litigation_direct", "total"]
            + self.figures["review", "litigation_after_reconsideration", "total"]
        )
        first += self.slips.review
        if self.slips.review or self.draw.random() < 0.6:
            self.say("reconsideration", first)
            self.say("litigation", second)
            if first == second == 0:
                return "没有发生因政府信息公开引起的行政复议和行政诉讼。"
            if max(first, second) < 100 and self.draw.random() < 0.2:
                return f"由此引发的行政复议{chinese(first)}件，行政诉讼{chinese(second)}件。"
            return f"因政府信息公开被申请行政复议{first}件，被提起行政诉讼{second}件。"
        return ""


def prose(draw: random.Random, office: Office, year: int, figures: Figures, single_other: bool, slips: Slips) -> Prose:
    """The report's words. `figures` are the numbers as the tables print them."""
    title_year = slips.title_year or year
    period_year = slips.period_year or year
    told_year = slips.narrative_year or year
    undated = slips == Slips() and draw.random() < 0.06
    title = (UNDATED if undated else draw.choice(TITLES)).format(name=office.name, year=title_year)
    words = {
        "name": office.name,
        "n": str(draw.randint(11, 990)),
        "m": str(draw.randint(2, 9)),
        "a": str(draw.randint(310, 990)),
        "b": str(draw.randint(2_000_000, 8_999_999)),
        "c": str(draw.randint(1, 300)),
        "d": f"{draw.randint(100_000, 899_999)}",
        "city": office.city,
        "next": str(year + 1),
        "before": str(year - 1),
        "fee": str(draw.randint(1, 90) * 10),
    }
    teller = _Teller(draw, figures, single_other, slips)
    asked = teller.applications(office, told_year)
    contested = teller.reviews()
    named = draw.random() < 0.9
    points = (
        ("主动公开", draw.choice(DISCLOSED)),
        ("依申请公开", asked + contested),
        ("政府信息管理", draw.choice(MANAGED)),
        ("政府信息公开平台建设", draw.choice(PLATFORM)),
        ("监督保障", draw.choice(SUPERVISED)),
    )
    opening = (f"{told_year}年，{office.itself}把政务公开列入年度重点任务，由办公室牵头落实。",) if undated else ()
    if slips.narrative_year:
        opening = (f"{told_year}年，{office.itself}扎实推进政府信息公开，各项任务按期完成。",)
    overview = [
        *opening,
        *(
            (f"（{_DIGITS[i]}）{head}。" if named else "") + text.format(**words)
            for i, (head, text) in enumerate(points, start=1)
        ),
    ]
    preamble = "".join(
        (draw.choice(PREAMBLES), draw.choice(PERIODS).replace("{year}", str(period_year)), draw.choice(CONTACTS))
    ).format(**words)
    sections = {
        "overview": tuple(overview),
        "problems": tuple(draw.choice(lines).format(**words) for lines in (PROBLEMS, IMPROVE)),
        "other": (draw.choice(OTHERS).format(**words),),
    }
    return Prose(title, (preamble,), sections, tuple(teller.statements), (title_year, period_year, told_year))
