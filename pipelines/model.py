"""The nouns that everything else speaks of: frozen, without I/O, importing nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points; origin at the top left of the page as it is shown (its rotation applied)."""

Status = Literal["reported", "blank", "not_applicable", "unreadable", "missing", "ambiguous"]
"""What a cell holds; only `reported` has a value."""

Scope = Literal["own", "wider", "narrower", "part", "unknown"]
Outcome = Literal["holds", "broken", "unknown"]
Severity = Literal["error", "warning", "info"]
Cause = Literal["reader", "agency", "unknown"]
AgencyKind = Literal["government", "department", "township", "subdistrict", "other"]


@dataclass(frozen=True, slots=True)
class Issue:
    """Something that a reader could not do, or did with a doubt.

    `code` is stable and in snake_case; `message` says what happened and what to do; `where` names the place in words
    ("page 3", "table 2, row 5").
    """

    code: str
    message: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of a document before it is opened: where it stood, and what that place says of it.

    `hints` are texts around it, outermost first: names of folders, the column's title, the publisher.
    `province` (two digits) and `year` are the partition that the place claims, not what the report says.
    Where `archive` is set, the document lies in the archive at that root, and `path` is `archive:` with its sha256.
    """

    path: str
    hints: tuple[str, ...] = ()
    division: str | None = None
    province: str | None = None
    year: int | None = None
    url: str | None = None
    archive: str | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One document's bytes at one time."""

    source: Source
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a grid: its top left corner, its spans (at least 1), its text with `\\n` between lines, its box if any.

    `reading` says whether the text stood in the file or was recognised in a picture. `candidates` are the other texts
    that a picture may show; where none holds, the text is all of them with question marks, and no number.
    """

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    page: int | None = None
    box: Box | None = None
    reading: Literal["text", "ocr"] = "text"
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it is drawn. Cells are sorted by row and column and do not overlap; places without a cell may exist.

    `index` counts the document's grids from 0; `page` (from 1) is where it begins.
    """

    index: int
    row_count: int
    column_count: int
    cells: tuple[GridCell, ...]
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph or line of text. `fields` is the text as the format parts it (tabs, pipes, wide gaps); one field if
    nothing parts it, empty strings where a field is empty. `index` counts the document's paragraphs from 0.
    `page_break` says that a page ended right before it; `reading` is as in `GridCell`."""

    index: int
    text: str
    fields: tuple[str, ...] = ()
    page: int | None = None
    box: Box | None = None
    heading: bool = False
    page_break: bool = False
    reading: Literal["text", "ocr"] = "text"


Block = Paragraph | Grid


@dataclass(frozen=True, slots=True)
class Document:
    """What an extractor gives: blocks in reading order, and what the file says of itself.

    `metadata` keys: `title`, `article_title`, `published` (ISO date), `publisher`, `site`, `column`, `breadcrumb`.
    """

    format: str
    blocks: tuple[Block, ...]
    metadata: dict[str, str] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()
    page_count: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a number was printed: page and box (PDF), or block (grid or paragraph index), row and column."""

    kind: Literal["grid", "text"]
    block: int
    row: int
    column: int
    page: int | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A printed token, read. `value` is exact, and None unless `status` is `reported`; `unit` as printed (元, 件)."""

    status: Status
    value: Decimal | None
    unit: str | None = None
    note: str | None = None
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of one of the printed tables, by their codes. `form` is the generation its row and column show."""

    table: str
    row: str
    column: str
    status: Status
    value: Decimal | None = None
    raw: str = ""
    unit: str | None = None
    form: str | None = None
    place: Place | None = None
    reading: Literal["text", "ocr"] = "text"


@dataclass(frozen=True, slots=True)
class Label:
    """A row's or column's label as printed, beside the official one; `altered` where a letter differs (spaces, widths,
    item markers and quotation marks do not count)."""

    table: str
    axis: Literal["row", "column"]
    code: str
    printed: str
    official: str
    altered: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """A number that the narrative states. `section` is the code of its section; `quote` the sentence, to the letter."""

    kind: str
    scope: Scope
    value: Decimal
    quote: str
    approximate: bool = False
    section: str = "overview"


@dataclass(frozen=True, slots=True)
class YearMention:
    """A year that the document states of itself."""

    role: Literal["title", "period", "narrative"]
    year: int
    quote: str


@dataclass(frozen=True, slots=True)
class Section:
    """`code`: preamble, overview, disclosure, application, review, problems, other, statistics."""

    code: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class SectionText:
    """A section's prose, as the lake keeps it."""

    code: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class TableReading:
    """How one printed table was read: `state` is `read`, `stated_none` (the section says 无) or `absent`."""

    table: str
    state: Literal["read", "stated_none", "absent"]
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One agency's report of one year, as read: no registry yet, so `agency` is the printed name."""

    title: str | None
    agency: str | None
    year: int | None
    year_source: Literal["title", "period", "narrative"] | None
    form: str | None
    published: date | None
    cells: tuple[Cell, ...]
    labels: tuple[Label, ...] = ()
    tables: tuple[TableReading, ...] = ()
    claims: tuple[Claim, ...] = ()
    years: tuple[YearMention, ...] = ()
    sections: tuple[SectionText, ...] = ()
    places: tuple[str, ...] = ()
    """Names of provinces, cities, counties that the text and metadata name, for telling 鼓楼区 from 鼓楼区."""
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency as the registry knows it. `agency_id` is stable; `registered` is False where only a report names it."""

    agency_id: str
    name: str
    division: str | None
    level: str | None
    kind: AgencyKind
    functions: tuple[str, ...] = ()
    registered: bool = False


@dataclass(frozen=True, slots=True)
class FiledReport:
    """A report with its identity: which bytes, which of the document's reports, whose."""

    report_id: str
    snapshot: Snapshot
    ordinal: int
    format: str
    report: Report
    agency: Agency | None
    issues: tuple[Issue, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Refusal:
    """A document that gave no report: `not_a_report`, `blank_form`, `empty`, `encrypted`, `reader_died`, ..."""

    snapshot: Snapshot
    issue: Issue
    format: str | None = None
    seconds: float = 0.0


Reading = FiledReport | Refusal


@dataclass(frozen=True, slots=True)
class Flag:
    """What a rule says of a report: the cells it looked at, what it expected, what it saw."""

    report_id: str
    rule: str
    severity: Severity
    outcome: Outcome
    cells: tuple[tuple[str, str, str], ...]
    expected: str | None
    observed: str | None
    message: str
    cause: Cause = "unknown"
    message_zh: str = ""
