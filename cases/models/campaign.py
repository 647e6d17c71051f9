"""Screening campaigns (普测): who is on the roll, who opted out, the one-time codes, and whoever was flagged."""

from django.db import models
from django.db.models import Q

from cases.models.case import Case
from cases.models.screening import Campaign, ScreeningBatch
from wellbeing.ids import uuid7
from wellbeing.people.models import Desk, User

__all__ = ["AnswerTry", "CampaignStudent", "Interviewed", "ScreeningFlag"]


class CampaignStudent(models.Model):
    """One student on the roll of a campaign's school: who she is under the batch's key, her code, and whether she (or
    her guardian) opted out. The code answers once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="students")
    batch = models.ForeignKey(ScreeningBatch, on_delete=models.PROTECT, related_name="students")
    student_index = models.BinaryField()
    code_index = models.BinaryField(unique=True)
    consented_at = models.DateTimeField(null=True)
    opted_out_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "student_index"], name="once_on_the_roll"),
            models.CheckConstraint(condition=Q(opted_out_at=None) | Q(answered_at=None), name="opted_out_is_not_asked"),
        ]


class Interviewed(models.TextChoices):
    """What came of an interview; the words are in the case."""

    CONCERN = "concern"
    NO_CONCERN = "no_concern"
    NOT_MET = "not_met"
    REVIEWED = "reviewed"  # no concern after looking at the answers, without a talk; by many at once


class ScreeningFlag(models.Model):
    """A student whom a screening flagged waits for an interview (the second stage), until its outcome is written."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(ScreeningBatch, on_delete=models.PROTECT, related_name="flags")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="flags")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    tier = models.CharField(max_length=6)
    at = models.DateTimeField()
    planned_on = models.DateField(null=True)
    outcome = models.CharField(max_length=12, blank=True)  # Interviewed
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "case"], name="one_flag_per_file_and_case")]
        indexes = [models.Index(fields=["desk"], condition=Q(outcome=""), name="flags_that_wait")]


class AnswerTry(models.Model):
    """A code that did not open: from which address (its keyed hash), when. Counted, then swept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    address = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["address", "at"], name="tries_of_address")]
