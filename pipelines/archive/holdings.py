"""From a source's fetches to what is held of it now."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipelines.archive.fetch import Fetch, FetchOutcome, Part


@dataclass(frozen=True, slots=True)
class Version:
    """A document that a page gave (its sha256), when it was first and last met there, the run that met it first, and
    what it is made of."""

    sha256: str
    first_seen: str
    last_seen: str
    run: str
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Holding:
    """A page, by its canonical address, and the documents that it has given.

    `versions` are all of them, each once, in the order in which they were last seen: the last one counts. A page that
    goes back to an earlier document has that one last again, with its old `first_seen` and a new `last_seen`.
    `etag`, `last_modified` and `content` (a sha256) are those of the page's own body as it was last fetched.
    `withdrawn_at` is when a page that was held was first found gone, None once its document has been seen again.
    """

    url: str
    source: str
    title: str | None = None
    year: int | None = None
    listed_date: str | None = None
    column: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    content: str | None = None
    versions: tuple[Version, ...] = ()
    withdrawn_at: str | None = None
    last_status: int | None = None
    last_outcome: FetchOutcome | None = None

    @property
    def current(self) -> Version | None:
        return self.versions[-1] if self.versions else None


def learn(held: dict[str, Holding], fetch: Fetch) -> None:
    """Takes one fetch, which is later than all before it, into the pages by canonical address. Of a page that only ever
    failed there is a holding without versions. Memory grows with pages and versions, not with fetches."""
    if fetch.kind in ("page", "document", "withdrawn") and fetch.outcome not in ("redirected", "retried"):
        known = held.get(fetch.url) or Holding(fetch.url, fetch.source)
        held[fetch.url] = _after(known, fetch)


def _after(held: Holding, fetch: Fetch) -> Holding:
    """The holding once this has been learnt as well."""
    held = replace(
        held,
        title=fetch.title or held.title,
        year=fetch.year if fetch.year is not None else held.year,
        listed_date=fetch.listed_date or held.listed_date,
        column=fetch.column or held.column,
    )
    if fetch.kind == "document":
        return _seen(held, fetch) if fetch.sha256 and fetch.outcome in ("fetched", "unchanged") else held
    held = replace(held, last_status=fetch.status, last_outcome=fetch.outcome)
    if fetch.kind == "withdrawn" or fetch.outcome == "gone":
        # What was never held cannot be withdrawn.
        return replace(held, withdrawn_at=held.withdrawn_at or fetch.at) if held.versions else held
    if fetch.outcome not in ("fetched", "unchanged"):
        return held
    # An answer that nothing has changed need not repeat what it said before.
    before = held if fetch.outcome == "unchanged" else None
    return replace(
        held,
        content=fetch.sha256 or (before.content if before else None),
        etag=fetch.headers.get("etag") or (before.etag if before else None),
        last_modified=fetch.headers.get("last-modified") or (before.last_modified if before else None),
    )


def _seen(held: Holding, fetch: Fetch) -> Holding:
    """Only a document says that a report is there: a page that answers may be one that says it is not."""
    assert fetch.sha256 is not None
    before = next((version for version in held.versions if version.sha256 == fetch.sha256), None)
    version = Version(
        fetch.sha256,
        before.first_seen if before else fetch.at,
        fetch.at,
        before.run if before else fetch.run,
        fetch.parts or (before.parts if before else ()),
    )
    others = tuple(v for v in held.versions if v.sha256 != fetch.sha256)
    return replace(held, versions=(*others, version), withdrawn_at=None)
