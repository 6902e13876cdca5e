"""What a card allows to be asked for. Asked before every request, and again at each redirect."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from pipelines.crawl.addresses import is_plain, is_public, spelled
from pipelines.registry.sources import Card

URL_CHARACTERS = 2048
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address leads: `host` is the name alone, `origin` the scheme, host and port that robots.txt is kept
    by."""

    scheme: str
    host: str
    port: int

    @property
    def bracketed(self) -> str:
        """The host as addresses and cards write it: an address of IPv6 in brackets."""
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def named(self) -> str:
        return f"{self.bracketed}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.bracketed if self.port == _PORTS[self.scheme] else self.named}"


def place_of(url: str) -> Place | str:
    """The place, or why there is none: `malformed`, `scheme`, `credentials`."""
    if len(url) > URL_CHARACTERS or any(character <= " " or character == "\\" for character in url):
        return "malformed"
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
        name = host.encode("idna").decode("ascii").lower() if host and ":" not in host else host
    except (ValueError, UnicodeError):
        return "malformed"
    if parts.scheme not in _PORTS:
        return "scheme"
    if parts.username is not None or parts.password is not None:
        return "credentials"
    if not name or port == 0:
        return "malformed"
    return Place(parts.scheme, name, port or _PORTS[parts.scheme])


def refusal(card: Card, url: str) -> str | None:
    """Why the card does not allow the address, None where it does.

    `malformed`, `scheme`, `credentials`; `host`: not among the card's hosts (a host without a port stands for ports 80
    and 443); `spelling`: an address written oddly; `private`: an address that is not public, and the card is not local.
    """
    place = place_of(url)
    if isinstance(place, str):
        return place
    if not is_plain(place.host):
        return "spelling"
    address = spelled(place.host)
    if address is not None and card.kind != "local" and not is_public(address):
        return "private"
    if place.named in card.hosts or (place.bracketed in card.hosts and place.port == _PORTS[place.scheme]):
        return None
    return "host"


def host_names(card: Card) -> frozenset[str]:
    """The card's hosts without their ports."""
    return frozenset(urlsplit(f"//{name}").hostname or name for name in card.hosts)


def private_hosts(cards: list[Card]) -> frozenset[str]:
    """The hosts that may have an address that is not public: those that local cards name and no other card does."""
    local = frozenset[str]().union(*(host_names(card) for card in cards if card.kind == "local"))
    return local.difference(*(host_names(card) for card in cards if card.kind != "local"))


def unverified_hosts(cards: list[Card]) -> frozenset[str]:
    """The hosts whose certificates need not be right: those that cards with `tls: unverified` name and no other card
    does."""
    loose = frozenset[str]().union(*(host_names(card) for card in cards if card.tls == "unverified"))
    return loose.difference(*(host_names(card) for card in cards if card.tls == "verified"))


def redirected(url: str, location: str) -> str:
    """The address that a redirect leads to, without a fragment."""
    return urljoin(url, location.strip()).partition("#")[0]
