"""What stands in the columns of a site: reports as pages, with attachments or without, and what is none."""

from __future__ import annotations

import hashlib
import random
import uuid
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import escape
from typing import Literal

from tests.factory.site import Filed
from tests.factory.web.answers import HTML, Resource

Outcome = Literal["fetched", "failed", "refused", "blocked"]
"""What is to come of it: its bytes in the archive, or why not."""

TYPES = {
    "html": HTML,
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
}
ATTACHED = ("pdf", "docx", "xls")
_BODIES = {
    "trs": '<div class="TRS_Editor">{}</div>',
    "vsb": '<div id="vsb_content"><div class="v_news_content">{}</div></div>',
    "ucap": "<ucaptitle>{}</ucaptitle><publishtime>2024-01-19</publishtime><ucapcontent>{}</ucapcontent>",
    "gkmlpt": '<div class="article-content">{}</div>',
}
_CUT_AFTER = 5


@dataclass(frozen=True, slots=True)
class Attachment:
    path: str
    name: str
    data: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Article:
    """A line of a column and what it leads to. `path` is the address without the host, or a whole one elsewhere;
    `year` is the report's. `stands` replaces what the site sends for it, and `around` are further addresses that it
    needs. `is_report` False: nobody is to ask for it. `hidden` and `gone`: not in the list, and not there at all."""

    path: str
    title: str
    shown: str
    day: date
    year: int
    page: bytes
    content_type: str = HTML
    attachments: tuple[Attachment, ...] = ()
    outcome: Outcome = "fetched"
    stands: Resource | None = None
    around: Mapping[str, Resource] = field(default_factory=dict)
    is_report: bool = True
    hidden: bool = False
    gone: bool = False
    barred: bool = False


def article_of(family: str, number: int, one: Filed) -> Article:
    """The report as a page of that family: as the factory wrote it, or a page that names it as its attachment."""
    report = one.report
    day = date(report.year + 1, 1, 4) + timedelta(days=number % 60)
    path = _path(family, number, day, report.year, report.office.name)
    title = _title(number, report.office.name, report.year)
    cut = title[: title.index("信息公开") + 4] + "…"
    shown = cut if number % _CUT_AFTER == 2 else title
    if number % (2 * _CUT_AFTER) == 2:
        title = shown
    ending = one.layout.split("_", 1)[0]
    if ending == "html":
        return Article(path, title, shown, day, report.year, one.written.data, "text/html")
    name = f"{report.office.name}{report.year}年政府信息公开工作年度报告.{ending}"
    folder = path.rpartition("/")[0] if family == "trs" else "/files"
    kept = Attachment(f"{folder}/P{day:%Y%m%d}{number:07d}.{ending}", name, one.written.data, TYPES[ending])
    href = kept.path.rpartition("/")[2] if family == "trs" else kept.path
    return Article(path, title, shown, day, report.year, _around(family, title, href, name), attachments=(kept,))


def _around(family: str, title: str, href: str, name: str) -> bytes:
    body = (
        f'<p>{escape(title)}见附件。</p><p>附件：<a href="{href}" title="{escape(name)}">{escape(name)}</a></p>'
        '<p><a href="javascript:window.print()">打印</a> <a href="http://www.adobe.example/reader">下载阅读器</a></p>'
    )
    if family == "annual-report-jsp":
        return f"<html><body>{body}</body></html>".encode()
    shape = _BODIES.get(family, '<div id="zoom">{}</div>')
    inner = shape.format(escape(title), body) if shape.count("{}") > 1 else shape.format(body)
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(title)}</title></head><body>'
        f'<div class="nav"><a href="/">首页</a><a href="/files/banner.pdf">网站地图</a></div>{inner}</body></html>'
    ).encode()


def _title(number: int, office: str, year: int) -> str:
    digits = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(year))
    forms = (
        f"{office}{year}年政府信息公开工作年度报告",
        f"{office}{year}年度政府信息公开年报",
        f"{year}年{office}政府信息公开工作年度报告",
        f"{office}关于{digits}年政府信息公开工作的年度报告",
        f"{office}政府信息公开工作年度报告（{year}年）",
    )
    return forms[number % len(forms)]


def _path(family: str, number: int, day: date, year: int, office: str) -> str:
    """The address that such a site gives it. Folders of years are often wrong."""
    agency = f"{zlib.crc32(office.encode()):010d}X"
    letters = hashlib.sha256(f"{family} {number}".encode()).hexdigest()[:32]
    lying = year - 1 if number % 4 == 1 else year
    paths = {
        "trs": f"/zwgk/zfxxgknb/{lying}/{day:%Y%m}/t{day:%Y%m%d}_{2009665 + number}.html",
        "vsb": f"/info/1315/{16000 + number}.htm",
        "hanweb": f"/art/{day.year}/{day.month}/{day.day}/art_51_{4130999 + number}.html",
        "jpaas": f"/art/{day.year}/art_{letters}.html",
        "ucap": f"/sygfj/gknb/{day:%Y%m}/{letters}.shtml",
        "gkmlpt": f"/xxgk/xxgknb/content/post_{11956962 + number}.html",
        "lonsun": f"/public/161/{1109731397 + number}.html",
        "nantong": f"/tzqnywyh/xxgknb/content/{uuid.UUID(hex=letters)}.html",
        "generic": f"/gongkai/show/{letters}.html",
        "rendered": f"/Content-{2219040 + number}.html",
        "annual-report-jsp": f"/module/xxgk/xxgkAnnualReport.jsp?area={agency}&fbtime={year}",
    }
    return paths[family]


def decoys(draw: random.Random, reports: tuple[Article, ...], office: str, foreign: str) -> Iterator[Article]:
    """What stands among the reports of a column and is none of its own: one for every five of them.

    `foreign` is a host that no card names.
    """
    for number, near in enumerate(reports[::5], draw.randrange(8)):
        year = near.year
        words = f"{year}年政府信息公开工作年度报告"
        titles = (
            f"一图读懂：{office}{words}",
            f"{office}{words}解读",
            f"关于做好{words}编制发布工作的通知",
            f"图解{words}",
            f"我县召开{year}年政府信息公开工作年度报告编制培训会",
            f"{office}{year}年法治政府建设年度报告",
            f"{office}政府信息公开指南",
            f"{office}{words}",
        )
        place = number % len(titles)
        title = titles[place]
        page = f"<html><body><h1>{title}</h1><img src='/images/{number}.png'></body></html>".encode()
        path = f"/news/{draw.randint(10**6, 10**7)}_{number}.html"
        if place == len(titles) - 1:
            away = f"http://{foreign}{path}"
            yield Article(away, title, title, near.day, year, page, outcome="refused", is_report=False)
        else:
            yield Article(path, title, title, near.day, year, page, is_report=False)
