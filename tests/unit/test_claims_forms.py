"""Forms of sentences that reports are written in: how a number is led to, what narrows it, what it is none of."""

from __future__ import annotations

import pytest
from test_claims import DONE, FEE, IN, LIT, OUT, REC, R, own, told

TOPIC = "（二）依申请公开情况。"
G, GP, D, U, J, X = "granted", "granted_in_part", "denied", "unavailable", "rejected", "other"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("申请数量由2022年的38件减少到2023年的27件。", {R: 27}),
        ("申请数量（27件）较上年（38件）下降。", {R: 27}),
        ("2023年政府信息公开申请件数同比下降28.9%，共27件。", {R: 27}),
        ("申请量比上年减少11件，达到27件。", {R: 27}),
        ("与2022年收到的38件相比，申请有所减少。", {}),
        ("收到申请27件（2022年38件），办结26件（2022年34件）。", {R: 27, DONE: 26}),
        ("收到公民申请（27）份，答复（26）份。", {R: 27, DONE: 26}),
        ("全年受理并按时办结政府信息公开申请27件。", {R: 27, DONE: 27}),
        ("受理信访件并办结47件。", {}),
        ("收到申请27件，其余23件均已办结。", {R: 27}),
        ("除4件结转下一年外，其余23件均已办结。", {OUT: 4, DONE: 23}),
        ("上述27件申请均在法定期限内答复。", {DONE: 27}),
        ("在27件政府信息公开申请中，涉及土地的14件。", {R: 27}),
        ("收到申请27件，办结23件，结转4件。", {R: 27, DONE: 23, OUT: 4}),
        ("结转4件。", {}),
        ("有4件申请临近年末提出，结转至2024年办理。", {OUT: 4}),
        ("有4件申请临近年末提出，转交档案室保存。", {}),
        ("无下年度结转。", {OUT: 0}),
        ("没有上年结转和结转下年的申请。", {IN: 0, OUT: 0}),
        ("共办理申请31件（本年新收27件，上年结转4件），办结29件。", {R: 27, IN: 4, DONE: 29}),
        ("接收、登记政府信息公开申请27件。", {R: 27}),
        ("受理政府信息公开申请27人次。", {R: 27}),
        ("依申请公开27次，行政复议3次。", {R: 27, REC: 3}),
        ("主动公开政府信息668条，依申请公开27件。", {"items_disclosed": 668}),
        ("群众申请公开政府信息27件次。", {R: 27}),
        ("新收依申请公开办件27件。", {R: 27}),
        ("依申请公开受理量、办结量分别为27件、26件。", {R: 27, DONE: 26}),
        ("全年有19名申请人提出27件政府信息公开申请。", {R: 27}),
        ("申请人均为自然人，共27件申请。", {R: 27}),
        ("接待政府信息公开申请咨询46人次，受理申请27件。", {R: 27}),
    ],
)
def test_how_applications_are_counted(sentence: str, expected: dict[str, int]) -> None:
    assert own(TOPIC + sentence) == {kind: [value] for kind, value in expected.items()}


@pytest.mark.parametrize(
    "sentence",
    [
        "2023年1-10月收到政府信息公开申请27件。",
        "截至2023年6月底，收到政府信息公开申请27件。",
        "上半年，我局收到政府信息公开申请27件。",
        "2019年至2023年，收到政府信息公开申请27件。",
        "“十四五”以来，收到政府信息公开申请27件。",
        "同一申请人提出政府信息公开申请27件。",
        "现场收到申请27件。",
        "不予受理申请27件。",
        "全年应办理申请27件。",
        "延期答复申请27件。",
        "收到村务公开申请27件。",
        "上级部门收到政府信息公开申请27件。",
        "局属单位收到政府信息公开申请27件。",
        "县政府本级收到政府信息公开申请27件。",
        "受理企业补助27件，办结25件。",
        "收到申请办理执照27件，办结25件。",
        "按时答复27件，延期答复5件。",
        "公开类答复27件，不予公开率为4.2%。",
    ],
)
def test_numbers_of_a_part_or_of_others_are_not_its_own(sentence: str) -> None:
    assert own(TOPIC + sentence) == {}


def test_the_sum_of_those_below_a_government_is_its_own() -> None:
    sentence = f"{TOPIC}市本级受理12件，各县区受理15件，合计27件。"
    assert own(sentence, agency="临溪市人民政府") == {R: [27]}


def test_the_agency_beside_a_wider_number_speaks_of_itself() -> None:
    for name in ("局机关", "我局"):
        assert own(f"{TOPIC}全系统收到政府信息公开申请43件，{name}收到27件。") == {R: [27]}


def test_departments_beside_the_government_itself_are_a_part() -> None:
    sentence = f"{TOPIC}全年县政府本级办理依申请公开38件，各部门办理133件。"
    assert own(sentence, agency="青杉县人民政府") == {}


def test_what_others_carry_over_is_not_its_own() -> None:
    found = told(f"{TOPIC}各乡镇有4件申请临近年末提出，结转至2024年办理。", agency="临溪市人民政府")
    assert [(claim.kind, claim.scope) for claim in found] == [(OUT, "narrower")]


