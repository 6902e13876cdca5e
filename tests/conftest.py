"""What holds for every test: nothing depends on what else the machine does, on chance, or on an earlier run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "suite", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")

PATIENCE = 30.0
"""Seconds that LibreOffice may take on a machine that is busy. Tests of its limit set one of their own."""


@pytest.fixture(autouse=True, scope="session")
def _time_for_libreoffice() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipelines.extract.converter.SECONDS", PATIENCE)
        yield
