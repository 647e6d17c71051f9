"""Transfers (移交) of a case to another county or school, and the stubs (留痕) that the old desks keep."""

from django.db import models
from django.db.models import Q

from cases.flow import TRANSFER
from cases.models.case import Case
from cases.models.entry import Entry
from cases.transfer import Scope
from wellbeing.ids import uuid7
from wellbeing.people.models import Desk, User


class Transfer(models.Model):
    """One desk asks, the triage desk of the receiving county answers. Why, and the new school, are in the entry.

    `moved_in` is the database transaction that moves a whole file: only inside it may an envelope be sealed anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="transfers")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, default=TRANSFER.initial)
    basis = models.CharField(max_length=8)  # cases.transfer.Basis
    scope = models.CharField(max_length=8, default=Scope.WHOLE)  # cases.transfer.Scope
    from_desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    to_desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    moved_in = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state="asked"), name="one_open_transfer_per_case"),
            models.CheckConstraint(condition=Q(state__in=TRANSFER.states), name="transfer_state_known"),
            models.CheckConstraint(
                condition=Q(scope=Scope.WHOLE) | Q(scope=Scope.MINIMUM, moved_in=None), name="transfer_scope_known"
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=models.F("asked_by")), name="transfer_by_two_people"
            ),
        ]
        indexes = [
            models.Index(fields=["moved_in"], condition=Q(moved_in__isnull=False), name="transfers_by_transaction")
        ]


class Successor(models.Model):
    """That a minimum hand-over opened another file for the same person. Machines alone read it: neither desk learns of
    the other's file by it, and danger found in the old one is told in the new one (cases/actions/_raising.py)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")  # one row each time it was handed over
    opened = models.OneToOneField(Case, primary_key=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Stub(models.Model):
    """What a desk, or a person, keeps of a case that it no longer holds: its reference and how it stood. No person."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=16)
    tier = models.CharField(max_length=6)
    since = models.DateTimeField()
    until = models.DateTimeField()
    end = models.CharField(max_length=12)  # cases.transfer.End
    to_desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(desk=None, user__isnull=False) | Q(desk__isnull=False, user=None), name="stub_of_one_holder"
            )
        ]
        indexes = [
            models.Index(fields=["desk", "-id"], name="stubs_of_desk"),
            models.Index(fields=["user", "-id"], name="stubs_of_user"),
            models.Index(fields=["reference"], condition=Q(end="closed"), name="stubs_of_closed"),
        ]
