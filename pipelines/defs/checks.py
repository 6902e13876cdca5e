"""One asset check for each expectation; structure and coverage hold the publication back."""

from collections.abc import Iterator

import dagster as dg

from pipelines import audit
from pipelines.defs.resources import House, Watcher
from pipelines.defs.warehousing import table_key
from pipelines.quality import Expectation, load_expectations

EXPECTATIONS = tuple(load_expectations())


def check_spec(expectation: Expectation) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        name=expectation.name,
        asset=table_key(expectation.table),
        description=expectation.description,
        blocking=expectation.blocking,
        metadata={"suite": expectation.suite},
    )


@dg.multi_asset_check(specs=[check_spec(e) for e in EXPECTATIONS], name="expectations")
def expectations(house: House, watcher: dg.ResourceParam[Watcher]) -> Iterator[dg.AssetCheckResult]:
    """The suites of expectations/ over the candidate warehouse; their results go into it too."""
    watcher.begin("Checking")
    results = audit.judge(house.data.candidate).results
    for expectation in EXPECTATIONS:
        result = results[expectation.name]
        yield dg.AssetCheckResult(
            asset_key=table_key(expectation.table),
            check_name=expectation.name,
            passed=result.passed,
            severity=dg.AssetCheckSeverity.ERROR if expectation.blocking else dg.AssetCheckSeverity.WARN,
            description=result.message,
            metadata={"unexpected": result.unexpected},
        )
