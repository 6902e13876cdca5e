"""Whether a host must prove who it is: it must, unless all cards that name it say `tls: unverified`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from OpenSSL import SSL
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from service_identity import VerificationError
from service_identity.exceptions import CertificateError
from twisted.web.client import ResponseFailed
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

UNVERIFIED_HOSTS = "GONGKAI_UNVERIFIED_HOSTS"
"""The setting with the hosts whose certificates need not be right."""


@implementer(IPolicyForHTTPS)
class CardsOnCertificates:
    """Chooses for each connection between Scrapy's two ways, of which its own setting knows only one for all hosts."""

    def __init__(self, crawler: Crawler, verifying: Any) -> None:
        self._verifying, self._other = verifying, _ScrapyClientContextFactory(verify_certificates=False)
        self._unverified = frozenset(crawler.settings.getlist(UNVERIFIED_HOSTS))

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802 - Twisted's name
        """As Twisted's IPolicyForHTTPS says."""
        chosen = self._other if hostname.decode("ascii") in self._unverified else self._verifying
        return chosen.creatorForNetloc(hostname, port)


def problem_of(error: Exception) -> str | None:
    """What was wrong with the encrypted connection, None where it was something else: `certificate_name`,
    `certificate_untrusted`, `tls_failed`."""
    for cause in _causes(error):
        if isinstance(cause, VerificationError | CertificateError):
            return "certificate_name"
        if isinstance(cause, SSL.Error):
            told = {reason for *_, reason in cause.args[0]} if cause.args else set()
            return "certificate_untrusted" if "certificate verify failed" in told else "tls_failed"
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and those that it came of."""
    while error is not None:
        yield error
        if isinstance(error, ResponseFailed):
            yield from (failure.value for failure in error.reasons if failure.value is not None)
        error = error.__cause__
