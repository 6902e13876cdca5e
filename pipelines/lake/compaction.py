"""Small parts merged into larger ones, so that their number stays bounded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import duckdb

from pipelines.lake.parts import Kept, Lake, LakeState, Part
from pipelines.lake.rows import TABLES
from pipelines.lake.views import make_lake_views

SMALL = 1_000
"""Documents under which a part is small."""
LARGEST = 5_000
MOST_SMALL = 16
"""Small parts that a province and year may have before they are merged."""


def compact(lake: Lake, *, most_small: int = MOST_SMALL) -> int:
    """Merges small parts where a province and year has too many, and rewrites parts of which less than half counts;
    how many parts went into others. Interrupted anywhere, the lake holds the same documents."""
    state = lake.state()
    merged = 0
    for group in _groups(state, most_small):
        _merge(lake, state, group)
        merged += len(group)
    if merged:
        lake.sweep()
    return merged


def _groups(state: LakeState, most_small: int) -> Iterator[list[Part]]:
    live = {part.key: len(kept) for part, kept in state.by_part().items()}
    partitions: dict[tuple[str, int], list[Part]] = defaultdict(list)
    for part in state.parts:
        if not part.retired:
            partitions[part.province, part.year].append(part)
    for parts in partitions.values():
        small = [p for p in parts if live.get(p.key, 0) < SMALL]
        wasteful = [p for p in parts if live.get(p.key, 0) * 2 < len(p.documents)]
        group: list[Part] = []
        for part in small if len(small) > most_small else wasteful:
            if group and sum(live.get(p.key, 0) for p in group) + live.get(part.key, 0) > LARGEST:
                yield group
                group = []
            group.append(part)
        if group:
            yield group


def _merge(lake: Lake, state: LakeState, group: list[Part]) -> None:
    keys = {part.key for part in group}
    kept: list[Kept] = [k for part, documents in state.by_part().items() if part.key in keys for k in documents]
    first = group[0]
    replaced = tuple(sorted(keys.union(*(part.replaces for part in group))))
    filled = []
    new = Part(lake.next_key(), first.province, first.year, (), tuple(kept), replaces=replaced)
    with duckdb.connect(":memory:") as connection:
        connection.execute("ATTACH ':memory:' AS lake")
        make_lake_views(connection, state, [k.sha256 for k in kept])
        for table in TABLES:
            target = new.file(lake.root, table)
            target.parent.mkdir(parents=True, exist_ok=True)
            half = target.with_suffix(".half")
            quoted = str(half).replace("'", "''")
            rows = connection.execute(
                f"COPY (SELECT * FROM lake.{table}) TO '{quoted}' (FORMAT parquet, COMPRESSION zstd)"
            ).fetchall()[0][0]
            if rows:
                half.replace(target)
                filled.append(table)
            else:
                half.unlink()
    lake.record(Part(new.key, new.province, new.year, tuple(filled), new.documents, replaces=replaced))
