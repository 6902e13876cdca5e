"""Pages from templates: what is put into HTML is escaped as HTML; Markdown has the filter `md`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2


def render(template: Path, values: Mapping[str, Any]) -> str:
    """The page that the template makes of the values. A value that a template asks for and is not given is an error."""
    return environment(template.parent, template.name).get_template(template.name).render(values)


def environment(folder: Path, name: str) -> jinja2.Environment:
    """How templates of this folder are read; `name` says whether it is HTML."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=".html" in name,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["md"] = markdown
    return made


def markdown(text: object) -> str:
    """A text for a cell of a Markdown table: no line breaks, no bars, no HTML, no links."""
    words = " ".join(str(text).split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\\{letter}" if letter in "\\|`*_[]" else letter for letter in words)
