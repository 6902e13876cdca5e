"""Where things stand: what is in git beside the package, and what the pipeline makes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SQL = ROOT / "sql"
EXPECTATIONS = ROOT / "expectations"
REGISTRY = ROOT / "data" / "registry"
SAMPLES = ROOT / "data" / "samples"


@dataclass(frozen=True, slots=True)
class DataHome:
    """The folder that the pipeline writes to: `data/`, or GONGKAI_HOME where that is set."""

    root: Path

    @property
    def lake(self) -> Path:
        return self.root / "lake"

    @property
    def archive(self) -> str:
        """The root of what was fetched, a folder or an address of fsspec: `archive/`, or GONGKAI_ARCHIVE."""
        return os.environ.get("GONGKAI_ARCHIVE") or str(self.root / "archive")

    @property
    def inbox(self) -> Path:
        """Where people drop files."""
        return self.root / "inbox"

    @property
    def received(self) -> Path:
        """Where they are kept once they were taken, a folder a batch."""
        return self.root / "archive" / "received"

    @property
    def runs(self) -> Path:
        """A page a night, for people."""
        return self.root / "runs"

    @property
    def releases(self) -> Path:
        """An immutable folder a release, and the pointers `latest` and `nightly`."""
        return self.root / "releases"

    @property
    def manifests(self) -> Path:
        return self.root / "archive" / "manifests"

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse.duckdb"

    @property
    def candidate(self) -> Path:
        return self.root / "warehouse.candidate.duckdb"


def data_home() -> DataHome:
    return DataHome(Path(os.environ.get("GONGKAI_HOME") or ROOT / "data"))
