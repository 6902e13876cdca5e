"""What is in the archive, held against what the web says to be publishable."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.archive import Archive, Holding
from tests.factory.web.world import Expected


def held(archive: Archive) -> dict[tuple[str, str], Holding]:
    """All that the archive holds, by source and address."""
    return {
        (source, url): holding for source in archive.sources() for url, holding in archive.balance(source).pages.items()
    }


def differences(archive: Archive, expected: Iterable[Expected]) -> list[str]:
    """What is missing, what is there with other bytes or more than once, what came of it instead, and what is there
    though nobody publishes it; in words."""
    found: list[str] = []
    holding = held(archive)
    for one in expected:
        got = holding.pop((one.source, one.url), None)
        versions = got.versions if got else ()
        outcome = got.last_outcome if got else None
        if one.outcome == "fetched":
            parts = tuple(part.sha256 for part in versions[-1].parts) if versions else ()
            if parts != one.parts:
                found.append(f"{one.source} ({one.temper}) {one.url}: {len(parts)} parts, {outcome}")
            elif got and got.withdrawn_at is not None:
                found.append(f"{one.source} ({one.temper}) {one.url}: is there, and held as withdrawn")
        elif versions:
            found.append(f"{one.source} ({one.temper}) {one.url}: was kept, and is {one.outcome}")
        elif outcome not in (one.outcome, None):
            found.append(f"{one.source} ({one.temper}) {one.url}: {outcome}, and not {one.outcome}")
    found += [
        f"{source} {url}: nobody publishes it"
        for (source, url), other in holding.items()
        if other.versions and other.withdrawn_at is None
    ]
    return found
