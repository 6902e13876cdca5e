from __future__ import annotations

from datetime import date

import pytest

from pipelines.model import Document, Paragraph, Source
from pipelines.read.identity import Identity, agency_in_title, identify
from pipelines.read.outline import classify, looks_blank, outline
from pipelines.read.places import places_in
from pipelines.read.years import narrative_years, period_years, title_year
from tests.processor_time import at_most

BODY = (
    *("一、总体情况", "我局按照条例要求推进公开，办事群众随时可以查到所需的信息。", "二、主动公开政府信息情况"),
    *(
        "信息内容\t本年制发件数\t本年废止件数\t现行有效件数",
        "行政规范性文件\t3\t2\t41",
        "三、收到和处理政府信息公开申请情况",
    ),
    *("一、本年新收政府信息公开申请数量\t7\t0\t0\t0\t0\t0\t7", "（七）总计\t7\t0\t0\t0\t0\t0\t7"),
    *("五、存在的主要问题及改进情况", "公开的及时性有待提高，需要加强培训。"),
)


def document(*texts: str, metadata: dict[str, str] | None = None) -> Document:
    blocks = tuple(Paragraph(i, text, tuple(text.split("\t"))) for i, text in enumerate(texts))
    return Document("text", blocks, metadata or {})


def told(*texts: str, metadata: dict[str, str] | None = None, source: Source | None = None) -> Identity:
    whole = document(*texts, *BODY, metadata=metadata)
    (found,) = outline(whole)
    return identify(found, whole, source or Source("x.html"))


@pytest.mark.parametrize(
    ("title", "agency"),
    [
        ("青杉县林业局2022年政府信息公开工作年度报告", "青杉县林业局"),
        ("2022年青杉县林业局政府信息公开工作年度报告", "青杉县林业局"),
        ("2022年度青杉县人民政府政府信息公开工作年度报告", "青杉县人民政府"),
        ("青杉县人民政府信息公开年报", "青杉县人民政府"),
        ("青杉县林业局关于2022年度政府信息公开工作的报告", "青杉县林业局"),
        ("关于青杉县林业局2022年政务公开工作情况的报告", "青杉县林业局"),
        ("青杉县林业局（茶业局）2022年政府信息公开年度报告", "青杉县林业局（茶业局）"),
        ("青杉县林业局二〇二二年政府信息公开工作年度报告", "青杉县林业局"),
        ("青杉县 2022年政府信息公开".replace(" ", ""), "青杉县"),
        ("青杉县林业局信息公开工作年度报告", "青杉县林业局"),
        ("2022年政府信息公开工作年度报告", None),
        ("****局2022年政府信息公开工作年度报告", None),
    ],
)
def test_the_agency_in_a_title(title: str, agency: str | None) -> None:
    assert agency_in_title(title) == agency


def test_a_plain_report_says_who_and_when() -> None:
    found = told(
        "青杉县林业局2022年政府信息公开工作年度报告",
        "发布日期：2023-01-17 来源：青杉县林业局",
        "现公布青杉县林业局2022年政府信息公开工作年度报告。统计期限自2022年1月1日起至2022年12月31日止。（地址：云岭市柳树路7号）",
    )
    assert (found.agency, found.year, found.year_source, found.published) == (
        "青杉县林业局",
        2022,
        "title",
        date(2023, 1, 17),
    )
    assert found.places[:2] == ("青杉县", "云岭市")
    assert {(m.role, m.year) for m in found.years} == {("title", 2022), ("period", 2022), ("narrative", 2022)}
    assert found.issues == ()


def test_an_agency_that_only_the_text_names() -> None:
    found = told("2022年政府信息公开工作年度报告", "如有疑问，请与青杉县林业局办公室联系，我局将尽快答复您的问题。")
    assert found.agency == "青杉县林业局"


def test_a_short_name_takes_the_full_one_of_the_text() -> None:
    found = told(
        "林业局2022年政府信息公开工作年度报告", "现公布青杉县林业局2022年政府信息公开工作年度报告，欢迎大家监督。"
    )
    assert found.agency == "青杉县林业局"


def test_an_agency_that_only_its_publisher_names_carries_an_issue() -> None:
    found = told("2022年政府信息公开工作年度报告", "发布机构：青杉县林业局")
    assert found.agency == "青杉县林业局"
    assert [issue.code for issue in found.issues] == ["agency_from_publisher"]


