"""The report of a night as one page of Markdown, Chinese first. What comes from a page of the web is shown as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone

from pipelines.night.report import COUNTS, READ, ChangedReport, NightReport

BEIJING = timezone(timedelta(hours=8))

PUBLICATION = {
    "published": "已发布 published",
    "held_back": "没有发布，原来的数据库照旧 held back: the warehouse of before stays",
    "failed": "失败 failed",
    "pending": "已采集，尚未建库 crawled, not built yet",
}
WORDS = {
    "found": "找到 found",
    "fetched": "取得 fetched",
    "unchanged": "没变 unchanged",
    "blocked": "被拦 blocked",
    "failed": "失败 failed",
    "refused": "不允许 refused",
    "withdrawn": "撤下 withdrawn",
    "read": "已读 read",
    "refused_to_read": "读不出 not read",
    "reports": "报告 reports",
    "flagged": "有矛盾 flagged",
}
STATES = {
    "complete": "走完 complete",
    "partial": "有缺 partial",
    "blocked": "被拦 blocked",
    "refused": "不允许 refused",
    "failed": "无答复 failed",
    "running": "未结束 running",
    "dead": "无答复 dead",
    "shrinking": "变少 shrinking",
    "below": "少于要求 below",
    "empty": "没有文件 empty",
}

_MEANT = re.compile(r"([\\`*_{}\[\]<>()#+!|~&-])")
_SPACE = re.compile(r"[\s\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069]+")
_LONGEST = 300


def page(report: NightReport) -> str:
    """The whole page."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: NightReport) -> Iterator[str]:
    yield f"# 夜间报告 Report of the night · {_time(report.started)}"
    yield ""
    yield f"- 状态 State: **{PUBLICATION[report.publication]}**"
    yield f"- 采集 Run: {_text(report.run)}"
    yield f"- 开始 Started: {_time(report.started)}; 结束 ended: {_time(report.ended)}"
    yield f"- 年度 Report years: {'全部 all' if report.years is None else ', '.join(map(str, report.years))}"
    if report.held:
        counts = f"{report.held.get('reports', 0)} 份报告 reports, {report.held.get('flagged', 0)} 份有矛盾 flagged"
        yield f"- 库中 In the warehouse: {counts}"
    if report.why:
        yield from _heading("原因 Why")
        yield from (f"- {_text(text)}" for text in report.why)
    yield from _heading("总计 Totals")
    names = [name for name in (*COUNTS, *READ) if name in report.totals]
    rows: list[Sequence[object]] = [("这次 this run", *(report.totals[name] for name in names))]
    if report.before is not None:
        rows.append(("上次 the run before", *(report.before.get(name, "") for name in names)))
    yield from _table(["", *(WORDS[name] for name in names)], rows)
    yield from _changes(report)
    if report.troubled:
        yield from _heading("需要人看的来源 Sources to look at")
        yield from _table(
            ["来源 source", "公布者 publisher", "状态 state", "最近成功 last success", "缺报告的年度 years below"],
            (
                (
                    _text(s.source),
                    _text(s.publisher),
                    STATES[s.state],
                    _time(s.last_success.isoformat()) if s.last_success else "从未 never",
                    ", ".join(map(str, s.years_below)),
                )
                for s in report.troubled
            ),
        )
    yield from _heading("各来源 Each source")
    yield from _table(
        ["来源 source", "结果 outcome", *(WORDS[name] for name in names)],
        ((_text(s.source), STATES[s.outcome], *(s.counts.get(name, 0) for name in names)) for s in report.sources),
    )
    if any(s.problems for s in report.sources):
        yield from _heading("问题 Problems")
        yield from (f"- {_text(s.source)}: {_text(problem)}" for s in report.sources for problem in s.problems)


def _changes(report: NightReport) -> Iterator[str]:
    yield from _heading("与上次相比 What changed")
    changed = [
        f"- {_text(s.source)}: {STATES.get(s.outcome_before or '', '新来源 new')} → {STATES[s.outcome]}"
        for s in report.sources
        if s.outcome != s.outcome_before
    ]
    changed += [f"- 改版 revised: {_named(r)}, {r.changed} 处 places" for r in report.revised]
    changed += [f"- 撤下 withdrawn: {_named(r)}" for r in report.withdrawn]
    yield from changed or ["没有变化 Nothing."]


def _named(report: ChangedReport) -> str:
    return f"{_text(report.agency)} {report.year or '?'}, {_text(report.url)}"


def _heading(text: str) -> Iterator[str]:
    yield from ("", f"## {text}", "")


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(str(value) for value in row)} |"


def _text(text: str) -> str:
    """Text that Markdown shows as it is, in one line."""
    return _MEANT.sub(r"\\\1", _SPACE.sub(" ", text).strip()[:_LONGEST])


def _time(text: str | None) -> str:
    """A time of UTC as China's clocks show it."""
    if text is None:
        return "—"
    moment = datetime.fromisoformat(text)
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return f"{zoned.astimezone(BEIJING):%Y-%m-%d %H:%M}"
