"""Tells another machine (GONGKAI_WEBHOOK) of a night, where the state is another than what was told last."""

from __future__ import annotations

import json
import logging
import os
import urllib.request
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from pipelines.night.report import NightReport

SECONDS = 15.0

log = logging.getLogger("gongkai")


def tell(report: NightReport, folder: Path, address: str | None = None) -> bool:
    """Posts the report's figures as JSON where its state differs from that in `folder`/told.json, and keeps it there.
    Whether it was told. Never raises: what does not work is logged, and told with the next night's."""
    address = address or os.environ.get("GONGKAI_WEBHOOK")
    if not address:
        return False
    told, file = report.state, folder / "told.json"
    try:
        if file.exists() and json.loads(file.read_text(encoding="utf-8")) == told:
            return False
    except ValueError:
        log.warning("%s is damaged; the state is told anew", file)
    try:
        _post(address, {"run": report.run, "state": told, "totals": dict(report.totals), "changes": _lines(report)})
        folder.mkdir(parents=True, exist_ok=True)
        half = file.with_suffix(".half")
        half.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        half.replace(file)
    except (OSError, ValueError) as error:
        log.warning("GONGKAI_WEBHOOK (%s) was not told: %s", urlsplit(address).hostname, error)
        return False
    return True


def _post(address: str, body: dict[str, object]) -> None:
    if urlsplit(address).scheme not in ("http", "https"):
        raise ValueError("the address is to begin with http:// or https://")
    request = urllib.request.Request(
        address,
        data=json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"),
        headers={"Content-Type": "application/json; charset=utf-8"},
    )
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise OSError(f"it answered {answer.status}")


def _lines(report: NightReport) -> list[str]:
    """What happened, a line each, for a chat."""
    lines = [f"{report.publication}: {text}" for text in report.why] or [report.publication]
    return lines + [f"{s.source} ({s.publisher}): {s.state}" for s in report.troubled]
