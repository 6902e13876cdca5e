"""The morning's report: an asset where the night went well, a hook where it did not."""

from collections.abc import Iterator

import dagster as dg

from pipelines.defs.resources import Crawler, House


@dg.asset(
    deps=[dg.AssetKey("flags")],
    group_name="publication",
    kinds={"markdown"},
    output_required=False,
    description="What the last crawl found, fetched and brought, and what changed: data/runs/<run>.md.",
)
def night(house: House) -> Iterator[dg.MaterializeResult[None]]:
    if house.archive() is None:
        return
    from pipelines.night.morning import morning, page_file
    from pipelines.night.page import page

    report = morning(house.data, "published")
    yield dg.MaterializeResult(
        metadata={
            "run": report.run,
            "page": dg.MetadataValue.path(page_file(house.data, report)),
            "report": dg.MetadataValue.md(page(report)),
            "troubled": [f"{s.source}: {s.state}" for s in report.troubled],
            **report.totals,
        }
    )


@dg.failure_hook(required_resource_keys={"house"})
def not_published(context: dg.HookContext) -> None:
    """The page of a night whose warehouse was held back, or could not be built."""
    from pipelines.night.morning import held_back, morning

    house: House = context.resources.house
    if house.paths:
        return
    why = held_back(house.data.candidate) if context.op.name == "expectations" else []
    if why:
        morning(house.data, "held_back", why)
    else:
        morning(house.data, "failed", [_words(context)])


@dg.failure_hook(required_resource_keys={"crawler"})
def not_crawled(context: dg.HookContext) -> None:
    """The page of a night whose crawl came to no end."""
    from pipelines.night.morning import morning

    crawler: Crawler = context.resources.crawler
    morning(crawler.data, "failed", [_words(context)])


def _words(context: dg.HookContext) -> str:
    error = context.op_exception
    return f"{context.op.name}: {error.__cause__ or error}" if error else context.op.name
