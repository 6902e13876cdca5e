"""Names of places as they are printed, one after another: full, short (互助县, 海南州), without type (卢氏)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipelines.registry.divisions import FIRST_REPORTS, Division, Divisions, RegistryError

Form = Literal["name", "stem"]
"""A name with its type, full or short; or the name without it."""

FORMS: tuple[Form, ...] = ("name", "stem")

_PEOPLES = (
    "蒙古族|蒙古|回族|藏族|维吾尔族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|哈萨克|傣族|黎族|傈僳族|佤族|畲族|"
    "拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族|锡伯|阿昌族|普米族|"
    "塔吉克族|塔吉克|怒族|鄂温克族|德昂族|保安族|裕固族|独龙族|各族"
)
_AUTONOMOUS = re.compile(rf"(?P<base>.+?)(?:{_PEOPLES})*自治(?P<type>[区州县旗])")
_PEOPLE_ALONE = re.compile(r"(?P<base>.+)族自治(?P<type>[县旗])")
_PEOPLES_DISTRICT = re.compile(rf"(?P<base>.+?)(?:{_PEOPLES})+区")
_TYPE = re.compile(r"(?<=..)(?:特别行政区|地区|特区|林区|新区|省|市|县|区|盟|旗)")


def short_names(name: str) -> tuple[tuple[str, Form], ...]:
    """Other names that follow from the full one."""
    if match := _AUTONOMOUS.fullmatch(name):
        base, kind = match["base"], match["type"]
        if re.fullmatch(_PEOPLES, base) and (alone := _PEOPLE_ALONE.fullmatch(name)):
            base = alone["base"]
        names: list[tuple[str, Form]] = [] if kind == "区" else [(base + kind, "name")]
        if kind == "县":
            names.append((base + "自治县", "name"))
        return (*names, (base, "stem")) if len(base) > 1 else tuple(names)
    if match := _PEOPLES_DISTRICT.fullmatch(name):
        return ((match["base"] + "区", "name"),)
    for cut in range(2, len(name)):
        if _TYPE.fullmatch(name, cut):
            return ((name[:cut], "stem"),)
    return ()


@dataclass(frozen=True, slots=True)
class Chain:
    """Places printed one after another from the beginning of a text, each within the one before: `rows` are what the
    last may be, `end` is where its name ends, `forms` how each is printed."""

    rows: tuple[Division, ...]
    end: int
    forms: tuple[Form, ...]

    @property
    def form(self) -> Form:
        return self.forms[-1]


class Gazetteer:
    def __init__(self, divisions: Divisions, short_names_file: Path) -> None:
        self.divisions = divisions
        self._surfaces: dict[str, list[tuple[Division, Form]]] = {}
        for row in divisions:
            if row.valid_to and row.valid_to < FIRST_REPORTS:
                continue
            self._add(row.name, row, "name")
            for surface, form in short_names(row.name):
                self._add(surface, row, form)
        for code, surface in _extra(short_names_file):
            rows = divisions.by_code.get(code)
            if rows is None:
                raise RegistryError(f"{short_names_file.name}, code: {code!r} is no code of the list")
            self._add(surface, rows[-1], "stem" if surface in self._surfaces else "name")
        self._longest = max(map(len, self._surfaces))

    def _add(self, surface: str, row: Division, form: Form) -> None:
        known = self._surfaces.setdefault(surface, [])
        if all(other is not row for other, _ in known):
            known.append((row, form))

    def names(self, surface: str, *, stems: bool = False) -> tuple[Division, ...]:
        return tuple(row for row, form in self._surfaces.get(surface, ()) if stems or form != "stem")

    def chains(self, text: str) -> Iterator[Chain]:
        """Every way in which the text begins with names of places."""
        yield from self._from(text, 0, None, ())

    def _from(
        self, text: str, start: int, within: tuple[Division, ...] | None, forms: tuple[Form, ...]
    ) -> Iterator[Chain]:
        if len(forms) > 4:
            return
        for end in range(min(len(text), start + self._longest), start + 1, -1):
            named = self._surfaces.get(text[start:end])
            if named is None:
                continue
            for form in FORMS:
                rows = tuple(
                    row
                    for row, how in named
                    if how == form and (within is None or any(self._follows(outer, row) for outer in within))
                )
                if rows:
                    yield Chain(rows, end, (*forms, form))
                    yield from self._from(text, end, rows, (*forms, form))

    def _follows(self, outer: Division, row: Division) -> bool:
        if outer is row:
            return True
        return not self.divisions.codes(outer).isdisjoint((row.parent, row.province))


def _extra(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        for line, row in enumerate(csv.DictReader(handle), 2):
            code, surface = row.get("code"), row.get("short")
            if not code or not surface:
                raise RegistryError(f"{path.name}, line {line}: code and short must not be empty")
            yield code, surface
