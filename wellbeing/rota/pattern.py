"""A pattern of shifts: weekdays × slots, and persons who take turns from one shift to the next. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import cycle, pairwise

from wellbeing.rota.cover import Span, overlap
from wellbeing.workdays import TIMEZONE

MOST_WEEKS = 8  # policy default: far enough to plan a term's half, near enough to be true


@dataclass(frozen=True, slots=True)
class Slot:
    """Hours of a day; an end that is not later than the start is on the next day."""

    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class Planned:
    """One shift to be."""

    user_id: int
    starts_at: datetime
    ends_at: datetime

    @property
    def span(self) -> Span:
        return self.starts_at, self.ends_at


@dataclass(frozen=True, slots=True)
class Pattern:
    """From `first_day` for some weeks, on these weekdays (Monday is 0), these slots, by these persons in turn."""

    first_day: date
    weeks: int
    weekdays: tuple[int, ...]
    slots: tuple[Slot, ...]
    persons: tuple[int, ...]

    def shifts(self) -> Iterator[Planned]:
        """Every shift of the pattern, in order of its start."""
        turns = cycle(self.persons)
        for number in range(7 * self.weeks):
            day = self.first_day + timedelta(days=number)
            if day.weekday() not in self.weekdays:
                continue
            for slot in sorted(self.slots, key=lambda one: one.starts):
                start = datetime.combine(day, slot.starts, TIMEZONE)
                later = timedelta(days=slot.ends <= slot.starts)
                yield Planned(next(turns), start, datetime.combine(day + later, slot.ends, TIMEZONE))


def clashes(shifts: list[Planned]) -> list[Planned]:
    """Shifts that overlap an earlier one of the same person: nobody is on duty twice."""
    found = []
    for user_id in {one.user_id for one in shifts}:
        mine = sorted((one for one in shifts if one.user_id == user_id), key=lambda one: one.starts_at)
        found += [later for earlier, later in pairwise(mine) if overlap(earlier.span, later.span)]
    return sorted(found, key=lambda one: one.starts_at)
