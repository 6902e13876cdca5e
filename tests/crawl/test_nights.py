"""Two nights over a web of every family, in which everything goes wrong that does: what arrives, and how it was asked
for."""

from __future__ import annotations

import pytest

from tests.crawl.arrivals import differences, held
from tests.crawl.conftest import CHANGES, Nights
from tests.crawl.manners import answered, at_once, by_host, strayed, too_soon
from tests.factory.web.troubles import UNHEARD


def test_everything_publishable_arrives_with_the_bytes_that_were_sent(nights: Nights) -> None:
    expected = list(nights.second.world.expected())
    assert sum(one.outcome == "fetched" for one in expected) > 80
    assert sum(len(one.parts) > 1 for one in expected) > 5
    assert {one.outcome for one in expected} == {"fetched", "failed", "refused", "blocked"}
    assert differences(nights.archive, expected) == []
    for one in expected[:5]:
        document = held(nights.archive)[one.source, one.url].versions[-1].sha256
        assert nights.archive.document(document)
    assert list(nights.archive.verify()) == []


def test_a_host_that_dies_is_incomplete_and_the_next_night_brings_the_rest(nights: Nights) -> None:
    source = next(source for source, temper in nights.first.tempers.items() if temper == "dies" and ":" not in source)
    died, again = (next(r for r in night.report.sources if r.source == source) for night in nights.both)
    assert not died.complete and any("host_silent" in problem for problem in died.problems)
    parts = sum(len(one.parts) for one in nights.first.world.expected() if one.source == source)
    assert again.complete
    assert 0 < died.fetched < parts
    assert died.fetched + again.fetched == parts


def test_each_page_is_asked_for_once_a_night(nights: Nights) -> None:
    failing = {one.url.removeprefix("http://") for one in nights.first.world.expected() if one.outcome == "failed"}
    for night in nights.both:
        asked = answered(night.requests)
        assert len(asked) > 150
        assert {address: count for address, count in asked.items() if count > 1 and address not in failing} == {}


def test_nothing_outside_the_cards_and_lists_is_asked_for(nights: Nights) -> None:
    for night in nights.both:
        assert strayed(night.world, night.requests) == []
    refused = {
        fetch.reason
        for source in nights.archive.sources()
        for fetch in nights.archive.fetches(source)
        if fetch.outcome == "refused"
    }
    assert refused == {"host", "robots", "scheme", "spelling"}


def test_no_host_sees_two_requests_at_once_or_less_pause_than_its_card_says(nights: Nights) -> None:
    paces = {site.host: site.pace for site in nights.first.world.sites}
    assert len(set(paces.values())) == 3
    for night in nights.both:
        assert len(by_host(night.requests)) == len(paces)
        assert at_once(night.requests) == []
        assert too_soon(night.requests, paces) == []


def test_who_asks_says_who_it_is(nights: Nights) -> None:
    agents = {request.agent for night in nights.both for request in night.requests}
    assert len(agents) == 1
    assert agents.pop().startswith("gongkai/")


def test_walls_are_reported_and_left_alone(nights: Nights) -> None:
    for night in nights.both:
        asked = by_host(night.requests)
        reports = {report.source: report for report in night.report.sources}
        for site in night.world.sites:
            if site.temper not in UNHEARD:
                continue
            report = reports[site.columns[0].source]
            assert len(asked[site.host]) <= 3, site.temper
            assert (report.found, report.fetched, report.complete) == (0, 0, False)
            assert report.problems
            assert bool(report.blocked) == site.temper.startswith("wall"), site.temper
            assert bool(report.failed) == (site.temper == "robots_broken")


def test_a_source_is_complete_unless_something_cannot_be_had(nights: Nights) -> None:
    lacking = {"lengths", "bombs", "redirects", *UNHEARD}
    for report in nights.second.report.sources:
        temper = nights.second.tempers[report.source]
        assert report.complete == (temper not in lacking), (temper, report.problems)


def test_the_same_text_under_two_addresses_is_one_document(nights: Nights) -> None:
    central = next(site for site in nights.first.world.sites if site.temper == "central")
    copies = [article for article in central.columns[0].articles if article.path.startswith("/central/")]
    assert len(copies) > 5
    everything = held(nights.archive)
    agency = nights.first.world.sites[0]
    for copy in copies:
        here = everything[central.columns[0].source, f"http://{central.host}{copy.path}"]
        there = everything[agency.columns[0].source, f"http://{agency.host}{copy.path.removeprefix('/central')}"]
        assert here.versions[0].sha256 == there.versions[0].sha256


def test_the_second_night_asks_conditionally_and_fetches_what_is_new(nights: Nights) -> None:
    unsure = {"lengths", "bombs", "redirects", "unmarked", *UNHEARD}
    before, now = nights.first.world.resources(), nights.second.world.resources()
    had = {f"{r.host}{r.key}" for r in nights.first.requests if r.status == 200 and not r.trouble}
    bodies = set()
    for request in nights.second.requests:
        address = f"{request.host}{request.key}"
        resource = now[request.host].get(request.key)
        temper = nights.second.tempers[request.host]
        if resource is None or temper in unsure or resource.then.status != 200:
            continue
        old = before[request.host].get(request.key)
        same = old is not None and old.then.body == resource.then.body
        assert request.conditional == (address in had), address
        assert request.status == (304 if same and address in had else 200), address
        if request.status == 200 and temper != "dies":
            bodies.add(f"http://{address}")
    reports = {one.url for one in nights.second.world.expected()}
    assert bodies & reports == {*nights.changes.changed, *nights.changes.added}
    assert len(nights.changes.changed + nights.changes.added + nights.changes.removed) == CHANGES


def test_what_changed_is_a_new_version_and_the_old_one_is_kept(nights: Nights) -> None:
    everything = {url: holding for (_, url), holding in held(nights.archive).items()}
    old = {one.url: one.parts for one in nights.first.world.expected()}
    assert len(nights.changes.changed) > 2
    for url in nights.changes.changed:
        versions = everything[url].versions
        assert len(versions) == 2
        assert tuple(part.sha256 for part in versions[0].parts) == old[url]
        assert nights.archive.document(versions[0].sha256) != nights.archive.document(versions[1].sha256)
    others = [holding for url, holding in everything.items() if url not in nights.changes.changed]
    assert {len(holding.versions) for holding in others} <= {0, 1}


def test_what_is_gone_is_marked_and_kept(nights: Nights) -> None:
    withdrawn = {url: holding for (_, url), holding in held(nights.archive).items() if holding.withdrawn_at}
    assert len(withdrawn) > 1
    assert set(withdrawn) == set(nights.changes.removed)
    for holding in withdrawn.values():
        assert nights.archive.document(holding.versions[-1].sha256)
    assert sum(report.withdrawn for report in nights.second.report.sources) == len(withdrawn)
    assert all(report.withdrawn == 0 for report in nights.first.report.sources)


@pytest.mark.parametrize("family", ["trs", "vsb", "hanweb", "jpaas", "ucap", "gkmlpt", "lonsun", "nantong", "generic"])
def test_each_family_finds_its_reports_and_no_other(nights: Nights, family: str) -> None:
    found = 0
    reports = {report.source: report for report in nights.second.report.sources}
    for site in nights.second.world.sites:
        for column in site.columns:
            if column.family == family and site.temper not in UNHEARD:
                listed = [a for a in column.articles if not a.hidden and (a.is_report or a.outcome == "refused")]
                assert reports[column.source].found == len(listed), column.source
                found += len(listed)
    assert found > 3
