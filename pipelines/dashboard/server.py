"""Serving the dashboard: on loopback, unless somebody says otherwise."""

from __future__ import annotations

import ipaddress
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from dash import Dash
from werkzeug.serving import BaseWSGIServer, make_server

PROXY = """\
This address can be reached by other machines, and the dashboard asks nobody who they are. Put a proxy before it that
  - speaks TLS, and sends Strict-Transport-Security;
  - asks for a password or a sign-on{writing};
  - passes Content-Security-Policy and the other headers on as they are, and limits requests to a few a second each;
and let a firewall keep everybody else from this port."""


@contextmanager
def listening(app: Dash, host: str, port: int) -> Iterator[BaseWSGIServer]:
    """Werkzeug's server, a thread a request, at the address. Raises OSError where that cannot be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Werkzeug would print and leave where the address is taken: the socket is opened here.
    with socket.create_server((host, port), family=family) as opened:
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        server = make_server(host, port, app.server, threaded=True, fd=opened.fileno())
        try:
            yield server
        finally:
            server.server_close()


def needs_proxy(host: str) -> bool:
    """Whether others than this machine can reach the address."""
    if host == "localhost":
        return False
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return True


def advice(*, write: bool) -> str:
    """What whoever opens it to other machines must do."""
    return PROXY.format(writing=": whoever comes in may give verdicts" if write else "")