def test_an_agency_that_nothing_names_is_none() -> None:
    found = told("2022年政府信息公开工作年度报告")
    assert found.agency is None
    assert "agency_not_stated" in [issue.code for issue in found.issues]


def test_the_year_of_a_title_without_one_comes_from_the_period() -> None:
    found = told("青杉县林业局政府信息公开工作年度报告", "本报告数据统计期限为2021年1月1日至2021年12月31日，请予监督。")
    assert (found.year, found.year_source) == (2021, "period")
    assert [issue.code for issue in found.issues] == ["year_not_in_title"]


def test_the_site_name_is_no_title() -> None:
    found = told("青杉县林业局2022年政府信息公开工作年度报告", metadata={"title": "青杉县人民政府门户网站"})
    assert found.title == "青杉县林业局2022年政府信息公开工作年度报告"
    bare = told(metadata={"title": "青杉县人民政府", "article_title": "墨江镇2021年政府信息公开工作年度报告"})
    assert (bare.title, bare.agency, bare.year) == ("墨江镇2021年政府信息公开工作年度报告", "墨江镇", 2021)


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("某局2022年年报", 2022),
        ("某局2020政府信息公开", 2020),
        ("某局二〇二三年政府信息公开年报", 2023),
        ("某局政府信息公开年报", None),
    ],
)
def test_the_year_in_a_title(title: str, year: int | None) -> None:
    assert title_year(title) == year


@pytest.mark.parametrize(
    ("sentence", "years"),
    [
        ("统计期限自2022年1月1日起，至2022年12月31日止", [2022]),
        ("数据统计时限为201711日至20171231日", [2017]),
        ("所列数据的统计期限自20201月1日至202012月31日止", [2020]),
        ("本报告统计期限截至20211231日", [2021]),
        ("统计期限自2022年1月1日起至2023年12月31日止", [2022, 2023]),
        ("统计时间为2022年1月1日—12月31日", [2022]),
        ("2022年1月1日至12月31日举办活动5场", []),
        ("国办函〔2020〕109号自2021年1月1日起施行", []),
    ],
)
def test_the_period_of_the_statistics(sentence: str, years: list[int]) -> None:
    assert [mention.year for mention in period_years(sentence)] == years


@pytest.mark.parametrize(
    ("sentence", "years"),
    [
        ("现公布青杉县林业局2022年政府信息公开工作年度报告", [2022]),
        ("2022年，新收政府信息公开申请31件，办结29件", [2022]),
        ("（一）主动公开情况。2022年主动公开政府信息45条", [2022]),
        ("截至2022年12月底，我局收到申请8份", [2022]),
        ("2024年，我局将从以下方面改进信息公开工作", []),
        ("根据《关于做好2021年政府信息公开工作年度报告编制工作的通知》要求", []),
        ("2019年修订的条例施行以来，我局信息公开有序", []),
        ("2022年收到申请5件，比2021年减少3件", []),
        ("2022年5月，我局召开信息公开会议", []),
        ("2021年收到申请5件的情况已在上一年度报告中公布", []),
        ("办公地址在2022号路", []),
    ],
)
def test_only_plain_statements_of_the_year_count(sentence: str, years: list[int]) -> None:
    assert [mention.year for mention in narrative_years("overview", sentence)] == years


def test_places_are_cut_free_of_the_words_before_them() -> None:
    text = "现公布云岭市青杉县林业局的年报，请与墨江镇联系，地址：郑州市柳树路，社区和全县各乡镇"
    assert places_in(text) == ["云岭市", "青杉县", "墨江镇", "郑州市"]


@pytest.mark.parametrize(
    ("texts", "word"),
    [
        (
            (
                "关于做好2023年度政府信息公开工作年度报告编制和发布工作的通知",
                "各镇、各部门：请于1月20日前报送，逾期通报。",
            ),
            "notice",
        ),
        (("一图读懂青杉县2022年政府信息公开工作年度报告", "主动公开信息31条，收到申请8件。"), "reading aid"),
        (("青杉县林业局办公家具采购项目招标公告", "预算金额35万元，投标截止2023年5月6日。"), "procurement"),
        (
            (
                "青杉县林业局2022年政务公开工作总结",
                "一、总体情况",
                "全年工作有序，公开及时。",
                "二、存在的问题",
                "人手不足。",
            ),
            "summary",
        ),
        (tuple(f"青杉县林业局{year}年政府信息公开工作年度报告" for year in (2019, 2020, 2021, 2022)), "list"),
        (("首页", "新闻"), "no title"),
    ],
)
def test_what_is_no_report_is_named(texts: tuple[str, ...], word: str) -> None:
    issue = classify(document(*texts))
    assert issue is not None
    assert issue.code == "not_a_report"
    assert word in issue.message


