"""Names of hosts to addresses, of which only the public ones are given on.

It stands between Twisted and the system's resolver. A connection is made to the very addresses that it lets through,
and each connection asks it anew; so a name that changes its address between two look-ups gains nothing.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from pipelines.crawl.addresses import is_public

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

PRIVATE_HOSTS = "GONGKAI_PRIVATE_HOSTS"
"""The setting with the hosts whose addresses need not be public."""


@implementer(IHostnameResolver)
class PublicResolver:
    """`refused` are the hosts whose last look-up gave an address that is not public."""

    def __init__(self, reactor: Any, private_hosts: frozenset[str]) -> None:
        self.refused: set[str] = set()
        self._reactor = reactor
        self._inner = reactor.nameResolver
        self._private_hosts = private_hosts

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> PublicResolver:
        return cls(reactor, frozenset(crawler.settings.getlist(PRIVATE_HOSTS)))

    def install_on_reactor(self) -> None:
        self._reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802 - Twisted's name
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[Any]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        """As Twisted's IHostnameResolver says."""
        self.refused.discard(hostName)
        receiver = resolutionReceiver
        if hostName not in self._private_hosts:
            receiver = _PublicOnly(resolutionReceiver, lambda: self.refused.add(hostName))
        return self._inner.resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)


@implementer(IResolutionReceiver)
class _PublicOnly:
    """Gives on what may be connected to."""

    def __init__(self, receiver: Any, refuse: Callable[[], None]) -> None:
        self._receiver = receiver
        self._refuse = refuse

    def resolutionBegan(self, resolutionInProgress: Any) -> None:  # noqa: N802, N803
        self._receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if is_public(ipaddress.ip_address(address.host.partition("%")[0])):
            self._receiver.addressResolved(address)
        else:
            self._refuse()

    def resolutionComplete(self) -> None:  # noqa: N802
        self._receiver.resolutionComplete()
