"""Bodies as they were before the server compressed them: whole, or not at all.

Scrapy's own middleware takes as much of a torn body as it finds, which would keep half a report as if it were all of
it.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable

from pipelines.crawl.transport import NoAnswer

ACCEPTED = "gzip, deflate"
MOST_LAYERS = 3
MOST_MEMBERS = 16


def decoded(body: bytes, content_encoding: str, limit: int) -> bytes:
    """The body without its content encodings (the header's value), the last one taken off first.

    Raises NoAnswer: `too_large` as soon as more than `limit` bytes come out, `damaged` for a body that is torn, is none
    of what the header says, or is encoded in a way that was not asked for.
    """
    layers = [name.strip().lower() for name in content_encoding.split(",") if name.strip()]
    if len(layers) > MOST_LAYERS:
        raise NoAnswer("damaged")
    for layer in reversed(layers):
        if layer == "identity":
            continue
        if layer not in _DECODERS:
            raise NoAnswer("damaged")
        try:
            body = _DECODERS[layer](body, limit)
        except zlib.error as error:
            raise NoAnswer("damaged") from error
    return body


def _inflated(body: bytes, limit: int, window: int) -> bytes:
    """All members of a gzip stream, or one of zlib's; zeros after the last are padding."""
    output = bytearray()
    for _ in range(MOST_MEMBERS):
        decoder = zlib.decompressobj(window)
        output += decoder.decompress(body, limit + 1 - len(output))
        if len(output) > limit:
            raise NoAnswer("too_large")
        if not decoder.eof:
            raise NoAnswer("damaged")
        body = decoder.unused_data
        if window != _GZIP or not body.strip(b"\0"):
            return bytes(output)
    raise NoAnswer("damaged")


_GZIP, _ZLIB, _BARE = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS


def _gunzipped(body: bytes, limit: int) -> bytes:
    return _inflated(body, limit, _GZIP)


def _deflated(body: bytes, limit: int) -> bytes:
    """With zlib's head as the standard says, or without as some servers do."""
    try:
        return _inflated(body, limit, _ZLIB)
    except zlib.error:
        return _inflated(body, limit, _BARE)


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gunzipped,
    "x-gzip": _gunzipped,
    "deflate": _deflated,
}