def test_reports_with_tables_and_reports_in_words_pass() -> None:
    title = "青杉县林业局2022年政府信息公开工作年度报告"
    assert classify(document(title, *BODY)) is None
    words = (
        "一、概述",
        "我局全年主动公开信息31条，收到申请8件。",
        "二、依申请公开政府信息情况",
        "全部按期答复，无投诉。",
    )
    assert classify(document(title, *words)) is None


def test_a_blank_form_looks_blank_and_a_filled_one_does_not() -> None:
    (blank,) = outline(document("XX局XXXX年政府信息公开工作年度报告", *BODY[:1], "（文字描述）", *BODY[2:8]))
    assert looks_blank(blank)
    (filled,) = outline(document("青杉县林业局2022年政府信息公开工作年度报告", *BODY))
    assert not looks_blank(filled)


def test_a_megabyte_of_junk_takes_little_time() -> None:
    junk = ["与" * 250000, "现公布" * 80000, "2022年1月" * 40000, "县" * 250000, "（" * 100000 + "2022年"]
    with at_most(5):
        told("青杉县林业局2022年政府信息公开工作年度报告", *(text + "统计数据2022年，。" for text in junk))


@pytest.mark.parametrize(
    ("signed", "agency"),
    [("青杉县人民政府办公室", "青杉县人民政府办公室"), ("青杉县人民政府", "青杉县人民政府"), (None, "青杉县人民政府")],
)
def test_whose_office_is_asked_is_settled_by_who_signs(signed: str | None, agency: str) -> None:
    lead = ("2022年政府信息公开工作年度报告", "如对本报告有疑问，请与青杉县人民政府办公室联系，我们将尽快答复。")
    whole = document(*lead, *BODY, *((signed, "2023年1月19日") if signed else ()))
    (found,) = outline(whole)
    assert identify(found, whole, Source("x.html")).agency == agency


@pytest.mark.parametrize("gap", [" \u3000\u3000", "  ", " "])
def test_who_signs_and_when_at_the_end_of_a_text_on_one_line(gap: str) -> None:
    end = f"公开的及时性有待提高。{gap}青杉县林业局{gap}2023年3月7日"
    whole = document("2022年政府信息公开工作年度报告", *BODY, end)
    (found,) = outline(whole)
    told_ = identify(found, whole, Source("x.txt"))
    assert (told_.agency, told_.published) == ("青杉县林业局", date(2023, 3, 7))


def test_who_signs_and_when_above_tables_that_are_attached() -> None:
    attached = [f"附表第{n}行 {31 + n}" for n in range(6)]
    whole = document("2022年政府信息公开工作年度报告", *BODY, "青杉县林业局", "2023年3月7日", *attached)
    (found,) = outline(whole)
    told_ = identify(found, whole, Source("x.zip"))
    assert (told_.agency, told_.published) == ("青杉县林业局", date(2023, 3, 7))


@pytest.mark.parametrize("end", ["上述数字截至2022年12月31日。", "上述数字截至 2022年12月31日"])
def test_a_date_inside_the_last_sentence_is_no_date_of_publication(end: str) -> None:
    whole = document("青杉县林业局2022年政府信息公开工作年度报告", *BODY, end)
    (found,) = outline(whole)
    assert identify(found, whole, Source("x.txt")).published is None


@pytest.mark.parametrize(
    ("sentence", "years"),
    [
        ("2022年政府信息公开工作存在解读形式单一的问题。", [2022]),
        ("2021年存在的公开不及时问题已完成整改，公开工作更加规范。", []),
        ("2021年存在的主要问题改进情况：信息公开更加规范。", []),
    ],
)
def test_problems_that_were_mended_are_of_the_year_before(sentence: str, years: list[int]) -> None:
    assert [mention.year for mention in narrative_years("problems", sentence)] == years


def test_a_title_of_what_was_disclosed_on_the_agencys_own_names_it_too() -> None:
    assert agency_in_title("青杉县林业局2022年政府信息主动公开工作年度报告") == "青杉县林业局"
