"""Second-stage interviews (面谈) by the counsellor's capacity. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from wellbeing.workdays import is_workday


def days(first: date, per_day: int) -> Iterator[date]:
    """The day of each interview in turn: `per_day` on every working day from `first` on. ValueError for none a day."""
    if per_day < 1:
        raise ValueError("no capacity")
    day = first
    while True:
        if is_workday(day):
            yield from [day] * per_day
        day += timedelta(days=1)
