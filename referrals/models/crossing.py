"""A person's way over the water: ports, times and state in clear, who goes with her in a packet."""

from django.db import models
from django.db.models import Q

from referrals.crossing import CROSSING
from referrals.models.referral import Referral
from wellbeing.ids import uuid7
from wellbeing.people.models import User

OPEN_CROSSING = ("planned", "suspended", "under_way")


class Crossing(models.Model):
    """One crossing (渡海) of a referral; at most one is open."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="crossings")
    from_port = models.CharField(max_length=12)  # referrals.crossing.Port
    to_port = models.CharField(max_length=12)
    vessel = models.CharField(max_length=12)  # referrals.crossing.Vessel
    escorts = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12)
    departs_at = models.DateTimeField()
    arrives_at = models.DateTimeField()
    planned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral"],
                condition=Q(state__in=OPEN_CROSSING),
                name="one_open_crossing",
            ),
            models.CheckConstraint(condition=Q(state__in=CROSSING.states), name="crossing_state_known"),
        ]


class SafetyContact(models.Model):
    """Somebody asked those on the way whether they are safe: when, and whether they answered."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    crossing = models.ForeignKey(Crossing, on_delete=models.PROTECT, related_name="contacts")
    at = models.DateTimeField()
    reached = models.BooleanField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
