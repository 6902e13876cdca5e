"""Word's older formats: converted, bounded, cut off; without LibreOffice they say what is missing."""

from __future__ import annotations

import io
import os
import random
import shutil
import signal
import socket
import stat
import subprocess
import threading
import time
import zipfile
from pathlib import Path

import pytest

from pipelines.extract import Unreadable, converter, extract
from pipelines.extract.limits import WAITING
from pipelines.model import Grid, Paragraph
from tests.factory.compound import armed
from tests.factory.docx import packed, write_docx
from tests.factory.office import PROGRAM, converted
from tests.factory.site import Plan, reports

needed = pytest.mark.skipif(PROGRAM is None, reason="LibreOffice is not installed (libreoffice-writer-nogui)")
RTF = rb"{\rtf1\ansi Report of 2023\par\trowd\cellx900\cellx1900 kind\cell 11\cell\row\pard end\par}"


def refusal(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        extract(data)
    return caught.value.issue.code


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that alone holds `soffice`: a script that the test writes; what it writes to `$SEEN` stays."""
    seen = tmp_path / "seen"
    seen.mkdir()
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "sleep", "cat", "cp", "timeout", "env"):
        if found := shutil.which(name):
            (folder / name).symlink_to(found)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return folder


def script(folder: Path, body: str) -> Path:
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\nSEEN={folder.parent / 'seen'}\n{body}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return folder.parent / "seen"


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def has_ended(process: int) -> bool:
    """Whether it ends long before it would by itself."""
    deadline = time.monotonic() + 30
    while is_alive(process) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_alive(process)


def test_without_libreoffice_it_says_how_to_get_it(fake: Path) -> None:
    with pytest.raises(Unreadable) as caught:
        extract(RTF)
    assert caught.value.issue.code == "converter_missing"
    assert "libreoffice-writer-nogui" in caught.value.issue.message


def test_a_converter_that_hangs_is_ended_with_its_children(fake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = script(fake, "sleep 61 &\necho $! > $SEEN/child\necho $$ > $SEEN/self\nsleep 62")
    for seconds in (0.5, 5, 40):  # as long as a busy machine needs to start it
        monkeypatch.setattr(converter, "SECONDS", seconds)
        assert refusal(RTF) == "converter_timeout"
        if (seen / "self").exists() and (seen / "self").stat().st_size:
            break
    for name in ("child", "self"):
        assert has_ended(int((seen / name).read_text()))
    assert not list(fake.parent.glob("gongkai-office-*"))


def test_a_converter_that_leaves_children_behind_is_ended_too(fake: Path) -> None:
    seen = script(fake, "sleep 63 &\necho $! > $SEEN/child")
    assert refusal(RTF) == "damaged"
    assert has_ended(int((seen / "child").read_text()))


def test_what_a_converter_waits_for_a_processor_does_not_count(fake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(fake, "sleep 0.8")
    monkeypatch.setattr(converter, "SECONDS", 0.3)
    monkeypatch.setattr(converter, "_waited", lambda group: 60.0)
    told: list[float] = []
    before = WAITING.set(told.append)
    try:
        assert refusal(RTF) == "damaged"
    finally:
        WAITING.reset(before)
    assert sum(told) == pytest.approx(0.9)
    monkeypatch.setattr(converter, "_waited", lambda group: 0.0)
    assert refusal(RTF) == "converter_timeout"


def test_how_long_a_group_has_waited_is_the_systems_word() -> None:
    assert 0 < converter._waited(os.getpgrp()) < 1e5
    assert converter._waited(-1) == 0


def test_a_converter_that_dies_is_told(fake: Path) -> None:
    script(fake, "kill -SEGV $$")
    assert refusal(RTF) == "damaged"


def test_a_converter_that_writes_without_end_is_bounded(fake: Path) -> None:
    script(fake, 'while [ "$1" != --outdir ]; do shift; done\ncat /dev/zero > "$2/document.docx"')
    assert refusal(RTF) in {"too_large", "damaged"}


def test_the_profile_forbids_macros_and_networks(fake: Path) -> None:
    seen = script(fake, 'cp profile/user/registrymodifications.xcu $SEEN/settings\necho "$HOME $*" > $SEEN/call')
    refusal(RTF)
    settings = (seen / "settings").read_text()
    for name, value in {
        "DisableMacrosExecution": "true",
        "MacroSecurityLevel": "3",
        "BlockUntrustedRefererLinks": "true",
        "ooInetProxyType": "2",
        "ooInetHTTPSProxyName": "127.0.0.1",
    }.items():
        assert f'oor:name="{name}" oor:op="fuse"><value>{value}</value>' in settings
    home, _, call = (seen / "call").read_text().partition(" ")
    assert "--headless" in call and f"-env:UserInstallation=file://{home}/profile" in call
    assert home.startswith(str(fake.parent)) and not Path(home).exists()


@needed
def test_rtf() -> None:
    document = extract(RTF, "report.doc")
    assert document.format == "rtf"
    texts = [b.text if isinstance(b, Paragraph) else [c.text for c in b.cells] for b in document.blocks]
    assert texts == ["Report of 2023", ["kind", "11"], "end"]


@needed
def test_doc_keeps_merged_cells() -> None:
    report = next(reports(Plan(1, 12, counties=1, fault_share=0)))
    whole = write_docx(report, random.Random(5), "docx").data
    before, after = extract(whole), extract(converted(whole, "docx", "doc:MS Word 97"))
    assert (before.format, after.format) == ("docx", "doc")
    spans = [[(c.row, c.row_span, c.text) for c in b.cells] for b in before.blocks if isinstance(b, Grid)]
    assert [[(c.row, c.row_span, c.text) for c in b.cells] for b in after.blocks if isinstance(b, Grid)] == spans
    assert sum(height > 1 for table in spans for _, height, _ in table) >= 5


@needed
def test_word_xml_and_odt() -> None:
    docx = packed_docx("Words of 2023")
    for target, format_ in (("odt:writer8", "odt"), ("xml:MS Word 2003 XML", "xml")):
        document = extract(converted(docx, "docx", target))
        assert document.format == format_
        assert [b.text for b in document.blocks if isinstance(b, Paragraph)] == ["Words of 2023"]


def packed_docx(text: str) -> bytes:
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    package = "application/vnd.openxmlformats-package.relationships+xml"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office_document = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    return packed(
        {
            "[Content_Types].xml": f'<Types xmlns="{types}"><Default Extension="rels" ContentType="{package}"/>'
            f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{office_document}" '
            'Target="word/document.xml"/></Relationships>',
            "word/document.xml": f'<w:document xmlns:w="{w}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body>'
            "</w:document>",
        }
    )


@needed
def test_broken_and_protected_documents_are_refused() -> None:
    whole = converted(packed_docx("Words of 2023"), "docx", "doc:MS Word 97")
    assert extract(whole).format == "doc"
    assert refusal(whole[: len(whole) // 3]) == "damaged"
    header = whole.index(b"\xec\xa5")
    flagged = bytearray(whole)
    flagged[header + 11] |= 0x01
    assert refusal(bytes(flagged)) == "encrypted"


MACRO = """Sub Document_Open()
  Open "{target}" For Output As #1
  Print #1, "ran"
  Close #1
End Sub

Sub AutoOpen()
  Document_Open
End Sub
"""


@needed
def test_macros_do_not_run(tmp_path: Path) -> None:
    """A DOC whose VBA writes a file when it is opened, and the same as ODT: LibreOffice is told that it may not."""
    target = tmp_path / "ran"
    report = next(reports(Plan(1, 17, counties=1, fault_share=0)))
    whole = write_docx(report, random.Random(5), "docx").data
    source = MACRO.format(target=target).replace("\n", "\r\n")
    document = armed(converted(whole, "docx", "doc:MS Word 97"), {"ThisDocument": source})
    bound = bound_to_opening(converted(document, "doc", "odt:writer8"))
    assert runs_when_opened_trustingly(bound, tmp_path, target)
    target.unlink()
    tables = [[c.text for c in b.cells] for b in extract(whole).blocks if isinstance(b, Grid)]
    assert len(tables) >= 3
    for data, format_ in ((document, "doc"), (bound, "odt")):
        found = extract(data)
        assert found.format == format_
        assert [[c.text for c in b.cells] for b in found.blocks if isinstance(b, Grid)] == tables
        assert not target.exists()


def bound_to_opening(odt: bytes) -> bytes:
    """The ODT that LibreOffice made of a DOC, with the DOC's own module bound to its opening: without a window Writer
    calls no DOC's Document_Open by itself, so that only this shows that the module is alive."""
    event = (
        '<office:scripts><office:event-listeners><script:event-listener script:language="ooo:script" '
        'script:event-name="dom:load" xlink:type="simple" xlink:href="vnd.sun.star.script:Project.ThisDocument.'
        'Document_Open?language=Basic&amp;location=document"/></office:event-listeners></office:scripts>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(odt)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        assert b"Sub Document_Open" in source.read("Basic/Project/ThisDocument.xml")
        for name in source.namelist():
            content = source.read(name)
            if name == "content.xml":
                content = content.replace(b"<office:scripts/>", event.encode())
                assert b"Project.ThisDocument" in content
            archive.writestr(name, content)
    return buffer.getvalue()


def runs_when_opened_trustingly(data: bytes, folder: Path, target: Path) -> bool:
    """Whether LibreOffice, set to trust everything, runs the document's macro, so that its silence elsewhere counts."""
    assert PROGRAM is not None
    (folder / "armed.odt").write_bytes(data)
    settings = folder / "lax" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    trusting = (("MacroSecurityLevel", "0"), ("DisableMacrosExecution", "false"))
    items = "".join(
        converter._ITEM.format(path=converter._SCRIPTING, name=name, value=value) for name, value in trusting
    )
    settings.write_text(converter._SETTINGS.format(items=items))
    profile = f"-env:UserInstallation={(folder / 'lax').as_uri()}"
    command = [PROGRAM, profile, "--headless", "--norestore", str(folder / "armed.odt")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        deadline = time.monotonic() + 120
        while not target.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        return target.exists()
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@needed
def test_links_open_neither_networks_nor_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("not for readers")
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def answer() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    asked.append(connection.recv(1000))

        threading.Thread(target=answer, daemon=True).start()
        links = "".join(
            rf'{{\field{{\*\fldinst {kind} "{where}" \\d}}{{\fldrslt old}}}}\par '
            for kind, where in (
                ("INCLUDETEXT", secret.as_posix()),
                ("INCLUDETEXT", f"http://127.0.0.1:{port}/a.txt"),
                ("INCLUDEPICTURE", f"http://127.0.0.1:{port}/b.png"),
                ("LINK Word.Document.8", f"http://127.0.0.1:{port}/c.doc"),
            )
        )
        rtf = rb"{\rtf1\ansi Words\par " + links.encode() + b"}"
        doc = converted(rtf, "rtf", "doc:MS Word 97")
        assert f"127.0.0.1:{port}/a.txt".encode("utf-16-le") in doc or f"127.0.0.1:{port}/a.txt".encode() in doc
        asked.clear()
        documents = [extract(rtf), extract(doc)]
        server.shutdown(socket.SHUT_RDWR)
    for document in documents:
        shown = "\n".join(b.text for b in document.blocks if isinstance(b, Paragraph))
        assert "Words" in shown and "not for readers" not in shown
    assert not asked
