"""The end of a closed case: what is due to be erased, who stands for it, and what is held beyond its time."""

from django.db import models
from django.db.models import F, Q

from cases.models.case import Case
from cases.models.lifted import LIFTED_BY_TWO, LiftedByTwo
from wellbeing.ids import uuid7
from wellbeing.people.models import Desk, User


class Erasure(models.Model):
    """A closed case whose time is over. A machine proposes it from its cover; one person asks for the erasure, another
    of another desk confirms it; the keys go in the next run of the custodian (`manage.py erase --confirmed`).

    Reference, channel and dates stand here too: nobody holds a closed case, so nobody sees its row.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="erasure")
    reference = models.CharField(max_length=16)
    channel = models.CharField(max_length=12)  # cases.models.Channel
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")  # the triage of its division
    closed_at = models.DateTimeField()
    due_on = models.DateField()
    proposed_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    asked_desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | (
                    Q(asked_by__isnull=False, confirmed_desk__isnull=False)
                    & ~Q(confirmed_by=F("asked_by"))
                    & ~Q(confirmed_desk=F("asked_desk"))
                ),
                name="erasure_two_people_of_two_desks",
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(confirmed_at__isnull=False), name="erasure_confirmed_first"
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(erased_at=None), name="erasures_waiting")]

    def __str__(self) -> str:
        return self.reference


class LegalHold(LiftedByTwo):
    """A case that must not be erased (保全), until a day: set by one, lifted by two. The database itself keeps its keys
    (migrations/0006_walls_of_records.py)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="holds")
    reference = models.CharField(max_length=16)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=12)  # cases.retention.HoldReason
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=LIFTED_BY_TWO,
                name="hold_lifted_by_two",
            ),
        ]
        indexes = [models.Index(fields=["case"], condition=Q(lifted_at=None), name="holds_that_stand")]
