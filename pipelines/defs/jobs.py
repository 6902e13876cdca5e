"""The jobs, the nights' runs of them, and the inbox."""

import os

import dagster as dg

from pipelines.defs.night import not_crawled, not_published
from pipelines.defs.partitions import PARTITIONS, over_years, whole_range
from pipelines.defs.resources import Crawler
from pipelines.night.calendar import years_for
from pipelines.night.inbox import look, take

JOB = "build"
CRAWL = "crawl"
BEIJING = "Asia/Shanghai"
SWITCHED_ON = os.environ.get("GONGKAI_SCHEDULES") == "on"
_SCHEDULE = dg.DefaultScheduleStatus.RUNNING if SWITCHED_ON else dg.DefaultScheduleStatus.STOPPED
_SENSOR = dg.DefaultSensorStatus.RUNNING if SWITCHED_ON else dg.DefaultSensorStatus.STOPPED

RELEASE = "nightly_release"

_CRAWLED = dg.AssetSelection.assets("crawled")
_RELEASED = dg.AssetSelection.assets("release")

build_job = dg.define_asset_job(
    JOB,
    selection=dg.AssetSelection.all() - _CRAWLED - _RELEASED,
    executor_def=dg.in_process_executor,
    hooks={not_published},
    run_tags={"gongkai/alone": JOB},
    description="From the documents to the published warehouse.",
)

crawl_job = dg.define_asset_job(
    CRAWL,
    selection=_CRAWLED,
    executor_def=dg.in_process_executor,
    hooks={not_crawled},
    run_tags={"gongkai/alone": CRAWL, "dagster/max_retries": "3"},
    description="From the registered sites to the archive.",
)

release_job = dg.define_asset_job(
    RELEASE,
    selection=_RELEASED,
    executor_def=dg.in_process_executor,
    run_tags={"gongkai/alone": JOB},
    description="From the published warehouse to a sealed folder of files.",
)


@dg.schedule(
    job_name=CRAWL,
    cron_schedule="0 20 * * *",
    execution_timezone=BEIJING,
    default_status=_SCHEDULE,
    name="crawl_nightly",
)
def crawling(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Every province, over the years that are looked for on this night (pipelines/night/calendar.py)."""
    night = context.scheduled_execution_time
    if years := years_for(night.date()):
        return dg.RunRequest(run_key=f"{night:%Y-%m-%d}", tags=over_years(years))
    return dg.SkipReason("From May to December there is a crawl on Wednesdays and Saturdays.")


@dg.schedule(
    job_name=JOB,
    cron_schedule="30 5 * * *",
    execution_timezone=BEIJING,
    default_status=_SCHEDULE,
    name="publish_nightly",
)
def publishing() -> dg.RunRequest:
    """Every partition, in one run; what did not change is not read. A crawl that is still at work goes on meanwhile."""
    return dg.RunRequest(tags=whole_range(PARTITIONS))


@dg.schedule(
    job_name=RELEASE,
    cron_schedule="30 7 * * *",
    execution_timezone=BEIJING,
    default_status=_SCHEDULE,
    name="release_nightly",
)
def releasing_nightly() -> dg.RunRequest:
    """After the publication: what the warehouse holds then."""
    return dg.RunRequest()


@dg.sensor(job_name=JOB, minimum_interval_seconds=60, default_status=_SENSOR)
def inbox(context: dg.SensorEvaluationContext, crawler: Crawler) -> dg.SensorResult:
    """Takes the files in data/inbox/ that are whole, and builds with them: a run a batch."""
    files, seen = look(crawler.data.inbox, context.cursor)
    if not files:
        return dg.SensorResult(skip_reason="There is no file that is whole.", cursor=seen)
    batch = take(crawler.data.inbox, files, crawler.data.received)
    request = dg.RunRequest(run_key=batch.name, tags={**whole_range(PARTITIONS), "gongkai/batch": batch.name})
    return dg.SensorResult(run_requests=[request], cursor=seen)
