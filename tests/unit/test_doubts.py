"""Numbers recognised in pictures: what their sums settle, and what they cannot."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.forms import load_forms
from pipelines.model import Cell, Grid, Issue
from pipelines.read.doubts import settle_doubts
from pipelines.read.tables import Tables
from tests.unit.drawn import applicants, application_grid, cell, grid, read

SUMS = load_forms()["2021"].identities
REVIEW = ("upheld", "corrected", "other", "pending", "total")
Key = tuple[str, str, str]


def review(*values: int, **doubtful: tuple[str, ...]) -> dict[Key, Cell]:
    """The row of reconsideration; cells named in `doubtful` show no number."""
    cells: dict[Key, Cell] = {}
    for column, value in zip(REVIEW, values, strict=True):
        key = ("review", "reconsideration", column)
        one = Cell(*key, "reported", value, str(value), form="2021", reading="ocr")  # type: ignore[arg-type]
        cells[key] = replace(one, status="unreadable", value=None, raw="?") if column in doubtful else one
    return cells


def settled(cells: dict[Key, Cell], **candidates: tuple[str, ...]) -> tuple[dict[str, str], list[str]]:
    issues: list[Issue] = []
    given = {("review", "reconsideration", column): texts for column, texts in candidates.items()}
    found = settle_doubts(cells, given, SUMS, issues)
    return {key[2]: f"{c.status} {c.value}" for key, c in found.items()}, [issue.code for issue in issues]


def application(doubts: dict[Key, tuple[str, ...]], changed: dict[Key, str] | None = None) -> Tables:
    """A whole table three whose sums hold, as recognised, with the cells of `doubts` unsure."""
    return read([recognised(doubts, changed or {})])


def numbers() -> dict[Key, int]:
    """Numbers all different enough, with all sums of table three right."""
    form = load_forms()["2021"].table("application")
    columns = [c.code for c in form.columns][:-1]
    outcomes = [r.code for r in form.rows if r.code not in ("received", "carried_in", "processed", "carried_out")]
    found = {
        ("application", row, column): 3 + 11 * r + 5 * c
        for r, row in enumerate(outcomes)
        for c, column in enumerate(columns)
    }
    for c, column in enumerate(columns):
        done = sum(found["application", row, column] for row in outcomes)
        found |= {("application", "processed", column): done, ("application", "carried_out", column): 17 + c}
        found |= {("application", "carried_in", column): 31 + c}
        found["application", "received", column] = done + 17 + c - 31 - c
    for row in form.rows:
        found["application", row.code, "total"] = sum(found["application", row.code, column] for column in columns)
    return found


def recognised(doubts: dict[Key, tuple[str, ...]], changed: dict[Key, str]) -> Grid:
    form = load_forms()["2021"].table("application")
    values = {key: changed.get(key, str(value)) for key, value in numbers().items()}
    codes = [c.code for c in applicants()]
    places = {(3 + r, 3 + c): ("application", row.code, codes[c]) for r, row in enumerate(form.rows) for c in range(7)}
    drawn = grid(application_grid())
    cells = []
    for one in drawn.cells:
        key = places.get((one.row, one.column))
        texts = doubts.get(key, ()) if key else ()
        text = values[key] if key else one.text
        if texts and key not in changed:
            text = "?".join(texts) + "?"
        cells.append(replace(one, text=text, reading="ocr", candidates=texts))
    return replace(drawn, cells=tuple(cells))


GRANTED = ("application", "granted", "company")
PETITION = ("application", "rejected_petition", "company")


def test_a_doubt_that_row_and_column_settle_is_taken() -> None:
    right = numbers()[GRANTED]
    tables = application({GRANTED: (str(right + 5), str(right))})
    assert (cell(tables, *GRANTED).status, cell(tables, *GRANTED).value) == ("reported", right)
    assert cell(tables, *GRANTED).reading == "ocr"
    assert [issue.code for issue in tables.issues] == ["reading_settled"]


def test_two_doubts_of_one_column_are_settled_together() -> None:
    values = numbers()
    doubts = {key: (str(values[key] + wrong), str(values[key])) for key, wrong in ((GRANTED, 5), (PETITION, 2))}
    tables = application(doubts)
    assert {key: cell(tables, *key).value for key in doubts} == {key: values[key] for key in doubts}


def test_a_doubt_without_the_right_candidate_stays_one() -> None:
    right = numbers()[GRANTED]
    tables = application({GRANTED: (str(right + 5), str(right + 7))})
    assert (cell(tables, *GRANTED).status, cell(tables, *GRANTED).value) == ("unreadable", None)
    (issue,) = tables.issues
    assert issue.code == "reading_doubtful"
    assert str(right + 5) in issue.message and str(right + 7) in issue.message


def test_a_number_that_breaks_its_sums_and_has_a_candidate_that_mends_them_is_doubtful() -> None:
    right = numbers()[GRANTED]
    tables = application({GRANTED: (str(right),)}, changed={GRANTED: str(right + 5)})
    assert (cell(tables, *GRANTED).status, cell(tables, *GRANTED).raw) == ("unreadable", f"{right + 5}?{right}")
    assert [issue.code for issue in tables.issues] == ["reading_doubtful"]


@pytest.mark.parametrize("candidate", [None, 9])
def test_an_agencys_own_error_stays(candidate: int | None) -> None:
    """A total that is wrong in print: no candidate mends all the sums that it stands in."""
    key = ("application", "granted", "total")
    texts = (str(candidate),) if candidate else ()
    tables = application({key: texts}, changed={key: str(numbers()[key] + 4)})
    assert (cell(tables, *key).status, cell(tables, *key).value) == ("reported", numbers()[key] + 4)
    assert tables.issues == ()


def test_one_sum_alone_proves_no_candidate() -> None:
    cells = review(7, 11, 23, 5, 46, other=("23", "28"))
    statuses, issues = settled(cells, other=("23", "28"))
    assert statuses["other"] == "unreadable None"
    assert issues == ["reading_doubtful"]


def test_text_of_the_file_is_no_suspect() -> None:
    cells = {key: replace(one, reading="text") for key, one in review(7, 11, 23, 5, 47).items()}  # type: ignore[arg-type]
    statuses, issues = settled(cells, total=("46",))
    assert statuses["total"] == "reported 47"
    assert issues == []