def test_parts_that_add_up_to_their_whole_end_there() -> None:
    assert own(f"{TOPIC}收到申请27件，其中自然人23件、法人4件，已答复26件。") == {R: [27], DONE: [26]}
    assert own(f"{TOPIC}收到申请27件，其中自然人23件，已答复26件。") == {R: [27]}


def test_a_whole_year_behind_a_part_of_it_is_its_own() -> None:
    assert own("上半年收到政府信息公开申请11件，全年收到申请27件。") == {R: [27]}
    assert own(f"{TOPIC}上半年收到申请11件，下半年收到申请16件，全年合计27件。") == {R: [27]}


@pytest.mark.parametrize(
    "sentence",
    [
        "公开21件（占56.8%），部分公开7件（占18.9%），不公开5件。",
        "予以公开占56.8%（21件），部分公开占18.9%（7件），不予公开5件。",
        "予以公开数：21件；部分公开数：7件；不予公开数：5件。",
        "1.予以公开。全年共21件。2.部分公开。全年共7件。3.不予公开。全年共5件。",
        "有21件作了公开答复，7件作了部分公开答复，5件作了不予公开答复。",
        "其中21件公开、7件予以部分公开、5件不予公开。",
        "对21件申请予以公开，对7件申请部分公开，对5件申请不予公开。",
        "给予公开21件，部分公开7件，不予公开由8件减少到5件。",
    ],
)
def test_answers_named_among_others(sentence: str) -> None:
    assert own(TOPIC + sentence) == {G: [21], GP: [7], D: [5]}


@pytest.mark.parametrize(
    "sentence",
    [
        "公开和部分公开共28件。",
        "已主动公开和同意公开的28件。",
        "公文属性认定：不予公开28件。",
        "主动公开71件，依申请公开33件，不予公开28件。",
        "全年形成政府信息131条，其中不予公开28条。",
        "梳理不予公开清单28项。",
        "将原不予公开的28件文件予以公开。",
        "网上提交的申请中，予以公开28件。",
        "涉及征地的申请中予以公开28件。",
        "不予办理28件。",
    ],
)
def test_what_is_no_group_of_answers(sentence: str) -> None:
    assert not {G, GP, D, R, DONE} & own(TOPIC + sentence).keys()


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("无不予公开情形。", D),
        ("未发生“不予公开”情形。", D),
        ("没有发生不予处理的情况。", J),
        ("没有应公开而不予公开的申请。", None),
    ],
)
def test_no_answers_of_a_group(sentence: str, kind: str | None) -> None:
    assert own(TOPIC + sentence) == ({kind: [0]} if kind else {})


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("有7件申请人不服答复提起行政复议，3件提起行政诉讼。", {REC: 7, LIT: 3}),
        ("被申请人提起行政复议7件次，提起行政诉讼3件次。", {REC: 7, LIT: 3}),
        ("因政府信息公开申请行政复议的情况：2023年度共7件。", {REC: 7}),
        ("政府信息公开复议诉讼案件共10件，其中行政复议7件，行政诉讼3件。", {REC: 7, LIT: 3}),
        ("应诉政府信息公开行政诉讼案件3件。", {LIT: 3}),
        ("应诉行政诉讼案件3件。", {}),
        ("因行政处罚被申请行政复议7件。", {}),
        ("政府信息公开行政复议7件，其他行政复议9件。", {REC: 7}),
        ("涉及政府信息公开的复议诉讼共10件（行政复议7件、行政诉讼3件）。", {REC: 7, LIT: 3}),
        ("收到行政复议申请17件，其中涉及政府信息公开7件。", {REC: 7}),
        ("以县政府为被申请人的政府信息公开行政复议7件。", {}),
        ("行政复议数7，行政诉讼数3。", {REC: 7, LIT: 3}),
        ("2023年无政府信息公开行政诉讼案件，行政复议7件。", {LIT: 0, REC: 7}),
        ("行政复议情况：无。", {REC: 0}),
        ("行政复议7件全部维持，行政诉讼3件均驳回。", {REC: 7, LIT: 3}),
        ("行政争议10件，其中行政复议7件、行政诉讼3件。", {REC: 7, LIT: 3}),
        ("全县行政复议机构新收行政复议案件17件。", {}),
        ("行政复议、行政诉讼案件未发生。", {REC: 0, LIT: 0}),
        ("依申请公开、行政复议、行政诉讼均为零。", {R: 0, REC: 0, LIT: 0}),
        ("依申请公开、行政复议、行政诉讼均为0件。", {R: 0, REC: 0, LIT: 0}),
        ("没有依申请公开、行政复议、行政诉讼情况。", {R: 0, REC: 0, LIT: 0}),
        ("政府信息公开行政复议和行政诉讼均无。", {REC: 0, LIT: 0}),
        ("没有一起行政复议、行政诉讼。", {REC: 0, LIT: 0}),
        ("全年零申请、零复议、零诉讼。", {R: 0, REC: 0, LIT: 0}),
    ],
)
def test_how_disputes_are_counted(sentence: str, expected: dict[str, int]) -> None:
    assert own(TOPIC + sentence) == {kind: [value] for kind, value in expected.items()}


