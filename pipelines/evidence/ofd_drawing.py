"""An OFD page drawn from what was read of it: its letters in the machine's font, its rules and areas."""

from __future__ import annotations

import unicodedata

from PIL import Image, ImageDraw

from pipelines.evidence.fonts import chinese_font, font_of_size
from pipelines.extract.marks import Characters
from pipelines.extract.printed_page import PrintedPage

_AREA = "#dddddd"
_LETTER_SHARE = 1.11
"""A character's box is so many times as high as its size."""


def drawn_page(page: PrintedPage, pictures: Image.Image, scale: float) -> Image.Image:
    """The page as it is shown, at so many pixels a point, on its pictures."""
    upright = {1: Image.Transpose.ROTATE_90, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_270}
    picture = pictures.convert("RGB")
    picture = picture.transpose(upright[page.turn]) if page.turn else picture
    pen = ImageDraw.Draw(picture)
    for left, top, right, bottom in (page.marks.fills * scale).tolist():
        pen.rectangle((left, top, max(left, right), max(top, bottom)), outline=_AREA)
    for left, top, right, bottom in (page.marks.strokes * scale).tolist():
        pen.rectangle((left, top, max(left, right), max(top, bottom)), fill="black")
    for characters in (page.marks.characters, page.slanted):
        _letters(picture, pen, characters, scale)
    quarters = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}
    return picture.transpose(quarters[page.turn]) if page.turn else picture


def _letters(picture: Image.Image, pen: ImageDraw.ImageDraw, characters: Characters, scale: float) -> None:
    boxes = (characters.boxes * scale).tolist()
    baselines = (characters.baselines * scale).tolist()
    turns = characters.turns.tolist()
    boxed = chinese_font() is None
    for letter, box, baseline, turn in zip(characters.letters.tolist(), boxes, baselines, turns, strict=True):
        left, top, right, bottom = box
        if boxed and unicodedata.east_asian_width(letter) in "WF":
            pen.rectangle((left + 1, top + 1, max(left + 1, right - 1), max(top + 1, bottom - 1)), outline="gray")
            continue
        side = (bottom - top) if turn % 2 == 0 else (right - left)
        font = font_of_size(min(max(round(side / _LETTER_SHARE), 1), 400))
        if turn == 0:
            pen.text((left, baseline), letter, fill="black", font=font, anchor=None if boxed else "ls")
        else:
            _turned(picture, letter, box, turn, font)


def _turned(picture: Image.Image, letter: str, box: tuple[float, float, float, float], turn: int, font: object) -> None:
    """A letter that lies on its side or stands on its head."""
    size = max(round(max(box[2] - box[0], box[3] - box[1])), 1)
    stamp = Image.new("L", (size, size), 0)
    ImageDraw.Draw(stamp).text((0, 0), letter, fill=255, font=font)  # type: ignore[arg-type]
    stamp = stamp.rotate(90 * turn)
    picture.paste("black", (round(box[0]), round(box[1])), stamp)
