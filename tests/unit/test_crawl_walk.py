"""A source walked: which pages make which documents, and when a document waits."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.archive import Archive, Holding
from pipelines.crawl.families import load_families
from pipelines.crawl.fetcher import Fetcher, Visit
from pipelines.crawl.past import recall
from pipelines.crawl.report import CrawlLimits, SourceReport
from pipelines.crawl.transport import NoAnswer
from pipelines.crawl.walk import Walk
from tests.unit.crawl_made import LIMITS, SITE, Reply, Site, answer, awaited, card, lines

LIST = f"{SITE}/list/"
PAGE = f"{SITE}/art/2024/t20240115_7.html"
SHEET = f"{SITE}/files/sheet.xls"
NAME = "某局2023年政府信息公开工作年度报告"
HTML = {"content_type": "text/html; charset=utf-8"}


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def a_list(*pages: tuple[str, str], following: str = "") -> Reply:
    links = "".join(f'<li><a href="{url}">{title}</a></li>' for url, title in pages)
    return answer(f"<html><body><ul>{links}</ul>{following}</body></html>", **HTML)


def a_page(text: str = "正文", *files: str) -> Reply:
    links = "".join(f'<p><a href="{file}">附件：年报统计表</a></p>' for file in files)
    return answer(f"<html><body><div class='TRS_Editor'><p>{NAME}{text}</p>{links}</div></body></html>", **HTML)


def walked(
    archive: Archive,
    site: Site,
    run: str,
    years: frozenset[int] | None = None,
    limits: CrawlLimits = LIMITS,
    lists: tuple[str, ...] = (LIST,),
    family: str = "generic",
) -> SourceReport:
    async def walk() -> SourceReport:
        source = card(lists=lists)
        fetcher = Fetcher(
            site, archive, run, "gongkai/1", limits, lambda host, seconds: None, {"www.example.gov.cn": source}
        )
        with archive.ledger("made", run) as ledger:
            visit = Visit(source, ledger, recall(archive, "made", run))
            return await Walk(
                visit, load_families()[family], fetcher, archive, years, limits, None, lambda event: None
            ).walk()

    return awaited(walk())


def held(archive: Archive) -> Holding:
    return archive.balance("made").pages[PAGE]


def site(**replies: Reply) -> Site:
    return Site({LIST: a_list((PAGE, NAME)), PAGE: a_page("正文", SHEET), SHEET: answer(b"sheet"), **replies})


def test_a_page_and_its_attachments_are_one_document(archive: Archive) -> None:
    report = walked(archive, site(), "one")
    assert report == SourceReport("made", found=1, fetched=2, seconds=report.seconds)
    (version,) = held(archive).versions
    assert [part.name for part in version.parts] == ["t20240115_7.html", "sheet.xls"]
    assert archive.document(version.sha256).startswith(b"PK")
    (document,) = lines(archive, "document")
    assert (document.title, document.year, document.listed_in) == (NAME, 2023, LIST)


def test_the_same_document_every_night(archive: Archive) -> None:
    """Also where a host that says that nothing has changed no longer says what kind of file it is."""
    bare = f"{SITE}/art/2024/show"
    told = Site({LIST: a_list((bare, NAME)), bare: a_page()})
    walked(archive, told, "one")
    told.replies = {LIST: told.replies[LIST], bare: answer(status=304)}
    report = walked(archive, told, "two")
    assert report.complete and report.unchanged == 1
    assert len(archive.balance("made").pages[bare].versions) == 1


def test_a_document_waits_one_night_for_an_attachment_without_an_answer(archive: Archive) -> None:
    silent = site(**{SHEET: NoAnswer("wrong_length")})
    report = walked(archive, silent, "one")
    assert report.failed == 1 and not report.complete and not held(archive).versions
    assert any("waits for its attachment" in problem for problem in report.problems)
    walked(archive, silent, "two")
    assert [len(version.parts) for version in held(archive).versions] == [1]


def test_an_attachment_without_an_answer_is_what_it_was(archive: Archive) -> None:
    walked(archive, site(), "one")
    report = walked(archive, site(**{SHEET: NoAnswer("wrong_length")}), "two")
    assert report.failed == 1 and len(held(archive).versions) == 1
    assert held(archive).versions[0].last_seen > held(archive).versions[0].first_seen


def test_a_dead_link_keeps_no_document_waiting(archive: Archive) -> None:
    assert walked(archive, site(**{SHEET: answer(b"no", 404)}), "one").complete
    assert len(held(archive).versions[0].parts) == 1


def test_more_attachments_than_are_fetched_are_told(archive: Archive) -> None:
    files = [f"{SITE}/files/{n}.xls" for n in range(5)]
    many = Site({LIST: a_list((PAGE, NAME)), PAGE: a_page("", *files), **{file: answer(file) for file in files}})
    report = walked(archive, many, "one", limits=CrawlLimits(attachments=3, back_off=0.0))
    assert not report.complete and "has 5 attachments; only 3" in report.problems[0]
    assert len(held(archive).versions[0].parts) == 4


def test_what_no_list_names_any_more_is_asked_for_and_withdrawn(archive: Archive) -> None:
    walked(archive, site(), "one")
    unlisted = site(**{LIST: a_list((f"{SITE}/art/2024/t20240116_8.html", NAME.replace("某", "另")))})
    walked(archive, unlisted, "two")
    assert held(archive).withdrawn_at is None
    report = walked(archive, site(**{LIST: a_list(), PAGE: answer(b"gone", 410)}), "three")
    assert report.withdrawn == 1 and held(archive).withdrawn_at is not None and len(held(archive).versions) == 1
    again = site(**{LIST: a_list(), PAGE: answer(b"gone", 410)})
    assert walked(archive, again, "four").withdrawn == 0 and PAGE not in again.pages
    assert walked(archive, site(), "five").withdrawn == 0 and held(archive).withdrawn_at is None


def test_other_years_are_neither_fetched_nor_revisited(archive: Archive) -> None:
    walked(archive, site(), "one")
    other = site()
    assert walked(archive, other, "two", years=frozenset({2021})).found == 0
    assert other.pages == [LIST]


def test_a_list_ends_where_it_repeats_itself(archive: Archive) -> None:
    endless = {
        f"{SITE}/list/{name}": a_list((PAGE, NAME), following=f"<a href='/list/index_{n + 1}.html'>下一页</a>")
        for n, name in enumerate(["", *(f"index_{n}.html" for n in range(1, 9))])
    }
    circling = Site({PAGE: a_page(), **endless})
    assert walked(archive, circling, "one").complete
    assert [page for page in circling.pages if "/list/" in page] == [LIST, f"{SITE}/list/index_1.html"]


def test_a_list_without_end_is_read_up_to_a_bound_and_that_is_told(archive: Archive) -> None:
    pages = [LIST, *(f"{LIST}index_{n}.html" for n in range(1, 9))]
    endless = Site(
        {
            page: a_list((f"{SITE}/art/{n}.html", NAME), following=f"<a href='{pages[(n + 1) % 9]}'>下一页</a>")
            for n, page in enumerate(pages)
        }
    )
    report = walked(archive, endless, "one", limits=CrawlLimits(list_pages=3, back_off=0.0))
    assert [page for page in endless.pages if page in pages] == pages[:3] and report.found == 3
    assert not report.complete and "has more than 3 pages" in report.problems[0]


def test_a_list_that_names_fewer_than_it_says_is_told(archive: Archive) -> None:
    api = f"{SITE}/gkmlpt/api/all/7?page=1"
    body = '{"articles": [{"title": "%s", "url": "%s"}], "total": %d}'
    for run, total, complete in (("one", 1, True), ("two", 3, False)):
        said = answer(body % (NAME, PAGE, total), content_type="application/json")
        ends = answer('{"articles": [], "total": 3}', content_type="application/json")
        site = Site({api: said, PAGE: a_page(), **{api.replace("page=1", f"page={n}"): ends for n in (2, 3, 4)}})
        report = walked(archive, site, run, lists=(api,), family="gkmlpt")
        assert (report.found, report.complete) == (1, complete)
    assert any("says it names 3, and 1 were found" in problem for problem in report.problems)


def test_a_report_that_two_lists_name_is_found_once(archive: Archive) -> None:
    other = f"{SITE}/all/"
    both = Site({LIST: a_list((PAGE, NAME)), other: a_list((PAGE, NAME)), PAGE: a_page()})
    report = walked(archive, both, "one", lists=(LIST, other))
    assert (report.found, report.fetched, both.pages.count(PAGE)) == (1, 1, 1)


def test_a_list_that_is_not_there_is_a_problem(archive: Archive) -> None:
    report = walked(archive, Site({}), "one")
    assert not report.complete and "the list was not read: gone" in report.problems[0]


def test_a_list_that_a_script_fills_needs_a_browser(archive: Archive) -> None:
    scripted = f"<html><body><div id=\"app\"></div><script src='/js/app.js'></script>{'<!-- -->' * 9}</body></html>"
    report = walked(archive, Site({LIST: answer(scripted, **HTML)}), "one")
    assert report.blocked == 1 and not report.complete
    assert "only a browser fills this list" in report.problems[0]
