"""Make `divisions.csv` from snapshots of the code list: two npm packages, unpacked; no network.

    python -m pipelines.registry.build_divisions GB2260_FOLDER 2017-10=FOLDER 2018-10=FOLDER ... --successors CSV

writes the file to standard output. The first is `gb2260`'s folder (its `lib/YYYYMM.json` are snapshots of 2002-2016);
the others are those of `china-division` versions, each with the month at which its snapshot was taken. `--successors`
names divisions that went on under another stem (陕县 -> 陕州区), which no rule can know.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

PLACEHOLDER = re.compile(r"市辖区$|^县$|^市$|直辖|^省直|群岛")
STATISTICAL_CODE = re.compile(r"\d{4}7\d|63285[6-9]|620201")
STATISTICAL_NAME = re.compile(r"加格达奇区|松岭区|新林区|呼中区")
"""What only statistics count (development zones, committees, forest districts): no divisions of GB/T 2260."""
TYPE = re.compile(r"(?<=..)(自治县|自治旗|地区|特区|林区|新区|县|区|市|盟|旗)$")

Snapshot = dict[str, str]


@dataclass(frozen=True)
class Span:
    """A code and name from `start` (None: the first snapshot or before) until `end` (None: the last snapshot)."""

    code: str
    name: str
    parent: str
    start: str | None
    end: str | None
    source: str
    lineage: str = ""


def gb2260_snapshots(folder: Path) -> Iterator[tuple[str, str, Snapshot]]:
    for path in sorted((folder / "lib").glob("2?????.json")):
        yield f"{path.stem[:4]}-{path.stem[4:]}", "gb2260", divisions_of(json.loads(path.read_text("utf-8")))


def china_division_snapshot(month: str, folder: Path) -> tuple[str, str, Snapshot]:
    rows: Snapshot = {}
    for name in ("provinces", "cities", "areas"):
        for row in json.loads((folder / "dist" / f"{name}.json").read_text("utf-8")):
            rows[row["code"].ljust(6, "0")] = row["name"]
    return month, "china-division", divisions_of(rows)


def divisions_of(rows: Snapshot) -> Snapshot:
    return {
        code: name
        for code, name in rows.items()
        if not (PLACEHOLDER.search(name) or STATISTICAL_CODE.fullmatch(code) or STATISTICAL_NAME.fullmatch(name))
    }


def level_of(code: str) -> str:
    return "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"


def parent_of(code: str, snapshot: Snapshot) -> str:
    if code.endswith("0000"):
        return ""
    prefecture = code[:4] + "00"
    return prefecture if prefecture != code and prefecture in snapshot else code[:2] + "0000"


def same_entity(before: Snapshot, after: Snapshot, named: dict[str, str]) -> dict[str, str]:
    """Code before -> code after, where a division surely went on: one name, one stem, or one code, in this order."""
    gone = {c: n for c, n in before.items() if after.get(c) != n}
    come = {c: n for c, n in after.items() if before.get(c) != n}
    links: dict[str, str] = {c: c for c in before if c not in gone}

    def link(match: Iterable[tuple[str, str]]) -> None:
        for old, new in list(match):
            if old in gone and new in come:
                links[old] = new
                del gone[old], come[new]

    def pairs(key: Callable[[str], str]) -> Iterator[tuple[str, str]]:
        sides = [Counter((c[:2], level_of(c), key(n)) for c, n in side.items()) for side in (gone, come)]
        found = {(c[:2], level_of(c), key(n)): c for c, n in come.items()}
        for old, name in gone.items():
            place = (old[:2], level_of(old), key(name))
            if sides[0][place] == sides[1][place] == 1:
                yield old, found[place]

    link(named.items())
    link(pairs(lambda name: name))
    link(pairs(lambda name: TYPE.sub("", name)))
    link((c, c) for c in list(gone) if c in come)
    return links


def spans(snapshots: list[tuple[str, str, Snapshot]], named: dict[str, str]) -> list[Span]:
    done: list[Span] = []
    used: set[str] = set()

    def opened(code: str, snapshot: Snapshot, month: str | None, source: str, lineage: str | None) -> Span:
        root = lineage or next(r for r in (code, *(f"{code}-{i}" for i in range(2, 9))) if r not in used)
        used.add(root)
        return Span(code, snapshot[code], parent_of(code, snapshot), month, None, source, root)

    _, source, before = snapshots[0]
    current = {c: opened(c, before, None, source, None) for c in sorted(before)}
    for month, source, after in snapshots[1:]:
        if source == "china-division":
            after = after | {c: n for c, n in before.items() if c[:2] in ("71", "81", "82")}
        links = same_entity(before, after, named)
        following: dict[str, Span] = {}
        for code, span in current.items():
            new = links.get(code)
            if new == code and after[code] == span.name and parent_of(code, after) == span.parent:
                following[code] = span
                continue
            done.append(replace(span, end=month))
            if new is not None:
                following[new] = opened(new, after, month, source, span.lineage)
        for code in sorted(after.keys() - following.keys()):
            following[code] = opened(code, after, month, source, None)
        current, before = following, after
    return sorted([*done, *current.values()], key=lambda s: (s.code, s.start or "", s.name))


def main(arguments: list[str]) -> None:
    cut = arguments.index("--successors")
    with Path(arguments[cut + 1]).open(encoding="utf-8", newline="") as handle:
        named = {row["code"]: row["successor"] for row in csv.DictReader(handle)}
    snapshots = list(gb2260_snapshots(Path(arguments[0])))
    for pair in arguments[1:cut]:
        month, _, folder = pair.partition("=")
        snapshots.append(china_division_snapshot(month, Path(folder)))
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["code", "name", "level", "parent", "valid_from", "valid_to", "lineage", "source"])
    for span in spans(snapshots, named):
        row = (span.code, span.name, level_of(span.code), span.parent, span.start, span.end, span.lineage, span.source)
        writer.writerow(["" if value is None else value for value in row])


if __name__ == "__main__":
    main(sys.argv[1:])
