"""The Dagster side of the house: which assets there are, what is checked, what runs when. Work is done elsewhere."""

from __future__ import annotations

import dagster as dg

from pipelines.defs.checks import expectations
from pipelines.defs.jobs import build_job, nightly
from pipelines.defs.partitions import PARTITIONS
from pipelines.defs.reading import reading_assets
from pipelines.defs.resources import House, LoggingWatcher, Watcher
from pipelines.defs.warehousing import flags, warehouse


def build_defs(
    *,
    house: House | None = None,
    watcher: Watcher | None = None,
    partitions: dg.StaticPartitionsDefinition = PARTITIONS,
) -> dg.Definitions:
    """All definitions, over another data home, with another watcher, or over fewer partitions where these are given."""
    return dg.Definitions(
        assets=[*reading_assets(partitions), warehouse, flags],
        asset_checks=[expectations],
        jobs=[build_job],
        schedules=[nightly],
        resources={"house": house or House(), "watcher": watcher or LoggingWatcher()},
    )


defs = build_defs()
