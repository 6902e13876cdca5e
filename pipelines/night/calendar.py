"""Which report years are looked for on which night."""

from __future__ import annotations

from datetime import date

FIRST_YEAR = 2008
"""The first year that was reported, under the regulations of 2008."""

DUE = range(1, 5)
"""January to April: departments publish until 31 January, governments until 31 March, and some are late."""
WEDNESDAY, SATURDAY = 2, 5


def years_for(night: date) -> tuple[int, ...]:
    """The report years to look for in the night that begins on this day; none on most nights of the year.

    January to April: every night the year that falls due. On Saturdays, all year round, also the year before it, for
    what agencies change afterwards. On Wednesdays from May on one older year, each in its turn.
    """
    latest = night.year - 1
    if night.weekday() == SATURDAY:
        return latest - 1, latest
    if night.month in DUE:
        return (latest,)
    if night.weekday() == WEDNESDAY:
        older = range(FIRST_YEAR, latest - 1)
        return (older[night.toordinal() // 7 % len(older)],)
    return ()
