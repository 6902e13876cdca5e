"""Lines of one table's section that belong to another year: its table quoted beside this year's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.model import Paragraph
from pipelines.read.labels import Labels, fold
from pipelines.read.wrapped import occurrences

_CAPTION = re.compile(
    r"[（(]?(?:[一二三四五六七八九十\d]{1,2}[)）、.．])?(?:附件?|附?表)?[一二三四五六七八九十\d]{0,2}[：:、.]?"
    r"(?:(?P<year>20\d\d)年度?|(?P<before>上年度?|上一年度?|去年)(?=数据|情况|统计|报表|同期))(?!\d)"
    r"[^\d。；;|]{0,40}"
)
_IS_TITLE = ("报告", "年报")


def lines_of_year(lines: Sequence[Paragraph], year: int | None, table: str, labels: Labels) -> list[Paragraph]:
    """The lines without those under another year's caption, where most rows that these name stand elsewhere, too."""
    own: list[Paragraph] = []
    other: list[Paragraph] = []
    kept = own
    for line in lines:
        found = _CAPTION.fullmatch("".join(line.text.split()))
        if found and not any(word in line.text for word in _IS_TITLE):
            kept = own if found["year"] and int(found["year"]) == year else other
        kept.append(line)
    if year is None or not other:
        return list(lines)
    here, there = _named(own, table, labels), _named(other, table, labels)
    return own if there and 2 * len(here & there) > len(there) else list(lines)


def _named(lines: Sequence[Paragraph], table: str, labels: Labels) -> set[str]:
    folded = fold("".join(line.text for line in lines))
    return {match.code for _, _, match in occurrences(folded, table, labels)}
