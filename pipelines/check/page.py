"""The page of a checked report: what to mend, what cannot be judged, and the tables with the places marked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pipelines.issue_words import claim_in_chinese, issue_in_chinese, place_in_chinese
from pipelines.model import Claim, FiledReport, Flag, Issue, Refusal
from pipelines.printed_tables import Key
from pipelines.shown_report import findings_of, in_order, shown_tables
from pipelines.templating import render

TEMPLATE = Path(__file__).parent / "templates" / "check.html.j2"


@dataclass(frozen=True, slots=True)
class CheckedReport:
    """A draft's report with what the rules say of it, and the report of the year before where there is one; `note` says
    where that is from, or why there is none."""

    filed: FiledReport
    flags: tuple[Flag, ...]
    before: FiledReport | None
    note: str

    @property
    def to_mend(self) -> list[Flag]:
        """Errors, then warnings."""
        return self._of(lambda flag: flag.outcome == "broken" and flag.severity != "info")

    @property
    def hints(self) -> list[Flag]:
        return self._of(lambda flag: flag.outcome == "broken" and flag.severity == "info")

    @property
    def undecided(self) -> list[Flag]:
        return self._of(lambda flag: flag.outcome == "unknown")

    def _of(self, wanted: Callable[[Flag], bool]) -> list[Flag]:
        return in_order(filter(wanted, self.flags))


def page_of(name: str, reports: Sequence[CheckedReport], refusals: Sequence[Refusal]) -> str:
    """The page for a draft of this name."""
    views = [
        {
            "title": report.filed.report.title or "（无标题）",
            "agency": report.filed.agency.name if report.filed.agency else report.filed.report.agency or "认不出",
            "year": report.filed.report.year,
            "form": report.filed.report.form,
            "note": report.note,
            "mend": list(findings_of(report.to_mend)),
            "hints": list(findings_of(report.hints)),
            "undecided": list(findings_of(report.undecided)),
            "tables": list(
                shown_tables(
                    report.filed.report.cells, report.filed.report.form, report.to_mend, _numbers(report.before)
                )
            ),
            "claims": claims_of(report.filed.report.claims),
            "issues": [issue_words(issue) for issue in (*report.filed.report.issues, *report.filed.issues)],
        }
        for report in reports
    ]
    refused = [issue_words(refusal.issue) for refusal in refusals]
    return render(TEMPLATE, {"name": name, "reports": views, "refused": refused})


def claims_of(claims: Sequence[Claim]) -> list[tuple[str, str, str]]:
    """What the narrative says in numbers: the kind, the number, the sentence."""
    return [
        (claim_in_chinese(claim.kind), f"{claim.value:f}{'（约）' if claim.approximate else ''}", claim.quote)
        for claim in claims
    ]


def issue_words(issue: Issue) -> tuple[str, str, str]:
    """What was not read, or with a doubt; where; and the message to the letter."""
    return issue_in_chinese(issue.code, issue.message), place_in_chinese(issue.where), issue.message


def _numbers(report: FiledReport | None) -> Mapping[Key, Decimal]:
    cells = report.report.cells if report is not None else ()
    return {(cell.table, cell.row, cell.column): cell.value for cell in cells if cell.value is not None}
