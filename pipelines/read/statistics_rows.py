"""Rows of the statistics sheet, from grids and from lines alike: which indicator each one names, and what it shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from pipelines.model import Issue
from pipelines.read.findings import Findings, Printed, where
from pipelines.read.labels import Labels, Match, body, fold
from pipelines.read.numbers import UNITS, read_number

LOCAL = "local"
"""The row of an indicator that no national form prints; its printed label is the column."""

TABLE, VALUE, FORM = "statistics", "value", "2014"
HEADS = frozenset(map(fold, ("统计指标", "指标名称", "指标", "统计项目", "指标内容")))
UNIT_HEADS = frozenset(map(fold, ("单位", "计量单位", "统计单位")))
SERIAL_HEADS = frozenset(map(fold, ("序号", "编号", "行次", "代码")))
SUMS = frozenset(map(fold, ("合计", "总计", "总数", "全市合计", "全县合计", "全区合计", "合计数", "总计数")))
COUNTS = frozenset(map(fold, ("统计数", "统计数据", "数量", "数值", "数据", "统计结果", "统计数量", "数")))
ASIDE = frozenset(map(fold, ("备注", "说明", "填报说明", "填报单位", "责任单位")))
MARKED = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,2}[)）]|\d{1,2}[.．、](?!\d)|其中[:：]"
)

_THIS_YEAR = re.compile(r"(?:本年度?|本期|当年|今年|本报告期)(?:数|统计数|数量)?")
_OTHER_YEAR = re.compile(
    r"(?:上一?年度?|上年同期|去年(?:同期)?|上期)(?:数|统计数|数量)?|(?:同比|比上年)?增(?:减|长)[^0-9]{0,6}|同比.{0,6}"
)
_YEAR = re.compile(r"(20\d\d)年?度?(?:数|统计数|数量)?")
_HEADING = re.compile(r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,2}[)）]).{2,30}(?:情况|工作)")
_FOOTER = re.compile("电话|传真|日期|负责人|审核|审签|填报|填表|联系人|邮编|邮箱|地址|制表|页码|附注|备注")
_LOST_LETTER = re.compile("[\ufffd\ue000-\uf8ff]")
"""What stands where a letter could not be read: the label may be an official one."""
_LONGEST_LABEL = 80
_MOST_PIECES = 8
_UNITS = frozenset(UNITS.split("|"))


@dataclass(frozen=True, slots=True)
class Columns:
    """The count columns that a header names: how many, and which one counts; `whole` None where it does not say."""

    count: int
    whole: int | None


@dataclass(slots=True)
class Row:
    """A row: the pieces of its label in their order, its unit, what its count columns show. `whole`: the label is one
    cell or field, not words that a line may have cut; `apart`: it stands above or below its values."""

    pieces: list[str] = field(default_factory=list)
    unit: str | None = None
    values: list[Printed] = field(default_factory=list)
    columns: Columns | None = None
    whole: bool = False
    apart: bool = False


def columns_of(heads: Sequence[str], year: int | None) -> Columns:
    """Which of the count columns is the report's own whole: the only one; the only 合计; this year's beside others'."""
    texts = [fold(head) for head in heads]
    while texts and texts[-1] in ASIDE:
        texts.pop()
    counted = [i for i, text in enumerate(texts) if text not in SERIAL_HEADS | UNIT_HEADS]
    if len(counted) < len(texts):
        rest = columns_of([heads[i] for i in counted], year)
        codes = sum(text in SERIAL_HEADS for text in texts)
        before = sum(texts[i] in SERIAL_HEADS for i in range(counted[rest.whole])) if rest.whole is not None else 0
        return Columns(len(counted) + codes, None if rest.whole is None else rest.whole + before)
    known = [i for i, text in enumerate(texts) if text]
    if len(texts) == 1:
        return Columns(1, None if _OTHER_YEAR.fullmatch(texts[0]) else 0)
    wholes = [i for i in known if texts[i] in SUMS]
    if len(wholes) == 1:
        return Columns(len(texts), wholes[0])
    years = {i: m[1] for i in known if (m := _YEAR.fullmatch(texts[i]))}
    mine = [i for i in known if _THIS_YEAR.fullmatch(texts[i]) or (year and years.get(i) == str(year))]
    others = [i for i in known if _OTHER_YEAR.fullmatch(texts[i]) or (i in years and i not in mine)]
    plain = [i for i in known if texts[i] in COUNTS]
    if len(mine) == 1 and len(mine) + len(others) == len(texts):
        return Columns(len(texts), mine[0])
    if len(plain) == 1 and not years and len(plain) + len(others) == len(texts):
        return Columns(len(texts), plain[0])
    if "".join(texts) in COUNTS | SUMS:
        return Columns(1, 0)
    return Columns(len(texts), None)


