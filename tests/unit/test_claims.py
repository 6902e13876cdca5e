from __future__ import annotations

from decimal import Decimal

import pytest

from pipelines.model import Claim, Paragraph, Section
from pipelines.read.claims import claims
from tests.processor_time import at_most

AGENCY = "青杉县林业局"
R, IN, OUT, DONE = (
    "applications_received",
    "applications_carried_in",
    "applications_carried_out",
    "applications_processed",
)
REC, LIT, FEE, ITEMS = "reconsideration", "litigation", "information_fee", "items_disclosed"


def told(*lines: str, agency: str | None = AGENCY, code: str = "overview") -> tuple[Claim, ...]:
    blocks = tuple(Paragraph(i, line, (line,)) for i, line in enumerate(lines))
    return claims((Section(code, "", blocks),), agency, 2023)


def own(*lines: str, agency: str | None = AGENCY) -> dict[str, list[int]]:
    """The own claims' values by kind."""
    found: dict[str, list[int]] = {}
    for claim in told(*lines, agency=agency):
        if claim.scope == "own":
            found.setdefault(claim.kind, []).append(int(claim.value))
    return found


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "本年新收政府信息公开申请318件，上年结转12件，办结321件，结转下年度继续办理9件。",
            {R: 318, IN: 12, DONE: 321, OUT: 9},
        ),
        ("全年新收申请公开事项41宗，上一年度结转3宗，已答复38宗，转入下一年度办理6宗。依申请公开工作有序。", {R: 41}),
        ("我局受理政府信息公开申请57件，其中自然人申请31件，商业企业申请26件。", {R: 57}),
        ("截至2023年12月底，共接到政府信息公开申请共计84份。", {R: 84}),
        ("2023年收到群众依申请公开政府信息63条，答复率100%。", {R: 63}),
        ("2023年，共收到依申请公开一百二十七件，均按时办结。", {R: 127}),
        ("全年收到政府信息公开申请两件。", {R: 2}),
        ("我局收到依申请公开 1,362 件（其中：网络申请 962 件、信函申请 400 件），同比增长8.3%。", {R: 1362}),
        ("全年共收到政府信息公开申请78件，较上年增加14件。", {R: 78}),
        ("全年共收到政府信息公开申请78件，比2022年减少9件，下降10.3%。", {R: 78}),
        ("2022年收到申请公开的申请5件，2023年收到8件。", {R: 8}),
        ("去年收到政府信息公开申请17件，今年收到21件。", {R: 21}),
        ("共受理申请120件，其中新收政府信息公开申请112件，上年结转8件。", {R: 112, IN: 8}),
        ("青杉县林业局 2023 年共受理依申请公开 6 件。", {R: 6}),
        ("县林业局全年收到政府信息公开申请16件。", {R: 16}),
        ("收到12件政府信息公开申请，全部按期答复。", {R: 12}),
        ("本机关收到公民、法人和其他组织的政府信息公开申请29件。", {R: 29}),
        (
            "受理申请44件，予以公开21件，部分公开7件，不予公开5件，无法提供6件，不予处理3件，其他处理2件。政府信息公开申请均已答复。",
            {R: 44},
        ),
        ("（二）依申请公开情况。全年受理23件，办结22件。", {R: 23, DONE: 22}),
        ("（二）依申请公开。共收到33件，均在法定期限内答复。", {R: 33}),
        ("依申请公开方面，全年收到书面申请公开的申请0件。", {}),
        ("2023年我局收到政府信息公开申请为0件。", {R: 0}),
        ("收到政府信息公开申请592，均已办理。", {R: 592}),
        ("全年收到依申请公开申请1.2万件。", {R: 12000}),
        ("2023年度办结政府信息公开申请35件。", {DONE: 35}),
        ("全年答复政府信息公开申请 47 件。", {DONE: 47}),
        ("2023年从上年度结转政府信息公开申请4件。", {IN: 4}),
        ("2023年度依申请公开受理量为2661件。", {R: 2661}),
        ("收到公民申请公开政府信息31件，均已答复。", {R: 31}),
        ("收到公民申请公开政府信息31件（其中企业申请9件）。", {R: 31}),
        ("（二）依申请公开。收到自然人申请31件、企业申请6件，共计37件。", {R: 37}),
        ("依申请公开，全年收到申请书55份。", {R: 55}),
        ("全年收到、办结政府信息公开申请分别为31件、29件。", {R: 31, DONE: 29}),
        (
            "收到政府信息公开申请31件，答复29件（含上年结转3件，另有5件顺延到下年度答复）。",
            {R: 31, DONE: 29, IN: 3, OUT: 5},
        ),
        (
            "收到政府信息公开申请31件，无上年结转，办结29件，尚有两件结转下年度继续办理。",
            {R: 31, IN: 0, DONE: 29, OUT: 2},
        ),
        ("（二）依申请公开。新收31件。办理结果总计29件。", {R: 31, DONE: 29}),
        ("收到政府信息公开申请，共31件，均已答复。", {R: 31}),
        ("全年共有31件政府信息公开申请。", {R: 31}),
        ("全年新增依申请公开事项31件。", {R: 31}),
        ("政府信息公开申请总量为31件。", {R: 31}),
        ("依申请公开办件31件，依法答复29件。", {R: 31, DONE: 29}),
        ("通过信函、网络、现场等方式收到政府信息公开申请31件。", {R: 31}),
        ("线上线下共收到政府信息公开申请31件。", {R: 31}),
        ("收到信息公开有效申请31件。", {R: 31}),
        ("收到政府信息公开申请31件，由2022年结转至2023年4件，2件结转至2024年办理。", {R: 31, IN: 4, OUT: 2}),
    ],
)
def test_own_numbers_of_applications(sentence: str, expected: dict[str, int]) -> None:
    found = own(sentence)
    kinds = {R, IN, OUT, DONE} if len(expected) != 1 or DONE in expected or IN in expected else {R}
    assert {kind: values for kind, values in found.items() if kind in kinds} == {k: [v] for k, v in expected.items()}


