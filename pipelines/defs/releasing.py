"""The nightly release: the published warehouse in every format, described and sealed."""

import dagster as dg

from pipelines.defs.resources import House


@dg.asset(
    deps=[dg.AssetKey("flags")],
    group_name="publication",
    kinds={"duckdb", "parquet", "csv"},
    description="The published warehouse as files, described and sealed: data/releases/nightly/.",
)
def release(context: dg.AssetExecutionContext, house: House) -> dg.MaterializeResult[None]:
    from pipelines.data_docs import write_data_docs
    from pipelines.release import release as make_release

    made = make_release(house.data, channel="nightly", watch=context.log.info, data_docs=write_data_docs)
    changes = made.changes
    return dg.MaterializeResult(
        metadata={
            "folder": dg.MetadataValue.path(made.folder),
            "files": made.files,
            "bytes": made.size,
            "numbers_changed": changes.numbers if changes else 0,
            "reports_since": dict(changes.reports) if changes else {},
        }
    )
