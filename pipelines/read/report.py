"""A document and the forms -> the reports in it. Knows the forms' words, and no file formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from pipelines.forms import load_forms
from pipelines.forms.schema import Form
from pipelines.model import Claim, Document, Issue, Report, Section, SectionText, Source
from pipelines.read.claims import MOST_CLAIMS, claims
from pipelines.read.halves import halved
from pipelines.read.identity import identify
from pipelines.read.labels import Labels, index_labels
from pipelines.read.outline import Outline, classify, looks_blank, outline
from pipelines.read.prose import prose
from pipelines.read.repairs import repaired
from pipelines.read.tables import Tables, read_tables

__all__ = ["NotAReport", "read"]


class NotAReport(Exception):
    """A document that holds no annual report; `issue` says what it is instead, or what was missed."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.message)
        self.issue = issue


def read(document: Document, source: Source, forms: Mapping[str, Form] | None = None) -> tuple[Report, ...]:
    """Every report in the document, in its order; at least one. `forms` are the project's own unless others are given,
    whose labels are then indexed anew for this document.

    Raises NotAReport with the code `not_a_report` or `blank_form`.
    """
    labels = _labels() if forms is None else index_labels(forms)
    document = repaired(document)
    outlines = outline(document)
    if beside := _side_by_side(document):
        return tuple(_report(one, half, source, labels) for one, half in beside)
    if issue := classify(document, outlines):
        raise NotAReport(issue)
    if not outlines:
        raise NotAReport(Issue("not_a_report", "no title, section or table of an annual report was found in it"))
    return tuple(_report(o, document, source, labels) for o in outlines)


def _side_by_side(document: Document) -> list[tuple[Outline, Document]]:
    """The reports that stand side by side, each with its half of the document; none unless each half is one report
    with a title of its own."""
    halves = halved(document) or ()
    found = [(one, half) for half in halves for one in outline(half)]
    titles = {one.title for one, _ in found}
    return found if len(found) == len(halves) == len(titles - {None}) == 2 else []


@lru_cache(maxsize=1)
def _labels() -> Labels:
    return index_labels(load_forms())


def _report(outlined: Outline, document: Document, source: Source, labels: Labels) -> Report:
    who = identify(outlined, document, source)
    rest = Section("trailing", "", outlined.trailing)
    tables = read_tables((*outlined.sections, rest), labels, who.year)
    if looks_blank(outlined) and not any(cell.status == "reported" for cell in tables.cells):
        raise NotAReport(Issue("blank_form", "this is the printed form itself: it names no agency and shows no number"))
    stated = claims(outlined.sections, who.agency, who.year)
    return Report(
        title=who.title,
        agency=who.agency,
        year=who.year,
        year_source=who.year_source,
        form=tables.form,
        published=who.published,
        cells=tables.cells,
        labels=tables.labels,
        tables=tables.readings,
        claims=stated,
        years=who.years,
        sections=tuple(SectionText(s.code, s.heading, prose(s)) for s in outlined.sections),
        places=who.places,
        issues=(*who.issues, *tables.issues, *_pictures(document, tables), *_too_many(stated), *_damage(document)),
    )


def _too_many(stated: Sequence[Claim]) -> tuple[Issue, ...]:
    if len(stated) < MOST_CLAIMS:
        return ()
    return (Issue("claims_too_many", f"the narrative states {MOST_CLAIMS} numbers: any further ones were not taken"),)


def _damage(document: Document) -> tuple[Issue, ...]:
    """What happened to the document's letters before it was read."""
    told = ("characters_lost", "mojibake_undone", "unseen_text")
    return tuple(issue for issue in document.issues if issue.code in told)


def _pictures(document: Document, tables: Tables) -> tuple[Issue, ...]:
    """Tables that are not in the text of a document with pictures in it are likely those pictures."""
    pictures = [i for i in document.issues if i.code in ("image_in_document", "page_is_image")]
    absent = [r.table for r in tables.readings if r.state == "absent"]
    if not pictures or not absent:
        return ()
    return (
        Issue(
            "table_is_picture",
            f"{', '.join(absent)}: not in the text, and the document has {len(pictures)} pictures: read them by eye, "
            "or find another copy",
            pictures[0].where,
        ),
    )
