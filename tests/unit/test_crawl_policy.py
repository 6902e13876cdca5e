"""What a card allows: addresses by their spelling, names by what they lead to, redirects by where they end."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any

import pytest
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver
from zope.interface import implementer

from pipelines.crawl.addresses import is_plain, is_public, spelled
from pipelines.crawl.policy import place_of, private_hosts, redirected, refusal
from pipelines.crawl.resolver import PublicResolver
from tests.unit.crawl_made import card

WEB = card(hosts={"www.example.gov.cn", "old.example.gov.cn:8081"})
LOCAL = card(kind="local", hosts={"127.0.7.3:8443", "127.0.7.4"})


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.1"),
        ("fe80::1%eth0", "fe80::1"),
        ("www.example.gov.cn", None),
    ],
)
def test_an_address_is_known_in_every_spelling(host: str, address: str | None) -> None:
    assert spelled(host) == (ipaddress.ip_address(address) if address else None)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "0x8080808", "8.8.2056"])
def test_odd_spellings_are_not_plain(host: str) -> None:
    assert not is_plain(host)


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1", "172.16.3.4", "192.168.1.1", "127.0.0.1", "169.254.169.254", "100.64.0.1", "224.0.0.251",
        "240.0.0.1", "255.255.255.255", "0.0.0.0", "192.0.2.1", "::1", "::", "fe80::1", "fd00::1",
        "fec0::1", "ff02::1", "2001:db8::1",
        "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::127.0.0.1", "2002:7f00:1::", "2002:a00:1::", "64:ff9b::a00:1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "223.5.5.5", "2400:3200::1", "64:ff9b::808:808", "::ffff:8.8.8.8"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://www.example.gov.cn/a", None),
        ("https://WWW.example.gov.cn:443/a", None),
        ("http://old.example.gov.cn:8081/a", None),
        ("http://old.example.gov.cn/a", "host"),
        ("http://www.example.gov.cn:8080/a", "host"),
        ("http://www.example.gov.cn:443/a", "host"),
        ("http://www.example.gov.cn.evil.example/", "host"),
        ("http://example.gov.cn/", "host"),
        ("http://user:word@www.example.gov.cn/", "credentials"),
        ("http://www.example.gov.cn@evil.example/", "credentials"),
        ("ftp://www.example.gov.cn/a", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("http://", "malformed"),
        ("http://www.example.gov.cn:99999/", "malformed"),
        ("http://www.example.gov.cn\\@evil.example/", "malformed"),
        ("http://www.example.gov.cn/\r\nHost: evil", "malformed"),
        ("http://127.0.0.1/", "private"),
        ("http://2130706433/", "spelling"),
        ("http://0x7f.0.0.1/", "spelling"),
        ("http://[::1]/", "private"),
        ("http://[::ffff:10.0.0.1]/", "spelling"),
        ("http://１２７.0.0.1/", "private"),
        ("http://127.0.0.1./", "host"),
        ("http://www.example.gov.cn./", "host"),
        ("http://017700000001/", "spelling"),
        ("http://[::ffff:7f00:1]/", "private"),
        ("http://[::ffff:127.0.0.1]:80/", "spelling"),
        ("http://8.8.8.8/", "host"),
    ],
)
def test_a_web_card_allows_its_hosts_alone(url: str, reason: str | None) -> None:
    assert refusal(WEB, url) == reason


def test_a_private_address_is_refused_even_where_a_web_card_names_it() -> None:
    named = card(hosts={"10.0.0.1", "2130706433", "[::1]"})
    assert refusal(named, "http://10.0.0.1/") == "private"
    assert refusal(named, "http://2130706433/") == "spelling"
    assert refusal(named, "http://[::1]/") == "private"


def test_a_local_card_allows_its_own_private_hosts_and_no_others() -> None:
    assert refusal(LOCAL, "https://127.0.7.3:8443/x") is None
    assert refusal(LOCAL, "http://127.0.7.4/x") is None
    assert refusal(LOCAL, "http://127.0.7.3/x") == "host"
    assert refusal(LOCAL, "http://127.0.7.5/x") == "host"
    assert refusal(LOCAL, "http://127.1031/x") == "spelling"


def test_a_host_of_a_web_card_has_to_be_public_even_where_a_local_card_names_it() -> None:
    assert private_hosts([LOCAL, card(hosts={"127.0.7.4"})]) == {"127.0.7.3"}


def test_a_place_is_where_robots_are_kept() -> None:
    for url, origin in (
        ("HTTP://www.example.gov.cn:80/a?b", "http://www.example.gov.cn"),
        ("https://www.example.gov.cn:8443/", "https://www.example.gov.cn:8443"),
        ("http://[2400:3200::1]:81/", "http://[2400:3200::1]:81"),
    ):
        place = place_of(url)
        assert not isinstance(place, str) and place.origin == origin


def test_redirects_are_resolved_against_the_page() -> None:
    assert redirected("http://a.example/x/y.html", "../z#f") == "http://a.example/z"
    assert redirected("http://a.example/x", "//10.0.0.1/z") == "http://10.0.0.1/z"


class Told:
    """What a receiver was given."""

    def __init__(self) -> None:
        self.addresses: list[str] = []

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        del resolution

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        pass


@implementer(IHostnameResolver)
class Rebinding:
    """A name server whose answer changes from one look-up to the next."""

    def __init__(self, answers: list[list[str]]) -> None:
        self._answers: Iterator[list[str]] = iter(answers)

    def resolveHostName(  # noqa: N802
        self, receiver: Any, host: str, port: int = 0, kinds: Any = None, transport: str = "TCP"
    ) -> None:
        receiver.resolutionBegan(None)
        for text in next(self._answers):
            kind = IPv6Address if ":" in text else IPv4Address
            receiver.addressResolved(kind("TCP", text, port))
        receiver.resolutionComplete()


class Reactor:
    def __init__(self, resolver: Rebinding) -> None:
        self.nameResolver = resolver


def looked_up(resolver: PublicResolver, host: str) -> list[str]:
    told = Told()
    resolver.resolveHostName(told, host, 80)
    return told.addresses


def test_every_look_up_is_checked_so_that_rebinding_gains_nothing() -> None:
    answers = [["203.0.113.9", "93.184.216.34"], ["127.0.0.1", "::ffff:10.0.0.7"], ["93.184.216.34"]]
    resolver = PublicResolver(Reactor(Rebinding(answers)), frozenset())
    assert looked_up(resolver, "www.example.gov.cn") == ["93.184.216.34"]
    assert looked_up(resolver, "www.example.gov.cn") == []
    assert resolver.refused == {"www.example.gov.cn"}
    assert looked_up(resolver, "www.example.gov.cn") == ["93.184.216.34"]
    assert not resolver.refused


def test_only_private_hosts_may_have_private_addresses() -> None:
    resolver = PublicResolver(Reactor(Rebinding([["127.0.0.1"], ["127.0.0.1"]])), frozenset({"site.test"}))
    assert looked_up(resolver, "site.test") == ["127.0.0.1"]
    assert looked_up(resolver, "other.test") == []