def test_the_groups_of_outcomes() -> None:
    sentence = "答复申请44件，予以公开21件，部分公开7件，不予公开5件，无法提供6件，不予处理3件，其他处理2件。"
    found = own("（二）依申请公开情况。" + sentence)
    expected = {"granted": 21, "granted_in_part": 7, "denied": 5, "unavailable": 6, "rejected": 3, "other": 2, DONE: 44}
    assert found == {kind: [value] for kind, value in expected.items()}


@pytest.mark.parametrize(
    "sentence",
    [
        "予以公开、部分公开、不予公开分别为21件、7件和5件。",
        "予以公开、部分公开、不予公开分别为21、7、5件。",
        "予以公开、部分公开、不予公开分别为二十一件，七件，五件。",
        "予以公开21，部分公开7，不予公开5件。",
        "21件予以公开，7件部分公开，5件不予公开。",
        "予以公开的21件；因属于国家秘密等不予公开5件；部分公开7件。",
        "作出予以公开决定21件、7件部分公开、决定不予公开5件。",
        "21件予以公开、给予部分公开7件、5件不予公开。",
        "予以公开21件，部分予以公开 7 件，5件不予公开，347件待办。",
    ],
)
def test_answers_in_many_shapes(sentence: str) -> None:
    assert own(f"依申请公开工作有序。{sentence}") == {"granted": [21], "granted_in_part": [7], "denied": [5]}


@pytest.mark.parametrize(
    "sentence",
    [
        "本年度我镇没有依申请公开和不予公开的政府信息。",
        "（二）依申请公开。未接到群众要求公开的信息。",
        "无申请人提出政府信息公开申请。",
        "2023年，我局依申请公开0件。",
        "未出现依申请公开情况。",
        "全年依申请公开“零受理”。",
        "无依申请公开办理事项。",
        "本年度未收到政府信息公开申请。",
        "2023年没有收到依申请公开的内容。",
        "我局全年没有接到公民、法人或其他组织的政府信息公开申请。",
        "2023年，无依申请公开事项。",
        "本年度未有依申请公开事项。",
        "（二）依申请公开情况。全年未收到。",
        "（二）依申请公开：本年度未收到相关申请。",
        "2023年未发生依申请公开政府信息的情况。",
        "全年依申请公开申请数量为零。",
        "截至年底暂无依申请公开信息。",
        "没有受理过任何政府信息公开申请。",
        "全年收到政府信息公开申请零件。",
    ],
)
def test_none_is_the_number_zero(sentence: str) -> None:
    assert own(sentence) == {R: [0]}


