"""What is set by one person and lifted by two: one asks, another confirms."""

from django.db import models
from django.db.models import F, Q

from wellbeing.people.models import User

LIFTED_BY_TWO = Q(lifted_by=None, lifted_at=None) | (
    Q(asked_by__isnull=False, lifted_at__isnull=False) & ~Q(lifted_by=F("asked_by"))
)


class LiftedByTwo(models.Model):
    """Mixed into models that carry the constraint above under a name of their own."""

    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # to lift it
    asked_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
