"""A leave from school and the return from it: state, days and desks in clear; what was said is in the entries."""

from django.db import models
from django.db.models import F, Q

from cases.leave import LEAVE
from cases.models.case import Case
from cases.models.entry import Entry
from wellbeing.ids import uuid7
from wellbeing.people.models import Desk, User


class Leave(models.Model):
    """One leave (休学) of a case, counted from 1; at most one is open.

    `desk` is the school's, which keeps in touch; `until` the day on which the return is looked at again. Who refused
    the return never decides the appeal.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="leaves")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, default=LEAVE.initial)  # cases.leave.LeaveState
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    from_day = models.DateField(null=True)
    until = models.DateField(null=True)
    refused_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    appeal_desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    appeal_decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    returned_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="one_open_leave_per_case"),
            models.UniqueConstraint(fields=["case", "number"], name="one_leave_per_number"),
            models.CheckConstraint(condition=Q(state__in=LEAVE.states), name="leave_state_known"),
            models.CheckConstraint(
                condition=Q(appeal_decided_by=None) | ~Q(appeal_decided_by=F("refused_by")),
                name="appeal_decided_by_another",
            ),
        ]

    @classmethod
    def current(cls, case: Case) -> "Leave | None":
        """The leave that is open."""
        return cls.objects.select_related("desk__organisation").filter(case=case, ended_at=None).first()


class LeaveStep(models.Model):
    """One step of a leave: what was done, the state it led to, when, by whom, and the entry with its words."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    leave = models.ForeignKey(Leave, on_delete=models.PROTECT, related_name="steps")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=16)
    state = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField(Entry, null=True, on_delete=models.PROTECT, related_name="+")
