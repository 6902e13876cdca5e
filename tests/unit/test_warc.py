"""The archive as WARC, read back by warcio as anybody would."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from pipelines.archive import Archive, Part
from pipelines.archive.fetch import line_of
from pipelines.archive.warc import LEDGER_LINE, NOT_MODIFIED, SAME_BYTES
from pipelines.cli import main
from tests.unit.archived import fetched

PAGE = "http://made.example/公开/61.html"
ASCII_PAGE = "http://made.example/%E5%85%AC%E5%BC%80/61.html"
BODY = "<p>本年新收 13 件</p>".encode() * 30


@dataclass(frozen=True, slots=True)
class Record:
    kind: str
    head: dict[str, str]
    status: str | None
    headers: dict[str, str]
    body: bytes

    @property
    def address(self) -> str | None:
        return self.head.get("WARC-Target-URI")


def at(day: int) -> str:
    return f"2026-02-{day:02d}T03:04:05.250+00:00"


def read(path: Path) -> list[Record]:
    with path.open("rb") as file:
        return [
            Record(
                record.rec_type,
                dict(record.rec_headers.headers),
                record.http_headers.get_statuscode() if record.http_headers else None,
                dict(record.http_headers.headers) if record.http_headers else {},
                record.content_stream().read(),
            )
            for record in ArchiveIterator(file, check_digests="raise")
        ]


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    made = Archive(tmp_path / "archive")
    monkeypatch.setenv("GONGKAI_ARCHIVE", made.root)
    return made


def keep(archive: Archive, *fetches: Any, source: str = "henan") -> None:
    with archive.ledger(source, "run-1") as ledger:
        for fetch in fetches:
            ledger.append(fetch)


def export(out: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["archive", "export", str(out), *arguments])


def test_an_answer_is_a_response_and_a_line(archive: Archive, tmp_path: Path) -> None:
    headers = {
        "content-type": "text/html; charset=utf-8",
        "etag": '"61"',
        "content-encoding": "gzip",
        "content-length": "99",
        "x-folded": "one\r\nWARC-Type: two",
        "bad name": "x",
    }
    fetch = fetched(PAGE, archive.put(BODY), at=at(2), headers=headers, title="报告")
    keep(archive, fetch)
    result = export(tmp_path / "out.warc.gz")
    assert result.exit_code == 0, result.output
    assert "1 responses, 0 revisits, 1 lines" in result.output
    info, response, line = read(tmp_path / "out.warc.gz")
    assert (info.kind, response.kind, line.kind) == ("warcinfo", "response", "metadata")
    assert b"without content or transfer coding" in info.body
    assert (response.address, response.head["WARC-Date"]) == (ASCII_PAGE, "2026-02-02T03:04:05.250000Z")
    assert (response.status, response.body) == ("200", BODY)
    assert response.headers == {
        "content-type": "text/html; charset=utf-8",
        "etag": '"61"',
        "x-folded": "one WARC-Type: two",
        "content-length": str(len(BODY)),
    }
    assert line.head["Content-Type"] == LEDGER_LINE
    assert line.head["WARC-Concurrent-To"] == response.head["WARC-Record-ID"]
    assert line.body + b"\n" == line_of(fetch)
    assert json.loads(line.body)["title"] == "报告"


def test_what_has_not_changed_refers_to_what_was_there(archive: Archive, tmp_path: Path) -> None:
    sha256, other = archive.put(BODY), archive.put(b"changed")
    keep(
        archive,
        fetched(PAGE, sha256, at=at(2), final_url=PAGE + "?final"),
        fetched(PAGE, sha256, at=at(3), outcome="unchanged", status=304, headers={"etag": '"62"'}),
        fetched(PAGE, sha256, at=at(4), outcome="unchanged"),
        fetched(PAGE, other, at=at(5)),
        fetched(PAGE, other, at=at(6)),
    )
    assert "2 responses, 3 revisits, 5 lines" in export(tmp_path / "out.warc.gz").output
    _, *records = read(tmp_path / "out.warc.gz")
    first, _, asked, _, same, _, changed, _, again, _ = records
    assert [r.kind for r in (first, asked, same, changed, again)] == [
        "response", "revisit", "revisit", "response", "revisit",
    ]  # fmt: skip
    assert (asked.head["WARC-Profile"], asked.status, asked.headers) == (NOT_MODIFIED, "304", {"etag": '"62"'})
    assert (same.head["WARC-Profile"], same.status) == (SAME_BYTES, "200")
    for revisit, of in ((asked, first), (same, first), (again, changed)):
        assert revisit.head["WARC-Refers-To-Date"] == of.head["WARC-Date"]
        assert revisit.head["WARC-Refers-To-Target-URI"] == of.address
        assert revisit.head["WARC-Payload-Digest"] == of.head["WARC-Payload-Digest"]
        assert revisit.body == b""
    assert first.address == ASCII_PAGE + "?final" and changed.body == b"changed"


def test_what_gave_no_body_is_a_line_alone(archive: Archive, tmp_path: Path) -> None:
    parts = tuple(Part(name, archive.put(name.encode()), PAGE) for name in ("index.html", "a.xls"))
    fetches = [
        fetched(PAGE, None, outcome="gone", status=404),
        fetched(PAGE, None, outcome="failed", status=None, reason="timeout"),
        fetched(PAGE, archive.put_document(parts), kind="document", status=None, parts=parts),
        fetched(PAGE, archive.put(b"x"), outcome="unchanged", status=304),
    ]
    keep(archive, *fetches)
    assert export(tmp_path / "out.warc.gz").exit_code == 0
    _, *records = read(tmp_path / "out.warc.gz")
    assert [(r.kind, r.body + b"\n") for r in records] == [("metadata", line_of(fetch)) for fetch in fetches]


def test_bytes_that_are_lost_are_told(archive: Archive, tmp_path: Path) -> None:
    sha256 = archive.put(BODY)
    keep(archive, fetched(PAGE, sha256), fetched(PAGE + "?2", archive.put(b"kept")))
    Path(archive.storage.path(f"blobs/{sha256[:2]}/{sha256}.zst")).unlink()
    result = export(tmp_path / "out.warc.gz")
    assert result.exit_code == 1 and "1 bodies are missing or damaged" in result.output
    assert [r.kind for r in read(tmp_path / "out.warc.gz")] == ["warcinfo", "metadata", "response", "metadata"]


def test_only_the_sources_that_are_asked_for(archive: Archive, tmp_path: Path) -> None:
    for name in ("guizhou", "henan", "xinjiang"):
        keep(archive, fetched(f"http://{name}.example/", archive.put(name.encode()), source=name), source=name)
    assert export(tmp_path / "two.warc.gz", "--source", "xinjiang", "--source", "guizhou").exit_code == 0
    bodies = [r.body for r in read(tmp_path / "two.warc.gz") if r.kind == "response"]
    assert bodies == [b"xinjiang", b"guizhou"]
    export(tmp_path / "all.warc.gz")
    assert [r.body for r in read(tmp_path / "all.warc.gz") if r.kind == "response"] == [
        b"guizhou",
        b"henan",
        b"xinjiang",
    ]
    result = export(tmp_path / "none.warc.gz", "--source", "hunan")
    assert result.exit_code == 1 and "has no source hunan; it has guizhou, henan, xinjiang" in result.output
    assert not (tmp_path / "none.warc.gz").exists()


def test_warcio_finds_nothing_wrong(
    archive: Archive, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(archive, *(fetched(f"{PAGE}?{n}", archive.put(b"%d" % n * n), at=at(n)) for n in range(1, 13)))
    export(tmp_path / "out.warc.gz")

    class Arguments:
        verbose = True
        inputs = (str(tmp_path / "out.warc.gz"),)

    checker = Checker(Arguments)
    checker.process_all()
    assert checker.exit_value == 0
    assert "digest failed" not in capsys.readouterr().out


def test_a_place_that_cannot_be_written(archive: Archive, tmp_path: Path) -> None:
    keep(archive, fetched(PAGE, archive.put(BODY)))
    result = export(tmp_path / "no" / "out.warc.gz")
    assert result.exit_code == 1 and "cannot be written: No such file or directory" in result.output


def test_a_stopped_export_leaves_nothing(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(archive, fetched(PAGE, archive.put(BODY)))
    out = tmp_path / "out.warc.gz"
    out.write_bytes(b"the last one")

    def stop(*_: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(Archive, "get", stop)
    assert export(out).exit_code != 0
    assert out.read_bytes() == b"the last one"
    assert [path.name for path in tmp_path.iterdir() if "half" in path.name] == []


def test_addresses_cannot_forge_a_record(archive: Archive, tmp_path: Path) -> None:
    keep(archive, fetched("http://made.example/\r\nWARC-Type: request\r\n", archive.put(BODY)))
    export(tmp_path / "out.warc.gz")
    _, response, _ = read(tmp_path / "out.warc.gz")
    assert response.kind == "response"
    assert response.address == "http://made.example/%0D%0AWARC-Type:%20request%0D%0A"
