"""What the two printed forms look like: codes of VOCABULARY beside the labels that the factory prints."""

from __future__ import annotations

Key = tuple[str, str, str]
"""A cell: table, row, column."""

APPLICANTS: dict[str, str] = {
    "natural_person": "自然人",
    "company": "商业企业",
    "research": "科研机构",
    "public_welfare": "社会公益组织",
    "legal_service": "法律服务机构",
    "other_organisation": "其他",
    "total": "总计",
}
PEOPLE = tuple(code for code in APPLICANTS if code != "total")

GRANTED = ("granted", "（一）予以公开")
PARTLY = ("granted_in_part", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）")

GROUPS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "（三）不予公开",
        (
            ("denied_state_secret", "1.属于国家秘密"),
            ("denied_by_law", "2.其他法律行政法规禁止公开"),
            ("denied_safety", "3.危及“三安全一稳定”"),
            ("denied_third_party", "4.保护第三方合法权益"),
            ("denied_internal", "5.属于三类内部事务信息"),
            ("denied_deliberative", "6.属于四类过程性信息"),
            ("denied_enforcement_file", "7.属于行政执法案卷"),
            ("denied_inquiry", "8.属于行政查询事项"),
        ),
    ),
    (
        "（四）无法提供",
        (
            ("unavailable_not_held", "1.本机关不掌握相关政府信息"),
            ("unavailable_not_ready", "2.没有现成信息需要另行制作"),
            ("unavailable_unclear", "3.补正后申请内容仍不明确"),
        ),
    ),
    (
        "（五）不予处理",
        (
            ("rejected_petition", "1.信访举报投诉类申请"),
            ("rejected_repeat", "2.重复申请"),
            ("rejected_publication", "3.要求提供公开出版物"),
            ("rejected_excessive", "4.无正当理由大量反复申请"),
            ("rejected_confirmation", "5.要求行政机关确认或重新出具已获取信息"),
        ),
    ),
)
OTHER_GROUP = "（六）其他处理"
OTHER_ROWS = (
    ("other_uncorrected", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
    ("other_unpaid", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
    ("other_remaining", "3.其他"),
)
RECEIVED = ("received", "一、本年新收政府信息公开申请数量")
CARRIED_IN = ("carried_in", "二、上年结转政府信息公开申请数量")
RESULTS = "三、本年度办理结果"
PROCESSED = ("processed", "（七）总计")
CARRIED_OUT = ("carried_out", "四、结转下年度继续办理")
CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"

REVIEW_RESULTS: dict[str, str] = {
    "upheld": "结果维持",
    "corrected": "结果纠正",
    "other": "其他结果",
    "pending": "尚未审结",
    "total": "总计",
}
PROCEDURES: dict[str, str] = {
    "reconsideration": "行政复议",
    "litigation_direct": "未经复议直接起诉",
    "litigation_after_reconsideration": "复议后起诉",
}

Block = tuple[str, tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]
"""Heading of a block of table two, its columns, its rows."""

_STOCK_2021 = (("issued", "本年制发件数"), ("repealed", "本年废止件数"), ("in_force", "现行有效件数"))
_DECISIONS_2021 = (("decisions", "本年处理决定数量"),)
_STOCK_2019 = (("made", "本年新制作数量"), ("disclosed", "本年新公开数量"), ("public_total", "对外公开总数量"))
_ITEMS_2019 = (("prior_items", "上一年项目数量"), ("change", "本年增/减"), ("decisions", "处理决定数量"))

DISCLOSURE: dict[str, tuple[Block, ...]] = {
    "2021": (
        ("第二十条第（一）项", _STOCK_2021, (("rules", "规章"), ("normative_documents", "行政规范性文件"))),
        ("第二十条第（五）项", _DECISIONS_2021, (("licensing", "行政许可"),)),
        ("第二十条第（六）项", _DECISIONS_2021, (("penalty", "行政处罚"), ("coercion", "行政强制"))),
        ("第二十条第（八）项", (("amount", "本年收费金额（单位：万元）"),), (("fees", "行政事业性收费"),)),
    ),
    "2019": (
        ("第二十条第（一）项", _STOCK_2019, (("rules", "规章"), ("normative_documents", "规范性文件"))),
        ("第二十条第（五）项", _ITEMS_2019, (("licensing", "行政许可"), ("other_services", "其他对外管理服务事项"))),
        ("第二十条第（六）项", _ITEMS_2019, (("penalty", "行政处罚"), ("coercion", "行政强制"))),
        ("第二十条第（八）项", _ITEMS_2019[:2], (("fees", "行政事业性收费"),)),
        (
            "第二十条第（九）项",
            (("projects", "采购项目数量"), ("amount", "采购总金额")),
            (("procurement", "政府集中采购"),),
        ),
    ),
}

HEADINGS = {
    "overview": "一、总体情况",
    "disclosure": "二、主动公开政府信息情况",
    "application": "三、收到和处理政府信息公开申请情况",
    "review": "四、政府信息公开行政复议、行政诉讼情况",
    "problems": "五、存在的主要问题及改进情况",
    "other": "六、其他需要报告的事项",
}


def denied_rows() -> tuple[str, ...]:
    return tuple(code for code, _ in GROUPS[0][1])


def unavailable_rows() -> tuple[str, ...]:
    return tuple(code for code, _ in GROUPS[1][1])


def rejected_rows() -> tuple[str, ...]:
    return tuple(code for code, _ in GROUPS[2][1])


def other_rows(single: bool) -> tuple[str, ...]:
    return ("other",) if single else tuple(code for code, _ in OTHER_ROWS)


def outcome_rows(single_other: bool) -> tuple[str, ...]:
    """The rows that add up to `processed`."""
    return (
        GRANTED[0],
        PARTLY[0],
        *denied_rows(),
        *unavailable_rows(),
        *rejected_rows(),
        *other_rows(single_other),
    )


def application_rows(single_other: bool) -> tuple[str, ...]:
    return (RECEIVED[0], CARRIED_IN[0], *outcome_rows(single_other), PROCESSED[0], CARRIED_OUT[0])


def disclosure_keys(form: str) -> tuple[Key, ...]:
    return tuple(
        ("disclosure", row, column) for _, columns, rows in DISCLOSURE[form] for row, _ in rows for column, _ in columns
    )


def all_keys(form: str, single_other: bool) -> tuple[Key, ...]:
    """Every cell of the form, in printed order."""
    application = tuple(("application", row, column) for row in application_rows(single_other) for column in APPLICANTS)
    review = tuple(("review", row, column) for row in PROCEDURES for column in REVIEW_RESULTS)
    return (*disclosure_keys(form), *application, *review)
