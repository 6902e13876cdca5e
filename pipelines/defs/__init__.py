"""The Dagster side of the house: which assets there are, what is checked, what runs when. Work is done elsewhere."""

from __future__ import annotations

import dagster as dg

from pipelines.defs.checks import expectations
from pipelines.defs.crawling import crawled_asset
from pipelines.defs.jobs import build_job, crawl_job, crawling, inbox, publishing, release_job, releasing_nightly
from pipelines.defs.night import night
from pipelines.defs.partitions import PARTITIONS
from pipelines.defs.reading import reading_assets
from pipelines.defs.releasing import release
from pipelines.defs.resources import Crawler, House, LoggingWatcher, Watcher
from pipelines.defs.warehousing import flags, warehouse


def build_defs(
    *,
    house: House | None = None,
    crawler: Crawler | None = None,
    watcher: Watcher | None = None,
    partitions: dg.StaticPartitionsDefinition = PARTITIONS,
) -> dg.Definitions:
    """All definitions, over another data home, with another watcher, or over fewer partitions where these are given."""
    return dg.Definitions(
        assets=[*reading_assets(partitions), crawled_asset(partitions), warehouse, flags, night, release],
        asset_checks=[expectations],
        jobs=[build_job, crawl_job, release_job],
        schedules=[crawling, publishing, releasing_nightly],
        sensors=[inbox],
        resources={
            "house": house or House(),
            "crawler": crawler or Crawler(),
            "watcher": watcher or LoggingWatcher(),
        },
    )


defs = build_defs()
