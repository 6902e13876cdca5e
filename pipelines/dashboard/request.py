"""What a page is asked for, and the addresses it leads on to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

from pipelines.dashboard.store import Store
from pipelines.dashboard.words import Language, say, say_code
from pipelines.paths import DataHome

if TYPE_CHECKING:
    from pipelines.dashboard.listing import Listing

VALUE_LENGTH = 200
"""Letters of a value in an address that are looked at."""
VALUES = 40


@dataclass(frozen=True, slots=True)
class Request:
    """One look at a page. `parts` are the values in its path (`rule` of `/rules/<rule>`), `query` those behind the `?`
    but for the language; both come from outside and are never put into SQL text."""

    path: str
    parts: Mapping[str, str]
    query: Mapping[str, str]
    language: Language
    store: Store
    home: DataHome
    write: bool = False

    def say(self, name: str, /, **values: object) -> str:
        return say(name, self.language, **values)

    def code(self, group: str, code: str | None) -> str:
        return say_code(group, code, self.language)

    def either(self, zh: object, en: object) -> str:
        """Of a text that the warehouse has in both languages, the one to show."""
        return str((zh if self.language == "zh" else en) or zh or en or "")

    def link(self, *path: object, **query: object) -> str:
        """The address of a page of ours, in the language of this one: `link("report", report_id)`. Values that are None
        or empty are left out."""
        return address("/" + "/".join(quote(str(part), safe="") for part in path), query, self.language)

    def here(self, **changes: object) -> str:
        """This page with another query; None takes a value away."""
        return address(self.path, {**self.query, **changes}, self.language)

    def in_language(self, language: Language) -> str:
        return address(self.path, self.query, language)


def address(path: str, query: Mapping[str, Any], language: Language) -> str:
    """A path with its query; `path` is quoted already."""
    kept = {name: str(value) for name, value in query.items() if value is not None and value != ""}
    if language != "zh":
        kept["lang"] = language
    return f"{path}?{urlencode(kept)}" if kept else path


def parsed_query(search: str | None) -> tuple[dict[str, str], Language]:
    """What stands behind the `?`, bounded, and the language that it asks for."""
    try:
        pairs = parse_qsl((search or "").removeprefix("?"), max_num_fields=VALUES)
    except ValueError:
        pairs = []
    query = {name[:VALUE_LENGTH]: value[:VALUE_LENGTH] for name, value in pairs}
    language: Language = "en" if query.pop("lang", "zh") == "en" else "zh"
    return query, language


@dataclass(frozen=True, slots=True)
class Page:
    """A page by its address: `path` may have named parts (`/rules/<rule>`), `title` is a phrase of words.yml, `view`
    gives what stands below the navigation. With `menu` it stands in the navigation; its `listing` can be downloaded."""

    path: str
    title: str
    view: Callable[[Request], Any]
    menu: bool = False
    listing: Listing | None = None

    def match(self, path: str) -> dict[str, str] | None:
        """The named parts of a path that is this page's, already unquoted; None for other paths."""
        wanted, given = self.path.strip("/").split("/"), path.strip("/").split("/")
        if len(wanted) != len(given):
            return None
        parts: dict[str, str] = {}
        for name, value in zip(wanted, given, strict=True):
            if name.startswith("<"):
                parts[name.strip("<>")] = unquote(value)[:VALUE_LENGTH]
            elif name != value:
                return None
        return parts
