"""The groups of answers that a number of the narrative counts: granted, in part, denied, and so on."""

from __future__ import annotations

import re

from pipelines.read.claim_terms import DOCUMENTS, NOTHING, PLAIN, Context, Kind
from pipelines.read.claim_words import any_of, outcomes
from pipelines.read.clauses import Clause, Count

GROUPS = tuple((kind, re.compile(words)) for kind, words in outcomes().items())
_OUTCOMES = (*GROUPS, ("granted", re.compile(rf"(?<![不部分]){any_of('granted')}")))
_AMONG_OTHERS = (
    ("granted", re.compile("(?:其中|依法|作出|作了|结果)*公开(?:答复|决定)?(?:的|共|数)*")),
    ("denied", re.compile("(?:其中|依法|作出|作了|结果)*不公开(?:答复|决定)?(?:的|共|数|类)*")),
)
"""Words that mean a group of answers only where the sentence names other groups."""
_AHEAD = re.compile(
    r"(?:申请|的|为|属于|作出|作了|予以(?=部分)|按|以|“|依法|系|被|决定|告知|由于|因|[^，。]{0,8}类){0,4}(?P<outcome>[^，。]{4})"
)
_LED_AHEAD = re.compile("^(?:申请|作了|作出|的|为|属于|系|被|决定)+")
_BECAUSE = re.compile("因|由于")
_BETWEEN = re.compile("[、，和及]")
_NO_GROUP = re.compile("主动公开|已公开|不存在|不属于|非本")
_NO_OUTCOME = re.compile("制发|制作|公文|文件|属性|清单|目录")
_OF_DOCUMENTS = re.compile("(?:历史|政策|各类|行政)?(?:文件|公文)")
_REASON = re.compile(any_of("reasons"))


def answers(text: str) -> bool:
    """Whether a text names two groups of answers or more: it speaks of applications, then, and of nothing else."""
    return sum(bool(pattern.search(text)) for _, pattern in _OUTCOMES) > 1 and not DOCUMENTS.search(text)


def names_answers(text: str) -> bool:
    """Whether a text names a group of answers that is not the granted ones, so that 公开 may mean those."""
    return any(pattern.search(text) for _, pattern in GROUPS) and not DOCUMENTS.search(text)


def group_of(before: str, count: Count, clause: Clause, context: Context) -> Kind | None:
    """The group of answers that a number counts: named before it, or behind it where its list is written so."""
    if _NO_OUTCOME.search(before) or _OF_DOCUMENTS.match(count.after):
        return None
    pieces = _BETWEEN.split(before)
    if count is not clause.counts[0] and (len(pieces) > 1 or _names_follow(clause, context)):
        pieces = pieces[1:] or [""]
    led = pieces[-1]
    found = [kind for piece in pieces for kind in _groups(piece) or _groups_among_others(piece, context)]
    reasons = led
    if not found and PLAIN.fullmatch(re.sub("^(?:另有|有|对|另)", "", led)):
        found = _groups_ahead(count, context)
        reasons = _BETWEEN.split(count.after[:24])[0]
    if len(found) != 1 or (len(pieces) > 1 and any(_NO_GROUP.search(piece) for piece in pieces)):
        return NOTHING if found else None
    alone = bool(_REASON.search(reasons)) and not re.search("等|或", reasons)
    return Kind(found[0], (context.part and clause.inside) or alone)


def _groups(text: str) -> list[str]:
    return [kind for kind, pattern in _OUTCOMES if pattern.search(text)]


def _groups_among_others(text: str, context: Context) -> list[str]:
    return [kind for kind, pattern in _AMONG_OTHERS if context.answers and pattern.fullmatch(text)]


def _groups_ahead(count: Count, context: Context) -> list[str]:
    piece = _BETWEEN.split(count.after[:24])[0]
    if _BECAUSE.match(piece):
        return _groups(piece)
    if ahead := _AHEAD.match(piece):
        return [kind for kind, pattern in _OUTCOMES if pattern.match(ahead["outcome"])] or _groups_among_others(
            _LED_AHEAD.sub("", piece), context
        )
    return _groups_among_others(piece, context)


def _names_follow(clause: Clause, context: Context) -> bool:
    """Whether a clause names its numbers behind them: `5件予以公开、3件部分公开`."""
    first = clause.counts[0]
    return not _groups(first.before) and bool(_groups_ahead(first, context))
