"""Where a referral may go: the directory, and the open slots of each week. About no person."""

from django.db import models
from django.db.models import F, Q

from wellbeing.ids import uuid7
from wellbeing.people.models import Desk, Organisation


class Destination(models.Model):
    """What triage must know of a hospital, clinic or centre before it sends somebody there.

    `travel` says by division how long the way is and which boat: {"330921": {"minutes": 95, "note": "…"}}.
    """

    organisation = models.OneToOneField(
        Organisation, on_delete=models.CASCADE, primary_key=True, related_name="destination"
    )
    clinic = models.BooleanField(default=False)  # first aid on an island; nobody is referred there
    age_from = models.PositiveSmallIntegerField(default=6)
    age_to = models.PositiveSmallIntegerField(default=18)
    services = models.CharField(max_length=120)
    hours = models.CharField(max_length=80)
    phone = models.CharField(max_length=40)
    travel = models.JSONField(default=dict)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(age_to__gte=F("age_from")), name="ages_in_order")]


class Slot(models.Model):
    """One place at one time at one desk; `taken` while an appointment holds it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    place = models.PositiveSmallIntegerField(default=1)
    taken = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["desk", "starts_at", "place"], name="one_slot_per_place")]
        indexes = [models.Index(fields=["desk", "starts_at"], condition=Q(taken=False), name="free_slots")]
