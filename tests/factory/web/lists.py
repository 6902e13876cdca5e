"""How the lists of each family of sites look, written from what such sites send.

Every writer takes the entries, newest first, and gives what stands under which address; `first` are the addresses that
a card names.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape

from tests.factory.web.answers import HTML, JSON

EACH = 10
"""Entries on a page of a list."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a list: where it leads, its whole title and as the list shows it, the day beside it."""

    href: str
    title: str
    shown: str
    day: date


@dataclass(frozen=True, slots=True)
class Sent:
    text: str
    content_type: str = HTML


@dataclass(frozen=True, slots=True)
class Lists:
    """`first`: the addresses of a card, without the host; `pages`: what stands under which key."""

    first: tuple[str, ...]
    pages: Mapping[str, Sent]
    parameters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def _groups(entries: Sequence[Entry], each: int = EACH) -> list[Sequence[Entry]]:
    return [entries[start : start + each] for start in range(0, len(entries), each)] or [()]


def _item(entry: Entry) -> str:
    title = f' title="{escape(entry.title)}"' if entry.title != entry.shown else ""
    link = f'<a href="{escape(entry.href)}" target="_blank"{title}>{escape(entry.shown)}</a>'
    return f"<li>{link}<span>{entry.day}</span></li>"


def _items(entries: Sequence[Entry]) -> str:
    return "\n".join(_item(entry) for entry in entries)


def _page(inner: str) -> str:
    """A column's page with its navigation."""
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>政府信息公开年报_人民政府门户网站</title></head>'
        '<body><div class="nav"><a href="/">首页</a><a href="javascript:void(0)">无障碍</a>'
        '<a href="/zwgk/zn.html">公开指南</a><a href="mailto:xxgk@example.org">联系我们</a></div>'
        f'<div class="list"><ul>{inner}</div>'
        '<div class="foot"><a href="http://www.gov.example/">友情链接：上级政府</a></div></body></html>'
    )


def trs(entries: Sequence[Entry]) -> Lists:
    groups = _groups(entries)
    pages = {}
    for number, group in enumerate(groups):
        name = "index.html" if number == 0 else f"index_{number}.html"
        script = f'</ul><script>createPageHTML({len(groups)}, {number}, "index", "html");</script>'
        pages[f"/zwgk/zfxxgknb/{name}"] = Sent(_page(_items(group) + script))
    pages["/zwgk/zfxxgknb/"] = pages["/zwgk/zfxxgknb/index.html"]
    return Lists(("/zwgk/zfxxgknb/",), pages)


def vsb(entries: Sequence[Entry]) -> Lists:
    """The column's page is the newest; the others are numbered from the oldest."""
    groups = _groups(entries)
    pages = {}
    for place, group in enumerate(groups):
        number = len(groups) - place
        links = f"<span>共{len(entries)}条 {place + 1}/{len(groups)}</span>"
        if number > 1:
            following = f"{number - 1}.htm" if place else f"nb/{number - 1}.htm"
            links += f'<a href="{following}" class="Next">下页</a>'
        key = f"/zwgk/nb/{number}.htm" if place else "/zwgk/nb.htm"
        pages[key] = Sent(_page(f"{_items(group)}</ul>{links}"))
    return Lists(("/zwgk/nb.htm",), pages)


def hanweb(entries: Sequence[Entry]) -> Lists:
    """The first group stands in the page as XML, the others come from dataproxy.jsp, which the one before names."""
    proxy = "/module/web/jpage/dataproxy.jsp"
    pages = {}
    groups = _groups(entries)
    for place, group in enumerate(groups):
        records = "".join(f"<record><![CDATA[{_item(entry)}]]></record>" for entry in group)
        following = f'<a href="{proxy}?page={place + 1}&amp;columnid=51&amp;unitid=8&amp;webid=3"></a>'
        following = f"<nextgroup><![CDATA[{following}]]></nextgroup>" if place + 1 < len(groups) else ""
        store = (
            f"<datastore>{following}<totalrecord>{len(entries)}</totalrecord>"
            f"<recordset>{records}</recordset></datastore>"
        )
        if place == 0:
            script = f'</ul><div id="8"><script type="text/xml">{store}</script></div>'
            pages["/col/col51/index.html"] = pages["/col/col51/"] = Sent(_page(script))
        else:
            xml = f'<?xml version="1.0" encoding="UTF-8"?>{store}'
            pages[f"{proxy}?page={place}"] = Sent(xml, "text/xml;charset=UTF-8")
    return Lists(("/col/col51/index.html",), pages)


