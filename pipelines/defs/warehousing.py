"""Assets over everything read: a candidate warehouse, and its publication once the checks let it pass."""

from collections.abc import Iterator

import dagster as dg

from pipelines import audit
from pipelines.defs.reading import memory_mib
from pipelines.defs.resources import House, Watcher
from pipelines.publication import draft, edition_of, is_published, predecessor, remember
from pipelines.registry import load_registry
from pipelines.registry.relations import registry_relations
from pipelines.summary import contents
from pipelines.warehouse import build_candidate, load_dictionary, publish, remove_candidate, sql_models


def table_key(table: str) -> dg.AssetKey:
    """`facts.application` -> facts/application."""
    return dg.AssetKey(table.split("."))


def _specs() -> Iterator[dg.AssetSpec]:
    dictionary = load_dictionary()
    for model in sql_models():
        words = dictionary[model.table].words
        yield dg.AssetSpec(
            table_key(model.table),
            deps=[*map(table_key, model.depends_on), dg.AssetKey("reports")],
            description=f"{words.en}\n\n{words.zh}",
            group_name=model.schema,
            kinds={"sql", "duckdb"},
            metadata={"sql": dg.MetadataValue.md(f"```sql\n{model.sql}\n```")},
            skippable=True,
        )


@dg.multi_asset(specs=list(_specs()), name="warehouse", can_subset=False)
def warehouse(
    context: dg.AssetExecutionContext, house: House, watcher: dg.ResourceParam[Watcher]
) -> Iterator[dg.MaterializeResult[None]]:
    """All tables of sql/, made into a candidate file beside the published one; nothing at all where nothing changed."""
    crawl = house.crawl_relations()
    edition = edition_of(house.data, house.roots, crawl)
    if not house.full and is_published(house.data, edition):
        context.log.info("%s is up to date", house.data.warehouse)
        return
    watcher.begin("Building the warehouse")
    audit.prepare()
    build = build_candidate(
        house.data.lake,
        house.data.candidate,
        published=predecessor(house.data, edition),
        registry={**registry_relations(load_registry()), **crawl},
        full=house.full,
    )
    draft(house.data, edition)
    audit.begin(house.data.candidate)
    context.log.info("%d documents, %d changed, in %.1f s", build.documents, build.changed, build.seconds)
    for model in sql_models():
        counted = {"dagster/row_count": build.rows[model.table]} if model.table in build.rows else {}
        yield dg.MaterializeResult(
            asset_key=table_key(model.table),
            metadata={**counted, "seconds": round(build.seconds, 3), "memory_mib": memory_mib()},
        )


@dg.asset(
    deps=[table_key(model.table) for model in sql_models()],
    group_name="publication",
    kinds={"duckdb"},
)
def flags(
    context: dg.AssetExecutionContext, house: House, watcher: dg.ResourceParam[Watcher]
) -> dg.MaterializeResult[None]:
    """The candidate, which no blocking check holds back, takes the warehouse's place; the reports that break a rule are
    counted."""
    watcher.begin("Publishing")
    publish(house.data.candidate, house.data.warehouse)
    remember(house.data)
    remove_candidate(house.data.candidate)
    held = contents(house.data.warehouse)
    context.log.info("Published %s", house.data.warehouse)
    return dg.MaterializeResult(
        metadata={
            "warehouse": dg.MetadataValue.path(house.data.warehouse),
            "reports": held.reports,
            "numbers": held.numbers,
            "flagged": held.flagged,
            "issues": held.issues,
            "memory_mib": memory_mib(),
        }
    )
