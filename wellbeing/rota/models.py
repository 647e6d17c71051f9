"""The rota (值班表): who is on duty at which desk from when to when, and who asked whom to take over."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from wellbeing.ids import uuid7
from wellbeing.people.models import Desk, User
from wellbeing.rota.spoken import spoken

LONGEST = timedelta(hours=24)  # policy default; bounds the index range that every question of duty.py reads


class Shift(models.Model):
    """One person on duty at one desk, from `starts_at` up to and without `ends_at`.

    Nobody stands twice at one desk at one time: checked by the actions, one at a time per desk.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="shifts", db_index=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    planned_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["desk", "ends_at"], name="shifts_of_desk")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_start"),
            models.CheckConstraint(condition=Q(ends_at__lte=F("starts_at") + LONGEST), name="shift_within_a_day"),
        ]

    def __str__(self) -> str:
        return spoken(self.starts_at, self.ends_at)


class Swap(models.Model):
    """A question to a colleague to take a shift over. Answered without a yes or no: it was taken back."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="swaps")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    to_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(asked_by=F("to_user")), name="swap_with_a_colleague"),
            models.CheckConstraint(
                condition=Q(accepted=None) | Q(answered_at__isnull=False), name="swap_accepted_when_answered"
            ),
            models.UniqueConstraint(fields=["shift"], condition=Q(answered_at=None), name="one_open_swap_per_shift"),
        ]

    def __str__(self) -> str:
        return str(self.shift)
