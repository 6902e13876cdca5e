from __future__ import annotations

import pytest

from pipelines.model import Block, Document, Grid, GridCell, Paragraph
from pipelines.read.outline import Outline, outline, prose
from tests.processor_time import at_most

SIX = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)
CODES = ("overview", "disclosure", "application", "review", "problems", "other")
BODY = "我局按照条例要求推进公开，办事群众随时可以查到所需的信息。"


def lines(*texts: str) -> Document:
    blocks = (Paragraph(i, text, tuple(text.split("\t"))) for i, text in enumerate(texts))
    return Document("text", tuple(blocks))


def grid(index: int, *rows: tuple[str, ...]) -> Grid:
    cells = (GridCell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row))
    return Grid(index, len(rows), max(map(len, rows)), tuple(cells))


def report(name: str, headings: tuple[str, ...] = SIX) -> tuple[str, ...]:
    return (name, *(text for heading in headings for text in (heading, BODY)))


def only(document: Document) -> Outline:
    found = outline(document)
    assert len(found) == 1
    return found[0]


def codes(found: Outline) -> tuple[str, ...]:
    return tuple(section.code for section in found.sections)


def test_the_six_sections_stand_under_their_headings() -> None:
    found = only(lines(*report("青杉县林业局2022年政府信息公开工作年度报告")))
    assert found.title == "青杉县林业局2022年政府信息公开工作年度报告"
    assert codes(found) == CODES
    assert prose(found.sections[3]) == BODY


@pytest.mark.parametrize(
    "headings",
    [
        tuple(f"### {heading}" for heading in SIX),
        tuple(f"**{heading}**" for heading in SIX),
        tuple(heading[2:] for heading in SIX),
        tuple(heading.replace("、", "、、", 1) for heading in SIX),
        tuple(heading[0] + "、 " + " ".join(heading[2:]) for heading in SIX),
        ("一、工作概述", *SIX[1:4], "一、存在的主要问题及整改措施", "二、其他需要报告的事项"),
        (
            "一、总体情况(黑体三号字)",
            *SIX[1:4],
            "五、政府信息公开工作存在的主要问题及改进情况",
            "六、需要报告的其他事项",
        ),
        (
            "一、總體情況",
            "二、主動公開政府信息情況",
            "三、收到和處理政府信息公開申請情況",
            "四、政府信息公開行政復議、行政訴訟情況",
            "五、存在的主要問題及改進情況",
            "六、其他需要報告的事項",
        ),
        ("一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", *SIX[3:]),
    ],
)
def test_headings_are_known_by_their_words(headings: tuple[str, ...]) -> None:
    assert codes(only(lines(*report("青杉县林业局2022年政府信息公开工作年度报告", headings)))) == CODES


def test_rows_that_look_like_headings_head_nothing() -> None:
    found = only(
        lines(
            "墨江镇2024年政府信息公开年度报告",
            *(SIX[2], "一、本年新收政府信息公开申请数量\t\t7\t0\t0\t0\t0\t0\t7", "三、本年度办理结果"),
            *("（一）予以公开\t\t5\t0\t0\t0\t0\t0\t5", "四、结转下年度继续办理\t\t2\t0\t0\t0\t0\t0\t2", SIX[3]),
            *("行政复议\t行政诉讼", SIX[4], BODY),
        )
    )
    assert codes(found) == ("application", "review", "problems")
    assert len(found.sections[0].blocks) == 4
    assert prose(found.sections[0]) == ""


def test_inner_headings_of_the_overview_do_not_open_a_section() -> None:
    texts = list(report("青杉县林业局2022年政府信息公开工作年度报告"))
    texts[3:3] = [
        "（一）主动公开政府信息情况",
        "全年公开信息31条，均已上网。",
        "（二）依申请公开情况",
        "全年收到8件，已答复。",
    ]
    assert codes(only(lines(*texts))) == CODES


def test_a_report_on_one_line_is_cut_at_its_headings() -> None:
    whole = "临溪区教育局2023年政府信息公开工作年度报告 " + "".join(f"{heading} {BODY}" for heading in SIX)
    found = only(lines(whole))
    assert found.title == "临溪区教育局2023年政府信息公开工作年度报告"
    assert codes(found) == CODES
    assert {block.index for section in found.sections for block in section.blocks} == {0}


