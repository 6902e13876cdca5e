"""Each family's lists: what they name, and where they go on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from pipelines.crawl.bodies import LIST_BYTES
from pipelines.crawl.families import load_families
from pipelines.crawl.listing import Link, Listing, first_urls, read_listing
from pipelines.registry.divisions import RegistryError
from pipelines.registry.sources import Card

HOST = "http://h.gov.cn"
HEX = "0123456789abcdef0123456789abcdef"


def card(family: str, *lists: str, parameters: Mapping[str, tuple[str, ...]] | None = None) -> Card:
    hosts = frozenset({"h.gov.cn"})
    return Card(
        "a", "web", "某县商务局", "411224", None, family, tuple(lists), hosts, parameters=dict(parameters or {})
    )


def listing(family: str, url: str, body: str | bytes, first: str | None = None, kind: str = "text/html") -> Listing:
    """The page at `url` of the list that begins at `first`."""
    data = body.encode() if isinstance(body, str) else body
    return read_listing(card(family, first or url), load_families()[family], url, data, kind)


def entry(address: str, title: str, day: str) -> str:
    return f'<li><a href="{address}" title="{title}" target="_blank">{title}</a><span>{day}</span></li>'


def page(*entries: str, more: str = "") -> str:
    menu = '<div class="nav"><a href="/">首页</a><a href="/zwgk/nb/">政府信息公开年报</a></div>'
    return f"<html><body>{menu}<ul>{''.join(entries)}</ul>{more}</body></html>"


def addresses(found: Listing) -> list[str]:
    return [link.url for link in found.links]


# TRS: numbered upwards


TRS = f"{HOST}/zwgk/nb/"
TRS_PAGE = page(
    entry("./202401/t20240116_31.htm", "某县商务局2023年政府信息公开年报", "2024-01-16"),
    entry("../bm/202301/t20230117_29.htm", "某县民政局2022年政府信息公开年报", "2023-01-17"),
)


def test_trs_names_its_articles_and_not_its_menu() -> None:
    assert listing("trs", TRS, TRS_PAGE).links == (
        Link(f"{TRS}202401/t20240116_31.htm", "某县商务局2023年政府信息公开年报", date(2024, 1, 16), 2023),
        Link(f"{HOST}/zwgk/bm/202301/t20230117_29.htm", "某县民政局2022年政府信息公开年报", date(2023, 1, 17), 2022),
    )


@pytest.mark.parametrize(
    ("url", "script", "following"),
    [
        (TRS, 'createPageHTML(3, 0, "index", "htm");', "index_1.htm"),
        (TRS + "index.htm", "createPageHTML(3, 0, 'index', 'htm');", "index_1.htm"),
        (TRS + "index_1.htm", 'createPageHTML(3, 1, "index", "htm");', "index_2.htm"),
        (TRS + "index_2.htm", 'createPageHTML(3, 2, "index", "htm");', None),
        (TRS, 'createPageHTML(1, 0, "index", "htm");', None),
        (TRS, 'createPageHTML(2, 0, "list", "shtml");', "list_1.shtml"),
        (TRS, "var countPage = 4//共多少页", "index_1.html"),
        (TRS + "index.shtml", "var countPage = 4", "index_1.shtml"),
        (TRS, "", "index_1.html"),
        (TRS, '</script><a href="index_1.jhtml">2</a><script>', "index_1.jhtml"),
        (TRS + "index_7.html", "", "index_8.html"),
        (TRS + "index_2000.html", "", None),
    ],
)
def test_trs_counts_up(url: str, script: str, following: str | None) -> None:
    found = listing("trs", url, TRS_PAGE + f"<script>{script}</script>", first=TRS if "_" in url else url)
    assert found.next_urls == ((TRS + following,) if following else ())


def test_trs_ends_where_nothing_is_named() -> None:
    found = listing("trs", TRS + "index_4.html", page(), first=TRS)
    assert (found.links, found.next_urls, found.problem) == ((), (), "no_list")


# VSB: numbered downwards


VSB = f"{HOST}/zwgk/nb.htm"
VSB_PAGE = page(entry("../info/1315/16707.htm", "2022年政府信息公开年报", "2023-01-18"))


def test_vsb_counts_down_from_the_highest_number() -> None:
    pager = '<a href="nb/4.htm" class="Next">下页</a><a href="nb/1.htm">尾页</a><a href="tz/9.htm">通知</a>'
    found = listing("vsb", VSB, VSB_PAGE + pager)
    assert addresses(found) == [f"{HOST}/info/1315/16707.htm"]
    assert found.next_urls == (f"{HOST}/zwgk/nb/4.htm",)


@pytest.mark.parametrize(("number", "following"), [(4, 3), (2, 1), (1, None)])
def test_vsb_goes_on_to_the_oldest(number: int, following: int | None) -> None:
    found = listing("vsb", f"{HOST}/zwgk/nb/{number}.htm", VSB_PAGE, first=VSB)
    assert found.next_urls == ((f"{HOST}/zwgk/nb/{following}.htm",) if following else ())


def test_a_vsb_list_that_is_called_by_a_number_is_not_counted_down() -> None:
    assert listing("vsb", f"{HOST}/list/1315.htm", VSB_PAGE).next_urls == ()


def test_older_vsb_lists_link_to_the_next_page() -> None:
    url = f"{HOST}/list.jsp?urltype=tree.TreeTempUrl&wbtreeid=1315"
    pager = '<a href="list.jsp?totalpage=3&PAGENUM=2&urltype=tree.TreeTempUrl&wbtreeid=1315">下页</a>'
    found = listing("vsb", url, VSB_PAGE + pager)
    assert found.next_urls == (f"{HOST}/list.jsp?totalpage=3&PAGENUM=2&urltype=tree.TreeTempUrl&wbtreeid=1315",)


# Hanweb and its jpaas


COLUMN = f"{HOST}/col/col1229134035/index.html"
UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
GROUP = "/module/web/jpage/dataproxy.jsp?page=1&amp;columnid=1229134035&amp;unitid=77&amp;webid=3"


def datastore(*entries: str, total: int = 3, following: str | None = GROUP) -> str:
    group = f'<nextgroup><![CDATA[<a href="{following}"></a>]]></nextgroup>' if following else ""
    records = "".join(f"<record><![CDATA[{one}]]></record>" for one in entries)
    return f"<datastore><totalrecord>{total}</totalrecord>{group}<recordset>{records}</recordset></datastore>"


def test_hanweb_lists_stand_in_the_page_as_records() -> None:
    records = datastore(
        entry("/art/2024/1/23/art_1229134035_41.html", "某县商务局2023年政府信息公开年报", "2024-01-23"),
        entry("/art/2023/art_" + HEX + ".html", "某县商务局2022年政府信息公开年报", "2023-01-21"),
    )
    found = listing("hanweb", COLUMN, page(more=f'<script type="text/xml">{records}</script>'))
    assert addresses(found) == [f"{HOST}/art/2024/1/23/art_1229134035_41.html", f"{HOST}/art/2023/art_{HEX}.html"]
    assert found.links[1].listed_date == date(2023, 1, 21)
    assert found.next_urls == (f"{HOST}/module/web/jpage/dataproxy.jsp?page=1&columnid=1229134035&unitid=77&webid=3",)
    assert (found.total, found.problem) == (3, None)


def test_hanwebs_proxy_answers_with_records_too() -> None:
    url = f"{HOST}/module/web/jpage/dataproxy.jsp?page=1&columnid=1229134035"
    last = datastore(entry("/art/2022/1/9/art_1_5.html", "2021年年报", "2022-01-09"), following=None)
    found = listing("hanweb", url, last, first=COLUMN, kind="text/xml")
    assert (addresses(found), found.next_urls) == ([f"{HOST}/art/2022/1/9/art_1_5.html"], ())


def unit_page(held: str) -> str:
    query = "{'webId':'3','pageId':'77','tagId':'列表','pageType':'column'}"
    return page(more=f'<div url="{UNIT}" queryData="{query}">{held}</div>')


def test_a_column_of_jpaas_says_where_its_json_is() -> None:
    found = listing("hanweb", COLUMN, unit_page(""))
    assert found.links == () and found.problem is None
    assert found.next_urls == (f"{HOST}{UNIT}?webId=3&pageId=77&tagId={quote('列表')}&pageType=column",)


def test_a_column_of_jpaas_that_holds_its_first_entries_goes_on_with_the_second_page() -> None:
    held = entry("/art/2024/1/23/art_9_4.html", "2023年年报", "2024-01-23") + entry(
        "/art/2023/1/23/art_9_3.html", "2022年年报", "2023-01-23"
    )
    found = listing("hanweb", COLUMN, unit_page(held))
    assert len(found.links) == 2
    query = parse_qs(urlsplit(found.next_urls[0]).query)
    assert json.loads(query["paramJson"][0]) == {"pageNo": 2, "pageSize": 2}


@pytest.mark.parametrize("family", ["jpaas", "hanweb"])
def test_jpaas_answers_with_a_piece_of_a_page_in_json(family: str) -> None:
    held = quote(json.dumps({"pageNo": 4, "pageSize": 15}))
    piece = f"<ul>{entry(f'/art/2024/art_{HEX}.html', '2023年政府信息公开年报', '2024-01-19')}</ul>"
    body = json.dumps({"success": True, "data": {"html": piece}})
    found = listing(family, f"{HOST}{UNIT}?webId=3&paramJson={held}", body, first=COLUMN, kind="application/json")
    assert addresses(found) == [f"{HOST}/art/2024/art_{HEX}.html"]
    assert parse_qs(urlsplit(found.next_urls[0]).query) == {"webId": ["3"], "paramJson": ['{"pageNo":5,"pageSize":15}']}


def test_jpaas_ends_with_a_piece_that_names_nothing() -> None:
    body = json.dumps({"success": True, "data": {"html": "<ul></ul>"}})
    found = listing("jpaas", f"{HOST}{UNIT}?webId=3", body, kind="application/json")
    assert (found.links, found.next_urls) == ((), ())


# xxgkAnnualReport.jsp: an address an agency and year


REPORTS = f"{HOST}/module/xxgk/xxgkAnnualReport.jsp"


def test_addresses_by_area_and_year() -> None:
    families = load_families()
    two = card("annual-report-jsp", REPORTS, parameters={"area": ("113E", "a&b")})
    urls = [request.url for request in first_urls(two, families["annual-report-jsp"], {2018, 2021})]
    assert urls == [
        f"{REPORTS}?area=113E&fbtime=2021",
        f"{REPORTS}?area=a%26b&fbtime=2021",
        f"{REPORTS}?area=113E&fbtime=2018",
        f"{REPORTS}?area=a%26b&fbtime=2018",
    ]
    every = first_urls(two, families["annual-report-jsp"], None, today=date(2012, 3, 1))
    assert [request.url[-4:] for request in every[::2]] == ["2011", "2010", "2009", "2008"]
    with pytest.raises(RegistryError, match="source a: parameters is to have area"):
        first_urls(card("annual-report-jsp", REPORTS), families["annual-report-jsp"], {2018})


def test_such_an_address_is_the_report() -> None:
    url = f"{REPORTS}?area=113E&fbtime=2018"
    found = listing("annual-report-jsp", url, "<p>" + "本年度收到政府信息公开申请17件。" * 9 + "</p>")
    assert found.links == (Link(url, "某县商务局2018年政府信息公开工作年度报告", None, 2018),)
    assert listing("annual-report-jsp", url, "<html><body>暂无数据</body></html>") == Listing((), ())


# UCAP and gkmlpt: JSON


UCAP = f"{HOST}/common/search/abc?_isAgg=true&_isJson=true&_pageSize=2&_template=index&page="


def ucap(total: int | None, *items: object) -> str:
    return json.dumps({"data": {"results": list(items), "total": total, "rows": 2, "page": 1}})


def ucap_item(number: int) -> dict[str, object]:
    return {
        "title": f"<em>{2020 + number}年</em>政府信息公开年报",
        "url": f"/a/gknb/20240{number}/{HEX}.shtml",
        "publishedTimeStr": f"2024-0{number}-23 17:18:49",
        "channelName": "年报",
    }


def test_ucap_lists_are_json() -> None:
    found = listing("ucap", UCAP + "1", ucap(5, ucap_item(1), ucap_item(2)), kind="application/json")
    url = f"{HOST}/a/gknb/202401/{HEX}.shtml"
    assert found.links[0] == Link(url, "2021年政府信息公开年报", date(2024, 1, 23), 2021, "年报")
    assert (found.next_urls, found.total) == ((UCAP + "2",), 5)


@pytest.mark.parametrize(("number", "total", "goes_on"), [(2, 5, True), (3, 5, False), (2, 4, False), (9, None, True)])
def test_ucap_goes_on_until_all_are_named(number: int, total: int | None, goes_on: bool) -> None:
    found = listing("ucap", f"{UCAP}{number}", ucap(total, ucap_item(3)), first=UCAP + "1", kind="application/json")
    assert bool(found.next_urls) == goes_on


def test_a_json_list_may_be_empty() -> None:
    found = listing("ucap", UCAP + "1", ucap(0), kind="application/json")
    assert found == Listing((), (), 0, None)


def test_entries_that_lead_nowhere_are_left_out() -> None:
    items = ({"title": "x", "url": "javascript:void(0)"}, {"title": "y"}, "z", None, {"title": 3, "url": ["a"]})
    found = listing("ucap", UCAP + "1", ucap(5, *items), kind="application/json")
    assert (found.links, found.next_urls, found.total) == ((), (), 5)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<html><body>404</body></html>", "not_json"),
        ("{", "not_json"),
        ("[" * 100_000, "not_json"),
        ('{"data": {"results": {}}}', "no_list"),
        ('{"data": [1]}', "no_list"),
        ("[]", "no_list"),
        ("null", "no_list"),
        ('{"data": {"results": [], "total": ' + "9" * 5000 + "}}", "not_json"),
    ],
)
def test_what_is_not_the_json_that_was_expected(body: str, problem: str) -> None:
    assert listing("ucap", UCAP + "1", body, kind="application/json").problem == problem


def test_gkmlpt_lists_are_json() -> None:
    url = f"{HOST}/bm/gkmlpt/api/all/721?page=1&sid=66"
    item = {
        "title": "2023年政府信息公开工作年度报告",
        "url": f"{HOST}/bm/gkmlpt/content/1/119/post_119.html",
        "display_publish_time": 1706025600,
        "created_at": "2020-02-02",
        "classify_main_name": "年报",
    }
    body = json.dumps({"articles": [item], "classify": {"post_count": 145}})
    found = listing("gkmlpt", url, body, kind="application/json")
    assert found.links == (Link(str(item["url"]), str(item["title"]), date(2024, 1, 24), 2023, "年报"),)
    assert found.next_urls == (f"{HOST}/bm/gkmlpt/api/all/721?page=2&sid=66",)
    assert found.total is None
    end = listing("gkmlpt", url.replace("page=1", "page=2"), json.dumps({"articles": []}), first=url)
    assert end == Listing((), ())


def test_columns_outside_gkmlpts_catalogue_begin_to_count_at_two() -> None:
    body = page(entry("content/post_119.html", "2023年度报告", "2024-01-24"), more='<a href="index_2.html">2</a>')
    found = listing("gkmlpt", f"{HOST}/xxgk/nb/", body)
    assert addresses(found) == [f"{HOST}/xxgk/nb/content/post_119.html"]
    assert found.next_urls == (f"{HOST}/xxgk/nb/index_2.html",)


# Lonsun, 南通, any page


def test_lonsun_counts_in_the_path() -> None:
    url = f"{HOST}/XxgkContent/showList/174/105276/page_1.html"
    body = page(
        entry("/public/161/119.html", "2020年年报", "2021-01-20"), entry("/XxgkAnnualReport/show/7.html", "x", "")
    )
    found = listing("lonsun", url, body)
    assert addresses(found) == [f"{HOST}/public/161/119.html", f"{HOST}/XxgkAnnualReport/show/7.html"]
    assert found.next_urls == (url.replace("page_1", "page_2"),)
    assert listing("lonsun", url.replace("page_1", "page_3"), page(), first=url).next_urls == ()


def test_nantongs_columns() -> None:
    article = "content/dee4e630-8dc0-4356-b439-facd97e8eaa4.html"
    body = page(entry(article, "2020年政府信息公开年度报告", "2021-01-27"), more='<a href="2.html">下一页</a>')
    found = listing("nantong", f"{HOST}/tz/xxgknb/", body)
    assert (addresses(found), found.next_urls) == ([f"{HOST}/tz/xxgknb/{article}"], (f"{HOST}/tz/xxgknb/2.html",))


def test_of_any_page_the_annual_reports_are_taken() -> None:
    body = page(
        entry("/gongkai/show/31.html", "某县商务局2023年政府信息公开年报", "2024-01-16"),
        entry("/gongkai/show/32.html", "图解：2023年政府信息公开年报", "2024-01-17"),
        entry("/files/nb.pdf", "政府信息公开年报", "2024-01-18"),
        more='<a href="?page=2" rel="next">2</a>',
    )
    found = listing("generic", f"{HOST}/gongkai/", body)
    assert addresses(found) == [f"{HOST}/gongkai/show/31.html", f"{HOST}/files/nb.pdf"]
    assert found.next_urls == (f"{HOST}/gongkai/?page=2",)


def test_a_list_does_not_name_itself() -> None:
    body = page(
        entry("index.html", "2023年政府信息公开年报", "2024-01-16"), entry("1.html", "2022年政府信息公开年报", "")
    )
    assert addresses(listing("generic", f"{HOST}/nb/", body)) == [f"{HOST}/nb/1.html"]


def test_pages_that_only_a_script_reaches_are_told() -> None:
    pager = '<a href="javascript:go(2)">下一页</a> 共 {} 页'
    report = entry("/31.html", "2023年政府信息公开年报", "2024-01-16")
    assert listing("generic", f"{HOST}/nb/", page(report, more=pager.format(3))).problem == "pages_by_script"
    assert listing("generic", f"{HOST}/nb/", page(report, more=pager.format(1))).problem is None


def test_a_list_that_a_browser_fills() -> None:
    families = load_families()
    assert first_urls(card("rendered", f"{HOST}/#/nb"), families["rendered"], None)[0].rendered
    assert not first_urls(card("trs", TRS), families["trs"], None)[0].rendered
    empty = page(more='<script>$.ajax({url: "/list.do"})</script>')
    for family in ("trs", "generic", "ucap", "hanweb"):
        assert listing(family, f"{HOST}/nb/", empty).problem == "needs_browser"
        assert listing(family, f"{HOST}/nb/", page()).problem == "no_list"


# What pages do


def test_links_are_relative_to_the_pages_base() -> None:
    body = f'<base href="{HOST}/other/">' + TRS_PAGE
    assert addresses(listing("trs", TRS, body))[0] == f"{HOST}/other/202401/t20240116_31.htm"
    body = '<base href="javascript:alert(1)">' + TRS_PAGE
    assert addresses(listing("trs", TRS, body))[0] == f"{TRS}202401/t20240116_31.htm"


def test_a_page_that_is_named_in_several_ways_is_one_link_with_its_whole_title() -> None:
    body = page(
        entry("./202401/t20240116_31.htm#a", "某县2023年政府信息公…", "2024-01-16"),
        entry("https://H.gov.cn:443/zwgk/nb/202401/t20240116_31.htm", "某县2023年政府信息公开年报", ""),
        entry(f"{HOST}:80/zwgk/nb/202401/t20240116_31.htm;jsessionid=1", "2023年", ""),
    )
    assert listing("trs", TRS, body).links == (
        Link(f"{TRS}202401/t20240116_31.htm", "某县2023年政府信息公开年报", date(2024, 1, 16), 2023),
    )


def test_a_title_that_is_cut_short_is_completed_by_its_attribute() -> None:
    cut = '<li><a href="t20240116_1.htm" title="某县商务局2023年政府信息公开年报">某县商务局2023年政…</a></li>'
    other = '<li><a href="t20240116_2.htm" title="点击查看">某县民政局2023年政府信息公开年报</a></li>'
    found = listing("trs", TRS, page(cut, other))
    assert [link.title for link in found.links] == [
        "某县商务局2023年政府信息公开年报",
        "某县民政局2023年政府信息公开年报",
    ]


@pytest.mark.parametrize(
    ("before", "between", "after"),
    [
        ("<li><span>{}</span>", "", "</li>"),
        ("<li>", "", "<span>{}</span></li>"),
        ("<li>", " <i>[{}]</i>", "</li>"),
        ("<tr><td>1<td>", "", "<td>{}"),
        ("<div><div>", "", "</div><p>{}</p></div>"),
        ("<dl><dt>", "", "</dt><dd>发布日期：{} 09:30</dd></dl>"),
    ],
)
def test_a_day_belongs_to_the_link_that_it_stands_with(before: str, between: str, after: str) -> None:
    days = ("2024-01-16", "2023年1月7日", "2022/3/9")
    entries = [
        f"{before}<a href=t20240116_{number}.htm>某局{between}</a>{after}".format(day)
        for number, day in enumerate(days)
    ]
    body = "".join(entries)
    found = listing("trs", TRS, f"<table>{body}</table>" if "<tr>" in before else f"<div>{body}</div>")
    assert [link.listed_date for link in found.links] == [date(2024, 1, 16), date(2023, 1, 7), date(2022, 3, 9)]


def test_a_day_that_might_be_of_two_links_is_nobodys() -> None:
    body = "<p><a href=t20240116_1.htm>一</a> 2024-01-16 <a href=t20240116_2.htm>二</a></p>"
    assert [link.listed_date for link in listing("trs", TRS, body).links] == [None, None]


def test_pages_in_gbk_are_read() -> None:
    body = ('<meta charset="gb2312">' + TRS_PAGE).encode("gb18030")
    assert listing("trs", TRS, body).links == listing("trs", TRS, TRS_PAGE).links


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b" " * (LIST_BYTES + 1), "too_large"),
        (b"<div>" * 100_000, "too_deep"),
        (b"<p>" * 500_000, "too_large"),
        (b"<html>\x00\x01\x02\x00\x00" * 500, "unknown_format"),
    ],
)
def test_a_hostile_list_is_not_read(body: bytes, problem: str) -> None:
    assert listing("trs", TRS, body).problem == problem


def test_a_list_of_too_many_links_is_cut_and_says_so() -> None:
    body = "".join(entry(f"t20240116_{number}.htm", f"{number}", "") for number in range(6000))
    found = listing("trs", TRS, f"<ul>{body}</ul>")
    assert (len(found.links), found.problem) == (5000, "too_many")