def take_rows(rows: Sequence[Row], labels: Labels, findings: Findings) -> None:
    """The rows into the findings, in their order: an indicator's place tells 四（三）其他情形 from 五（三）."""
    index = labels.rows[TABLE]
    last: str | None = None
    named = _named(_carried(_paired(rows)), labels)
    local: set[str] = set()
    for at, (row, label, match) in enumerate(named):
        if match:
            shared = index.exact(label) or (match,)
            after = [m for m in shared if last is None or index.order[m.code] > index.order[last]]
            chosen = min(after or shared, key=lambda m: index.order[m.code])
            last = chosen.code
            _take(row, label, chosen, findings)
        elif _shows_number(row) and (row.whole or last is not None):
            following = named[at + 1][0] if at + 1 < len(named) else Row()
            own = MARKED.match(label) if row.apart else row.whole or _begins(row.pieces)
            sure = _ends(following) and bool(own) and not label.endswith("情况")
            _local(row, label, sure and not _begins_official(label, labels), local, findings)


def _take(row: Row, label: str, match: Match, findings: Findings) -> None:
    if not row.values:
        return
    findings.label(TABLE, "row", label, match)
    chosen = _chosen(row)
    if chosen is None:
        findings.doubt(TABLE, match.code, (VALUE,), row.values, FORM)
    else:
        findings.take(TABLE, match.code, (VALUE,), [_with_unit(chosen, row.unit)], FORM)


def _local(row: Row, label: str, sure: bool, known: set[str], findings: Findings) -> None:
    """An indicator of the place's own, under its printed label; an issue where the label or the number is not sure."""
    name = "".join(label.split())
    if not name or fold(name) in HEADS | UNIT_HEADS | SUMS | COUNTS or (_FOOTER.search(name) and row.unit is None):
        return
    chosen = _chosen(row)
    whole = _LOST_LETTER.search(name) is None
    if sure and whole and chosen is not None and 2 <= len(name) <= _LONGEST_LABEL and name not in known:
        known.add(name)
        findings.take(TABLE, LOCAL, [name], [_with_unit(chosen, row.unit)], FORM)
        return
    findings.issues.append(
        Issue(
            "label_unknown",
            f"no form has the indicator {name[:60]!r} ({' | '.join(v.raw for v in row.values)[:60]}), and it cannot be "
            "placed with certainty; it was left out: compare with the document",
            where(row.values[0].place),
        )
    )


def _chosen(row: Row) -> Printed | None:
    if row.columns is not None:
        fits = len(row.values) == row.columns.count
        return row.values[row.columns.whole] if fits and row.columns.whole is not None else None
    return row.values[0] if len(row.values) == 1 else None


def _with_unit(printed: Printed, unit: str | None) -> Printed:
    number = printed.number
    if number.status != "reported" or not unit:
        return printed
    return replace(printed, number=replace(number, unit=number.unit or unit))


# -------------------------------------------------------------------- labels
def _paired(rows: Sequence[Row]) -> list[Row]:
    """Rows whose label stands above or below their values, joined: between whole rows they take turns. Where they do
    not, nothing says which belongs to which."""
    found: list[Row] = []
    for loose, group in groupby(rows, lambda row: not (row.pieces and row.values) and not _only_heads(row)):
        members = [row for row in group if row.pieces or row.values]
        values = [row for row in members if row.values]
        if not loose or not values or not any(map(_shows_number, values)):
            found += members
            continue
        turns = [bool(row.values) for row in members]
        if len(members) == 2 * len(values) and all(a != b for a, b in pairwise(turns)):
            found += [_joined(*members[i : i + 2]) for i in range(0, len(members), 2)]
        elif len(values) == 1 or (not turns[0] and turns[-1] and not any(a and b for a, b in pairwise(turns))):
            found += members
        else:
            found += [replace(row, columns=Columns(len(row.values), None)) if row.values else row for row in members]
    return found


def _joined(one: Row, other: Row) -> Row:
    label, valued = (one, other) if one.pieces else (other, one)
    return replace(valued, pieces=label.pieces, apart=True)


def _only_heads(row: Row) -> bool:
    return not row.values and len(row.pieces) == 1 and is_heading(row.pieces[0])


