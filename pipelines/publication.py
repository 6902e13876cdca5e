"""What the published warehouse was made of: so that an unchanged one is left alone, and a smaller one is noticed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pipelines.lake import Lake
from pipelines.lake.rows import Columns
from pipelines.paths import EXPECTATIONS, DataHome
from pipelines.registry import load_registry
from pipelines.warehouse.build import models_digest


@dataclass(frozen=True, slots=True)
class Edition:
    """`roots` are the files and folders that were read; `digest` is over everything that the warehouse is made of and
    judged by."""

    roots: tuple[str, ...]
    digest: str


def edition_of(home: DataHome, roots: Iterable[str], crawl: Mapping[str, Columns]) -> Edition:
    """The edition that the lake as it is now would give, with what is known of the crawl (`crawl.*`)."""
    digest = hashlib.sha256(f"{models_digest()} {load_registry().digest}".encode())
    digest.update(json.dumps(crawl, default=str, sort_keys=True).encode())
    for file in sorted(EXPECTATIONS.glob("*.json")):
        digest.update(f"\0{file.name}\0".encode() + file.read_bytes())
    for document, key in sorted(Lake(home.lake).state().reading_keys.items()):
        digest.update(f"\0{document} {key}".encode())
    return Edition(tuple(sorted({str(Path(root).resolve()) for root in roots})), digest.hexdigest())


def is_published(home: DataHome, edition: Edition) -> bool:
    """Whether the file at the warehouse's place is this edition, and nobody has written to it since."""
    record = _read(home)
    return record is not None and record[0].digest == edition.digest and record[1] == _stamp(home.warehouse)


def draft(home: DataHome, edition: Edition) -> None:
    """Notes that the candidate is this edition; what is crawled from now on is not in it."""
    _draft(home).write_text(json.dumps(asdict(edition)), encoding="utf-8")


def remember(home: DataHome) -> None:
    """Notes that the file at the warehouse's place is the edition that the candidate was."""
    edition = json.loads(_draft(home).read_text(encoding="utf-8"))
    half = _record(home).with_suffix(".half")
    half.write_text(json.dumps({**edition, "file": _stamp(home.warehouse)}), encoding="utf-8")
    half.replace(_record(home))
    _draft(home).unlink()


def predecessor(home: DataHome, edition: Edition) -> Path | None:
    """The published warehouse, where the new edition reads at least the roots that it was made of: only then must what
    it covered be there again."""
    record = _read(home)
    return home.warehouse if record and set(record[0].roots) <= set(edition.roots) else None


def _read(home: DataHome) -> tuple[Edition, list[int]] | None:
    if not (home.warehouse.exists() and _record(home).exists()):
        return None
    record = json.loads(_record(home).read_text(encoding="utf-8"))
    return Edition(tuple(record["roots"]), record["digest"]), record["file"]


def _record(home: DataHome) -> Path:
    return home.warehouse.with_name(home.warehouse.name + ".edition")


def _draft(home: DataHome) -> Path:
    return home.candidate.with_name(home.candidate.name + ".edition")


def _stamp(file: Path) -> list[int]:
    status = file.stat()
    return [status.st_size, status.st_mtime_ns, status.st_ino]
