"""Hosts that cannot prove who they are: nothing of them is taken, unless their card says that they need not."""

from __future__ import annotations

import ipaddress
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from pipelines.archive import Archive
from pipelines.crawl import CrawlLimits, SourceReport, crawl
from pipelines.crawl.policy import unverified_hosts
from pipelines.registry.sources import Card
from tests.unit.crawl_made import card as made_card

LIMITS = CrawlLimits(seconds=20.0, back_off=0.0, retries=2)
NOW = datetime.now(UTC)
Tls = Literal["verified", "unverified"]


@dataclass(frozen=True)
class Issued:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def issue(name: str, by: Issued | None = None, *, address: str | None = None, days: int = 30) -> Issued:
    """A certificate that runs out in so many days: an authority's own, or one that `by` gives to an address."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=60))
        .not_valid_after(NOW + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=address is None, path_length=None), critical=True)
    )
    if address is not None:
        names = [x509.IPAddress(ipaddress.ip_address(address))]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return Issued(builder.sign(by.key if by else key, hashes.SHA256()), key)


def written(folder: Path, issued: Issued) -> Path:
    """The certificate with its key, as a server takes it."""
    file = folder / f"{issued.certificate.serial_number}.pem"
    file.write_bytes(
        issued.certificate.public_bytes(serialization.Encoding.PEM)
        + issued.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return file


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        body = (
            b"<ul class='list'><li><a href='/2024.html'>"
            + "某局2024年政府信息公开工作年度报告".encode()
            + b"</a></li></ul>"
        )
        self.send_response(404 if self.path == "/robots.txt" else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def served(address: str, file: Path | None) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer((address, 0), Handler)
    if file is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def card(source: str, server: ThreadingHTTPServer, tls: Tls = "verified") -> Card:
    scheme = "https" if isinstance(server.socket, ssl.SSLSocket) else "http"
    host = f"{server.server_address[0]!s}:{server.server_port}"
    return Card(
        source,
        "local",
        "某局",
        family="generic",
        lists=(f"{scheme}://{host}/",),
        hosts=frozenset({host}),
        pace=0.0,
        tls=tls,
    )


@dataclass(frozen=True)
class Night:
    reports: dict[str, SourceReport]
    archive: Archive

    def answers(self, source: str) -> set[tuple[str, str | None, bool | None]]:
        """Outcome, reason, and whether the certificate was checked, of all that was asked for."""
        lines = [f for f in self.archive.fetches(source) if f.kind != "document"]
        return {(fetch.outcome, fetch.reason, fetch.verified) for fetch in lines}


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    folder = tmp_path_factory.mktemp("tls")
    authority, stranger = issue("an authority"), issue("nobody knows it")
    (folder / "trusted.pem").write_bytes(authority.certificate.public_bytes(serialization.Encoding.PEM))
    right = issue("right", authority, address="127.0.8.1")
    strange = issue("strange", stranger, address="127.0.8.2")
    servers = {
        "right": served("127.0.8.1", written(folder, right)),
        "strange": served("127.0.8.2", written(folder, strange)),
        "known-to-be-strange": served("127.0.8.3", written(folder, strange)),
        "of-another-name": served("127.0.8.4", written(folder, right)),
        "run-out": served("127.0.8.5", written(folder, issue("old", authority, address="127.0.8.5", days=-30))),
        "plain": served("127.0.8.6", None),
    }
    cards = [
        card(name, server, "unverified" if name == "known-to-be-strange" else "verified")
        for name, server in servers.items()
    ]
    archive = Archive(folder / "archive")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(folder / "trusted.pem"))
        report = crawl(cards, archive, run="one", limits=LIMITS, log=folder / "log")
    yield Night({source.source: source for source in report.sources}, archive)
    for server in servers.values():
        server.shutdown()
        server.server_close()


def test_a_host_that_proves_who_it_is_is_read(night: Night) -> None:
    assert night.reports["right"].complete and night.reports["right"].fetched == 1
    assert {verified for _, _, verified in night.answers("right")} == {True}


@pytest.mark.parametrize(
    ("source", "reason", "words"),
    [
        ("strange", "certificate_untrusted", "its chain has a gap"),
        ("run-out", "certificate_untrusted", "has run out"),
        ("of-another-name", "certificate_name", "is for another name"),
    ],
)
def test_of_a_host_that_does_not_nothing_is_taken(night: Night, source: str, reason: str, words: str) -> None:
    report = night.reports[source]
    assert not report.complete and (report.fetched, report.found) == (0, 0) and report.failed > 0
    assert night.answers(source) == {("failed", reason, None)}
    assert len(list(night.archive.fetches(source))) == 1, "it is asked once, and left alone"
    assert any(words in problem and "tls: unverified" in problem for problem in report.problems)


def test_a_card_may_say_that_it_need_not(night: Night) -> None:
    assert night.reports["known-to-be-strange"].complete and night.reports["known-to-be-strange"].fetched == 1
    assert {verified for _, _, verified in night.answers("known-to-be-strange")} == {False}


def test_without_encryption_there_is_nothing_to_check(night: Night) -> None:
    assert night.reports["plain"].complete
    assert {verified for _, _, verified in night.answers("plain")} == {None}


def test_a_host_that_several_cards_name_is_checked_unless_all_say_that_it_need_not_be() -> None:
    def of(tls: Tls, *hosts: str) -> Card:
        return Card("made", "web", "某局", hosts=frozenset(hosts), tls=tls)

    loose, other = of("unverified", "a.example", "b.example:8443"), of("unverified", "a.example")
    assert unverified_hosts([loose, other]) == {"a.example", "b.example"}
    assert unverified_hosts([loose, of("verified", "b.example")]) == {"a.example"}
    assert unverified_hosts([made_card()]) == frozenset()
