"""Titles that are annual reports on information disclosure, and titles that are not."""

import pytest

from pipelines.crawl.links import belongs, judge

URL = "http://h.gov.cn/1.html"


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("2023年政府信息公开工作年度报告", 2023),
        ("义乌市商务局2022年政府信息公开年报", 2022),
        ("某县２０２１年度政府信息公开工作年度报告", 2021),
        ("二〇二〇年政府信息公开年度报告", 2020),
        ("二○一九年度政府信息公开工作报告", 2019),
        ("二零一八年政府信息公开年度报告", 2018),
        ("某街道办事处政府信息公开2017年度报告", 2017),
        ("关于2016年度政府信息公开工作的年度报告", 2016),
        ("2015年信息公开年度报告（文字版）", 2015),
        ("2014 年 政 府 信 息 公 开 年 报", 2014),
        ("某市2023年政务公开工作年度报告", 2023),
        ("政府信息公开年报（2022年）", 2022),
        ("政府信息公开年报", None),
        ("某某乡2022年年报", 2022),
        ("2021年度报告", 2021),
        ("某县统计局2020年年报", 2020),
        ("某局2019年度工作报告", 2019),
        # the year is the report's, not that of its publication
        ("2024年1月20日某局2023年政府信息公开年报", 2023),
        ("[2024-01-20]某局2023年政府信息公开年报", 2023),
        ("某局2023年政府信息公开年报（2024年1月发布）", 2023),
        ("某省2024年公布的2023年政府信息公开年度报告", 2023),
        ("政府信息公开年报 2024-01-16", None),
        ("政府信息公开年度报告（2024年1月发布）", None),
        ("2019-2020年政府信息公开年度报告", None),
        # an agency's name may hold a word that says otherwise elsewhere
        ("某县卫生和计划生育局2015年政府信息公开年度报告", 2015),
        ("某市财政局2023年政府信息公开年度报告", 2023),
        ("某市标准化研究院2022年政府信息公开年度报告", 2022),
        ("某县信用办2021年政府信息公开年度报告", 2021),
        # cut short by the list
        ("某市自然资源和规划局2023年政府信息公开工作年度…", 2023),
        ("某市自然资源和规划局2022年政府信息公...", 2022),
        ("某市自然资源和规划局2021年政府信…", 2021),
        # the sheet of the years to 2018
        ("政府信息公开情况统计表（2017年度）", 2017),
        ("附件：2016年政府信息公开情况统计表.xls", 2016),
    ],
)
def test_reports(title: str, year: int | None) -> None:
    verdict = judge(title, URL)
    assert verdict.taken, verdict
    assert verdict.year == year


@pytest.mark.parametrize(
    "title",
    [
        "图解：2023年政府信息公开工作年度报告",
        "一图读懂2023年政府信息公开年度报告",
        "【图文】某县2023年政府信息公开年度报告",
        "某县2023年政府信息公开工作年度报告解读",
        "2023年政府信息公开年度报告政策问答",
        "关于做好2023年政府信息公开工作年度报告编制的通知",
        "关于2023年政府信息公开工作年度报告的通报",
        "某县召开2023年政府信息公开年度报告培训会",
        "某县2023年政府信息公开年度报告已发布",
        "政府信息公开工作年度报告格式",
        "政府信息公开年度报告制度",
        "政府信息公开指南（2023年）",
        "政府信息公开目录",
        "2023年第三季度政务公开工作报告",
        "2023年上半年政府信息公开工作报告",
        "2023年政府信息公开社会评议考核报告",
        "2023年统计年鉴",
        "2023年国民经济和社会发展统计公报",
        "2023年法治政府建设年度报告",
        "2023年政府网站工作年度报表",
        "2023年企业年报公示",
        "某公司2023年年报",
        "某局2023年度部门决算",
        "2024年政府工作报告",
        "2023年",
        "某市自然资源和规划局20…",
        "某市自然资源和规划局2023年工…",
        "首页",
        "",
    ],
)
def test_other_things(title: str) -> None:
    assert not judge(title, URL).taken


def test_the_titles_year_counts_whatever_the_folder_says() -> None:
    assert judge("某局2023年政府信息公开年报", "http://h.gov.cn/nb/2022/202401/t20240116_1.html").year == 2023


def test_an_address_that_is_a_report_needs_no_title() -> None:
    verdict = judge("", "http://h.gov.cn/module/xxgk/xxgkAnnualReport.jsp?area=11370826&fbtime=2018")
    assert (verdict.taken, verdict.year) == (True, 2018)


def test_why_is_told() -> None:
    assert judge("2023年政府信息公开年度报告解读", URL).reason == "解读"
    assert judge("某局2022年政府信息公开年报", URL).reason == "信息公开年报"
    assert judge("2021年政府信息公…", URL).reason == "信息公…"


def test_a_title_without_end_costs_no_time() -> None:
    assert not judge("政府" * 500_000, URL).taken


@pytest.mark.parametrize("title", ["附件1.doc", "附表", "政府信息公开情况统计表.xls", "某局2023年年度报告.pdf"])
def test_files_that_belong_to_a_report(title: str) -> None:
    assert belongs(title)


@pytest.mark.parametrize("title", ["政府信息公开申请表.doc", "操作手册.pdf", "2023年年报解读.pdf", ""])
def test_files_that_do_not(title: str) -> None:
    assert not belongs(title)