def _carried(rows: Sequence[Row]) -> list[Row]:
    """Rows without any value are the beginning of the next row's label, or head it."""
    found: list[Row] = []
    waiting: list[str] = []
    for row in rows:
        if not row.values:
            waiting = [*waiting, *row.pieces][-_MOST_PIECES:]
            continue
        found.append(replace(row, pieces=[*waiting, *row.pieces], whole=row.whole and bool(row.pieces)))
        waiting = []
    return [*found, Row(pieces=waiting)] if waiting else found


def _named(rows: Sequence[Row], labels: Labels) -> list[tuple[Row, str, Match | None]]:
    """Each row with its label and the indicator that it names, None where no form has it. A label may go on behind the
    values, where the page's width broke it."""
    index = labels.rows[TABLE]
    found: list[tuple[Row, str, Match | None]] = []
    rows = list(rows)
    for at, row in enumerate(rows):
        following = rows[at + 1] if at + 1 < len(rows) else Row()
        label = _exact(row.pieces, labels)
        if label is None and (joined := _goes_on(row, following, labels)):
            label, taken = joined
            rows[at + 1] = replace(following, pieces=following.pieces[taken:])
        if label is not None:
            found.append((row, label, index.exact(label)[0]))
            continue
        own = _own(row.pieces)
        near = _ending(row.pieces, labels) or next(
            ((own[i:], m) for i in range(len(own)) if (m := index.like("".join(own[i:])))), None
        )
        if near:
            text = near[0] if isinstance(near[0], str) else "".join(near[0])
            found.append((row, text, near[1]))
        else:
            text = own[-1] if row.whole and own else "".join(own)
            found.append((replace(row, pieces=own), text, None))
    return found


def _exact(pieces: Sequence[str], labels: Labels) -> str | None:
    """The last pieces that are, together, an indicator's label."""
    for start in range(len(pieces)):
        if labels.rows[TABLE].exact(joined := "".join(pieces[start:])):
            return joined
    return None


def _goes_on(row: Row, following: Row, labels: Labels) -> tuple[str, int] | None:
    """The label that this row's pieces and the next one's first ones are, or those alone where the values stand above
    it, and how many of those it takes."""
    above = all(map(is_heading, row.pieces)) and _shows_number(row)
    for taken in range(1, min(_MOST_PIECES, len(following.pieces)) + 1):
        robbed = taken == len(following.pieces)
        if robbed and _shows_number(following):
            return None
        for start in range(len(row.pieces) + (above and not robbed)):
            joined = "".join((*row.pieces[start:], *following.pieces[:taken]))
            if labels.rows[TABLE].exact(joined):
                return joined, taken
    return None


def _shows_number(row: Row) -> bool:
    return any(v.number.status == "reported" for v in row.values)


def _ending(pieces: Sequence[str], labels: Labels) -> tuple[str, Match] | None:
    """The indicator whose whole label, from its marker on, ends the text."""
    text = "".join(pieces)
    for found in reversed(list(MARKED.finditer(text))):
        if matches := labels.rows[TABLE].exact(text[found.start() :]):
            return text[found.start() :], matches[0]
    return None


def _own(pieces: Sequence[str]) -> list[str]:
    """The pieces behind the last heading."""
    start = next((i + 1 for i in range(len(pieces) - 2, -1, -1) if is_heading(pieces[i])), 0)
    return list(pieces[start:])


def _begins(pieces: Sequence[str]) -> bool:
    """Whether these pieces are a label from its beginning on: one of them, or several from an item marker on."""
    return len(pieces) == 1 or (len(pieces) > 1 and bool(MARKED.match(pieces[0])))


def _ends(following: Row) -> bool:
    """Whether nothing stands before the next row's label that may belong to the row above it."""
    pieces = following.pieces
    if not pieces or is_heading(pieces[0]) or MARKED.match(pieces[0]):
        return True
    return len(pieces) == 1 if following.values else bool(_FOOTER.search(pieces[0]))


def _begins_official(label: str, labels: Labels) -> bool:
    """Whether an indicator's label begins so, a part of it that its page cut off, or stands whole in it."""
    text = body(label)
    known = labels.rows[TABLE].spellings
    tail = label[:1] in "（(" and not MARKED.match(label)
    return len(text) < 2 or tail or any(k.startswith(text) or (len(k) > 4 and k in text) for k in known)


def is_unit(text: str) -> bool:
    bare = text.strip()
    return fold(bare) in _UNITS and (bare[:1] in "（(") == (bare[-1:] in "）)")


def is_count(text: str) -> bool:
    return read_number(text).status != "unreadable"


def is_heading(text: str) -> bool:
    """Whether a line only heads indicators: 三、依申请公开情况."""
    return bool(_HEADING.fullmatch("".join(text.split())))
