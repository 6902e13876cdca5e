"""Where lines end, whatever the program that wrote a text ends them with."""

from __future__ import annotations

import re

_USUAL = re.compile(r"\r\n?")
_OTHER = re.compile("[\v\x1c-\x1e\x85\u2028\u2029]")
_CELL_END = re.compile("\r?\x07")


def usual_line_ends(text: str) -> str:
    """`text` with a line feed at the end of each line.

    Other marks than those of the common systems end lines only where a text has more of them than of these; else they
    break a line within its cell or paragraph, and a space stands for them. The mark at the end of a cell that Word's
    own text has (U+0007) ends a line.
    """
    if "\x07" in text:
        text = _CELL_END.sub("\n", text)
    if "\r" in text:
        text = _USUAL.sub("\n", text)
    others = len(_OTHER.findall(text))
    return _OTHER.sub("\n" if others > text.count("\n") else " ", text) if others else text
