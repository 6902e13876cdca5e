"""The one job, and the night's run of it."""

from __future__ import annotations

import os

import dagster as dg

from pipelines.defs.partitions import PARTITIONS, whole_range

JOB = "build"

build_job = dg.define_asset_job(
    JOB,
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="From the documents to the published warehouse.",
)


@dg.schedule(
    job_name=JOB,
    cron_schedule="0 2 * * *",
    execution_timezone="Asia/Shanghai",
    default_status=(
        dg.DefaultScheduleStatus.RUNNING
        if os.environ.get("GONGKAI_SCHEDULES") == "on"
        else dg.DefaultScheduleStatus.STOPPED
    ),
)
def nightly() -> dg.RunRequest:
    """Every partition, in one run; what did not change is not read."""
    return dg.RunRequest(tags=whole_range(PARTITIONS))
