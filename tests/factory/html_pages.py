"""The pages that stand around a report, and tables without table tags."""

from __future__ import annotations

import random
from html import escape
from typing import TYPE_CHECKING

from tests.factory.sheets import Sheet

if TYPE_CHECKING:
    from tests.factory.report import Report


def _issued(report: Report) -> str:
    return report.published or f"{report.year + 1}-01-{report.year % 20 + 5:02d}"


def bare(report: Report, meta: str, body: str) -> str:
    title = escape(report.prose.title)
    return f"<!DOCTYPE html><html><head>{meta}<title>{title}</title></head><body>{body}</body></html>"


def word(report: Report, meta: str, body: str) -> str:
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns="http://www.w3.org/TR/REC-html40"><head>'
        f'{meta}<meta name=Generator content="Microsoft Word 15"><style><!-- p.MsoNormal {{margin:0cm;}} '
        "@page WordSection1 {size:595.3pt 841.9pt;} --></style></head>"
        f"<body lang=ZH-CN><!--[if gte mso 9]><xml><w:View>Normal</w:View></xml><![endif]-->"
        f"<div class=WordSection1>{body}</div></body></html>"
    )


def trs(report: Report, meta: str, body: str) -> str:
    """A government site's article page: navigation, breadcrumb, a list of other years' reports, footer, scripts."""
    office = report.office
    siblings = "".join(
        f'<li><a href="./t{y}0118_{y * 7}.html">{escape(office.name)}{y}年政府信息公开工作年度报告</a>'
        f"<span>{y + 1}-01-1{y % 9}</span></li>"
        for y in range(report.year - 3, report.year)
    )
    site = f"{office.county}人民政府"
    return (
        f"<!DOCTYPE html><html><head>{meta}<title>{escape(report.prose.title)}_{site}</title>"
        f'<meta name="SiteName" content="{site}"><meta name="ArticleTitle" content="{escape(report.prose.title)}">'
        f'<meta name="PubDate" content="{_issued(report)} 10:12"><meta name="ColumnName" content="政府信息公开年报">'
        '<script>var visits = 20391; document.write("<td>4417</td>");</script><style>.tb{display:table}</style></head>'
        '<body><div class="top"><ul><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li>'
        '<li><a href="/xxgk/zn/">公开指南</a></li><li><a href="/xxgk/nb/">政府信息公开年报</a></li></ul></div>'
        f'<div class="crumb">当前位置：<a href="/">首页</a> &gt; 政府信息公开年报 &gt; {escape(office.name)}</div>'
        f'<div class="side"><h3>年度报告</h3><ul>{siblings}</ul></div>'
        f'<div class="art"><h2>{escape(report.prose.title)}</h2><p class="info">发布日期：{_issued(report)}　来源：'
        f"{escape(office.name)}　浏览次数：<span>318</span></p>"
        f'<div class="TRS_Editor">{body}</div></div>'
        '<div class="foot"><p>网站标识码：3208130001　备案序号：10023456号</p></div></body></html>'
    )


def layout_table(report: Report, meta: str, body: str) -> str:
    """An old site: the whole page is a table, the report in one of its cells."""
    return (
        f"<html><head>{meta}<title>政务网</title></head><body><table width=100%>"
        "<tr><td colspan=2>欢迎您访问本网站</td></tr>"
        "<tr><td width=180><table><tr><td>栏目</td></tr><tr><td>公开指南</td></tr><tr><td>目录</td></tr></table></td>"
        f"<td>{body}</td></tr><tr><td colspan=2>主办单位：{report.office.county}人民政府办公室</td></tr>"
        "</table></body></html>"
    )


def unclosed(report: Report, meta: str, body: str) -> str:
    return f"<HTML><HEAD>{meta}<TITLE>{escape(report.prose.title)}</TITLE><BODY><DIV><FONT size=3>{body}<P>"


def metadata_first(report: Report, meta: str, body: str) -> str:
    """A block of metadata as a table stands before the report."""
    rows = (
        ("索引号", f"11{report.office.division}00{report.year}/{report.year + 1}-00017"),
        ("信息分类", "政府信息公开年报"),
        ("发布机构", report.office.name),
        ("公开日期", _issued(report)),
        ("名称", report.prose.title),
    )
    table = "".join(f"<tr><th>{k}</th><td>{escape(v)}</td></tr>" for k, v in rows)
    return (
        f"<!DOCTYPE html><html><head>{meta}<title>{report.office.county}人民政府门户网站</title></head><body>"
        f'<table class="meta">{table}</table><div id="zoom">{body}</div></body></html>'
    )


def div_table(sheet: Sheet, draw: random.Random) -> str:
    """A table drawn with boxes and style sheets: rows and cells are divs, spans are widths only."""
    rows = []
    for row in sheet.rows():
        cells = "".join(
            f'<div class="td" style="width:{100 * b.column_span // sheet.column_count}%">{escape(b.text)}</div>'
            for b in row
        )
        rows.append(f'<div class="tr" style="display:table-row">{cells}</div>')
    return f'<div class="tb" style="display:table">{"".join(rows)}</div>'
