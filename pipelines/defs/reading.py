"""Assets by province and year: which documents there are, and what they say."""

import resource
import time
import warnings
from collections import defaultdict

import dagster as dg

from pipelines import audit
from pipelines.defs.partitions import PARTITIONS, partition_key
from pipelines.defs.resources import House, Watcher
from pipelines.lake import Lake
from pipelines.manifest import read_manifest, take, write_manifest
from pipelines.model import Snapshot, Source
from pipelines.refresh import Figures, carry_out, plan, reading_key

NEARLY_DONE = 400
"""Documents left from which on the suites are loaded beside the reading: earlier, they would only take up memory."""


def reading_assets(partitions: dg.PartitionsDefinition[str] = PARTITIONS) -> list[dg.AssetsDefinition]:
    """`snapshots` and `reports`, over these partitions; any number of them is one run."""
    warnings.filterwarnings("ignore", "Parameter `backfill_policy`", dg.BetaWarning)

    @dg.asset(
        partitions_def=partitions,
        backfill_policy=dg.BackfillPolicy.single_run(),
        deps=[dg.AssetKey("crawled")],
        group_name="reading",
        kinds={"file"},
        description="The documents that there are, each by its path and its bytes' sha256: data/archive/manifests/.",
    )
    def snapshots(context: dg.AssetExecutionContext, house: House, watcher: dg.ResourceParam[Watcher]) -> None:
        watcher.begin("Looking for documents")
        sources: dict[str, list[Source]] = {key: [] for key in context.partition_keys}
        for source in house.sources():
            key = partition_key(source.province, source.year)
            if key in sources:
                sources[key].append(source)
        folder = house.data.manifests
        for key, found in sources.items():
            entries = take(found, read_manifest(folder, key))
            context.add_asset_metadata({"documents": write_manifest(folder, key, entries)}, partition_key=key)

    @dg.asset(
        partitions_def=partitions,
        backfill_policy=dg.BackfillPolicy.single_run(),
        deps=[snapshots],
        group_name="reading",
        kinds={"python", "parquet"},
        description="What the documents say, every number with its place: the lake, data/lake/.",
    )
    def reports(context: dg.AssetExecutionContext, house: House, watcher: dg.ResourceParam[Watcher]) -> None:
        watcher.begin("Reading documents")
        started = time.perf_counter()
        keys = frozenset(context.partition_keys)
        lake, key = Lake(house.data.lake), reading_key()
        lake.sweep()
        state = lake.state()
        snapshots_here = (e.snapshot for k in sorted(keys) for e in read_manifest(house.data.manifests, k).values())
        work = plan(
            state,
            snapshots_here,
            key,
            covers=lambda province, year: partition_key(province, year) in keys,
            full=house.full,
        )
        figures: dict[str, Figures] = defaultdict(Figures)
        for snapshot in work.unchanged:
            figures[_key(snapshot)].unchanged += 1
        for document in work.gone:
            part, _ = state.live[document]
            figures[partition_key(part.province, part.year)].gone += 1
        total = sum(map(len, work.pending.values()))
        if 0 < total <= NEARLY_DONE:
            audit.prepare()
        for done, (snapshot, readings) in enumerate(carry_out(lake, work, key), 1):
            figures[_key(snapshot)].add(readings)
            watcher.advance(done, total)
            if total - done == NEARLY_DONE:
                audit.prepare()
        for partition in keys:
            context.add_asset_metadata(reading_metadata(figures[partition]), partition_key=partition)
        context.log.info("%d documents in %.1f s", total, time.perf_counter() - started)

    return [snapshots, reports]


def reading_metadata(figures: Figures) -> dict[str, object]:
    return {
        "read": figures.read,
        "unchanged": figures.unchanged,
        "gone": figures.gone,
        "reports": figures.reports,
        "refused": figures.refused,
        "numbers": figures.numbers,
        "forms": dict(figures.forms),
        "formats": dict(figures.formats),
        "refusals": dict(figures.refusals),
        "seconds": round(figures.seconds, 3),
        "memory_mib": memory_mib(),
    }


def memory_mib() -> int:
    """The most memory that this process or one of its workers has held."""
    own, workers = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return max(own, workers) // 1024


def _key(snapshot: Snapshot) -> str:
    return partition_key(snapshot.source.province, snapshot.source.year)
