"""Pictures of what a number was read from, drawn on request: one at a time, whoever asks, and kept for those who ask
again."""

from __future__ import annotations

import functools
import io
import tempfile
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops, ImageColor

from pipelines.dashboard.store import Identity, Store
from pipelines.evidence import NoEvidence, show
from pipelines.evidence.page_pictures import CHOSEN
from pipelines.paths import DataHome
from pipelines.printed_tables import Key

WAITING = 20
"""Requests that wait for their turn; a scan takes up to three minutes to recognise, and more would wait too long."""
KEPT_BYTES = 64 * 2**20
"""Of all pictures that are kept."""

_CELL = """
SELECT count(*) AS n FROM facts.cell WHERE report_id = ? AND "table" = ? AND "row" = ? AND "column" = ?
"""


class Busy(Exception):
    """Too many wait already; ask again later."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as PNG, or a table as an HTML page that needs nothing else; `notes` are to be read with it. Of a page,
    `size` is its width and height, `spot` the frame around the chosen number, left, top, right and bottom: pixels."""

    data: bytes
    is_page: bool
    notes: tuple[str, ...]
    size: tuple[int, int] = (0, 0)
    spot: tuple[int, int, int, int] | None = None


class EvidenceQueue:
    """Draws, and keeps what was drawn last."""

    def __init__(self, store: Store, home: DataHome) -> None:
        self._store = store
        self._home = home
        self._kept: OrderedDict[tuple[Identity, str, Key], Picture] = OrderedDict()
        self._kept_bytes = 0
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._waiting = 0

    def picture(self, report_id: str, cell: Key) -> Picture:
        """What the number of a report was read from. Raises NoEvidence where the warehouse knows no such number or its
        document is gone, and Busy."""
        key = (self._store.identity, report_id, cell)
        with self._lock:
            if (found := self._known(key)) is not None:
                return found
            if self._waiting >= WAITING:
                raise Busy
            self._waiting += 1
        try:
            with self._turn:
                with self._lock:
                    found = self._known(key)
                return found or self._drawn(key)
        finally:
            with self._lock:
                self._waiting -= 1

    def _known(self, key: tuple[Identity, str, Key]) -> Picture | None:
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def _drawn(self, key: tuple[Identity, str, Key]) -> Picture:
        _, report_id, cell = key
        # `show` takes a path too: only what the warehouse knows may be asked for from outside.
        row = self._store.row(_CELL, [report_id, *cell])
        if not row or not row["n"]:
            raise NoEvidence(f"The warehouse knows no number {' '.join(cell)!r:.120} of report {report_id!r:.60}.")
        with tempfile.TemporaryDirectory(prefix="gongkai-evidence-") as folder:
            shown = show(report_id, cell, Path(folder), self._home)
            if not shown.files:
                raise NoEvidence(f"Nothing was drawn of {report_id}. {' '.join(shown.notes)}")
            file = shown.files[0]
            picture = _picture(file.read_bytes(), file.suffix == ".png", shown.notes)
        with self._lock:
            self._kept[key] = picture
            self._kept_bytes += len(picture.data)
            while self._kept_bytes > KEPT_BYTES:
                _, oldest = self._kept.popitem(last=False)
                self._kept_bytes -= len(oldest.data)
        return picture


def _picture(data: bytes, is_page: bool, notes: tuple[str, ...]) -> Picture:
    if not is_page:
        return Picture(data, is_page, notes)
    with Image.open(io.BytesIO(data)) as opened:
        page = opened.convert("RGB")
    framed = functools.reduce(
        ImageChops.multiply,
        (
            band.point([255 * (level == wanted) for level in range(256)])
            for band, wanted in zip(page.split(), ImageColor.getrgb(CHOSEN), strict=True)
        ),
    )
    return Picture(data, is_page, notes, page.size, framed.getbbox())
