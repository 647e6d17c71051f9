"""Warnings (预警), and what two people end of them: the lowering of a tier, and the closing of a case in danger."""

from django.db import models
from django.db.models import Q

from cases.models.case import Case
from cases.models.entry import Entry
from wellbeing.ids import uuid7
from wellbeing.people.models import Desk, User


class Warning(models.Model):
    """A case stands at a tier that somebody must acknowledge (接警). One at most is open per case.

    Until then it rings again, each time at the next person and channel: `rings` counts them, `ring_at` is the next.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="warnings")
    tier = models.CharField(max_length=6)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    raised_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    acknowledged_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    rings = models.PositiveSmallIntegerField(default=0)
    ring_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="one_open_warning_per_case")
        ]
        indexes = [
            models.Index(fields=["ring_at"], condition=Q(ring_at__isnull=False), name="warnings_to_ring"),
            models.Index(fields=["raised_at"], name="warnings_of_day"),
        ]


class Lowering(models.Model):
    """A proposal to lower the tier one step, or with a `close_reason` to close the case where it stands
    (cases/closing.py); where it takes two people, the second one confirms it. One at most waits per case."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="lowerings")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")  # the reason, sealed
    from_tier = models.CharField(max_length=6)
    to_tier = models.CharField(max_length=6)
    close_reason = models.CharField(max_length=20, blank=True, default="", db_default="")  # cases.models.CloseReason
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="one_open_lowering_per_case"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=models.F("proposed_by")), name="two_different_people"
            ),
        ]
