"""A font for the letters of drawn pages: one of the machine's that knows Chinese, if there is one."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterator
from pathlib import Path

from PIL import ImageFont

NO_FONT = "This machine has no font for Chinese: its characters are drawn as boxes, or not at all. Install one to read."

_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
_KNOWN = re.compile(
    r"noto(sans|serif).*(cjk|sc)|sourcehan|wqy|droidsansfallback|simsun|simhei|msyh|pingfang|stheiti|songti|uming|ukai"
    r"|arphic|hiragino sans gb|fandol",
    re.IGNORECASE,
)
_FILES = (".ttf", ".ttc", ".otf")
_MOST_FILES = 5000
_SAMPLE = "\u653f"

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@functools.cache
def chinese_font() -> Path | None:
    """The first installed font that draws Chinese."""
    return next((path for path in _candidates() if _draws_chinese(path)), None)


@functools.lru_cache(maxsize=256)
def font_of_size(pixels: int) -> Font:
    """The Chinese font in that size, else the one that Pillow brings along."""
    path = chinese_font()
    return ImageFont.truetype(str(path), pixels) if path else ImageFont.load_default(pixels)


def _candidates() -> Iterator[Path]:
    left = _MOST_FILES
    for folder in _FOLDERS:
        for root, _, names in os.walk(Path(folder).expanduser()):
            for name in sorted(names):
                left -= 1
                if left < 0:
                    return
                if name.lower().endswith(_FILES) and _KNOWN.search(name):
                    yield Path(root) / name


def _draws_chinese(path: Path) -> bool:
    try:
        font = ImageFont.truetype(str(path), 24)
        return bytes(font.getmask(_SAMPLE)) != bytes(font.getmask("\U0010fffe"))
    except OSError:
        return False
