"""The pages, in the order of the navigation. A page is a module with `PAGE = Page(path, title, view)`, named here."""

from __future__ import annotations

from pipelines.dashboard.pages import agencies, flags, night, reports
from pipelines.dashboard.request import Page

PAGES: tuple[Page, ...] = (
    night.PAGE,
    flags.PAGE,
    reports.PAGE,
    agencies.PAGE,
)
"""The first one that matches an address shows it."""
