"""The staffing policy in force: versioned rows, added and never changed; a locked term keeps the one it was locked
under."""

from datetime import datetime

from django.db import models

from wellbeing.errors import Written
from wellbeing.people.models.user import User
from wellbeing.people.staffing_policy import StaffingPolicy


class StaffingPolicyVersion(models.Model):
    """`body` is StaffingPolicy as JSON; the first row, shipped by migration, holds the defaults."""

    number = models.PositiveIntegerField(unique=True)
    effective_from = models.DateTimeField()
    body = models.JSONField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    because = models.TextField(blank=True)

    class Meta:
        get_latest_by = "number"

    @classmethod
    def at(cls, moment: datetime) -> "StaffingPolicyVersion":
        """The version that was in force at a moment; before the first one, the first."""
        found = cls.objects.filter(effective_from__lte=moment).order_by("-number").first()
        return found or cls.objects.earliest()

    @property
    def written(self) -> Written:
        """The version, as what a new one follows."""
        return Written(str(self.number), str(self.made_by or ""), self.effective_from)

    def policy(self) -> StaffingPolicy:
        return StaffingPolicy.from_json(self.body)
