"""The pages, in the order of the navigation. A page is a module with `PAGE = Page(path, title, view)`, named here."""

from __future__ import annotations

from pipelines.dashboard.pages import (
    agencies,
    agency,
    county,
    coverage,
    flags,
    health,
    night,
    registry,
    report,
    reports,
    rule,
    rules,
    search,
)
from pipelines.dashboard.request import Page

PAGES: tuple[Page, ...] = (
    night.PAGE,
    coverage.PAGE,
    rules.PAGE,
    rule.PAGE,
    flags.PAGE,
    reports.PAGE,
    report.PAGE,
    agencies.PAGE,
    agency.PAGE,
    county.PAGE,
    health.PAGE,
    registry.PAGE,
    search.PAGE,
)
"""The first one that matches an address shows it."""
