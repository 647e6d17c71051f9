"""Published figures for those who answer for them: the book of the last months, what came since, what is open now.

Whoever asks sees rounded numbers alone (wellbeing/suppression.py). What came since and the open cases are counted by
a machine that may change nothing, and rounded before they leave this module.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.db.models import Sum

from wellbeing.access.actor import Actor, reading
from wellbeing.access.machines import FIGURES
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.errors import Forbidden
from wellbeing.people.models import Division
from wellbeing.reports import measures as m
from wellbeing.reports.counting import HIGH, danger_now
from wellbeing.reports.models import DayFigure, FigureDay, MonthFigure
from wellbeing.reports.months import back, last, month_of
from wellbeing.suppression import rounded, so_far
from wellbeing.workdays import now


@dataclass(frozen=True, slots=True)
class Book:
    """What was published of some months, by (month, division, measure); of every month or of none of it."""

    months: tuple[date, ...]
    values: dict[tuple[date, str, str], int]
    divisions: tuple[Division, ...]

    @property
    def latest(self) -> date | None:
        """The last month that is published."""
        return max((month for month, _d, _m in self.values), default=None)

    def value(
        self, indicator: m.Indicator, months: Collection[date], divisions: Collection[str] = ()
    ) -> Fraction | int | None:
        """An indicator over months, of some divisions or of the whole city. A class or mean comes from the one month,
        or, of several, from what was published of the year that ends with them."""
        if indicator.unit in m.CLASSED:
            measure = indicator.of_year if len(months) > 1 else next(iter(indicator.part), "")
            kept = [month for month in months if (month, m.CITY, measure) in self.values]
            return None if divisions or not kept else self.values[max(kept), m.CITY, measure]
        return indicator.of(self.sums(indicator.published, months, divisions))

    def lacks(self, indicator: m.Indicator, months: Collection[date]) -> str:
        """Why nothing is known of an indicator in these months; empty where something is."""
        return "" if indicator.part and self.sums(indicator.published, months) else indicator.lacks

    def sums(
        self, measures: Collection[str], months: Collection[date], divisions: Collection[str] = ()
    ) -> dict[str, int]:
        """Published cells added up; a measure of which nothing was published is not in it."""
        found: dict[str, int] = {}
        codes = divisions or [division.code for division in self.divisions]
        for measure in measures:
            cells = [self.values.get((month, code, measure)) for month in months for code in codes]
            kept = [cell for cell in cells if cell is not None]
            if kept:
                found[measure] = sum(kept)
        return found


def read(actor: Actor, months: Collection[date]) -> Book:
    """The book of these months; the hotline's supervisor reads her own part of it, and a machine fetches it for her.
    Forbidden for whoever may not see figures. One query, whatever the city's history."""
    rows = MonthFigure.objects.filter(month__in=months, value__isnull=False)
    cells = rows.values_list("month", "division_id", "measure", "value")
    if may(actor, P.FIGURES_SEE):
        kept = list(cells)
    else:
        with _service(actor):
            kept = list(cells.filter(measure__in=m.published("hotline")))
    values = {(month, code, measure): value for month, code, measure, value in kept if value is not None}
    for table in m.TABLES:
        if table.reported:
            _silent(values, table.measures)
    return Book(tuple(months), values, tuple(Division.objects.order_by("code")))


@contextmanager
def _service(actor: Actor) -> Iterator[None]:
    """Counting for whoever sees the hotline's figures and no others. Raises Forbidden."""
    if not may(actor, P.SERVICE_SEE):
        raise Forbidden
    with reading(FIGURES):
        yield


def _silent(values: dict[tuple[date, str, str], int], measures: Collection[str]) -> None:
    """Drop the months of a table whose every published cell is nothing: its machine reported nothing."""
    heard = {month for (month, _code, measure), value in values.items() if value and measure in measures}
    for cell in [cell for cell in values if cell[2] in measures and cell[0] not in heard]:
        del values[cell]


def past_year(actor: Actor) -> Book:
    """The twelve months before the one that runs."""
    return read(actor, last(back(month_of(now().date()), 1), m.YEAR))


@dataclass(frozen=True, slots=True)
class Running:
    """What no month has published yet: the sum of each table so far, and when it was last counted."""

    totals: dict[str, int]
    counted_at: datetime | None


def running(actor: Actor) -> Running:
    """What the prepared days since the last published month came to, today's so far included; `read` says whose."""
    with _service(actor):
        days = DayFigure.objects.exclude(waiting=0)  # with what rounding left of the months before
        if not may(actor, P.FIGURES_SEE):
            days = days.filter(measure__in=m.published("hotline"))
        sums = dict(days.values_list("measure").annotate(n=Sum("waiting")))
        counted_at = FigureDay.objects.order_by("-day").values_list("counted_at", flat=True).first()
    if counted_at is None:
        return Running({}, None)
    tables = {table.code: sum(sums.get(measure, 0) for measure in table.measures) for table in m.TABLES}
    return Running({code: so_far(total) for code, total in tables.items()}, counted_at)


@dataclass(frozen=True, slots=True)
class Danger:
    """Open cases of one tier, and those of them that are overdue, in a division or (code "") in the whole city."""

    division: str
    tier: str
    open: int
    overdue: int


def danger(actor: Actor) -> list[Danger]:
    """Open red and orange cases now, the city first. One table, so that overdue ones are always among the open."""
    if not may(actor, P.FIGURES_SEE):
        raise Forbidden
    with reading(FIGURES):
        counted = Counter(danger_now(now()))
    codes = list(Division.objects.order_by("code").values_list("code", flat=True))
    cells = [(code, tier, late) for tier in HIGH for late in (True, False) for code in codes]
    shown = dict(zip(cells, rounded([counted[cell] for cell in cells]), strict=True))
    lines = [
        Danger(code, tier, shown[code, tier, True] + shown[code, tier, False], shown[code, tier, True])
        for tier in HIGH
        for code in codes
    ]
    city = [
        Danger(
            "", tier, *(sum(getattr(line, part) for line in lines if line.tier == tier) for part in ("open", "overdue"))
        )
        for tier in HIGH
    ]
    return city + lines


def divisions() -> list[Division]:
    """Every division, the city among them."""
    return list(Division.objects.order_by("code"))
