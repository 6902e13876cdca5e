"""Answers for the sites of a web, on loopback, in one thread; writes down each request."""

from __future__ import annotations

import asyncio
import json
import math
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from http.client import responses
from pathlib import Path
from typing import TextIO

from tests.factory.web.answers import Reply, Resource, http_date, key_of, missing, moved
from tests.factory.web.arrival import arrived

_HEAD_BYTES = 64 * 1024
_DRIBBLE_BYTES = 4096
_PORTS = range(15_000, 32_000)
_TRIALS = 50


@dataclass(slots=True)
class Request:
    """A request as its host saw it; seconds of one monotonic clock: `start` is when it had come (give or take a TICK),
    `end` when the last of its answer was about to go. `status` 0: there was no answer. `rest`: seconds for which the
    answer asked to be left alone; `trouble`: the answer was no more than an obstacle."""

    host: str
    target: str
    method: str
    start: float
    end: float = 0.0
    status: int = 0
    sent: int = 0
    rest: float = 0.0
    trouble: bool = False
    conditional: bool = False
    agent: str = ""

    @property
    def key(self) -> str:
        return key_of(self.target)


@dataclass(slots=True)
class Manner:
    """How a host behaves. `delay`: seconds before each answer; `wall`: what everybody gets; `dies_after`: requests
    after which it is gone until it is revived."""

    delay: float = 0.0
    dribbles: bool = False
    wall: Reply | None = None
    dies_after: int | None = None


@dataclass(slots=True)
class Host:
    """One host: its address, what stands there by key, how it behaves."""

    name: str
    resources: Mapping[str, Resource]
    manner: Manner = field(default_factory=Manner)
    asked: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    dead: bool = False


