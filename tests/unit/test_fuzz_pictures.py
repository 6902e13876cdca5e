"""Damaged pictures, alone and in documents, read by recognition: a document or a refusal, in bounded time."""

from __future__ import annotations

import functools
import io

import pytest
from hypothesis import given

from pipelines.extract import extract
from pipelines.extract.scan import PACKAGES, can_recognise

if not can_recognise():
    pytest.skip(f"the optional packages {', '.join(PACKAGES)} are not installed", allow_module_level=True)

from PIL import Image, ImageDraw, ImageFont

from tests.unit.mutations import Step, byte_steps, mutated
from tests.unit.test_fuzz import _bearable, _judge, _settings

KINDS = {"PNG": 8, "JPEG": 8, "TIFF": 8, "BMP": 6, "PDF": 8}
"""How a picture is saved, with the examples that the suite tries of each."""
SIZE = (360, 240)


@functools.cache
def _seed(kind: str) -> bytes:
    """A small table, so that recognition takes a part of a second."""
    page = Image.new("L", SIZE, 255)
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(20)
    for x in (20, 180, 340):
        pen.line((x, 20, x, 220), 30, 2)
    for row, y in enumerate((20, 70, 120, 170, 220)):
        pen.line((20, y, 340, y), 30, 2)
        if y < 220:
            pen.text((100, y + 25), f"row {row}", 10, font=font, anchor="mm")
            pen.text((260, y + 25), str(317 * (row + 1)), 10, font=font, anchor="mm")
    buffer = io.BytesIO()
    page.save(buffer, kind, **({"resolution": 100} if kind == "PDF" else {"dpi": (100, 100)}))
    return buffer.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_pictures_are_a_document_or_unreadable(kind: str) -> None:
    assert "951" in str(extract(_seed(kind)).blocks)

    @_settings(KINDS[kind])
    @given(byte_steps)
    def damage(steps: list[Step]) -> None:
        document = _bearable(mutated(_seed(kind), steps, None))
        if document is not None:
            _judge(document)

    damage()
