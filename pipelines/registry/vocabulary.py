"""What an agency's name says without its place: kind and functions, by the words of `vocabulary.yml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipelines.model import AgencyKind
from pipelines.registry.divisions import RegistryError

_FIELDS = ("functions", "department_endings", "other_endings", "zones", "same_names", "word_stems")
_OFFICE = re.compile(r"(?:人民)?政府(?:办公室|办公厅|办|研究室|参事室)")
_TOWN = re.compile(r"(?P<name>.*?)(?P<unit>民族乡|镇|乡|苏木)(?:人民政府|政府|$)")
_STREET = re.compile(r"(?P<name>.*?)(?:街道办事处|街道办|街道|街办|地区办事处)")
_RELATIVE = re.compile(r"本?(?P<type>省|自治区|自治州|自治县|自治旗|市|州|县|区|旗|盟)")
_RELATIVE_START = re.compile(r"本?(?P<type>县|区|旗|市(?![场政容民区中]))(?![域直级])(?=.{3})")
_PLACE_TYPE = (
    r"(?:自治县|自治旗|地区|县|旗|(?<![社小景园库灌片辖山林矿校牧湖城郊防])区"
    r"|(?<![城都门超夜菜])市(?![场政容民监])|(?<![神九])州)"
)
_UNKNOWN_PLACE = re.compile(rf".{{1,9}}?{_PLACE_TYPE}")
_UNKNOWN_PLACES = re.compile(rf".{{1,16}}{_PLACE_TYPE}")
_IN_BRACKETS = re.compile(r"（[^）]*）?")
_NAMELESS = re.compile(r"[我本][省市州县区旗镇乡局委办厅处所部站院校中单机]\S{0,4}")
_JOINTS = re.compile(r"[和与及、暨]")


@dataclass(frozen=True, slots=True)
class Words:
    """A name without its place.

    `key` is the same for all dressings of one name; `relative` is the type of place that it leaves unnamed (区 in
    区住建局); `unknown_place` a name at its beginning that looks like a division's; `zone` the zone that it belongs to;
    `township` whether it is of a town or street; `standard` whether a function's words begin it and an organ's end it.
    """

    text: str
    key: str
    kind: AgencyKind
    functions: tuple[str, ...]
    standard: bool = False
    relative: str | None = None
    unknown_place: str | None = None
    zone: str | None = None
    township: bool = False

    @property
    def telling(self) -> bool:
        return self.standard or self.township or bool(self.functions) or self.zone is not None


class Vocabulary:
    def __init__(self, path: Path) -> None:
        data = _checked(path)
        self._functions: dict[str, list[str]] = {}
        for function, words in data["functions"].items():
            for word in words:
                self._functions.setdefault(word, []).append(function)
        self._function_word = _any(self._functions)
        self._department = re.compile(f"(?:{_any(data['department_endings']).pattern})$")
        self._other = re.compile(f"(?:{_any(data['other_endings']).pattern})$")
        self._zone = re.compile(f".*?(?:{_any(data['zones']).pattern})(?!域)")
        self._same_names: dict[str, str] = data["same_names"]
        self.word_stems = frozenset(data["word_stems"])

    def nameless(self, text: str) -> bool:
        """Whether the text is no name but 我局, 本机关."""
        return bool(_NAMELESS.fullmatch(text)) and not self._function_word.search(text)

    def functions(self, name: str) -> tuple[str, ...]:
        """The functions whose words stand in the name, in their order, each once."""
        found = [function for match in self._function_word.finditer(name) for function in self._functions[match[0]]]
        return tuple(dict.fromkeys(found))

    def read(self, text: str) -> Words | None:
        """What the text says of an agency; None where no name is left (街道办事处 alone)."""
        base = _IN_BRACKETS.sub("", text)
        if text.startswith(("人民政府（办公室", "人民政府（办公厅")):
            base = text.replace("（", "").replace("）", "")
        base = self._same_names.get(base, base)
        relative = None
        if (match := _RELATIVE.match(base)) and self._may_begin(base[match.end() :]):
            relative, base = match["type"], base[match.end() :]
        base = self._same_names.get(base, base)
        if base == "人民政府":
            return Words(text, base, "government", (), standard=True, relative=relative)
        if _OFFICE.fullmatch(base):
            return Words(text, base, "department", ("政府办公",), standard=True, relative=relative)
        if match := _STREET.fullmatch(base):
            name = match["name"] + "街道办事处"
            return Words(text, name, "subdistrict", (), relative=relative, township=True) if match["name"] else None
        if (match := _TOWN.fullmatch(base)) and not self._department.search(base):
            name = match["name"] + match["unit"] + "人民政府"
            return Words(text, name, "township", (), relative=relative, township=True) if match["name"] else None
        return self._organ(text, base, relative)

    def _may_begin(self, rest: str) -> bool:
        return bool(
            rest.startswith(("人民政府", "政府"))
            or (self._function_word.match(rest) and self._department.search(_IN_BRACKETS.sub("", rest)))
        )

    def _organ(self, text: str, base: str, relative: str | None) -> Words | None:
        if not base:
            return None
        first = self._function_word.search(base)
        functions = self.functions(text)
        zone = self._zone.match(base)
        before = base[: first.start()] if first else ""
        is_organ = bool(self._department.search(base))
        unknown = None
        if relative is None and zone is None:
            if first is None and (match := _RELATIVE_START.match(base)) and is_organ:
                relative, base = match["type"], base[match.end() :]
            elif match := (_UNKNOWN_PLACE.match(base) if first is None else _UNKNOWN_PLACES.match(before)):
                unknown = match[0]
        kind: AgencyKind = "other"
        if zone and base.endswith(("管委会", "管理委员会", "办事处")):
            functions = ()
        elif (
            is_organ and not self._other.search(base) and (functions or base[-1] in "局委办厅署室" or "委员会" in base)
        ):
            kind = "department"
        return Words(
            text,
            _JOINTS.sub("", base) if kind == "department" else base,
            kind,
            functions,
            standard=bool(first and first.start() == 0 and is_organ),
            relative=relative,
            unknown_place=unknown,
            zone=zone[0] if zone else None,
            township=bool(re.search(r"[镇乡]$|街道$|苏木$", before)),
        )


def _any(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


def _checked(path: Path) -> dict[str, Any]:
    data = load_yaml(path)
    if sorted(data) != sorted(_FIELDS):
        raise RegistryError(f"{path.name}: the fields must be {', '.join(_FIELDS)}")
    for field in _FIELDS:
        value = data[field]
        if field == "functions":
            fits = isinstance(value, Mapping) and all(_texts(words) for words in value.values())
        elif field == "same_names":
            fits = isinstance(value, Mapping) and _texts(list(value.values()))
        else:
            fits = _texts(value)
        if not fits:
            raise RegistryError(f"{path.name}, {field}: must hold names and lists of names, none empty")
    return data


def _texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(text, str) and text for text in value)


def load_yaml(path: Path) -> dict[str, Any]:
    """The mapping that the file holds. Raises RegistryError, with the line where YAML itself is broken."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data = yaml.load(path.read_text("utf-8"), Loader=loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise RegistryError(f"{path.name}, line {line}: {error.problem}") from error
    if not isinstance(data, dict):
        raise RegistryError(f"{path.name}, line 1: must be a mapping")
    return data
