"""Bytes to text: what a document says of its encoding, weighed against what its bytes can be."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

import webencodings  # type: ignore[import-untyped]

from pipelines.extract.limits import Unreadable
from pipelines.model import Issue

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""")
_DECLARATION_BYTES = 4096
_LIKELY = re.compile(r"[\t\n\r -~\u00a0-\u00ff\u2010-\u2027\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_LIKELY_SHARE = 0.9
_LARGEST_LOSS = 0.05
_REPLACEMENT = "\ufffd"
_CONTROL = {code: None for code in range(32) if chr(code) not in "\a\t\n\v\f\r\x1b"}
_LARGEST_CONTROL = 0.01
_GB2312_SHARE = 0.98
_LETTERS_OF_GB = (("latin-1", "gb18030"), ("cp1252", "gb18030"))
_SURE = 40
"""Letters beyond ASCII, so many that no text is valid in another encoding by chance."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """`encoding` is the codec that was used; `issues` tells of characters that it could not read."""

    text: str
    encoding: str
    issues: tuple[Issue, ...] = ()


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """The text of `data`, without its byte order mark.

    `declared` is the label that came from outside (an HTTP header); else the document's own first bytes are asked. A
    label is believed only where the bytes bear it out. Raises Unreadable `unknown_format` for what is no text.
    """
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return _checked(_forced(data[len(mark) :], (codec,)))
    if (text := _strict(data, "utf-8")) and "\0" not in text:
        return _checked(_undone(text) or Decoded(text, "utf-8"))
    if b"\0" in data:
        return _checked(_wide(data))
    label = declared or declared_label(data)
    found = webencodings.lookup(label) if label else None
    if found is not None and found.name in ("big5", "euc-jp", "euc-kr", "shift_jis") and not _is_gb2312(data):
        codec = "big5hkscs" if found.name == "big5" else found.codec_info.name
        if text := _strict(data, codec):
            return _checked(Decoded(text, codec))
    if text := _strict(data, "gb18030"):
        return _checked(Decoded(text, "gb18030"))
    return _checked(_forced(data, ("utf-8", "gb18030")))


def _undone(text: str) -> Decoded | None:
    """The text of a file that was read as another encoding and written as UTF-8: only where the way back is exact over
    the whole file, and gives letters which texts are made of. It was UTF-8, or GB 2312 read letter by letter."""
    if text.isascii():
        return None
    for codec, own in (("latin-1", "utf-8"), ("cp1252", "utf-8"), ("gb18030", "utf-8"), *_LETTERS_OF_GB):
        try:
            data = text.encode(codec)
            right = data.decode(own)
        except UnicodeError:
            continue
        wide = sum(not character.isascii() for character in right)
        if wide < _SURE or _likely_share(right) < _LIKELY_SHARE or (own != "utf-8" and not _is_gb2312(data)):
            continue
        shown = "UTF-8" if own == "utf-8" else own
        message = f"The text is {shown} that was read as {codec} and written again; it was set right."
        return Decoded(right, own, (Issue("mojibake_undone", message),))
    return None


def declared_label(data: bytes) -> str | None:
    """The encoding that a page or an XML text names in its first bytes."""
    found = _DECLARED.search(data[:_DECLARATION_BYTES])
    return found.group(1).decode("ascii") if found else None


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _forced(data: bytes, codecs_: tuple[str, ...]) -> Decoded:
    """The decoding that loses least; its issue counts the losses."""
    best: tuple[int, str, str] | None = None
    for codec in codecs_:
        text = data.decode(codec, "replace")
        lost = text.count(_REPLACEMENT)
        if best is None or lost < best[0]:
            best = (lost, text, codec)
    assert best is not None
    lost, text, codec = best
    if not lost:
        return Decoded(text, codec)
    if lost > _LARGEST_LOSS * len(text) + 1:
        raise _no_text()
    message = f"{lost} characters could not be read as {codec} and are shown as {_REPLACEMENT}; fetch the file anew."
    return Decoded(text, codec, (Issue("characters_lost", message),))


def _wide(data: bytes) -> Decoded:
    """UTF-16 without a mark, in the byte order that gives letters which texts are made of."""
    even = data[: len(data) // 2 * 2]
    readings = [(codec, text) for codec in ("utf-16-le", "utf-16-be") if (text := _strict(even, codec))]
    shares = [(_likely_share(text), codec, text) for codec, text in readings]
    share, codec, text = max(shares, default=(0.0, "", ""))
    if share < _LIKELY_SHARE:
        return _with_stray_zeros(data)
    return Decoded(text, codec)


def _likely_share(text: str) -> float:
    sample = text[:100_000]
    return len(_LIKELY.findall(sample)) / max(len(sample), 1)


def _with_stray_zeros(data: bytes) -> Decoded:
    """Text in which a writer left a few zero bytes."""
    zeros = data.count(0)
    if zeros * 1000 > len(data):
        raise _no_text()
    rest = _forced(data.replace(b"\0", b""), ("utf-8", "gb18030"))
    message = f"{zeros} zero bytes stand in the text and were left out."
    return Decoded(rest.text, rest.encoding, (*rest.issues, Issue("characters_lost", message)))


def _is_gb2312(data: bytes) -> bool:
    """Whether the bytes are GB 2312 almost throughout, which Big5 text never is."""
    text = _strict(data, "gb18030")
    if text is None:
        return False
    wide = [character for character in text[:200_000] if not character.isascii()]
    known = sum(1 for character in wide if _encodes(character))
    return known >= _GB2312_SHARE * len(wide)


def _encodes(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _checked(decoded: Decoded) -> Decoded:
    sample = decoded.text[:1_000_000]
    control = len(sample) - len(sample.translate(_CONTROL))
    if control > _LARGEST_CONTROL * len(sample) + 1:
        raise _no_text()
    return decoded


def _no_text() -> Unreadable:
    return Unreadable("unknown_format", "The bytes are neither a known file format nor text; fetch the file anew.")
