"""Hand-overs within a division (移交、代管): a counsellor leaves or is away, a colleague has her cases."""

from django.db import models
from django.db.models import F, Q

from cases.models.case import Case
from wellbeing.ids import reference, uuid7
from wellbeing.people.models import Desk, User


def handover_reference() -> str:
    return reference("YJ")


class Handover(models.Model):
    """All cases that one counsellor manages at a desk went to a colleague: for good, or until a day (`until`, that day
    included), after which they come back. `ended_at` is when they did."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(max_length=16, unique=True, default=handover_reference)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    from_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    to_desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    to_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    until = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "from_user"],
                condition=Q(until__isnull=False, ended_at=None),
                name="one_cover_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(from_user=F("to_user")), name="handed_to_another"),
        ]
        indexes = [models.Index(fields=["until"], condition=Q(ended_at=None), name="covers_that_run")]


class HandoverCase(models.Model):
    """One case of a hand-over: `granted` when the colleague's desk did not hold it before, and the kinds of the clocks
    that went along."""

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="cases")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    granted = models.BooleanField()
    clocks = models.CharField(max_length=400, blank=True)  # room for every kind at once

    class Meta:
        constraints = [models.UniqueConstraint(fields=["handover", "case"], name="each_case_once_per_handover")]
