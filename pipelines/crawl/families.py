"""Families of sites, as `data/registry/families.yml` declares them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, model_validator
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from pipelines.paths import REGISTRY
from pipelines.registry.checked_yaml import Pattern, Text, load_checked

FILE = REGISTRY / "families.yml"

Format = Literal["html", "json", "json_html", "records", "report"]
Step = Literal["up", "down", "path", "parameter", "inner", "links", "unit"]
_WANTED: Mapping[Step, tuple[str, ...]] = {
    "up": ("name",),
    "down": (),
    "path": ("before",),
    "parameter": ("name",),
    "inner": ("name", "key", "size"),
    "links": (),
    "unit": (),
}
_WANTED_BY_FORMAT: Mapping[Format, tuple[str, ...]] = {
    "html": (),
    "json": ("entries", "title", "address"),
    "json_html": ("html",),
    "records": (),
    "report": ("template", "called"),
}


def _selector(text: str) -> str:
    try:
        LexborHTMLParser("<p></p>").css(text)
    except SelectolaxError as error:
        raise ValueError(f"is {text!r}, which is no CSS selector") from error
    return text


Patterns = tuple[Pattern, ...]
Selectors = tuple[Annotated[Text, AfterValidator(_selector)], ...]


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Pages(_Declared):
    """How a list goes on after a page; the head of `families.yml` says what each field means."""

    by: Step
    name: Text | None = None
    first: Annotated[int, Field(ge=0)] = 1
    stated: Patterns = ()
    before: Text | None = None
    key: Text | None = None
    size: Text | None = None
    words: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Pages:
        for field in _WANTED[self.by]:
            if not getattr(self, field):
                raise ValueError(f"{field} is missing, which pages by {self.by} need")
        return self


class ListShape(_Declared):
    """How the lists at certain addresses are read."""

    match: Pattern | None = None
    format: Format
    scope: Selectors = ()
    entries: Text | None = None
    html: Text | None = None
    title: tuple[Text, ...] = ()
    address: tuple[Text, ...] = ()
    date: tuple[Text, ...] = ()
    column: tuple[Text, ...] = ()
    total: Text | None = None
    template: Text | None = None
    called: Text | None = None
    pages: Pages | None = None

    @model_validator(mode="after")
    def _whole(self) -> ListShape:
        for field in _WANTED_BY_FORMAT[self.format]:
            if not getattr(self, field):
                raise ValueError(f"{field} is missing, which lists of {self.format} need")
        return self


class PageRules(_Declared):
    """Where an article's page keeps what matters; `downloads` are addresses of files that do not end like one, `icons`
    of pictures that say nothing."""

    body: Selectors = ()
    published: Selectors = ()
    publisher: Selectors = ()
    downloads: Patterns = ()
    icons: Patterns = ()


class _Family(_Declared):
    about: Text
    articles: Patterns
    lists: Annotated[tuple[ListShape, ...], Field(min_length=1)]
    rendered: bool = False
    page: PageRules = PageRules()


class _Defaults(_Declared):
    page: PageRules


class _File(_Declared):
    scripted: Patterns
    defaults: _Defaults
    families: dict[Text, _Family]


@dataclass(frozen=True, slots=True)
class Family:
    """A content system: `articles` tell its articles' addresses, `lists` how its lists are read, `page` where a page
    keeps what matters; `scripted` are marks of a list page that only a browser fills, `rendered` says that all are."""

    name: str
    about: str
    articles: tuple[re.Pattern[str], ...]
    lists: tuple[ListShape, ...]
    page: PageRules
    rendered: bool
    scripted: tuple[re.Pattern[str], ...]

    def is_article(self, target: str) -> bool:
        """Whether a path with its query is that of an article."""
        return any(pattern.search(target) for pattern in self.articles)

    def shape(self, target: str) -> ListShape | None:
        """How the list at a path with its query is read."""
        return next((shape for shape in self.lists if shape.match is None or re.search(shape.match, target)), None)


@cache
def load_families(path: Path = FILE) -> Mapping[str, Family]:
    """The families by name. Raises RegistryError with file, line and field."""
    file = load_checked(path, TypeAdapter(_File))
    scripted = _compiled(file.scripted)
    return {
        name: Family(
            name=name,
            about=declared.about,
            articles=_compiled(declared.articles),
            lists=declared.lists,
            page=PageRules(
                **{
                    rule: (*getattr(declared.page, rule), *getattr(file.defaults.page, rule))
                    for rule in PageRules.model_fields
                }
            ),
            rendered=declared.rendered,
            scripted=scripted,
        )
        for name, declared in file.families.items()
    }


def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)
