"""The bundled samples: `python -m tests.factory.samples` writes data/samples anew, the same bytes each time."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.factory import faults
from tests.factory.figures import Figures, added, history
from tests.factory.places import COUNTIES, Office, offices
from tests.factory.report import Report, compose
from tests.factory.site import READABLE, Filed, Plan, filed

FOLDER = Path(__file__).resolve().parents[2] / "data" / "samples"
SEED = 20
YEARS = (2020, 2021, 2022, 2023)
_SIZES = ("mid", "small", "zero", "mid")
_PLANTED = {
    (0, 1, 2022): "balance",
    (0, 2, 2023): "blank",
    (0, 3, 2021): "narrative_received",
    (1, 1, 2023): "review_total",
    (1, 2, 2022): "single_other",
    (1, 3, 2022): "stock",
    (2, 1, 2021): "label_altered",
    (2, 3, 2023): "tables_copied",
    (3, 1, 2022): "applicant_sum",
    (3, 3, 2023): "carried_over",
    (3, 2, 2023): "year_period",
    (2, 1, 2023): "revised",
}


def _planned() -> Iterator[Report]:
    for number, county in enumerate(COUNTIES[:4]):
        draw = random.Random(f"{SEED} {county[0]}")
        bodies = offices(county, 4)
        histories = [history(draw, YEARS, size) for size in _SIZES]
        histories[0] = {year: added(h[year] for h in histories) for year in YEARS}
        for place, (office, years) in enumerate(zip(bodies, histories, strict=True)):
            for year, figures in years.items():
                yield from _reports(
                    draw, office, year, figures, years.get(year - 1), _PLANTED.get((number, place, year))
                )


def _reports(
    draw: random.Random, office: Office, year: int, figures: Figures, before: Figures | None, fault: str | None
) -> Iterator[Report]:
    plant = faults.plant(draw, fault, year, figures, before) if fault else faults.NONE
    if fault and plant == faults.NONE:
        raise ValueError(f"{fault} cannot be planted in {office.name} {year}")
    if fault != "revised":
        yield compose(draw, office, year, figures, plant)
        return
    yield compose(draw, office, year, figures, published=f"{year + 1}-01-16")
    key = ("disclosure", "licensing", "decisions")
    yield compose(draw, office, year, figures | {key: figures[key] + 3}, plant, f"{year + 1}-03-05", 1)


def sample_files() -> tuple[Filed, ...]:
    """Every sample with its truth; the layouts take turns."""
    names = list(READABLE)
    random.Random(SEED).shuffle(names)
    return tuple(filed(Plan(0, SEED, tuple(names)), _planned(), in_turn=True))


def main() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    for one in sample_files():
        path = FOLDER / one.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.written.data)


if __name__ == "__main__":
    main()
