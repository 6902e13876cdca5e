"""The archive as WARC 1.1 (ISO 28500), for those who preserve.

Every line of the ledger is a `metadata` record of its own, to the letter. An answer with a body is a `response` before
it, with the headers that the archive keeps and the body as it was decoded; where the body is that of an earlier answer,
it is a `revisit` that refers to it.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC
from http import HTTPStatus
from http.client import responses
from typing import BinaryIO
from urllib.parse import quote

from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from pipelines.archive.archive import Archive
from pipelines.archive.fetch import Fetch, line_of
from pipelines.archive.storage import ArchiveError

LEDGER_LINE = "application/vnd.gongkai.ledger+json"
SAME_BYTES = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

_INFO = {
    "software": "gongkai",
    "format": "WARC File Format 1.1",
    "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    "description": "Responses carry the headers that the archive keeps, and bodies without content or transfer coding. "
    f"Each line of the archive's ledger follows as a metadata record ({LEDGER_LINE}).",
}
_OF_THE_WIRE = frozenset(("content-length", "content-encoding", "transfer-encoding", "connection"))
"""Headers that speak of the body as it was sent, not of the one that is kept."""
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


@dataclass(slots=True)
class Exported:
    """What was written; `missing` are the answers whose bytes the archive no longer has."""

    responses: int = 0
    revisits: int = 0
    lines: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class _Written:
    address: str
    date: str
    sha256: str


def export(
    archive: Archive, target: BinaryIO, sources: Iterable[str], wrote: Callable[[], None] = lambda: None
) -> Exported:
    """Writes the fetches of these sources, in order of time, as gzip'ed WARC. `wrote` is called after each fetch.
    Memory grows with the addresses of a source. Raises ArchiveError where the ledger cannot be read."""
    writer = WARCWriter(target, gzip=True, warc_version="WARC/1.1")
    writer.write_record(writer.create_warcinfo_record(None, _INFO))
    done = Exported()
    for source in sources:
        written: dict[str, _Written] = {}
        for fetch in archive.fetches(source):
            answer = _answer(archive, writer, fetch, written, done)
            together = {}
            if answer is not None:
                writer.write_record(answer)
                together["WARC-Concurrent-To"] = answer.rec_headers.get_header("WARC-Record-ID")
            line = line_of(fetch).rstrip(b"\n")
            writer.write_record(
                writer.create_warc_record(
                    _address(fetch.url),
                    "metadata",
                    payload=io.BytesIO(line),
                    length=len(line),
                    warc_content_type=LEDGER_LINE,
                    warc_headers_dict={"WARC-Date": _date(fetch), **together},
                )
            )
            done.lines += 1
            wrote()
    return done


def _answer(
    archive: Archive, writer: WARCWriter, fetch: Fetch, written: dict[str, _Written], done: Exported
) -> StatusAndHeaders | None:
    """The response or revisit of a fetch that gave a body; None for all else."""
    if fetch.kind in ("document", "withdrawn") or fetch.status is None or fetch.sha256 is None:
        return None
    before = written.get(fetch.url)
    if before and before.sha256 == fetch.sha256:
        done.revisits += 1
        record = writer.create_revisit_record(
            _address(fetch.final_url or fetch.url),
            _digest(fetch.sha256),
            before.address,
            before.date,
            http_headers=_http_headers(fetch, None),
            warc_headers_dict={"WARC-Date": _date(fetch)},
        )
        not_modified = fetch.status == HTTPStatus.NOT_MODIFIED
        record.rec_headers.replace_header("WARC-Profile", NOT_MODIFIED if not_modified else SAME_BYTES)
        return record
    if fetch.status == HTTPStatus.NOT_MODIFIED:
        return None
    try:
        body = archive.get(fetch.sha256)
    except ArchiveError as error:
        if error.code not in ("missing", "damaged"):
            raise
        done.missing += 1
        return None
    done.responses += 1
    address = _address(fetch.final_url or fetch.url)
    written[fetch.url] = _Written(address, _date(fetch), fetch.sha256)
    return writer.create_warc_record(
        address,
        "response",
        payload=io.BytesIO(body),
        length=len(body),
        http_headers=_http_headers(fetch, len(body)),
        warc_headers_dict={"WARC-Date": _date(fetch), "WARC-Payload-Digest": _digest(fetch.sha256)},
    )


def _http_headers(fetch: Fetch, length: int | None) -> StatusAndHeaders:
    status = fetch.status or 0
    kept = [
        (name, " ".join(value.split()))
        for name, value in fetch.headers.items()
        if _TOKEN.fullmatch(name) and name.lower() not in _OF_THE_WIRE
    ]
    if length is not None:
        kept.append(("content-length", str(length)))
    return StatusAndHeaders(f"{status} {responses.get(status, '')}".strip(), kept, protocol="HTTP/1.1")


def _date(fetch: Fetch) -> str:
    return fetch.moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _digest(sha256: str) -> str:
    return "sha256:" + base64.b32encode(bytes.fromhex(sha256)).decode("ascii")


def _address(url: str) -> str:
    """The address as it may stand in a record's head: what is no letter of an address is escaped."""
    return quote(url, safe="!#$%&'()*+,/:;=?@[]~-._")
