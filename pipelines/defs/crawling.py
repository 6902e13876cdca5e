"""The asset that the web fills: the archive, by province and report year."""

from typing import TYPE_CHECKING

import dagster as dg

from pipelines.defs.partitions import PARTITIONS, parts
from pipelines.defs.resources import Crawler, Watcher

if TYPE_CHECKING:
    from pipelines.crawl import Event

POOL = "hosts"
"""Dagster runs one step of this pool at a time (dagster.yaml): a crawl works on many hosts side by side, with one
request at a time each; two crawls would not know of each other."""


def crawled_asset(partitions: dg.PartitionsDefinition[str] = PARTITIONS) -> dg.AssetsDefinition:
    """`crawled`, over these partitions; any number of them is one run."""

    @dg.asset(
        partitions_def=partitions,
        backfill_policy=dg.BackfillPolicy.single_run(),
        group_name="reading",
        kinds={"scrapy"},
        pool=POOL,
        description="What the registered sites of these provinces hold of these years: the archive, data/archive/.",
    )
    def crawled(context: dg.AssetExecutionContext, crawler: Crawler, watcher: dg.ResourceParam[Watcher]) -> None:
        from pipelines.night.crawling import CENTRE, CrawlStopped, cards_of, crawl_recorded
        from pipelines.night.morning import morning

        provinces, years = parts(context.partition_keys)
        cards = cards_of(crawler.cards(), provinces)
        if not cards:
            context.log.info("No site is registered for these provinces")
            return
        watcher.begin("Crawling")
        ended = 0

        def watch(event: "Event") -> None:
            nonlocal ended
            if event.kind == "ended":
                ended += 1
                watcher.advance(ended, len(cards))

        try:
            report = crawl_recorded(cards, crawler.archive(), years=years, watch=watch)
            if report.stopped is not None:
                raise CrawlStopped(f"The crawl {report.run} came to no end: {report.stopped}")
        except Exception as error:
            context.log.warning("%s; it goes on where it stopped", error)
            raise dg.RetryRequested(max_retries=crawler.retries, seconds_to_wait=crawler.wait) from error
        morning(crawler.data, "pending")
        province_of = {card.source: card.province or CENTRE for card in cards}
        for key in context.partition_keys:
            own = [s for s in report.sources if province_of[s.source] == key.split("-")[0]]
            context.add_asset_metadata(
                {
                    "run": report.run,
                    "sources": len(own),
                    **{name: sum(getattr(s, name) for s in own) for name in ("found", "fetched", "unchanged")},
                    **{name: sum(getattr(s, name) for s in own) for name in ("blocked", "failed", "withdrawn")},
                },
                partition_key=key,
            )

    return crawled
