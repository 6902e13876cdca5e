"""YAML that people write, checked by a pydantic type: what is wrong is told with file, line and field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, TypeVar

import yaml
from pydantic import AfterValidator, Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from pipelines.registry.divisions import RegistryError

T = TypeVar("T")


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"is {text!r}, which is no regular expression: {error}") from error
    return text


Text = Annotated[str, Field(min_length=1)]
Pattern = Annotated[Text, AfterValidator(_pattern)]
"""A regular expression, as text."""

_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not known",
    "string_type": "is to be a text",
    "string_too_short": "is to be a text, and not empty",
    "list_type": "is to be a list",
    "tuple_type": "is to be a list",
    "frozen_set_type": "is to be a list",
    "too_short": "is to have at least one entry",
    "dict_type": "is to be a mapping",
    "mapping_type": "is to be a mapping",
    "model_type": "is to be a mapping",
    "model_attributes_type": "is to be a mapping",
    "int_type": "is to be a whole number",
    "int_parsing": "is to be a whole number",
    "float_type": "is to be a number",
    "float_parsing": "is to be a number",
    "bool_type": "is to be true or false",
}
"""Plain words for pydantic's kinds of errors; others are told in pydantic's own."""

_SHOWN_CHARACTERS = 60


def load_checked(path: Path, kind: TypeAdapter[T]) -> T:
    """The file's content as `kind` says it is. Raises RegistryError with file, line and field of each error."""
    text = path.read_text(encoding="utf-8")
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise RegistryError(f"{path.name}: no sound YAML: {error}") from error
    if twice := next(_twice(root), None):
        raise RegistryError(f"{path.name}, line {twice.start_mark.line + 1}: field {twice.value} is there twice")
    try:
        return kind.validate_python(content)
    except ValidationError as error:
        found = [_told(path.name, root, details) for details in error.errors(include_url=False)]
        raise RegistryError("\n".join(found)) from error


def line_of(path: Path, place: tuple[str | int, ...]) -> int:
    """The line of the file in which what `place` leads to begins; for errors that are found after the check."""
    root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    return _line_at(root, place)


def _told(file: str, root: yaml.Node | None, details: ErrorDetails) -> str:
    place = details["loc"]
    where = f"{file}, line {_line_at(root, place)}"
    field = _field(root, place)
    given = repr(details["input"])
    if details["type"] in _WORDS:
        words = _WORDS[details["type"]]
    elif details["type"] == "literal_error":
        words = f"is {given[:_SHOWN_CHARACTERS]}, and is to be one of {details['ctx']['expected']}"
    elif details["type"] == "value_error":
        words = str(details["ctx"]["error"])
    else:
        words = f"is {given[:_SHOWN_CHARACTERS]}: {details['msg']}"
    return f"{where}, field {field}: {words}" if field else f"{where}: {words}"


def _field(root: yaml.Node | None, place: tuple[str | int, ...]) -> str:
    """The place in words: entries of a list by their number from 1 on, but for the list that is the whole file."""
    words = []
    for depth, step in enumerate(place):
        if step == "[key]":
            continue
        if isinstance(step, int) and isinstance(_node_at(root, place[:depth]), yaml.SequenceNode):
            if depth > 0:
                words.append(str(step + 1))
        else:
            words.append(str(step))
    return ".".join(words)


def _node_at(root: yaml.Node | None, place: tuple[str | int, ...]) -> yaml.Node | None:
    """The node that a place leads to, or the last one on the way that there is."""
    node = root
    for step in place:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
        elif isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == str(step)), node)
    return node


def _line_at(root: yaml.Node | None, place: tuple[str | int, ...]) -> int:
    """The line of a field's name, or of a list's entry."""
    outer = _node_at(root, place[:-1])
    if isinstance(outer, yaml.MappingNode) and place:
        name = next((key for key, _ in outer.value if key.value == str(place[-1])), outer)
        return name.start_mark.line + 1
    node = _node_at(root, place)
    return node.start_mark.line + 1 if node is not None else 1


def _twice(node: yaml.Node | None) -> Iterator[yaml.Node]:
    """Keys that stand twice in one mapping, of which YAML would silently take the last."""
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                yield key
            if isinstance(key.value, str):
                seen.add(key.value)
            yield from _twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _twice(value)
