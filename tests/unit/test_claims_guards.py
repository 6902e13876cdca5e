"""What looks like a number of the agency's own and is none: each of these would be claimed if one question were not
asked."""

from __future__ import annotations

import pytest
from test_claims import DONE, FEE, IN, ITEMS, LIT, OUT, REC, R, own, told

from pipelines.extract import extract
from pipelines.model import Source
from pipelines.read import read
from pipelines.read.claims import MOST_CLAIMS

TOPIC = "（二）依申请公开。"


def scopes(*lines: str, kind: str = R, code: str = "overview") -> list[tuple[str, int]]:
    return [(claim.scope, int(claim.value)) for claim in told(*lines, code=code) if claim.kind == kind]


@pytest.mark.parametrize("code", ["statistics", "problems"])
def test_sections_of_numbers_and_of_plans_claim_nothing(code: str) -> None:
    assert told("全年收到政府信息公开申请31件。", code=code) == ()


def test_claims_are_bounded() -> None:
    lines = [f"全年收到政府信息公开申请{n}件。" for n in range(3, 9 + MOST_CLAIMS)]
    assert len(told(*lines)) == MOST_CLAIMS
    for number, codes in ((len(lines), {"claims_too_many"}), (9, set())):
        sections = "一、总体情况", *lines[:number], "二、存在的主要问题及改进情况", "三、其他需要报告的事项"
        text = "\n".join(["平坝区水利局2023年政府信息公开工作年度报告", *sections])
        (report,) = read(extract(text.encode()), Source("report.txt"))
        assert {issue.code for issue in report.issues} & {"claims_too_many"} == codes


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("2024年将继续受理政府信息公开申请37件。", R),
        (f"{TOPIC}全年主动公开情况良好，受理41件。", R),
        ("同比多收到政府信息公开申请14件。", R),
        ("平均每月收到政府信息公开申请7件。", R),
        ("信息处理费标准为100元。", FEE),
        ("信息公开处理费2亿元。", FEE),
        ("全年受理政府信息公开申请31件，不予公开后复议维持6件。", "denied"),
        ("上年结转项目12件。", IN),
        ("结转下年度项目9件。", OUT),
        ("依申请公开工作有序，属性为不予公开的19件。", "denied"),
        ("依申请公开工作有序，制作后不予公开19件。", "denied"),
        ("全年梳理事项，不予公开19件。", "denied"),
        ("依申请公开工作中收到12件投诉。", R),
        (f"{TOPIC}全年受理营商环境难题33件。", R),
        (f"{TOPIC}办理信访申请17件。", DONE),
        ("申请主动公开政府信息37条。", ITEMS),
        ("因政府信息公开被申请行政复议5份。", REC),
        ("政府信息公开行政复议4件维持。", REC),
        ("全年办理信息公开行政复议案件35件。", REC),
        ("因政府信息公开行政复议有关的群众反映强烈的若干具体问题35件。", REC),
        ("政府信息公开行政复议和行政诉讼共7件。", REC),
        ("没有第2次政府信息公开行政复议。", REC),
        ("未收到对逾期答复的政府信息公开申请。", R),
        ("全年网上零申请。", R),
        ("我局全年未收到。", R),
        ("均未收取费用。", FEE),
        (f"{TOPIC}全年受理低保申请13件。", R),
        (f"{TOPIC}全年受理热线工单41件，按期办结37件。", DONE),
        (f"{TOPIC}受理采伐许可申请41件，办结37件。", DONE),
        ("自2008年条例施行以来，累计收到政府信息公开申请431件。", R),
        ("近三年收到政府信息公开申请43件。", R),
        (f"{TOPIC}承办领导批示41件，办结37件。", DONE),
        (f"{TOPIC}保密审查199件，予以公开158件。", "granted"),
        (f"{TOPIC}配合上级单位答复依申请公开43件。", DONE),
        (f"{TOPIC}指导各镇街办理依申请公开43件。", DONE),
        ("收到政府信息公开申请37件，予以公开和部分公开共19件。", "granted_in_part"),
        ("未经复议直接起诉零件，依申请公开工作有序。", REC),
        ("依申请公开工作有序，行政复议、行政诉讼、应诉分别为5件、3件。", REC),
    ],
)
def test_what_is_no_number_of_its_own(sentence: str, kind: str) -> None:
    assert kind not in own(sentence)


@pytest.mark.parametrize(
    ("sentence", "kind", "value"),
    [
        ("收到政府信息公开申请57件，其中公民31件，办结申请26件。", DONE, 26),
        ("收到政府信息公开申请57件（办结申请26件）。", DONE, 26),
        ("收到政府信息公开申请57件，其中依申请公开9件。", R, 9),
        ("主动公开政府信息183篇。", ITEMS, 183),
        ("微信主动公开信息61条。", ITEMS, 61),
        (f"{TOPIC}全年受理网络渠道提交的33件。", R, 33),
        ("政府信息公开复议后起诉4件。", LIT, 4),
        ("收到公民申请公开政府信息31件，企业申请26件。", R, 31),
        ("收到政府信息公开申请57件，因属于行政查询事项不予公开4件。", "denied", 4),
    ],
)
def test_parts_of_another_number(sentence: str, kind: str, value: int) -> None:
    assert ("part", value) in scopes(sentence, kind=kind)


def test_an_outcome_in_the_section_of_disputes_is_none_of_applications() -> None:
    assert scopes("不予公开6件。", kind="denied", code="review") == []


def test_the_year_that_numbers_were_carried_from_is_not_the_sentences_own() -> None:
    """Both are of the report's year: neither is dropped as another year's, and so they contradict each other."""
    found = scopes("2022年结转政府信息公开申请4件，收到政府信息公开申请19件。", "全年收到政府信息公开申请21件。")
    assert found == [("unknown", 19), ("unknown", 21)]


def test_of_two_numbers_the_newly_received_one_is_meant() -> None:
    assert own("全年共受理政府信息公开申请35件。", "新收政府信息公开申请31件。")[R] == [31]


def test_another_years_number_gives_way_to_this_years() -> None:
    assert own("2021年收到政府信息公开申请17件。", "2023年收到政府信息公开申请22件。") == {R: [22]}


def test_a_heading_says_what_its_paragraphs_count() -> None:
    assert own("（二）依申请公开情况", "全年共收到23件，均已答复。") == {R: [23]}
    assert own("（二）依申请公开情况。畅通渠道。", "1.受理情况。全年共收到23件。") == {R: [23]}
    assert own("（二）依申请公开情况。畅通渠道。", "（三）政府信息管理。全年共收到23件。") == {}
    assert own("依申请公开情况", "平台建设情况", "全年共收到23件。") == {}


def test_a_list_goes_on_behind_a_line_that_ends_with_a_semicolon() -> None:
    assert own("收到政府信息公开申请31件，予以公开13件；", "不予处理7件；其他处理11件。") == {
        R: [31],
        "granted": [13],
        "rejected": [7],
        "other": [11],
    }


def test_a_plan_ends_what_a_sentence_states_and_not_what_it_has_stated() -> None:
    assert own("全年收到政府信息公开申请31件，下一步力争办结37件。") == {R: [31]}
    assert own("依申请公开纳入目标责任考核，全年收到申请31件。") == {R: [31]}