@pytest.mark.parametrize(
    "sentence",
    [
        "确保每一件依申请公开都办理规范。",
        "畅通依申请公开渠道，设受理电话0379-65250218。",
        "没有因政府信息公开申请引发的投诉。",
        "未出现逾期未答复申请的情况。",
        "无正当理由逾期不补正的申请不再处理。",
        "2024年，我局将力争申请办结率达到100%，培训12次。",
        "全年收到群众来信35件，办理依法行政咨询62次。",
        "收到人大建议18件、政协提案24件，全部答复。",
        "根据《条例》第二十条第八项，按国办函〔2020〕109号执行。",
        "依申请公开办结率为100%，满意率98.6%。",
        "较上年增加3件，增长21%。",
        "处理12345热线工单217件。",
        "我局行政审批窗口受理采伐许可申请451件。",
        "制发政府信息130件，公开18件，不予公开112件。",
    ],
)
def test_what_states_no_number_of_applications_claims_none(sentence: str) -> None:
    kinds = {R, IN, OUT, DONE, "granted", "denied"}
    assert not {kind for kind in own(sentence) if kind in kinds}


@pytest.mark.parametrize(
    ("sentence", "agency", "scope", "value"),
    [
        ("2023年全县受理政府信息公开申请95件。", AGENCY, "wider", 95),
        ("2023年全区受理政府信息公开申请 21 件。", "临溪区人民政府", "own", 21),
        ("我县各级行政机关共收到政府信息公开申请206件。", "青杉县人民政府", "own", 206),
        ("区政府办公室收到政府信息公开申请17件。", "临溪区人民政府", "narrower", 17),
        ("全系统受理政府信息公开申请73件。", AGENCY, "wider", 73),
        ("市级部门共受理依申请公开73件。", AGENCY, "wider", 73),
        ("县级部门共受理依申请公开73件。", "青杉县人民政府", "narrower", 73),
        ("各乡镇共受理依申请公开73件。", "青杉县人民政府", "narrower", 73),
        ("各乡镇、各部门共受理依申请公开73件。", "青杉县人民政府", "own", 73),
        ("局下属单位收到政府信息公开申请5件。", AGENCY, "narrower", 5),
        ("墨江县水利局收到政府信息公开申请38件。", AGENCY, "unknown", 38),
        ("依申请公开9件。", AGENCY, "unknown", 9),
        ("全镇共收到政府信息公开申请3件。", "墨江镇人民政府", "own", 3),
        ("我局收到政府信息公开申请11件。", None, "own", 11),
        ("通过网络收到政府信息公开申请26件。", AGENCY, "part", 26),
        ("收到自然人申请公开的申请19件。", AGENCY, "part", 19),
        ("3月份收到政府信息公开申请4件。", AGENCY, "part", 4),
        ("备案的政府信息公开申请13件，系统收到。", AGENCY, "part", 13),
    ],
)
def test_whose_number_it_is(sentence: str, agency: str | None, scope: str, value: int) -> None:
    found = [claim for claim in told(sentence, agency=agency) if claim.kind == R]
    assert [(claim.scope, int(claim.value)) for claim in found] == [(scope, value)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("因政府信息公开被申请行政复议5件，被提起行政诉讼9件。", {REC: 5, LIT: 9}),
        ("全年发生政府信息公开行政复议 8 件、行政诉讼 6 件。", {REC: 8, LIT: 6}),
        ("全年涉及政府信息公开的行政复议案件共2件，行政诉讼案件共14件。", {REC: 2, LIT: 14}),
        ("本年度没有因政府信息公开工作被申请行政复议、提起行政诉讼的情况。", {REC: 0, LIT: 0}),
        ("未发生因政府信息公开引起的行政复议和行政诉讼。", {REC: 0, LIT: 0}),
        ("因信息公开引起的行政复议、行政诉讼各3件。", {REC: 3, LIT: 3}),
        ("因依申请公开发生1件行政复议、2件行政诉讼。", {REC: 1, LIT: 2}),
        ("政府信息公开行政复议、行政诉讼案件分别为5件和9件。", {REC: 5, LIT: 9}),
        ("信息公开行政复议案件和行政诉讼案件分别有5件、9件。", {REC: 5, LIT: 9}),
        ("因政府信息公开被申请行政复议5件。行政诉讼9件。", {REC: 5, LIT: 9}),
        ("无因政府信息公开产生行政复议，提起行政诉讼情况发生。", {REC: 0, LIT: 0}),
        ("全年无行政复议、行政诉讼。", {REC: 0, LIT: 0}),
        ("未引发行政复议、行政诉讼。", {REC: 0, LIT: 0}),
        ("政府信息公开行政复议5件、被诉9件。", {REC: 5, LIT: 9}),
        ("没有被申请行政复议和提起行政诉讼。", {REC: 0, LIT: 0}),
        ("行政复议0件，行政诉讼0件。", {REC: 0, LIT: 0}),
        ("行政复议5件，行政诉讼9件。", {}),
        ("全年办理行政复议案件35件，出庭应诉12件。", {}),
        ("政府信息公开行政复议被纠正的4件。", {}),
        ("未发生信息公开行政复议被纠错的情况。", {}),
    ],
)
def test_reviews_and_lawsuits(sentence: str, expected: dict[str, int]) -> None:
    assert own(sentence) == {kind: [value] for kind, value in expected.items()}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("本年度收取政府信息公开信息处理费1400元。", [1400]),
        ("全年共收取信息处理费0.3万元。", [3000]),
        ("按照有关规定，2023年未收取政府信息公开信息处理费。", [0]),
        ("本年度没有产生信息公开处理费。", [0]),
        ("信息处理费按件计收，超过30件的每10件收取100元。", []),
    ],
)
def test_the_fee_for_information(sentence: str, expected: list[int]) -> None:
    assert own(sentence).get(FEE, []) == expected


