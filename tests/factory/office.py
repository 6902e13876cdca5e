"""Reports as DOC and RTF, which LibreOffice makes from DOCX where it is installed."""

from __future__ import annotations

import random
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.factory.docx import write_docx
from tests.factory.report import Report
from tests.factory.written import Written

PROGRAM = shutil.which("soffice") or shutil.which("libreoffice")
_FILTERS = {"doc": "doc:MS Word 97", "rtf": "rtf:Rich Text Format"}
LAYOUTS = tuple(_FILTERS)


def write_office(report: Report, draw: random.Random, layout: str) -> Written:
    """The report in the named layout; the bytes carry the time at which they are made."""
    return Written(converted(write_docx(report, draw, "docx").data, "docx", _FILTERS[layout]))


def converted(data: bytes, suffix: str, target: str) -> bytes:
    """What LibreOffice makes of a file with that suffix; `target` is `suffix:filter`. Raises FileNotFoundError."""
    if PROGRAM is None:
        raise FileNotFoundError("LibreOffice is not installed")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / f"report.{suffix}").write_bytes(data)
        profile = f"-env:UserInstallation={(home / 'profile').as_uri()}"
        options = ["--headless", "--norestore", "--convert-to", target, "--outdir", str(home / "out")]
        subprocess.run(
            [PROGRAM, profile, *options, str(home / f"report.{suffix}")], check=True, capture_output=True, timeout=600
        )
        return (home / "out" / f"report.{target.partition(':')[0]}").read_bytes()
