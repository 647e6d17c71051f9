"""Leave of a person (休假): the days on which all her posts rest, and what was granted to herself with them."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from wellbeing.ids import uuid7
from wellbeing.people.models.user import User

LONGEST = timedelta(days=366)  # from the first day to the last: a default of ours, as of a secondment


class Absence(models.Model):
    """From a day to a day, both included. One that is ended early has yesterday as its last day, so that her posts run
    from that moment; one that is taken back before it began has the day before its first, and no day at all.

    Its days alone say whether it runs: nothing has to happen when it begins or is over. Why she is away is not asked.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="absences")
    first_day = models.DateField()
    last_day = models.DateField()
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day") - timedelta(days=1), last_day__lte=F("first_day") + LONGEST),
                name="leave_ends_within_a_year",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="leave_ended_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["user", "last_day"], name="leave_of_a_person")]

    @classmethod
    def to_come(cls, today: date) -> Q:
        """The condition of a leave that runs or lies ahead."""
        return Q(last_day__gte=today) & Q(last_day__gte=F("first_day"))