@pytest.mark.parametrize(
    ("sentence", "value", "approximate"),
    [
        ("2023年主动公开政府信息 452 余条。", 452, True),
        ("全年通过政府网站主动公开各类政府信息183条，其中政策解读16篇。", 183, False),
        ("累计主动公开信息14万余条。", 140000, True),
        ("主动公开政府信息约1,350条。", 1350, True),
        ("全年主动公开信息四十余条。", 40, True),
        ("共公开内容27余次。", 27, True),
    ],
)
def test_items_disclosed(sentence: str, value: int, approximate: bool) -> None:
    found = [claim for claim in told(sentence) if claim.kind == ITEMS and claim.scope == "own"]
    assert [(claim.value, claim.approximate) for claim in found] == [(value, approximate)]


def test_the_quote_is_the_sentence_to_the_letter_over_a_broken_line() -> None:
    found = told("全年按照规定办理各项事务，畅通渠道，共收到政府信息公开申请 1", "7 件，均已答复。")
    assert [(claim.quote, claim.value) for claim in found] == [
        ("全年按照规定办理各项事务，畅通渠道，共收到政府信息公开申请 17 件，均已答复", 17)
    ]


def test_own_numbers_that_contradict_each_other_are_unknown() -> None:
    found = told("全年收到政府信息公开申请31件。", "全年共受理政府信息公开申请35件。")
    assert {claim.scope for claim in found if claim.kind == R} == {"unknown"}


def test_the_office_beside_the_whole_district_is_a_part_of_it() -> None:
    sentence = "2023年，全区新收政府信息公开申请95件，区政府办公室新收17件。"
    found = told(sentence, agency="临溪区人民政府")
    assert {(claim.scope, int(claim.value)) for claim in found if claim.kind == R} == {("own", 95), ("narrower", 17)}


