"""The file of families: what it may say, and how its errors are told."""

from pathlib import Path

import pytest

from pipelines.crawl.families import FILE, load_families
from pipelines.registry.divisions import RegistryError

TEXT = FILE.read_text(encoding="utf-8")


def test_every_family_of_the_known_sites_is_declared() -> None:
    wanted = {"hanweb", "jpaas", "annual-report-jsp", "trs", "vsb", "ucap", "gkmlpt", "lonsun", "nantong"}
    assert set(load_families()) >= wanted | {"generic", "rendered"}
    assert [name for name, family in load_families().items() if family.rendered] == ["rendered"]


@pytest.mark.parametrize(
    ("family", "target"),
    [
        ("hanweb", "/art/2024/1/23/art_1229134035_4130999.html"),
        ("hanweb", "/zfxxgk/xxgkndbg/art/2016/art_238c912b27db4ce4955a4517ab6bb833.html"),
        ("annual-report-jsp", "/module/xxgk/xxgkAnnualReport.jsp?area=11370826057926779E&fbtime=2018"),
        ("trs", "/zwgk/bm/swj/nb/202001/t20200103_2009665.htm"),
        ("trs", "/ndgzbg_15/202401/t20240116_7794358.shtml"),
        ("vsb", "/info/1315/16707.htm"),
        ("ucap", "/sygfj/gknb/202401/2ecfb31a335f4d689220a3a23e24a986.shtml"),
        ("gkmlpt", "/xxgk/xxgknb/qzfgzbm/content/post_11956962.html"),
        ("lonsun", "/public/161054591/1109731397.html"),
        ("nantong", "/tzqnywyh/xxgknb/content/dee4e630-8dc0-4356-b439-facd97e8eaa4.html"),
    ],
)
def test_articles_are_known_by_their_address(family: str, target: str) -> None:
    families = load_families()
    assert families[family].is_article(target)
    others = {name for name, other in families.items() if other.is_article(target)} - {family}
    assert others <= {"hanweb", "jpaas"}
    assert not any(other.is_article("/zwgk/nb/index.html") for other in families.values())


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("    format: html", "    format: xml", "is 'xml', and is to be one of 'html'"),
        ("pages: {by: down}", "pages: {by: sideways}", "lists.2.pages.by: is 'sideways'"),
        ("pages: {by: path, before: page_}", "pages: {by: path}", "before is missing, which pages by path need"),
        ("        entries: articles\n", "", "entries is missing, which lists of json need"),
        (
            "'/info/\\d+/\\d+\\.htm'",
            "'/info/('",
            "families.vsb.articles.1: is '/info/\\(', which is no regular expression",
        ),
        ("body: [ucapcontent]", "body: ['[[']", "families.ucap.page.body.1: is '\\[\\[', which is no CSS selector"),
        ("    about: TRS", "    abuot: TRS", "families.trs.abuot: is not known"),
    ],
)
def test_an_error_names_line_and_field(tmp_path: Path, old: str, new: str, words: str) -> None:
    changed = TEXT.replace(old, new, 1)
    assert changed != TEXT
    file = tmp_path / "families.yml"
    file.write_text(changed, encoding="utf-8")
    with pytest.raises(RegistryError, match=f"families.yml, line \\d+.*{words}") as raised:
        load_families(file)
    line = int(str(raised.value).split("line ")[1].split(",")[0].split(":")[0])
    begun = TEXT[: TEXT.index(old)].count("\n") + 1
    assert begun - 12 <= line <= begun + 1
