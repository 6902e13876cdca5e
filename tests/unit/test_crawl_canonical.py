"""One spelling for the addresses of one page."""

import pytest

from pipelines.crawl.canonical import URL_CHARACTERS, canonical, resolved, same_page

PAGE = "http://www.h.gov.cn/zwgk/nb/"


@pytest.mark.parametrize(
    "spelled",
    [
        "http://www.h.gov.cn/zwgk/nb/",
        "HTTP://WWW.H.gov.cn/zwgk/nb/",
        "http://www.h.gov.cn:80/zwgk/nb/",
        "http://www.h.gov.cn./zwgk/nb/",
        "http://www.h.gov.cn/zwgk/nb/#top",
        "http://www.h.gov.cn/zwgk/nb/;jsessionid=0A1B",
        "http://www.h.gov.cn/zwgk/nb/?JSESSIONID=0A1B",
        "http://www.h.gov.cn/zwgk/x/../nb/./",
        "http://www.h.gov.cn/zwgk/nb/?",
    ],
)
def test_one_page_has_one_address(spelled: str) -> None:
    assert canonical(spelled) == PAGE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://h.cn/News/1.html", "http://h.cn/news/1.html"),
        ("http://h.cn/a?id=1", "http://h.cn/a?id=2"),
        ("http://h.cn/a?sid=1", "http://h.cn/a"),
        ("http://h.cn/index.html?id=1", "http://h.cn/?id=1"),
        ("http://h.cn:8080/a", "http://h.cn/a"),
        ("http://h.cn/a%2Fb", "http://h.cn/a/b"),
        ("http://h.cn/a", "https://h.cn/a"),
        ("http://h.cn/index_1.html", "http://h.cn/"),
        ("http://h.cn/index.html", "http://h.cn/"),
    ],
)
def test_different_pages_stay_apart(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize("name", ["", "index.html", "index.htm", "index.shtml", "INDEX.HTML"])
def test_a_folder_and_its_index_are_taken_for_one_page(name: str) -> None:
    assert same_page(PAGE + name) == PAGE
    assert same_page(f"{PAGE}{name}?id=7") == f"{PAGE}{name}?id=7"


@pytest.mark.parametrize(
    ("url", "spelled"),
    [
        ("https://h.cn:443", "https://h.cn/"),
        ("http://h.cn/年报.html", "http://h.cn/%E5%B9%B4%E6%8A%A5.html"),
        ("http://h.cn/%e5%b9%b4.html", "http://h.cn/%E5%B9%B4.html"),
        ("http://政府.cn/a", "http://xn--mxtq1m.cn/a"),
        ("http://[::1]:8000/a", "http://[::1]:8000/a"),
        ("http://h.cn/a?b=1&PHPSESSID=4&c=2", "http://h.cn/a?b=1&c=2"),
    ],
)
def test_an_address_is_escaped_the_same_way_everywhere(url: str, spelled: str) -> None:
    assert canonical(url) == spelled
    assert canonical(spelled) == spelled


@pytest.mark.parametrize(
    "url",
    [
        "ftp://h.cn/a",
        "file:///etc/passwd",
        "http://u:p@h.cn/",
        "http:///a",
        "http://h.cn:x/",
        "http://[::1/",
        "http://h.cn/" + "a" * URL_CHARACTERS,
        "http://h.cn/" + "年" * (URL_CHARACTERS // 4),
    ],
)
def test_what_is_no_address_of_the_web(url: str) -> None:
    assert canonical(url) is None


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ("t1.html", PAGE + "t1.html"),
        (" ./t1.html\n", PAGE + "t1.html"),
        ("../bm/t1.html", "http://www.h.gov.cn/zwgk/bm/t1.html"),
        ("/t1.html#x", "http://www.h.gov.cn/t1.html"),
        ("?id=3", PAGE + "?id=3"),
        ("//www.h.gov.cn/t1.html", "http://www.h.gov.cn/t1.html"),
        ("https://www.h.gov.cn/t1.html", "http://www.h.gov.cn/t1.html"),
        ("https://other.gov.cn/t1.html", "https://other.gov.cn/t1.html"),
        ("https://www.h.gov.cn:8443/t1.html", "https://www.h.gov.cn:8443/t1.html"),
        ("\\zwgk\\t1.html", "http://www.h.gov.cn/zwgk/t1.html"),
        ("java\tscript:alert(1)", None),
        ("javascript:void(0)", None),
        ("JavaScript:;", None),
        ("data:text/html,x", None),
        ("mailto:a@h.cn", None),
        ("tel:123", None),
        ("#", None),
        ("", None),
        ("http://[", None),
    ],
)
def test_a_link_as_a_page_prints_it(reference: str, url: str | None) -> None:
    assert resolved(PAGE, reference) == url
