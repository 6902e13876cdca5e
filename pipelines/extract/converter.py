"""LibreOffice as a converter to DOCX: bounded, and cut off.

It runs without a window, with a profile of its own, in a process group that is ended after `SECONDS`; macros and links
are off, and its network settings lead nowhere.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from pipelines.extract.limits import XML_BYTES, Unreadable, announce_waiting
from pipelines.process_group import end_group

SECONDS = 6.0
"""Wall time of a conversion; LibreOffice needs one second for a report. Below what the engine gives a document.

Time in which it was ready and a busy machine gave it no processor does not count, up to `_PATIENCE` times as much."""

_PATIENCE = 3.0
_LOOK = 0.25
"""Seconds between two looks at how long it has waited."""
_PROGRAMS = ("soffice", "libreoffice")
_OUTPUT_BLOCKS = XML_BYTES // 512
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
{items}
</oor:items>
"""
_ITEM = '<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
_SCRIPTING = "/org.openoffice.Office.Common/Security/Scripting"
_INTERNET = "/org.openoffice.Inet/Settings"
_PROFILE: tuple[tuple[str, str, str], ...] = (
    (_SCRIPTING, "MacroSecurityLevel", "3"),
    (_SCRIPTING, "DisableMacrosExecution", "true"),
    (_SCRIPTING, "DisableActiveContent", "true"),
    (_SCRIPTING, "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("/org.openoffice.Office.Common/Misc", "FirstRun", "false"),
    (_INTERNET, "ooInetProxyType", "2"),
    (_INTERNET, "ooInetHTTPProxyName", "127.0.0.1"),
    (_INTERNET, "ooInetHTTPProxyPort", "9"),
    (_INTERNET, "ooInetHTTPSProxyName", "127.0.0.1"),
    (_INTERNET, "ooInetHTTPSProxyPort", "9"),
    (_INTERNET, "ooInetNoProxy", ""),
)


def program() -> str | None:
    """LibreOffice's command, None where it is not installed."""
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


def converted(data: bytes, suffix: str, filter_name: str) -> bytes:
    """The document as DOCX, read by LibreOffice's filter of that name within `SECONDS`.

    Raises Unreadable: `converter_missing`, `converter_timeout`, `damaged`, `too_large`.
    """
    command = program()
    if command is None:
        message = "This format is read through LibreOffice, which is not installed: apt-get install "
        raise Unreadable(
            "converter_missing", message + "libreoffice-writer-nogui, or get the report in another format."
        )
    with tempfile.TemporaryDirectory(prefix="gongkai-office-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        source, result = home / f"document.{suffix}", home / "document.docx"
        source.write_bytes(data)
        settings = home / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        items = "\n".join(_ITEM.format(path=path, name=name, value=value) for path, name, value in _PROFILE)
        settings.write_text(_SETTINGS.format(items=items), encoding="utf-8")
        _run([command, *_arguments(home, source, filter_name)], home, SECONDS)
        if not result.is_file():
            raise Unreadable("damaged", "LibreOffice cannot open the document; fetch it anew.")
        if result.stat().st_size >= _OUTPUT_BLOCKS * 512:
            raise Unreadable("too_large", "Converted to DOCX the document is larger than any report.")
        return result.read_bytes()


def _arguments(home: Path, source: Path, filter_name: str) -> list[str]:
    return [
        f"-env:UserInstallation={(home / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--nodefault",
        "--nologo",
        f"--infilter={filter_name}",
        "--convert-to",
        "docx:MS Word 2007 XML",
        "--outdir",
        str(home),
        str(source),
    ]


def _run(command: list[str], home: Path, seconds: float) -> None:
    """Runs it to its end; ends it and all that it has started after `seconds`, or when this process is interrupted.

    The limits on time hold on their own should this process be killed.
    """
    bounds = f'ulimit -f {_OUTPUT_BLOCKS}; ulimit -t {int(seconds) + 1}; exec "$@"'
    last_resort = ["timeout", "-s", "KILL", str(seconds * (1 + _PATIENCE) + 1)] if shutil.which("timeout") else []
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",
    }
    started = time.monotonic()
    process = subprocess.Popen(
        ["sh", "-c", bounds, "sh", *last_resort, *command],
        cwd=home,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        if not _ends(process, started, seconds):
            message = f"LibreOffice took more than {seconds:g} s for the document and was ended."
            raise Unreadable("converter_timeout", message + " Try it alone, or get another format.")
    finally:
        end_group(process)
    if process.returncode < 0:
        name = signal.Signals(-process.returncode).name
        raise Unreadable("damaged", f"LibreOffice died of the document ({name}); get it in another format.")


def _ends(process: subprocess.Popen[bytes], started: float, seconds: float) -> bool:
    """Whether it ends in time. What it waited for a processor is announced, and does not count."""
    waited = 0.0
    while time.monotonic() - started < seconds + waited:
        try:
            process.wait(min(_LOOK, seconds))
        except subprocess.TimeoutExpired:
            before, waited = waited, max(waited, min(_waited(process.pid), seconds * _PATIENCE))
            announce_waiting(waited - before)
        else:
            return True
    return False


def _waited(group: int) -> float:
    """Seconds that the processes of a group, those that run still, have waited for a processor; 0 where the system does
    not tell."""
    nanoseconds = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int((folder / "stat").read_bytes().rpartition(b")")[2].split()[2]) == group:
                nanoseconds += int((folder / "schedstat").read_bytes().split()[1])
        except (OSError, IndexError, ValueError):
            continue
    return nanoseconds / 1e9
