"""Publish a month that is over: each table rounded once, and never changed again (wellbeing/suppression.py)."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

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
from wellbeing.suppression import rounded


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
    rows = _tables(month, sums)
    MonthFigure.objects.bulk_create([*rows, *_classes(month, end)])
    waiting.update(waiting=0)
    left = {(one.division_id, one.measure): sums[one.division_id, one.measure] - (one.value or 0) for one in rows}
    _keep(end - timedelta(days=1), {cell: rest for cell, rest in left.items() if rest})
    return Outcome(len(rows), stream=SYSTEM_STREAM, facts={"month": month.toordinal(), "rows": len(rows)})


def _tables(month: date, sums: Counter[tuple[str, str]]) -> list[MonthFigure]:
    """Each table rounded as a whole; hours on duty of the whole city are one of a single cell."""
    divisions = list(Division.objects.order_by("code").values_list("code", flat=True))
    tables = [[(code, measure) for measure in table.measures for code in divisions] for table in m.TABLES]
    plain = {measure for table in m.TABLES if table.plain for measure in table.measures}
    made: dict[tuple[str, str], int] = {}
    for cells in (*tables, [(m.CITY, m.HOURS)]):
        counts = [sums[cell] for cell in cells]
        values = [max(count, 0) for count in counts] if cells[0][1] in plain else rounded(counts)
        made |= dict(zip(cells, values, strict=True))
    for again in m.AGAIN:
        made |= _again(again, made, sums)
    return [
        MonthFigure(month=month, division_id=code, measure=measure, value=value)
        for (code, measure), value in made.items()
    ]


def _again(
    again: m.Again, made: dict[tuple[str, str], int], sums: Counter[tuple[str, str]]
) -> Iterator[tuple[tuple[str, str], int]]:
    """The calls sorted once more: each group rounded to the sum that the same calls were published with."""
    for of, group in again.groups.items():
        same = {f"calls.{cell}" for cell in of.split()}
        whole = sum(value for (_code, measure), value in made.items() if measure in same)
        cells = [(m.CITY, f"{again.code}.{cell}") for cell in group]
        yield from zip(cells, rounded([sums[cell] for cell in cells], whole), strict=True)


def _keep(day: date, left: dict[tuple[str, str], int]) -> None:
    """What rounding left over waits for the next month, at the last day of this one."""
    DayFigure.objects.bulk_create(
        [DayFigure(day=day, division_id=code, measure=measure, counted=0, waiting=0) for code, measure in left],
        ignore_conflicts=True,
    )
    kept = [one for one in DayFigure.objects.filter(day=day) if (one.division_id, one.measure) in left]
    for one in kept:
        one.waiting = left[one.division_id, one.measure]
    DayFigure.objects.bulk_update(kept, ["waiting"])


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
