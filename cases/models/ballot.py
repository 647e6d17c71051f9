"""A slip in the ballot box of a month: answers of one call, of which nothing says which call (cases/ballots.py)."""

from uuid import uuid4

from django.db import models
from django.db.models import Q


class Ballot(models.Model):
    """One sealed slip. Its id is random and not of the house's time-ordered ones: the order of slips would be that of
    calls. There is no moment, no desk, no division and no foreign key."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    month = models.DateField()  # its first day
    city = models.CharField(max_length=6)  # part of where the slip is sealed to
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(month__day=1), name="ballot_of_a_month")]
        indexes = [models.Index(fields=["month"], name="ballots_of_month")]