def test_a_list_of_contents_inside_a_sentence_is_no_row_of_headings() -> None:
    texts = list(report("青杉县林业局2022年政府信息公开工作年度报告"))
    texts.insert(
        1,
        "本报告包括一、总体情况；二、主动公开政府信息情况；三、收到和处理政府信息公开申请情况等部分，电子版可在网上查阅。",
    )
    assert codes(only(lines(*texts))) == ("preamble", *CODES)


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        (("青杉县林业局（茶业局）2022年政府信", "息公开年度报告"), "青杉县林业局（茶业局）2022年政府信息公开年度报告"),
        (("青杉县人民政府", "2022 年政府信息公开工作年度报告"), "青杉县人民政府2022年政府信息公开工作年度报告"),
        (("正文", "青杉县林业局2022年政府信", "息公开年度报告"), "青杉县林业局2022年政府信息公开年度报告"),
        (("# 青杉县林业局关于2022年度政务公开工作报告（文字版）",), "青杉县林业局关于2022年度政务公开工作报告"),
        (("青杉县林业局 2020政府信息公开",), "青杉县林业局2020政府信息公开"),
        (
            ("青杉县林业局2022年信息公开年报", "发布日期：2023-01-09", "**青杉县林业局2022年信息公开年报**"),
            "青杉县林业局2022年信息公开年报",
        ),
    ],
)
def test_a_title_is_found_however_it_is_broken_or_repeated(printed: tuple[str, ...], title: str) -> None:
    found = only(lines(*printed, *report("x")[1:]))
    assert found.title == title
    assert codes(found) == CODES


def test_navigation_above_and_links_below_belong_to_no_section() -> None:
    links = [f"青杉县林业局{year}年政府信息公开工作年度报告" for year in (2019, 2020, 2021)]
    found = only(
        lines(
            *("首页", "政府信息公开指南", "政府信息公开年报", *links, "2023-01-12"),
            *report("青杉县林业局2022年政府信息公开工作年度报告"),
            *("上一篇：没有了", *links, "主办：青杉县人民政府"),
        )
    )
    assert found.title == "青杉县林业局2022年政府信息公开工作年度报告"
    assert codes(found) == CODES
    assert len(found.sections[-1].blocks) == 1
    assert len(found.trailing) == 5


def test_two_reports_in_one_document_are_two() -> None:
    names = ("青杉县林业局2022年政府信息公开工作年度报告", "墨江镇2022年政府信息公开工作年度报告")
    found = outline(lines(*report(names[0]), *report(names[1])))
    assert [one.title for one in found] == list(names)
    assert [codes(one) for one in found] == [CODES, CODES]


def test_a_layout_table_is_text() -> None:
    texts = report("青杉县林业局2022年政府信息公开工作年度报告")
    found = only(Document("html", (grid(0, ("\n".join(texts),)),)))
    assert codes(found) == CODES


def test_a_sheet_that_holds_the_whole_report_is_parted_and_its_rows_keep_their_places() -> None:
    rows = [
        ("青杉县林业局2022年政府信息公开工作年度报告", "", ""),
        (SIX[0], "", ""),
        (BODY, "", ""),
        (SIX[1], "", ""),
        ("信息内容", "本年制发件数", "现行有效件数"),
        ("行政规范性文件", "3", "41"),
        (SIX[4], "", ""),
        (BODY, "", ""),
    ]
    found = only(Document("xlsx", (grid(0, *rows),)))
    assert codes(found) == ("overview", "disclosure", "problems")
    (table,) = found.sections[1].blocks
    assert isinstance(table, Grid)
    assert [cell.row for cell in table.cells if cell.text == "41"] == [5]


def test_text_without_a_report_has_no_outline() -> None:
    assert outline(lines("首页", "新闻中心", "联系我们")) == ()
    assert outline(Document("text", ())) == ()


def test_broken_lines_are_joined_and_paragraphs_stay() -> None:
    blocks: tuple[Block, ...] = tuple(
        Paragraph(i, text, (text,))
        for i, text in enumerate(
            [
                "（一）主动公开情况。全年在门户网站公开各类文件、通知及公示共 1",
                "204 条，较好地满足了群众的需要。",
                "— 3 —",
                "（二）依申请公开情况。全年共收到书面和网络提交的政府信息公开申",
                "请19件。",
            ]
        )
    )
    found = only(Document("pdf", (*lines(*report("青杉县林业局2022年政府信息公开工作年度报告")[:2]).blocks, *blocks)))
    assert prose(found.sections[0]).splitlines() == [
        "（一）主动公开情况。全年在门户网站公开各类文件、通知及公示共 1204 条，较好地满足了群众的需要。",
        "（二）依申请公开情况。全年共收到书面和网络提交的政府信息公开申请19件。",
    ]


