"""A report before it is a file: its words, its tables as drawn, and the truth about each cell."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from tests.factory import form as f
from tests.factory import sheets as s
from tests.factory import statistics
from tests.factory.faults import NONE, Plant
from tests.factory.figures import Figures, form_of, history
from tests.factory.places import Office
from tests.factory.wording import Prose, prose

Part = tuple[Literal["title", "heading", "text", "sheet"], str | s.Sheet]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a cell shows, and what a careful reader takes from it."""

    text: str
    value: Decimal | None
    status: str


@dataclass(frozen=True, slots=True)
class Report:
    office: Office
    year: int
    form: str
    single_other: bool
    entries: Mapping[f.Key, Entry]
    labels: Mapping[tuple[str, str], str]
    prose: Prose
    plant: Plant
    published: str | None = None
    revision: int = 0
    sheet_style: statistics.Style = field(default_factory=statistics.Style)
    aside: Mapping[f.Key, tuple[str, ...]] = field(default_factory=dict)

    @property
    def texts(self) -> dict[f.Key, str]:
        return {key: entry.text for key, entry in self.entries.items()}

    def sheets(self, split_disclosure: bool = False, split_review: bool = False) -> dict[str, tuple[s.Sheet, ...]]:
        texts = self.texts
        if self.form not in f.DISCLOSURE:
            printed = statistics.statistics_sheet(texts, self.labels, self.sheet_style, self.aside)
            return {"statistics": (printed,)} if texts else {}
        return {
            "disclosure": s.disclosure_blocks(texts, self.labels, self.form)
            if split_disclosure
            else (s.disclosure_sheet(texts, self.labels, self.form),),
            "application": (s.application_sheet(texts, self.labels, self.single_other),),
            "review": s.review_blocks(texts) if split_review else (s.review_sheet(texts),),
        }

    def parts(self, split_disclosure: bool = False, split_review: bool = False) -> list[Part]:
        """The whole report in reading order."""
        sheets = self.sheets(split_disclosure, split_review)
        parts: list[Part] = [("title", self.prose.title)]
        parts += [("text", text) for text in self.prose.preamble]
        for code, heading in (self.prose.headings or f.HEADINGS).items():
            parts.append(("heading", heading))
            parts += [("text", text) for text in self.prose.sections.get(code, ())]
            parts += [("sheet", sheet) for sheet in sheets.get(code, ())]
        parts += [("text", text) for text in self.prose.closing]
        return parts


def _dressed(draw: random.Random, style: str, key: f.Key, value: Decimal) -> str:
    """A number as an agency may print it; its value stays the same."""
    table, row, column = key
    plain = format(value, "f")
    if column == "change":
        if value and style == "words":
            return f"{'增加' if value > 0 else '减少'}{abs(value)}"
        return f"+{plain}" if value > 0 and style != "plain" else plain
    if (row, column) == ("procurement", "amount"):
        return f"{plain}元" if style in ("words", "units") and value else plain
    if style == "thousands" and value >= 1000:
        return f"{value:,}"
    if style == "wide_thousands" and value >= 1000:
        return f"{value:,}".replace(",", "，")
    if style == "wide":
        return plain.translate({ord(a): chr(ord(a) + 0xFEE0) for a in "0123456789"})
    if style == "units" and table == "disclosure" and value and (row, column) != ("fees", "amount"):
        return f"{plain}件"
    if style == "notes" and row == "normative_documents" and value > 2:
        note = {"repealed": "含自然失效{}件", "issued": "其中修订{}件", "made": "其中修订{}件"}.get(column)
        return f"{plain}（{note.format(draw.randint(1, int(value) - 1))}）" if note else plain
    return plain


STYLES = {"plain": 64, "signed": 10, "thousands": 7, "wide_thousands": 3, "wide": 3, "units": 4, "notes": 5, "words": 4}


def entry_of(text: str, value: Decimal | None, spoilt: bool) -> Entry:
    """What a cell with that text shows; a `spoilt` one shows no number."""
    if not spoilt:
        return Entry(text, value, "reported")
    if not text:
        return Entry(text, None, "blank")
    return Entry(text, None, "not_applicable" if text in "/-—无" else "unreadable")


def _statuses(texts: Mapping[f.Key, str], figures: Figures, printed: Mapping[f.Key, str]) -> dict[f.Key, Entry]:
    entries: dict[f.Key, Entry] = {}
    for key, text in texts.items():
        if key not in printed:
            entries[key] = entry_of(text, figures[key], False)
        else:
            entries[key] = entry_of(text, None, True)
    return entries


def merged_other(figures: Figures) -> Figures:
    """（六） as one row: the three rows of form 2021 added up."""
    merged = {
        key: value for key, value in figures.items() if not key[1].startswith("other_") or key[0] != "application"
    }
    for column in f.APPLICANTS:
        merged["application", "other", column] = sum(
            (figures["application", row, column] for row in f.other_rows(False)), Decimal(0)
        )
    return merged


def compose(
    draw: random.Random,
    office: Office,
    year: int,
    figures: Figures,
    plant: Plant = NONE,
    published: str | None = None,
    revision: int = 0,
) -> Report:
    """The report of an agency and year. `figures` are its true numbers; `plant` says what it gets wrong;
    `published` (an ISO date) is printed below the text."""
    figures = plant.figures or figures
    form, single = form_of(year), plant.single_other or plant.old_form or form_of(year) == "2019"
    if single and form == "2021":
        figures = merged_other(figures)
    if plant.old_form:
        form = "2019"
        kept = {key: value for key, value in figures.items() if key[0] != "disclosure"}
        earlier = history(draw, (2020,), "small")[2020]
        figures = kept | {key: value for key, value in earlier.items() if key[0] == "disclosure"}
    style = draw.choices(list(STYLES), list(STYLES.values()))[0]
    texts = {key: _dressed(draw, style, key, figures[key]) for key in f.all_keys(form, single)}
    printed = {key: text for key, text in plant.printed.items() if key in texts}
    texts |= printed
    words = prose(draw, office, year, figures, single, plant.slips)
    if published:
        signed = "{}年{}月{}日".format(*(int(part) for part in published.split("-")))
        words = replace(words, closing=(office.name, signed))
    return Report(
        office,
        year,
        form,
        single,
        _statuses(texts, figures, printed),
        plant.labels,
        words,
        plant,
        published,
        revision,
    )
