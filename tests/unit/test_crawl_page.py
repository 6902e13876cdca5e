"""A report's page: its attachments, its pictures, who published it and when."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.crawl.families import load_families
from pipelines.crawl.listing import Link
from pipelines.crawl.page import ATTACHMENTS, Page, read_page

URL = "http://h.gov.cn/zwgk/nb/202401/t20240116_31.htm"
FOLDER = "http://h.gov.cn/zwgk/nb/202401/"


def read(family: str, body: str, kind: str | None = "text/html; charset=utf-8") -> Page:
    return read_page(load_families()[family], URL, body.encode(), kind)


def files(page: Page) -> list[str]:
    return [link.url for link in page.attachments]


def test_a_page_with_attachments() -> None:
    page = read(
        "trs",
        """<head><meta name="PubDate" content="2024-01-16 09:30"><meta name="ContentSource" content="某县商务局"></head>
        <div class="nav"><a href="/files/guide.pdf">指南</a></div>
        <div class="TRS_Editor"><p>一、总体情况</p>
          <a href="./P02024.xls" title="附件：统计表.xls">附件：统计…</a><a href="P02024.xls#2">再次</a>
          <a href="/module/download/downfile.jsp?filename=7">年报.docx</a>
          <a href="../t20230116_30.htm">上一篇</a><a href="javascript:print()">打印</a>
          <img src="./W02024.jpg" alt="表三"><img src="/images/icon_pdf.png"><img src="data:image/png;base64,AAAA">
          <img src="a.png" width="16" height="16"><img src="/qrcode/1.png">
        </div><div class="footer"><img src="/images/beian.png"></div>""",
    )
    assert page == Page(
        (
            Link(FOLDER + "P02024.xls", "附件：统计表.xls"),
            Link("http://h.gov.cn/module/download/downfile.jsp?filename=7", "年报.docx"),
            Link(FOLDER + "W02024.jpg", "表三"),
        ),
        date(2024, 1, 16),
        "某县商务局",
    )


@pytest.mark.parametrize(
    ("family", "element"),
    [
        ("ucap", "<ucapcontent>{}</ucapcontent>"),
        ("vsb", '<div id="vsb_content">{}</div>'),
        ("hanweb", '<div id="zoom">{}</div>'),
        ("jpaas", '<div id="con_con">{}</div>'),
        ("gkmlpt", '<div class="article-content">{}</div>'),
        ("lonsun", '<div class="wzcon"><div class="content">{}</div></div>'),
        ("nantong", "<article>{}</article>"),
        ("annual-report-jsp", "{}"),
        ("generic", '<div class="v_news_content">{}</div>'),
    ],
)
def test_the_part_that_holds_the_report(family: str, element: str) -> None:
    menu = "" if family == "annual-report-jsp" else '<a href="/files/apply.doc">政府信息公开申请表</a>'
    assert files(read(family, menu + element.format('<a href="1.ofd">某局</a><img src="2.png">'))) == [
        FOLDER + "1.ofd",
        FOLDER + "2.png",
    ]


def test_elsewhere_only_files_called_like_the_report_are_taken() -> None:
    body = """<td><a href="apply.doc">政府信息公开申请表</a><a href="1.doc">附件1：统计表</a><img src="logo.png">
    <a href="nb.pdf">某县商务局2023年政府信息公开工作年度报告</a></td>"""
    assert files(read("generic", body)) == [FOLDER + "1.doc", FOLDER + "nb.pdf"]


@pytest.mark.parametrize(
    "frame",
    [
        '<iframe src="nb.pdf"></iframe>',
        '<embed src="nb.pdf">',
        '<object data="nb.pdf"></object>',
        '<iframe src="/pdfjs/web/viewer.html?file=/zwgk/nb/202401/nb.pdf"></iframe>',
        '<iframe src="/viewer?x=1&file=http%3A%2F%2Fh.gov.cn%2Fzwgk%2Fnb%2F202401%2Fnb.pdf"></iframe>',
    ],
)
def test_a_file_that_is_framed(frame: str) -> None:
    assert files(read("generic", frame)) == [FOLDER + "nb.pdf"]
    assert files(read("trs", f'<div class="TRS_Editor">{frame}</div>')) == [FOLDER + "nb.pdf"]


def test_ucap_says_when_in_a_tag_of_its_own() -> None:
    page = read("ucap", "<publishtime>2024年1月23日 17:18</publishtime><ucapcontent>x</ucapcontent>")
    assert (page.published, page.publisher) == (date(2024, 1, 23), None)


def test_a_date_that_is_none_is_passed_over() -> None:
    body = '<meta name="PubDate" content="2024-13-45"><meta name="publishdate" content="2024/2/3">'
    assert read("generic", body).published == date(2024, 2, 3)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("%PDF-1.7 <a href='1.pdf'>附件</a>", "text/html"),
        ("<a href='1.pdf'>附件</a>", "application/pdf"),
        ("PK <a href='1.pdf'>附件</a>", None),
        ("<div>" * 100_000 + "<a href='1.pdf'>附件</a>", "text/html"),
        ("", "text/html"),
    ],
)
def test_what_is_no_page_has_no_attachments(body: str, kind: str | None) -> None:
    assert read("generic", body, kind) == Page()


def test_a_page_without_a_type_is_known_by_its_beginning() -> None:
    assert files(read("generic", "\n<html><a href='1.pdf'>附件</a>", None)) == [FOLDER + "1.pdf"]


def test_a_page_is_no_attachment_of_itself() -> None:
    url = "http://h.gov.cn/file/download/31"
    body = '<div class="content"><a href="31">本页</a><a href="32">附件</a></div>'
    page = read_page(load_families()["generic"], url, body.encode(), "text/html")
    assert files(page) == ["http://h.gov.cn/file/download/32"]


def test_attachments_are_bounded() -> None:
    body = "".join(f"<img src={number}.png>" for number in range(3 * ATTACHMENTS))
    assert len(read("trs", f"<div class=TRS_Editor>{body}</div>").attachments) == ATTACHMENTS
