"""What is held of a page, folded from all that was ever learnt of it."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from pipelines.archive import Fetch, Holding, Part, Version
from pipelines.archive.holdings import learn
from tests.unit.archived import fetched

PAGE = "http://made.example/2023/61.html"
A, B, C = ("a" * 64, "b" * 64, "c" * 64)


def at(day: int) -> str:
    return f"2026-02-{day:02d}T03:04:05.000+00:00"


def page(day: int, **fields: object) -> Fetch:
    return fetched(PAGE, fields.pop("sha256", A), at=at(day), **fields)  # type: ignore[arg-type]


def document(day: int, sha256: str, **fields: object) -> Fetch:
    return fetched(PAGE, sha256, at=at(day), kind="document", status=None, **fields)


def gone(day: int, **fields: object) -> Fetch:
    return fetched(PAGE, None, at=at(day), **{"outcome": "gone", "status": 404, **fields})


def holdings(fetches: Iterable[Fetch]) -> dict[str, Holding]:
    pages: dict[str, Holding] = {}
    for fetch in fetches:
        learn(pages, fetch)
    return pages


def held(*fetches: Fetch) -> Holding:
    (holding,) = holdings(fetches).values()
    assert holding.url == PAGE and holding.source == "henan"
    return holding


def test_a_page_with_its_document() -> None:
    parts = (Part("index.html", B, PAGE), Part("a.xls", C, PAGE + "/a.xls"))
    headers = {"etag": '"61"', "last-modified": "Mon, 02 Feb 2026 03:04:05 GMT"}
    holding = held(
        page(2, sha256=B, headers=headers, title="报告", year=2025, listed_date="2026-01-31", column="年报"),
        document(3, A, parts=parts),
    )
    assert holding == Holding(
        PAGE,
        "henan",
        title="报告",
        year=2025,
        listed_date="2026-01-31",
        column="年报",
        etag='"61"',
        last_modified="Mon, 02 Feb 2026 03:04:05 GMT",
        content=B,
        versions=(Version(A, at(3), at(3), "run-1", parts),),
        last_status=200,
        last_outcome="fetched",
    )
    assert holding.current == holding.versions[0]


def test_seen_again_it_is_the_same_version() -> None:
    parts = (Part("index.html", A, PAGE),)
    seen_again = document(3, A, outcome="unchanged", run="run-2"), document(5, A, parts=parts, run="run-3")
    holding = held(document(2, A, parts=parts), *seen_again)
    assert holding.versions == (Version(A, at(2), at(5), "run-1", parts),)


def test_changed_it_is_another_version_and_the_old_one_is_kept() -> None:
    holding = held(document(2, A), document(3, A), document(5, B))
    assert holding.versions == (Version(A, at(2), at(3), "run-1"), Version(B, at(5), at(5), "run-1"))


def test_changed_back_the_old_version_counts_again() -> None:
    holding = held(document(2, A), document(3, B), document(5, A))
    assert holding.versions == (Version(B, at(3), at(3), "run-1"), Version(A, at(2), at(5), "run-1"))
    assert holding.current is not None and holding.current.sha256 == A


def test_gone_it_is_withdrawn_since_it_was_first_missed() -> None:
    first = held(document(2, A), gone(4), gone(6, kind="withdrawn"))
    assert (first.withdrawn_at, first.last_status, first.last_outcome) == (at(4), 404, "gone")
    assert first.versions == (Version(A, at(2), at(2), "run-1"),)
    assert held(document(2, A), gone(4, kind="withdrawn", reason="the list names it no more")).withdrawn_at == at(4)


def test_back_again_it_is_no_longer_withdrawn() -> None:
    assert held(document(2, A), gone(4), page(5), document(5, A)).withdrawn_at is None
    again = held(document(2, A), gone(4), document(5, A), gone(6), gone(7))
    assert again.withdrawn_at == at(6)


def test_a_page_that_answers_is_not_yet_a_report_that_is_back() -> None:
    assert held(document(2, A), gone(4), page(5, sha256=C)).withdrawn_at == at(4)


def test_what_was_never_held_is_not_withdrawn() -> None:
    assert held(gone(2)) == Holding(PAGE, "henan", last_status=404, last_outcome="gone")
    assert held(gone(2), document(3, A)).withdrawn_at is None


def test_a_failure_changes_nothing_that_is_held() -> None:
    before = held(page(2, headers={"etag": '"61"'}), document(2, A))
    for outcome, status in (("failed", 500), ("blocked", 521), ("refused", None)):
        after = held(
            page(2, headers={"etag": '"61"'}), document(2, A), page(3, sha256=None, outcome=outcome, status=status)
        )
        assert (after.versions, after.etag, after.content) == (before.versions, '"61"', A)
        assert (after.withdrawn_at, after.last_status, after.last_outcome) == (None, status, outcome)


def test_what_another_request_follows_says_nothing() -> None:
    before = held(page(2), document(2, A))
    assert held(page(2), document(2, A), page(3, outcome="retried", status=503, sha256=None)) == before
    assert held(page(2), document(2, A), page(3, outcome="redirected", status=302, sha256=None)) == before


def test_an_unchanged_page_keeps_what_it_does_not_say_again() -> None:
    headers = {"etag": '"61"', "last-modified": "then"}
    unchanged = held(page(2, headers=headers), page(3, outcome="unchanged", status=304, headers={"etag": '"62"'}))
    assert (unchanged.etag, unchanged.last_modified, unchanged.content) == ('"62"', "then", A)
    replaced = held(page(2, headers=headers), page(3, sha256=B))
    assert (replaced.etag, replaced.last_modified, replaced.content) == (None, None, B)


def test_lists_and_attachments_are_no_holdings() -> None:
    others = [page(2, kind=kind) for kind in ("list", "attachment", "robots")]
    assert holdings(others) == {}


def test_a_title_that_is_not_said_again_is_kept() -> None:
    holding = held(page(2, title="报告", year=2025), page(3, title=None, year=None), page(4, title="报告（更正）"))
    assert (holding.title, holding.year) == ("报告（更正）", 2025)


EVENTS = st.lists(st.sampled_from([A, B, C, "gone", "page", "failed"]), max_size=12)


@given(EVENTS)
def test_versions_are_each_document_with_its_first_and_last_day(events: list[str]) -> None:
    """Against the plain words of it: which documents were seen, when first, when last; gone since when."""
    fetches, seen, missed = [], {}, None
    for day, event in enumerate(events, 1):
        if event == "gone":
            fetches.append(gone(day))
            missed = (missed or at(day)) if seen else None
        elif event == "page":
            fetches.append(page(day))
        elif event == "failed":
            fetches.append(page(day, outcome="failed", sha256=None))
        else:
            fetches.append(document(day, event))
            seen.setdefault(event, []).append(at(day))
            missed = None
    found = holdings(fetches)
    assert len(found) == bool(events)
    for holding in found.values():
        assert {v.sha256: (v.first_seen, v.last_seen) for v in holding.versions} == {
            sha256: (min(days), max(days)) for sha256, days in seen.items()
        }
        assert [v.last_seen for v in holding.versions] == sorted(max(days) for days in seen.values())
        assert holding.withdrawn_at == missed
