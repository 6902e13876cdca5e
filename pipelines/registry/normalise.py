"""A printed name in one shape: widths, spaces, brackets, traditional characters."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable

MAX_LENGTH = 120

_NOISE = re.compile(r"[\s\x00-\x1f\u200b-\u200f\u2060\ufeff\u00ad·•*#\"'“”‘’「」『』《》<>]+")
_BRACKETS = str.maketrans("()[]【】〔〕〈〉", "（）（）（）（）（）")
_TRADITIONAL = re.compile(
    "[縣區鎮鄉廳務業農財會發環護衛設國稅統計醫療審監養總貿貨資訊質場應運輸規劃衞災員處聯衆眾傳廣電視黨機關檢學東遼寧蘇無錫揚鹽連雲門長樂龍盧陽陰漢許溫臨濟蘭烏蘆蕪興義豐澤灣島張馬"
    "萬與參萊營滄獻饒壽縉]"
)


def normalise(text: str) -> str:
    """Half-width letters, full-width round brackets, simplified characters, no spaces, quotation or list marks."""
    text = text[: 4 * MAX_LENGTH].encode("utf-8", "ignore").decode("utf-8")
    text = _NOISE.sub("", unicodedata.normalize("NFKC", text)).translate(_BRACKETS)
    if _TRADITIONAL.search(text) and (converted := _converter()(text)) != text:
        text = converted
    return text.strip("-—_,，。、;；:：.")[:MAX_LENGTH]


@functools.cache
def _converter() -> Callable[[str], str]:
    from opencc import OpenCC

    convert = OpenCC("t2s").convert
    return lambda text: str(convert(text))
