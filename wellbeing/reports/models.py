"""Prepared figures: what was counted each day, and what is published of each month. Numbers alone, about nobody."""

from django.db import models
from django.db.models import Q

from wellbeing.people.models import Division


class FigureDay(models.Model):
    """A day that was counted, and when last; one counted before its end is counted again."""

    day = models.DateField(primary_key=True)
    counted_at = models.DateTimeField()


class DayFigure(models.Model):
    """What one measure came to on one day in one division, as it was. Machines alone read it.

    `waiting` is the part that no month has published yet: all of it until then, later what a recount has changed.
    """

    day = models.DateField()
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    measure = models.CharField(max_length=32)  # reports.measures
    counted = models.BigIntegerField()
    waiting = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "division", "measure"], name="one_figure_per_day")]
        indexes = [models.Index(fields=["day"], condition=~Q(waiting=0), name="figures_waiting")]


class MonthFigure(models.Model):
    """What is published of one measure in one month (its first day) and division: a multiple of five, or the class
    of a median. Written once, when the month is over; never changed."""

    month = models.DateField()
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    measure = models.CharField(max_length=32)
    value = models.BigIntegerField(null=True)  # none: too few for a median

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month", "division", "measure"], name="one_figure_per_month")]