def test_one_number_said_twice_is_one_claim() -> None:
    assert own("全年收到政府信息公开申请31件。", "2023年收到政府信息公开申请31件。") == {R: [31]}


def test_traditional_characters_are_read_and_quoted_as_printed() -> None:
    (claim,) = told("本機關全年收到政府信息公開申請26件。")
    assert (claim.kind, claim.scope, claim.value) == (R, "own", 26)
    assert claim.quote == "本機關全年收到政府信息公開申請26件"


def test_tables_and_plans_claim_nothing() -> None:
    table = ("一、本年新收政府信息公开申请数量\t7\t0\t0\t0\t0\t0\t7", "（七）总计 9 0 0 0 0 0 9")
    assert told(*table, code="application") == ()
    assert told("计划全年收到申请后3件以内办结，共15件。", code="problems") == ()


def test_fees_keep_their_exact_value() -> None:
    (claim,) = told("全年收取信息处理费0.0125万元。")
    assert claim.value == Decimal("125")


def test_a_megabyte_of_junk_takes_little_time() -> None:
    junk = [
        "收到申请" * 3000 + "1" * 50000,
        "无" * 200000,
        "申请、" * 60000,
        "公开（" * 60000,
        "1,234" * 30000 + "件申请收到",
        "收到政府信息公开申请，" + "共计" * 200 + "于3件。",
        "收到政府信息公开申请3件，" + "截至群众" * 200 + "，",
        "收到政府信息公开申请3件，" + "均金额" * 300 + "，",
    ]
    with at_most(3):
        told(*junk)


def test_a_part_that_is_the_agency_itself_is_its_own() -> None:
    found = told("2023年，全县共收到政府信息公开申请412件，其中我局收到127件。", agency="临溪县交通运输局")
    assert {(claim.scope, int(claim.value)) for claim in found if claim.kind == R} == {("wider", 412), ("own", 127)}


def test_nobody_who_asked_is_the_number_zero() -> None:
    for whom in ("我局", "我街道", "本机关", "临溪县人民政府"):
        assert own(f"全年没有公民、法人和其他组织向{whom}提出政府信息公开申请。") == {R: [0]}


def test_a_subdistrict_speaks_of_itself() -> None:
    assert own("年内我街道受理政府信息公开申请 0 件。", agency="临溪区柳河街道办事处") == {R: [0]}


@pytest.mark.parametrize(
    "sentence",
    [
        "依申请公开工作有序。全年制发公文143件，其中主动公开61件、依申请公开23件、不予公开59件。",
        "依申请公开工作有序。发文总数143件，公开属性为主动公开61件，依申请公开23件，不予公开59件。",
    ],
)
def test_the_parts_of_documents_are_no_answers(sentence: str) -> None:
    assert {claim.kind for claim in told(sentence)} == {ITEMS}


def test_answers_behind_documents_are_answers() -> None:
    sentence = "全年制发公文143件，收到政府信息公开申请17件，其中予以公开11件，不予公开4件。"
    assert own(sentence) == {R: [17], "granted": [11], "denied": [4]}


def test_our_county_is_the_county_government_and_no_bureau() -> None:
    sentence = "2023年全市共收到政府信息公开申请412件，其中我县收到127件。"
    found = told(sentence, agency="临溪县人民政府")
    assert {(claim.scope, int(claim.value)) for claim in found if claim.kind == R} == {("wider", 412), ("own", 127)}
    assert "own" not in {claim.scope for claim in told(sentence, agency="临溪县交通运输局")}


def test_a_paragraph_that_refers_back_goes_on_about_applications() -> None:
    assert own("全年受理政府信息公开申请31件。", "由此引发的行政复议三十七件，行政诉讼12件。") == {
        R: [31],
        REC: [37],
        LIT: [12],
    }
    assert own("全年办理行政许可31件。", "由此引发的行政复议三十七件，行政诉讼12件。") == {}
