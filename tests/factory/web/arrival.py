"""When a request came, as the system saw it: a busy machine may let whoever serves wait before it looks."""

from __future__ import annotations

import socket
import struct
import time

TICK = 0.01
"""Seconds by which the system's own note of a time may be wrong: it counts in ticks of at most so long."""

_TCP_INFO_BYTES, _LAST_DATA_RECEIVED = 104, 52


def arrived(connection: socket.socket) -> float:
    """When the last bytes came over a connection, on the monotonic clock (tcpi_last_data_recv of tcp(7), which counts
    milliseconds since then)."""
    told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_BYTES)
    (milliseconds,) = struct.unpack_from("I", told, _LAST_DATA_RECEIVED)
    return time.monotonic() - milliseconds / 1000