def jpaas(entries: Sequence[Entry]) -> Lists:
    unit = "/jpaas-publish-server/front/page/build/unit"
    pages = {}
    for number, group in enumerate(_groups(entries), 1):
        html = f"<div class='page-content'><ul>{_items(group)}</ul></div>"
        answer = {"success": True, "code": "200", "data": {"html": html, "count": len(entries)}}
        pages[f"{unit}?pageNo={number}"] = Sent(json.dumps(answer, ensure_ascii=False), JSON)
    beyond = {"success": True, "code": "200", "data": {"html": "<div class='page-content'><ul></ul></div>"}}
    pages[f"{unit}?pageNo={len(pages) + 1}"] = Sent(json.dumps(beyond), JSON)
    query = "webId=1&pageId=5&tplSetId=t9&pageType=column&tagId=list"
    return Lists((f"{unit}?{query}&paramJson=%7B%22pageNo%22%3A1%2C%22pageSize%22%3A{EACH}%7D",), pages)


def ucap(entries: Sequence[Entry]) -> Lists:
    search = "/common/search/8f2d"
    pages = {}
    for number, group in enumerate(_groups(entries), 1):
        results = [
            {
                "title": entry.title,
                "url": entry.href,
                "publishedTimeStr": f"{entry.day} 09:30:12",
                "channelName": "政府信息公开年报",
            }
            for entry in group
        ]
        answer = {"data": {"results": results, "total": len(entries), "page": number, "rows": EACH}}
        pages[f"{search}?page={number}"] = Sent(json.dumps(answer, ensure_ascii=False), JSON)
    return Lists((f"{search}?_isAgg=true&_isJson=true&_pageSize={EACH}&_template=index&page=1",), pages)


def gkmlpt(entries: Sequence[Entry]) -> Lists:
    """Pages beyond the last are 404; the number of posts says more than the lists show."""
    listed = "/gkmlpt/api/all/7781"
    pages = {}
    for number, group in enumerate(_groups(entries), 1):
        articles = [
            {
                "title": entry.title,
                "url": entry.href,
                "display_publish_time": (entry.day - date(1970, 1, 1)).days * 86400 + 3600,
                "classify_main_name": "政府信息公开年报",
            }
            for entry in group
        ]
        answer = {"articles": articles, "classify": {"post_count": len(entries) + 4}}
        pages[f"{listed}?page={number}"] = Sent(json.dumps(answer, ensure_ascii=False), JSON)
    return Lists((f"{listed}?page=1&sid=755",), pages)


def lonsun(entries: Sequence[Entry]) -> Lists:
    folder = "/XxgkContent/showList/161/4402"
    groups = _groups(entries)
    pages = {}
    for number, group in enumerate(groups, 1):
        following = f'<a href="{folder}/page_{number + 1}.html">下一页</a>' if number < len(groups) else ""
        pages[f"{folder}/page_{number}.html"] = Sent(_page(f"{_items(group)}</ul>{following}"))
    pages[f"{folder}/page_{len(groups) + 1}.html"] = Sent(_page("</ul>"))
    return Lists((f"{folder}/page_1.html",), pages)


def linked(entries: Sequence[Entry]) -> Lists:
    """Each page links to the next one with words."""
    groups = _groups(entries)
    pages = {}
    for number, group in enumerate(groups, 1):
        following = f'<a href="list{number + 1}.html">下一页</a>' if number < len(groups) else "<span>下一页</span>"
        pages[f"/xxgknb/list{number}.html"] = Sent(_page(f"{_items(group)}</ul>{following}"))
    return Lists(("/xxgknb/list1.html",), pages)


def rendered(entries: Sequence[Entry]) -> Lists:
    """A page whose script fills the list."""
    told = json.dumps([[entry.href, entry.title, str(entry.day)] for entry in entries], ensure_ascii=False)
    script = (
        "</ul><ul id='list'></ul><script>fetch('/data/nb.json').then(r => r.json()).then(rows => {"
        "document.getElementById('list').innerHTML = rows.map(r =>"
        "`<li><a href='${r[0]}'>${r[1]}</a><span>${r[2]}</span></li>`).join('')})</script>"
    )
    pages = {"/zfxxgk/nb.html": Sent(_page(script)), "/data/nb.json": Sent(told, JSON)}
    return Lists(("/zfxxgk/nb.html",), pages)


def annual_report(entries: Sequence[Entry]) -> Lists:
    """No list at all: an address an agency and year."""
    codes = {entry.href.partition("area=")[2].partition("&")[0]: None for entry in entries}
    return Lists(("/module/xxgk/xxgkAnnualReport.jsp",), {}, {"area": tuple(codes)})


WRITERS: dict[str, Callable[[Sequence[Entry]], Lists]] = {
    "trs": trs,
    "vsb": vsb,
    "hanweb": hanweb,
    "jpaas": jpaas,
    "ucap": ucap,
    "gkmlpt": gkmlpt,
    "lonsun": lonsun,
    "nantong": linked,
    "generic": linked,
    "rendered": rendered,
    "annual-report-jsp": annual_report,
}
