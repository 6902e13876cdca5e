"""Reports of the shared folder, real and made, against their gold: nothing silent, flags as they must be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.paths import ROOT
from tests.factory import office
from tests.reports.comparison import Tally, compare, flags_of, read_file, the_report

SHARED = ROOT.parent / "shared"
FORMATS = ("html", "htm", "txt", "pdf", "docx", "ofd", "xls", "xlsx", *(("doc",) if office.PROGRAM else ()))
ELSEWHERE = {"pdf_scan", "html_2014"}
"""Kinds that need what these tests do not: character recognition, the form of 2014."""
CROSS = {"carried_over", "stock", "tables_copied", "revised", "rollup", "outlier", "narrative_copied", "published_late"}


def _golds() -> list[tuple[Path, dict[str, Any]]]:
    found = []
    for folder in ("reports", "made"):
        gold = SHARED / folder / "gold.jsonl"
        for line in gold.read_text(encoding="utf-8").splitlines() if gold.exists() else ():
            entry = json.loads(line)
            if entry["format_ext"] in FORMATS and entry["kind"] not in ELSEWHERE:
                found.append((gold.parent / entry["file"], entry))
    return found


GOLDS = _golds()
needed = pytest.mark.skipif(not GOLDS, reason="the shared reports are not beside this project")


@needed
@pytest.mark.parametrize(("path", "gold"), GOLDS, ids=[gold["file"] for _, gold in GOLDS])
def test_every_cell_is_right_or_reported(path: Path, gold: dict[str, Any]) -> None:
    tally = Tally()
    readings = read_file(path.read_bytes(), str(path))
    filed = the_report(readings)
    flags = flags_of(readings).get(filed.report_id, ()) if filed else ()
    alone = {**gold, "must_flag": [rule for rule in gold["must_flag"] if rule not in CROSS]}
    compare(alone, filed, flags, tally)
    assert not (tally.silent or tally.unread or tally.missed or tally.false or tally.other), tally.lines()
    assert tally.right == tally.readable > 100


@pytest.mark.skipif(not (SHARED / "reports").exists(), reason="the shared reports are not beside this project")
def test_the_blank_form_is_no_report() -> None:
    path = SHARED / "reports" / "template_2021_blank.docx"
    readings = read_file(path.read_bytes(), str(path))
    assert the_report(readings) is None
    assert [r.issue.code for r in readings] == ["blank_form"]  # type: ignore[union-attr]
