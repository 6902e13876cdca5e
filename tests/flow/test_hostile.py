"""Documents that mean harm: a coded answer within ten seconds and a gibibyte, no other file, no network, and the
neighbours read right."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.engine.guard import Limits
from tests.factory import site
from tests.flow.command import ROOT, Ended, gongkai
from tests.flow.hostile import MAKERS

GIB = 2**30
SECONDS = 10
LONGEST = SECONDS * (1 + Limits().patience)
"""What the clock on the wall may show where the machine does other things as well."""

EXPECTED = {
    "empty.html": {"empty"},
    "white.txt": {"empty"},
    "truncated.pdf": {"truncated", "damaged"},
    "truncated.docx": {"truncated", "damaged"},
    "password.pdf": {"encrypted"},
    "password.docx": {"encrypted"},
    "noise.bin": {"unknown_format"},
    "nested_tags.html": {"too_deep"},
    "nested_tables.html": {"too_deep"},
    "many_pages.pdf": {"too_many_pages"},
    "zip_bomb.docx": {"too_large"},
    "junk_tags.html": {"too_large"},
    "image_bomb.png": {"too_large"},
    "pdf_named.html": {"not_a_report"},
    "docx_named.pdf": {"not_a_report"},
    "html_named.docx": {"not_a_report"},
    "active.html": {"not_a_report"},
}
"""Where the code is certain; the others may be refused for more than one good reason."""

OURS = {"reader_failed"}
"""A code that says that we, and not the document, are at fault."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All hostile documents, among them good reports: the first, the last and one in the midst."""
    root = tmp_path_factory.mktemp("hostile")
    for name, make in MAKERS.items():
        (root / name).write_bytes(make())
    for name, filed in zip(("0.good", "m.good", "zz.good"), good(), strict=True):
        (root / name).write_bytes(filed.written.data)
    return root


def good() -> list[site.Filed]:
    return list(site.filed(site.Plan(3, seed=11, counties=1, years=(2021, 2022, 2023), slow_share=0, fault_share=0)))


@pytest.fixture(scope="module")
def ended(folder: Path) -> Ended:
    return gongkai("parse", folder, "--json")


def refused(ended: Ended) -> dict[str, dict[str, str]]:
    return {Path(line["path"]).name: line["error"] for line in ended.lines() if line["error"]}


def test_each_is_refused_with_a_code(ended: Ended) -> None:
    found = refused(ended)
    assert ended.status == 1
    assert set(found) == set(MAKERS)
    assert {name: error for name, error in found.items() if error["code"] in OURS} == {}
    assert all(error["message"] for error in found.values())
    wrong = {name: found[name]["code"] for name, codes in EXPECTED.items() if found[name]["code"] not in codes}
    assert wrong == {}


def test_good_neighbours_are_read_right(ended: Ended) -> None:
    lines = {Path(line["path"]).name: line for line in ended.lines()}
    for name, filed in zip(("0.good", "m.good", "zz.good"), good(), strict=True):
        read = {(c["table"], c["row"], c["column"]): c["value"] for c in lines[name]["cells"]}
        truth = {
            (c["table"], c["row"], c["column"]): Decimal(str(c["value"]))
            for c in filed.gold["cells"]
            if c["value"] is not None
        }
        assert {key: read.get(key) for key in truth} == truth
        assert lines[name]["agency"] == filed.gold["agency"]


def test_none_takes_more_than_its_time_and_memory(ended: Ended) -> None:
    slow = {line["path"]: line["seconds"] for line in ended.lines() if line["seconds"] > LONGEST}
    assert slow == {}
    assert ended.peak < GIB


@pytest.mark.parametrize(
    "name", ["forms_circle.pdf", "filters_bomb.pdf", "junk_text.html", "huge_spans.html", "zip_bomb.docx"]
)
def test_alone_each_ends_in_time(folder: Path, name: str) -> None:
    ended = gongkai("parse", folder / name, "--json")
    assert ended.status == 1 and ended.seconds < SECONDS and ended.peak < GIB
    assert list(refused(ended)) == [name]


WATCHED = """
import json, os, sys
from pathlib import Path
from pipelines import intake
from pipelines.discovery import discover
sources = list(discover(sys.argv[2:]))
for source in discover(sys.argv[1:2]):
    intake.read_source(source)
seen, current = [], ""
libraries = tuple(os.path.realpath(p) + os.sep for p in (sys.prefix, sys.base_prefix, "pipelines"))
def hook(event, arguments):
    if event == "open":
        path = arguments[0]
        if isinstance(path, int) or path in (current, os.devnull):
            return
        real = os.path.realpath(os.fsdecode(path))
        if real.startswith(libraries):
            return
        seen.append([current, event, real])
    elif event.startswith(("socket.", "subprocess.", "os.exec", "os.fork", "os.system", "os.posix_spawn", "urllib.")):
        seen.append([current, event, repr(arguments)])
sys.addaudithook(hook)
for source in sources:
    current = source.path
    intake.read_source(source)
current = ""
print(json.dumps(seen, ensure_ascii=True))
"""


def test_no_other_file_is_opened_and_no_connection_made(folder: Path, tmp_path: Path) -> None:
    warm = tmp_path / "warm"
    warm.mkdir()
    plan = site.Plan(8, seed=3, counties=1, layouts=("html_trs", "text_tab", "docx", "pdf"), fault_share=0)
    site.save(plan, warm, tmp_path / "gold.jsonl")
    native = {"forms_circle.pdf", "filters_bomb.pdf"}  # the limit on memory, which is not set here, ends these
    chosen = [folder / name for name in MAKERS if name not in native]
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, warm, *chosen], cwd=ROOT, capture_output=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout) == []


def test_what_a_document_points_at_is_left_alone(tmp_path: Path) -> None:
    """References to a file and to a server that exist: neither is read, in native code neither."""
    bait = tmp_path / "bait.txt"
    bait.write_text("BAIT4711")
    with listener() as (port, calls):
        documents = []
        for name in ("active.html", "active.pdf", "outside.docx"):
            documents.append(tmp_path / name)
            documents[-1].write_bytes(pointing(name, bait, port))
        ended = gongkai("parse", *documents, "--json")
        assert b"BAIT4711" not in ended.out
        assert calls == []
        assert len(refused(ended)) == len(documents)


def pointing(name: str, bait: Path, port: int) -> bytes:
    """The hostile document with its references led to the bait and to the listener."""
    from tests.flow import hostile

    def led(data: bytes) -> bytes:
        for file in (b"/etc/hostname", b"/etc/passwd"):
            data = data.replace(file, os.fsencode(bait))
        return data.replace(b"127.0.0.1:9/", f"127.0.0.1:{port}/".encode())

    if name == "outside.docx":
        return hostile.docx(led(hostile.word(hostile.paragraph("&a;"), hostile.OUTSIDE)))
    return led(MAKERS[name]())


@contextmanager
def listener() -> Iterator[tuple[int, list[object]]]:
    """A port that writes down who calls."""
    calls: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        stop = threading.Event()

        def answer() -> None:
            while not stop.is_set():
                try:
                    connection, caller = server.accept()
                except TimeoutError:
                    continue
                connection.close()
                calls.append(caller)

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield server.getsockname()[1], calls
        finally:
            stop.set()
            thread.join()
