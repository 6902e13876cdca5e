"""The dashboard over a large warehouse: a page cold and warm, what ten people at once wait for, and memory."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from urllib.parse import quote

import duckdb

from tests.bench.flow import ROOT, build, watched
from tests.factory.site import Plan, save

PEOPLE = 10
ROUNDS = 5
START = 60
"""Seconds in which the server must answer."""


def dashboard(reports: int, warehouse: Path | None = None) -> Iterator[str]:
    """Lines to print: a page a line, milliseconds, and those of them that the processors worked, which a busy machine
    does not change much; then what ten people wait, and the most memory. Without a warehouse one of so many factory
    reports is built first."""
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        if warehouse is not None:
            yield from _measured(warehouse.parent)
            return
        site, home = Path(folder, "site"), Path(folder, "home")
        save(Plan(reports, 7), site, Path(folder, "gold.jsonl"))
        build(site, home)
        yield from _measured(home)


def _measured(home: Path) -> Iterator[str]:
    paths = _paths(home / "warehouse.duckdb")
    port = _free_port()
    command = [sys.executable, "-c", "from pipelines.cli import command; command()", "dashboard", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "GONGKAI_HOME": str(home)}, stdout=subprocess.DEVNULL
    ) as server:
        try:
            with watched(server.pid) as memory:
                address = f"http://127.0.0.1:{port}"
                yield f"up after {_wait(address) * 1000:.0f} ms"
                yield f"{'page':<44}{'cold ms':>9}{'worked':>8}{'warm ms':>9}{'worked':>8}{'KB':>7}"
                for path in paths:
                    began = _worked(server.pid)
                    cold, size = _asked(address, path)
                    once = _worked(server.pid)
                    warm = median(_asked(address, path)[0] for _ in range(ROUNDS))
                    often = _worked(server.pid)
                    yield (
                        f"{path:<44}{cold * 1000:>9.0f}{once - began:>8.0f}"
                        f"{warm * 1000:>9.0f}{(often - once) / ROUNDS:>8.0f}{size / 1024:>7.0f}"
                    )
                with ThreadPoolExecutor(PEOPLE) as people:
                    waited = sorted(people.map(lambda path: _asked(address, path)[0], paths * PEOPLE))
                yield (
                    f"{PEOPLE} people at once, {len(waited)} pages: median {median(waited) * 1000:.0f} ms, "
                    f"19 of 20 within {waited[int(len(waited) * 0.95)] * 1000:.0f} ms"
                )
            yield f"at most {max(memory):.0f} MB"
        finally:
            server.terminate()


def _paths(warehouse: Path) -> list[str]:
    """Every kind of page, with real keys."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        report, agency, division = connection.execute(
            "SELECT f.report_id, r.agency_id, r.division "
            "FROM quality.flag AS f JOIN dims.report AS r USING (report_id) "
            "WHERE r.agency_id IS NOT NULL AND r.division IS NOT NULL ORDER BY f.report_id LIMIT 1"
        ).fetchall()[0]
    return [
        "/",
        "/coverage",
        f"/coverage?province={division[:2]}",
        "/rules",
        "/rules/carried_over",
        "/flags",
        "/flags?q=卫生&sort=-difference",
        "/reports",
        "/reports?page=100&sort=title",
        "/agencies",
        "/health",
        "/registry",
        "/search?q=卫生",
        f"/report/{report}",
        f"/agency/{quote(agency)}",
        f"/county/{division}",
    ]


def _asked(address: str, path: str) -> tuple[float, int]:
    """Seconds, and bytes of the answer, of what a browser asks when somebody goes to the page."""
    pathname, _, search = path.partition("?")
    body = {
        "output": "page.children",
        "outputs": {"id": "page", "property": "children"},
        "inputs": [
            {"id": "address", "property": "pathname", "value": pathname},
            {"id": "address", "property": "search", "value": f"?{search}" if search else ""},
        ],
        "changedPropIds": ["address.pathname"],
    }
    request = urllib.request.Request(
        f"{address}/_dash-update-component", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    started = time.perf_counter()
    with urllib.request.urlopen(request, timeout=60) as answer:
        made = answer.read()
    seconds = time.perf_counter() - started
    if b'"role":"alert"' in made:
        raise RuntimeError(f"{path} could not be made")
    return seconds, len(made)


def _worked(pid: int) -> float:
    """Milliseconds of processor time that the server has taken so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def _wait(address: str) -> float:
    started = time.perf_counter()
    while time.perf_counter() - started < START:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return time.perf_counter() - started
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"The dashboard did not answer within {START} s")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