def test_junk_is_outlined_in_little_time() -> None:
    junk = lines(*["情况（一二三四五六七八九十、问题" * 4000, "政府信息公开" * 9000 + "报告", *["一、" * 40] * 4000])
    with at_most(3):
        outline(junk)


@pytest.mark.parametrize(
    ("above", "title"),
    [
        (("青杉县林业局政府信息公开工作年度报告（2022年）",), "青杉县林业局政府信息公开工作年度报告（2022年）"),
        (("青杉县林业局2022年政府信息公开工作年度报告（公开稿）",), "青杉县林业局2022年政府信息公开工作年度报告"),
        (("青杉县关于印发《林业局2022年政府信息公开工作年度报告》的通知",), "林业局2022年政府信息公开工作年度报告"),
        (("青杉县林业局 2022 年", "政府信息公开工作年度报告"), "青杉县林业局2022年政府信息公开工作年度报告"),
        (("二〇二二年度青杉县林业局", "政府信息公开工作年度报告"), "二〇二二年度青杉县林业局政府信息公开工作年度报告"),
        (("2022年", "青杉县林业局政府信息公开工作年度报告"), "2022年青杉县林业局政府信息公开工作年度报告"),
        (("2021年", "青杉县林业局2022年政府信息公开工作年报"), "青杉县林业局2022年政府信息公开工作年报"),
        (("石桥县水利局", "青杉县林业局政府信息公开工作年度报告"), "青杉县林业局政府信息公开工作年度报告"),
    ],
)
def test_a_title_has_its_year_and_agency_wherever_they_stand(above: tuple[str, ...], title: str) -> None:
    assert only(lines(*above, *report("")[1:])).title == title


@pytest.mark.parametrize(
    "line",
    [
        "关于做好《2022年政府信息公开工作年度报告》编制工作的通知",
        "关于印发《政府信息公开工作年度报告格式》的通知",
    ],
)
def test_a_notice_about_reports_is_no_title(line: str) -> None:
    assert only(lines(line, *report("")[1:])).title is None


TITLE = "青杉县发展和改革委员会2022年政府信息公开工作年度报告"


@pytest.mark.parametrize("cut", [3, 6, 7, 8, 9, 12, 14, 15, 16, 17])
def test_a_title_is_whole_wherever_it_was_cut(cut: int) -> None:
    assert only(lines(TITLE[:cut], TITLE[cut:], *report("")[1:])).title == TITLE


@pytest.mark.parametrize(
    ("first", "rest"),
    [
        ("2022年青杉县", "林业局政府信息公开工作年度报告"),
        ("青杉县林业局202", "2政府信息公开工作年度报告"),
        ("青杉县林业局二〇二二年", "政府信息公开工作年度报告"),
        ("青杉县林业局二〇", "二二年政府信息公开工作年度报告"),
        ("《青杉县林业局", "（2022年度）政府信息公开工作年度报告》"),
        ("青杉县林业局2022年度政", "府信息主动公开工作年度报告"),
    ],
)
def test_a_title_of_another_shape_is_whole_too(first: str, rest: str) -> None:
    assert only(lines(first, rest, *report("")[1:])).title == (first + rest).strip("《》")


@pytest.mark.parametrize(
    "above", ["青杉县人民政府", "青杉县政府部门", "青杉县政务服务", "青杉县信息公开", "2022年", "青杉"]
)
def test_what_stands_above_a_whole_title_is_no_part_of_it(above: str) -> None:
    for title in (TITLE, "林业局2022年政府信息公开工作年度报告"):
        assert only(lines(above, title, *report("")[1:])).title == title


def test_an_opening_of_one_sentence_over_two_lines_is_text() -> None:
    opening = ("本报告所列数据的统计期限自2021年1月1日起至2021年12月31", "日止。")
    found = only(lines("青杉县林业局2022年政府信息公开工作年度报告", *opening, *report("")[1:]))
    assert prose(found.sections[0]) == "".join(opening)