class Web:
    """The hosts that are served, and what was asked of them. `watch` is called on the server's thread when a request
    has come (False) and when its answer has gone (True)."""

    def __init__(self, hosts: Mapping[str, Host], log: TextIO | None) -> None:
        self.hosts = hosts
        self.requests: list[Request] = []
        self.errors: list[BaseException] = []
        self.watch: Callable[[Request, bool], None] = lambda request, answered: None
        self._log = log

    def begin_night(self, resources: Mapping[str, Mapping[str, Resource]]) -> list[Request]:
        """What stands on the hosts from now on, whose dead are back; gives the requests until now, and forgets them."""
        for name, host in self.hosts.items():
            host.resources, host.dead, host.manner.dies_after = resources.get(name, {}), False, None
        told, self.requests = self.requests, []
        return told

    async def connected(self, host: Host, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            start = arrived(writer.get_extra_info("socket"))
            lines = head.decode("latin-1").split("\r\n")
            method, target, _ = lines[0].split(" ", 2)
            headers = {n.strip().lower(): v.strip() for n, _, v in (line.partition(":") for line in lines[1:] if line)}
            await reader.readexactly(int(headers.get("content-length", 0)))
            request = Request(host.name, target, method, start, agent=headers.get("user-agent", ""))
            request.conditional = "if-none-match" in headers or "if-modified-since" in headers
            self.requests.append(request)
            self.watch(request, False)
            try:
                await self._answer(host, request, headers, writer)
            finally:
                request.end = request.end or time.monotonic()
                self._write(request)
                self.watch(request, True)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # Whoever asked has gone.
        except Exception as error:
            self.errors.append(error)
        finally:
            writer.transport.abort() if host.dead else writer.close()

    async def _answer(
        self, host: Host, request: Request, headers: Mapping[str, str], writer: asyncio.StreamWriter
    ) -> None:
        host.requests += 1
        if host.manner.dies_after is not None and host.requests > host.manner.dies_after:
            host.dead = True
        if host.dead:
            request.end = time.monotonic()
            return
        reply, request.trouble = self._reply(host, request.key, headers)
        await asyncio.sleep(host.manner.delay)
        if reply.silent:
            request.end = time.monotonic()
            writer.transport.abort()
            return
        request.status, request.rest = reply.status, reply.rest
        request.trouble = request.trouble or reply.sent is not None
        body = b"" if request.method == "HEAD" or reply.status == 304 else reply.body
        request.end = time.monotonic()
        writer.write(_head(reply))
        sent = body[: reply.sent] if reply.sent is not None else body
        if host.manner.dribbles:
            for place in range(0, len(sent), _DRIBBLE_BYTES):
                request.end = time.monotonic()
                writer.write(sent[place : place + _DRIBBLE_BYTES])
                await writer.drain()
                await asyncio.sleep(0)
        else:
            writer.write(sent)
        await writer.drain()
        request.sent = len(sent)

    def _reply(self, host: Host, key: str, headers: Mapping[str, str]) -> tuple[Reply, bool]:
        """The answer, and whether it is no more than an obstacle."""
        if host.manner.wall is not None:
            return host.manner.wall, False
        resource = host.resources.get(key)
        if resource is None:
            return missing(), False
        turn = host.asked[key]
        host.asked[key] += 1
        if turn < len(resource.first):
            return resource.first[turn], True
        if resource.cookie is not None and resource.cookie not in headers.get("cookie", ""):
            back = moved(key)
            return Reply(302, headers=(*back.headers, ("Set-Cookie", f"{resource.cookie}; path=/"))), True
        validators = [("ETag", resource.etag), ("Last-Modified", resource.last_modified)]
        sent = tuple((name, value) for name, value in validators if value)
        then = resource.then
        if then.status == 200 and resource.unchanged(headers):
            return Reply(304, headers=sent), False
        return Reply(then.status, then.body, then.content_type, (*then.headers, *sent), then.sent, then.silent), False

    def _write(self, request: Request) -> None:
        if self._log is not None:
            self._log.write(json.dumps(asdict(request)) + "\n")
            self._log.flush()


def _head(reply: Reply) -> bytes:
    reason = responses.get(reply.status, "Unknown")
    lines = [f"HTTP/1.1 {reply.status} {reason}", "Connection: close", *(f"{n}: {v}" for n, v in reply.headers)]
    if reply.rest:
        until = datetime.fromtimestamp(math.ceil(time.time()) + reply.rest, UTC)
        lines.append(f"Retry-After: {http_date(until) if reply.dated else reply.rest}")
    if reply.status != 304:
        lines += [f"Content-Type: {reply.content_type}", f"Content-Length: {len(reply.body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def free_port(addresses: Iterable[str]) -> int:
    """A port that is free on each of these addresses, below those that the system gives to connections."""
    for port in random.sample(_PORTS, _TRIALS):
        if all(_is_free(address, port) for address in addresses):
            return port
    raise OSError(f"no port among {_TRIALS} was free on all addresses")


def _is_free(address: str, port: int) -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((address, port))
        except OSError:
            return False
    return True


@contextmanager
def serve(hosts: Mapping[str, Host], log: Path | None = None) -> Iterator[Web]:
    """Serves the hosts, by `address:port`, from a thread of its own, until the block ends. Each request that is over is
    a line of JSON in `log`."""
    ready: threading.Event = threading.Event()
    failed: list[BaseException] = []
    loop = asyncio.new_event_loop()
    with log.open("a", encoding="utf-8") if log else _nothing() as file:
        web = Web(hosts, file)

        async def begin() -> list[asyncio.Server]:
            return [await _listen(web, host) for host in hosts.values()]

        def run() -> None:
            asyncio.set_event_loop(loop)
            try:
                servers = loop.run_until_complete(begin())
            except BaseException as error:
                failed.append(error)
                ready.set()
                return
            ready.set()
            loop.run_forever()
            for server in servers:
                server.close()
            left = asyncio.all_tasks(loop)
            for task in left:
                task.cancel()
            loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))

        thread = threading.Thread(target=run, name="web", daemon=True)
        thread.start()
        ready.wait()
        try:
            if failed:
                raise failed[0]
            yield web
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()
        if web.errors:
            raise web.errors[0]


@contextmanager
def _nothing() -> Iterator[None]:
    yield None


async def _listen(web: Web, host: Host) -> asyncio.Server:
    address, _, port = host.name.rpartition(":")

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await web.connected(host, reader, writer)

    return await asyncio.start_server(connected, address, int(port), limit=_HEAD_BYTES, backlog=64)
