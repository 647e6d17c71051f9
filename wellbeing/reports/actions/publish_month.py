"""Publish a month that is over: each table rounded once, and never changed again (wellbeing/suppression.py)."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from django.db.models import Q, Sum

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import SYSTEM_STREAM
from wellbeing.errors import WrongState
from wellbeing.people.models import Division
from wellbeing.reports import measures as m
from wellbeing.reports.models import DayFigure, MonthFigure
from wellbeing.reports.months import back, next_month
from wellbeing.suppression import nearest, rounded


@action(P.FIGURES_PUBLISH)
def publish_month(*, actor: Actor, month: date) -> Outcome[int]:
    """Everything that waits up to the month's end, with what earlier months came to know late; returns the rows.

    WrongState when it was published, or a later one was.
    """
    if MonthFigure.objects.filter(month__gte=month).exists():
        raise WrongState("published", "publish_month")
    end = next_month(month)
    waiting = DayFigure.objects.filter(day__lt=end).exclude(waiting=0)
    sums = Counter(
        {
            (division, measure): amount
            for division, measure, amount in waiting.values_list("division_id", "measure").annotate(n=Sum("waiting"))
        }
    )
    rows = [*_tables(month, sums), *_city(month, sums), *_classes(month, end)]
    MonthFigure.objects.bulk_create(rows)
    waiting.update(waiting=0)
    return Outcome(len(rows), stream=SYSTEM_STREAM, facts={"month": month.toordinal(), "rows": len(rows)})


def _tables(month: date, sums: Counter[tuple[str, str]]) -> Iterator[MonthFigure]:
    divisions = list(Division.objects.order_by("code").values_list("code", flat=True))
    for table in m.TABLES:
        cells = [(division, measure) for measure in table.measures for division in divisions]
        for (division, measure), value in zip(cells, rounded([sums[cell] for cell in cells]), strict=True):
            yield MonthFigure(month=month, division_id=division, measure=measure, value=value)


def _city(month: date, sums: Counter[tuple[str, str]]) -> Iterator[MonthFigure]:
    """What is published of the whole city alone: hours on duty."""
    hours = sum(amount for (_division, measure), amount in sums.items() if measure == m.HOURS)
    yield MonthFigure(month=month, division_id=m.CITY, measure=m.HOURS, value=nearest(hours))


def _classes(month: date, end: date) -> Iterator[MonthFigure]:
    """Medians and means: of the month, and of the twelve months that end with it."""
    counts = {months: _counted(back(month, months - 1), end) for months in (1, m.YEAR)}
    found = {name: m.rank(spread, counts[months], part) for name, (spread, part, months) in m.CLASSES.items()}
    for name, months in ((m.ASA, 1), (m.YEARS_ASA, m.YEAR)):
        waits = counts[months][m.WAITS]
        found[name] = round(counts[months][m.SECONDS] / waits) if waits >= m.ENOUGH else None
    for measure, value in found.items():
        yield MonthFigure(month=month, division_id=m.CITY, measure=measure, value=value)


def _counted(begin: date, end: date) -> Counter[str]:
    """What the days came to, of the whole city, in what medians and means are read from."""
    wanted = Q(measure__in=(m.WAITS, m.SECONDS))
    for spread in m.SPREADS:
        wanted |= Q(measure__startswith=f"{spread.code}:")
    days = DayFigure.objects.filter(wanted, day__gte=begin, day__lt=end)
    return Counter(dict(days.values_list("measure").annotate(n=Sum("counted"))))