@pytest.mark.parametrize(
    "sentence",
    [
        "未收到信访类申请。",
        "没有法人或其他组织申请。",
        "未收到企业提出的申请。",
        "上半年未收到政府信息公开申请。",
    ],
)
def test_none_of_some_is_not_none_at_all(sentence: str) -> None:
    assert own(TOPIC + sentence) == {}


@pytest.mark.parametrize(
    "sentence",
    [
        "无。",
        "未收到当面申请、网站提交、传真和其他形式的政府信息公开申请。",
        "未收到公众要求公开的其他方面政府信息。",
        "依申请公开办理情况为零。",
        "我局并未接收到一例依申请公开请求。",
        "2023年无。",
        "政府信息公开申请未出现。",
    ],
)
def test_none_at_all(sentence: str) -> None:
    assert own(TOPIC + sentence) == {R: [0]}


def test_an_own_share_of_a_wider_number() -> None:
    found = told(f"{TOPIC}全县因政府信息公开被申请行政复议17件，其中我局4件。")
    assert {(claim.scope, int(claim.value)) for claim in found if claim.kind == REC} == {("wider", 17), ("own", 4)}
    assert own(f"{TOPIC}全县因政府信息公开被申请行政复议17件，其中乡镇4件。") == {}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("依法收取信息处理费2笔，共计260元。", [260]),
        ("向1名申请人按件计收信息处理费260元。", [260]),
        ("发出收费通知2件，总金额为740元，实际收取信息处理费260元。", [260]),
        ("减免信息处理费260元。", []),
        ("信息处理费按260元/件收取。", []),
        ("信息处理费收取情况：无。", [0]),
        ("信息处理费收取总额为零。", [0]),
        ("提供政府信息未收取检索、邮寄等费用。", [0]),
        ("政府信息公开没有收费。", [0]),
        ("政府信息公开工作没有疏漏。", []),
    ],
)
def test_how_the_fee_is_told(sentence: str, expected: list[int]) -> None:
    assert own(sentence).get(FEE, []) == expected


def test_normative_documents_of_the_year() -> None:
    assert own("制定公布行政规范性文件13件。") == {"normative_issued": [13]}
    assert own("行政规范性文件制发件数为13件。") == {"normative_issued": [13]}
    assert own("全年未制定规范性文件。") == {"normative_issued": [0]}


@pytest.mark.parametrize(
    ("agency", "name"),
    [
        ("青杉县发展和改革委员会", "县发改委"),
        ("临溪市人力资源和社会保障局", "市人社局"),
        ("青杉县文化广电旅游体育局", "县文旅局"),
        ("林业和草原局", "县林草局"),
        ("临溪区墨江镇人民政府", "墨江镇政府"),
        ("青杉县人民政府办公室", "县政府办公室"),
        ("青杉县人民政府", "县政府"),
        ("青杉县人民政府", "本级政府"),
        ("青杉省教育厅", "省教育厅"),
        ("林业局", "全局"),
    ],
)
def test_an_agency_goes_by_a_shorter_name(agency: str, name: str) -> None:
    assert own(f"{TOPIC}2023年，{name}收到政府信息公开申请27件。", agency=agency) == {R: [27]}


@pytest.mark.parametrize(
    ("agency", "name"),
    [
        ("临溪市人力资源和社会保障局", "省人社厅"),
        ("青杉县林业局", "市林业局"),
        ("青杉县林业局", "县水利局"),
        ("青杉县工业和信息化局", "县信访局"),
        ("青杉县发展和改革局", "县发改委"),
        ("青杉县人民政府办公室", "县政府"),
        ("青杉县卫生健康局", "县人民医院"),
        ("青杉县教育体育局考试中心", "县教体局"),
    ],
)
def test_another_agency_is_no_shorter_name(agency: str, name: str) -> None:
    assert own(f"{TOPIC}2023年，{name}收到政府信息公开申请27件。", agency=agency) == {}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("（二）依申请公开情况", "（1）收到情况：收到申请27件。", "（2）办理情况：办结26件。"), {R: 27, DONE: 26}),
        (("（二）依申请公开情况", "收到申请27件；", "行政复议3件;", "行政诉讼5件。"), {R: 27, REC: 3, LIT: 5}),
        (("（二）依申请公开情况", "收到申请27件。", "（三）平台建设", "答复留言26件。"), {R: 27}),
        (("（二）依申请公开情况", "全年共27件，均已答复。"), {R: 27}),
    ],
)
def test_numbers_below_a_heading(lines: tuple[str, ...], expected: dict[str, int]) -> None:
    assert own(*lines) == {kind: [value] for kind, value in expected.items()}


def test_a_reason_behind_a_number_makes_it_a_part_and_several_do_not() -> None:
    assert own(f"{TOPIC}4件因不掌握无法提供，予以公开23件。") == {G: [23]}
    assert own(f"{TOPIC}4件因不掌握或需另行制作无法提供，予以公开23件。") == {U: [4], G: [23]}
