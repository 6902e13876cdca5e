"""A text in the words that the readers know: simplified characters, no ruby, no Markdown, no spaces."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

_TRADITIONAL = re.compile(
    "[佈內動務區員問單國執報審對屬廢強後復應採據數於時會條業構機權決沒況減為無獲現當發確祕穩範糾納組結統經維縣總織繳繼續罰與舉"
    "萬處補製複覆規計訊訟訪許訴詢認說請議護費購轉辦這進過鄉鎮開間關項題額類餘體]"
)
_SHORT = 200
_RUBY = re.compile(r"(?<=[㐀-鿿])[（(][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6}[)）]")
_MARKDOWN = re.compile(r"^[\s>]*#{1,6}\s*|\*\*|__|`")


def simplified(text: str) -> str:
    """The text in simplified characters and without pinyin in brackets; as long as the text where it holds neither."""
    if _TRADITIONAL.search(text):
        text = _converter().convert(text).replace("资讯", "信息").replace("规范性档案", "规范性文件")
    return _RUBY.sub("", text) if "(" in text or "（" in text else text


def squeezed(text: str) -> str:
    """The text simplified, without Markdown's marks and without any space: what patterns are matched against."""
    return _remembered(text) if len(text) <= _SHORT else _squeezed(text)


def _squeezed(text: str) -> str:
    return "".join(_MARKDOWN.sub("", simplified(text)).replace("\u200b", "").replace("\ufeff", "").split())


_remembered = lru_cache(maxsize=16384)(_squeezed)


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")
